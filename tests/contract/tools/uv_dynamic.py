"""Trees that uv-dynamic-versioning versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

HATCH_UV = ("hatchling==1.33.0", "uv-dynamic-versioning==0.14.1", "editables==0.5")
HATCH_DUNAMAI = f"""\
[build-system]
requires = ["hatchling", "uv-dynamic-versioning"]
build-backend = "hatchling.build"
{PROJECT.replace('"version"', '"version", "dependencies"')}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.version]
source = "uv-dynamic-versioning"
[tool.hatch.build.hooks.version]
path = "words/_v.py"
[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = ["words-core=={{{{ version }}}}"]
"""

UV_OLD = ("hatchling==1.27.0", "uv-dynamic-versioning==0.5.0", "editables==0.5")
PLAIN = HATCH_DUNAMAI.partition("[tool.hatch.metadata")[0].replace(', "dependencies"', "")
OPTIONAL = HATCH_DUNAMAI.replace('"dependencies"', '"optional-dependencies"').replace(
    'dependencies = ["words-core',
    '[tool.hatch.metadata.hooks.uv-dynamic-versioning.optional-dependencies]\nall = ["words-core',
)
FROM_FILE = '[tool.uv-dynamic-versioning.from-file]\nsource = "words/data/version.txt"\n'
GIVEN = {"words/data/version.txt": "1.2.3\n"}
FALLBACK = '[tool.uv-dynamic-versioning]\nfallback-version = "0.0.0"\n'


def case(
    requires: tuple[str, ...],
    pyproject: str,
    *,
    hooks: tuple[str, ...] = ("build_wheel",),
    files: dict[str, str] | None = None,
    states: bool = False,
) -> Case:
    """Give a case."""
    tree = {**SOURCES, **(files or {}), "pyproject.toml": pyproject}
    return Case("uv-dynamic-versioning", requires, tree, "words/_v.py", hooks, states=states)


CASES: Final = {
    "dependencies": case(HATCH_UV, HATCH_DUNAMAI, hooks=ALL_HOOKS),
    "optional-dependencies": case(HATCH_UV, OPTIONAL),
    "old": case(UV_OLD, PLAIN, hooks=ALL_HOOKS),
    "from-file": case(HATCH_UV, PLAIN + FROM_FILE, files=GIVEN, states=True),
    "fallback-version": case(HATCH_UV, PLAIN + FALLBACK),
}
