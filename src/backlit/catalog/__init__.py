"""What a library is called everywhere: names of each kind to one id, and the id's packages in each distribution.

The data are files that people write: ``libraries/<name>.toml`` one library a file, ``tools/<name>.toml`` one build tool
a file, ``platform.toml`` what every extension has, ``sources.toml`` by what they were checked.
``python -m backlit.catalog._generate`` makes ``index.json`` and ``packages.json`` of them, which alone are read here.
What a distribution or a user adds to them, `backlit.catalog.additions` reads.

A library's file::

    id = "dep:generic/boost"         # a DepURL
    canonical = false                # whether the registry of PEP 804 lists the id
    description = "C++ libraries"
    debian_source = ["boost1.*"]     # source packages all of whose files are this library's; left out where shared
    debian_binary = []               # binary packages, beyond those of [packages], that hold files of it
    debian_shared = []               # packages of [packages] that hold files of other libraries, too: nobody's own
    comes_with = []                  # ids of libraries whose own headers include its, so that it is there with them
    interface_numbers = []           # names in [names] that tell the number of its interface for its version
    crates_over = ["rusqlite"]       # Cargo crates over one that binds it, by which a manifest without a lock names it

    [names]                          # each kind apart; left out where there are none
    pkgconfig = []                   # pkg-config modules
    link = ["boost_*"]               # names after -l
    soname = ["libboost_*"]          # names of shared libraries before `.so`, so that no version is in them
    headers = ["boost/", "zlib.h"]   # as written after #include; a trailing slash is a folder with all below it
    cmake = ["Boost"]                # names given to find_package
    crates = []                      # Cargo crates that bind it
    config_tools = []                # programs such as krb5-config
    meson = ["boost"]                # names given to dependency() that are no pkg-config module

    [packages]                       # per distribution, by role; an empty table: known not to be packaged there
    debian = { host = ["libboost-all-dev"], run = [] }

    [checked]                        # by what the names and packages were looked up; left out where nobody has
    names = "debian-12"              # a key of sources.toml, which tells what each source is
    debian = "debian-12"
    unchecked = ["cmake:Boost"]      # names that the source of the names does not show: `kind:name`

A name with ``*``, ``?`` or ``[`` in it is a wildcard, as in a shell; an exact name wins over it. The generator refuses
two libraries that claim one name of one kind: a name that is really ambiguous belongs to neither.

A tool's file has ``id``, ``canonical``, ``description``, ``packages`` (role ``build``) and ``checked`` in the same
sense; ``commands``, names of programs without a machine before them or a version after them;
``called_beside``, by a library's id, what a source that builds against that library calls this tool, though the name
is another's: each Qt has a ``qmake`` of its own; ``brings``, names by kind of what is there with it: a JDK's ``jni.h``;
``variables``, those of the environment that tell where it is; ``macros``, those of Autoconf that it defines; and
``alternative = true`` where another file has the same id and the packages to install for it.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog._wildcards import fitting
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Self


class Identity(NamedTuple):
    """The library that a name stands for."""

    id: str
    """DepURL: ``dep:generic/openssl``."""
    canonical: bool
    """Whether the registry of PEP 804 lists the id."""
    confidence: Confidence
    """High for an exact name or a wildcard written for it; medium for a header's folder, another spelling of case, or a
    soname that a wheel repairer has renamed."""


class ToolIdentity(NamedTuple):
    """The build tool that a program's name stands for."""

    id: str
    """DepURL: ``dep:generic/cmake``, ``dep:virtual/compiler/c``."""
    canonical: bool
    """Whether the registry of PEP 804 lists the id."""


class Packages(NamedTuple):
    """What to install in one distribution; each sorted as the catalogue has it, empty if there is none."""

    host: tuple[str, ...] = ()
    """To build against it."""
    run: tuple[str, ...] = ()
    """To run with it; where a distribution does not split its packages, empty."""
    build: tuple[str, ...] = ()
    """To run it during a build: a tool."""
    checked: str | None = None
    """By what the names were looked up: a key that `Catalogue.source` knows; None if nobody has, or not all of them."""


class Source(NamedTuple):
    """By what names of packages were looked up."""

    kind: str
    """``index``: the distribution's own file lists; ``repository``: its recipes; ``table``: a table that others install
    by names it for that library; ``use``: others' recipes depend on it; ``mapping``, ``entry``: added by the user."""
    where: str
    """What it is."""
    revision: str = ""
    """Which of its revisions; empty if it has none."""
    date: str = ""
    """Of what day it is, as ``2026-11-28``; empty if that is not known."""


class Added(NamedTuple):
    """What is known beside the shipped catalogue, in the form of its generated files. `additions` reads it."""

    tables: Mapping[str, Any]
    """``ids``, ``names`` and ``globs``: a name here wins over the same name there."""
    packages: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """By id and distribution: what is said here of a distribution takes the place of what is said there."""
    sources: Mapping[str, Mapping[str, str]]
    """By the keys under which ``checked`` names them."""
    canonical: frozenset[str] | None = None
    """The ids that a registry lists, if one was read."""


class Catalogue:
    """All libraries and tools, by name. Made by `load`."""

    def __init__(self, index: Mapping[str, Any], added: Added | None = None) -> None:
        self._added: Final = added
        self._ids: Final[Sequence[tuple[str, bool]]] = index["ids"]
        self._names: Final[Mapping[str, Mapping[str, int]]] = index["names"]
        self._globs: Final[Mapping[str, Mapping[str, int]]] = index["globs"]
        self._platform: Final[Mapping[str, Mapping[str, int]]] = index["platform"]
        self._platform_globs: Final[Mapping[str, Sequence[str]]] = index["platform_globs"]
        self._interface_numbers: Final = frozenset(index["interface_numbers"])
        self.comes_with: Final[Mapping[str, Sequence[str]]] = index["comes_with"]
        """By id, the libraries whose headers include a library's own: whoever builds against one of them has it."""
        self.called_beside: Final[Mapping[str, Mapping[str, str]]] = index["called_beside"]
        """By command, by the id of a library: the command that is meant where a source builds against that library."""
        self._brought: Final[Mapping[str, Mapping[str, str]]] = index["brought"]
        self._beside: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = index["beside"]
        self._identified: Final[dict[tuple[NameKind, str], Identity | None]] = {}

    @classmethod
    def load(cls) -> Self:
        """Read the index, once in a process: one JSON file beside this module; and what `extended` added to it."""
        index, added = _read("index.json"), _ADDED.get()
        return cls(index if added is None else _joined(index, added), added)

    def identify(self, kind: NameKind, name: str) -> Identity | None:
        """Give the library that `name` stands for in the sense of `kind`; None if no entry has it."""
        # Of one project, the same few names are asked for again and again.
        if (kind, name) not in self._identified:
            self._identified[kind, name] = self._identify(kind, name)
        return self._identified[kind, name]

    def _identify(self, kind: NameKind, name: str) -> Identity | None:
        wanted = _normal(kind, name)
        if (number := self._find(kind, wanted)) is not None:
            return self._identity(number, Confidence.HIGH)
        if (number := self._find_by_convention(kind, wanted)) is not None:
            return self._identity(number, Confidence.MEDIUM)
        return self.identify(NameKind.PKGCONFIG, name) if kind is NameKind.MESON else None

    def is_platform(self, kind: NameKind, name: str) -> bool:
        """Tell whether every extension has what `name` stands for: the C library, a compiler's run time, Python.

        A library's own name is never the platform's, though a folder or wildcard of the platform's covers it:
        ``sys/acl.h``.
        """
        wanted = _normal(kind, name)
        if wanted in self._platform.get(kind, ()):
            return True
        return self.identify(kind, name) is None and (fitting(wanted, self._platform_globs.get(kind, ())) is not None)

    def is_platform_package(self, name: str, distribution: str = "debian") -> bool:
        """Tell whether a distribution's binary package holds only what every extension has: ``libc6-dev``."""
        table = f"{distribution}_package"
        return name in self._platform.get(table, ()) or (fitting(name, self._platform_globs.get(table, ())) is not None)

    def by_source_package(self, debian_source: str) -> Identity | None:
        """Give the library that a Debian source package is; None if it is unknown or holds several."""
        number = self._find("debian_source", debian_source)
        return None if number is None else self._identity(number, Confidence.HIGH)

    def by_package(self, debian_package: str) -> Identity | None:
        """Give the library that a Debian binary package belongs to, where its source package has several too."""
        number = self._find("debian_package", debian_package)
        return None if number is None else self._identity(number, Confidence.HIGH)

    def by_packages_of(self, distribution: str) -> dict[str, Identity]:
        """Give the library of each package of a distribution, ``fedora``, that holds one library alone.

        Only packages to build against are known, and those to run with where a distribution has others for that. Reads
        another file than the index.
        """
        ids: dict[str, set[str]] = {}
        for id_, distributions in self._packages().items():
            by_role = distributions.get(distribution, {})
            for name in (*by_role.get("host", ()), *by_role.get("run", ())):
                ids.setdefault(name, set()).add(id_)
        canonical = dict(self._ids)
        single = {name: next(iter(found)) for name, found in ids.items() if len(found) == 1}
        return {name: Identity(id_, canonical.get(id_, False), Confidence.HIGH) for name, id_ in single.items()}

    def tool(self, name: str) -> ToolIdentity | None:
        """Give the build tool that a program's name or path stands for; None if it is none.

        A machine's triplet before the name and a version after it are left off where the name as it is means nothing:
        ``x86_64-linux-gnu-gcc-12`` is gcc.
        """
        for candidate in _spellings(name):
            if (number := self._find("command", candidate)) is not None:
                return ToolIdentity(*self._ids[number])
        return None

    def brought_by(self, sense: str, name: str) -> str | None:
        """Give a command of the tool that `name` leads to, its id if it has none: of ``jni.h``, of ``JAVA_HOME``.

        `sense` is a kind of names, ``variable`` or ``macro``.
        """
        known = self._brought.get(sense, {})
        return known.get(fitting(name, known) or name)

    def beside(self, kind: NameKind, name: str, compiler: str | None) -> str | None:
        """Give the id of the library that `name` means where a compiler, any if None, lacks it; None if no other."""
        for lacking, tables in self._beside.items():
            if compiler in {None, lacking} and (glob := fitting(name, own := tables.get(kind, {}))):
                return own[glob]
        return None

    def tells_release(self, name: str) -> bool:
        """Tell whether a version told under a name, of any kind, is a release, not the number of an interface."""
        return name.casefold() not in self._interface_numbers

    def names(self, id_: str) -> Mapping[NameKind, tuple[str, ...]]:
        """Give what a library is called, by kind, wildcards left out; a header's name may be a folder: ``openssl/``."""
        numbers = {number for number, (known, _) in enumerate(self._ids) if known == id_}
        tables = {kind: dict(self._names.get(kind, {})) for kind in NameKind}
        tables[NameKind.HEADER] |= self._names["header_folder"]
        called = {kind: tuple(name for name, n in table.items() if n in numbers) for kind, table in tables.items()}
        return {kind: names for kind, names in called.items() if names}

    def is_canonical(self, id_: str) -> bool | None:
        """Tell whether the registry of PEP 804 lists an id, its version left out; None if no entry has it."""
        return next((canonical for known, canonical in self._ids if known == id_), None)

    def packages(self, id_: str) -> Mapping[str, Packages]:
        """Give the packages of a library or tool, by distribution: ``debian``, ``fedora``, ``nixpkgs``, ...

        A distribution with empty `Packages` is known not to have it; one that is left out is not known. Debian's are
        those of Debian 12. Reads another file than the index.
        """
        return {
            distribution: Packages(
                host=tuple(by_role.get("host", ())),
                run=tuple(by_role.get("run", ())),
                build=tuple(by_role.get("build", ())),
                checked=by_role.get("checked"),
            )
            for distribution, by_role in self._packages().get(id_, {}).items()
        }

    def source(self, key: str) -> Source | None:
        """Tell what a key in `Packages.checked` stands for; None if it is none. Reads another file than the index."""
        known = {**_read("packages.json")["sources"], **(self._added.sources if self._added else {})}
        return Source(**known[key]) if key in known else None

    def _packages(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        shipped: Mapping[str, Mapping[str, Mapping[str, Any]]] = _read("packages.json")["packages"]
        added = self._added.packages if self._added else {}
        return {**shipped, **{id_: {**shipped.get(id_, {}), **told} for id_, told in added.items()}}

    def _find(self, table: str, name: str) -> int | None:
        if (number := self._names.get(table, {}).get(name)) is not None:
            return number
        if table == NameKind.HEADER:
            return None
        return self._match(table, name)

    def _find_by_convention(self, kind: NameKind, name: str) -> int | None:
        match kind:
            case NameKind.HEADER:
                return self._find_folder(name)
            case NameKind.CMAKE:
                return self._names["cmake_folded"].get(name.casefold())
            case NameKind.SONAME if renamed := _REPAIRED.fullmatch(name):
                return self._find(kind, renamed["stem"])
            case NameKind.CONFIG_TOOL:
                known = (self._find(kind, spelling) for spelling in _spellings(name))
                return next((number for number in known if number is not None), None)
            case _:
                return None

    def _find_folder(self, header: str) -> int | None:
        folder = header
        while (end := folder.rfind("/", 0, -1)) >= 0:
            folder = folder[: end + 1]
            if (number := self._names["header_folder"].get(folder)) is not None:
                return number
        return self._match(NameKind.HEADER, header)

    def _match(self, table: str, name: str) -> int | None:
        globs = self._globs.get(table, {})
        glob = fitting(name, globs)
        return None if glob is None else globs[glob]

    def _identity(self, number: int, confidence: Confidence) -> Identity:
        id_, canonical = self._ids[number]
        return Identity(id_, canonical, confidence)


@contextmanager
def extended(added: Added | None) -> Iterator[None]:
    """Let every catalogue that is loaded meanwhile have what is added, too."""
    before = _ADDED.set(added)
    try:
        yield
    finally:
        _ADDED.reset(before)


_ADDED: Final[ContextVar[Added | None]] = ContextVar("_ADDED", default=None)


def _joined(index: Mapping[str, Any], added: Added) -> dict[str, Any]:
    """Give the index with what is added; its ids come after the others'."""
    canonical = dict(index["ids"]) | dict(added.tables["ids"])
    if added.canonical is not None:
        canonical = {id_: id_ in added.canonical for id_ in (*canonical, *sorted(added.canonical))}
    numbers = {id_: number for number, id_ in enumerate(canonical)}
    moved = [numbers[id_] for id_, _ in added.tables["ids"]]
    joined: dict[str, Any] = {**index, "ids": list(canonical.items())}
    for field in ("names", "globs"):
        joined[field] = dict(index[field])
        for table, names in added.tables[field].items():
            own = {name: moved[number] for name, number in names.items()}
            # Wildcards are tried in this order.
            joined[field][table] = own | {name: n for name, n in index[field].get(table, {}).items() if name not in own}
    return joined


_SONAME: Final = re.compile(r"(?P<stem>.+?)\.so(?:\..*)?")
# auditwheel puts eight or more digits of the file's hash before the suffix: `libssl-1e5d6b8a.so.3`.
_REPAIRED: Final = re.compile(r"(?P<stem>.+)-[0-9a-f]{8,64}")
_TRIPLET: Final = re.compile(
    r"(?:x86_64|i[3-6]86|aarch64|arm\w*|riscv(?:32|64)|p(?:ower)?pc\w*|s390x?|mips\w*|loongarch64|sparc\w*|alpha|hppa|m68k)"
    r"(?:-\w+){0,2}-(?:linux|gnu|musl|darwin|freebsd|openbsd|netbsd|mingw32|elf|none|eabi)[a-z0-9_.]*"
    r"(?:-(?:gnu|musl|eabi|elf|android)\w*)?-(?=.)"
)
_VERSION: Final = re.compile(r"-?\d+(?:\.\d+)*")


@cache
def _read(name: str) -> dict[str, Any]:
    # Not importlib.resources: importing it costs more than reading the index does. This works from a zip file too.
    document: dict[str, Any] = json.loads(get_data(__name__, name) or b"{}")
    return document


def _normal(kind: NameKind, name: str) -> str:
    match kind:
        case NameKind.SONAME:
            return _stem(name.rpartition("/")[2])
        case NameKind.LINK if name.startswith(":"):
            return _stem(name[1:].removesuffix(".a")).removeprefix("lib")
        case NameKind.CRATE:
            return name.replace("_", "-")
        case NameKind.CONFIG_TOOL:
            return name.rpartition("/")[2]
        case _:
            return name


def _stem(soname: str) -> str:
    found = _SONAME.fullmatch(soname)
    return found["stem"] if found else soname


def _spellings(program: str) -> tuple[str, ...]:
    name = program.rpartition("/")[2]
    short = _TRIPLET.sub("", name, count=1) if _TRIPLET.match(name) else name
    found = _VERSION.search(short, pos=1)
    while found and found.end() != len(short):
        found = _VERSION.search(short, pos=found.end())
    bare = short[: found.start()] if found else short
    return tuple(dict.fromkeys((name, short, bare)))
