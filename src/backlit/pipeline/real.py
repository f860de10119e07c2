"""The real backend, imported as PEP 517 says, in this process."""

from __future__ import annotations

import atexit
import importlib
import sys
from contextlib import contextmanager, nullcontext
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.errors import BackendError
from backlit.support import bytecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backlit.config.project import BackendSpec


_ADDED: Final[list[str]] = []
"""What backends added to ``sys.path`` as they were imported: setuptools its ``_vendor``, without which its commands are
not found. They are imported once in a process, and the path is put back after each hook, so each hook gets it again."""


def load(spec: BackendSpec, tree: Path) -> Any:  # noqa: ANN401 - a backend is any object with hooks
    """Import the backend, from ``backend-path`` below `tree` where it has one.

    :raises BackendError: if the module or the object in it is not there, or is not from ``backend-path``. A fault while
        the backend's own code is imported rises as it is.
    """
    before = frozenset(sys.path)
    try:
        module = importlib.import_module(spec.module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{spec.module}.".startswith(f"{error.name}."):
            raise
        cure = "check the name and backend-path" if spec.path else "install it, or name it in build-system.requires"
        raise BackendError(f"cannot import {spec.module!r}: {error}", where=spec.where, cure=cure) from error
    new = [entry for entry in sys.path if entry not in before and entry not in _ADDED]
    _ADDED.extend(entry for entry in new if not Path(entry).is_relative_to(tree))
    if spec.path and not _is_below(module, [tree / path for path in spec.path]):
        raise BackendError(
            f"{spec.module!r} was imported from {getattr(module, '__file__', None)}, outside backend-path",
            where=spec.where,
            cure="remove the module of the same name, or rename the in-tree backend",
        )
    try:
        return reduce(getattr, spec.attributes, module)
    except AttributeError as error:
        raise BackendError(str(error), where=spec.where, cure="check the object's name") from error


@contextmanager
def importable(spec: BackendSpec, tree: Path) -> Iterator[None]:
    """Put the backend's ``backend-path`` before all else on ``sys.path``, and forget afterwards what came from there.

    In-tree modules are forgotten because the next hook in this process may be another project's, or run in another
    scratch copy that is gone by then.
    """
    kept, folders = sys.path[:], [str((tree / path).resolve()) for path in spec.path]
    sys.path[:] = [*folders, *kept, *(entry for entry in _ADDED if entry not in kept)]
    if spec.path:
        forget_below(tree)
    try:
        # An in-tree backend's bytecode would be written into the source tree, and by us: front ends only ask for hooks.
        with bytecode.none_below(tree) if spec.path else nullcontext():
            yield
    finally:
        sys.path[:] = kept
        if spec.path:
            forget_below(tree)


def forget_below(tree: Path) -> None:
    """Drop the modules that were imported from below `tree`."""
    prefix = f"{tree.resolve()}/"
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(prefix):
            del sys.modules[name]
    importlib.invalidate_caches()


@contextmanager
def renewed(packages: tuple[str, ...]) -> Iterator[None]:
    """Let top packages be imported anew, and end with this hook what they would end with the process.

    What they left for the end of the process is done at the end, in the folder that they left it for: a scratch copy is
    gone by the time that the process ends. Then they are forgotten.
    """
    left: list[Callable[[], object]] = []
    register = atexit.register

    def noted(function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Callable[..., Any]:  # noqa: ANN401 - as atexit's own
        if str(getattr(function, "__module__", "")).partition(".")[0] not in packages:
            return register(function, *arguments, **named)
        left.append(partial(function, *arguments, **named))
        return function

    _forget(packages)
    atexit.register = noted
    try:
        yield
    finally:
        atexit.register = register
        for function in reversed(left):
            function()
        _forget(packages)


def _forget(packages: tuple[str, ...]) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]


def _is_below(module: object, folders: list[Path]) -> bool:
    origin = getattr(module, "__file__", None)
    if origin is None:
        origin = next(iter(getattr(module, "__path__", ())), None)
    return origin is not None and any(Path(origin).resolve().is_relative_to(folder.resolve()) for folder in folders)
