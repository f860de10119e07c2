"""versioneer computes the version from git, under setuptools or wherever a build script calls it.

From 0.11 to 0.29, as a package or as a versioneer.py of the project's own.

Recognised, where the version is left open, by

* setuptools: a setup.py that calls versioneer, or a script of the project's that it imports or names and that does;
  ``attr`` in ``[tool.setuptools.dynamic]`` or in setup.cfg, where it names versioneer, the version file, or the package
  that reads it;
* meson-python: ``version:`` in the ``project()`` call of meson.build, where it runs versioneer, or a script that does;
* hatchling: ``source = "code"`` whose path is the version file or a script that calls versioneer.

Its settings are read where that version of versioneer reads them: ``[tool.versioneer]`` (0.26 and later), then
``[versioneer]`` in setup.cfg; in setup.py before 0.15.

Told by a file: ``versionfile_source`` is written in the short form that it has in an sdist, in a scratch copy. It wins
over git, over the name of the folder and over what ``git archive`` filled in; whatever the style, the version is taken
as it is. The revision that ``git archive`` filled in is kept. An editable build runs in the tree itself: there a
repository with the tag ``<tag_prefix><version>`` stands in. It does so for no versioneer before 0.17, which looks for
``.git`` itself, and not for the style ``git-describe-long``, which never gives a tag as it is.

In an sdist the version stands in that file, and no other can be asked for.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import pep440
from backlit.versions import Claim, Injection, _backends, _hatch, _meson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_NAME: Final = "versioneer"

_CALLS: Final = (
    r"^[^#\n]*(?:\bimport\s+versioneer\b|\bfrom\s+versioneer\s+import\b"
    r"|\bversioneer\.(?:get_versions?|get_cmdclass)\b)"
)
"""A line of Python that makes use of versioneer, whichever way it was imported."""


class Versioneer:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("versioneer",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose backend comes to call versioneer, by setup.py or by a script of the project's."""
        if not _backends.leaves_version_open(project):
            return None
        readers = (
            (_setuptools, (_backends.SETUPTOOLS,)),
            (_by_meson, ("mesonpy",)),
            (_hatchling, (_hatch.BACKEND,)),
        )
        found = next((read(project) for read, modules in readers if _backends.is_one(project, backend, *modules)), None)
        return None if found is None else found._replace(states=_stated(project))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name none: versioneer reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give the version file in its short form, unless it has that version already."""
        settings = _settings(project)
        tags = (f"{_tag_prefix(settings)}{version}",)
        source = _source(settings)
        if source is None:
            return Injection(repository=tags)
        (build,) = _backends.text_at(settings, "versionfile_build") or (source,)
        told = Injection(
            version_files=tuple(dict.fromkeys((source, posixpath.normpath(build)))),
        )
        stated = _stated(project)
        if stated is not None and pep440.same(stated, version):
            return told
        files = ((source, _short_form(project, source, version)),)
        return told._replace(files=files, outside=tags)


def _setuptools(project: Project) -> Claim | None:
    """Follow setuptools: pyproject.toml stands before setup.py, and setup.py before setup.cfg."""
    directive = project.table("tool", "setuptools", "dynamic").get("version")
    if directive is not None:
        attribute = directive.get("attr") if isinstance(directive, dict) else None
        return _by_attribute(project, attribute, "pyproject.toml", "[tool.setuptools.dynamic] version")
    text = project.text("setup.py")
    imported = re.findall(r"^\s*(?:from|import)\s+(\w+)", text, re.MULTILINE)
    claim = _by_script(project, ["setup.py", *_quoted_scripts(text), *(f"{name}.py" for name in imported)])
    if claim is not None:
        return None if "version" in _backends.setup_call(project).constants else claim
    kind, _, attribute = _backends.setup_cfg(project, "metadata").get("version", "").partition(":")
    if kind.strip() != "attr":
        return None
    return _by_attribute(project, attribute.strip(), "setup.cfg", "setup.cfg: version = attr:")


def _by_attribute(project: Project, attribute: object, file: str, detail: str) -> Claim | None:
    """Claim an attribute that is versioneer's own, or that the version file or its package gets from the file."""
    if not isinstance(attribute, str):
        return None
    source = _source(_settings(project)) or ""
    folder, module = posixpath.dirname(source), posixpath.splitext(source)[0]
    path = attribute.rpartition(".")[0].replace(".", "/")
    reads_it = re.search(rf"\b{re.escape(posixpath.basename(module))}\b", project.text(f"{folder}/__init__.py"))
    leads_here = path and (_ends(module, path) or (reads_it is not None and _ends(folder, path)))
    if path != _NAME and not leads_here:
        return None
    return Claim(_NAME, project.line_of(file, re.escape(attribute)), f"{detail} {attribute}")


def _ends(path: str, end: str) -> bool:
    return f"/{path}".endswith(f"/{end}")


def _by_meson(project: Project) -> Claim | None:
    """Claim what ``version:`` of ``project()`` runs: a script, or a line of Python."""
    keyword = _meson.version_keyword(project.text(_meson.FILE))
    if keyword is None:
        return None
    if any(re.search(_CALLS, text, re.MULTILINE) for text in keyword.strings):
        return Claim(_NAME, project.line_of(_meson.FILE, _CALLS), f"{_meson.FILE} calls versioneer")
    return _by_script(project, keyword.strings)


def _quoted_scripts(text: str) -> list[str]:
    return re.findall(r"[\"']([^\"'\n]+\.py)[\"']", text)


def _by_script(project: Project, scripts: Iterable[str]) -> Claim | None:
    """Claim by the first of `scripts` that makes use of versioneer and is not versioneer."""
    for script in dict.fromkeys(scripts):
        if script != "versioneer.py" and re.search(_CALLS, project.text(script), re.MULTILINE):
            return Claim(_NAME, project.line_of(script, _CALLS), f"{script} calls versioneer")
    return None


def _hatchling(project: Project) -> Claim | None:
    table = _hatch.table(project, "version")
    path = next(iter(_backends.text_at(table, "path")), None)
    if table.get("source") != "code" or path is None:
        return None
    path = posixpath.normpath(path)
    if path != _source(_settings(project)) and not re.search(_CALLS, project.text(path), re.MULTILINE):
        return None
    return _backends.claim_in_pyproject(project, _NAME, re.escape(path), f'[tool.hatch.version] path = "{path}"')


def _settings(project: Project) -> dict[str, Any]:
    """Give versioneer's settings as the project's own versioneer.py, or else an installed one, finds them."""
    table = project.table("tool", _NAME)
    if table and _generation(project) >= _READS_PYPROJECT:
        return table
    return _backends.setup_cfg(project, _NAME) or table or dict(_assigned(project))


def _generation(project: Project) -> int:
    """Give N of the version 0.N of the project's own versioneer.py; the newest where there is none, or it hides it."""
    found = re.search(r"^# Version: 0\.(\d+)", project.text("versioneer.py"), re.MULTILINE)
    return int(found[1]) if found else _READS_PYPROJECT


_READS_PYPROJECT: Final = 26
_WRITES_JSON: Final = 15


def _assigned(project: Project) -> Iterator[tuple[str, str]]:
    """Give the settings that stand in setup.py, as versioneer 0.14 and earlier take them."""
    pattern = r"^\s*versioneer\.(\w+)\s*=\s*[\"']([^\"'\n]*)[\"']"
    yield from re.findall(pattern, project.text("setup.py"), re.MULTILINE)


def _source(settings: dict[str, Any]) -> str | None:
    """Give the path of the version file; None if it is not said, or leads out of the tree."""
    path = next(iter(_backends.text_at(settings, "versionfile_source")), None)
    normal = None if path is None else posixpath.normpath(path.strip())
    return None if normal is None or normal.startswith(("../", "/")) or normal in {".", ".."} else normal


def _tag_prefix(settings: dict[str, Any]) -> str:
    prefix = next(iter(_backends.text_at(settings, "tag_prefix")), "")
    # How a setup.cfg writes an empty one; versioneer takes the quotes for none, too.
    return "" if prefix in {"''", '""'} else prefix


def _stated(project: Project) -> str | None:
    """Give the version that the version file has, as in an sdist; None if it is to be computed, or was not known."""
    source = _source(_settings(project))
    text = "" if source is None else project.text(source)
    if re.search(r"^\s*git_refnames\s*=", text, re.MULTILINE):
        return None
    literal = re.search(r"^version_version = '([^'\n]+)'", text, re.MULTILINE)
    block = re.search(r"version_json = '''\r?\n(.*)'''  # END VERSION_JSON", text, re.DOTALL)
    if literal is None and block is not None:
        literal = re.search(r'"version":\s*"([^"\\\n]+)"', block[1])
    known = literal is not None and not re.match(r"0\+un|unknown", literal[1])
    return literal[1] if literal is not None and known else None


def _short_form(project: Project, source: str, version: str) -> str:
    """Write the version file as versioneer writes it into an sdist.

    The form follows versioneer's ``SHORT_VERSION_PY`` (public domain).
    """
    full, date = (_archived(project.text(source), key) for key in ("git_full", "git_date"))
    if _generation(project) < _WRITES_JSON:
        return _OLD_FORM.format(version=version, full=full or "unknown")
    quoted = ("null" if value is None else f'"{value}"' for value in (date, full))
    return _FORM % (*quoted, version)


def _archived(text: str, key: str) -> str | None:
    """Give what ``git archive`` wrote for a keyword, a date as versioneer writes it; None if nothing."""
    found = re.search(rf'^\s*{key}\s*=\s*"([0-9a-f]{{7,64}}|\d[\d: +-]+)"', text, re.MULTILINE)
    return None if found is None else found[1].strip().replace(" ", "T", 1).replace(" ", "", 1)


_FORM: Final = """\
# The version of this source tree, in the form that it has in an sdist.

import json

version_json = '''
{
 "date": %s,
 "dirty": false,
 "error": null,
 "full-revisionid": %s,
 "version": "%s"
}
'''  # END VERSION_JSON


def get_versions():
    return json.loads(version_json)
"""

_OLD_FORM: Final = """\
# The version of this source tree, in the form that it has in an sdist.

version_version = '{version}'
version_full = '{full}'


def get_versions(default={{}}, verbose=False):
    return {{'version': version_version, 'full': version_full}}
"""


ADAPTER: Final[VersionTool] = Versioneer()
