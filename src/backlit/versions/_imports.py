"""What Python source imports: as its syntax says, or, for a fraction of the time, all that its text may import."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Import(NamedTuple):
    """One statement, or what may be one."""

    module: str
    """What stands after ``from``, without its dots; empty for ``import a.b``."""
    names: tuple[str, ...]
    """What stands after ``import``."""
    level: int
    """The dots after ``from``."""


def of(text: str) -> Iterator[Import]:
    """Give what source imports, anywhere in it; nothing of what is no Python."""
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    for node in syntax.statements(text):
        if isinstance(node, ast.Import):
            yield Import("", tuple(part.name for part in node.names), 0)
        elif isinstance(node, ast.ImportFrom):
            yield Import(node.module or "", tuple(part.name for part in node.names), node.level)


def possible(text: str) -> Iterator[Import]:
    """Give all that source imports, and more: what strings and comments seem to import as well."""
    for found in re.finditer(r"\bimport\b", text):
        listed = _LISTED.match(text, found.end())
        names = tuple(re.findall(r"[\w.]+", re.sub(r"#.*", "", listed[0]))) if listed else ()
        yield Import("", names, 0)
        source = _FROM.match(text[max(0, found.start() - _FAR) : found.start()])
        if source is not None:
            module = re.sub(r"[\s\\]", "", source[1])
            yield Import(module.lstrip("."), names, len(module) - len(module.lstrip(".")))


def paths(found: Import, folder: str, roots: Iterable[str]) -> Iterator[str]:
    """Give the paths at which what a module in `folder` imports may stand; absolute imports start in `roots`."""
    bases = (posixpath.join(folder, *[".."] * (found.level - 1)),) if found.level else tuple(roots)
    # The module, and each name: it may be a module as well.
    for module in (found.module, *(f"{found.module}.{name}".lstrip(".") for name in found.names)):
        yield from module_paths(module, bases) if module else ()


def module_paths(module: str, folders: Iterable[str]) -> tuple[str, ...]:
    """Give the paths at which a module of a dotted name may stand below `folders`."""
    inside = module.replace(".", "/")
    bases = [posixpath.normpath(posixpath.join(folder, inside)) for folder in folders]
    return tuple(f"{base}{end}" for base in bases for end in (".py", "/__init__.py"))


_LISTED: Final = re.compile(r"[\s\\]*\((?:[^()#]+|#.*)*|(?:\\\n|[^\n;#(])*")
"""What follows ``import``: in parentheses, or to the end of the line and of those that it goes on in."""

_FROM: Final = re.compile(r"(?s:.*)\bfrom\b([\w.\s\\]+)$")
"""What comes before it."""

_FAR: Final = 300
"""Characters that ``from`` and a module's name may take."""
