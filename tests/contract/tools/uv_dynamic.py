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

CASES: Final = {
    "dependencies": Case(
        "uv-dynamic-versioning", HATCH_UV, {**SOURCES, "pyproject.toml": HATCH_DUNAMAI}, "words/_v.py", ALL_HOOKS
    )
}
