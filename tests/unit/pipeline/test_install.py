"""What is installed for what is missing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from backlit.catalog import Added, _tables, extended
from backlit.pipeline import install
from backlit.pipeline.install import Wanted
from backlit.pipeline.managers import Manager
from backlit.support import process

if TYPE_CHECKING:
    from pathlib import Path


def manager(name: str, distribution: str) -> Manager:
    # Two commands stand for a machine whose lists are not there: what can be had is then not looked up.
    return Manager(name, distribution, "", (("refresh",), ("install",)))


APT = manager("apt", "debian")


def test_packages_are_sorted_and_named_once() -> None:
    wanted = [Wanted("dep:generic/zlib"), Wanted("dep:generic/openssl"), Wanted("dep:generic/zlib", "host", ("zlib",))]
    line = install.line(wanted, APT)
    assert line.packages == ("libssl-dev", "zlib1g-dev")
    assert line.command == "refresh && install libssl-dev zlib1g-dev"
    assert line.unnamed == ()


def test_a_c_compiler_comes_with_the_c_librarys_headers() -> None:
    assert install.line([Wanted("dep:virtual/compiler/c", "build")], APT).packages == ("gcc", "libc6-dev")


def test_what_nobody_has_a_name_for_is_listed_apart() -> None:
    line = install.line([Wanted("dep:generic/no-such-thing"), Wanted("dep:generic/zlib")], APT)
    assert line.packages == ("zlib1g-dev",)
    assert line.unnamed == ("dep:generic/no-such-thing",)


def test_names_that_nobody_looked_up_are_told(tmp_path: Path) -> None:
    for name, checked in (("sure", 'void = "somewhere"'), ("unsure", "")):
        (tmp_path / "libraries").mkdir(exist_ok=True)
        entry = f'id = "dep:generic/{name}"\ncanonical = false\ndescription = ""\n'
        packages = f'[packages]\nvoid = {{ host = ["{name}-devel"] }}\n[checked]\n{checked}\n'
        (tmp_path / "libraries" / f"{name}.toml").write_text(entry + packages, encoding="utf-8")
    with extended(Added(_tables.read(tmp_path).index(), _tables.read(tmp_path).packages, {})):
        wanted = [Wanted("dep:generic/sure"), Wanted("dep:generic/unsure")]
        line = install.line(wanted, manager("xbps", "void"))
    assert (line.packages, line.unchecked) == (("sure-devel", "unsure-devel"), ("unsure-devel",))


def test_where_nothing_can_be_named_there_is_no_line() -> None:
    line = install.line([Wanted("dep:generic/no-such-thing")], APT)
    assert (line.command, line.packages) == ("", ())


@pytest.mark.parametrize(
    ("name", "package"), [("dnf", "pkgconfig(odd)"), ("zypper", "pkgconfig(odd)"), ("apk", "pc:odd")]
)
def test_a_module_without_a_record_is_asked_for_by_what_packages_provide(name: str, package: str) -> None:
    line = install.line([Wanted("dep:generic/odd", "host", ("odd",))], manager(name, "none-such"))
    assert line.packages == (package,)


def test_a_library_to_run_with_is_the_run_time_package() -> None:
    assert install.line([Wanted("dep:generic/openssl", "run")], APT).packages == ("libssl3",)


@pytest.mark.parametrize(
    ("prefix", "name", "packages"),
    [
        ("/opt/python", "apt", ()),
        ("/usr", "apk", ("python3-dev",)),
        ("/opt/conda", "conda", ("python",)),
        ("/home/linuxbrew", "brew", (f"python@{sys.version_info[0]}.{sys.version_info[1]}",)),
    ],
)
def test_pythons_headers_are_the_running_interpreters(
    monkeypatch: pytest.MonkeyPatch, prefix: str, name: str, packages: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    monkeypatch.setattr(
        "os.path.realpath", lambda path: "/usr/bin/python3.real" if "/usr/bin/python3" in path else path
    )
    assert install.line([Wanted(install.PYTHON_HEADERS)], manager(name, "none-such")).packages == packages


def test_another_python_than_the_systems_has_its_headers_in_its_own_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr("os.path.realpath", lambda path: path)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert install.line([Wanted(install.PYTHON_HEADERS)], APT).packages == (f"python{version}-dev",)


POLICY = """\
zlib1g-dev:
  Installed: (none)
  Candidate: 1:1.2.13.dfsg-1
  Version table:
     1:1.2.13.dfsg-1 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
libssl-dev:
  Installed: (none)
  Candidate: (none)
  Version table:
"""


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch) -> Manager:
    """Give an apt with lists, in which one package is only named by others, and most are not."""
    monkeypatch.setattr(process, "run", lambda *_, **__: process.Finished(0, POLICY, ""))
    return Manager("apt", "debian", "", (("apt-get", "install", "-y"),))


def test_the_managers_lists_say_what_it_offers(apt: Manager) -> None:
    assert install.offered(["zlib1g-dev", "libssl-dev", "gcc"], apt) == {"zlib1g-dev": "1:1.2.13.dfsg-1"}
    assert install.offered([], apt) == {}


def test_a_package_that_cannot_be_had_would_fail_the_line_and_counts_as_unnamed(apt: Manager) -> None:
    line = install.line([Wanted("dep:generic/zlib"), Wanted("dep:generic/openssl"), Wanted("dep:generic/lz4")], apt)
    assert line.command == "apt-get install -y zlib1g-dev"
    assert line.unnamed == ("dep:generic/lz4", "dep:generic/openssl")


def test_where_lists_have_to_be_fetched_first_nothing_is_known_of_what_is_offered() -> None:
    assert install.offered(["zlib1g-dev"], APT) == {}


def test_of_packages_that_each_have_it_the_first_that_can_be_had_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Wanted("dep:deb/debian/ev", debian=("libev-dev", "libev4-dev"))]
    monkeypatch.setattr(install, "offered", lambda packages, _: dict.fromkeys(set(packages) & {"libev4-dev"}, "4"))
    assert install.line(wanted, APT).packages == ("libev4-dev",)
    monkeypatch.setattr(install, "offered", lambda _, __: {})
    assert install.line(wanted, APT).packages == ("libev-dev",)
    assert install.line(wanted, manager("dnf", "fedora")).packages == ()


def test_a_pkg_config_module_of_debians_alone_is_asked_for_by_its_name_elsewhere() -> None:
    wanted = [Wanted("dep:deb/debian/ev", pkgconfig=("ev",), debian=("libev-dev",))]
    assert install.line(wanted, manager("dnf", "fedora")).packages == ("pkgconfig(ev)",)


@pytest.mark.parametrize(
    ("said", "here"),
    [("installed\ninstalled\n", True), ("installed\n", False), ("installed\nconfig-files\n", False), ("", False)],
)
def test_packages_are_here_only_where_dpkg_has_them_all(monkeypatch: pytest.MonkeyPatch, said: str, here: bool) -> None:  # noqa: FBT001 - a table's column
    monkeypatch.setattr(process, "run", lambda *_, **__: process.Finished(0, said, ""))
    assert install.are_here(["a-dev", "b-dev"], APT) is here
    assert not install.are_here([], APT)
