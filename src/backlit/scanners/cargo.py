"""Cargo: the crates that a lock file pins, those that bind a C library, and what Rust sources link.

Reads ``Cargo.toml`` and ``Cargo.lock``, ``build.rs`` for ``pkg_config`` and ``cargo:rustc-link-lib``, and Rust sources
for ``#[link(name = ...)]``. A crate is followed from the tree's own packages through the lock file; what only
development or another platform needs is told apart where the tree's own manifests say so. Deeper in the graph the lock
file does not say for which platform or feature a crate is there.

Formats: the Cargo book, "The Manifest Format" and "Build Scripts"; ``Cargo.lock`` versions 1 to 4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, CrateUse, LanguageUse, Required, Scope, Signal, ToolUse
from backlit.scanners._cargo_lock import Locked, packages_in
from backlit.scanners._scope import scope_of
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class _Manifest(NamedTuple):
    """One ``Cargo.toml``."""

    text: str
    table: Mapping[str, Any]
    """The same, parsed."""


class _Wanted(NamedTuple):
    """One dependency as a manifest of the tree has it."""

    crate: str
    features: tuple[str, ...]
    optional: bool
    platforms: tuple[str, ...]
    line: int
    key: str
    """Its name in the manifest, by which a feature chooses it."""


class Cargo:
    """The scanner."""

    name = "cargo"
    files = ("Cargo.toml", "Cargo.lock", "*.rs")

    def digest(self, content: Content) -> object | None:
        """Keep manifests and lock files parsed, and of Rust sources what they link."""
        file = content.path.rpartition("/")[2]
        if scope_of(content.path) is not Scope.BUILD:
            return None
        if file == "Cargo.lock":
            return packages_in(content.text) or None
        if file == "Cargo.toml":
            table = table_of(content.text)
            return _Manifest(content.text, table) if table else None
        return tuple(_links_in(content.text)) or None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give crates, libraries, tools and languages."""
        vendored = _vendored_folders(tree.paths)
        kept = {path: digest for path, digest in tree.kept_by(self).items() if not path.startswith(vendored)}
        manifests = {path: manifest for path, manifest in kept.items() if isinstance(manifest, _Manifest)}
        built = _built(manifests, tree.texts)
        used = {_lock_of(manifest, kept) for manifest in built} if built else set(kept)
        locks = {path: packages for path, packages in kept.items() if path.endswith("Cargo.lock") and path in used}
        if manifests:
            first = min(manifests, key=lambda path: (path.count("/"), path))
            # A tree may have crates that its Python package does not build.
            sure = Confidence.HIGH if _RUST.search(_said(tree.texts)) else Confidence.LOW
            yield ToolUse("cargo", first, "a manifest of Cargo", confidence=sure)
            yield ToolUse("rustc", first, "a manifest of Cargo", confidence=sure)
            yield LanguageUse("rust", first, "a manifest of Cargo", confidence=sure)
            above = {path: manifest for path, manifest in manifests.items() if _is_above(path, built)}
            yield from _versions(above, locks, sure)
        wanted = {path: tuple(_wanted_by(manifest)) for path, manifest in manifests.items()}
        for path, packages in locks.items():
            yield from _crates(path, packages)
            yield from _bindings(path, packages, wanted)
        if not locks:
            yield from _direct_bindings(wanted)
        for path, links in kept.items():
            if path.endswith(".rs"):
                yield from (_linked(path, link) for link in links)


_RUST: Final = re.compile(r"(?i)maturin|rust|cargo")


def _said(texts: Mapping[str, str]) -> str:
    return "\n".join(texts.get(name, "") for name in ("pyproject.toml", "setup.py", "setup.cfg"))


def _built(manifests: Iterable[str], texts: Mapping[str, str]) -> tuple[str, ...]:
    """Give the manifests that the tree's own files name; where they name none, those nearest to the top."""
    said = _said(texts)
    named = tuple(path for path in manifests if "/" in path and path in said)
    if named:
        return named
    depth = min((path.count("/") for path in manifests), default=0)
    return tuple(path for path in manifests if path.count("/") == depth)


def _lock_of(manifest: str, kept: Mapping[str, object]) -> str:
    """Give the lock file of a manifest: beside it, or in the nearest folder above, where its workspace is."""
    folder = manifest.rpartition("/")[0]
    while folder:
        if f"{folder}/Cargo.lock" in kept:
            return f"{folder}/Cargo.lock"
        folder = folder.rpartition("/")[0]
    return "Cargo.lock"


def _is_above(manifest: str, built: tuple[str, ...]) -> bool:
    """Tell whether a manifest is one of those built, or their workspace's."""
    return manifest in built or any(path.startswith(manifest.removesuffix("Cargo.toml")) for path in built)


def _versions(
    manifests: Mapping[str, _Manifest], locks: Mapping[str, tuple[Locked, ...]], sure: Confidence
) -> Iterator[ToolUse]:
    """Give the versions of Rust that manifests ask for, and of Cargo that can read the lock files."""
    for path in sorted(manifests):
        text, manifest = manifests[path]
        workspace = manifest.get("workspace")
        inherited = workspace.get("package") if isinstance(workspace, dict) else None
        for table in (manifest.get("package"), inherited):
            if not isinstance(table, dict):
                continue
            yield from _version_in(path, text, table, sure)
    for path, packages in locks.items():
        if packages and (oldest := _READS_LOCK.get(packages[0].format)):
            detail = f"version = {packages[0].format}"
            yield ToolUse("cargo", path, detail, required=Required.YES, version=f">={oldest}", confidence=sure)


def _version_in(path: str, text: str, table: Mapping[str, Any], sure: Confidence) -> Iterator[ToolUse]:
    edition = table.get("edition")
    knows = _KNOWS_EDITION.get(edition) if isinstance(edition, str) else None
    said = {"rust-version": table.get("rust-version"), "edition": knows}
    for key, version in said.items():
        # Inherited from the workspace, it is a table.
        if isinstance(version, str) and re.fullmatch(r"\d+(\.\d+)*", version):
            found = re.search(rf"(?m)^[ \t]*{key}[ \t]*=.*$", text)
            where = f"{path}:{text.count(chr(10), 0, found.start()) + 1}" if found else path
            detail = found[0].strip() if found else key
            yield ToolUse("rustc", where, detail, required=Required.YES, version=f">={version}", confidence=sure)


_KNOWS_EDITION: Final = {"2021": "1.56", "2024": "1.85"}
"""The first version of Rust that has an edition (the Edition Guide)."""

_READS_LOCK: Final = {3: "1.53", 4: "1.78"}
"""The first version of Cargo that reads a lock file's version (Cargo's changelog)."""


def _vendored_folders(paths: frozenset[str]) -> tuple[str, ...]:
    """Give the folders of crates that ``cargo vendor`` or a published archive put there, each ending ``/``."""
    marks = (".cargo-checksum.json", ".cargo_vcs_info.json", "Cargo.toml.orig")
    return tuple(sorted(path.rpartition("/")[0] + "/" for path in paths if "/" in path and path.endswith(marks)))


_PROBED: Final = re.compile(
    r"pkg_config::(?:probe_library\s*\(|Config::new\b[^;]{0,400}?\.probe\s*\()\s*\"([\w.+-]+)\""
)
_PRINTED: Final = re.compile(r"cargo:{1,2}rustc-link-lib=(?:(?:dylib|static|framework)(?::[\w+,-]+)?=)?([\w.+-]+)")
_ATTRIBUTE: Final = re.compile(r"#\[\s*link\s*\([^)]{0,200}?\bname\s*=\s*\"([\w.+-]+)\"")

_CODE: Final = (
    (NameKind.PKGCONFIG, Kind.QUERIED, _PROBED),
    (NameKind.LINK, Kind.LINKED, _PRINTED),
    (NameKind.LINK, Kind.LINKED, _ATTRIBUTE),
)


def _links_in(text: str) -> Iterator[tuple[NameKind, Kind, str, int, str]]:
    """Give sense, kind, name, line and text of what a Rust source links or asks for."""
    for sense, kind, pattern in _CODE:
        for found in pattern.finditer(text):
            said = " ".join(found[0].split())
            if "framework" not in said and not _is_elsewhere(text, found.start()):
                yield sense, kind, found[1], text.count("\n", 0, found.start()) + 1, said[:120]


def _is_elsewhere(text: str, at: int) -> bool:
    """Tell whether a ``cfg`` attribute right before a place leaves Linux out."""
    before = text[max(0, at - 200) : at].rpartition("}")[2]
    attribute = re.findall(r"cfg\(([^\n\]]*)\)\s*\]", before)
    return bool(attribute) and _platforms_of(attribute[-1]) not in {(), ("linux",)}


def _linked(path: str, link: tuple[NameKind, Kind, str, int, str]) -> Signal:
    sense, kind, name, line, said = link
    return Signal(sense, name, kind, f"{path}:{line}", said, scope=scope_of(path), confidence=Confidence.MEDIUM)


def _crates(path: str, packages: tuple[Locked, ...]) -> Iterator[CrateUse]:
    for package in packages:
        yield CrateUse(package.name, package.version, package.source, package.checksum, f"{path}:{package.line}")


def _bindings(path: str, packages: tuple[Locked, ...], wanted: Mapping[str, tuple[_Wanted, ...]]) -> Iterator[Signal]:
    """Give the crates that bind a library and that a build reaches."""
    direct = {item.crate: item for items in wanted.values() for item in items}
    for package in _reached(packages, direct):
        if not _binds(package.name):
            continue
        item = direct.get(package.name)
        yield _signal(package.name, f"{path}:{package.line}", f"{package.name} {package.version}", item)


def _direct_bindings(wanted: Mapping[str, tuple[_Wanted, ...]]) -> Iterator[Signal]:
    """Give each crate that a manifest takes, where no lock file says what these take: a record may know its library."""
    for path, items in wanted.items():
        for item in items:
            for crate in (item.crate, *(feature for feature in item.features if feature == _TLS)):
                yield _signal(crate, f"{path}:{item.line}", item.crate, item)


_TLS: Final = "native-tls"
"""The crate, and the feature of those who take it."""


def _signal(crate: str, where: str, detail: str, item: _Wanted | None) -> Signal:
    bundled = any(feature in _BUNDLING for feature in (item.features if item else ()))
    optional = item is not None and item.optional
    switch = f"feature {item.key}" if item is not None and optional else ""
    condition = Condition(platforms=item.platforms if item else (), switch=switch)
    return Signal(
        NameKind.CRATE,
        crate,
        Kind.LINKED,
        where,
        detail,
        required=Required.OPTIONAL if optional else Required.UNKNOWN,
        condition=condition,
        linkage="static" if bundled or crate in _BUNDLES else "",
        role="build" if crate in _OF_GENERATORS else "",
    )


def _binds(crate: str) -> bool:
    return crate.replace("_", "-").endswith(("-sys", "-src", "-sys-rs", "-sys-next"))


_OF_GENERATORS: Final = frozenset({"clang-sys"})
"""Crates by which a build opens a library and what it makes does not: bindgen reads headers with libclang."""

_BUNDLING: Final = frozenset({"vendored", "bundled", "static", "bundled-full", "vendored-openssl", "static-openssl"})
"""Features by which crates say that they compile their own copy of the library."""

_BUNDLES: Final = frozenset(
    {
        *(
            "aws-lc-sys",
            "blosc-src",
            "brotlic-sys",
            "jemalloc-sys",
            "libdeflate-sys",
            "libmimalloc-sys",
            "librocksdb-sys",
        ),
        *("libwebp-sys", "libz-ng-sys", "lz4-sys", "mimalloc-sys", "openssl-src", "snmalloc-sys", "tikv-jemalloc-sys"),
        "zstd-sys",
        *("lz4", "rocksdb", "zstd"),
    }
)
"""Crates that compile their own copy unless they are told otherwise, as their build scripts say, and those over one."""


def _reached(packages: tuple[Locked, ...], direct: Mapping[str, _Wanted]) -> Iterator[Locked]:
    """Follow the tree's own packages through the lock file, by dependencies that its manifests do not rule out."""
    by_name: dict[str, list[Locked]] = {}
    for package in packages:
        by_name.setdefault(package.name, []).append(package)
    own = [package for package in packages if not package.source]
    names = {package.name for package in own}
    # A manifest that was read says which of a package's dependencies are not for development alone.
    start = [name for package in own for name in package.dependencies if not direct or name in direct or name in names]
    seen: set[str] = set()
    while start:
        name = start.pop()
        if name in seen or (name in direct and direct[name].platforms not in {(), ("linux",)}):
            continue
        seen.add(name)
        for package in by_name.get(name, ()):
            if package.source:
                yield package
                start.extend(package.dependencies)


def _wanted_by(manifest: _Manifest) -> Iterator[_Wanted]:
    """Give a manifest's dependencies, those for development left out."""
    table, lines = manifest.table, _lines_of_words(manifest.text)
    yield from _entries(lines, table, ())
    workspace = table.get("workspace")
    yield from _entries(lines, workspace if isinstance(workspace, dict) else {}, ())
    targets = table.get("target")
    for expression, target in targets.items() if isinstance(targets, dict) else ():
        yield from _entries(lines, target if isinstance(target, dict) else {}, _platforms_of(expression))


_WORD: Final = re.compile(r"[\w-]+")


def _lines_of_words(text: str) -> dict[str, int]:
    """Give the first line of each word of a manifest that stands in no comment."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for word in _WORD.findall(line.partition("#")[0]):
            lines.setdefault(word, number)
    return lines


def _entries(lines: Mapping[str, int], table: Mapping[str, Any], platforms: tuple[str, ...]) -> Iterator[_Wanted]:
    for key in ("dependencies", "build-dependencies"):
        entries = table.get(key)
        for name, value in entries.items() if isinstance(entries, dict) else ():
            entry = value if isinstance(value, dict) else {}
            renamed, features = entry.get("package"), entry.get("features")
            crate = renamed if isinstance(renamed, str) else name
            listed = (
                tuple(feature for feature in features if isinstance(feature, str)) if isinstance(features, list) else ()
            )
            yield _Wanted(crate, listed, entry.get("optional") is True, platforms, lines.get(name, 1), name)


def _platforms_of(expression: str) -> tuple[str, ...]:
    """Give the platforms that a ``cfg`` expression or a target triple names; empty if it is for Linux or unclear."""
    text = expression.replace(" ", "")
    negated = re.search(r"not\([^)]*(windows|macos|apple|darwin)", text) is not None
    if negated or re.search(r"\bunix\b|linux", text):
        return ()
    if "windows" in text:
        return ("win32",)
    if re.search(r"macos|apple|darwin|ios", text):
        return ("darwin",)
    return ("other",) if re.search(r"wasm|android|fuchsia|redox|wasi|bsd|solaris|hermit", text) else ()


ADAPTER: Final[Scanner] = Cargo()
