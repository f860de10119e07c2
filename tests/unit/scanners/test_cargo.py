"""Cargo: crates that are pinned, crates that bind a library, and what Rust sources link."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import CrateUse, LanguageUse, Required, Signal, ToolUse
from backlit.scanners import File
from backlit.scanners.cargo import ADAPTER

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def findings(files: dict[str, str]) -> list[object]:
    tree = scanners.read(File(path, len(text), text.encode) for path, text in files.items())
    return list(ADAPTER.findings(tree))


def signals(files: dict[str, str]) -> list[Signal]:
    return [item for item in findings(files) if isinstance(item, Signal)]


def package(name: str, *dependencies: str, own: bool = False, checksum: str = "ab" * 32) -> str:
    text = f'[[package]]\nname = "{name}"\nversion = "1.0.0"\n'
    if not own:
        text += f'source = "{REGISTRY}"\nchecksum = "{checksum}"\n'
    return text + (f"dependencies = {list(dependencies)!r}\n" if dependencies else "") + "\n"


@pytest.mark.parametrize(
    ("pyproject", "confidence"),
    [
        ("[build-system]\nrequires = ['maturin']\n", Confidence.HIGH),
        ("[build-system]\nrequires = []\n", Confidence.LOW),
    ],
)
def test_a_manifest_that_the_build_uses_needs_cargo_and_rust(pyproject: str, confidence: Confidence) -> None:
    found = findings({"Cargo.toml": "[package]\nname = 'm'\n", "pyproject.toml": pyproject})
    tools = {(item.name, item.confidence) for item in found if isinstance(item, ToolUse)}
    assert tools == {("cargo", confidence), ("rustc", confidence)}
    assert [(item.language, item.confidence) for item in found if isinstance(item, LanguageUse)] == [
        ("rust", confidence)
    ]


def test_the_version_of_rust_that_a_manifest_asks_for_is_told() -> None:
    found = findings(
        {
            "Cargo.toml": "[workspace]\nmembers = ['m', 'other']\n[workspace.package]\nrust-version = '1.83.0'\n",
            "m/Cargo.toml": "[package]\nname = 'm'\nedition = '2024'\nrust-version.workspace = true\n",
            "other/Cargo.toml": "[package]\nname = 'other'\nrust-version = '1.99'\n",
            "m/Cargo.lock": "version = 4\n" + package("m", own=True),
            "pyproject.toml": "[build-system]\nrequires = ['maturin']\n[tool.maturin]\nmanifest-path='m/Cargo.toml'\n",
        }
    )
    assert {(item.name, item.version, item.where) for item in found if isinstance(item, ToolUse) and item.version} == {
        ("rustc", ">=1.83.0", "Cargo.toml:4"),
        ("rustc", ">=1.85", "m/Cargo.toml:3"),
        ("cargo", ">=1.78", "m/Cargo.lock"),
    }


@pytest.mark.parametrize("text", ["edition = 2024", "rust-version = ''", "rust-version = [1]", "edition = '2018'"])
def test_a_version_of_rust_that_says_nothing_is_none(text: str) -> None:
    found = findings({"Cargo.toml": f"[package]\nname = 'm'\n{text}\n"})
    assert not [item for item in found if isinstance(item, ToolUse) and item.version]


def test_pinned_crates_have_source_checksum_and_line() -> None:
    lock = package("m", "foo", own=True) + package("foo")
    own, found = (item for item in findings({"Cargo.lock": lock}) if isinstance(item, CrateUse))
    assert (own.name, own.source, own.checksum) == ("m", "", "")
    assert (found.name, found.version, found.source, found.checksum) == ("foo", "1.0.0", REGISTRY, "ab" * 32)
    assert found.where == f"Cargo.lock:{lock.splitlines().index('[[package]]', 1) + 1}"


def test_a_crate_that_binds_a_library_is_reached_through_others() -> None:
    lock = package("m", "a", own=True) + package("a", "openssl-sys") + package("openssl-sys") + package("zstd-sys")
    found = signals({"Cargo.toml": "[package]\nname = 'm'\n[dependencies]\na = '1'\n", "Cargo.lock": lock})
    assert [(item.name, item.sense, item.kind) for item in found] == [("openssl-sys", NameKind.CRATE, Kind.LINKED)]


def test_what_only_development_needs_is_left_out() -> None:
    lock = (
        package("m", "a", "b", own=True)
        + package("a", "x-sys")
        + package("b", "y-sys")
        + package("x-sys")
        + package("y-sys")
    )
    manifest = "[package]\nname = 'm'\n[dependencies]\na = '1'\n[dev-dependencies]\nb = '1'\n"
    assert [item.name for item in signals({"Cargo.toml": manifest, "Cargo.lock": lock})] == ["x-sys"]


def test_what_another_platform_needs_is_left_out() -> None:
    lock = package("m", "a", own=True) + package("a", "x-sys") + package("x-sys")
    manifest = "[package]\nname = 'm'\n[target.'cfg(windows)'.dependencies]\na = '1'\n"
    assert signals({"Cargo.toml": manifest, "Cargo.lock": lock}) == []


@pytest.mark.parametrize(
    ("entry", "linkage", "required"),
    [
        ("'1'", "", Required.UNKNOWN),
        ("{ version = '1', optional = true }", "", Required.OPTIONAL),
        ("{ version = '1', features = ['vendored'] }", "static", Required.UNKNOWN),
    ],
)
def test_entries_without_a_lock_file(entry: str, linkage: str, required: Required) -> None:
    (found,) = signals({"Cargo.toml": f"[dependencies]\nopenssl-sys = {entry}\n"})
    assert (found.linkage, found.required, found.where) == (linkage, required, "Cargo.toml:2")


def test_a_lock_file_that_no_built_manifest_uses_does_not_count() -> None:
    files = {
        "pyproject.toml": "[tool.maturin]\nmanifest-path = 'rust/m/Cargo.toml'\n",
        "rust/m/Cargo.toml": "[package]\nname = 'm'\n[dependencies]\nx-sys = '1'\n",
        "rust/Cargo.lock": package("m", "x-sys", own=True) + package("x-sys"),
        "rust/other/Cargo.toml": "[package]\nname = 'other'\n",
        "rust/other/Cargo.lock": package("other", "y-sys", own=True) + package("y-sys"),
    }
    assert [item.name for item in signals(files)] == ["x-sys"]
    assert [item.name for item in findings(files) if isinstance(item, CrateUse)] == ["m", "x-sys"]


def test_the_first_format_of_lock_files_has_its_checksums_at_the_end() -> None:
    crate = f'[[package]]\nname = "foo"\nversion = "1.0.0"\nsource = "{REGISTRY}"\n'
    sums = f'[metadata]\n"checksum foo 1.0.0 ({REGISTRY})" = "{"cd" * 32}"\n'
    (found,) = (item for item in findings({"Cargo.lock": crate + sums}) if isinstance(item, CrateUse))
    assert found.checksum == "cd" * 32


def test_an_optional_crate_is_chosen_by_a_feature() -> None:
    (found,) = signals(
        {"Cargo.toml": "[dependencies]\ntls = { package = 'openssl-sys', version = '1', optional = true }\n"}
    )
    assert (found.name, found.condition.switch) == ("openssl-sys", "feature tls")


def test_crates_that_the_tree_brings_are_not_its_own() -> None:
    files = {
        "Cargo.toml": "",
        "vendor/a/.cargo-checksum.json": "{}",
        "vendor/a/Cargo.toml": "[dependencies]\nx-sys='1'\n",
    }
    assert signals(files) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('fn main() { println!("cargo:rustc-link-lib=dylib=foo"); }', ["foo"]),
        ('fn main() { println!("cargo::rustc-link-lib=foo"); }', ["foo"]),
        ('fn main() { println!("cargo:rustc-link-lib=framework=Foo"); }', []),
        ('#[link(name = "foo")]\nextern "C" {}', ["foo"]),
        ('#[cfg(windows)]\n#[link(name = "foo")]\nextern "C" {}', []),
        ('pkg_config::probe_library("libfoo").unwrap();', ["libfoo"]),
        ('pkg_config::Config::new().atleast_version("1.2").probe("libfoo");', ["libfoo"]),
    ],
)
def test_what_rust_sources_link(text: str, names: list[str]) -> None:
    assert [item.name for item in signals({"build.rs": text})] == names


_TABLES = st.text(alphabet="[]'\"={} \nabc-.sytrupenid,0", max_size=120)


@given(_TABLES, _TABLES, st.text(max_size=120))
def test_any_text_is_read_without_a_fault(manifest: str, lock: str, source: str) -> None:
    findings({"Cargo.toml": manifest, "Cargo.lock": lock, "build.rs": source})


@pytest.mark.parametrize("value", ["1", "'x'", "[1, 'x', []]", "{ a = 1 }", "[{ name = 1, dependencies = 'x' }]"])
@pytest.mark.parametrize("key", ["package", "dependencies", "workspace", "target", "target.x", "target.x.dependencies"])
def test_tables_of_any_shape_are_read_without_a_fault(key: str, value: str) -> None:
    findings({"Cargo.toml": f"{key} = {value}\n", "Cargo.lock": f"{key} = {value}\n"})


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ('reqwest = { version = "0.13", features = ["native-tls"] }', {"reqwest", "native-tls"}),
        ('rusqlite = "0.30"', {"rusqlite"}),
        ('libz-sys = "1"', {"libz-sys"}),
        ('reqwest = "0.13"', {"reqwest"}),
    ],
)
def test_without_a_lock_file_each_crate_is_named_as_it_stands_there(entry: str, found: set[str]) -> None:
    files = {"pyproject.toml": 'requires = ["maturin"]', "Cargo.toml": f"[dependencies]\n{entry}\n"}
    assert {item.name for item in signals(files)} == found


@pytest.mark.parametrize(("crate", "linkage"), [("zstd", "static"), ("rusqlite", "")])
def test_a_crate_over_one_that_compiles_its_own_copy_has_it_too(crate: str, linkage: str) -> None:
    (signal,) = signals({"Cargo.toml": f"[dependencies]\n{crate} = '1'\n"})
    assert signal.linkage == linkage
