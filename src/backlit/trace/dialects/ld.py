"""The arguments of a linker that no compiler driver started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.invocation import Role
from backlit.trace import tables
from backlit.trace.dialects import Parsed
from backlit.trace.dialects.linking import Linking

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse(arguments: Sequence[str], cwd: str, family: tables.Family, _language: str) -> Parsed:
    """Give what the arguments ask for."""
    linking = Linking(cwd)
    for word in arguments:
        linking.feed(word)
    linked = linking.objects or linking.library_files or linking.libraries
    return Parsed(
        role=Role.LINK if linked and not linking.only_asks(linking.output) else Role.PROBE,
        objects=tuple(linking.objects),
        output=linking.output,
        libraries=tuple(linking.libraries),
        library_files=tuple(linking.library_files),
        library_dirs=tuple(linking.folders()),
        static_names=tuple(linking.static_names),
        rpaths=tuple(linking.rpaths),
        flags=tuple(word for word in arguments if tables.fits(word, family.flags)),
    )
