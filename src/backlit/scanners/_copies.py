"""How a copy of another project is told from a folder of the project's own: by the papers that come with a release."""

from __future__ import annotations

from typing import Final

_PAPERS: Final = (
    "copying license license.txt copying.txt license.md COPYING COPYING.txt COPYING.md COPYING.LESSER COPYRIGHT "
    "LICENSE LICENSE.txt LICENSE.md LICENSE.rst LICENCE LICENCE.txt LICENCE.md LICENSE_1_0.txt LICENSE-MIT LICENSES "
    "NOTICE AUTHORS AUTHORS.md NEWS NEWS.md ChangeLog License License.txt License.md Licence.txt Copying Copyright.txt "
    "copyright copyright.txt COPYRIGHT.txt"
)

PAPERS: Final = frozenset(_PAPERS.split())
"""Files that stand at the top of what somebody released; a README or a build file stands in any folder."""


def has_papers(paths: frozenset[str], folder: str) -> bool:
    """Tell whether a folder has papers of its own."""
    return any(f"{folder}/{paper}" in paths for paper in PAPERS)
