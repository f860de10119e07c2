"""SIP and PyQt-builder: modules of Qt, libraries, languages."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.signal import LanguageUse, Required, Signal, ToolUse
from backlit.scanners import File
from backlit.scanners.sip import ADAPTER

HEAD = "[build-system]\nrequires = ['sip >=6', 'PyQt-builder >=1']\nbuild-backend = 'sipbuild.api'\n"
PROJECT = "[project]\nname = 'PyQt6-Foo'\n"


def findings(text: str, project: str = "") -> list[object]:
    files = {"pyproject.toml": text, "project.py": project}
    return list(ADAPTER.findings(scanners.read(File(path, len(one), one.encode) for path, one in files.items())))


def named(found: list[object]) -> dict[str, Required]:
    return {item.name: item.required for item in found if isinstance(item, Signal)}


def test_bindings_of_the_table_link_modules_of_qt() -> None:
    found = findings(f"{HEAD}{PROJECT}[tool.sip.bindings.Foo]\nqmake-QT = ['foocore', '-gui']\nlibraries = ['z']\n")
    assert named(found) == {"Qt6Core": Required.YES, "Qt6Foocore": Required.YES, "z": Required.YES}
    assert {item.language for item in found if isinstance(item, LanguageUse)} == {"c", "cxx"}
    assert [item.name for item in found if isinstance(item, ToolUse)] == ["qmake"]


def test_bindings_of_the_code_may_be_left_out_of_a_build() -> None:
    code = "class Svg(Bindings):\n    def __init__(self, p):\n        super().__init__(p, qmake_QT=['svg', '-gui'])\n"
    found = findings(HEAD + PROJECT.replace("6", "5"), code)
    assert named(found) == {"Qt5Core": Required.YES, "Qt5Svg": Required.OPTIONAL}


@pytest.mark.parametrize(
    ("name", "library"), [("webenginecore", "Qt6WebEngineCore"), ("testlib", "Qt6Test"), ("dbus", "Qt6DBus")]
)
def test_a_module_is_called_as_its_library_is(name: str, library: str) -> None:
    assert library in named(findings(f"{HEAD}{PROJECT}[tool.sip.bindings.Foo]\nqmake-QT = ['{name}']\n"))


def test_a_module_that_is_private_is_of_the_same_library() -> None:
    assert "Qt6Gui" in named(findings(f"{HEAD}[tool.sip.bindings.Foo]\nqmake-QT = ['gui-private']\n"))


@pytest.mark.parametrize("text", ["", "[build-system]\nrequires = ['setuptools']\n", "not toml ["])
def test_other_projects_are_left_alone(text: str) -> None:
    assert findings(text, "x(qmake_QT=['svg'])") == []


@given(st.text(alphabet="[]tool.sip\n='bindgsx{}QT-", max_size=80), st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str, code: str) -> None:
    findings(f"[tool.sip]\n{text}", f"qmake_QT = {code}")
