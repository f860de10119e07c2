"""The crates of a build, named by their manifests, checked by the lock file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from backlit.model.artifact import Artifact
from backlit.model.invocation import Compilation, Invocation, Mechanism, Role, Trace
from backlit.model.native import LinkedCrate, NativeFile
from backlit.model.report import Crate
from backlit.pipeline.crates import crates_of
from backlit.pipeline.observe import Observation

if TYPE_CHECKING:
    from pathlib import Path

SHA256: Final = "a" * 64
CRATES_IO: Final = "registry+https://github.com/rust-lang/crates.io-index"


def rustc(name: str, source: Path, types: str, *uses: str) -> Compilation:
    externs = [word for use in uses for word in ("--extern", f"{use}=/t/deps/lib{use}-1.rlib")]
    arguments = ("--crate-name", name, str(source), "--crate-type", types, "-Cextra-filename=-1", *externs)
    command = Invocation("/usr/bin/rustc", arguments, "/", Mechanism.PRELOAD)
    return Compilation(command, "rustc", "rust", Role.COMPILE, (str(source),))


def crate(folder: Path, manifest: str) -> Path:
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(manifest)
    return folder / "src" / "lib.rs"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a project whose one crate uses ``libz-sys``, from a registry, and one of its own."""
    crate(tmp_path / "tree", '[package]\nname = "demo"\nversion = "0.3.0"\n')
    crate(tmp_path / "tree" / "own", '[package]\nname = "own-part"\nversion = "0.1.0"\n')
    crate(tmp_path / "registry" / "libz-sys-1.1.8", '[package]\nname = "libz-sys"\nversion = "1.1.8"\n')
    return tmp_path / "tree"


def build(tree: Path, binaries: tuple[NativeFile, ...] = ()) -> Observation:
    registry = tree.parent / "registry"
    compilations = (
        rustc("demo", tree / "src/lib.rs", "cdylib", "libz_sys", "own_part"),
        rustc("libz_sys", registry / "libz-sys-1.1.8/src/lib.rs", "lib"),
        rustc("own_part", tree / "own/src/lib.rs", "lib"),
    )
    artifact = Artifact("wheel", "demo-0.3.0.whl", "demo", "0.3.0", "0.3.0", members=(), binaries=binaries)
    return Observation(artifact, Trace(compilations=compilations), traced=True, tree=str(tree), root=str(tree))


def lock(*entries: str) -> str:
    return "version = 3\n" + "".join(f"\n[[package]]\n{entry}\n" for entry in entries)


def test_checksum_and_source_are_the_lock_files(tree: Path) -> None:
    entry = f'name = "libz-sys"\nversion = "1.1.8"\nsource = "{CRATES_IO}"\nchecksum = "{SHA256}"'
    (tree / "Cargo.lock").write_text(lock(entry, 'name = "own-part"\nversion = "0.1.0"'))
    assert crates_of(build(tree)) == (Crate("libz-sys", "1.1.8", SHA256, CRATES_IO), Crate("own-part", "0.1.0"))


def test_a_revision_of_a_repository_is_its_source(tree: Path) -> None:
    source = "git+https://github.com/rust-lang/libz-sys?tag=1.1.8#0123456789abcdef0123456789abcdef01234567"
    (tree / "Cargo.lock").write_text(lock(f'name = "libz-sys"\nversion = "1.1.8"\nsource = "{source}"'))
    assert crates_of(build(tree))[0] == Crate("libz-sys", "1.1.8", None, source)


def test_without_a_lock_file_or_with_another_version_in_it_nothing_more_is_known(tree: Path) -> None:
    plain = (Crate("libz-sys", "1.1.8"), Crate("own-part", "0.1.0"))
    assert crates_of(build(tree)) == plain
    (tree / "Cargo.lock").write_text(lock(f'name = "libz-sys"\nversion = "1.0.0"\nchecksum = "{SHA256}"'))
    assert crates_of(build(tree)) == plain


def test_what_is_no_checksum_is_none(tree: Path) -> None:
    entry = 'name = "libz-sys"\nversion = "1.1.8"\nchecksum = "Could not get crate checksum"'
    (tree / "Cargo.lock").write_text(lock(entry))
    assert crates_of(build(tree))[0].checksum is None


def test_a_crate_whose_manifest_is_gone_is_known_by_its_folder(tree: Path) -> None:
    (tree.parent / "registry/libz-sys-1.1.8/Cargo.toml").unlink()
    assert crates_of(build(tree))[0] == Crate("libz-sys", "1.1.8")


def test_a_version_that_the_workspace_has_is_the_crates(tree: Path) -> None:
    (tree / "own/Cargo.toml").write_text('[package]\nname = "own-part"\nversion.workspace = true\n')
    (tree / "Cargo.toml").write_text(
        '[package]\nname = "demo"\nversion = "1.0.0"\n[workspace.package]\nversion = "2.5.0"\n'
    )
    assert crates_of(build(tree))[1] == Crate("own-part", "2.5.0")


def test_what_a_binary_says_of_itself_is_one_with_what_rustc_was_seen_to_compile(tree: Path) -> None:
    told = (LinkedCrate("libz-sys", "1.1.8", "crates.io"), LinkedCrate("unseen", "2.0.0", "crates.io"))
    binary = NativeFile("demo.so", "elf", "shared", "x86_64", 64, "little", crates=told)
    assert [each.name for each in crates_of(build(tree, (binary,)))] == ["libz-sys", "own-part", "unseen"]
