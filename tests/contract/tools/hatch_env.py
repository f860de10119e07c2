"""Trees whose version hatchling takes from a variable."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

HATCH_OLD = ("hatchling==1.21.1", "editables==0.5")
HATCH_NEW = ("hatchling==1.33.0", "editables==0.5")
HATCHLING = f"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.build.hooks.version]
path = "words/_v.py"
[tool.hatch.version]
source = "env"
variable = "WORDS_VERSION"
"""
FILES = {**SOURCES, "pyproject.toml": HATCHLING}
NEEDS = {"WORDS_VERSION": "1.2.3"}

CASES: Final = {
    "new": Case("hatchling-env", HATCH_NEW, FILES, "words/_v.py", ALL_HOOKS, checkout_needs=NEEDS),
    # Its sdist has no version of its own: hatchling reads PKG-INFO since 1.22.
    "old": Case("hatchling-env", HATCH_OLD, FILES, "words/_v.py", ALL_HOOKS, checkout_needs=NEEDS),
}
