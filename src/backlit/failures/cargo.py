"""cargo and rustc, and the build scripts of crates: no compiler, one too old, a system library that is not there.

The sentences of build scripts are those of the crates that they use: ``pkg-config``, ``cc``, ``cmake``, ``bindgen``,
``openssl-sys``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_RUST: Final = re.compile(
    r"Cargo, the Rust package manager, is not installed|can't find Rust compiler|Rust not found, installing"
    r"|Rust toolchain (?:is )?not found|Unsupported platform: [\w-]*\bRust|cargo.* metadata.*: No such file"
    r"|No module named 'puccinialin'"
    r"|Failed to (?:run|execute|start) [`'\"]?(?:cargo|rustc)\b.*No such file"
)
_OLD: Final = re.compile(
    r"requires rustc (?P<version>[\d.]+)(?: or newer)?.*?active rustc version is (?P<found>[\d.]+)"
    r"|rustc (?P<there>[\d.]+) is not supported by the following package"
    r"|requires the Cargo feature called `(?P<feature>edition\d+)`|feature `(?P<same>edition\d+)` is required"
    r"|older than the `(?P<edition>\d+)` edition"
    r"|(?P<lock>lock file version `?\d+`?) (?:requires|was found, but this version of Cargo)"
    r"|requires? rustc? (?:version )?(?:>=? ?)?(?P<needed>[\d.]+)"
    r".*(?:found|installed|have|is) (?:rustc )?(?P<have>[\d.]+)"
)
_SUPPORTED: Final = re.compile(r"requires rustc (?P<version>[\d.]+)")
_SCRIPT: Final = re.compile(r"failed to run custom build command for `(?P<name>[\w-]+) v[^`]+`")
_SYSTEM: Final = re.compile(r"The system library `(?P<name>[^`]+)` required by crate `(?P<crate>[^`]+)` was not found")
_ASKED: Final = re.compile(
    r"pkg-config[\"'` ].*[\"'` ](?P<name>[\w.+-]+)(?: [<>=]+ [\w.]+)?[\"'`]* did not exit successfully"
)
_NOT_RUN: Final = re.compile(
    r"Could not run `[^`]*pkg-config(?: -\S+)* \"?(?P<name>[A-Za-z][\w.+-]*)[^`]*`"
    r"\\nThe pkg-config command could not be found"
)
"""What the crate ``pkg-config`` says where there is none."""
_LINKER: Final = re.compile(r"error: linker `(?P<name>[^`]+)` not found")
_TOOL: Final = re.compile(
    r"is `(?P<program>[\w.+-]+)` not installed\?|Command '(?P<command>[\w.+-]+)' not found\. Is|"
    r"failed to find tool\.? \"?(?:Is )?`?(?P<tool>[\w.+-]+)`?"
    r"|Could not find `(?P<protoc>protoc)`|(?P<clang>Unable to find libclang)"
)


class Cargo:
    """What cargo, rustc and build scripts did not find."""

    name = "cargo"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give what is missing for a crate; a crate alone where its build script does not say what it is."""
        for index, line, found in each(output.lines, _NO_RUST):
            # What looks for Rust and does not find it may fetch it, and then fails for want of a network.
            at = index if "installing" not in found[0] else output.end
            yield Failure(Lack.COMPILER, ("rust",), "", line, at)
        for index, line, found in each(output.lines, _OLD):
            yield _old(output, index, line, found)
        for index, line, found in each(output.lines, _LINKER):
            yield Failure(Lack.PROGRAM, (found["name"],), "cargo", line, index)
        for index, _, found in each(output.lines, _SCRIPT):
            if (failure := _script(output, index, found["name"])) is not None:
                yield failure


def _old(output: Output, index: int, line: str, found: re.Match[str]) -> Failure:
    parts = found.groupdict()
    version, there = parts["version"] or parts["needed"] or "", parts["found"] or parts["have"] or parts["there"] or ""
    if not version and parts["there"]:
        below = [_SUPPORTED.search(text) for text in output.lines[index : index + 20]]
        version = max((match["version"] for match in below if match), key=_number, default="")
    edition = f"edition {parts['edition']}" if parts["edition"] else ""
    wanted = parts["feature"] or parts["same"] or parts["lock"] or edition
    what = f">= {version}" if version else f"one that knows {wanted}"
    return Failure(Lack.COMPILER, ("rust",), "cargo", line, index, version=what, found=there or "an older one")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _script(output: Output, index: int, crate: str) -> Failure | None:
    """Read why a build script failed from what it said, below the line that names its crate.

    None if it could not compile a copy that the crate brings: then no library of the system is what it did not find.
    """
    below = output.lines[index : index + _LONGEST]
    made = Failure(Lack.CRATE, (crate,), f"the build script of {crate}", output.lines[index].strip(), index)
    for _, line, found in each(below, _SYSTEM, _ASKED):
        name, _, version = found["name"].partition(" ")
        return made._replace(lack=Lack.PKGCONFIG, names=(name,), said=line, version=version)
    for _, line, found in each(below, _NOT_RUN):
        said = line.partition("\\n")[0]
        return made._replace(lack=Lack.PKGCONFIG, names=(found["name"],), said=said, without="pkg-config")
    for _, line, found in each(below, _TOOL):
        if found["clang"]:
            return made._replace(lack=Lack.LINK, names=("clang",), said=line)
        name = found["program"] or found["command"] or found["tool"] or found["protoc"]
        return made._replace(lack=Lack.PROGRAM, names=(name,), said=line)
    return None if any(_COMPILED.search(line) for line in below) else made


_LONGEST: Final = 80
_COMPILED: Final = re.compile(r"(?:error occurred in cc-rs|Internal error occurred): [Cc]ommand .*did not execute")


ADAPTER: Final[Family] = Cargo()
