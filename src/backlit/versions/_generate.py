"""Write ``_index.py``: which tools there are, and the marks by which a tree of theirs is known.

Adapters are found by their folder; the index is that folder's listing, kept so that a hook loads the adapters of the
tools that a tree mentions, and not all of them, at a third of a millisecond each.
"""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules
from typing import Final

from backlit.support.plugins import adapters_in

HEAD: Final = '''"""Made by ``python -m backlit.versions._generate`` of the adapters in this folder."""

from typing import Final

TOOLS: Final[tuple[tuple[str, bool, tuple[str, ...]], ...]] = (
'''


def text() -> str:
    """Give the index: module, whether it is a last resort, and marks; sorted by module."""
    names = sorted(entry.name for entry in iter_modules([str(Path(__file__).parent)]) if entry.name[0] != "_")
    tools = zip(names, adapters_in("backlit.versions"), strict=True)
    rows = (f"    ({name!r}, {tool.last_resort}, {tool.marks!r}),\n" for name, tool in tools if name != "static")
    table = "".join(rows).replace("'", '"')
    return HEAD + table + ')\n"""Module, whether it is asked last, and its marks."""\n'


if __name__ == "__main__":
    Path(__file__).with_name("_index.py").write_text(text(), encoding="utf-8")
