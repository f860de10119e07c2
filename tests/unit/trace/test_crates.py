"""Which crates are in what was linked, by the commands that cargo 1.95 gave rustc."""

from __future__ import annotations

from typing import Final

from backlit.model.invocation import Compilation, Invocation, Mechanism
from backlit.trace import crates
from backlit.trace.classify import Recognized, classify
from backlit.trace.crates import BuiltCrate

DEPS: Final = "/src/target/release/deps"
REGISTRY: Final = "/registry/src/index.crates.io-1949cf8c6b5b557f"


def rustc(
    name: str, source: str, types: str, *uses: str, more: tuple[str, ...] = (), mark: str = "0123456789abcdef"
) -> Compilation:
    """Give a crate's command; each of `uses` is a file below the folder of crates."""
    externs = [word for use in uses for word in ("--extern", f"{use.partition('-')[0][3:]}={DEPS}/{use}")]
    arguments = (
        *("--crate-name", name, "--edition=2018", source, "--error-format=json", "--crate-type", types),
        *("--emit=dep-info,metadata,link", "-C", "opt-level=3", "-C", f"extra-filename=-{mark}"),
        *("--out-dir", DEPS, "-L", f"dependency={DEPS}", *externs, *more),
    )
    outcome = classify(Invocation("/usr/bin/rustc", arguments, "/src", Mechanism.SHIM))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Compilation)
    return outcome.item


BUILD: Final = (
    rustc("demo", "src/lib.rs", "cdylib", "libpyo3-2222.rlib", "libz_sys-3333.rlib", "libmacros-4444.so"),
    rustc("pyo3", f"{REGISTRY}/pyo3-0.17.3/src/lib.rs", "lib", "libcfg_if-5555.rmeta", mark="2222"),
    rustc("cfg_if", f"{REGISTRY}/cfg-if-1.0.0/src/lib.rs", "lib", mark="5555"),
    rustc(
        "z_sys", f"{REGISTRY}/libz-sys-1.1.8/src/lib.rs", "lib", more=("-L", "native=/usr/lib", "-l", "z"), mark="3333"
    ),
    rustc("macros", f"{REGISTRY}/macros-1.0.0/src/lib.rs", "proc-macro", "libsyn-6666.rlib", mark="4444"),
    rustc("syn", f"{REGISTRY}/syn-1.0.0/src/lib.rs", "lib", mark="6666"),
    rustc("build_script_build", f"{REGISTRY}/libz-sys-1.1.8/build.rs", "bin", "libcc-7777.rlib", mark="8888"),
    rustc("cc", f"{REGISTRY}/cc-1.0.73/src/lib.rs", "lib", mark="7777"),
)


def test_what_a_module_uses_is_in_it_and_what_macros_and_build_scripts_use_is_not() -> None:
    assert crates.linked(BUILD) == (
        BuiltCrate(f"{REGISTRY}/cfg-if-1.0.0/src/lib.rs", (), (), root=False),
        BuiltCrate(f"{REGISTRY}/libz-sys-1.1.8/src/lib.rs", ("z",), (), root=False),
        BuiltCrate(f"{REGISTRY}/pyo3-0.17.3/src/lib.rs", (), (), root=False),
        BuiltCrate("/src/src/lib.rs", (), (), root=True),
    )


def test_an_archive_of_the_build_scripts_own_folder_is_the_crates_own_copy() -> None:
    out = "/src/target/release/build/libz-sys-0123456789abcdef/out"
    words = ("-L", f"native={out}/lib", "-l", "static=z")
    module = rustc("demo", "src/lib.rs", "cdylib", "libz_sys-3333.rlib")
    found = crates.linked(
        (module, rustc("z_sys", f"{REGISTRY}/libz-sys-1.1.8/src/lib.rs", "lib", more=words, mark="3333"))
    )
    assert [(each.libraries, each.built) for each in found] == [(("z",), ("z",)), ((), ())]


def test_crates_that_nothing_was_linked_from_are_none() -> None:
    assert crates.linked(BUILD[1:]) == ()


def test_a_circle_of_crates_ends() -> None:
    one = rustc("one", "/a-1.0.0/src/lib.rs", "lib", "libtwo-2222.rlib", mark="1111")
    two = rustc("two", "/b-1.0.0/src/lib.rs", "lib", "libone-1111.rlib", mark="2222")
    assert len(crates.linked((rustc("demo", "src/lib.rs", "cdylib", "libone-1111.rlib"), one, two))) == 3
