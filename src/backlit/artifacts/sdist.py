"""Source distributions: what they are called, and what is inside.

Native code in them is not looked for: what an sdist holds was not built by the build that is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.artifacts.glance import glance
from backlit.model.artifact import Artifact

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> Artifact:
    """Give what an sdist (``.tar.gz``, ``.zip``) says of itself.

    :raises FormatError: if it is damaged, hostile, or no sdist.
    :raises InputError: if it cannot be opened.
    """
    seen = glance(path)
    return Artifact(
        kind="sdist",
        filename=seen.filename,
        name=seen.name,
        version=seen.version,
        filename_version=seen.filename_version,
        members=seen.members,
    )
