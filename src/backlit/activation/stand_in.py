"""What the importer of a backend gets: a module of the backend's name, whose hooks are backlit's.

Its other attributes are the real module's, which is imported when one of them is asked for, or a hook runs. Where the
backend is an object in the module, that object is stood in for too; likewise any other attribute of the module that has
a ``build_wheel``, as a front end may name another one than pyproject.toml does.

One process may call several hooks (tox, gpep517), import the backend anew, or go on to another project: what a hook
does depends on the folder that it is called in, and a stand-in keeps nothing of a project but its backend's name.
"""

from __future__ import annotations

import functools
import sys
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from backlit import backend as hooks
from backlit.activation import is_backend
from backlit.config import settings
from backlit.config.project import BackendSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backlit.activation import Named

_HOOKS: Final = frozenset({"build_wheel", "build_sdist", "UnsupportedOperation", *hooks.OPTIONAL})


def spec(real: ModuleSpec, named: Named) -> ModuleSpec:
    """Give the spec by which the stand-in for the module of `real` is imported."""
    loader = _Loader(real.loader, named)
    # The class that a loader is said to have costs 1 ms to import.
    made = ModuleSpec(real.name, loader, origin=real.origin)  # type: ignore[arg-type]
    made.submodule_search_locations = real.submodule_search_locations
    # With it the module gets its __file__: older pyproject_hooks look whether that is below backend-path.
    made.has_location = real.has_location
    return made


_SET_BY_IMPORT: Final = frozenset({"__cached__", "__file__", "__path__"})
"""What the import system asks a module that it makes for, and sets from the spec: the real module's, as it is known."""


class StandIn(ModuleType):
    """A module in the place of a backend's, or of a package of the tree that the backend's module is in."""

    def __init__(self, name: str, named: Named) -> None:
        super().__init__(name)
        self._backlit_named = named
        self._backlit_real: ModuleType | None = None
        """The real module, while it is not in ``sys.modules`` and has been imported."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a module
        """Give a hook, an object that is a backend, or what else the real module has of that name."""
        if name in _SET_BY_IMPORT:
            raise _no_attribute(self.__name__, name)
        named = self._backlit_named
        return _attribute(named, self.__name__, (), name, has_hooks=is_backend(self.__name__, named.backend))


class _Object:
    """An object in the place of one that is in a stand-in's module."""

    def __init__(self, named: Named, module: str, attributes: tuple[str, ...]) -> None:
        self._named, self._module, self._attributes = named, module, attributes

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of an object
        return _attribute(self._named, self._module, self._attributes, name, has_hooks=True)


class _Loader:
    """Makes a stand-in. Whatever else is asked of a loader, the real one answers."""

    def __init__(self, real: Any, named: Named) -> None:  # noqa: ANN401 - loaders have no common base
        self._real, self._named = real, named

    def create_module(self, spec: ModuleSpec) -> StandIn:
        return StandIn(spec.name, self._named)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the real module is imported when it is needed."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a loader
        return getattr(self._real, name)


def _attribute(named: Named, module: str, attributes: tuple[str, ...], name: str, *, has_hooks: bool) -> Any:  # noqa: ANN401 - as __getattr__
    asked = BackendSpec(":".join(filter(None, (module, ".".join(attributes)))), named.backend.path, named.backend.where)
    if has_hooks and name in _HOOKS:
        return _hook(named, asked, name)
    path = (*attributes, name)
    if module == named.backend.module and named.backend.attributes[: len(path)] == path:
        # Not looked at in the real module, whose import may need what only a hook prepares.
        return _Object(named, module, path)
    value = _real_attribute(named, asked, name)
    return _Object(named, module, path) if hasattr(value, "build_wheel") else value


def _real_attribute(named: Named, asked: BackendSpec, name: str) -> Any:  # noqa: ANN401 - any attribute
    from backlit.pipeline import delegate  # noqa: PLC0415 - no front end asks for more than hooks

    with aside():
        found = delegate.attribute(asked, named.root, name, default=_MISSING)
    if found is _MISSING:
        raise _no_attribute(asked.name, name)
    return found


_MISSING: Final = object()


def _hook(named: Named, asked: BackendSpec, name: str) -> Any:  # noqa: ANN401 - hooks differ, and UnsupportedOperation is a class
    """Give one of backlit's hooks, in a wrapper that lets the stand-ins step aside while it runs."""
    with aside():
        found = hooks.hook(name)
    if name == "UnsupportedOperation":
        return found
    is_named = (asked.module, asked.attributes) == (named.backend.module, named.backend.attributes)
    return _wrapped(found, name, None if is_named else asked.name)


def _wrapped(hook: Callable[..., Any], name: str, backend: str | None) -> Callable[..., Any]:
    @functools.wraps(hook)
    def wrapper(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the hook's own
        with aside():
            if backend is not None:
                arguments, named = _asking_for(backend, name, arguments, named)
            return hook(*arguments, **named)

    return wrapper


def _asking_for(
    backend: str, hook: str, arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Put into a hook's config settings that the front end has imported another backend than pyproject.toml names."""
    if settings.environment().get("BACKLIT_BACKEND"):
        return arguments, named
    place = 0 if hook.startswith("get_requires_") else 1
    given = arguments[place] if len(arguments) > place else named.get("config_settings")
    ours = {"backlit.backend": backend} | (given or {})
    if len(arguments) > place:
        return (*arguments[:place], ours, *arguments[place + 1 :]), named
    return arguments, named | {"config_settings": ours}


@contextmanager
def aside() -> Iterator[None]:
    """Let the real modules be found in the place of all stand-ins, and put these back afterwards.

    A real module that a hook imported is found again by the next hook, as without backlit; one that was forgotten, as
    all that comes from ``backend-path`` is, is imported anew.
    """
    stood = {name: module for name, module in [*sys.modules.items()] if isinstance(module, StandIn)}
    for name, module in stood.items():
        _put(name, module._backlit_real)  # noqa: SLF001 - our own
        module._backlit_real = None  # noqa: SLF001 - likewise
    try:
        yield
    finally:
        for name, module in stood.items():
            module._backlit_real = sys.modules.get(name)  # noqa: SLF001 - likewise
            _put(name, module)


def _put(name: str, module: ModuleType | None) -> None:
    """Let `name` be imported as `module`, also as its parent's attribute; as nothing if that is None."""
    parent, _, child = name.rpartition(".")
    package = sys.modules.get(parent)
    if module is None:
        sys.modules.pop(name, None)
        if package is not None:
            vars(package).pop(child, None)
        return
    sys.modules[name] = module
    if package is not None:
        setattr(package, child, module)


def _no_attribute(owner: str, name: str) -> AttributeError:
    return AttributeError(f"{owner!r} has no attribute {name!r}")
