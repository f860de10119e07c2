"""What the hook's own process started: audit events, understood as far as the moment demands.

Loaded at the first process. What must be settled at once: whether a shim will write the start down itself, whether the
program exists, and the library or the shims, which are made now. The rest is left to `reading`.
"""

from __future__ import annotations

import os
import shlex
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.trace import tries
from backlit.trace.records import Record, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backlit.trace import Session
    from backlit.trace.harvest import Harvest

LEAVES: Final = frozenset(
    {
        *("[", "cat", "cp", "date", "df", "dirname", "dpkg", "echo", "false", "file", "getconf", "git"),
        *("hg", "hostname", "id", "ldconfig", "ldd", "ln", "locale", "ls", "lsb_release", "mkdir", "mv"),
        *("nm", "objdump", "readelf", "rm", "strip", "svn", "sw_vers", "sysctl", "touch", "true", "tty"),
        *("uname", "which", "whoami"),
    }
)
"""Programs that start nothing of interest: for them alone nothing is made."""

FINDERS: Final = frozenset({"cmake", "cmake3", "meson", "meson.py"})
"""Programs that keep, beyond the build, the path of each program they find."""


class Starts:
    """All that one session heard."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.any = False
        """True once a process was started, or forked."""
        self.records: list[Record] = []
        """What no shim writes down, in order."""
        self.harvests: list[Harvest] = []
        """What was read of build folders before they were deleted."""
        self.tried: dict[str, tuple[str, ...]] = {}
        """What the sources include that were compiled only to learn something, by their paths."""
        self.faults: list[str] = []
        """What went wrong in here."""
        self.shimmed: frozenset[str] = frozenset()
        """Names of the shims that write commands down; empty while there are none."""
        self.loaded = False
        """True once the library is there for every process to load."""
        self.without_library = ""
        """Why it could not be made."""
        self.foreign = False
        """True if something was started with an environment of its own, below which nothing is seen."""
        self._pid = os.getpid()
        self._made = False
        self._hidden = False
        self._stands_in = False
        self._busy: set[int] = set()

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Take one event. Never raises: a fault is kept as a sentence."""
        me = threading.get_ident()
        if me in self._busy:
            return
        self._busy.add(me)
        try:
            if event == "shutil.rmtree":
                self._deleted(*arguments)
            else:
                self.any = True
                self._started(event, arguments)
        except Exception as error:  # noqa: BLE001 - nothing of ours may rise into the build
            self.faults.append(f"{event} was not understood: {_said(error)}")
        finally:
            self._busy.discard(me)

    def watch(self, *, shims: bool = True) -> None:
        """Make what sees below this process, the first time, or show it again. Never raises: a fault is kept.

        `shims` is false where the program that is about to start would keep their paths.
        """
        me = threading.get_ident()
        was_busy = me in self._busy
        self._busy.add(me)
        try:
            if shims and self._hidden:
                self._hidden = False
                os.rename(f"{self.session.shims}.off", self.session.shims)  # noqa: PTH104 - names as bytes gave them
            self._stand_in()  # before any process of ours: the loader looks for it in these too
            self.session.map_prefix()
            if shims:
                self._make_shims()
            self._make_library()
        except Exception as error:  # noqa: BLE001 - nothing of ours may rise into the build
            self.faults.append(f"no shims could be made: {_said(error)}")
        finally:
            if not was_busy:
                self._busy.discard(me)

    def _make_shims(self) -> None:
        session = self.session
        if not session.shims or self._made:
            return
        self._made = True
        from backlit.trace import shims  # noqa: PLC0415 - a build that starts only git pays nothing

        plan = shims.Plan(session.shims, session.path, session.prefix_map, record=not session.library)
        made = shims.create(plan)
        self.shimmed = made if plan.record else frozenset()

    def _make_library(self) -> None:
        """Compile the library, after the shims: making these asks compilers, which is nothing to write down."""
        if not self.session.library or self.loaded or self.without_library:
            return
        from backlit.trace import preload  # noqa: PLC0415 - likewise

        try:
            self.without_library = preload.create(self.session.library, self.session.path)
        except OSError as error:
            self.without_library = _said(error)
        self.loaded = not self.without_library

    def _stand_in(self) -> None:
        """Put something harmless where the loader is told to find the library, until it is needed."""
        if self.session.library and not self._stands_in:
            self._stands_in = True
            from backlit.trace import preload  # noqa: PLC0415 - likewise

            self.loaded = preload.stand_in(self.session.library)

    def called(self, tool: str, module: str) -> None:
        """Note a tool that works in this process, by one of its modules."""
        package = sys.modules.get(module.partition(".")[0])
        library, found, _ = (getattr(package, "__file__", None) or "").rpartition("/lib/")
        program = f"{library}/bin/{tool}" if found else tool
        self.any = True
        self._keep(Record("audit", program if os.path.exists(program) else tool, (), os.getcwd()))  # noqa: PTH109, PTH110

    def close(self) -> None:
        """Show the shims again if they were hidden: what still runs may use them."""
        if self._hidden:
            self.watch()

    def _started(self, event: str, arguments: Sequence[Any]) -> None:
        if event in {"os.fork", "os.forkpty"}:
            self.watch()
            return
        program, argv, cwd, environment = _NORMAL[event](*arguments)
        program, argv = os.fsdecode(program), tuple(os.fsdecode(part) for part in argv)
        name = os.path.basename(program)  # noqa: PTH119 - a name as given
        folder = os.path.abspath(os.fsdecode(cwd)) if cwd else os.getcwd()  # noqa: PTH100, PTH109 - likewise
        # exec replaces what would be the shim of itself, and a finder by absolute path is no shim's to send on.
        if self._is_finder(program, argv):
            self.watch(shims=False)
            self._hide_shims()
        elif name not in LEAVES and argv[1:] != ("--version",):
            self.watch()
        else:
            self._stand_in()
        search = _search_path(environment)
        self.foreign |= self._escapes(search, environment)
        path = _resolved(program, search, folder)
        if path is None and event == "os.exec":
            return  # os.execvp tries each folder of PATH in turn
        if path is None or not path.startswith(f"{self.session.shims}/") or not self.session.shims:
            self._keep(Record("audit", path or program, argv[1:], folder, found=path is not None))
        for source, names in tries.named_by(program, argv[1:], folder):
            self.tried[source] = tuple(dict.fromkeys((*self.tried.get(source, ()), *names)))
        if event == "os.system" or (argv[1:2] == ("-c",) and len(argv) > 2 and name in _SHELLS):  # noqa: PLR2004
            self._shell(argv[2], search, folder)

    def _escapes(self, search: Sequence[str], environment: Mapping[Any, Any] | None) -> bool:
        """Tell whether an environment of its own takes a program out of sight."""
        if self.loaded:
            return environment is not None and self.session.library not in _variable(environment, "LD_PRELOAD")
        return bool(self.session.shims) and self.session.shims not in search

    def _shell(self, line: str, search: list[str], cwd: str) -> None:
        """Note a program that a shell's plain command line names and that does not exist: a probe that failed."""
        try:
            words = shlex.split(line)
        except ValueError:
            return
        if words and _is_plain(words[0]) and _resolved(words[0], search, cwd) is None:
            self._keep(Record("audit", words[0], tuple(words[1:]), cwd, found=False))

    def _keep(self, record: Record) -> None:
        if os.getpid() == self._pid:
            self.records.append(record)
        elif record.found:
            # A forked process: its memory is lost with it.
            with Path(self.session.folder, "records", str(os.getpid())).open("ab") as file:
                file.write(encode(record))

    def _is_finder(self, program: str, argv: tuple[str, ...]) -> bool:
        """Tell whether a finder is started past its shim: by its path, or as a script of Python's."""
        if "/" not in program or program.startswith(f"{self.session.shims}/"):
            return False
        names = {os.path.basename(word) for word in (program, *argv[1:2])}  # noqa: PTH119 - names as given
        return not FINDERS.isdisjoint(names) or argv[1:3] == ("-m", "mesonbuild.mesonmain")

    def _hide_shims(self) -> None:
        """Keep cmake and meson from finding the shims.

        A cmake that was started by its absolute path has our folder on PATH and would keep the path of ``cc`` there
        in CMakeCache.txt, which may outlive us. The folder is back when the next process is started.
        """
        if self._made and not self._hidden and os.path.isdir(self.session.shims):  # noqa: PTH112
            os.rename(self.session.shims, f"{self.session.shims}.off")  # noqa: PTH104
            self._hidden = True

    def _deleted(self, path: Any, dir_fd: int | None = None, *_: object) -> None:  # noqa: ANN401 - as Python hands it
        if dir_fd is not None or os.getpid() != self._pid:
            return
        folder = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        if self.session.folder.startswith(f"{folder}/"):
            return
        from backlit.trace.harvest import gather  # noqa: PLC0415 - only a build that started something has build folders

        harvest = gather(folder)
        if not harvest.is_empty():
            self.harvests.append(harvest)


_Start = tuple[Any, "Sequence[Any]", Any, "Mapping[Any, Any] | None"]


def _popen(executable: Any, arguments: Any, cwd: Any, environment: Any) -> _Start:  # noqa: ANN401 - as Python hands it
    listed = [arguments] if isinstance(arguments, (str, bytes, os.PathLike)) else list(arguments)
    return executable or listed[0], listed, cwd, environment


def _exec(path: Any, arguments: Any, environment: Any) -> _Start:  # noqa: ANN401 - likewise
    return path, list(arguments), None, environment


def _system(command: Any) -> _Start:  # noqa: ANN401 - likewise
    return "/bin/sh", ["sh", "-c", command], None, None


_NORMAL: Final[dict[str, Callable[..., _Start]]] = {
    "subprocess.Popen": _popen,
    "os.exec": _exec,
    "os.posix_spawn": _exec,
    "os.system": _system,
}

_SHELLS: Final = frozenset({"sh", "bash", "dash", "ksh", "zsh"})


def _said(error: Exception) -> str:
    """Give an error's words without the paths that an OSError names: they differ from build to build."""
    return (error.strerror if isinstance(error, OSError) else None) or f"{type(error).__name__}: {error}"


def _search_path(environment: Mapping[Any, Any] | None) -> list[str]:
    """Give the entries of the ``PATH`` that a program is looked for on."""
    if environment is None:
        return os.get_exec_path()
    return (_variable(environment, "PATH") or os.defpath).split(os.pathsep)


def _variable(environment: Mapping[Any, Any], name: str) -> str:
    """Give a variable of an environment whose names may be bytes; empty if it is not there."""
    value = environment.get(name)
    if value is None and sys.platform != "win32":
        value = environment.get(os.fsencode(name))
    return os.fsdecode(value) if value else ""


def _resolved(program: str, search: Sequence[str], cwd: str) -> str | None:
    """Give the absolute path of what would run, links kept; None if nothing would."""
    for folder in [""] if "/" in program else search:
        path = os.path.normpath(os.path.join(cwd, folder, program))  # noqa: PTH118
        if os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113
            return path
    return None


def _is_plain(word: str) -> bool:
    """Tell whether a shell's first word is the bare name of a program."""
    return word.replace("-", "").replace("_", "").replace(".", "").replace("+", "").isalnum() and not _is_builtin(word)


def _is_builtin(word: str) -> bool:
    return word in _BUILTINS


_BUILTINS: Final = frozenset(
    {
        *(".", "alias", "bg", "break", "case", "cd", "command", "continue", "eval", "exec", "exit"),
        *("export", "fg", "for", "getopts", "hash", "if", "jobs", "local", "read", "readonly", "return"),
        *("set", "shift", "source", "time", "times", "trap", "type", "ulimit", "umask", "unalias"),
        *("unset", "until", "wait", "while", "function"),
    }
)
