"""Makes ``debian.json`` of Debian's file lists: ``python -m backlit.catalog._generate_debian FOLDER``.

FOLDER holds, for each release of `RELEASES`, what a mirror of Debian has below ``dists/RELEASE/main``:
``Contents-amd64.gz``, ``Contents-all.gz`` and ``binary-amd64/Packages.xz``. Same input, same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog import Catalogue
from backlit.catalog._generate import HERE
from backlit.model.names import NameKind
from backlit.support.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

RELEASES: Final = ("bookworm", "trixie")

Files = dict[str, dict[str, set[str]]]
"""By table, then by name: the packages that have such a file."""


class Packages(NamedTuple):
    """What is known of the packages of some releases."""

    source: dict[str, str]
    """The source package of each."""
    section: dict[str, str]
    """``libdevel``, ``python``."""


def main() -> None:
    """Write the file beside the catalogue's others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    write_atomically(HERE / "debian.json", document(parser.parse_args().folder))


def document(folder: Path) -> str:
    """Give the text of ``debian.json``."""
    packages = Packages({}, {})
    files: Files = {table: defaultdict(set) for table in _FILES}
    for release in RELEASES:
        with lzma.open(folder / release / "binary-amd64" / "Packages.xz", "rt", encoding="utf-8") as lines:
            _read_packages(lines, packages)
    for release in RELEASES:
        for architecture in ("amd64", "all"):
            with gzip.open(folder / release / f"Contents-{architecture}.gz", "rt", encoding="utf-8") as lines:
                _read_files(lines, files, packages)
    files["header"] = _first_parts(files["header"])
    return _text({table: dict(_telling(table, found, packages)) for table, found in files.items()}, packages)


def _read_packages(lines: Iterable[str], packages: Packages) -> None:
    name = ""
    for line in lines:
        key, _, value = line.rstrip("\n").partition(": ")
        if key == "Package":
            name = value
            packages.source[name] = value
        elif key == "Source":
            packages.source[name] = value.split()[0]
        elif key == "Section":
            packages.section[name] = value.rpartition("/")[2]


_FOLDER: Final = r"usr/(?:lib/(?:x86_64-linux-gnu/)?|share/)"
_FILES: Final = {
    "pkgconfig": re.compile(_FOLDER + r"pkgconfig/([^/]+)\.pc"),
    "link": re.compile(r"usr/lib/(?:x86_64-linux-gnu/)?lib([^/]+)\.so"),
    "cmake": re.compile(_FOLDER + r"(?:[^/]+/){0,3}([^/]+?)(?:Config|-config)\.cmake"),
    "config_tool": re.compile(r"usr/s?bin/([^/]+-config)"),
    "header": re.compile(r"usr/include/(?:x86_64-linux-gnu/)?(?!python3)(.+\.(?:h|hh|hpp|hxx|H)|(?:.+/)?[^./]+)"),
}
KINDS: Final = {
    "pkgconfig": NameKind.PKGCONFIG,
    "link": NameKind.LINK,
    "cmake": NameKind.CMAKE,
    "config_tool": NameKind.CONFIG_TOOL,
    "header": NameKind.HEADER,
}
"""The sense of the names of each table."""
_OF_NO_BUILD: Final = frozenset({"debug", "doc", "games", "golang", "haskell", "java", "javascript", "ocaml", "rust"})
"""Sections whose packages nobody compiles against with a compiler of C."""
_OF_ANOTHER: Final = re.compile(r"(?:android|mingw|gcc|libgcc|libstdc\+\+|linux-libc|libc6)-|.*-cross\b")


def _read_files(lines: Iterable[str], files: Files, packages: Packages) -> None:
    for line in lines:
        path, _, owners = line.rstrip("\n").rpartition(" ")
        for table, pattern in _FILES.items():
            if path.startswith("usr/") and (found := pattern.fullmatch(path.rstrip())):
                name = found[1].lower() if table == "cmake" else found[1]
                files[table][name].update(_that_count(owners, packages))


def _that_count(owners: str, packages: Packages) -> Iterator[str]:
    for owner in owners.split(","):
        name = owner.rpartition("/")[2]
        if packages.section.get(name, "debug") not in _OF_NO_BUILD and not _OF_ANOTHER.match(name):
            yield name


def _first_parts(headers: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Give headers by their first folder, or their name in none; and those below one folder as what is in it is called.

    A compiler is told to look in ``/usr/include/libxml2``, so that ``libxml/tree.h`` is in it.
    """
    outer: dict[str, set[str]] = defaultdict(set)
    inner: dict[str, set[str]] = defaultdict(set)
    for path, owners in headers.items():
        first, slash, rest = path.partition("/")
        outer[f"{first}{slash}"] |= owners
        second, slash, _ = rest.partition("/")
        if second:
            inner[f"{second}{slash}"] |= owners
    return {**inner, **outer}


def _telling(table: str, found: Mapping[str, set[str]], packages: Packages) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the names that only one source has, that the catalogue does not know, and that are like their package's."""
    catalogue, kind = Catalogue.load(), KINDS[table]
    for name, owners in found.items():
        probe = f"{name}x.h" if name.endswith("/") else name
        if not owners or len({_unversioned(packages.source[owner]) for owner in owners}) != 1:
            continue
        if catalogue.identify(kind, probe) is not None or catalogue.is_platform(kind, probe):
            continue
        alike = table not in {"link", "header"} or any(_is_like(name, owner, packages) for owner in owners)
        if alike:
            yield name, _chosen(name, owners, packages)


def _unversioned(source: str) -> str:
    return source.rstrip("0123456789.-")


def _is_like(name: str, owner: str, packages: Packages) -> bool:
    """Tell whether a name is its package's, or the beginning of that, and so long that it is so by no chance."""
    bare = _bare(name.rstrip("/").partition(".")[0])
    if len(bare) < (_LEAST_ALONE if "." in name else _LEAST) and not name.startswith("lib"):
        return False
    whole = {_bare(owner), _bare(packages.source[owner])}
    return any(
        bare.rstrip("0123456789") == known.rstrip("0123456789") or (len(bare) >= _TELLING and known.startswith(bare))
        for known in whole
    )


_LEAST: Final = 4
_LEAST_ALONE: Final = 5
"""Letters of a header in no folder: what a project calls its own has such names, too."""
_TELLING: Final = 7
"""So many letters are telling, though they are but the beginning."""


def _bare(name: str) -> str:
    return re.sub(r"^lib|dev$", "", re.sub(r"[^a-z0-9]", "", name.lower()))


def _chosen(name: str, owners: Iterable[str], packages: Packages) -> tuple[str, ...]:
    """Give the packages to install, those called like `name` first: of ``x-dev-common`` the ``x-dev`` that needs it."""
    whole = {owner: re.sub(r"-dev-\w+$", "-dev", owner) for owner in owners}
    names = {package if package in packages.source else owner for owner, package in whole.items()}
    developing = {package for package in names if package.endswith("-dev")} or names
    bare = _bare(name.rstrip("/").partition(".")[0])
    return tuple(sorted(developing, key=lambda package: (_bare(package) != bare, len(package), package)))


def _text(tables: Mapping[str, Mapping[str, tuple[str, ...]]], packages: Packages) -> str:
    rows = sorted({(packages.source[names[0]], *names) for found in tables.values() for names in found.values()})
    numbers = {row[1:]: number for number, row in enumerate(rows)}
    lines = [f'"releases":{json.dumps(RELEASES, separators=(",", ":"))}']
    lines += [f'"packages":{json.dumps(rows, separators=(",", ":"))}']
    for table in sorted(tables):
        entries = {name: numbers[names] for name, names in sorted(tables[table].items())}
        lines.append(f'"{table}":{json.dumps(entries, separators=(",", ":"))}')
    return "{" + ",\n".join(lines) + "}\n"


if __name__ == "__main__":
    main()
