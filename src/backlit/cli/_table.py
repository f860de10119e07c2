"""A report as a person reads it. Made from the report's JSON, so that it is the same for a file that is read later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from rich.padding import Padding
from rich.text import Text

from backlit.cli._parts import cell, labelled, section, spaced
from backlit.cli._text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

_HEADERS: Final = 3
"""How many headers of a library are named; some have hundreds."""

_STYLES: Final = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def report(document: dict[str, Any] | None, places: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    """Give the parts of a report, top to bottom; `places` are lines for the head: what, and where it is.

    Without a document, the head is all there is.
    """
    if document is None:
        yield labelled(places)
        return
    yield from head(document, places)
    yield from _libraries(document)
    yield from section("Native files", _FILES, _files(document["binaries"]))
    yield from section("Compilers", _COMPILERS, [_compiler(item) for item in document["compilers"]])
    yield from section("Tools", _TOOLS, [_tool(item) for item in document["tools"]])
    yield from tail(document)


def head(document: dict[str, Any], places: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    """Give what was read or built, and what `places` says."""
    yield labelled([*_facts(document), *places])


def tail(document: dict[str, Any]) -> Iterator[RenderableType]:
    """Give findings, and what could not be seen."""
    yield from _diagnostics(document["diagnostics"])
    yield from _coverage(document["coverage"])


def version(explained: dict[str, Any]) -> Iterator[RenderableType]:
    """Give the parts of what :func:`backlit.pipeline.look.explain` says."""
    tool = explained["tool"]
    lines = [
        ("project", explained["name"] or "not known before the build"),
        ("version", explained["version"] or "left to the tool in charge"),
        ("from", _from(explained["origin"], explained["where"])),
        ("tool", f"{tool} ({explained['tool_evidence']})" if tool else _no_tool(explained)),
        *(("not by", f"{item['tool']} ({item['where']}): {item['why_not']}") for item in explained["others"]),
        *_told(explained["told"]),
        ("backend", f"{explained['backend']} ({explained['backend_where']})"),
        ("built", f"{explained['place']}: {explained['reason']}"),
        *_copied(explained["copy"]),
        ("file list", _file_list(explained["files"])),
    ]
    if explained["advice"]:
        lines.append(("to do", explained["advice"]))
    yield labelled(lines)


def _no_tool(explained: dict[str, Any]) -> str:
    return f"none: {explained['tool_evidence']}" if explained["tool_evidence"] else "none that is known"


def _told(told: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Give a line for each thing that would be set, written or made."""
    private = ", not inherited by what the build starts"
    means = [
        f"variable {item['name']}={item['value']}{'' if item['inherited'] else private}" for item in told["variables"]
    ]
    means += [f"file {item['path']}, {item['bytes']} bytes" for item in told["files"]]
    if told["tags"]:
        means.append(f"a repository with the tag{'s' if len(told['tags']) > 1 else ''} {', '.join(told['tags'])}")
    yield from (("told by", text) for text in means or ["nothing"])
    yield from (("writes", f"{path}, which is looked at afterwards") for path in told["version_files"])


def _copied(copied: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if copied is None:
        return
    count, size = copied["files"], copied["bytes"]
    repository = ", and the project's repository" if copied["repository"] else ""
    left = f"; left out: {', '.join(copied['left_out'])}" if copied["left_out"] else ""
    yield "copied", f"{count} file{'' if count == 1 else 's'}, {size} bytes{repository}{left}"


def _file_list(files: dict[str, Any] | None) -> str:
    if files is None:
        return "as it is"
    count = files["count"]
    return f"restored for {files['in_place_of']}: {count} file{'' if count == 1 else 's'}"


def _facts(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "project", document["project"]["name"] or "not known"
    yield "version", _version(document)
    backend = document["backend"]
    if backend is not None:
        yield "backend", " ".join(part for part in (backend["name"], backend["version"]) if part)
    platform = document["platform"]
    if platform["cross"]:
        yield "for", f"{platform['host']}, built on {platform['build']}"


def _version(document: dict[str, Any]) -> str:
    facts = document["version"]
    value = facts["value"] or document["project"]["version"] or "not known"
    parts = [f"{value}, {_from(facts['origin'], facts['where'])}"]
    if facts["injected_by"]:
        # Whatever computes the version, where no tool is known to be in charge, is told by a repository.
        to = f" to {facts['tool']}" if facts["tool"] else ""
        parts.append(f"told{to} by {', '.join(facts['injected_by'])}")
    elif facts["tool"]:
        parts.append(f"tool in charge: {facts['tool']}")
    if facts["verified"] is not None:
        parts.append("the artifact agrees" if facts["verified"] else "THE ARTIFACT DOES NOT AGREE")
    return "; ".join(parts)


def _from(origin: str, where: str) -> str:
    if origin == "none":
        return "found by the build itself"
    return f"{where} ({origin})" if where else origin


def _libraries(document: dict[str, Any]) -> Iterator[RenderableType]:
    libraries = document["libraries"]
    if not libraries:
        yield spaced(Text(_none(document)))
        return
    yield from section("Native libraries", _LIBRARIES, [_library(item) for item in libraries])


def _none(document: dict[str, Any]) -> str:
    """Say why no library is named: a file that could not be read may need any."""
    count = len(document["binaries"])
    unread = sum(item["code"] in {"unreadable-binary", "unread-binary"} for item in document["diagnostics"])
    if unread:
        return f"No native libraries are known. Native files that could not be read: {unread}."
    if count:
        return f"No native libraries. Native files: {count}; they need none but the C library and the compilers' own."
    return "No native libraries, and no native code."


_LIBRARIES: Final = ("id", "linkage", "direct", "used", "asked for as", "package")
_FILES: Final = ("files", "runs on", "needs at least", "Python's API")
_COMPILERS: Final = ("family", "name", "version", "target", "languages", "compiled", "linked")
_TOOLS: Final = ("name", "runs", "used", "package")


def _library(library: dict[str, Any]) -> tuple[str, ...]:
    packages = ", ".join(_package(package["purl"]) for package in library["packages"])
    return (
        library["id"],
        ", ".join(library["linkage"]) or "-",
        "yes" if library["direct"] else "no",
        "yes" if library["used"] else "NO",
        "; ".join(names(library["names"])) or "-",
        packages or "-",
    )


def names(library_names: dict[str, list[str]]) -> Iterator[str]:
    """Give what a library was called, the names that say most first."""
    yield from (f"pkg-config {name}" for name in library_names["pkgconfig"])
    yield from (f"-l{name}" for name in library_names["link"])
    yield from library_names["soname"]
    yield from (f"CMake {name}" for name in library_names["cmake"])
    yield from (f"crate {name}" for name in library_names["crate"])
    yield from (f"framework {name}" for name in library_names["framework"])
    headers = library_names["header"]
    yield from (f"<{name}>" for name in headers[:_HEADERS])
    if len(headers) > _HEADERS:
        yield f"and {len(headers) - _HEADERS} more headers"


def _package(purl: str | None) -> str:
    """Give a package URL's name and version: ``pkg:deb/debian/zlib1g-dev@1:1.2?arch=amd64`` is ``zlib1g-dev 1:1.2``."""
    if purl is None:
        return "-"
    name, _, package_version = purl.partition("?")[0].rpartition("/")[2].partition("@")
    return unquote(f"{name} {package_version}".strip())


def _files(binaries: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Give one row for all binaries that run on the same machines, with the highest of what they need."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for binary in binaries:
        groups.setdefault(f"{binary['system'] or binary['format']} {binary['architecture']}", []).append(binary)
    return [
        (str(len(group)), where, ", ".join(_floors(group)) or "-", ", ".join(_apis(group)) or "-")
        for where, group in sorted(groups.items())
    ]


def _floors(group: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Give the newest system and the newest of glibc's and libstdc++'s versions that any of the binaries needs."""
    newest: dict[str, str] = {}
    for binary in group:
        pairs = [(floor["name"], floor["version"]) for floor in binary["versions"] if floor["name"] in _FLOORS]
        if binary["system_floor"]:
            pairs.append((binary["system"], binary["system_floor"]))
        for name, version in pairs:
            newest[name] = max(newest.get(name, "0"), version, key=_numbers)
    yield from (f"{name} {version}" for name, version in sorted(newest.items()))


def _apis(group: Sequence[dict[str, Any]]) -> Iterator[str]:
    apis = [binary["python"] for binary in group if binary["python"]]
    limited = [api["floor"] for api in apis if api["limited"]]
    if limited:
        yield f"{len(limited)} within the stable ABI of {max(limited, key=_numbers)}"
    if len(limited) < len(apis):
        yield f"{len(apis) - len(limited)} beyond it"


_FLOORS: Final = frozenset({"GLIBC", "GLIBCXX"})


def _numbers(version: str) -> list[tuple[int, str]]:
    """Give what orders versions: each part as digits, by length first, for one may have any number of them."""
    return [(len(part), part) for part in version.split(".")]


def _compiler(compiler: dict[str, Any]) -> tuple[str, ...]:
    return (
        compiler["family"],
        compiler["name"],
        compiler["version"] or "-",
        compiler["target"] or "-",
        ", ".join(compiler["languages"]) or "-",
        str(compiler["compilations"]),
        str(compiler["links"]),
    )


def _tool(tool: dict[str, Any]) -> tuple[str, ...]:
    return (tool["name"], str(tool["runs"]), "yes" if tool["used"] else "NO", _package(tool["package"]))


def _diagnostics(diagnostics: Sequence[dict[str, str]]) -> Iterator[RenderableType]:
    if not diagnostics:
        return
    yield spaced(Text("Findings", style="bold"))
    for item, count in _alike(diagnostics):
        more = f" and {count - 1} more" if count > 1 else ""
        # What is the same wherever it was found may be called there as the sentence begins: `-lfoo`.
        is_said = not more and item["message"].startswith(f"{item['where']} ")
        where = f"{item['where']}{more}: " if item["where"] and not is_said else ""
        cure = f"; {item['cure']}" if item["cure"] else ""
        line = Text(f"{item['severity']} {item['code']}  ", style=_STYLES.get(item["severity"], ""))
        yield Padding.indent(line + cell(f"{where}{item['message']}{cure}"), 2)


def _alike(diagnostics: Sequence[dict[str, str]]) -> Iterator[tuple[dict[str, str], int]]:
    """Give each finding, in order; of notes that differ only in their place the first, and how many they are."""
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for item in diagnostics:
        place = "" if item["severity"] == "note" else item["where"]
        groups.setdefault((item["severity"], item["code"], item["message"], item["cure"], place), []).append(item)
    yield from ((group[0], len(group)) for group in groups.values())


def _coverage(coverage: dict[str, Any]) -> Iterator[RenderableType]:
    if coverage["mechanism"]:
        count = coverage["seen"]
        read = f"Read: {count} file{'' if count == 1 else 's'}."
        seen = f"Seen: {count} command{'' if count == 1 else 's'}, by {', '.join(coverage['mechanism'])}."
        yield spaced(Text(read if coverage["mechanism"] == ["scan"] else seen, style="dim"))
    if coverage["missed"]:
        heading = Text("Not seen:", style="dim")
        yield heading if coverage["mechanism"] else spaced(heading)
        for sentence in coverage["missed"]:
            yield Padding.indent(Text(one_line(sentence), style="dim"), 2)
