"""Native code in files: what a binary's own headers say."""

from typing import NamedTuple


class VersionFloor(NamedTuple):
    """The newest symbol version of one library that a binary asks for: it runs on nothing older."""

    soname: str
    """The library that must provide the version: ELF ``vn_file``, such as ``libc.so.6``."""
    name: str
    """The family of the version, such as ``GLIBC`` or ``GLIBCXX``."""
    version: str
    """The newest version of that family asked for, such as ``2.34``; by number, not by text.
    Empty if the name has no number."""


class PythonApi(NamedTuple):
    """How much of CPython's C API a binary imports, by the names of the symbols."""

    limited: bool
    """True if all names belong to the stable ABI (PEP 384), and, for PE, none is imported from the DLL of one
    version. It must be true of a module for the stable ABI; it may be true of another, since what is compiled in from
    the headers of one version leaves no name."""
    floor: str | None
    """The oldest Python whose stable ABI has all of these names, such as ``3.8``; null where `limited` is false."""
    beyond: tuple[str, ...] = ()
    """Names that the stable ABI does not have, sorted; no more than the first ten."""


class DlopenNote(NamedTuple):
    """A library that is opened while running, as the binary itself declares it (``.note.dlopen``)."""

    sonames: tuple[str, ...]
    """Names to try, the best first."""
    feature: str = ""
    """What it is for; empty if not said."""
    description: str = ""
    """What it is for, in a sentence; empty if not said."""
    priority: str = ""
    """``required``, ``recommended`` or ``suggested``; empty if not said."""


class PackageNote(NamedTuple):
    """The distribution's package that a binary was built for, as it says itself (``.note.package``)."""

    type: str
    """The kind of package: ``deb``, ``rpm``, ``apk``, ...; empty if not said."""
    name: str
    """The package's name; empty if not said."""
    version: str
    """The package's version; empty if not said."""
    os_cpe: str = ""
    """The distribution, as a CPE name; empty if not said."""


class LinkedCrate(NamedTuple):
    """A Rust crate that a binary was built from, as cargo-auditable wrote it down (``.dep-v0``)."""

    name: str
    """The crate's name."""
    version: str
    """Its version."""
    source: str
    """``crates.io``, ``registry``, ``git``, ``local``, or what else stands there."""
    kind: str = "runtime"
    """``runtime``, or ``build`` for what only build scripts and macros use."""
    root: bool = False
    """True for the crate that was built itself."""


class NativeFile(NamedTuple):
    """One binary, read from its own headers; the file name and the wheel's tag have no say.

    A universal Mach-O file is one of these for each architecture in it, with the same path.
    """

    path: str
    """Path inside the artifact, with ``/``."""
    format: str
    """``elf``, ``macho`` or ``pe``."""
    kind: str
    """``shared``, ``executable``, ``object``, or ``other``: from the header's file type, and ``DF_1_PIE``. A Mach-O
    bundle is ``shared``."""
    architecture: str
    """The machine it runs on, as its system names it: ELF ``x86_64``, ``aarch64``, ``riscv64``, ...; Mach-O ``x86_64``,
    ``arm64``, ``arm64e``, ...; PE ``AMD64``, ``ARM64``, ``x86``, ...; ``unknown-<number>`` for a machine number
    without a name here."""
    bits: int
    """32 or 64."""
    byteorder: str
    """``little`` or ``big``."""
    needed: tuple[str, ...] = ()
    """Libraries the loader must find, as recorded: ELF ``DT_NEEDED``; Mach-O ``LC_LOAD_DYLIB``, ``LC_REEXPORT_DYLIB``
    and ``LC_LOAD_UPWARD_DYLIB``; the DLLs of PE's import table. In file order, may repeat."""
    soname: str | None = None
    """The name others link it by: ELF ``DT_SONAME``, Mach-O ``LC_ID_DYLIB``, the name in PE's export table; null if it
    has none."""
    rpath: tuple[str, ...] = ()
    """Folders searched before the environment's: ELF ``DT_RPATH``, split at ``:``; Mach-O ``LC_RPATH``.
    In file order."""
    runpath: tuple[str, ...] = ()
    """Folders searched after the environment's: ELF ``DT_RUNPATH``, split at ``:``. In file order."""
    versions: tuple[VersionFloor, ...] = ()
    """Symbol-version floors, one a library and family, sorted: ELF ``.gnu.version_r``."""
    interpreter: str | None = None
    """The loader the program asks for: ELF ``PT_INTERP``, Mach-O ``LC_LOAD_DYLINKER``; null if none."""
    build_id: str | None = None
    """The linker's id of this build, lower-case hexadecimal: ELF ``NT_GNU_BUILD_ID``, Mach-O ``LC_UUID``, GUID and age
    of PE's ``RSDS`` record as symbol servers spell them; null if none."""
    comments: tuple[str, ...] = ()
    """What compilers and linkers wrote of themselves, sorted, no repeats: ELF ``.comment``; the tools of Mach-O
    ``LC_BUILD_VERSION``; PE's linker version and ``Rich`` header. Empty if stripped."""
    size: int | None = None
    """Size of the file, in bytes; of an architecture's part in a universal Mach-O file."""
    weak: tuple[str, ...] = ()
    """Libraries that the loader may do without: Mach-O ``LC_LOAD_WEAK_DYLIB``. In file order."""
    delayed: tuple[str, ...] = ()
    """Libraries that are loaded at their first use: PE's delay-load table, Mach-O ``LC_LAZY_LOAD_DYLIB``.
    In file order."""
    reexported: tuple[str, ...] = ()
    """Those of `needed` whose symbols it offers as its own: Mach-O ``LC_REEXPORT_DYLIB``. In file order."""
    system: str | None = None
    """The operating system it runs on: ``linux``, ``android``, ``freebsd``, ``macos``, ``ios``, ``windows``, ...;
    null if nothing in it says so, as in many ELF files."""
    system_floor: str | None = None
    """The oldest version of that system it says it runs on, such as ``11.0``: Mach-O ``LC_BUILD_VERSION`` or
    ``LC_VERSION_MIN_*``, PE's subsystem version, the kernel of ELF ``NT_GNU_ABI_TAG``; null if none."""
    sdk: str | None = None
    """Version of the SDK it was built with: Mach-O ``LC_BUILD_VERSION`` or ``LC_VERSION_MIN_*``; null if none."""
    libc: str | None = None
    """The C library it needs, for ELF: ``glibc``, ``musl`` or ``bionic``; null if nothing in it says so."""
    python: PythonApi | None = None
    """What it imports of CPython's C API; null if nothing, or if it cannot be told."""
    dlopen: tuple[DlopenNote, ...] = ()
    """Libraries it declares to open while running, in file order."""
    package: PackageNote | None = None
    """The distribution's package it says it belongs to; null if it does not say."""
    crates: tuple[LinkedCrate, ...] = ()
    """Rust crates it says it was built from, sorted; empty if it does not say."""
