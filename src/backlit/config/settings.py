"""What the front end and the environment ask of backlit: config settings before variables before the table."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.config import fetched
from backlit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backlit.config.project import Project

PREFIX: Final = "backlit."
"""Config settings that start so are ours; all others are the real backend's."""

_TABLE_KEYS: Final = ("build-backend", "backend-path", "report", "trace", "version")
_SETTINGS: Final = ("version", "tag", "backend", "report", "trace", "log", "copy", "mapping")
TRACES: Final = ("auto", "off", "audit", "shim", "preload")
"""How a build can be observed; what each means is told in :mod:`backlit.trace`."""

_LOGS: Final = ("quiet", "info", "debug")
_COPIES: Final = ("auto", "always")
_MISMATCHES: Final = ("error", "warn")


class Setting(NamedTuple):
    """One value, and the place it came from."""

    value: str
    """As given."""
    where: str
    """The place: ``environment variable BACKLIT_VERSION``, ``config setting backlit.version``, ..."""
    origin: str
    """``config-setting``, ``environment`` or ``table``."""


class Settings(NamedTuple):
    """All settings of one hook call."""

    version: Setting | None
    """The version asked for; ``auto`` asks for the distribution's variables."""
    tag: Setting | None
    """The tag that a made-up repository gets, ``{version}`` in it stands for the version; None leaves it to the tool's
    own settings."""
    backend: Setting | None
    """The real backend."""
    report: Setting | None
    """Where the report goes: a folder, or a file ending ``.json``."""
    trace: str
    """``auto``, ``off`` or a mechanism's name."""
    log: str
    """``quiet``, ``info`` or ``debug``."""
    copy: str
    """``auto``: a scratch copy only where one is needed; ``always``: for every build that is not editable."""
    on_mismatch: str
    """``error`` or ``warn``: what happens where the artifact does not carry the version asked for."""
    rest: Mapping[str, Any] | None
    """The config settings that are the real backend's, as they came."""
    mappings: tuple[str, ...] = ()
    """Files and folders that add to the catalogue, in their order."""
    passed_over: str = ""
    """Which variables speak of another build than this one, and why, in a line; empty if none does."""


def read(project: Project, name: str | None, given: Mapping[str, Any] | None) -> Settings:
    """Read the settings of one hook call: `given` are its config settings, `name` is the project's if known.

    :raises ConfigError: if a setting of ours is not known or has no usable value.
    """
    table = project.table("tool", "backlit")
    _check_table(table)
    ours = _ours(given)

    def setting(key: str, *, default: str, choices: tuple[str, ...] = ()) -> str:
        found = _first(ours, table, key)
        if found is not None and choices and found.value not in choices:
            raise ConfigError(f"{found.value!r} is not one of {', '.join(choices)}", where=found.where)
        return found.value if found else default

    installer = fetched.by(project.root)
    return Settings(
        version=ours.get("version") or _version_variable(name, fetched_by=installer),
        tag=_tag(ours, table, fetched_by=installer),
        backend=ours.get("backend") or (None if installer else _variable("BACKLIT_BACKEND")),
        report=_first(ours, table, "report"),
        trace=setting("trace", default="auto", choices=TRACES),
        log=setting("log", default="info", choices=_LOGS),
        copy=_copy(ours),
        on_mismatch=_on_mismatch(table),
        rest=_rest(given),
        mappings=_mappings(given),
        passed_over=_passed_over(name, installer) if installer else "",
    )


def _passed_over(name: str | None, installer: str) -> str:
    """Say which variables are not read where an installer builds what another project needs."""
    given = [variable for variable in ("BACKLIT_VERSION", "BACKLIT_TAG", "BACKLIT_BACKEND") if _variable(variable)]
    if not given or (name and _variable(variable_for(name)) and given == ["BACKLIT_VERSION"]):
        return ""
    cure = f"{variable_for(name)} would be" if name and "BACKLIT_VERSION" in given else "config settings would be"
    return f"{', '.join(given)} not taken for {name or 'this project'}, which {installer} fetched by name; {cure}"


def _tag(ours: dict[str, Setting], table: dict[str, Any], *, fetched_by: str | None) -> Setting | None:
    found = ours.get("tag") or (None if fetched_by else _variable("BACKLIT_TAG"))
    value = _version_table(table).get("tag")
    if found is None and value is not None:
        found = Setting(str(value), f"{_VERSION_TABLE}.tag", "table")
    if found is not None and (found.value.count("{version}") != 1 or not _TAG.fullmatch(found.value)):
        raise ConfigError(f"{found.value!r} is no tag", where=found.where, cure="write it like 'release-{version}'")
    return found


def _copy(ours: dict[str, Setting]) -> str:
    """Read what only a front end says: it knows whether the tree is somebody's own."""
    found = ours.get("copy", Setting("auto", "", ""))
    if found.value not in _COPIES:
        raise ConfigError(f"{found.value!r} is not one of {', '.join(_COPIES)}", where=found.where)
    return found.value


def _mappings(given: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Read the one setting that may be given more than once."""
    value = (given or {}).get(f"{PREFIX}mapping") or []
    paths = [value] if isinstance(value, str) else value
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise ConfigError("needs a string, or a list of them", where=f"config setting {PREFIX}mapping")
    return tuple(filter(None, paths))


def _rest(given: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if given is None or not any(key.startswith(PREFIX) for key in given):
        return given
    return {key: value for key, value in given.items() if not key.startswith(PREFIX)}


def environment() -> dict[str, str]:
    """Give a copy of the environment as it is now."""
    return dict(os.environ)


def without_edit() -> str:
    """Give what ``BACKLIT`` says; empty if it is unset or off. Asked for each module that a process imports."""
    value = os.environ.get("BACKLIT", "")
    return "" if value == "0" else value


def variable_for(name: str) -> str:
    """Give the name of the variable that sets the version of one project."""
    return f"BACKLIT_VERSION_FOR_{suffix_of(name)}"


def suffix_of(name: str) -> str:
    """Give a project's name as variables carry it: upper case, each run of ``-_.`` one ``_``."""
    return re.sub(r"[-_.]+", "_", name).upper()


def private_variables(names: Mapping[str, str]) -> tuple[str, ...]:
    """Name the variables that speak of this build only: a build nested in it must not see them."""
    ours = {"BACKLIT", "BACKLIT_VERSION", "BACKLIT_TAG", "BACKLIT_BACKEND", "BACKLIT_REPORT"}
    ours |= {"_BACKLIT_ERROR", "_BACKLIT_SHARED"}
    return tuple(name for name in names if name in ours or name.startswith("BACKLIT_VERSION_FOR_"))


def _variable(name: str) -> Setting | None:
    # Empty counts as unset, as it does for most tools that read a version from a variable.
    value = os.environ.get(name, "")
    return Setting(value, f"environment variable {name}", "environment") if value else None


def _version_variable(name: str | None, *, fetched_by: str | None) -> Setting | None:
    return (name and _variable(variable_for(name))) or (None if fetched_by else _variable("BACKLIT_VERSION"))


def _first(ours: dict[str, Setting], table: dict[str, Any], key: str) -> Setting | None:
    found = ours.get(key) or _variable(f"BACKLIT_{key.upper()}")
    if found is None and isinstance(table.get(key), str):
        found = Setting(table[key], f"pyproject.toml: tool.backlit.{key}", "table")
    return found


def _ours(given: Mapping[str, Any] | None) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for key, value in (given or {}).items():
        if not key.startswith(PREFIX):
            continue
        where, name = f"config setting {key}", key.removeprefix(PREFIX)
        if name not in _SETTINGS:
            raise ConfigError("is not known", where=where, cure=f"known: {', '.join(PREFIX + s for s in _SETTINGS)}")
        if name == "mapping":
            continue
        if not isinstance(value, str):
            raise ConfigError("needs one string", where=where, cure="give it once")
        if value:
            found[name] = Setting(value, where, "config-setting")
    return found


def _check_table(table: dict[str, Any]) -> None:
    for key, value in table.items():
        where = f"pyproject.toml: tool.backlit.{key}"
        if key not in _TABLE_KEYS:
            raise ConfigError("is not known", where=where, cure=f"known: {', '.join(_TABLE_KEYS)}")
        if key in {"build-backend", "report", "trace"} and not isinstance(value, str):
            raise ConfigError("needs a string", where=where)


def _on_mismatch(table: dict[str, Any]) -> str:
    value = _version_table(table).get("on-mismatch", "error")
    if value not in _MISMATCHES:
        raise ConfigError(f"{value!r} is not one of {', '.join(_MISMATCHES)}", where=f"{_VERSION_TABLE}.on-mismatch")
    return str(value)


def _version_table(table: dict[str, Any]) -> dict[str, Any]:
    version = table.get("version", {})
    if not isinstance(version, dict) or set(version) - {"on-mismatch", "tag"}:
        raise ConfigError("needs a table with the keys on-mismatch and tag", where=_VERSION_TABLE)
    return version


_VERSION_TABLE: Final = "pyproject.toml: tool.backlit.version"

_TAG: Final = re.compile(r"[A-Za-z0-9][\w./+@-]*\{version\}[\w./+@-]*|\{version\}[\w./+@-]*")
"""A name that git takes for a tag, and no option could be made of."""
