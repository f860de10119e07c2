"""Trees that poetry-dynamic-versioning versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, SOURCES, Case

PDV_0 = ("poetry-core==1.5.2", "poetry-dynamic-versioning==0.25.0")
PDV_1 = ("poetry-core==2.5.0", "poetry-dynamic-versioning==1.10.1")
SYSTEM = """\
[build-system]
requires = ["poetry-core", "poetry-dynamic-versioning"]
build-backend = "poetry_dynamic_versioning.backend"
"""
POETRY = """\
[tool.poetry]
name = "My.Proj-Name"
version = "0.0.0"
description = "Words."
authors = ["A <a@example.org>"]
packages = [{ include = "words" }]
"""
PROJECT = """\
[project]
name = "My.Proj-Name"
dynamic = ["version"]
description = "Words."
[tool.poetry]
version = "0.0.0"
packages = [{ include = "words" }]
"""
ENABLED = "[tool.poetry-dynamic-versioning]\nenable = true\n"
SUBSTITUTED = {**SOURCES, "words/__init__.py": '__version__ = "0.0.0"\n__version_tuple__ = (0, 0, 0)\n'}
WRITTEN = """\
[tool.poetry-dynamic-versioning.files."words/_version.py"]
persistent-substitution = true
initial-content = '''
    __version__ = "0.0.0"
'''
[tool.poetry-dynamic-versioning.substitution]
folders = [{ path = "words/sub" }]
"""


def case(requires: tuple[str, ...], pyproject: str, *, hooks: tuple[str, ...] = ("build_wheel",), **more: str) -> Case:
    """Give a case: `more` is `version_file`."""
    files = {**SUBSTITUTED, "pyproject.toml": pyproject}
    return Case("poetry-dynamic-versioning", requires, files, more.get("version_file", "words/__init__.py"), hooks)


CASES: Final = {
    "1": case(PDV_1, SYSTEM + POETRY + ENABLED, hooks=ALL_HOOKS),
    "1-project-table": case(PDV_1, SYSTEM + PROJECT + ENABLED, hooks=ALL_HOOKS),
    "1-files": case(PDV_1, SYSTEM + POETRY + ENABLED + WRITTEN, hooks=ALL_HOOKS, version_file="words/_version.py"),
    "0": case(PDV_0, SYSTEM + POETRY + ENABLED, hooks=ALL_HOOKS),
}
