"""Made by ``python -m backlit.versions._generate`` of the adapters in this folder."""

from typing import Final

TOOLS: Final[tuple[tuple[str, bool, tuple[str, ...]], ...]] = (
    ("flit_scm", False, ("flit_scm",)),
    ("hatch_env", False, ("hatch",)),
    ("hatch_nodejs", False, ("nodejs",)),
    ("hatch_vcs", False, ("vcs",)),
    ("hatchling", True, ("hatch",)),
    ("incremental", False, ("incremental",)),
    ("jupyter_packaging", False, ("jupyter_packaging", "jupyter-packaging")),
    ("katversion", False, ("katversion",)),
    ("meson", True, ("meson",)),
    ("miniver", False, ("setup",)),
    ("pbr", False, ("pbr",)),
    ("pdm_call", False, ("pdm",)),
    ("pdm_pep517", False, ("pdm",)),
    ("pdm_scm", False, ("pdm",)),
    ("poetry_dynamic_versioning", False, ("poetry_dynamic_versioning",)),
    ("poetry_plugin", False, ("poetry-dynamic-versioning",)),
    ("scikit_build_core", False, ("scikit",)),
    ("setup_by_variable", True, ("setup",)),
    ("setup_dunamai", True, ("setup",)),
    ("setup_git", True, ("setup",)),
    ("setupmeta", False, ("setupmeta",)),
    ("setuptools_git_version", False, ("git_version", "git-version", "version_format")),
    ("setuptools_git_versioning", False, ("git_versioning", "git-versioning", "version_config")),
    ("setuptools_scm", False, ("scm", "vcs-versioning", "vcs_versioning")),
    ("uv_dynamic", False, ("uv-dynamic-versioning",)),
    ("vcver", False, ("vcver",)),
    ("versioneer", False, ("versioneer",)),
    ("versioningit", False, ("versioningit",)),
)
"""Module, whether it is asked last, and its marks."""
