"""The list of files that setuptools is given in place of a VCS's: made before the hook, and looked for afterwards.

setuptools finds who to ask by the metadata of what is installed. backlit's own may not be visible to it, so others that
say the same are put on ``sys.path`` while the hook runs.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import file_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from backlit.artifacts.glance import Glance


class Listing(NamedTuple):
    """The list, for one hook call."""

    tree: Path
    """The folder that the hook runs in."""
    files: tuple[str, ...]
    """Files of the tree that a checkout would track; see :func:`backlit.config.file_list.snapshot`."""
    path: Path
    """The file that holds the list."""
    finder: Path
    """The folder for ``sys.path``."""

    def was_asked_for(self) -> bool:
        """Tell whether the hook asked for the list."""
        return file_list.was_asked_for(self.path)

    def lost(self, glance: Glance) -> tuple[str, ...]:
        """Name the files of the list that an artifact lacks, though nothing that can be read leaves them out; sorted.

        Of an sdist, those that neither MANIFEST.in nor setuptools itself takes away; none where setup.py changes how an
        sdist is made. Of a wheel, none if the list was asked for: the project may leave any out. Else data beside its
        modules.
        """
        members = frozenset(glance.members)
        if glance.filename.endswith(".whl"):
            return () if self.was_asked_for() else tuple(_beside_modules(self.files, members))
        if re.search(r"\b(?:sdist|egg_info|manifest_maker)\b", _text(self.tree / "setup.py")):
            return ()
        kept = _kept(self.files, _text(self.tree / "MANIFEST.in"), glance)
        return tuple(name for name in kept if name not in members and (self.tree / name).is_file())


def prepare(tree: Path, folder: Path, files: tuple[str, ...] | None = None) -> Listing:
    """List the files of `tree`; what it takes goes into `folder`, which is private to the hook call.

    `files` is the list where somebody has it, of a tree in which another hook has run since.
    """
    path, finder = folder / "files.json", folder / "finder"
    if files is None:
        # The private folder may stand in the tree: Fedora points TMPDIR there.
        ours = f"{os.path.relpath(folder, tree)}/"
        files = tuple(name for name in file_list.snapshot(tree) if not name.startswith(ours))
    file_list.write(path, tree, files)
    metadata = finder / "backlit_file_finder-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: backlit-file-finder\nVersion: 0\n", "ascii")
    entry = "[setuptools.file_finders]\nbacklit = backlit.file_finder:find\n"
    (metadata / "entry_points.txt").write_text(entry, "ascii")
    return Listing(tree, files, path, finder)


def _beside_modules(files: Iterable[str], members: frozenset[str]) -> Iterator[str]:
    """Give the data files in packages that a wheel has, and below them."""
    packages = {name.rpartition("/")[0] for name in members if name.endswith(".py") and "/" in name}
    for name in files:
        packed = (name, name.partition("/")[2])  # as it stands, or below ``src``
        is_inside = any(not packages.isdisjoint(_folders_above(path)) for path in packed)
        if is_inside and members.isdisjoint(packed) and not name.endswith(_SOURCES):
            yield name


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


_SOURCES: Final = (".py", ".pyx", ".pxd", ".c", ".cpp", ".h", ".in")
"""Endings of what a wheel need not hold, whoever lists it."""


def _kept(files: tuple[str, ...], template: str, glance: Glance) -> tuple[str, ...]:
    """Give what setuptools keeps of a list; all that is asked of setuptools is how its patterns match."""
    module = sys.modules.get("setuptools.command.egg_info")
    if module is None:
        return ()
    chosen: Any = module.FileList()
    chosen.files = [*files]
    stem = glance.filename.removesuffix(".tar.gz").removesuffix(".zip")
    for folder in ("build", stem):
        chosen.prune(folder)
    for line in template.replace("\\\n", " ").split("\n"):
        action, *words = line.partition("#")[0].split() or [""]
        _take_away(chosen, action, words)
    return tuple(name for name in chosen.files if not _REPOSITORY.search(name) and name.isprintable())


_REPOSITORY: Final = re.compile(r"(?:^|/)(?:RCS|CVS|\.svn)/")
"""What setuptools takes out of every sdist."""


def _take_away(chosen: Any, action: str, words: list[str]) -> None:  # noqa: ANN401 - setuptools' own FileList
    """Follow one line of MANIFEST.in, if it takes files away. What a later line gives back is not asked for."""
    if action in {"exclude", "global-exclude"}:
        take: Callable[[str], object] = chosen.exclude if action == "exclude" else chosen.global_exclude
        for pattern in words:
            take(pattern)
    elif action == "recursive-exclude" and words:
        for pattern in words[1:]:
            chosen.recursive_exclude(words[0], pattern)
    elif action == "prune" and words:
        chosen.prune(words[0].rstrip("/"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
