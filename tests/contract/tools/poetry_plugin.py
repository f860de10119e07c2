"""Trees with the table of poetry-dynamic-versioning, under a poetry-core that does not load it."""

from __future__ import annotations

from typing import Final

from contract.tools.poetry_dynamic_versioning import ENABLED, POETRY, PROJECT, SUBSTITUTED
from obedience import Case

SYSTEM = '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
# An editable build runs in the tree itself, where nothing can be edited.
HOOKS = ("build_wheel", "build_sdist")


def case(release: str, pyproject: str) -> Case:
    """Give a case: the checkout's wheel has the placeholder."""
    files = {**SUBSTITUTED, "pyproject.toml": SYSTEM + pyproject}
    version_file = "words/__init__.py"
    return Case("poetry-plugin", (f"poetry-core=={release}",), files, version_file, HOOKS, checkout_says="0.0.0")


CASES: Final = {
    "2": case("2.5.0", POETRY + ENABLED),
    "2-project-table": case("2.5.0", PROJECT + ENABLED),
    "1": case("1.9.1", POETRY + ENABLED),
}
