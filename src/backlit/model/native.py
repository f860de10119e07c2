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


class NativeFile(NamedTuple):
    """One binary, read from its own headers; the file name and the wheel's tag have no say."""

    path: str
    """Path inside the artifact, with ``/``."""
    format: str
    """``elf``."""
    kind: str
    """``shared``, ``executable``, ``object``, or ``other``: from the header's file type, and ``DF_1_PIE``."""
    architecture: str
    """The machine it runs on, as the kernel names it: ``x86_64``, ``aarch64``, ``riscv64``, ...; ``unknown-<number>``
    for a machine number without a name here."""
    bits: int
    """32 or 64."""
    byteorder: str
    """``little`` or ``big``."""
    needed: tuple[str, ...] = ()
    """Libraries the loader must find, as recorded: ELF ``DT_NEEDED``. In file order, may repeat."""
    soname: str | None = None
    """The name others link it by: ELF ``DT_SONAME``; null if it has none."""
    rpath: tuple[str, ...] = ()
    """Folders searched before the environment's: ELF ``DT_RPATH``, split at ``:``. In file order."""
    runpath: tuple[str, ...] = ()
    """Folders searched after the environment's: ELF ``DT_RUNPATH``, split at ``:``. In file order."""
    versions: tuple[VersionFloor, ...] = ()
    """Symbol-version floors, one a library and family, sorted: ELF ``.gnu.version_r``."""
    interpreter: str | None = None
    """The loader the program asks for: ELF ``PT_INTERP``; null if none."""
    build_id: str | None = None
    """The linker's id of this build: ELF ``NT_GNU_BUILD_ID``, lower-case hexadecimal; null if none."""
    comments: tuple[str, ...] = ()
    """What the compilers wrote of themselves: ELF ``.comment``, sorted, no repeats; empty if stripped."""
    size: int | None = None
    """Size of the file, in bytes."""
