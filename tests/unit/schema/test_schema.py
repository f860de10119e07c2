"""The schema says what the model says, and finds what a report breaks."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from backlit import schema
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Evidence, Kind, Side
from backlit.model.native import NativeFile
from backlit.model.report import Coverage, Library, Names, PlatformFacts, ProjectFacts, Report, VersionFacts
from backlit.schema import generate
from backlit.support.values import plain


class Colour(StrEnum):
    """A colour."""

    RED = "red"
    """Like a rose."""


class Leaf(NamedTuple):
    """A leaf."""

    colour: Colour
    """Its
    ``colour``."""


class Tree(NamedTuple):
    """A tree."""

    height: float | None
    """In metres."""
    leaves: tuple[Leaf, ...] = ()
    """All of them."""
    crown: Leaf | None = None
    """The topmost."""


class Unspeakable(NamedTuple):
    """Has a type that JSON has not."""

    value: complex
    """A number."""


def a_report() -> dict[str, Any]:
    library = Library(
        id="dep:generic/zlib",
        canonical="true",
        role="host",
        linkage=("dynamic",),
        direct=True,
        required="yes",
        used=True,
        names=Names(link=("z",)),
        evidence=(Evidence(side=Side.BUILD, kind=Kind.LINKED, where="setup.py"),),
    )
    report = Report(
        project=ProjectFacts(name="demo", version="1.0", source="demo"),
        version=VersionFacts(value="1.0", origin="static"),
        backend=None,
        platform=PlatformFacts(build="linux-x86_64", host=None, cross=None),
        coverage=Coverage(mechanism=(), seen=0, missed=()),
        libraries=(library,),
        binaries=(NativeFile(path="a.so", format="elf", kind="shared", architecture="x", bits=64, byteorder="big"),),
        diagnostics=(Diagnostic(code="unused-link", severity=Severity.NOTE, where="", message="m"),),
    )
    document: dict[str, Any] = json.loads(json.dumps(plain(report)))
    return document


def test_the_shipped_file_is_what_the_model_gives() -> None:
    shipped = Path(schema.__file__).with_name(schema.FILE).read_text(encoding="utf-8")
    assert shipped == generate.text(), "run: python -m backlit.schema"


def test_the_schema_is_valid_itself() -> None:
    Draft202012Validator.check_schema(schema.load())


def test_every_property_is_described_and_required() -> None:
    shipped = schema.load()
    objects = [shipped, *(entry for entry in shipped["$defs"].values() if entry["type"] == "object")]
    for entry in objects:
        assert entry["additionalProperties"] is True
        assert entry["required"] == [*entry["properties"]]
        assert all(value["description"] for value in entry["properties"].values())


def test_each_type_has_its_counterpart() -> None:
    given = generate.schema_of(Tree)
    assert given["description"] == "A tree."
    assert given["required"] == ["height", "leaves", "crown"]
    assert given["properties"] == {
        "height": {"description": "In metres.", "type": ["number", "null"]},
        "leaves": {"description": "All of them.", "type": "array", "items": {"$ref": "#/$defs/Leaf"}},
        "crown": {"description": "The topmost.", "anyOf": [{"$ref": "#/$defs/Leaf"}, {"type": "null"}]},
    }
    assert given["$defs"]["Leaf"]["properties"] == {
        "colour": {"description": "Its `colour`.", "$ref": "#/$defs/Colour"}
    }
    assert given["$defs"]["Colour"]["enum"] == ["red"]
    assert given["$defs"]["Colour"]["description"].startswith("A colour. `red`: Like a rose. Later versions")


@pytest.mark.parametrize("model", [Unspeakable, Colour], ids=["field", "top"])
def test_a_type_without_counterpart_is_refused(model: type) -> None:
    with pytest.raises(TypeError):
        generate.schema_of(model)


def test_a_report_has_no_problems() -> None:
    assert schema.problems_in(a_report()) == []


def test_unknown_properties_are_no_problem() -> None:
    assert schema.problems_in(a_report() | {"later": 1}) == []


def test_each_problem_names_its_path() -> None:
    report = a_report()
    report["libraries"][0]["id"] = 5
    report["libraries"][0]["evidence"][0]["side"] = "sauce"
    report["schema"] = "backlit-report-2"
    del report["project"]["source"]
    assert schema.problems_in(report) == [
        "$.libraries[0].evidence[0].side: 'sauce' is not one of ['source', 'build', 'artifact']",
        "$.libraries[0].id: 5 is not of type 'string'",
        "$.project: 'source' is a required property",
        "$.schema: 'backlit-report-1' was expected",
    ]


def test_a_long_value_is_not_quoted_whole() -> None:
    (problem,) = schema.problems_in("x" * 10_000)
    assert problem.endswith("is not of type 'object'")
    assert len(problem) < 400
