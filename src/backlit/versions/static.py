"""No tool: the version stands in the tree.

Recognised where the active backend reads a literal:

* ``version`` in ``[project]``, under every backend;
* setuptools: ``[tool.setuptools.dynamic]`` or setup.cfg with ``attr:`` or ``file:``, a literal in setup.cfg, a constant
  in the ``setup()`` call of setup.py;
* hatchling: ``path`` and ``pattern`` in ``[tool.hatch.version]``; ``source = "code"`` where the code assigns a literal;
* flit: ``__version__`` of the module;
* poetry-core: ``version`` in ``[tool.poetry]``;
* pdm-backend: ``source = "file"``.

A version that is computed, such as an attribute that is no literal, is not recognised: nothing short of running the
code would tell it. Nothing is told either: another version than the tree's own is refused before the build. Where
setuptools-scm is among the build requirements only for its list of files, the list is restored. Where hatchling has the
metadata hook of uv-dynamic-versioning beside a version of the tree's own, the hook is told that version. Where a
meson.build computes its own version beside a fixed one, it is told as meson's page says: files that are made from it
would state another version, unless the script reads pyproject.toml.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.versions import Claim, Injection, _backends, _hatch, _literals, _meson

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool


_NAME: Final = "static"


class Static:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ()

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose backend reads a literal version from the tree."""
        return _statement(project, backend)

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: a literal obeys no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give no version, but to a meson.build that computes its own."""
        told = _meson.told(project, version) if "meson-python" in project.requires else Injection()
        return told._replace(environment=(*told.environment, *_hatch.for_hooks(project, version)))


def _statement(project: Project, backend: BackendSpec) -> Claim | None:
    version = project.table("project").get("version")
    if isinstance(version, str):
        return Claim(_NAME, project.line_of("pyproject.toml", r"^\s*version\s*="), "[project] version", version)
    if not _backends.leaves_version_open(project):
        return None
    readers = (
        (_setuptools, (_backends.SETUPTOOLS,)),
        (_hatchling, (_hatch.BACKEND,)),
        (_flit, ("flit_core.buildapi", "flit.buildapi")),
        (_poetry, _backends.POETRY),
        (_pdm, ("pdm.backend", "pdm.pep517.api")),
    )
    return next((read(project) for read, modules in readers if _backends.is_one(project, backend, *modules)), None)


def _setuptools(project: Project) -> Claim | None:
    """Follow setuptools: pyproject.toml stands before setup.py, and setup.py before setup.cfg."""
    dynamic = project.table("tool", "setuptools", "dynamic").get("version")
    if isinstance(dynamic, dict):
        return _by_directive(project, dynamic, "[tool.setuptools.dynamic] version")
    call = _backends.setup_call(project)
    if "version" in call.names:
        version = call.constants.get("version")
        return None if version is None else Claim(_NAME, f"setup.py:{call.line}", "setup(version=...)", version)
    text = _backends.setup_cfg(project, "metadata").get("version", "").strip()
    if not text or "setuptools_scm" in project.table("tool"):
        return None
    kind, colon, rest = text.partition(":")
    if colon and kind.strip() in {"attr", "file"}:
        return _by_directive(project, {kind.strip(): rest.strip()}, f"setup.cfg: version = {kind.strip()}:")
    return Claim(_NAME, project.line_of("setup.cfg", r"^version\s*[=:]"), "setup.cfg: version", text)


def _by_directive(project: Project, directive: dict[str, object], detail: str) -> Claim | None:
    attribute, file = directive.get("attr"), directive.get("file")
    if isinstance(attribute, str):
        module, _, name = attribute.strip().rpartition(".")
        paths = [f"{base}{end}" for base in _module_bases(project, module) for end in (".py", "/__init__.py")]
        return _assigned(project, paths, name, detail)
    files = [file] if isinstance(file, str) else file if isinstance(file, list) else []
    if not files or not all(isinstance(path, str) for path in files):
        return None
    text = "\n".join(project.text(path) for path in files).strip()
    return Claim(_NAME, files[0], detail, text) if text else None


def _module_bases(project: Project, module: str) -> list[str]:
    """Give the paths at which setuptools looks for a module, without ending."""
    top, _, rest = module.partition(".")
    mapping = project.table("tool", "setuptools").get("package-dir")
    folders = dict(mapping) if isinstance(mapping, dict) else _package_dir(project)
    below = f"/{rest.replace('.', '/')}" if rest else ""
    named = [f"{folders[top]}{below}"] if isinstance(folders.get(top), str) else []
    roots = dict.fromkeys((folders.get(""), "", "src"))
    inside = module.replace(".", "/") or "__init__"
    return [*named, *(f"{root}/{inside}" if root else inside for root in roots if isinstance(root, str))]


def _package_dir(project: Project) -> dict[str, str]:
    lines = re.split(r"[\n,]", _backends.setup_cfg(project, "options").get("package_dir", ""))
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name.strip(): folder.strip() for name, _, folder in pairs}


def _hatchling(project: Project) -> Claim | None:
    table = _hatch.table(project, "version")
    path = next(iter(_backends.text_at(table, "path")), None)
    if path is None:
        return None
    if table.get("source", "regex") == "regex":
        pattern = next(iter(_backends.text_at(table, "pattern")), _HATCH_PATTERN)
        return _found(project, path, pattern, "version", "[tool.hatch.version] path")
    expression = table.get("expression", "__version__")
    if table.get("source") != "code" or not isinstance(expression, str):
        return None
    return _assigned(project, [path], expression, '[tool.hatch.version] source = "code"')


def _flit(project: Project) -> Claim | None:
    table = project.table("tool", "flit")
    name = project.table("tool", "flit", "module").get("name") or project.table("project").get("name")
    name = name or (table.get("metadata") or {}).get("module")
    if not isinstance(name, str):
        return None
    path = name.replace("-", "_").replace(".", "/")
    paths = [f"{root}{path}{end}" for root in ("", "src/") for end in ("/__init__.py", ".py")]
    return _assigned(project, paths, "__version__", "flit: __version__")


def _poetry(project: Project) -> Claim | None:
    from backlit.versions import _poetry as plugin  # noqa: PLC0415 - other backends' projects need none

    version = project.table("tool", "poetry").get("version")
    if not isinstance(version, str) or plugin.is_enabled(project):
        return None
    return Claim(_NAME, project.line_of("pyproject.toml", r"^\s*version\s*="), "[tool.poetry] version", version)


def _pdm(project: Project) -> Claim | None:
    table = project.table("tool", "pdm", "version")
    # pdm-pep517 calls it ``from`` too.
    path = next(iter(_backends.text_at(table, "path", "from")), None)
    if path is None or table.get("source", "file") != "file":
        return None
    pattern = next(iter(_backends.text_at(table, "pattern")), _PDM_PATTERN)
    return _found(project, path, pattern, 1, '[tool.pdm.version] source = "file"')


_HATCH_PATTERN: Final = r'(?i)^(__version__|VERSION) *= *([\'"])v?(?P<version>.+?)\2'
"""hatchling's own (``hatchling/version/core.py``, MIT)."""

_PDM_PATTERN: Final = r"^(?:__version__|VERSION)\s*=\s*[\"'](.+?)[\"']\s*(?:#.*)?$"
"""pdm-backend's own (``pdm/backend/hooks/version/__init__.py``, MIT)."""


def _assigned(project: Project, paths: list[str], name: str, detail: str) -> Claim | None:
    """Read what the first of `paths` that is there assigns to `name`."""
    path = next((path for path in paths if (project.root / path).is_file()), None)
    version = None if path is None else _literals.assigned(project.text(path), name)
    if path is None or version is None:
        return None
    return Claim(_NAME, project.line_of(path, rf"^{re.escape(name)}\s*[:=]"), detail, version)


def _found(project: Project, path: str, pattern: str, group: str | int, detail: str) -> Claim | None:
    version = _literals.matched(project.text(path), pattern, group)
    return None if version is None else Claim(_NAME, project.line_of(path, re.escape(version)), detail, version)


ADAPTER: Final[VersionTool] = Static()
