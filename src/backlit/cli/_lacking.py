"""What a machine lacks, as a person reads it. Made from the JSON of ``backlit doctor SOURCE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from rich.padding import Padding
from rich.text import Text

from backlit.cli._parts import cell, labelled, section, spaced
from backlit.cli._text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

_NAMES: Final = 3
"""How many of the names that a thing is asked for as are shown; some have dozens."""

_GONE: Final = frozenset({"missing", "wrong-version"})


def parts(document: dict[str, Any]) -> Iterator[RenderableType]:
    """Give a diagnosis, top to bottom: what stops the build, what else is gone, what is here, and the lines."""
    yield _head(document)
    checks = document["checks"]
    gone = [check for check in checks if check["status"] in _GONE]
    here = [check for check in checks if check["status"] == "present"]
    left = [check for check in checks if check["status"] not in {*_GONE, "present"}]
    yield from section("Missing", _LACKING, [_lacking(item) for item in gone if item["stops"]], style="bold red")
    yield from section(
        "Not here, and the build may go ahead without", _LACKING, [_lacking(item) for item in gone if not item["stops"]]
    )
    yield from section("Present", _PRESENT, [_present(item) for item in here])
    yield from section("Not looked for here", _LEFT, [_left(item) for item in left])
    yield from _to_do(document)


def _head(document: dict[str, Any]) -> Table:
    project, manager = document["project"], document["install"]["manager"]
    lines = [
        ("project", " ".join(part for part in (project["name"], project["version"]) if part) or "not known"),
        ("source", document["source"]),
        ("backend", document["backend"]),
        ("packages", f"{manager} ({document['install']['why']})" if manager else "no package manager is known here"),
    ]
    return labelled(lines)


_LACKING: Final = ("what", "name", "need", "here", "asked for as", "where")
_PRESENT: Final = ("what", "name", "version", "asked for", "package")
_LEFT: Final = ("what", "name", "why", "where")


def _lacking(check: dict[str, Any]) -> tuple[str, ...]:
    here = check["version"] or "no"
    wanted = f" ({check['wanted']})" if check["wanted"] else ""
    return (check["kind"], check["name"], check["need"], here, f"{_asked(check)}{wanted}", _where(check))


def _where(check: dict[str, Any]) -> str:
    return "; ".join(part for part in (check["where"], check["note"]) if part) or "-"


def _asked(check: dict[str, Any]) -> str:
    names = sorted(check["asked"], key=lambda name: name.startswith("<"))
    more = f", and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"{', '.join(names[:_NAMES])}{more}" or "-"


def _present(check: dict[str, Any]) -> tuple[str, ...]:
    package = check["package"] or ""
    owner = unquote(package.partition("?")[0].rpartition("/")[2].replace("@", " "))
    return (
        check["kind"],
        check["name"],
        check["version"] or "-",
        check["wanted"] or "-",
        owner or check["path"] or "-",
    )


_WHY: Final = {
    "bundled": "the tree has a copy",
    "front-end": "the front end installs it",
    "unknown": "it goes by no name that can be looked up",
}


def _left(check: dict[str, Any]) -> tuple[str, ...]:
    why = _WHY[check["status"]]
    note = f" ({check['note']})" if check["note"] else ""
    return (check["kind"], check["name"], f"{why}{note}", check["where"] or "-")


def _to_do(document: dict[str, Any]) -> Iterator[RenderableType]:
    lines = document["install"]
    stopping = [check for check in document["checks"] if check["stops"]]
    for key, title in _LINES:
        line = lines[key]
        if line["command"] or line["unnamed"]:
            yield spaced(Text(title, style="bold"))
        if line["command"]:
            yield Padding.indent(cell(line["command"]), 2)
        if line["unchecked"]:
            yield Padding.indent(cell(f"nobody has looked whether there is {', '.join(line['unchecked'])}"), 2)
        if line["unnamed"]:
            yield Padding.indent(cell(f"no package that would do is known here for {', '.join(line['unnamed'])}"), 2)
    requirements = [check["name"] for check in stopping if check["kind"] == "requirement"]
    if requirements:
        yield spaced(cell(f"Not installed in this interpreter's environment: {', '.join(requirements)}"))
    if document["ready"]:
        yield spaced(Text("The build can go ahead, as far as the source tells."))
    else:
        names = ", ".join(dict.fromkeys(check["name"] for check in stopping))
        yield spaced(Text(one_line(f"The build cannot go ahead: {names}."), style="bold"))


_LINES: Final = (
    ("needed", "To build it"),
    ("optional", "For what it may go without"),
    ("runtime", "To run it"),
)
