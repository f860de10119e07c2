"""What ran during the build: commands as they were given, and what they mean."""

from enum import StrEnum
from typing import NamedTuple

from backlit.model.names import NameKind


class Mechanism(StrEnum):
    """How a command, or a file that it read, was seen."""

    AUDIT = "audit"
    """The hook's own process started it: a Python audit event."""
    SHIM = "shim"
    """A program of the same name, earlier on ``PATH``, wrote it down and became it."""
    PRELOAD = "preload"
    """A library that the loader put into its process wrote it down."""
    NINJA = "ninja"
    """Read from a build folder's ``build.ninja`` and ``.ninja_deps``."""
    CMAKE = "cmake"
    """Read from a build folder's ``CMakeCache.txt``."""
    DEPFILE = "depfile"
    """The compiler's own list of the headers it opened."""


class Invocation(NamedTuple):
    """One command that the hook, or a process below it, started."""

    program: str
    """Absolute path of what ran; the name as given where it was not found."""
    arguments: tuple[str, ...]
    """The arguments after the program's name, in order, response files (``@file``) put in place where they could be
    read."""
    cwd: str
    """Absolute path of the folder it was started in."""
    mechanism: Mechanism
    """How it was seen."""
    status: int | None = None
    """Its exit status; null where it was not waited for."""
    found: bool = True
    """False if no such program exists: the start itself failed."""
    variables: tuple[str, ...] | None = None
    """Of pkg-config, each variable that says where it looks, ``NAME=VALUE``; null where they are not known."""


class Role(StrEnum):
    """What a compiler driver was asked to do."""

    COMPILE = "compile"
    """Source to object file (``-c``), or to assembly or preprocessed text."""
    LINK = "link"
    """Objects to a library or program."""
    COMPILE_AND_LINK = "compile-and-link"
    """Source straight to a library or program."""
    PROBE = "probe"
    """A question about itself (``--version``, ``-dumpmachine``), or no input at all."""


class Compilation(NamedTuple):
    """One compiler driver's command, understood."""

    invocation: Invocation
    """The command."""
    family: str
    """The compiler's family, as its table names it: ``gcc``, ``clang``, ``gfortran``, ``rustc``, ``ld``, ..."""
    language: str
    """``c``, ``cxx``, ``fortran``, ``rust``, ``asm``, ``cuda``, ``cython``; empty for a pure link."""
    role: Role
    """What it was asked to do."""
    sources: tuple[str, ...] = ()
    """Absolute paths of the source files named, in order."""
    objects: tuple[str, ...] = ()
    """Absolute paths of object files and static archives named, in order."""
    output: str | None = None
    """Absolute path of the output; null if not named."""
    libraries: tuple[str, ...] = ()
    """Names after ``-l``, in order, may repeat; ``:libfoo.a`` keeps its colon."""
    library_files: tuple[str, ...] = ()
    """Absolute paths of shared libraries named by path, in order."""
    library_dirs: tuple[str, ...] = ()
    """Absolute paths after ``-L``, in order."""
    static_names: tuple[str, ...] = ()
    """Names after ``-l`` that stood between ``-Bstatic`` and ``-Bdynamic``, or all of them under ``-static``."""
    include_dirs: tuple[str, ...] = ()
    """Absolute paths after ``-I``, ``-isystem``, ``-iquote``, ``-idirafter``, in order."""
    headers: tuple[str, ...] = ()
    """Absolute real paths of every header it opened, once each, in its order; empty where no depfile was seen."""
    flags: tuple[str, ...] = ()
    """Flags that matter to a packager (``-std=``, ``-march=``, ``-O``, ``-flto``, ``-fsanitize=``, ...), in order."""
    rpaths: tuple[str, ...] = ()
    """Values of ``-rpath``, in order."""


class Query(NamedTuple):
    """One question to pkg-config or to a ``*-config`` program."""

    invocation: Invocation
    """The command."""
    tool: str
    """``pkg-config``, or the program's own name, such as ``krb5-config``."""
    modules: tuple[str, ...] = ()
    """pkg-config modules asked for, without version conditions, in order; empty for a ``*-config`` program."""
    constraints: tuple[str, ...] = ()
    """Version conditions as given, such as ``libxml-2.0 >= 2.9``, in order."""
    answered: bool | None = None
    """False if the answer was no; null if not known."""


class Search(NamedTuple):
    """One library, or header of it, that a build system looked for by itself, as its own record tells."""

    tool: str
    """Who looked: ``cmake``, ``meson``, ``configure``."""
    sense: NameKind
    """In which sense `name` is meant."""
    name: str
    """As it was looked for: ``ZLIB``, ``zlib.h``, ``z``."""
    found: bool
    """Whether it was there."""
    version: str = ""
    """The version that was found, as the build system has it; empty if it does not say."""
    path: str = ""
    """Absolute path of a file or folder that was found; empty if it does not say."""
    record: str = ""
    """The file that tells, relative to the build folder: ``CMakeCache.txt``."""
    certain: bool = True
    """False if `name` is only the beginning of a variable's name, and may be no library's at all."""


class Run(NamedTuple):
    """One run of a build tool that is neither a compiler nor a query: cmake, ninja, swig, git, ..."""

    invocation: Invocation
    """The command."""
    tool: str
    """The tool's name, as its table names it."""
    probe: bool = False
    """True if it was only asked for its version or help."""


class Trace(NamedTuple):
    """All that was seen of a build, understood; every tuple in the order seen."""

    compilations: tuple[Compilation, ...] = ()
    """Commands of compiler and linker drivers."""
    queries: tuple[Query, ...] = ()
    """Questions to pkg-config and ``*-config`` programs."""
    runs: tuple[Run, ...] = ()
    """Other build tools."""
    searches: tuple[Search, ...] = ()
    """What build systems looked for by themselves."""
    tried: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Sources that setup.py compiled only to learn something: absolute path, and the names they include, in order."""
    ignored: int = 0
    """How many commands were seen and are of no interest."""
    mechanisms: tuple[Mechanism, ...] = ()
    """Which mechanisms were at work, sorted."""
    missed: tuple[str, ...] = ()
    """What these mechanisms cannot see, or did not, one sentence each, sorted."""
    faults: tuple[str, ...] = ()
    """Records that could not be read, one sentence each."""

    @property
    def programs(self) -> frozenset[str]:
        """Absolute paths of all that ran, where they are known."""
        seen: tuple[Compilation | Query | Run, ...] = (*self.compilations, *self.queries, *self.runs)
        return frozenset(path for item in seen if (path := item.invocation.program).startswith("/"))
