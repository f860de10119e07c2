"""What several adapters ask of a tree: who the backend really is, and whether the version is left to a tool."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.config.setup_files import SetupCall

SETUPTOOLS: Final = "setuptools.build_meta"
POETRY: Final = ("poetry.core.masonry.api", "poetry.masonry.api")

_WRAPPED: Final = {"jupyter_packaging.build_api": SETUPTOOLS, "scikit_build_core.setuptools.build_meta": SETUPTOOLS}
"""Installed backends that leave the version to another one."""


def is_one(project: Project, backend: BackendSpec, *modules: str) -> bool:
    """Tell whether the backend is one of `modules`, or an in-tree one whose code imports one of them."""
    if backend.module in modules or _WRAPPED.get(backend.module) in modules:
        return True
    # ``from setuptools import build_meta`` counts as well as ``import setuptools.build_meta``.
    roots = "|".join(_root(module) for module in modules)
    imports = re.compile(rf"^\s*(?:from|import)\s+(?:{roots})\b", re.MULTILINE)
    return any(imports.search(text) for text in _in_tree_texts(project, backend))


def _root(module: str) -> str:
    """Give an expression for the package that a module is of; two of pdm's share one namespace."""
    top, *rest = map(re.escape, module.split("."))
    return rf"{top}(?:\.|\s+import\s+){rest[0]}" if top == "pdm" and rest else top


def leaves_version_open(project: Project) -> bool:
    """Tell whether the version is left to a tool: no ``[project]`` table, or one that calls its version dynamic."""
    table = project.table("project")
    dynamic = table.get("dynamic")
    return not table or ("version" not in table and isinstance(dynamic, list) and "version" in dynamic)


def setup_call(project: Project) -> SetupCall:
    """Give the ``setup()`` call of setup.py; an empty one if there is none."""
    return _setup_call(project.text("setup.py"))


def setup_cfg(project: Project, section: str) -> dict[str, str]:
    """Give one section of setup.cfg; empty if it is not there."""
    return _setup_cfg(project.text("setup.cfg")).get(section, {})


def claim_in_pyproject(project: Project, tool: str, pattern: str, detail: str) -> Claim:
    """Give a claim whose evidence is the first line of pyproject.toml that `pattern` matches."""
    return Claim(tool, project.line_of("pyproject.toml", pattern), detail)


def text_at(table: dict[str, object], *keys: str) -> tuple[str, ...]:
    """Give those values of `keys` in `table` that are texts and not empty."""
    return tuple(value for key in keys if isinstance(value := table.get(key), str) and value)


def requires_extra(project: Project, name: str, extra: str) -> bool:
    """Tell whether ``[build-system] requires`` asks for `name` (normalised) with `extra`."""
    listed = project.table("build-system").get("requires")
    for item in listed if isinstance(listed, list) else ():
        found = re.match(r"\s*([A-Za-z0-9._-]+)\s*\[([^\]]*)\]", item) if isinstance(item, str) else None
        if found and projects.normalised(found[1]) == name:
            return extra in (projects.normalised(part.strip()) for part in found[2].split(","))
    return False


def _in_tree_texts(project: Project, backend: BackendSpec) -> list[str]:
    path = backend.module.replace(".", "/")
    places = (f"{folder}/{path}{end}" for folder in backend.path for end in (".py", "/__init__.py"))
    return [project.text(place) for place in places]


@cache
def _setup_call(text: str) -> SetupCall:
    from backlit.config import setup_files  # noqa: PLC0415 - loads the parser of Python, where there is a setup.py

    return setup_files.read_setup(text) if text else setup_files.SetupCall({}, frozenset(), 0)


@cache
def _setup_cfg(text: str) -> dict[str, dict[str, str]]:
    from backlit.config import setup_files  # noqa: PLC0415 - likewise

    return setup_files.read_cfg(text) if text else {}
