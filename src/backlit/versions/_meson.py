"""The version that a meson.build gives to its ``project()``: read without meson, and told where it is computed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import project as projects
from backlit.versions import Injection, _backends, _computed, _scm, usual_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import Project

FILE: Final = "meson.build"


class Keyword(NamedTuple):
    """The value of ``version:`` in the ``project()`` call of a meson.build."""

    text: str
    """As it stands there, without what is around it."""
    start: int
    """Where it starts, in characters."""

    @property
    def strings(self) -> tuple[str, ...]:
        """The strings in it, in order."""
        return tuple(_literal(found[0]) for found in re.finditer(_TOKEN, self.text) if found[0][0] == "'")


def version_keyword(text: str) -> Keyword | None:
    """Give the version that the ``project()`` call at the start of a meson.build names; None if it names none."""
    tokens = [found for found in re.finditer(_TOKEN, text) if not found[0].isspace() and found[0][0] != "#"]
    if [token[0] for token in tokens[:2]] != ["project", "("]:
        return None
    depth, start, last = 0, None, 0
    for number, token in enumerate(tokens):
        if depth == 1 and start is None and token[0] == "version" and tokens[number + 1 : number + 2]:
            start = number + 2 if tokens[number + 1][0] == ":" else None
        ends = depth == 1 and token[0] in {",", ")"}
        if ends and start is not None and number > start:
            return Keyword(text[tokens[start].start() : last], tokens[start].start())
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if depth == 0 and number > 0:
            return None
        last = token.end()
    return None


def stated(project: Project) -> str | None:
    """Give the version that meson.build states, as a string or by a file that holds it; None if it is computed."""
    keyword = version_keyword(project.text(FILE))
    if keyword is None:
        return None
    if re.fullmatch(_STRING, keyword.text):
        return keyword.strings[0] or None
    if re.fullmatch(rf"files\s*\(\s*(?:{_STRING})\s*,?\s*\)", keyword.text):
        return project.text(keyword.strings[0]).strip() or None
    return None


def told(project: Project, version: str) -> Injection:
    """Give what makes a version that meson.build computes the one that is asked for; nothing if it computes none.

    A command that runs setuptools-scm obeys its variable. Another one is replaced by the version itself, and where
    something else in the tree runs the same script, which may ask git, a repository answers that. A script that asks no
    VCS says what it says.
    """
    keyword = version_keyword(project.text(FILE))
    if keyword is None or stated(project) is not None:
        return Injection()
    scripts = [path for path in keyword.strings if _is_file(project, path)]
    by_scm = _by_scm(project, keyword, scripts, version)
    if by_scm is not None:
        return by_scm
    if scripts and (_reads_pyproject(project, scripts) or not any(_asks_vcs(project, path) for path in scripts)):
        return Injection()
    text = project.text(FILE)
    end = keyword.start + len(keyword.text)
    edited = f"{text[: keyword.start]}'{version}'{text[end:]}"
    others = [edited, *(project.text(path) for path in _other_files(project))]
    again = any(path.rpartition("/")[2] in other for path in scripts for other in others)
    return Injection(
        files=((FILE, edited),), repository=usual_tags(version) if again else (), outside=usual_tags(version)
    )


_STRING: Final = r"'''[\s\S]*?'''|'(?:\\.|[^'\\\n])*'"
_TOKEN: Final = rf"#[^\n]*|f?(?:{_STRING})|\w+|\s+|[\s\S]"
"""Any text is a row of these; see "Syntax" in meson's manual."""

_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")


def _literal(token: str) -> str:
    if token.startswith("'''"):
        return token[3:-3]
    return re.sub(r"\\([\\'])", r"\1", token[1:-1])


def _is_file(project: Project, path: str) -> bool:
    return bool(path) and "\0" not in path and not path.startswith("/") and (project.root / path).is_file()


def _by_scm(project: Project, keyword: Keyword, scripts: list[str], version: str) -> Injection | None:
    """Give setuptools-scm's variables where the command runs it: by name where it is a program, else for all."""
    words = keyword.strings
    if not any(_SCM.search(text) for text in (*words, *(project.text(path) for path in scripts))):
        return None
    name = projects.name_of(project) if {"setuptools_scm", "vcs_versioning"} & {*words} else None
    # Only processes that meson starts read them, and meson is one itself.
    names = _scm.for_one(name) if name else _scm.ALL_PROJECTS
    return Injection(inherited=tuple((variable, version) for variable in names), version_files=_written(project))


_SCM: Final = re.compile(r"\b(?:setuptools_scm|vcs_versioning)\b")


def _written(project: Project) -> tuple[str, ...]:
    table = project.table("tool", "setuptools_scm")
    return _backends.text_at(table, "version_file", "write_to")


def _asks_vcs(project: Project, path: str) -> bool:
    if path.endswith(".py") or "python" in project.text(path).partition("\n")[0]:
        return _computed.asks_vcs(project, (path,), ("", path.rpartition("/")[0]))
    return re.search(r"\b(?:git|hg|svn)\b", project.text(path)) is not None


def _reads_pyproject(project: Project, scripts: list[str]) -> bool:
    """Tell whether the scripts may take a version that ``[project]`` states; a VCS then only tells them the commit."""
    states = isinstance(project.table("project").get("version"), str)
    return states and all("pyproject.toml" in project.text(path) for path in scripts)


def _other_files(project: Project) -> Iterator[str]:
    for path in sorted(project.root.glob("**/meson.build")):
        name = path.relative_to(project.root).as_posix()
        if name != FILE and not name.startswith("subprojects/"):
            yield name
