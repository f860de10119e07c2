"""The arguments of rustc.

https://doc.rust-lang.org/rustc/command-line-arguments.html tells them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from backlit.model.invocation import Role
from backlit.trace import tables
from backlit.trace.dialects import Parsed, absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WITH_ARGUMENT: Final = frozenset(
    {
        *(
            "-C",
            "--codegen",
            "-L",
            "-l",
            "-o",
            "-A",
            "--allow",
            "-W",
            "--warn",
            "-D",
            "--deny",
            "-F",
            "--forbid",
            "-Z",
            "--cfg",
        ),
        *(
            "--check-cfg",
            "--crate-type",
            "--crate-name",
            "--edition",
            "--emit",
            "--print",
            "--out-dir",
            "--explain",
            "--target",
        ),
        *(
            "--cap-lints",
            "--error-format",
            "--json",
            "--color",
            "--diagnostic-width",
            "--remap-path-prefix",
            "--extern",
        ),
        *("--sysroot", "--env-set", "--force-warn"),
    }
)
_LINKED: Final = frozenset({"bin", "cdylib", "dylib", "proc-macro", "staticlib"})
_KINDS: Final = frozenset({"static", "dylib", "framework", "raw-dylib", "link-arg"})


def parse(arguments: Sequence[str], cwd: str, family: tables.Family, language: str) -> Parsed:
    """Give what the arguments ask for."""
    pairs = list(_pairs(arguments))
    options = [pair for pair in pairs if pair[0]]
    sources = tuple(absolute(cwd, value) for option, value in pairs if not option and value.endswith(".rs"))
    asks = any(
        tables.fits(option, family.probes) or tables.fits(f"{option}={value}", family.probes)
        for option, value in options
    )
    if asks or not sources:
        return Parsed(role=Role.PROBE, language=language)
    libraries = [_library(value) for option, value in options if option == "-l"]
    return Parsed(
        role=_role(options),
        language=language,
        sources=sources,
        output=_output(options, cwd),
        libraries=tuple(name for _, name in libraries),
        static_names=tuple(name for kind, name in libraries if kind == "static"),
        library_dirs=tuple(
            absolute(cwd, value.removeprefix("native=").removeprefix("all="))
            for option, value in options
            if option == "-L" and not value.startswith(("dependency=", "crate=", "framework="))
        ),
        flags=tuple(_flags(options, family)),
    )


def _pairs(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give option and value; a file has no option, a switch no value."""
    words = iter(arguments)
    for word in words:
        if word in _WITH_ARGUMENT:
            yield word, next(words, "")
        elif word.startswith("--"):
            option, _, value = word.partition("=")
            yield option, value
        elif word[:2] in {"-C", "-L", "-l", "-o", "-A", "-W", "-D", "-F", "-Z"}:
            yield word[:2], word[2:]
        else:
            yield (word, "") if word.startswith("-") else ("", word)


def _library(value: str) -> tuple[str, str]:
    """Read ``[kind[:modifiers]=]name[:rename]``."""
    kind, equals, name = value.partition("=")
    if not equals or kind.partition(":")[0] not in _KINDS:
        return "", value.partition(":")[0]
    return kind.partition(":")[0], name.partition(":")[0]


def _role(options: list[tuple[str, str]]) -> Role:
    types = {each for option, value in options if option == "--crate-type" for each in value.split(",")}
    emitted = [value for option, value in options if option == "--emit"]
    links = not emitted or any(each.partition("=")[0] == "link" for value in emitted for each in value.split(","))
    return Role.COMPILE_AND_LINK if links and (not types or types & _LINKED) else Role.COMPILE


def _output(options: list[tuple[str, str]], cwd: str) -> str | None:
    """Give the output as cargo names it: kind and extension of the crate's file are left to rustc, hence not known."""
    for option, value in options:
        if option == "-o":
            return absolute(cwd, value)
    values = dict(options)
    extra = next((value.partition("=")[2] for option, value in options if value.startswith("extra-filename=")), "")
    if "--out-dir" in values and "--crate-name" in values:
        return os.path.join(absolute(cwd, values["--out-dir"]), values["--crate-name"] + extra)  # noqa: PTH118
    return None


def _flags(options: list[tuple[str, str]], family: tables.Family) -> Iterator[str]:
    for option, value in options:
        short = "-C" if option == "--codegen" else option
        whole = f"{short}{'=' if short.startswith('--') and value else ''}{value}"
        if tables.fits(whole, family.flags):
            yield whole
