"""Trees that hatch-vcs versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SCM_8 = ("setuptools==80.9.0", "setuptools-scm==8.3.1")
SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")
HATCH_8 = ("hatchling==1.27.0", "hatch-vcs==0.5.0", "editables==0.5", *SCM_8)
HATCH_10 = ("hatchling==1.33.0", "hatch-vcs==0.5.0", "editables==0.5", *SCM_10)
HATCHLING = f"""\
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.build.hooks.vcs]
version-file = "words/_v.py"
"""
VCS = '[tool.hatch.version]\nsource = "vcs"\n'

CASES: Final = {
    "scm-8": Case("hatch-vcs", HATCH_8, {**SOURCES, "pyproject.toml": HATCHLING + VCS}, "words/_v.py", ALL_HOOKS),
    "scm-10": Case("hatch-vcs", HATCH_10, {**SOURCES, "pyproject.toml": HATCHLING + VCS}, "words/_v.py", ALL_HOOKS),
    "dist_name": Case(
        "hatch-vcs",
        HATCH_10,
        {**SOURCES, "pyproject.toml": HATCHLING + VCS + '[tool.hatch.version.raw-options]\ndist_name = "O.t-her"\n'},
    ),
    "pkg-info": Case(
        "hatch-vcs",
        HATCH_10,
        {**SOURCES, "pyproject.toml": HATCHLING + VCS, "PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 0.1\n\n"},
        "words/_v.py",
    ),
}
