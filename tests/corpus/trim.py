"""A report cut down to what is the same in each build of the same source, for keeping: ``python trim.py REPORT [OUT]``.

Left out are the run, counts of commands, versions of the backend, the compilers and the machine's packages, what a
binary says of its own bytes and of the machine's folders, and all evidence but the first of each side and kind.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

_OF_A_BINARY = ("path", "format", "kind", "architecture", "needed", "soname")
_PURL_VERSION = re.compile(r"@[^?#]*(\?[^#]*)?")
_OF_THE_MACHINE = {"ccache"}
"""Tools that a build takes only where they happen to be installed."""


def trimmed(report: dict[str, Any]) -> dict[str, Any]:
    """Give the stable part of a parsed report; the report is left as it is."""
    kept = {name: value for name, value in report.items() if value not in ([], None)}
    kept["run"] = None
    kept["backend"] = {**report["backend"], "version": None}
    kept["coverage"] = {**report["coverage"], "seen": 0}
    kept["project"] = {**report["project"], "source": report["project"]["name"]}
    kept["libraries"] = [_library(library) for library in report["libraries"]]
    kept["binaries"] = [{name: binary[name] for name in _OF_A_BINARY} for binary in report["binaries"]]
    kept["compilers"] = [_compiler(compiler) for compiler in report["compilers"]]
    tools = [tool for tool in report["tools"] if tool["name"] not in _OF_THE_MACHINE]
    kept["tools"] = [{**tool, "runs": 1, "package": _name(tool["package"])} for tool in tools]
    kept["diagnostics"] = [item for item in report["diagnostics"] if item["code"] != "scratch-path"]
    return kept


def narrowed(value: Any, like: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give of a JSON value only the fields that a kept one has: a field that came later is no difference."""
    if isinstance(value, dict) and isinstance(like, dict):
        return {name: narrowed(value[name], like[name]) for name in like if name in value}
    if isinstance(value, list) and isinstance(like, list) and len(value) == len(like):
        return [narrowed(one, other) for one, other in zip(value, like, strict=True)]
    return value


def text_of(report: dict[str, Any]) -> str:
    """Give a parsed report's stable part as a file has it."""
    return json.dumps(trimmed(report), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _compiler(compiler: dict[str, Any]) -> dict[str, Any]:
    return {**compiler, "version": None, "package": _name(compiler["package"])}


def _library(library: dict[str, Any]) -> dict[str, Any]:
    packages = [{**package, "purl": _name(package["purl"])} for package in library["packages"]]
    first: dict[tuple[str, str], Any] = {}
    for evidence in library["evidence"]:
        first.setdefault((evidence["side"], evidence["kind"]), evidence)
    return {**library, "packages": packages, "evidence": [*first.values()]}


def _name(purl: str | None) -> str | None:
    """Give a package URL without version and qualifiers."""
    return purl and _PURL_VERSION.sub("", purl)


if __name__ == "__main__":
    text = text_of(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
