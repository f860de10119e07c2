"""Two large builds, each once through backlit, against the reports that were kept of them: ``golden/``, cut by trim.py.

They take most of an hour on two cores, so they run only where ``BACKLIT_TEST_LARGE`` is set. A kept report is written
anew with ``python tests/corpus/trim.py REPORT GOLDEN`` and read by a person.

pandas is built by meson-python, by one job, without optimisation: the report is the same but for the flag.

cryptography is built by setuptools-rust without a crate registry: Cargo takes the crates from Debian's librust-*-dev
packages through a ``[source]`` replacement in ``CARGO_HOME``. Debian 12 has them for cryptography 38.0.4, in other
versions than its Cargo.toml asks for; Debian's own patches of python-cryptography 38.0.4-3 bridge that, and are read
from its packaging. ``Cargo.lock`` names the crates of crates.io, so it is left out and made anew from what is there.
"""

from __future__ import annotations

import json
import os
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import trim
from backlit.frontend.sources import opened
from kit import run
from observed import observe

pytestmark = [pytest.mark.corpus, pytest.mark.compiler, pytest.mark.network]

GOLDEN = Path(__file__).with_name("golden")

large = pytest.mark.skipif(
    not os.environ.get("BACKLIT_TEST_LARGE"), reason="builds for most of an hour; set BACKLIT_TEST_LARGE=1 to run it"
)


CRATES = Path("/usr/share/cargo/registry")
"""Where Debian's librust-*-dev packages put crates."""
PACKAGING = (
    "http://deb.debian.org/debian/pool/main/p/python-cryptography/python-cryptography_38.0.4-3+deb12u1.debian.tar.xz"
)
PATCHES = (
    "Upgrade-to-pyo3-0.16",
    "Upgrade-to-pyo3-0.17",
    "ease-asn1-version-from-0.12.1-to-0.12",
    "allow-pem-version-1.0",
    "ease-chrono-dependency-from-0.4.22-to-0.4",
)
CARGO = {
    "CARGO_NET_OFFLINE": "true",
    "CARGO_BUILD_JOBS": "2",
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "RUSTFLAGS": "--cap-lints=warn",  # lints that newer compilers have are no errors
}


def check(report: dict[str, Any], name: str) -> None:
    kept = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert trim.narrowed(trim.trimmed(report), kept) == kept


@large
def test_pandas_is_reported_as_it_was(tmp_path: Path) -> None:
    options = ("-C", "compile-args=-j1", "-C", "setup-args=-Doptimization=0")
    check(observe("pandas==2.3.3", tmp_path, *options).report, "pandas-2.3.3")


@large
@pytest.mark.skipif(
    not CRATES.is_dir(), reason="no crates from Debian's packages; apt-get install librust-pyo3-dev ..."
)
def test_cryptography_is_reported_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "cargo"
    home.mkdir()
    source = f'[source.crates-io]\nreplace-with = "debian"\n\n[source.debian]\ndirectory = "{CRATES}"\n'
    (home / "config.toml").write_text(source, encoding="utf-8")
    variables = {**CARGO, "CARGO_HOME": str(home)}
    with opened("cryptography==38.0.4") as tree:
        adapt(tree.path, tmp_path, variables)
        report = observe(tree.path, tmp_path, **variables).report
    check(report, "cryptography-38.0.4")


def adapt(tree: Path, folder: Path, variables: dict[str, str]) -> None:
    """Make cryptography's sources take the crates that Debian has, as its package does."""
    with urllib.request.urlopen(PACKAGING) as answer, tarfile.open(fileobj=answer, mode="r|xz") as packaging:
        packaging.extractall(folder / "packaging", filter="data")
    for name in PATCHES:
        run("patch", "-s", "-p1", "-i", folder / "packaging" / "debian" / "patches" / f"{name}.patch", cwd=tree)
    (tree / "src" / "rust" / "Cargo.lock").unlink()
    run("cargo", "generate-lockfile", "--offline", cwd=tree / "src" / "rust", variables=variables)
