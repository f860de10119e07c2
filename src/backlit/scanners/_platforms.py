"""The platforms that a test in a Python source names: ``sys.platform``, ``os.name``, ``platform.system()``."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Final

ALL: Final = frozenset({"linux", "darwin", "win32", "other"})
"""Platforms that conditions tell apart."""

_PLATFORM_NAMES: Final = {
    **dict.fromkeys(("linux", "linux2", "posix-linux"), "linux"),
    **dict.fromkeys(("darwin", "macos", "mac", "osx", "macosx"), "darwin"),
    **dict.fromkeys(("win32", "windows", "win", "nt", "win64", "cygwin", "msys", "mingw", "microsoft"), "win32"),
    **dict.fromkeys(
        ("freebsd", "openbsd", "netbsd", "sunos", "aix", "android", "ios", "emscripten", "java", "os2"), "other"
    ),
}


@lru_cache(maxsize=4096)
def named(text: str) -> str | None:
    """Give the platform that a text names; None if it names none."""
    return _PLATFORM_NAMES.get(text.lower().rstrip("0123456789.-")) or _PLATFORM_NAMES.get(text.lower())


_FILE_PLATFORMS: Final = {
    "win32": "win32 windows win64 msvc mingw winnt",
    "darwin": "darwin macos macosx osx",
    "other": "freebsd netbsd openbsd sunos solaris aix android haiku wasm emscripten",
}
"""Words in names of files and folders that are for one platform."""

_FILE_WORDS: Final = {word: platform for platform, words in _FILE_PLATFORMS.items() for word in words.split()}


def of_path(path: str) -> tuple[str, ...]:
    """Give the platform that a file's or its folder's name says, ``dyn_win32.c``, ``windows/x.c``; empty if none."""
    folder, _, file = path.lower().rpartition("/")
    words = (*file.partition(".")[0].split("_"), folder.rpartition("/")[2])
    found = next((_FILE_WORDS[word] for word in reversed(words) if word in _FILE_WORDS), None)
    return (found,) if found else ()


def of_folders(path: str) -> tuple[str, ...]:
    """Give the platform that the name of a file says, or of any folder that it stands in; empty if none."""
    above = path.lower().split("/")[:-1]
    found = next((_FILE_WORDS[name] for name in reversed(above) if name in _FILE_WORDS), None)
    return of_path(path) or ((found,) if found else ())


def platforms_of(test: ast.expr) -> frozenset[str] | None:
    """Give the platforms on which a test holds; None if it says nothing of platforms."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = platforms_of(test.operand)
        return None if inner is None else ALL - inner
    if isinstance(test, ast.BoolOp):
        parts = [platforms_of(value) for value in test.values]
        known = [part for part in parts if part is not None]
        if isinstance(test.op, ast.Or):
            return frozenset().union(*known) if len(known) == len(parts) else None
        return frozenset.intersection(*known) if known else None
    if isinstance(test, ast.Call):
        return _of_startswith(test) or _of_match(test) or _of_flag(_last(test.func))
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _of_comparison(test)
    return _of_flag(_last(test))


def of_branch(parent: ast.AST, child: ast.AST) -> frozenset[str] | None:
    """Give the platforms on which a part of an ``if`` is reached, or a function that is named for one; else None."""
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _of_flag(parent.name)
    if not isinstance(parent, ast.If | ast.IfExp | ast.While) or child is parent.test:
        return None
    platforms = platforms_of(parent.test)
    if platforms is None:
        return None
    body = parent.body if isinstance(parent.body, list) else [parent.body]
    if child in body:
        return platforms
    # What is not "on Windows and 64 bit" may well be on Windows.
    return ALL if _has_more(parent.test) else ALL - platforms


def _has_more(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.BoolOp)
        and isinstance(test.op, ast.And)
        and any(platforms_of(value) is None for value in test.values)
    )


_FLAGS: Final = {
    "win32": "windows win win32 win64 nt mswin mswindows mingw msvc iswindows",
    "darwin": "darwin macos macosx osx mac apple isdarwin",
    "other": "freebsd netbsd openbsd bsd sunos solaris aix android emscripten pyodide ios haiku",
    "linux": "linux islinux",
}
"""Words in names of flags and functions: ``is_windows``, ``build_static_win32``."""

_BY_FLAG: Final = {name: frozenset({platform}) for platform, names in _FLAGS.items() for name in names.split()}


@lru_cache(maxsize=4096)
def _of_flag(name: str) -> frozenset[str] | None:
    """Give the platform that a name has in it; None if it has none, or several, or is of what is not there."""
    words = [word.lower() for word in _WORD.findall(name)]
    found = {_BY_FLAG[word] for word in words if word in _BY_FLAG}
    return next(iter(found)) if len(found) == 1 and not {"not", "non", "cross"} & set(words) else None


_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")


def _last(node: ast.AST) -> str:
    """Give the last part of a name, as flags are compared."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lstrip("_")


def _of_startswith(test: ast.Call) -> frozenset[str] | None:
    if not isinstance(test.func, ast.Attribute) or test.func.attr != "startswith" or not test.args:
        return None
    given = test.args[0]
    return _platforms(test.func.value, given.elts if isinstance(given, ast.Tuple) else [given])


def _of_match(test: ast.Call) -> frozenset[str] | None:
    """Give the platform that an expression of ``re.match`` begins with: ``^NetBSD 6``."""
    called = test.func.attr if isinstance(test.func, ast.Attribute) else ""
    pattern = test.args[0] if called in {"match", "search", "fullmatch"} and len(test.args) > 1 else None
    if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
        return None
    word = re.match(r"\^?\(?([A-Za-z]+)", pattern.value)
    platform = named(word[1]) if word else None
    return frozenset({platform}) if platform else None


def _of_comparison(test: ast.Compare) -> frozenset[str] | None:
    operator, right = test.ops[0], test.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        subject, found_in = (test.left, right)
        if isinstance(test.left, ast.Constant):
            subject, found_in = right, test.left
        listed = found_in.elts if isinstance(found_in, ast.Tuple | ast.List | ast.Set) else [found_in]
        found = _platforms(subject, listed)
    else:
        found = _platforms(test.left, [right]) or _platforms(right, [test.left])
    if found is None:
        return None
    return ALL - found if isinstance(operator, ast.NotEq | ast.NotIn) else found


_ASKED_TEXT: Final = (
    "platform system name get_platform uname os_name sysname plat _platform sys_platform platform_system plat_name"
)
_ASKED: Final = frozenset(_ASKED_TEXT.split())


def _platforms(subject: ast.expr, listed: list[ast.expr]) -> frozenset[str] | None:
    while True:
        if isinstance(subject, ast.Subscript):
            subject = subject.value
        elif isinstance(subject, ast.Call):
            subject = subject.func
            if isinstance(subject, ast.Attribute) and subject.attr in {"lower", "upper", "strip", "casefold"}:
                subject = subject.value
        else:
            break
    last = _last(subject).lower()
    if last not in _ASKED and last.lstrip("_") not in _ASKED:
        return None
    texts = [item.value for item in listed if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if last == "name" and "posix" in texts:
        return ALL - {"win32"}
    known = [platform for text in texts if (platform := named(text))]
    return frozenset(known) if known else None
