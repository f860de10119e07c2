"""miniver computes the version from git, under setuptools, by code that lives in the project's package.

From 0.1 to 0.8; the tool only installs that code, ``_version.py`` beside ``_static_version.py``.

Recognised, where the backend is setuptools and the version is left open, by a setup.py that loads ``_version.py``, or
an ``attr`` that leads to it or to its package, and a ``_static_version.py`` that has a version or says ``__use_git__``.

Told by that file: it is written in the form that it has in an sdist, in a scratch copy, and wins over git. An editable
build runs in the tree itself: there a repository with the tag ``v<version>`` stands in.

In an sdist the version stands in that file, and no other can be asked for.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from backlit.config import pep440
from backlit.versions import Claim, Injection, _backends, _literals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_FILE: Final = "_static_version.py"
_FROM_GIT: Final = "__use_git__"

_LOADS: Final = r"^[^#\n]*(?:[\"'/]_version\.py[\"']|\bget_version_and_cmdclass\b)"
"""A line of setup.py that loads the code, as miniver's own template does."""


class Miniver:
    """The adapter."""

    name = "miniver"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("setup",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py or ``attr`` leads to the code beside a ``_static_version.py``."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        path = _file(project)
        if path is None:
            return None
        attribute = _attribute(project)
        file, pattern = ("setup.py", _LOADS) if attribute is None else attribute
        return Claim(self.name, project.line_of(file, pattern), f"leads to {path}", _stated(project, path))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name none: miniver reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give the file with the version, unless it has that version already."""
        path = _file(project)
        if path is None:
            return Injection(repository=(f"v{version}",))
        told = Injection(version_files=(path,))
        stated = _stated(project, path)
        if stated is not None and pep440.same(stated, version):
            return told
        return told._replace(files=((path, _FORM.format(version)),), outside=(f"v{version}",))


def _file(project: Project) -> str | None:
    """Give the path of the version file beside the code that gives the version; None if there is none."""
    return next((path for path in _places(project) if _version_in(project, path) is not None), None)


def _places(project: Project) -> Iterator[str]:
    """Give where the file may stand: where ``attr`` leads, in a folder that setup.py names, or where packages are."""
    attribute = _attribute(project)
    text = project.text("setup.py")
    if attribute is not None:
        module = attribute[1].rpartition(".")[0].replace(".", "/")
        for base in (module, f"src/{module}") if module else ():
            # The code itself names the file; the package that it is in names the code.
            if posixpath.splitext(_FILE)[0] in project.text(f"{base}.py"):
                yield posixpath.join(posixpath.dirname(base), _FILE)
            if re.search(r"\b_version\b", project.text(f"{base}/__init__.py")):
                yield posixpath.join(base, _FILE)
    elif re.search(_LOADS, text, re.MULTILINE) and "version" not in _backends.setup_call(project).constants:
        named = re.findall(r"[\"']([\w./-]+)[\"']", text)
        paths = (posixpath.normpath(posixpath.join(name.removesuffix("_version.py"), _FILE)) for name in named)
        yield from (path for path in paths if not path.startswith(("../", "/")))
        for pattern in ("*", "src/*", "*/*"):
            found = project.root.glob(f"{pattern}/{_FILE}")
            yield from sorted(path.relative_to(project.root).as_posix() for path in found)


def _attribute(project: Project) -> tuple[str, str] | None:
    """Give the file that has an ``attr`` for the version, and that; None if setup.py stands before it."""
    directive = project.table("tool", "setuptools", "dynamic").get("version")
    if directive is not None:
        attribute = directive.get("attr") if isinstance(directive, dict) else None
        return ("pyproject.toml", attribute if isinstance(attribute, str) else "")
    kind, _, attribute = _backends.setup_cfg(project, "metadata").get("version", "").partition(":")
    in_cfg = kind.strip() == "attr" and "version" not in _backends.setup_call(project).names
    return ("setup.cfg", attribute.strip()) if in_cfg else None


def _version_in(project: Project, path: str) -> str | None:
    return _literals.assigned(project.text(path), "version")


def _stated(project: Project, path: str) -> str | None:
    """Give the version that the file has, as in an sdist; None if git is to tell it, or nobody knew it."""
    version = _version_in(project, path)
    return None if version is None or version == _FROM_GIT or version.startswith("unknown") else version


_FORM: Final = """\
# The version of this source tree, in the form that it has in an sdist.
version = '{}'
"""

ADAPTER: Final[VersionTool] = Miniver()
