"""``BACKLIT_VERSION=auto``: the version that the distribution's own build says, where it speaks of this project.

Looked at, in this order: the variables of RPM, conda, Gentoo and Nix; ``debian/changelog``; ``.git_archival.txt``; the
name of the project's folder. What speaks of another project by name is passed over, and so is what names no release.
A changelog counts only where no variable speaks of the project: many archives carry an old ``debian`` folder.

Two that speak of this project and differ are an error: either may be the old one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import pep440, spelling, version_sources
from backlit.config.project import normalised
from backlit.config.settings import Setting
from backlit.errors import VersionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from backlit.config.project import Project


class _Look(NamedTuple):
    """One place that was looked at."""

    place: str
    """Its name, in a list of all."""
    where: str = ""
    """The exact place, with what stands there."""
    value: str | None = None
    """The version there, canonical; None if there is none of this project's."""
    why: str = ""
    """Why there is no value."""
    insists: bool = False
    """True if it speaks of this project by name, whether or not it gives a version."""
    origin: str = "distribution"
    """As in the report."""


def version_of(project: Project, name: str | None, environment: Mapping[str, str], *, asked: str) -> Setting:
    """Give the version that the distribution's build says the project has.

    `name` is the project's, and `asked` is the place that asks.

    :raises VersionError: if nothing speaks of this project, says what was looked at and why not; or if two differ.
    """
    variables = [*_variables(name, environment)]
    spoken = next((look for look in variables if look.insists), None)
    changelog = (
        _changelog(project.root, name) if spoken is None else _Look(_CHANGELOG, why=f"passed over for {spoken.place}")
    )
    looks = [*variables, changelog, _archival(project, name), _folder(project.root, name)]
    taken = [look for look in looks if look.value is not None]
    if not taken or any(look.insists and look.value is None for look in looks):
        raise _nothing(project, name, looks, asked)
    first = taken[0]
    for look in taken[1:]:
        if not pep440.same(str(first.value), str(look.value)):
            raise VersionError(
                f"two places speak of {name} and differ: {first.value} ({first.where}) and {look.value} ({look.where})",
                where=asked,
                cure=f"set BACKLIT_VERSION to the one that is meant, such as {first.value}",
            )
    return Setting(str(first.value), first.where, first.origin)


_VARIABLES: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("RPM_PACKAGE_VERSION", "RPM_PACKAGE_NAME", spelling.of_rpm),
    ("PKG_VERSION", "PKG_NAME", str),
    ("PV", "PN", spelling.of_gentoo),
    ("version", "pname", spelling.of_nix),
)
"""Variables that RPM, conda, Gentoo and Nix set for the package being built: its version and its name."""

_CHANGELOG: Final = "debian/changelog"
_ARCHIVAL: Final = ".git_archival.txt"


def _variables(name: str | None, environment: Mapping[str, str]) -> Iterator[_Look]:
    for version, package, put_back in _VARIABLES:
        value, of = environment.get(version), environment.get(package)
        place = "environment variable "
        if version == "version" and not value and (attributes := _attributes(environment)):
            place, value, of = "attribute ", attributes.get(version), attributes.get(package)
        if not value:
            yield _Look(version, why="not set")
        elif not of:
            yield _Look(version, why=f"is {value}, but {package} is not set")
        elif not agrees(of, name):
            yield _Look(version, why=f"is {value}, but {package} is {of}")
        else:
            yield _read(version, f"{place}{version}={value}, {package}={of}", value, put_back)


def _attributes(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what Nix writes into a file where ``__structuredAttrs`` keep a derivation's attributes from the environment.

    https://nix.dev/manual/nix/latest/language/advanced-attributes (``__structuredAttrs``)
    """
    path = environment.get("NIX_ATTRS_JSON_FILE")
    if not path:
        return {}
    import json  # noqa: PLC0415 - where Nix builds in this way

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a string from the environment
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _changelog(root: Path, name: str | None) -> _Look:
    """Read the first heading of debian/changelog, as ``dpkg-parsechangelog`` does."""
    lines = _head_of(root / _CHANGELOG).split("\n")
    number = next((at for at, line in enumerate(lines, 1) if not re.match(r"\s*$|#|\$|/\*|;;|vim:", line)), 0)
    found = _HEADING.match(lines[number - 1]) if number else None
    if found is None:
        return _Look(_CHANGELOG, why="starts with no heading" if number else "is not there")
    binaries = re.findall(r"^Package:[ \t]*(\S+)", _head_of(root / "debian/control"), re.MULTILINE | re.IGNORECASE)
    if not any(agrees(package, name) for package in (found[1], *binaries)):
        named = ", ".join(dict.fromkeys((found[1], *binaries)))
        return _Look(_CHANGELOG, why=f"has {found[2]} of {named}")
    return _read(_CHANGELOG, f"{_CHANGELOG}:{number}: {found[1]} ({found[2]})", found[2], spelling.of_debian)


_HEADING: Final = re.compile(r"(\w[-+0-9a-z.]*) \(([^() \t]+)\)(?:\s+[-+0-9a-z.]+)+;", re.IGNORECASE)

_MOST_BYTES: Final = 1 << 16
"""How much of a file is read: a changelog may be megabytes, and only its first heading counts."""


def _head_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _archival(project: Project, name: str | None) -> _Look:
    tag, why = version_sources.archived_tag(project)
    if tag is None:
        return _Look(_ARCHIVAL, why=why)
    prefix, version = version_sources.parted(tag)
    word = prefix.strip("-_./")
    if not version or not (word.lower() in _USUAL or agrees(word, name)):
        return _Look(_ARCHIVAL, why=f"has the tag {tag}, which names no release of this project's")
    look = _read(_ARCHIVAL, f"{_ARCHIVAL}: describe-name: {tag}", version, str)
    return look._replace(insists=False, origin="git-archival")


_USUAL: Final = frozenset({"", "v", "ver", "version", "r", "rel", "release", "releases", "tag", "tags"})
"""What tags of releases start with, where it is not the project's name."""


def _folder(root: Path, name: str | None) -> _Look:
    place = "the folder's name"
    for separator in re.finditer(r"[-_]", root.name):
        if agrees(root.name[: separator.start()], name):
            version = re.sub(r"^[vV](?=\d)", "", root.name[separator.end() :])
            where = f"name of the folder {root.name}"
            return _read(place, where, version, spelling.of_folder)._replace(insists=False, origin="folder")
    return _Look(place, why=f"is {root.name}")


def _read(place: str, where: str, text: str, put_back: Callable[[str], str]) -> _Look:
    """Give a look at a place that speaks of this project."""
    try:
        return _Look(place, where, pep440.asked(put_back(text), where=where), insists=True)
    except spelling.NoReleaseError as error:
        why = f"has {text}: {error}"
    except VersionError:
        why = f"has {text}: no version"
    return _Look(place, where, why=why, insists=True)


def agrees(package: str, name: str | None) -> bool:
    """Tell whether a distribution's package means the project of that name: ``python3-foo``, ``py311-foo``, ``foo``."""
    if name is None:
        return False
    wanted, found = normalised(name), normalised(package)
    bare = _PREFIX.sub("", found)
    # A project that is called python-foo itself may be packaged as python3-foo; but ``foo`` is then something else.
    return wanted in {found, bare} or (bare != found and bare == _PREFIX.sub("", wanted))


_PREFIX: Final = re.compile(r"(?:python|pypy|py)(?:\d+(?:-\d+)?)?-")
"""On a name in its normal form: ``python3.11-foo`` is ``python3-11-foo`` there."""


def _nothing(project: Project, name: str | None, looks: list[_Look], asked: str) -> VersionError:
    seen = ", ".join(f"{look.place} ({look.why or f'gives {look.value}'})" for look in looks)
    if name is None:
        problem = f"the project in {project.root.name} does not state its name, which nothing can then agree with"
    else:
        problem = f"nothing here says which version of {name} this is"
    return VersionError(f"{problem}; looked at {seen}", where=asked, cure="set BACKLIT_VERSION to the version itself")
