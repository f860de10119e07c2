"""Trees that setuptools-scm versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SCM_7 = ("setuptools==75.8.0", "wheel==0.45.1", "setuptools-scm==7.1.0")
SCM_8 = ("setuptools==80.9.0", "setuptools-scm==8.3.1")
SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")

SETUPTOOLS = f"""\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
include-package-data = true
packages = ["words", "words.sub"]
"""
LEGACY = """\
from setuptools import setup
{}setup(name="My.Proj-Name", include_package_data=True, packages=["words", "words.sub"], {})
"""


def scm(
    requires: tuple[str, ...], files: dict[str, str], *, hooks: tuple[str, ...] = ("build_wheel",), **more: str
) -> Case:
    """Give a case of setuptools-scm: `more` is `version_file`."""
    return Case(
        "setuptools-scm", requires, {**SOURCES, **files}, hooks=hooks, version_file=more.get("version_file", "")
    )


TABLE = {"pyproject.toml": SETUPTOOLS + '[tool.setuptools_scm]\nwrite_to = "words/_v.py"\n'}
KEYWORD = {"setup.py": LEGACY.format("", "use_scm_version={'write_to': 'words/_v.py'}")}
HIDDEN = {"pyproject.toml": SETUPTOOLS, "setup.py": "from setuptools import setup\nsetup(use_scm_version=True)\n"}
CALL = {"setup.py": LEGACY.format("from setuptools_scm import get_version\n", "version=get_version()")}
SRC = {
    "pyproject.toml": SETUPTOOLS.replace("[tool.setuptools]", '[tool.setuptools]\npackage-dir = {"" = "src"}')
    + "[tool.setuptools_scm]\n",
    **{f"src/{path}": text for path, text in SOURCES.items()},
}

CASES: Final = {
    **{
        f"{name}-{release}": case
        for release, requires in (("7", SCM_7), ("8", SCM_8), ("10", SCM_10))
        for name, case in (
            ("table", scm(requires, TABLE, hooks=ALL_HOOKS, version_file="words/_v.py")),
            ("keyword", scm(requires, KEYWORD, version_file="words/_v.py")),
            ("keyword-without-name", scm(requires, HIDDEN)),
            ("get_version", scm(requires, CALL)),
        )
    },
    "version_file": scm(
        SCM_8,
        {"pyproject.toml": SETUPTOOLS + '[tool.setuptools_scm]\nversion_file = "words/_v.py"\n'},
        version_file="words/_v.py",
    ),
    "vcs-versioning-table": scm(SCM_10, {"pyproject.toml": SETUPTOOLS + "[tool.vcs-versioning]\n"}),
    "simple": scm(SCM_10, {"pyproject.toml": SETUPTOOLS.replace("-scm", "-scm[simple]")}),
    "src": Case("setuptools-scm", SCM_10, SRC),
}
