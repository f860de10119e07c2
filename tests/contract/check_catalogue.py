"""Checks the catalogue's claims against the distributions' own data: ``python tests/contract/check_catalogue.py``.

Two sorts of data are read:

* Debian's own index, always: the file lists and package lists of the release that the catalogue speaks of, ``contrib``
  and ``non-free`` with it. They are fetched once, 55 MB, into the folder of ``--cache``. Every Debian package named
  must exist. Every name of a library must be that of a file in one of its packages or of another package of the same
  source; every program of a tool must be in its package, or in one that this depends on.
* clones of what ``sources.toml`` names, where ``--clone KEY=FOLDER`` gives them, such as ``--clone vcpkg=../vcpkg``; a
  bare repository will do, and several of one key are read together. Every package whose entry says that it was looked
  up there must be there: a recipe of that name in a repository, the name as a word in a table or in what its users
  require. With ``--clone pep804=...`` every id's ``canonical`` is compared with the registry, too.

What an entry lists as unchecked, has no source for, or has a source that was not given, is counted as not checked. The
table says how many claims of each sort were right, wrong and not checked; each wrong one has a line above it. Exit code
1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections import Counter, defaultdict
from fnmatch import fnmatchcase, translate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.catalog._generate import HERE
from backlit.catalog._tables import DISTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

MIRROR: Final = "http://deb.debian.org/debian"
RELEASE: Final = "bookworm"
COMPONENTS: Final = ("main", "contrib", "non-free")
FILES: Final = ("Contents-amd64.gz", "Contents-all.gz", "binary-amd64/Packages.xz")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong, and the table; give 1 if anything is."""
    asked = _parser().parse_args(arguments)
    tally = Tally()
    entries = list(_entries())
    _check_debian(entries, read_debian(asked.cache, asked.mirror), tally)
    clones: dict[str, list[Path]] = defaultdict(list)
    for key, folder in asked.clone:
        clones[key].append(folder)
    _check_elsewhere(entries, {key: _names_in(key, folders) for key, folders in clones.items()}, tally)
    _check_registry(entries, clones.get("pep804", []), tally)
    sys.stdout.writelines(f"{line}\n" for line in tally.lines())
    return 1 if tally.wrong else 0


def _parser() -> argparse.ArgumentParser:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--cache", type=Path, required=True, metavar="FOLDER", help="where Debian's index is kept, or fetched to"
    )
    parser.add_argument("--mirror", default=MIRROR, metavar="URL", help=f"a mirror of Debian (default: {MIRROR})")
    parser.add_argument(
        "--clone",
        type=_clone,
        action="append",
        default=[],
        metavar="KEY=FOLDER",
        help="a clone of a source; repeatable",
    )
    return parser


def _clone(text: str) -> tuple[str, Path]:
    key, _, folder = text.partition("=")
    if key not in _READERS:
        raise argparse.ArgumentTypeError(f"{key!r} is none of {', '.join(_READERS)}")
    if not Path(folder).is_dir():
        raise argparse.ArgumentTypeError(f"{folder!r} is no folder")
    return key, Path(folder)


class Tally:
    """What became of each sort of claim."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.unchecked: Counter[str] = Counter()
        self.wrong: dict[str, list[str]] = {}

    def add(self, sort: str, claim: str, holds: bool | None) -> None:  # noqa: FBT001 - three answers, one of them None
        """Count a claim that holds, does not, or cannot be told."""
        if holds is None:
            self.unchecked[sort] += 1
        elif holds:
            self.right[sort] += 1
        else:
            self.wrong.setdefault(sort, []).append(claim)

    def lines(self) -> Iterator[str]:
        """Give what is wrong, then the table."""
        for sort, claims in self.wrong.items():
            yield from (f"wrong: {claim} ({sort})" for claim in claims)
        yield f"{'':28}{'right':>8}{'wrong':>8}{'not checked':>14}"
        sorts = list(dict.fromkeys((*self.right, *self.wrong, *self.unchecked)))
        for sort in sorts:
            yield self._line(sort, self.right[sort], len(self.wrong.get(sort, ())), self.unchecked[sort])
        wrong = sum(map(len, self.wrong.values()))
        yield self._line("all", self.right.total(), wrong, self.unchecked.total())

    @staticmethod
    def _line(sort: str, right: int, wrong: int, unchecked: int) -> str:
        return f"{sort:28}{right:8}{wrong:8}{unchecked:14}"


class Entry(NamedTuple):
    """One file of the catalogue."""

    name: str
    """``libraries/zlib``."""
    data: dict[str, Any]

    @property
    def checked(self) -> dict[str, Any]:
        """What it says of how it was checked."""
        checked: dict[str, Any] = self.data["checked"]
        return checked

    def packages(self, distribution: str) -> list[str]:
        """Give its packages in one distribution, of all roles."""
        return [name for names in self.data["packages"].get(distribution, {}).values() for name in names]


def _entries() -> Iterator[Entry]:
    for path in sorted(HERE.glob("libraries/*.toml")) + sorted(HERE.glob("tools/*.toml")):
        yield Entry(f"{path.parent.name}/{path.stem}", tomllib.loads(path.read_text(encoding="utf-8")))


class Debian:
    """The release, as its index tells it."""

    def __init__(self, packages: Mapping[str, Mapping[str, str]], files: Mapping[str, list[str]]) -> None:
        self.packages = packages
        """Fields of each binary package."""
        self.files = files
        """Files of each, without the leading slash."""
        self.siblings: dict[str, set[str]] = defaultdict(set)
        """Binary packages of each source package."""
        for name in packages:
            self.siblings[self.source(name)].add(name)
        every = [path for paths in files.values() for path in paths]
        self.crates = {m[1] for path in every if (m := re.match(r"usr/share/cargo/registry/(.+?)-\d[^/]*/", path))}
        self.find_modules = {m[1] for path in every if (m := re.fullmatch(r".*/Modules/Find(\w+)\.cmake", path))}

    def source(self, package: str) -> str:
        """Give the source package of a binary package."""
        return self.packages[package].get("Source", package).partition(" ")[0]

    def around(self, packages: Iterable[str]) -> str:
        """Give the files of packages, and of the other packages of their sources, one a line."""
        own = [package for package in packages if package in self.packages]
        known = {sibling for package in own for sibling in self.siblings[self.source(package)]}
        return "\n".join(path for package in {*own, *known} for path in self.files.get(package, ()))

    def programs(self, packages: Iterable[str]) -> set[str]:
        """Give the programs of packages, and of those that they depend on."""
        own = {package for package in packages if package in self.packages}
        depends = {
            word for package in own for word in re.findall(r"[\w.+-]+", self.packages[package].get("Depends", ""))
        }
        found = {path for package in {*own, *depends} for path in self.files.get(package, ())}
        return {path.rpartition("/")[2] for path in found if path.startswith(("usr/bin/", "bin/", "usr/games/"))}


def read_debian(cache: Path, mirror: str) -> Debian:
    """Read the index from a folder; what is not there is fetched into it."""
    files: dict[str, list[str]] = defaultdict(list)
    known: dict[str, dict[str, str]] = {}
    for component in COMPONENTS:
        base = f"{mirror}/dists/{RELEASE}/{component}"
        paths = [fetched(f"{base}/{name}", cache / f"{component}-{name.replace('/', '-')}") for name in FILES]
        for path, packages in (line for contents in paths[:2] for line in _contents(contents)):
            for package in packages:
                files[package].append(path)
        known |= _packages(paths[2])
    return Debian(known, files)


def fetched(url: str, path: Path) -> Path:
    """Give the path, once what the address leads to is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sys.stderr.write(f"fetching {url}\n")
        partial = path.with_suffix(".part")
        with urllib.request.urlopen(url) as answer, partial.open("wb") as file:  # noqa: S310 - the mirror that was named
            shutil.copyfileobj(answer, file)
        partial.replace(path)
    return path


def _contents(path: Path) -> Iterator[tuple[str, list[str]]]:
    wanted = ("usr/include/", "usr/lib/", "lib/", "bin/", "usr/bin/", "usr/games/", "usr/share/")
    of_share = re.compile(r"usr/share/(?:pkgconfig|cmake|cargo/registry|\w+/cmake|\w+/\w+/cmake)")
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith(wanted) and (not line.startswith("usr/share/") or of_share.match(line)):
                name, _, packages = line.rstrip("\n").rpartition(" ")
                yield name.rstrip(), [package.rpartition("/")[2] for package in packages.split(",")]


def _packages(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with lzma.open(path, "rt", encoding="utf-8") as text:
        for stanza in text.read().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and line[0] != " ")
            if "Package" in fields:
                yield fields["Package"], fields


def _check_debian(entries: Iterable[Entry], debian: Debian, tally: Tally) -> None:
    sources = set(debian.siblings)
    for entry in entries:
        packages = [*entry.packages("debian"), *entry.data.get("debian_binary", ())]
        for package in packages:
            tally.add("packages: debian", f"{entry.name}: {package}", package in debian.packages)
        for source in entry.data.get("debian_source", ()):
            holds = any(fnmatchcase(known, source) for known in sources)
            tally.add("source packages: debian", f"{entry.name}: {source}", holds)
        _check_names(entry, debian.around(packages), debian, tally)
        unchecked = entry.checked.get("unchecked", ())
        programs = debian.programs(packages) if "commands" in entry.data else set()
        for command in entry.data.get("commands", ()):
            holds = command in programs
            _add_name(tally, entry, "commands", command, holds=holds, unchecked=unchecked)


def _check_names(entry: Entry, files: str, debian: Debian, tally: Tally) -> None:
    unchecked = entry.checked.get("unchecked", ())
    for kind, names in entry.data.get("names", {}).items():
        for name in names:
            if kind == "meson":
                tally.add(kind, f"{entry.name}: {name}", None)  # meson's own names: no file bears them
                continue
            holds = _is_there(kind, name, files, debian)
            _add_name(tally, entry, kind, name, holds=holds, unchecked=unchecked)


def _add_name(tally: Tally, entry: Entry, kind: str, name: str, *, holds: bool, unchecked: Iterable[str]) -> None:
    """Count a name; one that is there although its entry says that nobody could tell is a wrong claim as well."""
    if f"{kind}:{name}" in unchecked:
        tally.add(kind, f"{entry.name}: {name} is said to be unchecked, and is there", False if holds else None)
    else:
        tally.add(kind, f"{entry.name}: {name}", holds)


def _is_there(kind: str, name: str, files: str, debian: Debian) -> bool:
    if kind == "crates":
        return name in debian.crates
    if kind == "cmake" and name in debian.find_modules:
        return True
    flags = re.MULTILINE | (re.IGNORECASE if kind == "cmake" else 0)
    return re.search(_pattern(kind, name), files, flags) is not None


def _pattern(kind: str, name: str) -> str:
    """Give the expression of a path that shows the name to be there; paths are lines."""
    glob = translate(name).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^\n]*")
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


def _check_elsewhere(entries: Iterable[Entry], known: Mapping[str, set[str]], tally: Tally) -> None:
    for entry in entries:
        for distribution in DISTRIBUTIONS[1:]:
            source = entry.checked.get(distribution, "")
            for package in entry.packages(distribution):
                holds = package in known[source] if source in known else None
                tally.add(f"packages: {distribution}", f"{entry.name}: {package} is not in {source}", holds)


def _check_registry(entries: Iterable[Entry], clones: Sequence[Path], tally: Tally) -> None:
    canonical = set()
    for definition in (
        d for clone in clones for d in json.loads(_git(clone, "show", "HEAD:data/registry.json"))["definitions"]
    ):
        provides = definition.get("provides", [])
        if all(name.startswith("dep:virtual/") for name in ([provides] if isinstance(provides, str) else provides)):
            canonical.add(definition["id"])
    for entry in entries:
        holds = entry.data["canonical"] is (entry.data["id"] in canonical) if clones else None
        tally.add("canonical ids", f"{entry.name}: {entry.data['canonical']}", holds)


def _names_in(key: str, clones: Iterable[Path]) -> set[str]:
    return {name for clone in clones for name in _READERS[key](clone)}


def _git(clone: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", clone, *arguments], capture_output=True, check=False)
    return done.stdout.decode(errors="replace")


def _folders(below: str) -> Callable[[Path], Iterator[str]]:
    """Give a reader of names of folders; Spack spells `-` as `_` there, and has a `_` before a digit."""

    def read(clone: Path) -> Iterator[str]:
        for path in _git(clone, "ls-tree", "-d", "--name-only", "HEAD", below).splitlines():
            name = path.rpartition("/")[2]
            yield name
            yield name.removeprefix("_").replace("_", "-")

    return read


def _stems(below: str, suffix: str) -> Callable[[Path], Iterator[str]]:
    """Give a reader of names of files."""

    def read(clone: Path) -> Iterator[str]:
        for path in _git(clone, "ls-tree", "-r", "--name-only", "HEAD", below).splitlines():
            if path.endswith(suffix):
                yield path.rpartition("/")[2].removesuffix(suffix)

    return read


def _words(*where: str, pattern: str = r"[A-Za-z0-9_][A-Za-z0-9@+._/-]*") -> Callable[[Path], Iterator[str]]:
    """Give a reader of all words of some files; a category and the package after it are one."""

    def read(clone: Path) -> Iterator[str]:
        for word in dict.fromkeys(_git(clone, "grep", "-hoE", pattern, "HEAD", "--", *where).splitlines()):
            yield word
            # A version behind a name of Gentoo's, a full stop at the end of a sentence.
            yield re.sub(r"(?:-\d[\w.*]*(?:-r\d+)?)?[.-]?$", "", word)
            # Attributes of nixpkgs: `pkgs.zlib`; repositories of Alpine's: `glpk-dev@testing`.
            yield word.removeprefix("pkgs.")
            yield word.partition("@")[0]

    return read


def _guix(clone: Path) -> Iterator[str]:
    """Read the names that packages are defined by."""
    for line in _git(clone, "grep", "-hoE", r'\(name "[^"]+"', "HEAD", "--", "gnu/packages/").splitlines():
        yield line.split('"')[1]


def _nixpkgs(clone: Path) -> Iterator[str]:
    """Read attributes; X's are below ``xorg`` in nixpkgs, and by their bare names there."""
    for word in _words("lib/pkgconf-nixpkgs-map.nix", "lib/system-nixpkgs-map.nix")(clone):
        yield word
        yield f"xorg.{word}"


_READERS: Final[Mapping[str, Callable[[Path], Iterator[str]]]] = {
    "pep804": _words("data/*.mapping.json"),
    "rosdep": _words("rosdep/"),
    "opam": _words("packages/conf-*"),
    "r-system-requirements": _words("rules/"),
    "alire": _words("index/*-external.toml"),
    "haskell.nix": _nixpkgs,
    "vcpkg": _folders("ports/"),
    "spack": _folders("repos/spack_repo/builtin/packages/"),
    "guix": _guix,
    "homebrew": _stems("Formula/", ".rb"),
    "conda-forge": _stems("outputs/", ".json"),
    "gentoo-overlays": _words("*.ebuild", pattern=r"[a-z]+-[a-z]+/[A-Za-z0-9][A-Za-z0-9+_.-]*"),
    "alpine-users": _words("*APKBUILD"),
    "archlinuxcn": _words("*PKGBUILD"),
    "fedora-users": _words("*.spec", "configs/"),
    "opensuse-lists": _words("output/opensuse/Factory*"),
    "poetry2nix": _words("*.nix"),
}


if __name__ == "__main__":
    sys.exit(main())
