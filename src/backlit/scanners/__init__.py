"""What a source tree asks for, read and never run: one source language or build system a file.

A tree is read once, forwards, from a folder or from inside an archive, so a scanner works in two steps. `digest` is
given each file that it asked for, and keeps what it needs of it: the text, or a few lines. `findings` then looks at all
it has kept together. Names are not resolved here, and nothing is judged: that is the join's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from backlit.model.signal import Finding

LARGEST: Final = 4 << 20
"""Largest file that is looked into, in bytes: what is larger is generated, or data."""


_ROOM: Final = 16 << 20
"""Bytes of a tree's files that scanners may hold until all are read."""

_TELLING: Final = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "PKG-INFO"})


class File(NamedTuple):
    """One file of the tree, not read yet."""

    path: str
    """Relative to the tree, with ``/``."""
    size: int
    """In bytes."""
    read: Callable[[], bytes]
    """Gives its content; asked at most once, before the next file is."""


class Content:
    """One file of the tree, read."""

    def __init__(self, path: str, data: bytes, *, may_be_held: bool = False) -> None:
        self.path = path
        """Relative to the tree, with ``/``."""
        self.data = data
        """As it stands there."""
        self.may_be_held = may_be_held
        """Whether a scanner may keep `data` until all files are read, to look into them only if there is need to: those
        read so far are few enough."""

    @cached_property
    def text(self) -> str:
        """Its text: UTF-8, else Latin-1; a line ends with one line feed."""
        try:
            text = self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = self.data.decode("latin-1")
        return text.replace("\r\n", "\n") if "\r" in text else text


class Tree(NamedTuple):
    """A source tree after it was read."""

    paths: frozenset[str]
    """All files, relative to the tree, with ``/``."""
    texts: Mapping[str, str]
    """Texts of the files at the top that say what project this is: pyproject.toml, setup.cfg, setup.py, PKG-INFO."""
    kept: Mapping[str, Mapping[str, Any]]
    """What each scanner kept, by the scanner's name, then by the file's path."""

    def kept_by(self, scanner: Scanner) -> Mapping[str, Any]:
        """Give what a scanner kept, by the file's path, in the order of paths."""
        return self.kept.get(scanner.name, {})


class Scanner(Protocol):
    """Reads one source language or build system."""

    @property
    def name(self) -> str:
        """Its module's name."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """Files that it is given: names, such as ``setup.py``, endings, such as ``*.pyx``, and ``*`` for no ending."""
        ...

    def digest(self, content: Content) -> object | None:
        """Give what it keeps of a file, as small as can be; None for nothing. Never raises, whatever the file holds."""
        ...

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give all that it finds. Never raises, whatever the files hold."""
        ...


def read(files: Iterable[File]) -> Tree:
    """Read a tree, each file at most once, and keep what the scanners keep of it."""
    wanted = _wanted(adapters_in(__name__))
    paths: set[str] = set()
    texts: dict[str, str] = {}
    kept: dict[str, dict[str, Any]] = {}
    room = _ROOM
    for file in files:
        paths.add(file.path)
        scanners = wanted(file.path)
        tells = file.path in _TELLING
        if not (scanners or tells) or file.size > LARGEST:
            continue
        data = file.read()
        room -= len(data)
        content = Content(file.path, data, may_be_held=room >= 0)
        if tells:
            texts[file.path] = content.text
        for scanner in scanners:
            digest = scanner.digest(content)
            if digest is not None:
                kept.setdefault(scanner.name, {})[file.path] = digest
    return Tree(frozenset(paths), texts, {name: dict(sorted(found.items())) for name, found in kept.items()})


def findings_in(tree: Tree) -> Iterator[Finding]:
    """Give what all scanners find in a tree."""
    for scanner in adapters_in(__name__):
        yield from scanner.findings(tree)


def _wanted(scanners: tuple[Scanner, ...]) -> Callable[[str], tuple[Scanner, ...]]:
    """Give a function that names the scanners of a path: two look-ups, since a tree has thousands of files."""
    by_name: dict[str, list[Scanner]] = {}
    by_ending: dict[str, list[Scanner]] = {}
    for scanner in scanners:
        for pattern in scanner.files:
            table, key = (by_ending, pattern[1:]) if pattern.startswith("*") else (by_name, pattern)
            table.setdefault(key, []).append(scanner)

    named = {name: (*found, *by_ending.get(_ending_of(name), ())) for name, found in by_name.items()}
    all_ = {key: tuple(dict.fromkeys(found)) for key, found in {**by_ending, **named}.items()}

    def wanted(path: str) -> tuple[Scanner, ...]:
        name = path[path.rfind("/") + 1 :]
        return all_.get(name) or all_.get(_ending_of(name), ())

    return wanted


def _ending_of(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""
