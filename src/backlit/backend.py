"""The hooks of PEP 517 and PEP 660: no logic of their own, and imports as late as can be.

https://peps.python.org/pep-0517/#build-backend-interface, https://peps.python.org/pep-0660/

Hooks may be called by position or by keyword, several in one process. A fault of backlit's is one line on standard
error and an exit status (see :mod:`backlit.errors`): a traceback through a build backend helps nobody. A fault of the
real backend rises unchanged.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    ConfigSettings = dict[str, Any] | None

OPTIONAL: Final = (
    "get_requires_for_build_wheel",
    "get_requires_for_build_sdist",
    "get_requires_for_build_editable",
    "prepare_metadata_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "build_editable",
)
"""Hooks that exist exactly where the real backend has them."""


def hook(name: str) -> Any:  # noqa: ANN401 - hooks differ, and UnsupportedOperation is a class
    """Give a hook by its name, or the real backend's ``UnsupportedOperation``, for the project in the current folder.

    :raises AttributeError: if `name` is no hook, or an optional one that the real backend does not have.
    """
    if name in _MANDATORY:
        return _MANDATORY[name]
    if name not in OPTIONAL and name != "UnsupportedOperation":
        message = f"module 'backlit' has no attribute {name!r}"
        raise AttributeError(message)
    with _own_faults_in_one_line():
        from backlit.pipeline import offered  # noqa: PLC0415 - see the module's docstring

        found = offered(Path.cwd(), name)
    if found is None:
        message = f"the real backend has no {name}"
        raise AttributeError(message)
    return found if name == "UnsupportedOperation" else _HOOKS[name]


def build_wheel(
    wheel_directory: str, config_settings: ConfigSettings = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel into `wheel_directory`; give its file name. PEP 517, "build_wheel"."""
    return str(
        _run(
            "build_wheel",
            config_settings,
            wheel_directory=_absolute(wheel_directory),
            metadata_directory=_absolute(metadata_directory),
        )
    )


def build_sdist(sdist_directory: str, config_settings: ConfigSettings = None) -> str:
    """Build an sdist into `sdist_directory`; give its file name. PEP 517, "build_sdist"."""
    return str(_run("build_sdist", config_settings, sdist_directory=_absolute(sdist_directory)))


def _build_editable(
    wheel_directory: str, config_settings: ConfigSettings = None, metadata_directory: str | None = None
) -> str:
    """Build an editable wheel into `wheel_directory`; give its file name. PEP 660, "build_editable"."""
    return str(
        _run(
            "build_editable",
            config_settings,
            wheel_directory=_absolute(wheel_directory),
            metadata_directory=_absolute(metadata_directory),
        )
    )


def _prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: ConfigSettings = None) -> str:
    """Write the wheel's ``.dist-info``; give its name. PEP 517, "prepare_metadata_for_build_wheel"."""
    name = "prepare_metadata_for_build_wheel"
    return str(_run(name, config_settings, metadata_directory=_absolute(metadata_directory)))


def _prepare_metadata_for_build_editable(metadata_directory: str, config_settings: ConfigSettings = None) -> str:
    """Write the editable wheel's ``.dist-info``; give its name. PEP 660, "prepare_metadata_for_build_editable"."""
    name = "prepare_metadata_for_build_editable"
    return str(_run(name, config_settings, metadata_directory=_absolute(metadata_directory)))


def _get_requires_for_build_wheel(config_settings: ConfigSettings = None) -> list[str]:
    """Give what the real backend needs to build a wheel; backlit adds nothing. PEP 517."""
    return list(_run("get_requires_for_build_wheel", config_settings))


def _get_requires_for_build_sdist(config_settings: ConfigSettings = None) -> list[str]:
    """Give what the real backend needs to build an sdist; backlit adds nothing. PEP 517."""
    return list(_run("get_requires_for_build_sdist", config_settings))


def _get_requires_for_build_editable(config_settings: ConfigSettings = None) -> list[str]:
    """Give what the real backend needs to build an editable wheel; backlit adds nothing. PEP 660."""
    return list(_run("get_requires_for_build_editable", config_settings))


_MANDATORY: Final[dict[str, Callable[..., Any]]] = {"build_wheel": build_wheel, "build_sdist": build_sdist}

_HOOKS: Final[dict[str, Callable[..., Any]]] = {
    "get_requires_for_build_wheel": _get_requires_for_build_wheel,
    "get_requires_for_build_sdist": _get_requires_for_build_sdist,
    "get_requires_for_build_editable": _get_requires_for_build_editable,
    "prepare_metadata_for_build_wheel": _prepare_metadata_for_build_wheel,
    "prepare_metadata_for_build_editable": _prepare_metadata_for_build_editable,
    "build_editable": _build_editable,
}


def _run(name: str, config_settings: ConfigSettings, **arguments: Any) -> Any:  # noqa: ANN401 - the hook's own
    with _own_faults_in_one_line():
        from backlit.pipeline import build  # noqa: PLC0415 - see the module's docstring

        return build(Path.cwd(), name, config_settings, arguments)


def _absolute(folder: str | None) -> str | None:
    """Keep a folder's meaning where the hook runs in a scratch copy."""
    return None if folder is None else str(Path(folder).absolute())


@contextmanager
def _own_faults_in_one_line() -> Iterator[None]:
    # SystemExit, as setuptools raises for a compiler's failure: every front end takes it, and none prints a traceback.
    from backlit.errors import BacklitError  # noqa: PLC0415 - see the module's docstring

    try:
        yield
    except BacklitError as error:
        from backlit.config import fault  # noqa: PLC0415 - only where there is one

        sys.stderr.write(f"backlit: error: {error}\n")
        fault.pass_on(error)
        raise SystemExit(error.exit_code) from None
