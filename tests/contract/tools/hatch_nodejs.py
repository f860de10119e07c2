"""Trees that have their version in package.json."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

HATCH_NODE = ("hatchling==1.33.0", "hatch-nodejs-version==0.4.0", "editables==0.5")
HATCHLING = f"""\
[build-system]
requires = ["hatchling", "hatch-nodejs-version"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.version]
source = "nodejs"
[tool.hatch.build.hooks.version]
path = "words/_v.py"
"""
FILES = {**SOURCES, "pyproject.toml": HATCHLING, "package.json": '{"name": "words", "version": "1.2.3"}\n'}

CASES: Final = {"1": Case("hatch-nodejs-version", HATCH_NODE, FILES, "words/_v.py", ALL_HOOKS, states=True)}
