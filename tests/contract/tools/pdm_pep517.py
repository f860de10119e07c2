"""Trees that pdm-pep517 versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

PDM_1 = ("pdm-pep517==1.1.4",)
PDM_0 = ("pdm-pep517==0.12.7", "setuptools==75.8.0")
PDM_OLD = ("pdm-pep517==0.8.6", "setuptools==75.8.0")
SYSTEM = '[build-system]\nrequires = ["pdm-pep517"]\nbuild-backend = "pdm.pep517.api"\n'
NEEDED = 'license = { text = "MIT" }\nrequires-python = ">=3.7"\ndescription = "Words."\ndependencies = []\n'
SCM = """\
[tool.pdm]
version = { source = "scm", write_to = "words/_v.py", write_template = "version = '{}'\\n" }
"""
USE_SCM = "[tool.pdm]\nversion = { use_scm = true }\n"
IN_PROJECT = "version = { use_scm = true }\n"


def case(requires: tuple[str, ...], table: str, *, hooks: tuple[str, ...] = ("build_wheel",), **more: str) -> Case:
    """Give a case: `more` is `version_file`."""
    files = {**SOURCES, "pyproject.toml": SYSTEM + PROJECT + NEEDED + table}
    return Case("pdm-pep517", requires, files, more.get("version_file", ""), hooks)


CASES: Final = {
    "1": case(PDM_1, SCM, hooks=ALL_HOOKS, version_file="words/_v.py"),
    "1-use_scm": case(PDM_1, USE_SCM),
    "0": case(PDM_0, USE_SCM, hooks=("build_wheel", "build_sdist")),
    "old": case(PDM_OLD, IN_PROJECT, hooks=("build_wheel", "build_sdist")),
}
