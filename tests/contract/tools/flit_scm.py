"""Trees that flit-scm versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")
FLIT_SCM = ("flit-scm==1.7.0", "flit-core==3.12.0", *SCM_10)
FLIT_WRITES = f"""\
[build-system]
requires = ["flit-scm"]
build-backend = "flit_scm:buildapi"
{PROJECT.replace("My.Proj-Name", "words")}description = "Words."
[tool.setuptools_scm]
write_to = "words/_v.py"
"""
FLIT_SOURCES = {
    **SOURCES,
    "words/__init__.py": "from words._v import version as __version__\n",
    ".gitignore": "_v.py\n",
}

CASES: Final = {
    "write_to": Case("flit-scm", FLIT_SCM, {**FLIT_SOURCES, "pyproject.toml": FLIT_WRITES}, "words/_v.py", ALL_HOOKS),
    "dist_name": Case(
        "flit-scm", FLIT_SCM, {**FLIT_SOURCES, "pyproject.toml": FLIT_WRITES + 'dist_name = "O.t-her"\n'}, "words/_v.py"
    ),
}
