"""The project: its folder, its pyproject.toml, and the real backend that it names."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from backlit.errors import ConfigError, InputError

TOML_LIMIT: Final = 1 << 20
"""Largest pyproject.toml read, in bytes: a hostile one of 100 KB can keep a parser busy for seconds."""

LEGACY: Final = "setuptools.build_meta:__legacy__"
"""The backend of a project that names none (PEP 517, "build-system table")."""

OURS: Final = "backlit"


class BackendSpec(NamedTuple):
    """A backend, as a project names it."""

    name: str
    """As written: ``module`` or ``module:object``."""
    path: tuple[str, ...]
    """``backend-path``, relative to the project's folder; empty for an installed backend."""
    where: str
    """The place that names it."""

    @property
    def module(self) -> str:
        """The module to import."""
        return self.name.partition(":")[0].strip()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes to follow from the module, outermost first; empty if the module itself is the backend."""
        return tuple(part for part in self.name.partition(":")[2].strip().split(".") if part)


class Project(NamedTuple):
    """One source tree."""

    root: Path
    """Absolute path of its folder."""
    pyproject: dict[str, Any]
    """pyproject.toml, parsed; empty if there is none."""

    def table(self, *names: str) -> dict[str, Any]:
        """Give a table of pyproject.toml, such as ``table("tool", "backlit")``; empty if it is not there."""
        found: Any = self.pyproject
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def text(self, path: str) -> str:
        """Give the text of a file of the tree; empty if it is not there or no text."""
        return _text(self.root / path)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files and folders at the top, sorted."""
        try:
            return tuple(sorted(os.listdir(self.root)))  # noqa: PTH208 - names, and in a hook
        except OSError:
            return ()

    def line_of(self, path: str, pattern: str) -> str:
        """Give ``path:line`` of the first line that `pattern` matches; ``path`` alone if none does."""
        found = re.search(pattern, self.text(path), re.MULTILINE)
        if found is None:
            return path
        # A pattern may start with blanks, and these may be lines: the line meant is where the text starts.
        start = found.end() - len(found[0].lstrip())
        return f"{path}:{found.string.count(chr(10), 0, start) + 1}"

    @property
    def requires(self) -> tuple[str, ...]:
        """Names in ``[build-system] requires``, normalised (PEP 503), without versions, extras kept apart."""
        listed = self.table("build-system").get("requires", ())
        names = (re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", item) for item in listed if isinstance(item, str))
        return tuple(normalised(found[1]) for found in names if found)


def load(root: Path) -> Project:
    """Read the project in `root`.

    :raises InputError: if there is neither a pyproject.toml nor a setup.py.
    :raises ConfigError: if pyproject.toml cannot be read or is not TOML.
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        if not (root / "setup.py").is_file():
            raise InputError(
                "neither pyproject.toml nor setup.py is here", where=str(root), cure="name the folder of a project"
            )
        return Project(root, {})
    return Project(root, _parsed(path))


def real_backend(project: Project, override: tuple[str, str] | None = None) -> BackendSpec:
    """Give the backend that does the work.

    That is the one in `override` (a name, and the place it came from), or the one that pyproject.toml names; where that
    one is backlit, the one in ``[tool.backlit]``; and setuptools' legacy backend where none is named (PEP 517).

    :raises ConfigError: if it is no name, or is backlit itself.
    """
    build_system = project.table("build-system")
    ours = project.table("tool", "backlit")
    if override is not None:
        return _spec(override[0], _backend_path(build_system, "build-system"), override[1])
    if is_ours(build_system.get("build-backend")):
        path = _backend_path(ours, "tool.backlit")
        return _spec(ours.get("build-backend", LEGACY), path, "pyproject.toml: tool.backlit.build-backend")
    path = _backend_path(build_system, "build-system")
    return _spec(build_system.get("build-backend", LEGACY), path, "pyproject.toml: build-system.build-backend")


def is_ours(name: object) -> bool:
    """Tell whether a backend's name, as a table has it, is backlit's own."""
    return isinstance(name, str) and name.partition(":")[0].strip() == OURS


def name_of(project: Project) -> str | None:
    """Give the project's name as the tree states it, without running anything; None if it does not say."""
    for table in (project.table("project"), project.table("tool", "poetry"), project.table("tool", "flit", "metadata")):
        name = table.get("name") or table.get("dist-name") or table.get("module")
        if isinstance(name, str):
            return name
    from backlit.config import setup_files  # noqa: PLC0415 - only trees without a [project] table pay for it

    return setup_files.name_of(project.text("setup.cfg"), project.text("setup.py")) or _name_in(
        project.text("PKG-INFO")
    )


def normalised(name: str) -> str:
    """Give a project's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _spec(name: object, path: tuple[str, ...], where: str) -> BackendSpec:
    if not isinstance(name, str) or not re.fullmatch(r"\w+(\.\w+)*(:\w+(\.\w+)*)?", name.replace(" ", "")):
        raise ConfigError(f"{name!r} names no backend", where=where, cure="write 'module' or 'module:object'")
    if is_ours(name):
        cure = "name the real backend, such as 'setuptools.build_meta'"
        raise ConfigError("backlit cannot stand in front of itself", where=where, cure=cure)
    return BackendSpec(name, path, where)


def _backend_path(table: dict[str, Any], name: str) -> tuple[str, ...]:
    """Read ``backend-path``; what it may hold is said in PEP 517, "In-tree build backends"."""
    paths = table.get("backend-path", [])
    where = f"pyproject.toml: {name}.backend-path"
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise ConfigError("needs a list of folders", where=where, cure='write backend-path = ["."]')
    for path in paths:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise ConfigError(f"{path!r} leads out of the tree", where=where, cure="name a folder inside the project")
    return tuple(paths)


def _text(path: Path) -> str:
    try:
        state = path.stat()
    except OSError:
        return ""
    return _text_as_of(path, state.st_mtime_ns, state.st_size)


@cache
def _text_as_of(path: Path, _time: int, _size: int) -> str:
    """Read a file once for all adapters; one that was changed between two hooks of a process is read anew."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _name_in(metadata: str) -> str | None:
    found = re.match(r"(?:(?!\n\n)(?s:.))*?^Name:[ \t]*(\S+)[ \t]*$", metadata, re.MULTILINE)
    return found[1] if found else None


def _parsed(path: Path) -> dict[str, Any]:
    where = path.name
    try:
        data = path.read_bytes()
        if len(data) > TOML_LIMIT:
            raise ConfigError(f"is larger than {TOML_LIMIT} bytes", where=where, cure="no real project's is")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=where) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 at byte {error.start}", where=where, cure="TOML is UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", where=where) from error
    except (RecursionError, ValueError) as error:
        raise ConfigError("is nested or numbered beyond what a parser can take", where=where) from error
