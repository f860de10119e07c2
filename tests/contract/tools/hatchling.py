"""Trees whose version hatchling takes from code of their own, or from a plugin that is not known."""

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
"""
CODE = '[tool.hatch.version]\nsource = "code"\npath = "tools/version.py"\nsearch-paths = ["tools"]\n'
RUNS_GIT = """\
import subprocess

def described():
    return subprocess.run(["git", "describe", "--tags"], check=True, capture_output=True, text=True).stdout.strip()
"""
HOOK = """\
from hatchling.metadata.plugin.interface import MetadataHookInterface
from tools.asked import described

class Hook(MetadataHookInterface):
    def update(self, metadata):
        metadata["version"] = described()[1:]
        if "dependencies" in metadata.get("dynamic", []):
            metadata["dependencies"] = [f"words-core=={metadata['version']}"]
"""
CUSTOM = "[tool.hatch.metadata.hooks.custom]\n"
# hatch runs hatch_build.py as a file: what stands beside it has to be told.
BESIDE = "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n"


def case(
    requires: tuple[str, ...], pyproject: str, files: dict[str, str], *, hooks: tuple[str, ...] = ("build_wheel",)
) -> Case:
    """Give a case."""
    more = {"pyproject.toml": pyproject, "tools/asked.py": RUNS_GIT}
    return Case("hatchling", requires, {**SOURCES, **more, **files}, "words/_v.py", hooks)


GIT_CODE = {"tools/version.py": "import asked\n__version__ = asked.described()[1:]\n"}
GIT_HOOK = {"hatch_build.py": BESIDE + HOOK}
TWO = HATCHLING.replace('"version"', '"version", "dependencies"')
UV_HOOK = '[tool.hatch.metadata.hooks.uv-dynamic-versioning]\ndependencies = ["words-core=={{ version }}"]\n'

CASES: Final = {
    "code": case(HATCH_NEW, HATCHLING + CODE, GIT_CODE, hooks=ALL_HOOKS),
    "code-old": case(HATCH_OLD, HATCHLING + CODE, GIT_CODE, hooks=ALL_HOOKS),
    "hook": case(HATCH_NEW, HATCHLING + CUSTOM, GIT_HOOK, hooks=ALL_HOOKS),
    "hook-old": case(HATCH_OLD, HATCHLING + CUSTOM, GIT_HOOK, hooks=ALL_HOOKS),
    "code-and-dependencies": Case(
        "hatchling",
        (*HATCH_NEW, "uv-dynamic-versioning==0.14.1"),
        {**SOURCES, "pyproject.toml": TWO + CODE + UV_HOOK, "tools/asked.py": RUNS_GIT, **GIT_CODE},
        "words/_v.py",
        ALL_HOOKS,
    ),
    "hook-for-two-fields": case(HATCH_NEW, TWO + CUSTOM, GIT_HOOK),
}
