"""Which machine is which: the one that the build ran on, those that the artifact is for, and what a compiler makes.

A machine is written ``<system>-<architecture>``, the system as :data:`sys.platform` has it, the architecture as the
system's binaries have it (`backlit.model.native`): ``linux-aarch64``, ``darwin-arm64``, ``win32-AMD64``.
"""

from __future__ import annotations

import platform
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit import binfmt
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.invocation import Compilation
    from backlit.model.native import NativeFile


class Machines(NamedTuple):
    """The machines of one build."""

    build: str
    """The one that the build ran on."""
    hosts: frozenset[str]
    """Those that the artifact's binaries are for; empty if it has none."""

    @classmethod
    def of(cls, binaries: Iterable[NativeFile]) -> Machines:
        """Give the machines of a build that made `binaries`."""
        hosts = {f"{system_of(binary)}-{binary.architecture}" for binary in binaries if binary.architecture != "MSIL"}
        return cls(this(), frozenset(hosts))

    def role(self, compilation: Compilation) -> str | None:
        """Say for which machine something was compiled or linked: ``host``, ``build``; None if that is not known.

        What runs on both is the host's: it may be in the artifact. ``build`` there is in cross builds alone.
        """
        made = made_for(compilation)
        if not made.isdisjoint(self.hosts):
            return "host"
        return "build" if self.hosts and self.build in made else None


def this() -> str:
    """Give the machine that this process runs on.

    On Linux its own program says so: tools for cross builds have :mod:`platform` tell of the host, and a program of 32
    bits may run on a machine of 64.
    """
    programs = ("/proc/self/exe", sys.executable) if sys.platform == "linux" else ()
    architectures = (_architecture_of(program) for program in programs)
    return f"{sys.platform}-{next(filter(None, architectures), None) or platform.machine()}"


def _architecture_of(program: str) -> str | None:
    try:
        return binfmt.architecture_of(Path(program))
    except OSError:
        return None  # a chroot need not have /proc, nor Python know where its program is


def system_of(binary: NativeFile) -> str:
    """Give the system a binary runs on, as :data:`sys.platform` names it; of ELF, Linux's alone need not say it."""
    formats = {"macho": "darwin", "pe": "win32"}
    names = {"macos": "darwin", "windows": "win32", None: formats.get(binary.format, "linux")}
    return names.get(binary.system, binary.system or "")


def made_for(compilation: Compilation) -> frozenset[str]:
    """Give the machines that a command compiles for, by its compiler's word and its flags; empty if that is not known.

    Several for Apple's compilers alone.
    """
    known = identify.identify(compilation.invocation.program, identify.target_flags(compilation.flags))
    machine = of_target(known.target) if known and known.target else None
    if machine is None:
        return frozenset()
    system, architecture = machine.split("-", 1)
    words = compilation.invocation.arguments
    chosen = {after for word, after in pairwise(words) if word == "-arch"}
    if "-m32" in compilation.flags:
        architecture = _OF_32_BITS.get(architecture, architecture)
    return frozenset(f"{system}-{each}" for each in chosen or {architecture})


@cache
def of_target(target: str) -> str | None:
    """Give the machine that a compiler's target names, such as ``aarch64-linux-gnu``; None if it names none of these.

    https://clang.llvm.org/docs/CrossCompilation.html#target-triple
    """
    architecture, *others = target.split("-")
    system = next((name for pattern, name in _SYSTEMS for word in others if re.match(pattern, word)), None)
    if system is None:
        return None
    plain = next((name for pattern, name in _ARCHITECTURES if re.fullmatch(pattern, architecture)), architecture)
    return f"{system}-{_SPELLED.get((system, plain), plain)}"


_SYSTEMS: Final = (
    (r"android", "android"),
    (r"linux", "linux"),
    (r"mingw|windows|cygwin|msys", "win32"),
    (r"ios", "ios"),
    (r"darwin|macos", "darwin"),
    (r"freebsd", "freebsd"),
    (r"openbsd", "openbsd"),
    (r"netbsd", "netbsd"),
)
"""Words of a target after the first, to systems; the first that fits counts."""

_ARCHITECTURES: Final = (
    (r"amd64|x86_64h?", "x86_64"),
    (r"i[3-7]86|x86", "i686"),
    (r"arm64|aarch64", "aarch64"),
    (r"arm(?!64).*|thumb.*", "arm"),
    (r"riscv64.*", "riscv64"),
    (r"riscv32.*", "riscv32"),
    (r"powerpc64le|ppc64le|ppc64el", "ppc64le"),
    (r"powerpc64", "ppc64"),
    (r"powerpc", "ppc"),
    (r"mips(?:isa32.*)?(?:el|le)?", "mips"),
    (r"mips(?:isa)?64.*", "mips64"),
    (r"loongarch64", "loongarch64"),
)
"""A target's first word, to ELF's names; what is not here is spelled alike."""

_SPELLED: Final = {
    ("darwin", "aarch64"): "arm64",
    ("ios", "aarch64"): "arm64",
    ("win32", "x86_64"): "AMD64",
    ("win32", "aarch64"): "ARM64",
    ("win32", "i686"): "x86",
}
_OF_32_BITS: Final = {"x86_64": "i686", "AMD64": "x86", "sparc64": "sparc", "ppc64": "ppc", "s390x": "s390"}
