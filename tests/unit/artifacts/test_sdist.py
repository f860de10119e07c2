"""Sdists: what is read from good ones, and which are refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from backlit.artifacts import inspect, tars
from backlit.artifacts.glance import glance, member_text
from backlit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_INFO = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\n"


@pytest.mark.parametrize("name", ["demo-1.2.3.tar.gz", "demo-1.2.3.zip"])
def test_an_sdist_says_what_it_is(sdist: Callable[..., Path], name: str) -> None:
    artifact = inspect(sdist(name=name))
    assert (artifact.kind, artifact.filename) == ("sdist", name)
    assert (artifact.name, artifact.version, artifact.filename_version) == ("demo", "1.2.3", "1.2.3")
    assert artifact.members == ("PKG-INFO", "src/demo/__init__.py")
    assert (artifact.tags, artifact.generator, artifact.binaries, artifact.diagnostics) == ((), None, (), ())


@pytest.mark.parametrize(
    "tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"]
)
@pytest.mark.parametrize(
    "member",
    ["short.py", "folder/" * 20 + "long.py", "a" * 99, "a" * 100, "ünï/cødé.py", "with space.py", "~x"],
    ids=["short", "long", "99", "100", "unicode", "space", "tilde"],
)
def test_tarfile_reads_the_same_names(sdist: Callable[..., Path], tar_format: int, member: str) -> None:
    members = {f"demo-1.2.3/{name}": content for name, content in {"PKG-INFO": _INFO, member: b"x" * 700}.items()}
    try:
        path = sdist(members, tar_format=tar_format)
    except ValueError:
        pytest.skip("the format cannot hold this name")
    with tarfile.open(path) as tar:
        names = sorted(name.partition("/")[2] for name in tar.getnames())
    assert list(inspect(path).members) == names
    assert member_text(path, member) == "x" * 700


def test_a_size_in_a_pax_header_counts(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    record = b"size=%d\n" % len(_INFO)
    record = b"%d %b" % (len(record) + 3, record)
    blocks = _header(name=b"x", type=b"x", size=b"%o" % len(record)) + record.ljust(512, b"\0")
    blocks += _header(name=b"demo-1.2.3/PKG-INFO", size=b"0") + _INFO.ljust(512, b"\0") + bytes(1024)
    path.write_bytes(gzip.compress(blocks))
    assert glance(path).version == "1.2.3"
    with tarfile.open(path) as tar:
        assert tar.getmembers()[0].size == len(_INFO)


@pytest.mark.parametrize("depth", [19, 150], ids=["long", "very long"])
def test_names_too_long_for_a_header_are_read(sdist: Callable[..., Path], depth: int) -> None:
    member = "folder/" * depth + "file.py"
    path = sdist({"demo-1.2.3/PKG-INFO": _INFO, f"demo-1.2.3/{member}": b""}, tar_format=tarfile.GNU_FORMAT)
    assert member in glance(path).members


def test_folders_are_left_out_and_links_are_files_without_text(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, type_, content in (
            ("./demo-1.2.3", tarfile.DIRTYPE, b""),
            ("./demo-1.2.3/PKG-INFO", tarfile.REGTYPE, _INFO),
            ("./demo-1.2.3/link", tarfile.SYMTYPE, b""),
            ("./demo-1.2.3/hard", tarfile.LNKTYPE, b""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = type_, len(content), "PKG-INFO" if "ink" in name else "x"
            tar.addfile(info, io.BytesIO(content))
    assert glance(path).members == ("PKG-INFO", "hard", "link")
    assert member_text(path, "link") is None


@pytest.mark.parametrize(
    ("filename", "name", "version"),
    [
        ("demo-1.2.3.tar.gz", "demo", "1.2.3"),
        ("my_demo-1.0.tar.gz", "My.Demo", "1.0"),
        ("my-demo-1.0.post1.zip", "my_demo", "1.0.post1"),
        ("demo-1.0-1.tar.gz", "demo", "1.0-1"),
        ("demo-2-1.0.tar.gz", "demo-2", "1.0"),
        ("other-3.0.tar.gz", "demo", "3.0"),
    ],
)
def test_the_version_in_the_file_name_starts_after_the_project_s_name(
    sdist: Callable[..., Path], filename: str, name: str, version: str
) -> None:
    info = f"Name: {name}\nVersion: 1.2.3\n".encode()
    assert inspect(sdist({"top/PKG-INFO": info}, name=filename)).filename_version == version


@pytest.mark.parametrize("name", ["demo-1.2.3.tar.gz", "demo-1.2.3.zip"])
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"demo-1.2.3/setup.py": b""}, "no sdist"),
        ({"demo-1.2.3/PKG-INFO": _INFO, "other/setup.py": b""}, "no sdist"),
        ({"demo-1.2.3/PKG-INFO": _INFO, "setup.py": b""}, "no sdist"),
        ({"demo-1.2.3/src/PKG-INFO": _INFO}, "no sdist"),
        ({"demo-1.2.3/PKG-INFO": b"Name: demo\n"}, "no Version"),
        ({"demo-1.2.3/PKG-INFO": _INFO, "demo-1.2.3/../../x": b""}, "leads out"),
        ({"demo-1.2.3/PKG-INFO": _INFO, "/etc/passwd": b""}, "leads out"),
        ({"demo-1.2.3/PKG-INFO": _INFO, "demo-1.2.3/zeros": bytes(24 << 20)}, "more than"),
        ({"demo-1.2.3/PKG-INFO": _INFO + bytes(24 << 20)}, "more than"),
    ],
    ids=[
        "no PKG-INFO",
        "two tops",
        "file at the top",
        "PKG-INFO below",
        "no version",
        "dots",
        "absolute",
        "bomb",
        "bomb of metadata",
    ],
)
def test_an_sdist_that_breaks_a_rule_is_refused(
    sdist: Callable[..., Path], name: str, members: dict[str, bytes], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        inspect(sdist(members, name=name))


def test_of_a_member_twice_the_last_counts_as_when_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for text in (_INFO.replace(b"1.2.3", b"9.9"), _INFO):
            info = tarfile.TarInfo("demo-1.2.3/PKG-INFO")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    found = inspect(path)
    assert (found.version, found.members) == ("1.2.3", ("PKG-INFO",))


@pytest.mark.parametrize("type_", [tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE])
def test_what_is_no_file_folder_or_link_is_refused(tmp_path: Path, type_: bytes) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        info = tarfile.TarInfo("demo-1.2.3/device")
        info.type = type_
        tar.addfile(info)
    with pytest.raises(FormatError, match="neither file nor folder nor link"):
        inspect(path)


@pytest.mark.parametrize("name", ["demo-1.2.3.tar.gz", "demo-1.2.3.zip"])
def test_an_sdist_cut_anywhere_is_refused(sdist: Callable[..., Path], name: str) -> None:
    path = sdist(name=name)
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(FormatError):
            glance(path)


@pytest.mark.parametrize("name", ["demo-1.2.3.tar.bz2", "demo-1.2.3.txt", "demo"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(FormatError, match="neither a wheel"):
        inspect(tmp_path / name)


def test_a_file_name_without_a_version_is_refused(sdist: Callable[..., Path]) -> None:
    with pytest.raises(FormatError, match="no file name of an sdist"):
        inspect(sdist(name="demo.tar.gz"))


def test_folders_in_a_zip_are_left_out(sdist: Callable[..., Path]) -> None:
    members = {"demo-1.2.3/": b"", "demo-1.2.3/src/": b"", "demo-1.2.3/PKG-INFO": _INFO}
    assert inspect(sdist(members, name="demo-1.2.3.zip")).members == ("PKG-INFO",)


def test_a_missing_sdist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        inspect(tmp_path / "demo-1.0.tar.gz")


def _header(**fields: bytes) -> bytes:
    """Give a tar header with a right checksum and these raw fields."""
    places = {"name": (0, 100), "size": (124, 12), "type": (156, 1), "magic": (257, 8)}
    block = bytearray(512)
    for key, value in ({"magic": b"ustar\x0000", "size": b"0"} | fields).items():
        at, width = places[key]
        block[at : at + width] = value.ljust(width, b"\0")
    block[148:156] = b"%06o\0 " % (sum(block) + 8 * 32)
    return bytes(block)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (b"x" * 512, "wrong checksum"),
        (_header(name=b"a", size=b"12z"), "wrong size"),
        (_header(name=b"a", size=b"\xff" * 12), "wrong size"),
        (_header(name=b"a", size=b"\x80" + b"\xff" * 11), "expands to more"),
        (_header(name=b"a", size=b"\x80" + bytes(7) + b"\x40\0\0\0"), "expands to more"),
        (_header(name=b"a", type=b"x", size=b"20000000"), "tar header of"),
        (_header(name=b"a", type=b"L", size=b"20000000"), "tar header of"),
        (_header(name=b"a", type=b"x", size=b"12") + b"9 path=ab\n".ljust(512, b"\0"), "wrong record"),
        (_header(name=b"a", type=b"x", size=b"12") + b"0 path=ab\n".ljust(512, b"\0"), "wrong record"),
        (_header(name=b"a", type=b"x", size=b"12") + b"path=abcd\n".ljust(512, b"\0"), "wrong record"),
        (
            _header(name=b"a", type=b"x", size=b"12") + b"10 size=x\n".ljust(512, b"\0") + _header(name=b"a"),
            "wrong size",
        ),
        (_header(name=b"a", size=b"1000"), "breaks off"),
        (_header(name=b"a")[:300], "breaks off"),
    ],
    ids=[
        *(
            "noise",
            "no octal",
            "negative",
            "huge",
            "gigabytes",
            "pax of megabytes",
            "name of megabytes",
            "record too short",
        ),
        *("record of nothing", "record without length", "size of no number", "content missing", "half a header"),
    ],
)
def test_a_tar_archive_that_lies_is_refused(tmp_path: Path, blocks: bytes, message: str) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    path.write_bytes(gzip.compress(blocks))
    with pytest.raises(FormatError, match=message):
        inspect(path)


@pytest.mark.parametrize("size", [b"", b"      \0", b"0 \0"], ids=["empty", "spaces", "zero"])
def test_a_size_left_blank_is_none(tmp_path: Path, size: bytes) -> None:
    path = tmp_path / "demo-1.2.3.tar.gz"
    info = _header(name=b"demo-1.2.3/PKG-INFO", size=b"%o" % len(_INFO)) + _INFO.ljust(512, b"\0")
    path.write_bytes(gzip.compress(_header(name=b"demo-1.2.3/empty", size=size) + info))
    assert glance(path).members == ("PKG-INFO", "empty")


def test_headers_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tars, "_MOST_HEADERS", 100)
    path = tmp_path / "demo-1.2.3.tar.gz"
    path.write_bytes(gzip.compress(_header(name=b"a", type=b"g") * 101))
    with pytest.raises(FormatError, match="more than 100 headers"):
        inspect(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_byte_of_a_tar_archive_may_be_wrong(sdist: Callable[..., Path], changes: list[tuple[float, int]]) -> None:
    path = sdist({"demo-1.2.3/PKG-INFO": _INFO, f"demo-1.2.3/{'ü' * 120}": b"x"})
    data = bytearray(gzip.decompress(path.read_bytes()))
    for place, value in changes:
        data[int(place**2 * len(data))] = value
    path.write_bytes(gzip.compress(data, 0))
    try:
        assert glance(path).name
    except FormatError as error:
        assert str(error)  # noqa: PT017 - either outcome will do


def test_members_of_gzip_that_follow_one_another_are_one_stream(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name in ("a", "b"):
            info = tarfile.TarInfo(f"p-1/{name}")
            info.size = 100_000
            archive.addfile(info, io.BytesIO(name.encode() * info.size))
    content = whole.getvalue()
    pieces = [gzip.compress(content[at : at + 70_001]) for at in range(0, len(content), 70_001)]
    (tmp_path / "p-1.tar.gz").write_bytes(b"".join(pieces) + b"\0" * 700)
    assert {member.name: member.read() for member in tars.members_of(tmp_path / "p-1.tar.gz")} == {
        "p-1/a": b"a" * 100_000,
        "p-1/b": b"b" * 100_000,
    }


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("taken", [1, 2, 5])
def test_members_are_those_that_tarfile_wrote_wherever_a_piece_ends(tmp_path: Path, format_: int, taken: int) -> None:
    path, written = tmp_path / "p-1.tar.gz", []
    with tarfile.open(path, "w:gz", format=format_) as archive:
        for number in range(400):
            info = tarfile.TarInfo(f"p-1/{'folder/' * (number % 17)}{number}")
            content = bytes([number % 256]) * (number * 397 % 3001 + 66_000 * (number % 97 == 0))
            info.mtime, info.size = number + 0.5, len(content)
            archive.addfile(info, io.BytesIO(content))
            written.append((info.name, content if number % taken == 0 else b""))
    members = enumerate(tars.members_of(path))
    assert [(member.name, member.read() if at % taken == 0 else b"") for at, member in members] == written


_EXPANDED = {"gz": "gzip", "bz2": "bzip2", "xz": "xz"}


def _packed(ending: str, content: bytes) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        info = tarfile.TarInfo("p-1/a")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    if ending == "gz":
        return gzip.compress(whole.getvalue())
    return bz2.compress(whole.getvalue()) if ending == "bz2" else lzma.compress(whole.getvalue())


@pytest.mark.parametrize("end", [-1, -8, -100, 40], ids=["size", "checksum", "content", "beginning"])
@pytest.mark.parametrize("ending", _EXPANDED)
def test_an_archive_that_breaks_off_is_told(tmp_path: Path, ending: str, end: int) -> None:
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes(_packed(ending, os.urandom(4000))[:end])
    with pytest.raises(FormatError, match=f"no {_EXPANDED[ending]} archive that can be read: it breaks off"):
        [member.read() for member in tars.members_of(path)]


@pytest.mark.parametrize("ending", _EXPANDED)
def test_an_archive_of_another_kind_than_its_name_says_is_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes(b"PK\3\4" + bytes(100))
    with pytest.raises(FormatError, match=f"no {_EXPANDED[ending]} archive that can be read"):
        [*tars.members_of(path)]


@pytest.mark.parametrize("ending", _EXPANDED)
def test_a_byte_that_is_wrong_is_told(tmp_path: Path, ending: str) -> None:
    data = bytearray(_packed(ending, os.urandom(4000)))
    data[2000] ^= 0xFF
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="no "):
        [member.read() for member in tars.members_of(path)]


@pytest.mark.parametrize("ending", ["bz2", "xz"])
def test_streams_that_follow_one_another_are_one_archive(tmp_path: Path, ending: str) -> None:
    packed = _packed(ending, b"x" * 100_000)
    compress, tar = (
        (bz2.compress, bz2.decompress(packed)) if ending == "bz2" else (lzma.compress, lzma.decompress(packed))
    )
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes(b"".join(compress(tar[at : at + 40_000]) for at in range(0, len(tar), 40_000)) + bytes(8))
    assert [(member.name, member.read()) for member in tars.members_of(path)] == [("p-1/a", b"x" * 100_000)]


@pytest.mark.parametrize("ending", _EXPANDED)
def test_an_archive_that_expands_beyond_all_measure_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes(_packed(ending, bytes(24 << 20)))
    with pytest.raises(FormatError, match="expands to more than"):
        [*tars.members_of(path)]
