"""What every compiler's table keeps to."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from backlit.trace import tables

if TYPE_CHECKING:
    from backlit.trace.tables import Family

FAMILIES = tables.tables().families
each = pytest.mark.parametrize("family", [pytest.param(family, id=family.name) for family in FAMILIES])


def test_every_file_of_the_folder_is_a_family_of_its_name() -> None:
    names = {entry.name for entry in (files("backlit.trace") / "compilers").iterdir() if entry.name.endswith(".toml")}
    assert names == {f"{family.name}.toml" for family in FAMILIES}


@each
def test_its_names_are_recognized_as_its_own(family: Family) -> None:
    for name, language in {**family.drivers, **family.generic}.items():
        match = tables.match(name)
        assert match is not None
        assert (match.family.name, match.language, match.generic) == (family.name, language, name in family.generic)
        role = tables.role(name)
        assert role is not None
        assert role.kind == "compiler"


@each
def test_its_versioned_and_prefixed_names_are_its_own(family: Family) -> None:
    driver = next(iter(family.drivers))
    if family.pattern.fullmatch(f"{driver}-12"):
        assert tables.match(f"{driver}-12.2") is not None
    if match := tables.match(f"aarch64-linux-gnu-{driver}"):
        assert match.family.name == family.name


@each
def test_its_arguments_have_a_grammar(family: Family) -> None:
    assert callable(import_module(f"backlit.trace.dialects.{family.dialect}").parse)


@each
def test_it_can_be_asked_for_its_version(family: Family) -> None:
    assert family.identify["version"]
    assert re.compile(family.identify["version-pattern"]).groups == 1


@each
def test_its_prefix_map_names_both_folders(family: Family) -> None:
    if family.prefix_map:
        assert family.prefix_map.format(scratch="/s", original="/o").endswith("=/s=/o")


def test_no_name_belongs_to_two_families() -> None:
    names = [name for family in FAMILIES for name in (*family.drivers, *family.generic)]
    assert len(names) == len(set(names))


def test_no_tool_is_a_compiler_or_a_question() -> None:
    all_tables = tables.tables()
    for name in all_tables.tools:
        role = tables.role(name)
        assert role is not None
        assert role.kind in {"tool", "finder"}
