"""Trees whose version incremental keeps."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SETUPTOOLS = ("setuptools==84.2.1", "incremental==24.11.0")
SETUPTOOLS_22 = ("setuptools==80.9.0", "wheel==0.45.1", "incremental==22.10.0")
HATCHLING = ("hatchling==1.33.0", "incremental==24.11.0", "editables==0.5")

BACKEND = f"""\
[build-system]
requires = ["setuptools", "incremental"]
build-backend = "setuptools.build_meta"
{PROJECT.replace("My.Proj-Name", "Words")}[tool.setuptools]
packages = ["words", "words.sub"]
package-data = {{ "*" = ["*.json", "data/*"] }}
[tool.incremental]
"""
HATCH = f"""\
[build-system]
requires = ["hatchling", "incremental"]
build-backend = "hatchling.build"
{PROJECT.replace("My.Proj-Name", "Words")}[tool.hatch.version]
source = "incremental"
"""
SETUP_PY = """\
from setuptools import setup
setup(name="Words", packages=["words", "words.sub"], package_data={"*": ["*.json"]}, use_incremental=True)
"""
VERSION = {**SOURCES, "words/_version.py": 'from incremental import Version\n__version__ = Version("Words", 1, 2, 3)\n'}


def incremental(requires: tuple[str, ...], files: dict[str, str], *, hooks: tuple[str, ...] = ("build_wheel",)) -> Case:
    """Give a case of incremental."""
    return Case("incremental", requires, {**VERSION, **files}, hooks=hooks, states=True)


CASES: Final = {
    "table": incremental(SETUPTOOLS, {"pyproject.toml": BACKEND}, hooks=ALL_HOOKS),
    "keyword": incremental(SETUPTOOLS, {"setup.py": SETUP_PY}),
    "keyword-22": incremental(SETUPTOOLS_22, {"setup.py": SETUP_PY}),
    "hatch": incremental(HATCHLING, {"pyproject.toml": HATCH}, hooks=ALL_HOOKS),
}
