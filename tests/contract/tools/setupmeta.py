"""Trees that setupmeta versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, SOURCES, Case

NEW = ("setuptools==84.2.1", "setupmeta==3.9.0")
OLD = ("setuptools==69.5.1", "wheel==0.45.1", "setupmeta==2.8.3")

FILES = 'packages=["words", "words.sub"], package_data={"": ["*.json", "data/*"]}'
BACKEND = '[build-system]\nrequires = ["setuptools", "setupmeta"]\nbuild-backend = "setuptools.build_meta"\n'
SETUP = "from setuptools import setup\nsetup(name='My.Proj-Name', {}, {})\n"
BOTH = "setup_requires=['setupmeta'], versioning='{}'"

CASES: Final = {
    "dev": Case("setupmeta", NEW, {**SOURCES, "setup.py": SETUP.format(BOTH.format("dev"), FILES)}, hooks=ALL_HOOKS),
    "distance": Case(
        "setupmeta",
        NEW,
        {**SOURCES, "pyproject.toml": BACKEND, "setup.py": SETUP.format(BOTH.format("distance"), FILES)},
        checkout_says="1.2.0",
    ),
    "own-version": Case(
        "setupmeta",
        NEW,
        {
            **SOURCES,
            "setup.py": SETUP.format("version='0.5', " + BOTH.format("post"), FILES),
        },
        hooks=ALL_HOOKS,
    ),
    "2": Case("setupmeta", OLD, {**SOURCES, "setup.py": SETUP.format(BOTH.format("post"), FILES)}, hooks=ALL_HOOKS),
}
