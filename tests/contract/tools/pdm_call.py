"""Trees whose version pdm-backend takes from a function."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

PDM_0 = ("pdm-backend==2.0.7",)
PDM_5 = ("pdm-backend==2.5.0",)
SYSTEM = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
CALL = """\
[tool.pdm.version]
source = "call"
getter = "tools.version:get"
write_to = "words/_v.py"
write_template = "version = '{}'\\n"
"""
GETTER = """\
import subprocess

def get(*prefix):
    return subprocess.run(["git", "describe", "--tags"], check=True, capture_output=True, text=True).stdout.strip()[1:]
"""
INLINE = "[tool.pdm]\nversion = { source = \"call\", getter = \"tools.version:get('a', 'b')\" }\n"


def case(requires: tuple[str, ...], table: str, *, hooks: tuple[str, ...] = ("build_wheel",), **more: str) -> Case:
    """Give a case: `more` is `version_file`."""
    pyproject = SYSTEM + PROJECT + table + '[tool.pdm.build]\nincludes = ["words"]\nsource-includes = ["tools"]\n'
    files = {**SOURCES, "tools/version.py": GETTER, "pyproject.toml": pyproject}
    return Case("pdm-backend-call", requires, files, more.get("version_file", ""), hooks)


CASES: Final = {
    "5": case(PDM_5, CALL, hooks=ALL_HOOKS, version_file="words/_v.py"),
    "0": case(PDM_0, CALL, hooks=("build_wheel", "build_sdist"), version_file="words/_v.py"),
    "inline": case(PDM_5, INLINE),
}
