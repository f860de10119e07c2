"""Trees that katversion versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, SOURCES, Case

CHECK = """\
# BEGIN VERSION CHECK
import katversion as _katversion
__version__ = _katversion.get_version(__path__[0])
# END VERSION CHECK
"""
SETUP = (
    "from setuptools import setup\nsetup(name='My.Proj-Name', setup_requires=['katversion'], use_katversion=True, "
    'packages=["words", "words.sub"], package_data={"": ["*.json", "data/*"]})\n'
)
FILES = {**SOURCES, "words/__init__.py": CHECK, "setup.py": SETUP}

CASES: Final = {
    "1.3": Case(
        "katversion",
        ("setuptools==84.2.1", "katversion==1.3"),
        FILES,
        version_file="words/__init__.py",
        hooks=ALL_HOOKS,
    ),
    "1.1": Case(
        "katversion",
        ("setuptools==69.5.1", "wheel==0.45.1", "katversion==1.1"),
        FILES,
        version_file="words/__init__.py",
        hooks=ALL_HOOKS,
        tag="{}",
    ),
}
