"""The catalogue's files: well formed, without conflicts, and the generated ones up to date."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import Catalogue
from backlit.catalog._generate import HERE, documents
from backlit.catalog._tables import DISTRIBUTIONS, is_glob
from backlit.errors import InputError
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = sorted((HERE / "libraries").glob("*.toml"))
TOOLS = sorted((HERE / "tools").glob("*.toml"))
REGISTRY = frozenset(
    """
    dep:generic/arrow dep:generic/clang dep:generic/cmake dep:generic/freetype dep:generic/gmp dep:generic/lcms2
    dep:generic/libffi dep:generic/libimagequant dep:generic/libjpeg dep:generic/libpq dep:generic/libraqm
    dep:generic/libsodium dep:generic/libtiff dep:generic/libwebp dep:generic/libxcb dep:generic/libxml2
    dep:generic/libxslt dep:generic/libyaml dep:generic/llvm dep:generic/make dep:generic/ninja dep:generic/openblas
    dep:generic/openjpeg dep:generic/openssl dep:generic/pkg-config dep:generic/python dep:generic/tk dep:generic/zlib
    dep:virtual/compiler/c dep:virtual/compiler/c-sharp dep:virtual/compiler/cuda dep:virtual/compiler/cxx
    dep:virtual/compiler/fortran dep:virtual/compiler/go dep:virtual/compiler/javascript dep:virtual/compiler/obj-c
    dep:virtual/compiler/obj-cxx dep:virtual/compiler/ocaml dep:virtual/compiler/rust dep:virtual/compiler/swift
    dep:virtual/compiler/typescript dep:virtual/compiler/zig dep:virtual/interface/blas dep:virtual/interface/lapack
    dep:virtual/interface/mpi dep:virtual/interface/openmp
    """.split()  # noqa: SIM905 - 46 quoted lines would hide what it is
)
"""The generic and virtual ids of PEP 804's registry, in its data of 2026-01-15."""

LIBRARY = """\
id = "dep:generic/{name}"
canonical = false
description = "A library"
[names]
{names}
[packages]
debian = {{ host = ["lib{name}-dev"] }}
[checked]
names = "here"
debian = "here"
"""
SOURCES = '[here]\nkind = "index"\nwhere = "a list"\ndate = 2026-01-01\n'
PLATFORM = '[names]\nsoname = ["libc"]\n[packages]\ndebian = ["libc6-*"]\n'


@cache
def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "libraries").mkdir()
    (tmp_path / "tools").mkdir()
    (tmp_path / "platform.toml").write_text(PLATFORM)
    (tmp_path / "sources.toml").write_text(SOURCES)
    return tmp_path


def _write(folder: Path, name: str, names: str) -> None:
    (folder / "libraries" / f"{name}.toml").write_text(LIBRARY.format(name=name, names=names))


@pytest.mark.parametrize("name", ["index.json", "packages.json"])
def test_a_generated_file_is_up_to_date(name: str) -> None:
    assert (HERE / name).read_text(encoding="utf-8") == documents()[name], "run python -m backlit.catalog._generate"


def test_the_shipped_folder_is_not_empty() -> None:
    assert (len(LIBRARIES) >= 800, len(TOOLS) >= 180) == (True, True)


def test_canonical_is_what_the_registry_lists() -> None:
    entries = [_load(path) for path in (*LIBRARIES, *TOOLS)]
    assert [entry["id"] for entry in entries if entry["canonical"] is not (entry["id"] in REGISTRY)] == []


def test_a_librarys_file_is_named_after_it() -> None:
    assert [path.stem for path in LIBRARIES if _load(path)["id"].rpartition("/")[2] != path.stem] == []


def test_a_soname_is_a_stem() -> None:
    stems = [name for path in LIBRARIES for name in _load(path)["names"].get("soname", ())]
    assert [name for name in stems if ".so" in name or not name.startswith("lib")] == []


def test_what_was_not_checked_is_in_its_entry() -> None:
    assert [path.stem for path in (*LIBRARIES, *TOOLS) if not _unchecked(_load(path)) <= _stated(_load(path))] == []


def _unchecked(entry: dict[str, Any]) -> set[str]:
    return set(entry["checked"].get("unchecked", ()))


def _stated(entry: dict[str, Any]) -> set[str]:
    stated = {f"{kind}:{name}" for kind, names in entry.get("names", {}).items() for name in names}
    stated |= {f"commands:{name}" for name in entry.get("commands", ())}
    return stated


def test_every_exact_name_of_every_entry_is_found_again() -> None:
    catalogue = Catalogue.load()
    kinds = {"headers": NameKind.HEADER, "crates": NameKind.CRATE, "config_tools": NameKind.CONFIG_TOOL}
    wrong = []
    for path in LIBRARIES:
        entry = _load(path)
        for field, names in entry["names"].items():
            kind = kinds.get(field) or NameKind(field)
            for name in names:
                found = catalogue.identify(kind, f"{name}x.h" if name.endswith("/") else name)
                if not is_glob(name) and (found is None or found.id != entry["id"]):
                    wrong.append((path.stem, field, name, found))
    assert wrong == []


def test_every_crate_over_one_that_binds_a_library_is_the_library_s() -> None:
    catalogue = Catalogue.load()
    entries = [_load(path) for path in LIBRARIES]
    said = {crate: entry["id"] for entry in entries for crate in entry.get("crates_over", ())}
    found = {crate: catalogue.identify(NameKind.CRATE, crate) for crate in said}
    assert {crate: identity and identity.id for crate, identity in found.items()} == said
    assert said["native-tls"] == "dep:generic/openssl"


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    _write(folder, "b", 'link = ["b"]')
    _write(folder, "a", 'link = ["a"]')
    assert documents(folder) == documents(folder)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param('link = ["x"]', id="exact"),
        pytest.param('soname = ["libx_*"]', id="wildcard"),
        pytest.param('headers = ["x/"]', id="folder"),
    ],
)
def test_two_libraries_may_not_claim_one_name(folder: Path, names: str) -> None:
    _write(folder, "one", names)
    _write(folder, "two", names)
    with pytest.raises(InputError, match=r"libraries/two.toml: .* is claimed twice, here and in libraries/one.toml"):
        documents(folder)


def test_a_library_may_not_claim_the_platforms_name(folder: Path) -> None:
    _write(folder, "one", 'soname = ["libc"]')
    with pytest.raises(InputError, match="'libc' is a library's"):
        documents(folder)


def test_one_name_of_two_kinds_is_no_conflict(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]')
    _write(folder, "two", 'pkgconfig = ["x"]')
    assert documents(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(("canonical = false\n", ""), "needs 'canonical'", id="field-missing"),
        pytest.param(("canonical", "cannonical"), "unknown field 'cannonical'", id="field-misspelt"),
        pytest.param(("dep:generic/one", "one"), "is no id", id="no-depurl"),
        pytest.param(("link =", "links ="), "unknown kind of name 'links'", id="kind-misspelt"),
        pytest.param(("debian = {", "arch = {"), "'debian', which has no packages", id="checked-without-packages"),
        pytest.param(('names = "here"', 'names = "there"'), "source 'there', which", id="source-unknown"),
        pytest.param(("host =", "hosts ="), "unknown role 'hosts' in debian", id="role-misspelt"),
        pytest.param(("[names]", "[names"), "libraries|one.toml", id="no-toml"),
    ],
)
def test_a_malformed_entry_is_refused(folder: Path, change: tuple[str, str], problem: str) -> None:
    _write(folder, "one", 'link = ["x"]')
    path = folder / "libraries" / "one.toml"
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(InputError, match=problem):
        documents(folder)


def test_debians_packages_are_always_told(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]')
    path = folder / "libraries" / "one.toml"
    path.write_text(path.read_text().replace("debian =", "arch ="))
    with pytest.raises(InputError, match="needs Debian's packages"):
        documents(folder)


def test_a_distribution_nobody_knows_is_refused(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]')
    path = folder / "libraries" / "one.toml"
    path.write_text(path.read_text().replace("[checked]", 'debain = { host = ["x"] }\n[checked]'))
    with pytest.raises(InputError, match="unknown distribution 'debain'"):
        documents(folder)


def test_what_a_source_is_must_be_known(folder: Path) -> None:
    (folder / "sources.toml").write_text(SOURCES.replace('"index"', '"hearsay"'))
    with pytest.raises(InputError, match=r"sources.toml: here: kind is 'hearsay'"):
        documents(folder)


def test_packages_that_nobody_checked_say_so(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]')
    path = folder / "libraries" / "one.toml"
    path.write_text(path.read_text().replace("[checked]", 'arch = { host = ["x"] }\n[checked]'))
    packages = json.loads(documents(folder)["packages.json"])["packages"]["dep:generic/one"]
    assert packages == {"debian": {"checked": "here", "host": ["libone-dev"]}, "arch": {"host": ["x"]}}


def test_each_distribution_is_named_in_a_third_of_the_entries() -> None:
    entries = [_load(path) for path in (*LIBRARIES, *TOOLS)]
    named = {name: sum(bool(entry["packages"].get(name)) for entry in entries) for name in DISTRIBUTIONS}
    assert {name: count for name, count in named.items() if count < len(entries) / 3} == {}


def test_the_platforms_packages_are_those_of_known_distributions(folder: Path) -> None:
    (folder / "platform.toml").write_text(PLATFORM.replace("debian =", "debain ="))
    with pytest.raises(InputError, match=r"platform.toml: unknown distribution 'debain'"):
        documents(folder)


TOOL = """\
id = "dep:generic/{name}"
canonical = false
description = "A tool"
commands = ["{name}", "{name}-ng"]
called_beside = {{ "dep:generic/one" = ["make-it"] }}
packages = {{ debian = {{ build = ["{name}"] }} }}
checked = {{}}
"""


def test_what_a_tool_is_called_beside_a_library_is_told(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]')
    (folder / "tools" / "maker.toml").write_text(TOOL.format(name="maker"))
    told = json.loads(documents(folder)["index.json"])["called_beside"]
    assert told == {"make-it": {"dep:generic/one": "maker"}}
    (folder / "tools" / "other.toml").write_text(TOOL.format(name="other"))
    with pytest.raises(InputError, match="'make-it' beside dep:generic/one is 'maker' already"):
        documents(folder)


def test_what_a_tool_brings_and_the_variables_that_tell_where_it_is_are_told(folder: Path) -> None:
    fields = 'brings = { headers = ["j.h"], link = ["j"] }\nvariables = ["J_HOME"]\nmacros = ["J_*", "J_SET_*"]\n'
    plain = TOOL.replace('called_beside = {{ "dep:generic/one" = ["make-it"] }}\n', "")
    (folder / "tools" / "maker.toml").write_text(fields + plain.format(name="maker"))
    index = json.loads(documents(folder)["index.json"])
    assert index["brought"] == {
        "header": {"j.h": "maker"},
        "link": {"j": "maker"},
        "variable": {"J_HOME": "maker"},
        "macro": {"J_SET_*": "maker", "J_*": "maker"},
    }
    assert [*index["brought"]["macro"]] == ["J_SET_*", "J_*"]
    (folder / "tools" / "other.toml").write_text('variables = ["J_HOME"]\n' + plain.format(name="other"))
    with pytest.raises(InputError, match=r"tools/other.toml: variable name 'J_HOME' is 'maker' already"):
        documents(folder)
    (folder / "tools" / "other.toml").write_text('brings = { link = ["j"] }\n' + plain.format(name="other"))
    with pytest.raises(InputError, match=r"tools/other.toml: link name 'j' is 'maker' already"):
        documents(folder)


def test_what_a_compiler_lacks_is_a_library_of_its_own_and_may_be_the_platforms(folder: Path) -> None:
    _write(folder, "one", 'link = ["x"]\n[beside.clang]\nlink = ["p.*"]\nheaders = ["p.h"]')
    index = json.loads(documents(folder)["index.json"])
    assert index["beside"] == {"clang": {"link": {"p.*": "dep:generic/one"}, "header": {"p.h": "dep:generic/one"}}}
    assert "p.h" not in index["names"]["header"]


def test_what_a_tool_is_called_beside_is_a_library_that_is_known(folder: Path) -> None:
    (folder / "tools" / "maker.toml").write_text(TOOL.format(name="maker"))
    with pytest.raises(InputError, match=r"tools/maker.toml: called_beside has 'dep:generic/one', which no entry has"):
        documents(folder)
