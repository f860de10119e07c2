"""What ran during one hook of a build backend.

Mechanisms together: an audit hook sees what the hook's own process starts (`audit`); a library in each process below
it (`preload`), or where that cannot be had shims on ``PATH`` (`shims`), see what is started there; and what a build
system wrote down of itself is read before it is deleted (`harvest`). The compilers list the headers that they open.
`start` and `Session` cost about a millisecond; all else is loaded when the first process is started, or when the trace
is read.

Variables that a session sets for the hook: ``_BACKLIT_TRACE`` (the folder of records); those of `preload.variables`;
for shims ``PATH`` with their folder first, ``SUNPRO_DEPENDENCIES`` (the list of headers of a gcc that is started by its
absolute path), ``CCACHE_PATH`` (where ccache finds the real compilers). For a build in a scratch copy those of
`prefix_map` besides, whether it is watched or not.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from backlit.config.settings import TRACES
from backlit.errors import ConfigError
from backlit.trace import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from backlit.model.invocation import Trace
    from backlit.trace.starts import Starts

MECHANISMS: Final = TRACES
"""What may be asked for. ``audit`` sees only what the hook's process starts, and sets no variable; ``shim`` adds shims
to it, ``preload`` the library; ``auto`` is the library on Linux where it can be had there, else shims, and ``audit`` on
other systems."""


_COMPILES: Final = frozenset({"distutils.unixccompiler", "distutils.compilers.C.unix"})
"""Modules that setuptools imports just before it compiles. Some of its versions look the compiler up on ``PATH`` before
they start it, so that the very first command would not go through a shim if these were made at its start."""


_IN_PROCESS: Final = {"Cython.Compiler.CodeGeneration": "cython"}
"""Tools that are called as functions, by a module that is loaded once they work, not where they are only imported."""


class Session:
    """One hook, watched. Made by `start`."""

    __slots__ = ("_mapped", "_starts", "environment", "folder", "library", "path", "prefix_map", "shims")

    def __init__(
        self, folder: str, shims: str, path: str, prefix_map: tuple[str, str] | None, library: str = ""
    ) -> None:
        self._mapped: Callable[[], None] | None = None
        self.environment: dict[str, str] = {}
        """Variables to set while the hook runs."""
        self.folder = folder
        """Absolute path of the folder of records; empty if nothing is to be watched."""
        self.shims = shims
        """Absolute path of the folder of shims, made when the first process is started; empty for none."""
        self.library = library
        """Absolute path of the library, made likewise; empty for none."""
        self.path = path
        """``PATH`` without any shims."""
        self.prefix_map = prefix_map
        """The scratch folder, and the folder that its path is to be replaced by in what compilers write."""
        self._starts: Starts | None = None

    def map_prefix_with(self, folder: str, environment: Mapping[str, str]) -> None:
        """Add the variables by which compilers keep the scratch folder's path out; `folder` is made when one starts."""
        from backlit.trace import prefix_map  # noqa: PLC0415 - a build in place needs none

        if (pair := self.prefix_map) is None:
            return
        self.environment.update(prefix_map.variables(folder, pair, environment, shims=bool(self.shims)))
        self._mapped = lambda: prefix_map.prepare(folder, pair, environment)
        if not self.folder:
            self.map_prefix()  # nobody hears what is started

    def map_prefix(self) -> None:
        """Make what the variables for the compilers name, the first time.

        :raises OSError: if it cannot be written.
        """
        mapped, self._mapped = self._mapped, None
        if mapped is not None:
            mapped()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Watch what this process starts, until the block is left. Exceptions pass."""
        if not self.folder:
            yield
            return
        audit.push(self)
        try:
            if self.prefix_map and not _COMPILES.isdisjoint(sys.modules):
                self._heard().watch()  # the import was an earlier build's, and will not be heard
            yield
        finally:
            audit.pop(self)
            if self._starts is not None:
                self._starts.close()

    @property
    def quiet(self) -> bool:
        """True if this process has started no other."""
        return self._starts is None or not self._starts.any

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Take an audit event; never raises."""
        if event == "import":
            if arguments[0] in _COMPILES:
                self._heard().watch()
            elif arguments[0] in _IN_PROCESS:
                self._heard().called(_IN_PROCESS[arguments[0]], arguments[0])
        elif event != "shutil.rmtree" or not self.quiet:
            self._heard().hear(event, arguments)

    def read(self) -> Trace:
        """Give all that was seen, understood, in an order that does not depend on process ids.

        Never raises for what it reads: a fault is a sentence in the trace.
        """
        if not self.folder or self.quiet:
            from backlit.model.invocation import Mechanism, Trace  # noqa: PLC0415 - a pure build needs none

            return Trace(mechanisms=(Mechanism.AUDIT,) if self.folder else ())
        from backlit.trace.reading import read  # noqa: PLC0415 - likewise

        heard = self._heard()
        return read(self, heard)._replace(tried=tuple(sorted(heard.tried.items())))

    def _heard(self) -> Starts:
        if self._starts is None:
            from backlit.trace.starts import Starts  # noqa: PLC0415 - a pure build starts nothing

            self._starts = Starts(self)
        return self._starts


def start(
    folder: Path,
    *,
    mechanism: str,
    environment: Mapping[str, str],
    prefix_map: tuple[str, str] | None = None,
    made: Path | None = None,
) -> Session:
    """Prepare to watch one hook.

    `folder` is private to the session, exists, and outlives it; `environment` is what the hook would run with. `made`
    is where the library and what compilers are told by are, if an earlier session of the build has made them, and where
    they go if not: `folder`, unless it is given.
    `prefix_map` names a scratch folder and the folder it is a copy of: compilers are told to write the latter.

    :raises ConfigError: if `mechanism` is none that there is, or none that there is on this system.
    """
    if mechanism not in MECHANISMS:
        raise ConfigError(f"no mechanism is called {mechanism!r}", where="trace", cure=f"use {', '.join(MECHANISMS)}")
    if mechanism in {"shim", "audit", "preload"} and sys.platform != "linux":
        raise ConfigError(f"mechanism {mechanism!r} works on Linux only", where="trace", cure="use auto or off")
    home = os.path.abspath(folder)  # noqa: PTH100 - pathlib's way costs more, and this is on the path of every hook
    tools = os.path.abspath(made or folder)  # noqa: PTH100 - likewise
    if mechanism == "off":
        session = Session("", "", "", prefix_map)
        session.map_prefix_with(f"{tools}/backlit-specs", environment)
        return session
    records = f"{home}/trace"
    library = _library(tools, mechanism, environment)
    # With the library, PATH stays as it is, but for the one compiler that no variable tells of a scratch folder.
    shimmed = mechanism not in {"audit", "preload"} and not (library and not _needs_shims(prefix_map))
    shims = f"{home}/backlit-shims" if shimmed and sys.platform == "linux" and ":" not in home else ""
    for path in (records, f"{records}/records", f"{records}/deps"):
        os.makedirs(path, mode=0o700, exist_ok=True)  # noqa: PTH103 - likewise
    entries = (environment.get("PATH") or os.defpath).split(os.pathsep)
    path = os.pathsep.join(entry for entry in entries if not entry.endswith("/backlit-shims"))
    session = Session(records, shims, path, prefix_map, library)
    if shims or library:
        session.environment = _variables(session, environment)
    session.map_prefix_with(f"{tools}/backlit-specs", {**environment, "PATH": path})
    return session


def _needs_shims(pair: tuple[str, str] | None) -> bool:
    """Tell whether only a shim maps a scratch folder for clang."""
    if pair is None:
        return False
    from backlit.trace.prefix_map import clang_is_told  # noqa: PLC0415 - a build in place needs none

    return not clang_is_told(pair)


def _library(home: str, mechanism: str, environment: Mapping[str, str]) -> str:
    """Give the path of the library to make; empty if it is not wanted, or cannot be had."""
    if mechanism not in {"auto", "preload"}:
        return ""
    from backlit.trace import preload  # noqa: PLC0415 - another mechanism needs none

    reason = preload.reason_against(home, environment)
    if reason and mechanism == "preload":
        raise ConfigError(f"mechanism 'preload' cannot be had: {reason}", where="trace", cure="use auto or shim")
    return "" if reason else f"{home}/backlit-preload.so"


def _variables(session: Session, environment: Mapping[str, str]) -> dict[str, str]:
    variables = {"_BACKLIT_TRACE": session.folder}
    if session.shims:
        variables["PATH"] = f"{session.shims}:{session.path}"
    if session.library:
        from backlit.trace import preload  # noqa: PLC0415 - likewise

        return variables | preload.variables(session.library, session.folder, environment)
    if "CCACHE_PATH" not in environment:
        # ccache keys its cache by the compiler's file: it must find the real one, not a shim made today.
        variables["CCACHE_PATH"] = session.path
    # gcc takes what follows a space for the name of a target, and takes only one of the two variables. ccache 4.7
    # reports success and leaves no object where SUNPRO_DEPENDENCIES is set: where it may run, only gcc's shim sets it.
    taken = {"SUNPRO_DEPENDENCIES", "DEPENDENCIES_OUTPUT"} & environment.keys()
    if not taken and " " not in session.folder and not _may_run_ccache(session.path, environment):
        variables["SUNPRO_DEPENDENCIES"] = f"{session.folder}/deps/session"
    return variables


def _may_run_ccache(path: str, environment: Mapping[str, str]) -> bool:
    if any("ccache" in environment.get(name, "") for name in _COMPILER_VARIABLES):
        return True
    # sccache's server keeps the variable beyond the build.
    names = ("ccache", "sccache")
    return any(os.path.exists(f"{folder}/{name}") for folder in path.split(os.pathsep) for name in names)  # noqa: PTH110


_COMPILER_VARIABLES: Final = (
    "CC",
    "CXX",
    "PATH",
    "CMAKE_C_COMPILER_LAUNCHER",
    "CMAKE_CXX_COMPILER_LAUNCHER",
    "RUSTC_WRAPPER",
)
