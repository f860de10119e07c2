"""What goes into which line, and what a package manager has that is too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import doctor, managers
from backlit.pipeline.doctor import compilers
from backlit.support import process

if TYPE_CHECKING:
    from pathlib import Path

CANDIDATES = {
    "rustc": "1.63.0+dfsg1-2",
    "cargo": "1.80.0-1",
    "libleveldb-dev": "1.23-4",
    "libgnutls28-dev": "3.7.9-2",
    "qt5-qmake": "5.15.8+dfsg-11",
    "qmake6": "6.4.2+dfsg-10",
}
SETUP = """\
from setuptools import Extension, setup
macros = []
if True:
    macros.append(('HAVE_GNUTLS', 1))
setup(ext_modules=[Extension('m', ['m.c'], libraries=['leveldb'], define_macros=macros)])
"""
SOURCE = "#include <Python.h>\n#include <leveldb/c.h>\n#ifdef HAVE_GNUTLS\n#include <gnutls/gnutls.h>\n#endif\n"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this a Debian with lists, on which no program is and nothing can be found."""

    def answer(command: list[str], **_: object) -> process.Finished:
        if command[0] != "apt-cache":
            return process.Finished(127, "", "not here")
        known = ((name, CANDIDATES.get(name)) for name in command[2:])
        told = (f"{name}:\n  Installed: (none)\n  Candidate: {version}\n" for name, version in known if version)
        return process.Finished(0, "".join(told), "")

    monkeypatch.setattr(process, "run", answer)
    monkeypatch.setattr(managers, "here", lambda: APT)
    monkeypatch.setattr(compilers, "folders", lambda *_: compilers.Folders((), (), ()))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CC", "no-such-compiler")


APT = managers.Manager("apt", "debian", "", (("apt-get", "install", "-y"),))


def test_what_may_turn_out_to_be_needed_is_installed_with_what_is(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text(SETUP)
    (tmp_path / "m.c").write_text(SOURCE)
    found = doctor.examine(tmp_path, isolated=True)
    stops = {check.name: check.stops for check in found.checks}
    assert stops["leveldb"]
    assert not stops["gnutls"]
    assert found.needed.packages == ("libgnutls28-dev", "libleveldb-dev")
    assert found.optional.command == ""


def test_a_package_that_is_too_old_is_in_no_line(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text("[package]\nname = 'm'\nrust-version = '1.83'\n")
    (tmp_path / "Cargo.lock").write_text("version = 4\n[[package]]\nname = 'm'\nversion = '1'\n")
    (tmp_path / "pyproject.toml").write_text("[build-system]\nrequires = ['maturin']\nbuild-backend = 'maturin'\n")
    found = doctor.examine(tmp_path, isolated=True)
    notes = {check.name: check.note for check in found.checks if check.stops}
    assert notes == {"rust": "only 1.63.0 is in apt's rustc", "cargo": ""}
    assert found.needed.command == "apt-get install -y cargo"
    assert found.needed.unnamed == ("dep:virtual/compiler/rust",)


@pytest.mark.parametrize(("name", "package"), [("PyQt6-Demo", "qmake6"), ("PyQt5-Demo", "qt5-qmake")])
def test_the_qmake_of_a_source_s_own_qt_is_installed(tmp_path: Path, name: str, package: str) -> None:
    project = f'[build-system]\nrequires = ["sip", "PyQt-builder"]\n[project]\nname = "{name}"\n[tool.sip.project]\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    found = doctor.examine(tmp_path, isolated=True)
    assert package in found.needed.packages
