"""The report: what a build took, each fact with its evidence. Schema ``backlit-report-1``."""

from typing import Final, NamedTuple

from backlit.model.diagnostic import Diagnostic
from backlit.model.evidence import Evidence
from backlit.model.native import NativeFile

SCHEMA: Final = "backlit-report-1"
"""The schema's name. A change that is not an addition needs another number, and an ADR."""


class ProjectFacts(NamedTuple):
    """What was built."""

    name: str | None
    """The project's name as its metadata spells it; null if not known."""
    version: str | None
    """The version as the artifact's metadata spells it; null if not known."""
    source: str
    """What was given to build, without a folder: a folder's name, an sdist's or a wheel's file name."""


class VersionFacts(NamedTuple):
    """Which version the build was given, from where, and whether it obeyed."""

    value: str | None
    """The version, canonical (PEP 440); null if none was decided before the build."""
    origin: str
    """Where the value came from: ``config-setting``, ``environment``, ``tool-variable``, ``vcs``, ``pkg-info``,
    ``git-archival``, ``static``, ``distribution``, ``folder``, ``artifact``, or ``none``."""
    where: str = ""
    """The exact place: a variable's name, a file and line."""
    tool: str | None = None
    """The version tool in charge, by its project's name; null if none is known."""
    tool_evidence: str = ""
    """File and place that show which tool is in charge."""
    injected_by: tuple[str, ...] = ()
    """What was set to tell the tool, such as ``SETUPTOOLS_SCM_PRETEND_VERSION_FOR_FOO``; empty if nothing was."""
    verified: bool | None = None
    """True if file name, metadata and version files of the artifact were opened and agree; null if not looked at."""


class BackendFacts(NamedTuple):
    """The real backend."""

    name: str
    """As pyproject.toml spells it, such as ``setuptools.build_meta``."""
    version: str | None = None
    """Version of the distribution that provides it; null if not known."""
    hook: str = ""
    """The hook that ran, such as ``build_wheel``."""


class PlatformFacts(NamedTuple):
    """Build and host machine, in the sense of PEP 725."""

    build: str
    """The machine the build ran on, such as ``linux-x86_64``."""
    host: str | None
    """The machine the artifact runs on, from its binaries; the same form; null if it has none."""
    cross: bool | None
    """True if the two differ; null if the host is not known."""
    python: str = ""
    """Implementation and version of the interpreter that ran the hook, such as ``cpython-3.11``."""


class CompilerFacts(NamedTuple):
    """One compiler that took part."""

    family: str
    """``gcc``, ``clang``, ``gfortran``, ``rustc``, ..."""
    name: str
    """The name it was called by, without a folder, such as ``x86_64-linux-gnu-gcc``."""
    version: str | None
    """Its own version, such as ``12.2.0``; null if it did not tell."""
    target: str | None
    """The machine it compiles for, as it says (``-dumpmachine``); null if it did not tell."""
    machine: str | None = None
    """Which of :class:`PlatformFacts` that is: ``host``, for which the artifact is, or ``build``, for what only runs
    while it is built; null if not known, or if there is no artifact with binaries. ``host`` where the two are one."""
    languages: tuple[str, ...] = ()
    """Languages compiled with it, sorted: ``c``, ``cxx``, ``fortran``, ``rust``, ``asm``."""
    compilations: int = 0
    """How many sources were compiled."""
    links: int = 0
    """How many links were made."""
    flags: tuple[str, ...] = ()
    """Flags that matter to a packager, sorted, no repeats."""
    package: str | None = None
    """PURL of the package that owns it on this machine; null if not known."""
    marker: str | None = None
    """Platforms on which the source has it compiled, as an environment marker (PEP 508); null if on all, or not
    known."""
    where: tuple[str, ...] = ()
    """Places of the source that show what is compiled, file and line, sorted; empty after a build."""


class ToolFacts(NamedTuple):
    """One build tool that ran."""

    name: str
    """Its name, such as ``cmake`` or ``pkg-config``."""
    id: str | None = None
    """DepURL, such as ``dep:generic/cmake``; null if not known."""
    runs: int = 0
    """How often it ran."""
    used: bool = True
    """False if it was only asked for its version."""
    package: str | None = None
    """PURL of the package that owns it on this machine; null if not known."""
    required: str = "unknown"
    """Whether a build can do without: ``yes``, ``optional`` or ``unknown``, as the source says."""
    marker: str | None = None
    """Platforms on which the source has it run, as an environment marker (PEP 508); null if on all, or not known."""
    switches: tuple[str, ...] = ()
    """What somebody sets to have it run, or not, sorted: ``environment FOO_USE_CMAKE``, ``option with-docs``."""
    where: tuple[str, ...] = ()
    """Places of the source that name it, file and line, sorted; empty after a build."""


class Names(NamedTuple):
    """What a library is called, each kind apart; sorted, no repeats. Only names that were seen."""

    pkgconfig: tuple[str, ...] = ()
    """pkg-config modules."""
    link: tuple[str, ...] = ()
    """Names after ``-l``."""
    soname: tuple[str, ...] = ()
    """ELF ``DT_NEEDED`` or ``DT_SONAME``."""
    header: tuple[str, ...] = ()
    """Headers, relative to their include folder."""
    cmake: tuple[str, ...] = ()
    """CMake packages."""
    crate: tuple[str, ...] = ()
    """Cargo crates that wrap it."""
    framework: tuple[str, ...] = ()
    """macOS frameworks."""


class PackageRef(NamedTuple):
    """A distribution's package that holds files of the library on the build machine."""

    purl: str
    """Package URL, such as ``pkg:deb/debian/libssl-dev@3.0.15-1?arch=amd64``."""
    role: str
    """``host``: needed to build against it. ``run``: needed to run with it. ``build``: runs during the build."""


class UnownedFile(NamedTuple):
    """A file of a library that no package of the build machine has: built there, or put there by hand."""

    path: str
    """Where it is, links resolved, from the folder for its kind on: ``lib/libfoo.so.1.2``, ``include/foo.h``.
    :attr:`RunFacts.unowned` has it whole."""
    sha256: str | None
    """SHA-256 of its content, hexadecimal; null if it could not be read."""
    soname: str | None = None
    """What a binary linked with it needs; null for a header, an archive, or a library without one."""
    version: str | None = None
    """Version in the .pc file beside it that names it; null if there is none, or several disagree."""


class Library(NamedTuple):
    """One native library, with all that was seen of it."""

    id: str
    """DepURL: ``dep:generic/openssl``. A name that nothing resolves keeps itself: ``dep:generic/<name>``."""
    canonical: str
    """``true`` or ``false``: whether the PEP 804 registry lists the id; ``unknown`` if the name was not resolved."""
    role: str
    """``host``: linked, or its headers compiled in. ``run``: opened while running. ``build``: only used by a tool that
    runs during the build."""
    linkage: tuple[str, ...]
    """Sorted: ``dynamic``, ``static``, ``header-only``, ``dlopen``, ``vendored``; empty if never linked."""
    direct: bool
    """False if it is opened only because another library's headers, .pc file or NEEDED pull it in."""
    required: str
    """``yes``, ``optional`` or ``unknown``."""
    used: bool
    """False if asked for but neither linked into anything nor its headers compiled in."""
    names: Names
    """What it was called."""
    version: str | None = None
    """Its version on the build machine, as its .pc file or the build system says; of a copy that is compiled in, as the
    copy's own files say; null if not known."""
    packages: tuple[PackageRef, ...] = ()
    """Who owns its files on the build machine, sorted; empty if unowned or not looked up."""
    unowned: tuple[UnownedFile, ...] = ()
    """Its files that were looked up and that no package has, sorted: what is linked, else the headers that the project
    names."""
    evidence: tuple[Evidence, ...] = ()
    """All that was seen of it, sorted."""
    sides: tuple[str, ...] = ()
    """The sides that evidence comes from, sorted: ``artifact``, ``build``, ``source``. Several agree that it is taken;
    where they contradict each other, a diagnostic says so."""
    marker: str | None = None
    """Platforms on which the source asks for it, as an environment marker (PEP 508), such as ``sys_platform ==
    "darwin"``; null if on all, or not known."""
    switches: tuple[str, ...] = ()
    """What somebody sets to choose it, or another in its place, sorted: ``environment PYCARES_USE_SYSTEM_LIB``,
    ``option --with-ssl``, ``feature vendored``, ``macro HAVE_SASL``."""
    provider: str | None = None
    """Which one a build takes where nobody chooses, if the tree has a copy of it, or fetches one: ``vendored``,
    ``system``, or ``unknown``; null if there is no copy."""


class BuildRequirement(NamedTuple):
    """One Python distribution that the build needs: a backend, a plugin, or what its code imports."""

    name: str
    """Normalized name."""
    specifier: str = ""
    """Versions that will do, as written, such as ``>=61``; empty for any."""
    marker: str | None = None
    """Where it is needed, as an environment marker (PEP 508); null if everywhere."""
    required: str = "yes"
    """``yes``, or ``optional`` where the build's code goes on without it."""
    declared: bool = True
    """False if no table of the project states it: its code imports it, or it is a backend or a hook that it names."""
    where: tuple[str, ...] = ()
    """Places that show it, file and line, sorted."""
    detail: tuple[str, ...] = ()
    """What stands there, sorted: ``build-system.requires``, ``setup_requires``, ``import numpy``."""


class Crate(NamedTuple):
    """One Rust crate compiled in, or pinned by a lock file."""

    name: str
    """The crate's name."""
    version: str
    """Its version."""
    checksum: str | None = None
    """SHA-256 of its registry archive, hexadecimal; null for a git or path dependency."""
    source: str | None = None
    """Where it comes from, as Cargo.lock has it: ``registry+https://...``, ``git+https://...?tag=v1#<revision>``; null
    for a crate of the tree itself, or if no lock file says."""
    origin: str = "unknown"
    """``registry``, ``git``, or ``path`` for what lies in the tree; ``unknown`` if only a binary names it."""
    url: str | None = None
    """The registry's or the repository's address, as the lock file has it, without what selects a revision; null for
    what lies in the tree."""
    revision: str | None = None
    """The commit that the lock file pins, hexadecimal; null for what is not from git."""
    where: str = ""
    """File and line of the lock file; empty if only a binary names it."""


class Coverage(NamedTuple):
    """What the observation could see; it never claims to be complete."""

    mechanism: tuple[str, ...]
    """Which mechanisms were at work, sorted; empty if the build was not observed."""
    seen: int
    """How many commands were seen."""
    missed: tuple[str, ...]
    """What could not be seen, one sentence each, sorted."""


class RunFacts(NamedTuple):
    """What differs from run to run; may be dropped without loss to the rest."""

    backlit: str
    """backlit's own version."""
    seconds: float | None = None
    """Wall time of the real backend's hook, in seconds."""
    source_path: str | None = None
    """Absolute path that was built."""
    programs: tuple[str, ...] = ()
    """Absolute paths of the compilers and tools that ran, sorted, links kept as called."""
    unowned: tuple[str, ...] = ()
    """Absolute paths of the libraries' files that no package has, sorted, links resolved."""


class Report(NamedTuple):
    """One build, scan or wheel: what native software it takes."""

    project: ProjectFacts
    """What was built."""
    version: VersionFacts
    """Which version it was given."""
    backend: BackendFacts | None
    """The real backend; null if nothing was built."""
    platform: PlatformFacts
    """Build and host machine."""
    coverage: Coverage
    """What could be seen."""
    compilers: tuple[CompilerFacts, ...] = ()
    """Compilers that took part, sorted."""
    tools: tuple[ToolFacts, ...] = ()
    """Build tools that ran, sorted."""
    libraries: tuple[Library, ...] = ()
    """Native libraries, sorted by id. The C library, the compilers' own run-time libraries and Python's headers are
    left out of it: every extension has them."""
    binaries: tuple[NativeFile, ...] = ()
    """Native files in the artifact, sorted by path."""
    crates: tuple[Crate, ...] = ()
    """Rust crates compiled in, sorted; of a source, those that its lock files pin."""
    requirements: tuple[BuildRequirement, ...] = ()
    """Python distributions that the build needs, sorted; of a source only. A tree that states none is read for them."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Findings, sorted."""
    run: RunFacts | None = None
    """What differs from run to run; null when left out."""
    schema: str = SCHEMA
    """Always ``backlit-report-1``."""
