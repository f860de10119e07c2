"""What Python distributions a project names in its own files, and which modules are its own, to tell what one lacks.

What a build imports and does not find is looked for here first. A project that names a distribution vouches for it;
the name of a module alone does not, for anybody may have registered it on PyPI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog.modules import distribution_of, normalized
from backlit.config import setup_files
from backlit.model.signal import RequirementUse
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from backlit.model.signal import Finding


class Stated(NamedTuple):
    """What a project says; of one that is not known, nothing."""

    requirements: Mapping[str, str] = {}
    """As they are written, without markers, by the normalized names of their distributions."""
    for_the_build: frozenset[str] = frozenset()
    """Names of those that ``[build-system]`` lists."""
    modules: frozenset[str] = frozenset()
    """Top-level modules and packages in the project's own folders."""

    def requirement_for(self, module: str) -> str:
        """Give the requirement that installs a module; empty if it is the project's own, or nobody knows."""
        if module.partition(".")[0] in self.modules:
            return ""
        known = distribution_of(module)
        if "<" in known:
            return known
        return self.requirements.get(normalized(known or module), known)

    def builds_with(self, requirement: str) -> bool:
        """Tell whether ``[build-system]`` lists a requirement, as it is."""
        name = name_in(requirement)
        return name in self.for_the_build and self.requirements.get(name) == requirement


NOTHING: Final = Stated()
"""What is known of a project whose source is not there."""


def name_in(requirement: str) -> str:
    """Give the normalized name of the distribution that a requirement names; empty if it is none."""
    found = _REQUIREMENT.match(requirement)
    return normalized(found["name"]) if found else ""


def in_tree(root: Path, findings: Iterable[Finding]) -> Stated:
    """Read what the project in a folder states; `findings` are those of its build."""
    uses = [item for item in findings if isinstance(item, RequirementUse) and item.declared]
    requirements: dict[str, str] = {}
    for text in (*(use.requirement for use in uses), *_dependencies(root)):
        if found := _REQUIREMENT.match(text):
            requirements.setdefault(normalized(found["name"]), _plain(found))
    build = frozenset(name_in(use.requirement) for use in uses if use.detail == _BUILD_SYSTEM)
    return Stated(requirements, build, frozenset(_modules(root)))


_BUILD_SYSTEM: Final = "build-system.requires"
"""What shows a requirement that ``[build-system]`` lists."""

_REQUIREMENT: Final = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<extras>\[[\w\s,.-]*\])?\s*(?P<versions>[(~<>=!][^;#]*)?"
)


def _plain(found: re.Match[str]) -> str:
    """Give a requirement without spaces and markers."""
    return re.sub(r"[\s()]", "", f"{found['name']}{found['extras'] or ''}{found['versions'] or ''}")


def _dependencies(root: Path) -> Iterator[str]:
    """Give what the project needs besides, as its tables, its metadata and its lists of requirements say."""
    project = table_of(_text(root / "pyproject.toml")).get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    yield from (item for item in (listed if isinstance(listed, list) else ()) if isinstance(item, str))
    setup_py, options = _text(root / "setup.py"), setup_files.read_cfg(_text(root / "setup.cfg")).get("options", {})
    yield from setup_files.strings_of(setup_py, "install_requires")
    yield from options.get("install_requires", "").splitlines()
    yield from re.findall(r"(?m)^Requires-Dist: (.+)", _text(root / "PKG-INFO"))
    for pattern in ("*.egg-info/requires.txt", "*require*.txt", "requirements/*.txt"):
        for path in sorted(root.glob(pattern)):
            yield from _text(path).splitlines()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _modules(root: Path) -> Iterator[str]:
    """Give the names of modules that lie where a project keeps its own."""
    for folder in (root, root / "src", root / "python", root / "lib"):
        yield from (path.stem for path in folder.glob("*.py"))
        yield from (path.parent.name for path in folder.glob("*/__init__.py"))
