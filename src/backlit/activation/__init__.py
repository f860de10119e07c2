"""``BACKLIT=1``: backlit stands in front of the backend that pyproject.toml names, and nobody edits anything.

``backlit.pth``, in the same folder as the package, is read by every start of the interpreter. With ``BACKLIT`` set it
runs ``_backlit_pth``, a finder that is asked for each module the process imports, and asks this package in turn. Where
the module is the backend of the project in the current folder, the importer gets a *stand-in* in its place (see
:mod:`backlit.activation.stand_in`): a module of the same name, whose hooks are backlit's. The real one is not imported
before a hook runs, since some compute their version as they are imported.

While a hook runs, every stand-in has stepped aside: whoever imports the backend then gets the real one. There is no
``BACKLIT`` in the environment for as long, so the processes that the hook starts build as without backlit.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import settings

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from backlit.config.project import BackendSpec

_SUCCESSORS: Final = {"flit.buildapi": "flit_core.buildapi", "poetry.masonry.api": "poetry.core.masonry.api"}
"""What Gentoo's eclass lets build a project in the place of what its pyproject.toml names."""

_UNNAMED: Final = frozenset({"setuptools.build_meta", *_SUCCESSORS.values()})
"""Modules that may be the backend though no pyproject.toml names them; the first because of PEP 517."""


class Named(NamedTuple):
    """The project in a folder, and the backend that its front end imports."""

    root: Path
    """Absolute path of the folder."""
    backend: BackendSpec
    """The backend, as pyproject.toml names it."""


def stand_in_for(name: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
    """Give the spec of what stands in for module `name`; None if it is not the backend here, or backlit is off.

    The arguments are those of a finder: https://docs.python.org/3/reference/import.html#the-meta-path
    """
    if not _may_be_backend(name):
        return None
    named = named_here()
    if named is None or not _is_meant(name, named.backend):
        return None
    if settings.without_edit() != "1":
        _say_once(f"BACKLIT is {settings.without_edit()!r}, which is neither 1 nor 0: it has no effect")
        return None
    real = _found_by_others(name, path, target)
    if real is None or not _is_from(named, real):
        return None
    from backlit.activation import stand_in  # noqa: PLC0415 - only a process that imports the backend needs it

    return stand_in.spec(real, named)


def named_here() -> Named | None:
    """Give the project in the current folder and its backend.

    None if there is no project, if it cannot be read (the front end says why), or if it names backlit itself.
    """
    text = _text_here()
    return None if text is None else _named_in(Path.cwd(), text)


@cache
def _named_in(root: Path, _text: bytes) -> Named | None:
    from backlit.config import project as projects  # noqa: PLC0415 - loads tomllib, and few processes come here
    from backlit.errors import BacklitError  # noqa: PLC0415 - likewise

    try:
        project = projects.load(root)
        if projects.is_ours(project.table("build-system").get("build-backend")):
            return None
        return Named(root, projects.real_backend(project))
    except BacklitError:
        return None


def is_backend(name: str, backend: BackendSpec) -> bool:
    """Tell whether a module is the backend's, or that of its successor."""
    return name in {backend.module, _SUCCESSORS.get(backend.module)}


def take_backend_path(environment: MutableMapping[str, str]) -> None:
    """Put ``backend-path`` on ``sys.path`` in the place of pyproject_hooks, in a process that it has started.

    It would put a finder of its own before all others, which finds the real backend whoever stands in for it. What that
    finder reads is taken out here, ``..._JSON`` since pyproject_hooks 1.3 (before 1.1 there is no such finder); without
    it, the backend is imported as any module.
    """
    named = named_here()
    started_for = environment.get("_PYPROJECT_HOOKS_BUILD_BACKEND")
    if named is None or started_for != named.backend.name or settings.without_edit() != "1":
        return
    import json  # noqa: PLC0415 - a backend in the tree is rare

    as_json, joined = (environment.pop(f"_PYPROJECT_HOOKS_BACKEND_PATH{end}", None) for end in ("_JSON", ""))
    folders = json.loads(as_json) if as_json else (joined or "").split(os.pathsep)
    sys.path[:0] = [os.path.abspath(folder) for folder in folders]  # noqa: PTH100 - as front ends write them


def _may_be_backend(name: str) -> bool:
    """Tell without parsing what is not the backend's name: most modules are not, in most processes."""
    if not settings.without_edit():
        return False
    text = _text_here()
    # A name may be written with escapes, in TOML as in Python.
    return text is not None and (name in _UNNAMED or name.encode() in text or b"\\u" in text.lower())


def _text_here() -> bytes | None:
    """Give pyproject.toml; empty if there is only a setup.py, None if there is no project."""
    try:
        state = os.stat("pyproject.toml")  # noqa: PTH116 - asked for each module that is imported
        return _text_as_of(os.getcwd(), state.st_mtime_ns, state.st_size)  # noqa: PTH109 - likewise
    except OSError:
        return b"" if os.path.isfile("setup.py") else None  # noqa: PTH113 - likewise


@cache
def _text_as_of(folder: str, _time: int, _size: int) -> bytes:
    return Path(folder, "pyproject.toml").read_bytes()


def _is_meant(name: str, backend: BackendSpec) -> bool:
    """Tell whether a module is the backend's, or a package of the tree that it is in: its code runs first."""
    return is_backend(name, backend) or (bool(backend.path) and backend.module.startswith(f"{name}."))


def _found_by_others(name: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
    """Give what would be imported without us. The finder that asks us answers nobody while it asks."""
    for finder in sys.meta_path:
        try:
            find = finder.find_spec
        except AttributeError:  # passed over by the import system likewise
            continue
        if (found := find(name, path, target)) is not None:
            return found
    return None


def _is_from(named: Named, spec: ModuleSpec) -> bool:
    """Tell whether the module is where the project's backend has to be: below ``backend-path``, if it has one."""
    if not named.backend.path:
        return True
    origin = spec.origin or next(iter(spec.submodule_search_locations or ()), None)
    folders = [(named.root / path).resolve() for path in named.backend.path]
    return origin is not None and any(Path(origin).resolve().is_relative_to(folder) for folder in folders)


_said: Final[set[str]] = set()


def _say_once(message: str) -> None:
    if message not in _said:
        _said.add(message)
        sys.stderr.write(f"backlit: {message}\n")
