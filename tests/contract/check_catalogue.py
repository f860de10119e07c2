"""Compares the catalogue with Debian's own index; run by hand: ``pytest tests/contract/check_catalogue.py``.

What is compared: every name and every Debian package of every entry, but for those that the entry lists as unchecked.
With what: the file lists of the whole archive that ``apt-file update`` keeps, and the package index that
``apt-get update`` keeps, of the release the catalogue speaks of. It takes half a minute, and fails on another release.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections import defaultdict
from fnmatch import fnmatchcase, translate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from backlit.catalog._generate import HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTENTS = sorted(Path("/var/lib/apt/lists").glob("*_dists_bookworm*_Contents-*"))
APT_HELPER = Path("/usr/lib/apt/apt-helper")

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        not CONTENTS, reason="no file lists of Debian 12 here: apt-get install apt-file; apt-file update"
    ),
]


class Debian(NamedTuple):
    """The release, as its index tells it."""

    sources: dict[str, str]
    """Source package of each binary package."""
    files: dict[str, list[str]]
    """Files of each binary package, without the leading slash."""
    commands: set[str]
    """Names of all programs in ``bin``."""
    crates: set[str]
    """Names of all packaged Cargo crates."""
    find_modules: set[str]
    """Packages that CMake's own Find modules know."""


@pytest.fixture(scope="module")
def debian() -> Debian:
    sources = dict(_sources())
    files: dict[str, list[str]] = defaultdict(list)
    for path, packages in _contents():
        for package in packages:
            files[package].append(path)
    every = [path for paths in files.values() for path in paths]
    return Debian(
        sources=sources,
        files=files,
        commands={path.rpartition("/")[2] for path in every if path.startswith(("usr/bin/", "bin/"))},
        crates={found[1] for path in every if (found := re.match(r"usr/share/cargo/registry/(.+?)-\d[^/]*/", path))},
        find_modules={found[1] for path in every if (found := re.fullmatch(r".*/Modules/Find(\w+)\.cmake", path))},
    )


def test_every_checked_name_of_a_library_is_debians(debian: Debian) -> None:
    missing = []
    for path in sorted((HERE / "libraries").glob("*.toml")):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        unchecked = set(entry["checked"].get("unchecked", ()))
        files = _files_of(entry, debian)
        for kind, names in entry["names"].items():
            missing += [
                f"{path.stem}: {kind}:{name}"
                for name in names
                if f"{kind}:{name}" not in unchecked and not _is_there(kind, name, files, debian)
            ]
    assert missing == []


def test_every_package_named_is_debians(debian: Debian) -> None:
    missing = []
    for path in sorted([*(HERE / "libraries").glob("*.toml"), *(HERE / "tools").glob("*.toml")]):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        missing += [f"{path.stem}: {package}" for package in _packages_of(entry) if package not in debian.sources]
        known = set(debian.sources.values())
        missing += [
            f"{path.stem}: source {source}"
            for source in entry.get("debian_source", ())
            if not any(fnmatchcase(each, source) for each in known)
        ]
    assert missing == []


def test_every_checked_command_of_a_tool_is_debians(debian: Debian) -> None:
    missing = []
    for path in sorted((HERE / "tools").glob("*.toml")):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        unchecked = entry["checked"].get("unchecked", ())
        missing += [
            f"{path.stem}: {command}"
            for command in entry["commands"]
            if f"commands:{command}" not in unchecked and command not in debian.commands
        ]
    assert missing == []


def _sources() -> Iterator[tuple[str, str]]:
    done = subprocess.run(
        [shutil.which("apt-cache") or "apt-cache", "dumpavail"], capture_output=True, check=True
    ).stdout.decode(errors="replace")
    for stanza in done.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and not line.startswith(" "))
        if "Package" in fields:
            yield fields["Package"], fields.get("Source", fields["Package"]).partition(" ")[0]


def _contents() -> Iterator[tuple[str, tuple[str, ...]]]:
    wanted: tuple[str, ...] = ("usr/include/", "usr/lib/", "lib/", "bin/", "usr/bin/")
    wanted += ("usr/share/pkgconfig/", "usr/share/cmake", "usr/share/cargo/registry/", "usr/share/eigen3/cmake/")
    for lists in CONTENTS:
        done = subprocess.run([APT_HELPER, "cat-file", lists], capture_output=True, check=True)
        for line in done.stdout.decode(errors="replace").splitlines():
            if line.startswith(wanted):
                path, _, packages = line.rpartition(" ")
                yield path.rstrip(), tuple(package.rpartition("/")[2] for package in packages.split(","))


def _packages_of(entry: dict[str, Any]) -> list[str]:
    by_role = entry["packages"]["debian"].values()
    return [*entry.get("debian_binary", ()), *(package for packages in by_role for package in packages)]


def _files_of(entry: dict[str, Any], debian: Debian) -> list[str]:
    """Files of the entry's packages and of their source packages' other ones: a run-time library's are there."""
    own = _packages_of(entry)
    sources = {debian.sources[package] for package in own if package in debian.sources}
    siblings = {package for package, source in debian.sources.items() if source in sources}
    return [path for package in {*own, *siblings} for path in debian.files.get(package, ())]


def _is_there(kind: str, name: str, files: Iterable[str], debian: Debian) -> bool:
    match kind:
        case "crates":
            return name in debian.crates
        case "cmake" if name in debian.find_modules:
            return True
        case "meson":
            return True  # Meson's own names: no file bears them
        case _:
            pattern = re.compile(_pattern(kind, name), re.IGNORECASE if kind == "cmake" else 0)
            return any(pattern.search(path) for path in files)


def _pattern(kind: str, name: str) -> str:
    """Give the expression of a path that shows the name to be there."""
    glob = translate(name).removeprefix("(?s:").removesuffix(r")\Z")
    match kind:
        case "pkgconfig":
            return rf"/pkgconfig/{glob}\.pc$"
        case "link":
            return rf"/lib{glob}\.(?:so|a)(?:$|\.)"
        case "soname":
            return rf"/{glob}\.so(?:$|\.)"
        case "headers":
            return rf"/include/(?:.*/)?{glob}" + ("" if name.endswith("/") else "$")
        case "cmake":
            return rf"/{glob}(?:-config|Config)\.cmake$"
        case "config_tools":
            return rf"/bin/{glob}$"
        case _:
            raise AssertionError(kind)
