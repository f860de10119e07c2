"""The schema, from the model's field types and field docstrings.

A named tuple is an object whose properties are all required; a property that is not listed is allowed, for readers
ignore what they do not know. ``StrEnum`` is an enumeration, ``tuple[X, ...]`` an array, ``X | None`` a value or null.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from backlit.model.report import SCHEMA, Report

IDENTIFIER: Final = "urn:backlit:report:1"
"""``$id``: a name, not an address."""

_OPEN: Final = "Later versions of backlit may add values: treat one you do not know as no value."

_PLAIN: Final = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def text() -> str:
    """Give the shipped file's text."""
    return json.dumps(schema_of(Report), indent=2) + "\n"


def schema_of(model: type) -> dict[str, Any]:
    """Give the JSON Schema of a named tuple, with one definition for each named tuple below it.

    :raises TypeError: if a field has a type that has no counterpart here.
    """
    definitions: dict[str, Any] = {}
    top = _object_of(model, definitions)
    if "schema" in top["properties"]:
        top["properties"]["schema"]["const"] = SCHEMA
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": IDENTIFIER,
        "title": SCHEMA,
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def _object_of(model: type, definitions: dict[str, Any]) -> dict[str, Any]:
    names: tuple[str, ...] | None = getattr(model, "_fields", None)
    if names is None:
        message = f"{model!r} is no named tuple"
        raise TypeError(message)
    types, described = get_type_hints(model), _docstrings_of(model)
    return {
        "description": _prose(inspect.getdoc(model) or ""),
        "type": "object",
        "properties": {
            name: {"description": _prose(described[name]), **_value_of(types[name], definitions)} for name in names
        },
        "required": list(names),
        "additionalProperties": True,
    }


def _value_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any type expression
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if get_origin(kind) is tuple:
        (item, dots) = get_args(kind)
        if dots is Ellipsis:
            return {"type": "array", "items": _value_of(item, definitions)}
    elif isinstance(kind, UnionType):
        return _either([_value_of(member, definitions) for member in get_args(kind)])
    elif isinstance(kind, type):
        return _reference_to(kind, definitions)
    message = f"{kind!r} has no counterpart in the schema"
    raise TypeError(message)


def _either(values: list[dict[str, Any]]) -> dict[str, Any]:
    if all(value.keys() == {"type"} for value in values):
        return {"type": [value["type"] for value in values]}
    return {"anyOf": values}


def _reference_to(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # a place in the table first, for what refers to itself
        definitions[kind.__name__] = _values_of(kind) if issubclass(kind, StrEnum) else _object_of(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _values_of(kind: type[StrEnum]) -> dict[str, Any]:
    described = _docstrings_of(kind)
    each = " ".join(f"`{member.value}`: {_prose(described[member.name])}" for member in kind)
    return {
        "description": f"{_prose(inspect.getdoc(kind) or '')} {each} {_OPEN}",
        "type": "string",
        "enum": [member.value for member in kind],
    }


def _docstrings_of(kind: type) -> dict[str, str]:
    """Give the docstring that stands under each field or member; empty text where there is none."""
    module = ast.parse(inspect.getsource(sys.modules[kind.__module__]))
    body = next(node.body for node in module.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    found: dict[str, str] = {}
    for node, below in zip(body, [*body[1:], ast.Pass()], strict=True):
        target = _target_of(node)
        if target:
            found[target] = _constant(below)
    return found


def _target_of(node: ast.stmt) -> str | None:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def _constant(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(value))):
            return inspect.cleandoc(value)
        case _:
            return ""


def _prose(docstring: str) -> str:
    """Give a docstring as one line; double backticks, which are reST's, become single ones, which are read anywhere."""
    return " ".join(docstring.split()).replace("``", "`")
