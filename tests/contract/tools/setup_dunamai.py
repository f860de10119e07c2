"""Trees whose own code asks dunamai, under setuptools."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

NEW = ("setuptools==84.2.1", "dunamai==1.26.5")
OLD = ("setuptools==80.9.0", "wheel==0.45.1", "dunamai==1.12.0", "packaging==24.2")

SETUP = """\
from setuptools import setup
from dunamai import Pattern, Version
setup(
    name="My.Proj-Name",
    version=Version.{}.serialize(),
    packages=["words", "words.sub"],
    package_data={{"*": ["*.json", "data/*"]}},
    include_package_data=True,
)
"""
ATTRIBUTE = {
    "pyproject.toml": f"""\
[build-system]
requires = ["setuptools", "dunamai"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
[tool.setuptools.dynamic]
version = {{ attr = "words.version" }}
""",
    "words/__init__.py": "import dunamai as d\nversion = d.Version.from_any_vcs().serialize()\n",
}
# Without it an sdist would not know its version: git writes the same file into an archive.
LISTED = {"MANIFEST.in": "include .git_archival.json\ngraft words\n"}


def dunamai(
    files: dict[str, str],
    *,
    requires: tuple[str, ...] = NEW,
    hooks: tuple[str, ...] = ("build_wheel",),
    tag: str = "v{}",
) -> Case:
    """Give a case of dunamai."""
    return Case("dunamai", requires, {**SOURCES, **files}, hooks=hooks, tag=tag, every_version=False)


CASES: Final = {
    "from_git": dunamai({"setup.py": SETUP.format("from_git()"), **LISTED}, hooks=ALL_HOOKS),
    "from_any_vcs-1.12": dunamai({"setup.py": SETUP.format("from_any_vcs()"), **LISTED}, requires=OLD, hooks=ALL_HOOKS),
    "unprefixed": dunamai(
        {"setup.py": SETUP.format("from_git(pattern=Pattern.DefaultUnprefixed)"), **LISTED}, hooks=ALL_HOOKS, tag="{}"
    ),
    "prefix": dunamai({"setup.py": SETUP.format("from_git(pattern_prefix='rel-')")}, tag="rel-v{}"),
    "pattern": dunamai({"setup.py": SETUP.format("from_git(r'^rel/(?P<base>[0-9.]+)$')")}, tag="rel/{}"),
    "attribute": dunamai({**ATTRIBUTE, **LISTED}, hooks=ALL_HOOKS),
}
