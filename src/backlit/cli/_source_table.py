"""The report of a source that was read and not built, as a person reads it. Made from the report's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.padding import Padding

from backlit.cli import _table
from backlit.cli._parts import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType


def report(document: dict[str, Any], places: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    """Give the parts, top to bottom; hints come after what is claimed."""
    yield from _table.head(document, places)
    claimed = [item for item in document["libraries"] if item["direct"]]
    hinted = [item for item in document["libraries"] if not item["direct"]]
    if not claimed:
        yield Padding("No native libraries that the source asks for by name.", (1, 0, 0, 0))
    yield from section("Native libraries", _LIBRARIES, [_library(item) for item in claimed])
    yield from section("Hints: not asked for by what a build reads", _HINTS, [_hint(item) for item in hinted])
    yield from section("Languages", _LANGUAGES, [_language(item) for item in document["compilers"]])
    yield from section("Tools", _TOOLS, [_tool(item) for item in document["tools"]])
    requirements = [_requirement(item) for item in document["requirements"]]
    yield from section("Build requirements", _REQUIREMENTS, requirements)
    from_git = [_crate(item) for item in document["crates"] if item["origin"] == "git"]
    yield from section("Crates from git", _CRATES, from_git)
    yield from _table.tail(document)


_LIBRARIES: Final = ("library", "needed", "how", "asked for as", "where")
_HINTS: Final = ("library", "asked for as", "where")
_LANGUAGES: Final = ("language", "where")
_TOOLS: Final = ("tool", "needed", "where")
_REQUIREMENTS: Final = ("package", "versions", "needed", "stated", "where")
_CRATES: Final = ("crate", "version", "repository", "revision")


def _library(library: dict[str, Any]) -> tuple[str, ...]:
    how = ", ".join(library["linkage"]) or "-"
    provider = library["provider"]
    return (
        _name(library),
        _needed(library),
        f"{how}; {provider} unless chosen" if provider and len(library["linkage"]) > 1 else how,
        "; ".join(_table.names(library["names"])) or "-",
        _first_of(library["evidence"]),
    )


def _hint(library: dict[str, Any]) -> tuple[str, ...]:
    marker = f" ({library['marker']})" if library["marker"] else ""
    names = "; ".join(_table.names(library["names"])) or "-"
    return _name(library) + marker, names, _first_of(library["evidence"])


def _name(library: dict[str, Any]) -> str:
    return str(library["id"]).rpartition("/")[2]


def _needed(item: dict[str, Any]) -> str:
    """Say whether a build can do without, on which platforms, and what chooses it."""
    parts = [item["required"], item["marker"] or "", *item["switches"]]
    return "; ".join(part for part in parts if part)


def _first_of(evidence: Sequence[dict[str, Any]]) -> str:
    """Give the place that says most, and how many more there are."""
    best = min(evidence, key=lambda item: _ORDER.index(item["confidence"]), default=None)
    if best is None:
        return "-"
    more = f" and {len(evidence) - 1} more" if len(evidence) > 1 else ""
    return f"{best['where'].partition(' and ')[0]}: {best['detail']}{more}"


_ORDER: Final = ("high", "medium", "low")


def _language(compiler: dict[str, Any]) -> tuple[str, ...]:
    marker = f" ({compiler['marker']})" if compiler["marker"] else ""
    return ", ".join(compiler["languages"]) + marker, _places(compiler["where"])


def _tool(tool: dict[str, Any]) -> tuple[str, ...]:
    return tool["name"], _needed(tool), _places(tool["where"])


def _requirement(item: dict[str, Any]) -> tuple[str, ...]:
    needed = f"{item['required']}; {item['marker']}" if item["marker"] else item["required"]
    return item["name"], item["specifier"] or "any", needed, "yes" if item["declared"] else "no", _places(item["where"])


def _crate(crate: dict[str, Any]) -> tuple[str, ...]:
    return crate["name"], crate["version"], crate["url"] or "-", crate["revision"] or "-"


def _places(places: Sequence[str]) -> str:
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{places[0]}{more}" if places else "-"
