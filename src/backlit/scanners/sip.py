"""SIP and PyQt-builder: the libraries that bindings name, and the modules of Qt.

Recognised by ``[tool.sip]`` in pyproject.toml, or PyQt-builder among the requirements of the build. Bindings are named
in ``[tool.sip.bindings]`` or by ``qmake_QT=`` in the project's ``project.py``. SIP makes one module of C, and C++ for
bindings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.model.evidence import Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Signal, ToolUse
from backlit.scanners import _follow, _python
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class Sip:
    """The scanner."""

    name = "sip"
    files = ("pyproject.toml", "project.py")

    def digest(self, content: Content) -> object | None:
        """Keep the two files at the top that describe a project of SIP."""
        return content.text if "/" not in content.path and _MARK.search(content.text) else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give libraries, languages and tools."""
        kept: Mapping[str, str] = tree.kept_by(self)
        text = kept.get("pyproject.toml")
        if text is None:
            return
        table = _table(text)
        yield LanguageUse("c", _place(text, "sip"), "SIP makes a module of C")
        yield LanguageUse("cxx", _place(text, "sip"), "bindings of SIP")
        modules = (*_in_table(text, table), *_in_project(kept.get("project.py", "")))
        major = _QT.search(text)
        of_qt = bool(_BUILDER.search(text))
        if of_qt:
            where = _place(text, "yQt-builder" if "yQt-builder" in text else "pyqtbuild")
            yield ToolUse("qmake", where, "a project of PyQt-builder", required=Required.YES)
            yield _module("Core", major[1] if major else "6", where, "a project of PyQt-builder", Required.YES)
        for name, where, said, needed in modules:
            yield _module(name, major[1] if major else "6", where, said, needed)
        for binding in _bindings(table):
            for name in _texts(binding.get("libraries")):
                yield Signal(
                    NameKind.LINK,
                    name,
                    Kind.LINKED,
                    _place(text, name),
                    f"libraries = [{name!r}]",
                    required=Required.YES,
                )


_MARK: Final = re.compile(r"(?i)tool\.sip\b|pyqt-?build|sipbuild|qmake_QT")
_BUILDER: Final = re.compile(r"(?i)pyqt-?build")
_QT: Final = re.compile(r"\bPyQt([456])\b")


def _table(text: str) -> dict[str, Any]:
    tools = table_of(text).get("tool")
    table = tools.get("sip") if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else {}


def _bindings(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    bindings = table.get("bindings")
    for binding in bindings.values() if isinstance(bindings, dict) else ():
        if isinstance(binding, dict):
            yield binding


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _place(text: str, sought: str) -> str:
    at = text.find(sought)
    return f"pyproject.toml:{text.count(chr(10), 0, at) + 1 if at >= 0 else 1}"


_Found = tuple[str, str, str, Required]


def _in_table(text: str, table: Mapping[str, Any]) -> Iterator[_Found]:
    for binding in _bindings(table):
        for name in _texts(binding.get("qmake-QT")):
            if not name.startswith("-"):
                yield name, _place(text, name), f"qmake-QT = [{name!r}]", Required.YES


def _in_project(text: str) -> Iterator[_Found]:
    """Give the modules that a project's code names; bindings whose test fails are left out of the build."""
    tree = _python.parse(text) if "qmake_QT" in text else None
    module = _python.Module(tree) if tree else None
    for node, expression in module.flows_into("qmake_QT") if module else ():
        for value in _follow.texts(module, expression) if module else ():
            if not value.text.startswith("-"):
                where = f"project.py:{getattr(node, 'lineno', 1)}"
                yield value.text, where, f"qmake_QT=[{value.text!r}]", Required.OPTIONAL


def _module(name: str, major: str, where: str, said: str, required: Required) -> Signal:
    """Give a module of Qt as its library is named: ``webenginecore`` of Qt 6 is ``Qt6WebEngineCore``."""
    plain = re.sub(r"[-_]private$", "", name.lstrip("+"))
    spelled = _SPELLED.get(plain, f"{plain[:1].upper()}{plain[1:]}")
    return Signal(NameKind.LINK, f"Qt{major}{spelled}", Kind.LINKED, where, said, required=required)


_SPELLED_TEXT: Final = (
    "DataVisualization DBus MultimediaWidgets NetworkAuth OpenGL OpenGLWidgets PdfWidgets PrintSupport QmlModels "
    "Quick3D QuickControls2 QuickWidgets RemoteObjects SerialBus SerialPort ShaderTools SpatialAudio StateMachine "
    "SvgWidgets TextToSpeech UiTools VirtualKeyboard WaylandClient WaylandCompositor WebChannel WebEngine "
    "WebEngineCore WebEngineQuick WebEngineWidgets WebKit WebKitWidgets WebSockets WebView X11Extras XmlPatterns"
)
_SPELLED: Final = {"testlib": "Test", **{name.lower(): name for name in _SPELLED_TEXT.split()}}
"""Modules by qmake's names, where Qt does not spell them as one word."""


ADAPTER: Final[Scanner] = Sip()
