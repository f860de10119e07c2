"""Shell command lines, as build systems write them: plain commands joined by ``&&``."""

from __future__ import annotations

import os
import re
import shlex
from typing import Final

_SPECIAL: Final = re.compile(r"[\"'\\`$;<>|()#*?{}\[\]~]|(?<! )&|&(?![& ])")
_DESCRIPTORS: Final = frozenset({"1", "2"})
_JOINERS: Final = frozenset({"&&", "||", ";", "|", "&"})
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)


def commands(line: str, cwd: str) -> list[tuple[str, tuple[str, ...]]]:
    """Give working folder and words of each plain command of a line; ``cd`` is followed. Nothing is expanded.

    A line that no shell would take gives nothing.
    """
    try:
        words = line.split() if not _SPECIAL.search(line) else _words(line)
    except ValueError:
        return []
    found: list[tuple[str, tuple[str, ...]]] = []
    for command in _split(words):
        if command[0] == "cd" and len(command) > 1:
            cwd = os.path.normpath(os.path.join(cwd, command[1]))  # noqa: PTH118 - names as the file gave them
        elif command[0] != ":":
            found.append((cwd, tuple(command)))
    return found


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";<>|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _split(words: list[str]) -> list[list[str]]:
    """Cut at ``&&`` and the like; leave redirections and leading assignments out."""
    commands_: list[list[str]] = [[]]
    redirected = False
    for word in words:
        if redirected:
            redirected = False
        elif word in _JOINERS:
            commands_.append([])
        elif word and set(word) <= {"<", ">", "&"}:
            redirected = True
            if commands_[-1] and commands_[-1][-1] in _DESCRIPTORS:
                commands_[-1].pop()
        elif commands_[-1] or not _ASSIGNMENT.fullmatch(word):
            commands_[-1].append(word)
    return [command for command in commands_ if command]
