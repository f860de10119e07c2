"""Writes parts of the reference from the code, before Sphinx reads its sources.

The report's fields come from the JSON Schema that is committed with the code; the version tools come from the
docstrings of their modules, and their variables from the adapters themselves. All land in ``_build/generated`` and are
included by pages of ``reference/`` and ``how-to/``.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

DOCS: Final = Path(__file__).parents[1]
SOURCE: Final = DOCS.parent / "src" / "backlit"

# The adapters are asked for their variables; all they need besides Python is `packaging`, which Sphinx brings.
sys.path.insert(0, str(SOURCE.parent))

from backlit.config.project import Project  # noqa: E402 - found by the line above
from backlit.support.plugins import adapters_in  # noqa: E402 - likewise


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the pages as soon as the builder exists. Sphinx calls this."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(_app: Sphinx) -> None:
    schema = json.loads((SOURCE / "schema" / "report-1.schema.json").read_text(encoding="utf-8"))
    folder = DOCS / "_build" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report-fields.md").write_text("\n".join(_report_lines(schema)) + "\n", encoding="utf-8")
    (folder / "version-tools.md").write_text("\n".join(_tool_lines()) + "\n", encoding="utf-8")
    (folder / "each-version-tool.md").write_text("\n".join(_how_to_lines()) + "\n", encoding="utf-8")
    (folder / "tool-variables.md").write_text("\n".join(_variable_lines()) + "\n", encoding="utf-8")


def _report_lines(schema: dict[str, Any]) -> Iterator[str]:
    """Give one section an object of the schema: the report first, then each part by name."""
    objects = {"Report": schema, **dict(sorted(schema.get("$defs", {}).items()))}
    for name, definition in objects.items():
        yield f"## {name}\n"
        yield f"{_text(definition)}\n"
        if "properties" in definition:
            yield from _table(definition)
        for value in definition.get("oneOf", definition.get("anyOf", ())):
            yield f"* `{value.get('const')}`: {_text(value)}"
        yield ""


def _table(definition: dict[str, Any]) -> Iterator[str]:
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for key, value in definition["properties"].items():
        optional = "" if key in definition.get("required", ()) else ", may be left out"
        yield f"| `{key}` | {_type(value)}{optional} | {_text(value).replace('|', chr(92) + '|')} |"


def _type(value: dict[str, Any]) -> str:
    """Name a value's type in words; a part of the report is a link to its section."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    choices = value.get("anyOf") or value.get("oneOf")
    if choices:
        return " or ".join(_type(choice) for choice in choices)
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return " or ".join(f"`{json.dumps(item)}`" for item in value["enum"])
    kinds = value.get("type", "any")
    if kinds == "array":
        return f"list of {_type(value.get('items', {}))}"
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def _text(value: dict[str, Any]) -> str:
    """Give a description on one line, reST's double backquotes as Markdown's single ones."""
    return " ".join(str(value.get("description", "")).split()).replace("``", "`")


def _tool_lines() -> Iterator[str]:
    """Give one section a version tool: its module's docstring, which is reST."""
    for name, docstring in _docstrings():
        yield f"## {name}\n\n```{{eval-rst}}\n{docstring}\n```\n"


def _how_to_lines() -> Iterator[str]:
    """Give one section a version tool: how it is known, and how it is told, in its docstring's own words."""
    for name, docstring in _docstrings():
        first, *rest = docstring.split("\n\n")
        chosen = [first, *_paragraphs(rest, "Recognised"), *_paragraphs(rest, "Told")]
        yield f"## {name}\n\n```{{eval-rst}}\n" + "\n\n".join(chosen) + "\n```\n"


def _paragraphs(paragraphs: list[str], word: str) -> list[str]:
    """Give the paragraph that starts with a word, and the list below it if there is one."""
    start = next((at for at, text in enumerate(paragraphs) if text.startswith(word)), None)
    if start is None:
        return []
    end = start + 1
    while end < len(paragraphs) and paragraphs[end].startswith(("* ", "  ")):
        end += 1
    return paragraphs[start:end]


def _variable_lines() -> Iterator[str]:
    """Give one row a version tool: the variables of its own that it obeys, for a project called ``my-demo``."""
    yield "| tool | its own variables, the strongest first |"
    yield "|---|---|"
    for tool in adapters_in("backlit.versions"):
        names = tool.variables(Project(Path("/nowhere"), {"project": {"name": "my-demo"}}))
        if names:
            yield f"| {tool.name} | {', '.join(f'`{name}`' for name in names)} |"


def _docstrings() -> Iterator[tuple[str, str]]:
    """Give name and docstring of each version tool's module."""
    for path in sorted((SOURCE / "versions").glob("*.py")):
        if not path.name.startswith("_"):
            yield path.stem.replace("_", "-"), ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
