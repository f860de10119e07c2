"""Code of the project's own asks dunamai for the version, under setuptools.

Recognised, where no other tool is and the version is left open, by ``import dunamai`` in setup.py, in the module of the
attribute that setuptools is told, or in a file that either of them names.

Told by ``.git_archival.json``, in a scratch copy: dunamai (1.9 and later) takes the tag from there before it asks git.
``from_any_vcs()`` looks for it in newer versions only, so a repository is made as well, if there is git; an editable
build, where no file may be written, has the repository alone. The tag is one that the code's own ``pattern`` and
``pattern_prefix`` take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _own_code, usual_tags

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_IMPORT: Final = r"^[ \t]*(?:from|import)[ \t]+dunamai\b"
_UNPREFIXED: Final = "default-unprefixed"


class SetupDunamai:
    """The adapter."""

    name = "dunamai"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = True
    marks: tuple[str, ...] = ("setup",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose code imports dunamai for its version."""
        for path in _files(project, backend):
            return Claim(self.name, project.line_of(path, _IMPORT), "import dunamai")
        return None

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: dunamai reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give the file that says which tag the tree is of."""
        import json  # noqa: PLC0415 - few projects

        options = _options_of(project)
        tag = _tag(options, version)
        text = json.dumps({"describe": tag, "refs": f"HEAD -> main, tag: {tag}"}) + "\n"
        looks_there = options.get("from") == "from_git"
        return Injection(
            files=((".git_archival.json", text),), repository=() if looks_there else (tag,), outside=(tag,)
        )


def _files(project: Project, backend: BackendSpec) -> list[str]:
    start = _own_code.start(project, backend)
    paths = () if start is None else _own_code.files(project, start)
    return [path for path in paths if re.search(_IMPORT, project.text(path), re.MULTILINE)]


def _tag(options: dict[str, str], version: str) -> str:
    """Give the tag that the code's pattern takes; the one that dunamai's own takes if the code's is not known."""
    prefix, pattern = options.get("pattern_prefix", ""), options.get("pattern", "default")
    if pattern == _UNPREFIXED:
        return f"{prefix}{version}"
    if "?P<base>" not in pattern:
        return f"{prefix}v{version}"
    start = re.match(r"(?:\(\?x\))?\s*\^?([\w./-]*)", pattern)
    candidates = (*usual_tags(version), f"{start[1] if start else ''}{version}")
    return next((tag for tag in candidates if _is_taken(pattern, tag)), candidates[0])


def _is_taken(pattern: str, tag: str) -> bool:
    try:
        return re.search(pattern, tag) is not None
    except re.error:
        return False


def _options_of(project: Project) -> dict[str, str]:
    """Give the pattern and its prefix that the code's call of dunamai names, and ``from``: the function's name."""
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    for path in _files(project, projects.real_backend(project)):
        for node in syntax.nodes(project.text(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _CALLS:
                name = str(getattr(node.func, "attr", ""))
                first = {"pattern": node.args[0]} if node.args and name != "from_vcs" else {}
                given = {**first, **{word.arg: word.value for word in node.keywords if word.arg}}
                read = {key: _text(given[key]) for key in ("pattern", "pattern_prefix") if key in given}
                return {"from": name, **{key: value for key, value in read.items() if value is not None}}
    return {}


_CALLS: Final = frozenset({"from_git", "from_any_vcs", "from_vcs"})


def _text(value: Any) -> str | None:  # noqa: ANN401 - any expression
    """Give a string, or the one that a member of dunamai's ``Pattern`` stands for."""
    constant = getattr(value, "value", None)
    if isinstance(constant, str):
        return constant
    return {"Default": "default", "DefaultUnprefixed": _UNPREFIXED}.get(getattr(value, "attr", ""))


ADAPTER: Final[VersionTool] = SetupDunamai()
