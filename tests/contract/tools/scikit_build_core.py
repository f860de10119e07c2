"""Trees that scikit-build-core versions, by each provider. CMake and ninja come from the index."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

TOOLS = ("cmake==3.31.6", "ninja==1.13.0")
SCM_8 = ("setuptools==80.9.0", "setuptools-scm==8.3.1")
SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")
SKB_0 = ("scikit-build-core[pyproject]==0.5.1", "pyproject-metadata==0.7.1", *TOOLS)
SKB_10 = ("scikit-build-core==0.10.7", *TOOLS)
SKB_1 = ("scikit-build-core==1.1.2", *TOOLS)
SYSTEM = '[build-system]\nrequires = ["scikit-build-core"]\nbuild-backend = "scikit_build_core.build"\n'
BUILD = '[tool.scikit-build]\nwheel.packages = ["words"]\n'
CMAKE = """\
cmake_minimum_required(VERSION 3.15...3.30)
project(words VERSION "${SKBUILD_PROJECT_VERSION}" LANGUAGES NONE)
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/built.txt" "${SKBUILD_PROJECT_VERSION}\\n")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/built.txt" DESTINATION words)
"""
SCM_TABLE = '[tool.setuptools_scm]\nwrite_to = "words/_v.py"\n'
LEGACY = '[tool.scikit-build.metadata.version]\nprovider = "scikit_build_core.metadata.{}"\n'
ENTRY = '[[tool.dynamic-metadata]]\nprovider = "{}"\n'
VCS_TABLE = '[tool.vcs-versioning]\nversion_file = "words/_v.py"\n'
GIT_TABLE = "[tool.setuptools-git-versioning]\nenabled = true\n"
README = """\
[tool.scikit-build.metadata.readme]
provider = "scikit_build_core.metadata.fancy_pypi_readme"
[tool.hatch.metadata.hooks.fancy-pypi-readme]
content-type = "text/markdown"
[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]
text = "This is $HFPR_VERSION."
"""
OWN = """\
import subprocess

def dynamic_metadata(field, settings=None):
    return subprocess.run(["git", "describe", "--tags"], check=True, capture_output=True, text=True).stdout.strip()[1:]
"""
OWN_TABLE = 'experimental = true\n[tool.scikit-build.metadata.version]\nprovider = "asked"\nprovider-path = "tools"\n'


def case(
    requires: tuple[str, ...],
    table: str,
    *,
    hooks: tuple[str, ...] = ("build_wheel",),
    project: str = PROJECT,
    states: bool = False,
    **more: str,
) -> Case:
    """Give a case: `more` is `version_file`."""
    files = {**SOURCES, "CMakeLists.txt": CMAKE, "words/given.py": '__version__ = "1.2.3"\n', "tools/asked.py": OWN}
    files["pyproject.toml"] = SYSTEM + project + BUILD + table
    file = more.get("version_file", "")
    return Case("scikit-build-core", requires, files, file, hooks, states=states)


BOTH = PROJECT.replace('"version"', '"version", "readme"')
REGEX = LEGACY.format("regex") + 'input = "words/given.py"\n'

CASES: Final = {
    "scm": case(
        (*SKB_1, *SCM_10), LEGACY.format("setuptools_scm") + SCM_TABLE, hooks=ALL_HOOKS, version_file="words/_v.py"
    ),
    "scm-0.5": case(
        (*SKB_0, *SCM_8), LEGACY.format("setuptools_scm") + SCM_TABLE, hooks=("build_wheel", "build_sdist")
    ),
    "scm-0.10": case((*SKB_10, *SCM_8), LEGACY.format("setuptools_scm") + SCM_TABLE, hooks=ALL_HOOKS),
    "scm-entry": case(
        (*SKB_1, *SCM_10), ENTRY.format("scikit_build_core.metadata.setuptools_scm") + SCM_TABLE, hooks=ALL_HOOKS
    ),
    "readme-beside": case(
        (*SKB_1, *SCM_10, "hatch-fancy-pypi-readme==25.1.0"),
        LEGACY.format("setuptools_scm") + README + SCM_TABLE,
        project=BOTH,
    ),
    "vcs_versioning": case(
        (*SKB_1, *SCM_10), ENTRY.format("vcs_versioning") + VCS_TABLE, hooks=ALL_HOOKS, version_file="words/_v.py"
    ),
    "setuptools_git_versioning": case(
        (*SKB_1, "setuptools==84.2.1", "setuptools-git-versioning==3.2.0"),
        ENTRY.format("setuptools_git_versioning.dynamic_metadata") + GIT_TABLE,
        hooks=ALL_HOOKS,
    ),
    "regex": case(SKB_1, REGEX, hooks=ALL_HOOKS, states=True),
    "own": case(SKB_1, OWN_TABLE, hooks=("build_wheel", "build_sdist")),
}
