"""Trees that setuptools-git-version versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, SOURCES, Case

# pkg_resources went with setuptools 82.
TOOL = ("setuptools==80.9.0", "wheel==0.45.1", "setuptools-git-version==1.0.3")
BACKEND = (
    '[build-system]\nrequires = ["setuptools", "setuptools-git-version"]\nbuild-backend = "setuptools.build_meta"\n'
)
SETUP = (
    "from setuptools import setup\nsetup(name='My.Proj-Name', setup_requires=['setuptools-git-version'], "
    'version_format="{tag}.dev{commitcount}+{gitsha}", packages=["words", "words.sub"], '
    'package_data={"": ["*.json", "data/*"]})\n'
)

CASES: Final = {
    "legacy": Case("setuptools-git-version", TOOL, {**SOURCES, "setup.py": SETUP}, hooks=ALL_HOOKS, tag="{}"),
    "backend": Case(
        "setuptools-git-version",
        TOOL,
        {**SOURCES, "pyproject.toml": BACKEND, "setup.py": SETUP},
        hooks=ALL_HOOKS,
        tag="{}",
    ),
}
