"""Which members of an artifact may be native code, and which are, by their first bytes."""

from __future__ import annotations

from typing import Final

HEAD: Final = 64
"""How many bytes from the start :func:`native_format` wants."""

_SMALLEST: Final = 4
"""Bytes of a magic: a file that is cut right behind it is native code still, and damaged."""

# Endings of text and data, so that a wheel of thousands of them is not opened member by member. Any other file is
# looked into: programs have no ending, and a library's may be a version number.
_ENDINGS: Final = """
    c cc cpp cu cuh cxx f f77 f90 h hh hpp hxx in inc asm pxd pxi pyf pyi pyx py pyc pth qml r rb rs sh bat cmd ps1
    sql tcl cjs class jar java js jsx mjs ts tsx vue css scss htm html xhtml j2 jinja jinja2 mako tmpl map
    cfg cmake conf dtd ini json jsonl lock pc pem proto toml typed xml xsd xsl xslt yaml yml
    ipynb license md mo po pot rst tex txt csv npy npz parquet pickle pkl tsv
    bmp eot gif icns ico jpeg jpg mp3 mp4 otf pdf png svg tif tiff ttc ttf wav webp woff woff2
    bz2 gz tar whl xz zip
"""
_NEVER_NATIVE: Final = frozenset(_ENDINGS.split())

_MACH_O: Final = frozenset({b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"})
_FAT_MACH_O: Final = frozenset({b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"})
_MOST_ARCHITECTURES: Final = 43
"""Of a universal Mach-O file; Java classes share its magic, and have at least 44 there. As file(1) has it."""


def may_be_native(name: str, size: int) -> bool:
    """Tell from a member's path and its size in bytes whether it needs looking into.

    A wheel's ``.dist-info`` holds metadata only, and is never looked into.
    """
    if size < _SMALLEST or name.partition("/")[0].endswith(".dist-info"):
        return False
    base = name.rpartition("/")[2]
    _, dot, ending = base.rpartition(".")
    return not dot or ending.lower() not in _NEVER_NATIVE


def is_named_as_native(name: str) -> bool:
    """Tell whether a member has the name of a library, a module or a program: it is then worth reading at once."""
    return name.endswith((".so", ".pyd", ".dll", ".dylib", ".exe")) or ".so." in name


def native_format(head: bytes, size: int) -> str | None:
    """Give the kind of native code that a file of `size` bytes is, in words, by its first bytes; None if it is none."""
    magic = head[:4]
    if magic == b"\x7fELF":
        return "an ELF file"
    if magic in _MACH_O or (magic in _FAT_MACH_O and 0 < int.from_bytes(head[4:8]) <= _MOST_ARCHITECTURES):
        return "a Mach-O file"
    if magic[:2] == b"MZ" and 0 < int.from_bytes(head[60:64], "little") < size - 4:
        return "a PE file"
    if magic == b"\0asm":
        return "a WebAssembly module"
    return "a static library" if head.startswith((b"!<arch>\n", b"!<thin>\n")) else None
