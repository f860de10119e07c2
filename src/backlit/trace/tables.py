"""The tables of programs: one compiler family a file in ``compilers/``, everything else in ``tools.toml``.

Keys of a compiler's table:

==================  ===================================================================================================
``family``          its name in a report
``dialect``         the grammar of its arguments: a module of ``backlit.trace.dialects``
``drivers``         its programs, each with the language it takes sources of no other language for; empty for none
``generic``         names that other families go by too: taken unless the link leads to another family's program
``subcommands``     first arguments that make it a compiler, each with its language; all else is a run of a tool
``versioned``       true if ``gcc-12`` and ``gcc12`` are it as well
``prefixed``        true if ``aarch64-linux-gnu-gcc`` is it as well
``headers``         ``sunpro`` or ``clang``: the variable that makes it list the headers it opens
``prefix-map``      the argument that keeps a scratch folder's path out of what it writes
``below-driver``    a variable that a compiler driver sets for it: then the command is the driver's own affair
``probes``          arguments that only ask a question; ``*`` at the end stands for anything
``with-argument``   options of its own that take the next argument, beside the dialect's
``flags``           arguments that matter to a packager; ``*`` at the end stands for anything
``runtime``         an option that chooses a library which a link takes unasked; by its value, empty for no option
``identify``        how it is asked for its version and target; ``folders`` for those of a toolkit around it
==================  ===================================================================================================
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from fnmatch import translate
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

_TRIPLET: Final = r"(?:[a-z0-9_]+-(?:[a-z0-9_]+-){1,3})"
_VERSION: Final = r"(?:-?[0-9]+(?:\.[0-9]+)*(?:-(?:posix|win32))?)"


class Family(NamedTuple):
    """One compiler family."""

    name: str
    """As in a report: ``gcc``."""
    dialect: str
    """Name of the module of ``backlit.trace.dialects`` that reads its arguments."""
    drivers: dict[str, str]
    """Program name to language."""
    generic: dict[str, str]
    """Names shared with other families, to language."""
    subcommands: dict[str, str]
    """First arguments that make it a compiler, to language; empty if it always is one."""
    pattern: re.Pattern[str]
    """Matches a program's whole name, the driver as group 1."""
    headers: str
    """``sunpro``, ``clang`` or empty."""
    prefix_map: str
    """The argument with ``{scratch}`` and ``{original}``; empty if it has none."""
    below_driver: str
    """A variable; empty if it has none."""
    probes: tuple[str, ...]
    """Arguments that only ask."""
    with_argument: frozenset[str]
    """Options that take the next argument."""
    flags: tuple[str, ...]
    """Arguments that matter."""
    runtime: dict[str, dict[str, str]]
    """Option without dashes, to a library's name by the option's value; empty if nothing is taken so."""
    identify: dict[str, Any]
    """``version``, ``target``, ``folders``: arguments; ``version-pattern``, ``target-pattern``: where the answer
    stands."""


class Tables(NamedTuple):
    """Every table."""

    families: tuple[Family, ...]
    """Sorted by name."""
    known: re.Pattern[str]
    """Matches the whole name of every program that some table names."""
    pkg_config: frozenset[str]
    """Names of pkg-config."""
    query: re.Pattern[str]
    """Matches the whole name of a ``*-config`` program."""
    launchers: frozenset[str]
    """Programs that start a compiler for somebody."""
    finders: frozenset[str]
    """Programs that remember the paths of programs."""
    tools: dict[str, str]
    """Program name to tool."""
    probes: dict[str, tuple[str, ...]]
    """Tool, or ``any``, to the argument lines that only ask."""
    tries: tuple[str, ...]
    """File name patterns of sources that are compiled only to learn something."""


class Match(NamedTuple):
    """A program's name, recognized."""

    family: Family
    """Its family."""
    language: str
    """The driver's language; empty for none."""
    generic: bool
    """True if other families go by this name too."""


class Role(NamedTuple):
    """What a program is, by its name."""

    kind: str
    """``compiler``, ``query``, ``launcher``, ``finder`` or ``tool``."""
    family: Family | None = None
    """A compiler's family."""


@cache
def tables() -> Tables:
    """Give every table. Reads the package's own files."""
    # Not importlib.resources: it loads `inspect`, which costs as much as all that is read here.
    folder = Path(__file__).parent
    tools = tomllib.loads((folder / "tools.toml").read_text("utf-8"))
    files = sorted((folder / "compilers").glob("*.toml"))
    families = tuple(_family(tomllib.loads(file.read_text("utf-8"))) for file in files)
    sections = (tools["finders"]["names"], tools["launchers"]["names"], *tools["tools"].values())
    named = {name for names in sections for name in names}
    suffixes = "|".join(map(re.escape, tools["queries"]["pkg-config"]))
    patterns = (family.pattern.pattern for family in families)
    return Tables(
        families=families,
        known=re.compile(
            "|".join((f"(?:.*-)?(?:{suffixes})", tools["queries"]["pattern"], *map(re.escape, named), *patterns))
        ),
        pkg_config=frozenset(tools["queries"]["pkg-config"]),
        query=re.compile(tools["queries"]["pattern"]),
        launchers=frozenset(tools["launchers"]["names"]),
        finders=frozenset(tools["finders"]["names"]),
        tools={name: tool for tool, names in tools["tools"].items() for name in names},
        probes={tool: tuple(lines) for tool, lines in tools["probes"].items()},
        tries=tuple(tools["tries"]["sources"]),
    )


@lru_cache(maxsize=1024)
def match(name: str) -> Match | None:
    """Give the compiler family that a program of this name belongs to; a generic name's own family."""
    for family in tables().families:
        found = family.pattern.fullmatch(name)
        if found:
            driver = found[1]
            generic = driver in family.generic
            return Match(family, (family.generic if generic else family.drivers)[driver], generic)
    return None


@lru_cache(maxsize=1024)
def match_program(path: str) -> Match | None:
    """Give the compiler family of a program, following links where its name is shared by several.

    Where they lead is looked up once: thousands of commands are of one program.
    """
    found = match(os.path.basename(path))  # noqa: PTH119 - names as bytes gave them, not paths of ours
    if found is None or not found.generic:
        return found
    target = match(os.path.basename(os.path.realpath(path)))  # noqa: PTH119 - likewise
    if target is None or target.family is found.family:
        return found
    return Match(target.family, found.language, generic=True)


@lru_cache(maxsize=1024)
def role(name: str) -> Role | None:
    """Give what a program of this name is; None for one that no table names."""
    all_tables = tables()
    if not all_tables.known.fullmatch(name):
        return None
    if name in all_tables.finders:
        return Role("finder")
    if name in all_tables.launchers:
        return Role("launcher")
    if is_pkg_config(name) or all_tables.query.fullmatch(name):
        return Role("query")
    if name in all_tables.tools:
        return Role("tool")
    found = match(name)
    return Role("compiler", found.family) if found else None


def tool_of_variable(name: str) -> str:
    """Give the tool that a build system's variable for a program names: ``Protobuf_PROTOC_EXECUTABLE`` is protoc's.

    One that no table has keeps the variable's words, with dashes.
    """
    bare = re.sub(r"_(?:EXECUTABLE|PROGRAM|COMMAND|BINARY|BIN)$", "", name, flags=re.IGNORECASE).lower()
    dashed = bare.replace("_", "-")
    known = tables().tools
    return next((known[word] for word in (dashed, bare, bare.rpartition("_")[2]) if word in known), dashed)


def is_pkg_config(name: str) -> bool:
    """Tell whether a program of this name is pkg-config, a cross build's too."""
    return name in _pkg_config_names() or any(name.endswith(f"-{known}") for known in _pkg_config_names())


def fits(argument: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether an argument is one of `patterns`, where ``*`` at the end stands for anything."""
    whole, starts = _split(patterns)
    return argument in whole or argument.startswith(starts)


@cache
def _split(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    starts = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    return frozenset(pattern for pattern in patterns if not pattern.endswith("*")), starts


def is_try(path: str) -> bool:
    """Tell whether a source, or the object made of it, is compiled only to learn something.

    That is also what stands in the folder for temporary files itself, as that of ``has_function`` of setuptools.
    """
    if os.path.dirname(path) == tempfile.gettempdir():  # noqa: PTH120 - names as bytes gave them
        return True
    return _tries().search(path) is not None


@cache
def _tries() -> re.Pattern[str]:
    # Every pattern begins with ``*``: to seek what follows it is as good, and need not try each from each end.
    return re.compile("|".join(translate(pattern.removeprefix("*")) for pattern in tables().tries))


def _pkg_config_names() -> frozenset[str]:
    return tables().pkg_config


def _family(table: dict[str, Any]) -> Family:
    drivers, generic = table["drivers"], table.get("generic", {})
    names = "|".join(sorted(map(re.escape, (*drivers, *generic)), key=len, reverse=True))
    prefix = f"{_TRIPLET}?" if table.get("prefixed") else ""
    suffix = f"{_VERSION}?" if table.get("versioned") else ""
    return Family(
        name=table["family"],
        dialect=table["dialect"],
        drivers=drivers,
        generic=generic,
        subcommands=table.get("subcommands", {}),
        pattern=re.compile(f"{prefix}({names}){suffix}"),
        headers=table.get("headers", ""),
        prefix_map=table.get("prefix-map", ""),
        below_driver=table.get("below-driver", ""),
        probes=tuple(table["probes"]),
        with_argument=frozenset(table.get("with-argument", ())),
        flags=tuple(table["flags"]),
        runtime=table.get("runtime", {}),
        identify=table["identify"],
    )
