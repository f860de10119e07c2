"""Trees that setuptools-git-versioning versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SGV_3 = ("setuptools==84.2.1", "setuptools-git-versioning==3.2.0")
SGV_2 = ("setuptools==80.9.0", "wheel==0.45.1", "setuptools-git-versioning==2.1.0")
SGV_1 = ("setuptools==80.9.0", "wheel==0.45.1", "setuptools-git-versioning==1.13.6")

SETUPTOOLS = f"""\
[build-system]
requires = ["setuptools", "setuptools-git-versioning"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
package-data = {{ "*" = ["*.json", "data/*", "VERSION"] }}
[tool.setuptools-git-versioning]
"""
SETUP_PY = """\
from setuptools import setup
setup(
    name="My.Proj-Name",
    version="0.9",
    packages=["words", "words.sub"],
    package_data={{"*": ["*.json", "data/*"]}},
    {}
)
"""


def sgv(requires: tuple[str, ...], files: dict[str, str], *, hooks: tuple[str, ...] = ("build_wheel",)) -> Case:
    """Give a case of setuptools-git-versioning."""
    return Case(
        "setuptools-git-versioning", requires, {**SOURCES, **files}, hooks=hooks, states="words/VERSION" in files
    )


ENABLED = {"pyproject.toml": SETUPTOOLS + "enabled = true\n"}

CASES: Final = {
    "3": sgv(SGV_3, ENABLED, hooks=ALL_HOOKS),
    "2": sgv(SGV_2, ENABLED, hooks=ALL_HOOKS),
    "1": sgv(SGV_1, ENABLED, hooks=ALL_HOOKS),
    "keyword-3": sgv(SGV_3, {"setup.py": SETUP_PY.format('setuptools_git_versioning={"enabled": True},')}),
    "keyword-1": sgv(SGV_1, {"setup.py": SETUP_PY.format("setuptools_git_versioning=True,")}),
    "version_config": sgv(
        SGV_1,
        {
            "setup.py": SETUP_PY.format(
                'version_config={"dev_template": "{tag}"}, setup_requires=["setuptools-git-versioning"]'
            )
        },
        hooks=("build_wheel", "build_editable"),
    ),
    "templates": sgv(
        SGV_3,
        {
            "pyproject.toml": SETUPTOOLS + "tag_formatter = '^v(?P<tag>.+)$'\ntag_filter = '^v.*'\n"
            "template = '{tag}'\ndirty_template = '{tag}.post{ccount}'\n"
        },
        hooks=ALL_HOOKS,
    ),
    "version_file": sgv(
        SGV_3,
        {
            "pyproject.toml": SETUPTOOLS + 'version_file = "words/VERSION"\ncount_commits_from_version_file = true\n',
            "words/VERSION": "1.2.3\n",
        },
        hooks=ALL_HOOKS,
    ),
    "another-pkg-info": sgv(SGV_3, {**ENABLED, "PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 0.1\n\n"}),
}
