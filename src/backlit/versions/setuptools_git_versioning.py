"""setuptools-git-versioning computes the version under setuptools.

Recognised, where the backend is setuptools and the version is left open, by

* ``[tool.setuptools-git-versioning]`` in pyproject.toml with any key but ``enabled = false``, where it is among the
  build requirements;
* ``setuptools_git_versioning=`` in setup.py, or ``version_config=`` (before 2.0).

It wins over ``version=`` in setup.py and over setup.cfg; ``[tool.setuptools.dynamic]`` wins over it. A ``version_file``
states the version itself, unless the tree is a checkout and commits count.

Told by PKG-INFO, in a scratch copy: it takes the version from there before it asks git, and no variable tells it. With
git, untracked files would make the version a dirty one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import vcs
from backlit.versions import Claim, Injection, _backends, _pkg_info

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_NAME: Final = "setuptools-git-versioning"
_KEYWORDS: Final = ("setuptools_git_versioning", "version_config")
_PLAIN: Final = "{tag}"


class SetuptoolsGitVersioning:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("git_versioning", "git-versioning", "version_config")

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project that has the tool's table or keyword."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        if "version" in project.table("tool", "setuptools", "dynamic"):
            return None
        keyword = _keyword(project)
        if keyword is not None:
            return Claim(self.name, project.line_of("setup.py", rf"\b{keyword}[\"']?\s*[=:]"), keyword)
        table = _table(project)
        if _NAME not in project.requires or not table or not table.get("enabled", True):
            return None
        pattern = rf"^[ \t]*\[\s*tool\s*\.\s*[\"']?{_NAME}[\"']?\s*\]"
        claim = _backends.claim_in_pyproject(project, self.name, pattern, f"[tool.{_NAME}]")
        return claim._replace(states=_stated(project, table))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: it reads variables only where a project's own template names one."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give a PKG-INFO, which stands before everything else; nothing where the tree states the version."""
        table = _table(project)
        if _keyword(project) is None and _stated(project, table) is not None:
            return Injection()
        return Injection(
            files=_pkg_info.stating(project, version), outside=_tags(table, version), version_files=_files(table)
        )


def _table(project: Project) -> dict[str, Any]:
    return project.table("tool", _NAME)


def _keyword(project: Project) -> str | None:
    """Give the keyword of ``setup()`` that asks for it; another tool of a like name has the second one too."""
    text = project.text("setup.py")
    names = _backends.setup_call(project).names if any(keyword in text for keyword in _KEYWORDS) else frozenset()
    own, older = (keyword in names for keyword in _KEYWORDS)
    if own or older:
        required = _NAME in project.requires or re.search(r"(?<!better-)setuptools[-_]git[-_]versioning", text)
        return _KEYWORDS[0] if own else _KEYWORDS[1] if required else None
    return None


def _stated(project: Project, table: dict[str, Any]) -> str | None:
    """Give the version that ``version_file`` states; None if commits would be added to it."""
    path = next(iter(_backends.text_at(table, "version_file")), None)
    if path is None:
        return None
    counts, prefers = table.get("count_commits_from_version_file"), table.get("prefer_tag")
    if vcs.own(project.root) is not None and (counts or prefers):
        return None
    if counts and table.get("template", _PLAIN) != _PLAIN:
        return None
    return project.text(path).strip() or None


def _files(table: dict[str, Any]) -> tuple[str, ...]:
    """Give the module that ``version_callback`` names: it must not state another version."""
    module, colon, _ = "".join(_backends.text_at(table, "version_callback")).partition(":")
    path = module.replace(".", "/")
    return (f"{path}.py", f"{path}/__init__.py") if colon else ()


def _tags(table: dict[str, Any], version: str) -> tuple[str, ...]:
    """Give a tag that the table's expressions make `version` of; none if no simple one does, or they name code."""
    starts = [re.match(r"\^?([\w./-]*)", text) for text in _backends.text_at(table, "tag_formatter", "tag_filter")]
    candidates = [f"{found[1]}{version}" for found in starts if found and found[1]]
    tags = (tag for tag in (f"v{version}", version, *candidates) if _passes(table, tag, version))
    return tuple([*tags][:1])


def _passes(table: dict[str, Any], tag: str, version: str) -> bool:
    try:
        if any(not re.match(pattern, tag) for pattern in _backends.text_at(table, "tag_filter")):
            return False
        found = [re.match(pattern, tag) for pattern in _backends.text_at(table, "tag_formatter")]
        texts = [match["tag"] if match else "" for match in found] or [tag]
    except (re.error, IndexError):
        return False
    return all(text.removeprefix("v") == version for text in texts)


ADAPTER: Final[VersionTool] = SetuptoolsGitVersioning()
