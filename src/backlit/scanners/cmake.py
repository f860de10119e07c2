"""CMake: what ``CMakeLists.txt`` and the modules that it takes ask for, with options and conditions.

The files are read by the language's grammar and followed as CMake does: from the ``CMakeLists.txt`` at the top through
``add_subdirectory()`` and ``include()``, into the tree's own ``Find*.cmake`` where ``find_package()`` takes them, and
into functions where they are called. Variables, lists and loops are followed; of ``if``, what is said of the system and
of options is kept as a condition. Recognised: ``find_package()``, ``pkg_check_modules()``, ``pkg_search_module()``,
``find_library()``, ``find_path()``, ``find_program()``, ``target_link_libraries()`` without the project's own targets,
the languages of ``project()`` and ``enable_language()``, and what ``FetchContent``, ``ExternalProject`` and CPM fetch.

Whether a build goes through CMake is told by pyproject.toml, and by Python code of the build that names the program;
where neither does, all this is a hint.

Formats: the manual pages cmake-language(7) and cmake-commands(7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence
from backlit.model.signal import Scope, ToolUse
from backlit.scanners import _cmake_project, _given
from backlit.scanners._copies import has_papers
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree

_RUNS: Final = re.compile(rb"['\"]cmake['\"]|\bskbuild\b|CMakeExtension|cmake_build_extension")

_NAMED: Final = re.compile(r"scikit[-_]build|skbuild|py[-_]build[-_]cmake|cmeel|['\"]cmake\b")


class CMake:
    """The scanner."""

    name = "cmake"
    files = ("CMakeLists.txt", "*.cmake", "*.py")

    def digest(self, content: Content) -> object | None:
        """Keep the text; of Python code, that it runs CMake."""
        scope = scope_of(content.path)
        if content.path.endswith(".py"):
            near = scope is Scope.BUILD and content.path.count("/") <= 1
            return True if near and b"cmake" in content.data.lower() and _RUNS.search(content.data) else None
        return content.text if scope not in {Scope.TEST, Scope.EXAMPLE, Scope.DOC} else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give what the project at the top asks for."""
        kept = tree.kept_by(self)
        texts = {path: text for path, text in kept.items() if isinstance(text, str)}
        runs = next((path for path, text in kept.items() if text is True), "")
        pyproject = tree.texts.get("pyproject.toml", "")
        named = _NAMED.search(pyproject)
        sure = bool(runs or named or not (pyproject or tree.texts.get("setup.py")))
        standing = Confidence.HIGH if sure else Confidence.LOW
        if runs or ("CMakeLists.txt" in texts and sure):
            where = f"pyproject.toml:{pyproject.count(chr(10), 0, named.start()) + 1}" if named else runs
            yield ToolUse("cmake", where or "CMakeLists.txt:1", "the build runs CMake")
        project = _cmake_project.Project(tree.paths, texts, standing)
        project.values.give(_given.to_cmake(pyproject))
        yield from project.findings(_start(tree, texts, runs=bool(runs)))


_SOURCE: Final = re.compile(r"(?:source-dir|cmake_source_dir)['\"]?\s*[=:]\s*['\"]([\w./-]+)")


def _start(tree: Tree, texts: Mapping[str, str], *, runs: bool) -> str:
    """Give the file that CMake begins with: at the top, where the build says, or in the only folder that has one.

    A copy of another project that is built alone asks for what it needs itself.
    """
    said = (_SOURCE.search(tree.texts.get(name, "")) for name in ("pyproject.toml", "setup.py"))
    folders = [found[1].removeprefix("./").strip("/") for found in said if found]
    near = [path for path in texts if path.endswith("/CMakeLists.txt") and path.count("/") == 1]
    own = [path for path in near if runs and not has_papers(tree.paths, path.rpartition("/")[0])]
    asked = [f"{folder}/CMakeLists.txt" for folder in folders if not has_papers(tree.paths, folder)]
    fallen = own if len(own) == 1 else []
    return next((path for path in (*asked, "CMakeLists.txt", *fallen) if path in texts), "CMakeLists.txt")


ADAPTER: Final[Scanner] = CMake()
