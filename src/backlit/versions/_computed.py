"""Code of a project's own that computes its version: whether it asks a VCS, or says what it says anyway.

Read, never run. Only code that asks a VCS may be told a version: what any other code says stands in the tree, and has
to agree with the version asked for.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

    from backlit.config.project import Project


def module_paths(module: str, folders: Iterable[str]) -> tuple[str, ...]:
    """Give the paths at which a module of a dotted name may stand below `folders`."""
    inside = module.replace(".", "/")
    bases = [posixpath.normpath(posixpath.join(folder, inside)) for folder in folders]
    return tuple(f"{base}{end}" for base in bases for end in (".py", "/__init__.py"))


def asks_vcs(project: Project, paths: Iterable[str], folders: Iterable[str] = ("",)) -> bool:
    """Tell whether Python files, or modules of the tree that they import from `folders`, ask a VCS for something."""
    from backlit.config import syntax  # noqa: PLC0415 - loads the parser, for few projects

    asking = (text for text in _read(project, paths, folders) if _MAY_ASK.search(text))
    return any(_is_question(node) for text in asking for node in syntax.nodes(text))


def writes_files(project: Project, paths: Iterable[str], folders: Iterable[str] = ("",)) -> bool:
    """Tell whether such code writes files: the version file may be among them, so that it has to run."""
    return any(_WRITES.search(text) for text in _read(project, paths, folders))


def _read(project: Project, paths: Iterable[str], folders: Iterable[str]) -> Iterator[str]:
    """Give the text of the files that are there, each once."""
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    roots, waiting, seen = tuple(folders), list(paths), set[str]()
    while waiting and len(seen) < _MANY:
        path = waiting.pop()
        if path in seen or path.startswith(".."):
            continue
        seen.add(path)
        text = project.text(path)
        yield text
        imports = [node for node in syntax.statements(text) if isinstance(node, ast.Import | ast.ImportFrom)]
        waiting += (found for node in imports for found in _imported(node, posixpath.dirname(path), roots))


def _is_question(node: ast.AST) -> bool:
    """Tell whether a node names a VCS' program, or imports what asks one."""
    import ast  # noqa: PLC0415 - see above

    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _PROGRAM.match(node.value) is not None
    names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
    names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
    return any(f"{name}.".startswith(_LIBRARIES) for name in names)


def _imported(node: ast.AST, folder: str, roots: tuple[str, ...]) -> Iterator[str]:
    import ast  # noqa: PLC0415 - see above

    if isinstance(node, ast.Import):
        for name in node.names:
            yield from module_paths(name.name, roots)
    elif isinstance(node, ast.ImportFrom):
        bases = (posixpath.join(folder, *[".."] * (node.level - 1)),) if node.level else roots
        above = node.module or ""
        for module in (above, *(f"{above}.{part.name}".lstrip(".") for part in node.names)):
            yield from module_paths(module, bases) if module else ()


_MANY: Final = 50
"""Files that are read at most."""

_PROGRAM: Final = re.compile(r"(?:git|hg|svn)(?:$|\s+-{0,2}[a-z]|\.exe$)|\.git(?:$|/)")

_MAY_ASK: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:git|hg|svn)(?![A-Za-z0-9])|dulwich|dunamai|hglib|pygit2|_scm|versioneer|versioningit"
    r"|vcs_versioning|hooks\.version|uv_dynamic"
)
"""What is somewhere in each text that asks: most have none of it, and need not be looked through."""

_WRITES: Final = re.compile(r"\bopen\([^\n]*[\"'](?:[wax][bt]?\+?|r[bt]?\+)[\"']|\.write\w*\(|\bdump\(")

_LIBRARIES: Final = (
    *("dulwich.", "dunamai.", "git.", "hglib.", "pygit2.", "setuptools_scm.", "vcs_versioning.", "versioneer."),
    *("pdm.backend.hooks.version.", "uv_dynamic_versioning.", "versioningit."),
)
