"""The PKG-INFO at the top of an sdist, from which several tools take the version before they ask git."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects

if TYPE_CHECKING:
    from backlit.config.project import Project

FILE: Final = "PKG-INFO"


def stating(project: Project, version: str) -> tuple[tuple[str, str], ...]:
    """Give a PKG-INFO that states `version`, as a file to write; nothing if the tree's own does.

    One that is there keeps all else that it says. A new one has the project's name only if the tree states it: a tool
    that fills in the rest would take a wrong one for the project's.
    """
    headers, separator, body = project.text(FILE).partition("\n\n")
    if not headers:
        name = projects.name_of(project)
        named = f"Name: {name}\n" if name else ""
        return ((FILE, f"Metadata-Version: 2.1\n{named}Version: {version}\n\n"),)
    changed = re.sub(r"(?m)^Version:.*$", f"Version: {version}", headers, count=1)
    return ((FILE, changed + separator + body),) if changed != headers else ()
