"""Libraries that crates link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backlit.model.invocation import Compilation, Invocation, Mechanism, Role
from backlit.pipeline.join import wrapped

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build


def rustc(build: Build, name: str, folder: str, types: str, *uses: str, **more: Any) -> None:  # noqa: ANN401 - fields
    """Compile one crate of the tree, which uses others."""
    build.write(f"{folder}/Cargo.toml", f'[package]\nname = "{name}"\nversion = "1.0.0"\n')
    externs = [word for use in uses for word in ("--extern", f"{use}=/t/deps/lib{use}-1.rlib")]
    crate = name.replace("-", "_")
    words = ("--crate-name", crate, "--crate-type", types, "-Cextra-filename=-1", *externs)
    command = Invocation("/usr/bin/rustc", words, str(build.root), Mechanism.SHIM)
    sources = (str(build.root / folder / "src/lib.rs"),)
    build.compilations.append(Compilation(command, "rustc", "rust", Role.COMPILE, sources, **more))


def test_what_a_crates_build_script_asked_for_is_asked_for_by_the_crate(build: Build) -> None:
    rustc(build, "demo", ".", "cdylib", "libz_sys")
    rustc(build, "libz-sys", "z", "lib", libraries=("z", "pthread"))
    wrapped.enter(build.ledger, build.observation)
    zlib = build.libraries["zlib"]
    assert (list(build.libraries), zlib.names.crate, zlib.names.link) == (["zlib"], ("libz-sys",), ("z",))
    assert (zlib.direct, zlib.used, zlib.linkage) == (True, False, ())
    assert [(e.kind, e.where, e.detail) for e in zlib.evidence] == [("linked", "crate libz-sys 1.0.0", "-lz")]


def test_what_a_crate_builds_itself_is_a_copy_inside_the_artifact(build: Build) -> None:
    out = f"{build.root}/target/release/build/libz-sys-0123456789abcdef/out/lib"
    rustc(build, "demo", ".", "cdylib", "libz_sys")
    rustc(build, "libz-sys", "z", "lib", libraries=("z",), static_names=("z",), library_dirs=(out,))
    wrapped.enter(build.ledger, build.observation)
    zlib = build.libraries["zlib"]
    assert (zlib.used, zlib.linkage, [e.kind for e in zlib.evidence]) == (True, ("vendored",), ["bundled"])


def test_a_crate_that_only_a_macro_uses_links_nothing_into_the_artifact(build: Build) -> None:
    rustc(build, "demo", ".", "cdylib", "macros")
    rustc(build, "macros", "m", "proc-macro", "libz_sys")
    rustc(build, "libz-sys", "z", "lib", libraries=("z",))
    wrapped.enter(build.ledger, build.observation)
    assert build.libraries == {}
