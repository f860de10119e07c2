"""Trees whose own code takes the version from a variable, under setuptools."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SETUPTOOLS = ("setuptools==84.2.1",)

SETUP = """\
import os, re, subprocess
from setuptools import setup
def _described():
    return subprocess.check_output(["git", "describe"], text=True).strip().lstrip("v")
def _of_sdist():
    with open("PKG-INFO") as file:
        return re.search("^Version: (.*)$", file.read(), re.MULTILINE)[1]
def version():
    try:
        return os.environ["MY_PROJ_NAME_VERSION"]
    except KeyError:
        pass
    return _of_sdist() if os.path.exists("PKG-INFO") else _described()
setup(
    name="My.Proj-Name",
    version={},
    packages=["words", "words.sub"],
    package_data={{"*": ["*.json", "data/*"]}},
    include_package_data=True,
)
"""
ATTRIBUTE = {
    "pyproject.toml": f"""\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
[tool.setuptools.dynamic]
version = {{ attr = "words.__version__" }}
""",
    "words/__init__.py": "from words.version import found as __version__\n",
    "words/version.py": "from os import environ\nfound = environ.get('RELEASE_VERSION') or '1.2.3'\n",
}


CASES: Final = {
    "function": Case(
        "setup-variable",
        SETUPTOOLS,
        {**SOURCES, "setup.py": SETUP.format("version()"), "MANIFEST.in": "graft words\n"},
        hooks=ALL_HOOKS,
    ),
    "attribute": Case(
        "setup-variable", SETUPTOOLS, {**SOURCES, **ATTRIBUTE, "MANIFEST.in": "graft words\n"}, hooks=ALL_HOOKS
    ),
}
