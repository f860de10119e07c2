"""Code of a project's own that computes its version: whether it asks a VCS, or says what it says anyway.

Read, never run. Only code that asks a VCS may be told a version: what any other code says stands in the tree, and has
to agree with the version asked for.
"""

from __future__ import annotations

import os
import posixpath
import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from backlit.versions import _imports

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from backlit.config.project import Project


def asks_vcs(project: Project, paths: Iterable[str], folders: Iterable[str] = ("",)) -> bool:
    """Tell whether Python files, or modules of the tree that they import from `folders`, ask a VCS for something."""
    from backlit.config import syntax  # noqa: PLC0415 - loads the parser, for few projects

    if not may_have(_MAY_ASK, project, paths, folders):
        return False
    asking = (text for text in _read(project, paths, folders) if _MAY_ASK.search(text))
    return any(_is_question(node) for text in asking for node in syntax.nodes(text))


def writes_files(project: Project, paths: Iterable[str], folders: Iterable[str] = ("",)) -> bool:
    """Tell whether such code writes files: the version file may be among them, so that it has to run."""
    return may_have(WRITES, project, paths, folders) and any(
        WRITES.search(text) for text in _read(project, paths, folders)
    )


def may_have(pattern: re.Pattern[str], project: Project, paths: Iterable[str], folders: Iterable[str]) -> bool:
    """Tell whether such code may have what `pattern` matches. Parses nothing: False is certain, True is not."""
    texts = tuple(islice(_texts(project, paths, folders, _imports.possible), _MANY + 1))
    return len(texts) > _MANY or any(pattern.search(text) for text in texts)


def _read(project: Project, paths: Iterable[str], folders: Iterable[str]) -> Iterator[str]:
    """Give the text of the files that are there, each once."""
    return islice(_texts(project, paths, folders, _imports.of), _MANY)


def _texts(
    project: Project, paths: Iterable[str], folders: Iterable[str], imports: Callable[[str], Iterable[_imports.Import]]
) -> Iterator[str]:
    """Give the texts, by one of two ways to see imports."""
    roots, waiting, seen = tuple(folders), list(paths), set[str]()
    names = _names_below(project.root)
    while waiting:
        path = posixpath.normpath(waiting.pop())
        folder, _, name = path.rpartition("/")
        if path in seen or name not in names(folder):
            continue
        seen.add(path)
        text = project.text(path)
        yield text
        waiting += (there for found in imports(text) for there in _imports.paths(found, folder, roots))


def _names_below(root: Path) -> Callable[[str], frozenset[str]]:
    """Give what tells the names in a folder of the tree; most modules that a file imports stand in none of it."""

    @cache
    def names(folder: str) -> frozenset[str]:
        above, _, name = folder.rpartition("/")
        if folder and name not in names(above):
            return frozenset()
        try:
            return frozenset(os.listdir(root / folder))  # noqa: PTH208 - names, and in a hook
        except OSError:
            return frozenset()

    return names


def _is_question(node: ast.AST) -> bool:
    """Tell whether a node names a VCS' program, or imports what asks one."""
    import ast  # noqa: PLC0415 - see above

    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _PROGRAM.match(node.value) is not None
    names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
    names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
    return any(f"{name}.".startswith(_LIBRARIES) for name in names)


_MANY: Final = 20
"""Files that are read at most."""

_PROGRAM: Final = re.compile(r"(?:git|hg|svn)(?:$|\s+-{0,2}[a-z]|\.exe$)|\.git(?:$|/)")

_MAY_ASK: Final = re.compile(
    r"git(?:(?<=[\"'}]\.git)[\"'{/]|(?<=[\"'}]git)(?:[\"'{\s\\]|\.exe)|(?<=[\s,\\]git)(?:[\s.,;\\]|$)|2)"
    r"|(?:hg|svn)(?:[\"'{\s\\]|\.exe)|hglib|dulwich|dunamai|_scm|versioneer|versioningit|vcs_versioning"
    r"|hooks\.version|uv_dynamic"
)
"""What is somewhere in each text that asks: most have none of it, and need not be looked through.

Each way begins with letters, and looks back from there: the letters are sought several times as fast as quotes are.
"""

WRITES: Final = re.compile(r"\bopen\([^\n]*[\"'](?:[wax][bt]?\+?|r[bt]?\+)[\"']|\.write\w*\(|\bdump\(")
"""What stands in code that writes files."""

_LIBRARIES: Final = (
    *("dulwich.", "dunamai.", "git.", "hglib.", "pygit2.", "setuptools_scm.", "vcs_versioning.", "versioneer."),
    *("pdm.backend.hooks.version.", "uv_dynamic_versioning.", "versioningit."),
)
