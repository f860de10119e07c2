"""The Rust crates of one build: what was compiled in, by rustc's commands, the binaries' own word and the lock file."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.model.report import Crate
from backlit.trace import crates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.model.artifact import Artifact
    from backlit.pipeline.observe import Observation
    from backlit.trace.crates import BuiltCrate


class Named(NamedTuple):
    """A crate that was compiled in, by its own manifest."""

    name: str
    """As its Cargo.toml has it."""
    version: str
    """Likewise; empty if it leaves it to a workspace that is not there."""
    folder: str
    """Absolute path of the manifest's folder."""
    libraries: tuple[str, ...]
    """Names after ``-l`` that its build script asked for."""
    built: tuple[str, ...]
    """Those of them that the build script built itself, from sources that came with the crate."""
    root: bool
    """True for what was linked itself."""


def named(observation: Observation) -> tuple[Named, ...]:
    """Give the crates that rustc was seen to compile, and that are part of what was linked; sorted.

    A crate whose manifest is gone is known by its folder's name, ``libz-sys-1.1.8``, or not at all.
    """
    return tuple(sorted({found for built in crates.linked(observation.trace.compilations) for found in _named(built)}))


def crates_of(observation: Observation) -> tuple[Crate, ...]:
    """Give the crates of the report, sorted: without those that were linked themselves."""
    seen = named(observation)
    locked = [entry for folder in _lock_folders(seen, observation) for entry in _lock(folder)]
    pairs = {(crate.name, crate.version) for crate in seen if not crate.root}
    pairs |= {(crate.name, crate.version) for crate in of_artifact(observation.artifact)}
    return tuple(sorted({_crate(name, version, locked) for name, version in pairs}))


def of_artifact(artifact: Artifact) -> tuple[Crate, ...]:
    """Give the crates that the binaries themselves say they were built from, without those of build scripts."""
    linked = {crate for binary in artifact.binaries for crate in binary.crates if crate.kind == "runtime"}
    return tuple(sorted({Crate(name=crate.name, version=crate.version) for crate in linked if not crate.root}))


_FOLDER: Final = re.compile(r"(.+?)-(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)")


def _named(built: BuiltCrate) -> Iterator[Named]:
    for folder in list(Path(built.source).parents)[:4]:
        manifest = folder / "Cargo.toml"
        package = _toml(str(manifest)).get("package", {}) if manifest.is_file() else {}
        if isinstance(package, dict) and isinstance(name := package.get("name"), str):
            version = package.get("version", "")
            told = version if isinstance(version, str) else _of_workspace(folder)
            yield Named(name, told, str(folder), built.libraries, built.built, built.root)
            return
    top = Path(built.source).parent.parent
    if found := _FOLDER.fullmatch(top.name):
        yield Named(found[1], found[2], str(top), built.libraries, built.built, built.root)


def _of_workspace(folder: Path) -> str:
    for above in folder.parents:
        workspace = _toml(str(above / "Cargo.toml")).get("workspace", {})
        package = workspace.get("package", {}) if isinstance(workspace, dict) else {}
        if isinstance(package, dict) and isinstance(version := package.get("version"), str):
            return version
    return ""


_LIMIT: Final = 16 << 20
"""Largest manifest or lock file read, in bytes."""


@cache
def _toml(path: str) -> dict[str, Any]:
    """Give a TOML file's content; empty if it cannot be read: then what it would tell is not known."""
    try:
        if os.path.getsize(path) > _LIMIT:  # noqa: PTH202 - hundreds of strings
            return {}
        return tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _lock_folders(seen: Iterable[Named], observation: Observation) -> tuple[Path, ...]:
    """Give the folders of the lock files that count: from each linked crate's on upwards, inside the tree."""
    roots = {Path(crate.folder) for crate in seen if crate.root} or {Path(observation.tree)}
    tree = Path(os.path.realpath(observation.tree))
    found = {
        next((above for above in (root, *root.parents) if above.is_relative_to(tree) and _has_lock(above)), None)
        for root in roots
    }
    return tuple(sorted(folder for folder in found if folder is not None))


def _has_lock(folder: Path) -> bool:
    return (folder / "Cargo.lock").is_file()


def _lock(folder: Path) -> Iterator[dict[str, str]]:
    packages = _toml(str(folder / "Cargo.lock")).get("package", [])
    for entry in packages if isinstance(packages, list) else ():
        if isinstance(entry, dict):
            yield {key: value for key, value in entry.items() if isinstance(value, str)}


def _crate(name: str, version: str, locked: list[dict[str, str]]) -> Crate:
    """Give a crate with what a lock file says of it; of a crate whose version is not known only where it has one."""
    same = [entry for entry in locked if entry.get("name") == name and version in {"", entry.get("version")}]
    entry = same[0] if len({(each.get("version"), each.get("source")) for each in same}) == 1 else {}
    checksum = entry.get("checksum", "")
    sha256 = checksum if _SHA256.fullmatch(checksum) else None  # Debian's crates carry a sentence instead
    return Crate(name, version or entry.get("version", ""), sha256, entry.get("source"))


_SHA256: Final = re.compile(r"[0-9a-f]{64}")
