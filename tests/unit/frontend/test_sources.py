"""What can be built, and what is refused: real folders, archives, and a folder that pip takes for an index."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from backlit.errors import InputError
from backlit.frontend import sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PYPROJECT = "[build-system]\nrequires = []\nbuild-backend = 'x'\n"


def a_tar(path: Path, members: Mapping[str, str | tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            tar.addfile(member, io.BytesIO(content.encode()))
    return path


def a_zip(path: Path, members: dict[str, str], *, mode: int = 0o644) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (stat.S_IFREG | mode) << 16
            file.writestr(member, content)
    return path


def a_link(name: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


def test_a_folder_is_built_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "setup.py").touch()
    with sources.opened(str(tmp_path / "demo" / ".." / "demo")) as source:
        assert (source.kind, source.path, source.name) == ("folder", tmp_path / "demo", "demo")


def test_an_sdist_is_unpacked_and_removed_again(tmp_path: Path) -> None:
    path = a_tar(tmp_path / "demo-1.0.tar.gz", {"demo-1.0/pyproject.toml": PYPROJECT, "demo-1.0/a/b.py": "b"})
    with sources.opened(str(path)) as source:
        assert (source.kind, source.name) == ("sdist", "demo-1.0.tar.gz")
        assert source.path.name == "demo-1.0"
        assert (source.path / "a" / "b.py").read_text(encoding="utf-8") == "b"
    assert not source.path.exists()


def test_a_zip_keeps_its_programs_runnable(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "demo-1.0.zip", {"demo-1.0/setup.py": "", "demo-1.0/configure": ""}, mode=0o755)
    with sources.opened(str(path)) as source:
        assert os.access(source.path / "configure", os.X_OK)


def test_what_macos_adds_to_a_zip_is_passed_over(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "demo-1.0.zip", {"demo-1.0/setup.py": "", "__MACOSX/x": ""})
    with sources.opened(str(path)) as source:
        assert source.path.name == "demo-1.0"


def refused(path: str) -> str:
    with pytest.raises(InputError) as caught, sources.opened(path):
        pass
    assert str(caught.value).startswith(path or "''")
    assert caught.value.cure
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "members", "problem"),
    [
        ("d-1.tar.gz", {"d-1/README": ""}, "has neither a pyproject.toml nor a setup.py"),
        ("d-1.tar.gz", {"d-1/setup.py": "", "e-1/setup.py": ""}, "has 2 entries at its top"),
        ("d-1.tar.gz", {"setup.py": ""}, "has 1 entries at its top"),
        ("d-1.tar.gz", {}, "has 0 entries at its top"),
        ("d-1.tar.gz", {"../evil": "x"}, "outside the destination"),
        ("d-1.tar.gz", {"d-1/link": a_link("d-1/link", "/etc")}, "link to an absolute path"),
        ("d-1.tar.gz", {"d-1/link": a_link("d-1/link", "../../x")}, "outside the destination"),
        ("d-1.zip", {"d-1/setup.py": "", "../evil": ""}, "leads out of the archive"),
        ("d-1.zip", {"/tmp/evil": ""}, "leads out of the archive"),  # noqa: S108 - what an archive may say
        ("d-1.zip", {"d-1\\..\\..\\evil": ""}, "leads out of the archive"),
    ],
    ids=["no-project", "two", "flat", "empty", "climbs", "absolute-link", "climbing-link", "zip", "absolute", "dos"],
)
def test_an_archive_that_is_no_sdist_is_refused(
    tmp_path: Path, name: str, members: dict[str, str], problem: str
) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    path = (a_tar if name.endswith(".gz") else a_zip)(folder / name, members)
    assert problem in refused(str(path))
    assert not [*tmp_path.rglob("evil")]


def without_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tarfile be as in Python 3.11.2, which is Debian 12's."""
    monkeypatch.delattr(tarfile, "data_filter")
    monkeypatch.setattr(tarfile.TarFile, "extraction_filter", staticmethod(lambda member, _: member), raising=False)


def a_device(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.CHRTYPE
    return member


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"d-1/setup.py": "", "../evil": "x"}, "outside the destination"),
        ({"d-1/link": a_link("d-1/link", "/etc")}, "link to an absolute path"),
        ({"d-1/link": a_link("d-1/link", "../../x")}, "outside the destination"),
        ({"d-1/a": a_link("d-1/a", "."), "d-1/a/b": a_link("d-1/a/b", "../../x")}, "outside the destination"),
        ({"d-1/null": a_device("d-1/null")}, "null"),
    ],
    ids=["climbs", "absolute-link", "climbing-link", "link-by-link", "device"],
)
def test_what_leads_elsewhere_is_refused_where_python_has_no_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, str | tarfile.TarInfo], problem: str
) -> None:
    without_filters(monkeypatch)
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    assert problem in refused(str(a_tar(folder / "d-1.tar.gz", members)))
    assert not [*tmp_path.rglob("evil")]


def test_an_sdist_is_unpacked_where_python_has_no_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_filters(monkeypatch)
    run = tarfile.TarInfo("d-1/run")
    run.mode, run.uid, run.uname = 0o4755, 12345, "nobody"
    members: dict[str, str | tarfile.TarInfo] = {
        "d-1/setup.py": "s",
        "d-1/run": run,
        "d-1/link": a_link("d-1/link", "setup.py"),
    }
    with sources.opened(str(a_tar(tmp_path / "d-1.tar.gz", members))) as source:
        assert (source.path / "link").read_text(encoding="utf-8") == "s"
        status = (source.path / "run").stat()
        assert (stat.S_IMODE(status.st_mode), status.st_uid) == (0o755, os.getuid())


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d-1.zip"
    with zipfile.ZipFile(path, "w") as file:
        member = zipfile.ZipInfo("d-1/link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(member, "/etc/passwd")
    assert "a symbolic link" in refused(str(path))


@pytest.mark.parametrize("name", ["d-1.tar.gz", "d-1.zip", "d-1.txt"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no archive", encoding="utf-8")
    assert "archive" in refused(str(tmp_path / name))


@pytest.mark.parametrize("kept", [30, 200])
def test_an_archive_that_breaks_off_is_refused(tmp_path: Path, kept: int) -> None:
    whole = a_tar(tmp_path / "w.tar.gz", {"d-1/setup.py": os.urandom(5000).hex()}).read_bytes()
    (tmp_path / "d-1.tar.gz").write_bytes(whole[:kept])
    assert refused(str(tmp_path / "d-1.tar.gz"))


@pytest.mark.parametrize("damage", [50, 60])
def test_a_damaged_zip_is_refused(tmp_path: Path, damage: int) -> None:
    path = tmp_path / "d-1.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("d-1/setup.py", os.urandom(500).hex())
    content = bytearray(path.read_bytes())
    content[damage] ^= 0xFF
    path.write_bytes(content)
    assert refused(str(path))


def test_a_folder_without_project_is_refused(tmp_path: Path) -> None:
    assert refused(str(tmp_path)) == "has neither a pyproject.toml nor a setup.py"


@pytest.mark.parametrize("source", ["nothing-here", "", "demo", "demo>=1", "demo==1.*", "-r==1", "demo[x]==1", "a\0b"])
def test_what_is_neither_there_nor_a_version_of_a_project_is_refused(source: str) -> None:
    assert refused(source) == "does not exist"


def test_a_wheel_is_built_already(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "demo-1.0-py3-none-any.whl", {"demo/__init__.py": ""})
    assert refused(str(path)) == "is a wheel, so it is built already"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_release_is_fetched_without_running_it(index: Path, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')"
    a_tar(index / "demo-1.0.tar.gz", {"demo-1.0/setup.py": trap, "demo-1.0/PKG-INFO": "Name: demo\nVersion: 1.0\n"})
    a_zip(index / "demo-1.0-py3-none-any.whl", {"demo.py": ""})
    with sources.opened("Demo == 1") as source:
        assert (source.kind, source.name) == ("requirement", "demo-1.0.tar.gz")
        assert (source.path / "setup.py").read_text(encoding="utf-8") == trap
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("wanted", ["demo==2.0", "other==1.0"])
def test_a_release_that_the_index_does_not_have_is_refused(index: Path, wanted: str) -> None:
    a_tar(index / "demo-1.0.tar.gz", {"demo-1.0/setup.py": ""})
    assert refused(wanted) == f"the index has no sdist of {wanted.replace('==', ' ')}"


def test_a_release_without_sdist_is_refused(index: Path) -> None:
    a_zip(index / "demo-1.0-py3-none-any.whl", {"demo.py": ""})
    assert refused("demo==1.0") == "the index has no sdist of demo 1.0"
