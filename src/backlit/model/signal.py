"""What a source tree says of its native needs, as a scanner read it: names unresolved, nothing judged."""

from enum import StrEnum
from typing import NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind


class Required(StrEnum):
    """Whether a build can do without."""

    YES = "yes"
    """The build fails without it, where the condition holds."""
    OPTIONAL = "optional"
    """The build goes on without it."""
    UNKNOWN = "unknown"
    """The source does not say."""


class Scope(StrEnum):
    """Which part of the tree a file belongs to; told by folder and file names."""

    BUILD = "build"
    """What the build reads or compiles."""
    VENDORED = "vendored"
    """A copy of another project."""
    TEST = "test"
    """Tests and benchmarks."""
    EXAMPLE = "example"
    """Examples and demonstrations."""
    DOC = "doc"
    """Documentation."""
    TOOLING = "tooling"
    """Continuous integration, containers, development environments, packaging of distributions."""


class Condition(NamedTuple):
    """When a statement of the source holds. All parts together; empty parts say nothing."""

    platforms: tuple[str, ...] = ()
    """``sys.platform`` values on which it holds, such as ``("linux", "darwin")``, sorted; empty: on all."""
    marker: str = ""
    """The rest of the condition as an environment marker (PEP 508); empty if there is none or it is no marker."""
    switch: str = ""
    """What somebody sets to turn it on or off: ``environment PYCARES_USE_SYSTEM_LIB``, ``option with-ssl``."""


class Signal(NamedTuple):
    """One name of a native library, at one place of the source."""

    sense: NameKind
    """In which sense `name` is meant."""
    name: str
    """As written: ``libxml-2.0``, ``ssl``, ``zlib.h``."""
    kind: Kind
    """What the source does with it: ``linked``, ``included``, ``queried``, ``loaded``, ``probed``, ``declared``."""
    where: str
    """File and line, from 1: ``setup.py:41``."""
    detail: str
    """What stands there, shortened: ``libraries=['ssl']``."""
    scope: Scope = Scope.BUILD
    """Which part of the tree it stands in."""
    confidence: Confidence = Confidence.HIGH
    """How sure it is that a build does this with this name. ``low`` is a hint: prose, a comment, another project's
    file; it never names a library alone."""
    required: Required = Required.UNKNOWN
    """Whether the build can do without."""
    condition: Condition = Condition()
    """When it holds."""
    linkage: str = ""
    """The linkage that the source asks for: ``dynamic``, ``static``, ``dlopen``, ``header-only``; empty if it leaves it
    open."""
    version: str = ""
    """The constraint as written, such as ``>=2.9``; empty if there is none."""
    role: str = ""
    """``host``, ``run`` or ``build``; empty: as `kind` has it."""


class ToolUse(NamedTuple):
    """A program that the build runs: a generator, a build system, a probe."""

    name: str
    """The program, without folder or version: ``swig``, ``pkg-config``, ``cmake``."""
    where: str
    """File and line."""
    detail: str
    """What stands there."""
    scope: Scope = Scope.BUILD
    """Which part of the tree it stands in."""
    required: Required = Required.UNKNOWN
    """Whether the build can do without."""
    condition: Condition = Condition()
    """When it is run."""
    version: str = ""
    """The constraint as written."""
    confidence: Confidence = Confidence.HIGH
    """How sure it is that a build runs it."""


class LanguageUse(NamedTuple):
    """A language that the build compiles."""

    language: str
    """``c``, ``cxx``, ``fortran``, ``rust``, ``cuda``, ``asm``, ``objc``, ``cython``, ..."""
    where: str
    """File, with line where there is one."""
    detail: str = ""
    """What shows it: a source's name, ``language='c++'``, ``project(... LANGUAGES CXX)``."""
    scope: Scope = Scope.BUILD
    """Which part of the tree it stands in."""
    confidence: Confidence = Confidence.HIGH
    """How sure it is that a build compiles it."""
    condition: Condition = Condition()
    """When it is compiled."""


class VendoredCopy(NamedTuple):
    """A copy of another project inside the tree."""

    name: str
    """The project, by its own files where they say, else by its folder: ``libsodium``."""
    path: str
    """Its folder or file, without a ``/`` at the end."""
    where: str
    """What shows it: file and line."""
    detail: str = ""
    """What stands there."""
    version: str = ""
    """Its version, as its own files say; empty if they do not."""
    compiled: bool | None = None
    """Whether the build compiles it; None if the source does not say."""
    switch: str = ""
    """What somebody sets to use the system's copy instead."""
    sure: bool = True
    """False if nothing but its name shows that it is somebody else's: it counts where a record knows the name."""
    header: str = ""
    """The header that alone tells it, where it has no folder of its own: ``kiss_fft.h``."""


class CrateUse(NamedTuple):
    """A Rust crate that the lock file pins."""

    name: str
    """The crate."""
    version: str
    """Its version."""
    source: str
    """Where it comes from, as the lock file has it: ``registry+https://...``, ``git+https://...?tag=v1#<commit>``;
    empty for a crate of the tree."""
    checksum: str = ""
    """SHA-256 of its registry archive, hexadecimal; empty for git and path dependencies."""
    where: str = ""
    """File and line."""


class RequirementUse(NamedTuple):
    """A Python distribution that the build needs: a backend or a plugin."""

    requirement: str
    """As written, or the bare name where no place writes it (PEP 508)."""
    where: str
    """File and line."""
    detail: str = ""
    """What shows it."""
    required: Required = Required.YES
    """Whether the build can do without."""
    declared: bool = True
    """False if no table states it: a backend's name, a hook or an import shows it."""


Finding = Signal | ToolUse | LanguageUse | VendoredCopy | CrateUse | RequirementUse
"""Anything that a scanner says."""
