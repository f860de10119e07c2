"""Wheels: what is read from good ones, and which are refused."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import warnings
import zipfile
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from backlit.artifacts import inflate, inspect, members_with
from backlit.artifacts.glance import glance
from backlit.errors import FormatError, InputError
from backlit.model.diagnostic import Severity
from images import ID, MachO, Pe, universal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_INFO = "demo-1.2.3.dist-info"
METADATA = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\n"

LOOKS = pytest.mark.parametrize("look", [inspect, glance], ids=["inspect", "glance"])


def test_a_wheel_says_what_it_is(wheel: Callable[..., Path]) -> None:
    artifact = inspect(wheel({"demo/data.txt": b"text", "demo/folder/": b""}))
    assert (artifact.kind, artifact.filename) == ("wheel", "demo-1.2.3-cp311-cp311-linux_x86_64.whl")
    assert (artifact.name, artifact.version, artifact.filename_version) == ("demo", "1.2.3", "1.2.3")
    assert artifact.tags == ("cp311-cp311-linux_x86_64",)
    assert artifact.generator == "backend (4.5)"
    assert artifact.members == (
        f"{_INFO}/METADATA",
        f"{_INFO}/RECORD",
        f"{_INFO}/WHEEL",
        "demo/__init__.py",
        "demo/data.txt",
    )
    assert (artifact.binaries, artifact.diagnostics) == ((), ())


def test_the_caller_says_that_a_wheel_is_editable(wheel: Callable[..., Path]) -> None:
    assert inspect(wheel(), kind="editable").kind == "editable"


def test_a_wheel_without_a_generator_has_none(wheel: Callable[..., Path]) -> None:
    assert inspect(wheel({f"{_INFO}/WHEEL": b"Wheel-Version: 1.0\n"})).generator is None
    assert inspect(wheel({f"{_INFO}/WHEEL": None})).generator is None


@pytest.mark.compiler
@pytest.mark.parametrize(
    "member",
    [
        "demo/_ext.cpython-311-x86_64-linux-gnu.so",
        "demo.libs/libanswer-1a2b.so.1.2.3",
        "demo-1.2.3.data/scripts/answer",
        "demo-1.2.3.data/data/lib/libanswer.so",
        "demo/answer.bin",
        "demo/ünï code",
    ],
)
def test_a_binary_is_found_by_its_bytes(wheel: Callable[..., Path], library: bytes, member: str) -> None:
    path = wheel({member: library})
    (binary,) = inspect(path).binaries
    assert (binary.path, binary.soname, binary.runpath or binary.rpath) == (member, "libanswer.so.1", ("$ORIGIN",))
    assert binary.needed == ("libm.so.6", "libc.so.6")
    assert binary.size == len(library)
    assert glance(path).native


@pytest.mark.compiler
def test_binaries_are_sorted_and_text_beside_them_is_not_looked_into(
    wheel: Callable[..., Path], library: bytes
) -> None:
    artifact = inspect(wheel({"b.so": library, "a.so": library, "c.py": library, f"{_INFO}/licenses/d": library}))
    assert [binary.path for binary in artifact.binaries] == ["a.so", "b.so"]


@pytest.mark.compiler
def test_half_a_library_is_a_diagnostic_beside_a_whole_one(wheel: Callable[..., Path], library: bytes) -> None:
    artifact = inspect(wheel({"whole.so": library, "half.so": library[: len(library) // 2]}))
    assert [binary.path for binary in artifact.binaries] == ["whole.so"]
    (diagnostic,) = artifact.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("unreadable-binary", Severity.WARNING)
    assert diagnostic.where == "half.so"
    assert "outside the file" in diagnostic.message
    assert "at byte" in diagnostic.message


@pytest.mark.compiler
def test_a_member_whose_data_is_damaged_is_a_diagnostic(wheel: Callable[..., Path], library: bytes) -> None:
    path = wheel({"whole.so": library, "damaged.so": library})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("damaged.so")
    data = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len("damaged.so")
    for at in range(start + 40, start + info.compress_size, 7):
        data[at] ^= 0x55
    path.write_bytes(data)
    artifact = inspect(path)
    assert [binary.path for binary in artifact.binaries] == ["whole.so"]
    assert [(one.code, one.where) for one in artifact.diagnostics] == [("unreadable-binary", "damaged.so")]
    assert artifact.diagnostics[0].message.startswith("damaged: ")


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b"!<arch>\n" + bytes(64), "a static library"),
        (b"\0asm\1\0\0\0" + bytes(64), "a WebAssembly module"),
    ],
    ids=["static", "wasm"],
)
def test_native_code_of_another_format_is_noted_as_not_read(
    wheel: Callable[..., Path], head: bytes, format_: str
) -> None:
    path = wheel({"demo/code": head})
    (diagnostic,) = inspect(path).diagnostics
    assert (diagnostic.code, diagnostic.severity, diagnostic.where) == ("unread-binary", Severity.NOTE, "demo/code")
    assert diagnostic.message.startswith(format_)
    assert glance(path).native


def test_binaries_of_other_systems_are_read(wheel: Callable[..., Path]) -> None:
    arm, intel = MachO(build=(1, "11.0", "14.0", ())), MachO(cpu=0x01000007, build=(1, "10.9", "14.0", ()))
    members = {
        "demo/a.pyd": Pe(imports=(("KERNEL32.dll", ("Sleep",)),)).build_file(),
        "demo/b.so": arm.build_file(),
        "demo/c.so": universal(intel.build_file(), arm.build_file()),
    }
    path = wheel(members)
    found = [(one.path, one.format, one.architecture, one.system_floor) for one in inspect(path).binaries]
    assert found == [
        ("demo/a.pyd", "pe", "AMD64", "6.0"),
        ("demo/b.so", "macho", "arm64", "11.0"),
        ("demo/c.so", "macho", "arm64", "11.0"),
        ("demo/c.so", "macho", "x86_64", "10.9"),
    ]
    assert glance(path).native
    assert {one.code for one in inspect(path).diagnostics} == {"tag-platform"}


def test_two_parts_of_one_machine_keep_their_order(wheel: Callable[..., Path]) -> None:
    named = MachO(build=(1, "11.0", "14.0", ()), paths=((ID, "@rpath/a.dylib"),)).build_file()
    path = wheel({"demo/a.so": universal(named, MachO(build=(1, "11.0", "14.0", ())).build_file())})
    assert [binary.soname for binary in inspect(path).binaries] == ["@rpath/a.dylib", None]


@pytest.mark.compiler
def test_the_tables_of_a_large_library_are_kept_when_they_come_by(
    wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, library: bytes
) -> None:
    """Symbols and lines for a debugger stand behind the comment, and the section headers behind them."""
    again = _inflated_again(monkeypatch, piece=1_000, held=4_096)
    (binary,) = inspect(wheel({"demo/lib.so": library})).binaries
    assert (binary.soname, bool(binary.comments), bool(binary.build_id)) == ("libanswer.so.1", True, True)
    assert again == []


def test_a_large_universal_file_is_inflated_once(wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple((f"__Py_Name{number}" if number % 2 else f"_other{number}", 0xFE) for number in range(500))
    part = MachO(paths=((ID, "@rpath/a.dylib"),), uuid=bytes(16), undefined=names).build_file()
    path = wheel({"demo/code": universal(part, part)})
    expected = inspect(path).binaries
    again = _inflated_again(monkeypatch, piece=100, held=1_000)
    assert inspect(path).binaries == expected
    assert (again, len(expected)) == ([], 2)


def _inflated_again(monkeypatch: pytest.MonkeyPatch, *, piece: int, held: int) -> list[int]:
    """Give a list of the places that will be inflated twice, where little of a member is held."""
    again: list[int] = []
    inflate_again = inflate.Inflated._inflate_again  # noqa: SLF001 - counted

    def counted(self: inflate.Inflated, at: int) -> tuple[int, bytes]:
        again.append(at)
        return inflate_again(self, at)

    for name, value in {"SMALL": 0, "_PIECE": piece, "_LEAST_HELD": held, "_SHARE_HELD": 1_000_000}.items():
        monkeypatch.setattr(inflate, name, value)
    monkeypatch.setattr(inflate.Inflated, "_inflate_again", counted)
    return again


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_large_member_is_read_like_a_small_one(
    wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, method: int
) -> None:
    data = Pe(imports=(("KERNEL32.dll", ("Sleep",)),), exported_as="a.pyd").build_file() + bytes(3 << 20)
    path = wheel()
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr("demo/a.pyd", data)
    (binary,) = inspect(path).binaries
    assert (binary.needed, binary.soname, binary.size) == (("KERNEL32.dll",), "a.pyd", len(data))
    monkeypatch.setattr(inflate, "SMALL", len(data))
    assert inspect(path).binaries == (binary,)


def test_a_stored_member_of_two_sizes_is_a_diagnostic(wheel: Callable[..., Path]) -> None:
    path = wheel()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("demo/code.so", b"\x7fELF" * 100)
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"demo/code.so") - 46 + 24, 500)
    struct.pack_into("<L", data, data.find(b"demo/code.so") - 30 + 22, 500)
    path.write_bytes(data)
    (diagnostic,) = inspect(path).diagnostics
    assert (diagnostic.code, diagnostic.message) == ("unreadable-binary", "damaged: 400 bytes where 500 should be")


@pytest.mark.parametrize(
    "data",
    [
        b"MZ is how this text starts, and it is long enough to have numbers in it.",
        b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(64),
        bytes(100),
        b"\x7fEL",
        b"",
    ],
    ids=["text", "java", "zeros", "too short", "empty"],
)
def test_what_only_looks_like_native_code_is_passed_over(wheel: Callable[..., Path], data: bytes) -> None:
    path = wheel({"demo/file": data})
    assert (inspect(path).binaries, inspect(path).diagnostics, glance(path).native) == ((), (), False)


@LOOKS
def test_a_text_file_is_no_wheel(look: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    path.write_text("not found\n" * 50)
    with pytest.raises(FormatError, match=r"demo-1\.0-py3-none-any\.whl: no zip archive"):
        look(path)


@LOOKS
def test_a_missing_file_is_named(look: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file") as caught:
        look(tmp_path / "demo-1.0-py3-none-any.whl")
    assert caught.value.where.endswith("demo-1.0-py3-none-any.whl")


@LOOKS
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({f"{_INFO}/METADATA": None}, "no demo-1.2.3.dist-info/METADATA"),
        ({"other-1.0.dist-info/METADATA": b""}, r"2 \.dist-info folders"),
        ({f"{_INFO}/{name}": None for name in ("METADATA", "WHEEL", "RECORD")}, r"0 \.dist-info folders"),
        ({f"{_INFO}/METADATA": b"Name: demo\n\nVersion: 1"}, "no Version"),
        ({f"{_INFO}/METADATA": b"Version: 1\n"}, "no Name"),
        ({f"{_INFO}/METADATA": b"Name: demo\nVersion:\n"}, "Version where"),
        ({f"{_INFO}/METADATA": b"Name: a\nName: b\nVersion: 1\n"}, "2 Name"),
        ({f"{_INFO}/METADATA": b""}, "no Name"),
        ({"../evil.py": b""}, "leads out"),
        ({"demo/../../evil.py": b""}, "leads out"),
        ({"demo\\..\\evil.py": b""}, "leads out"),
        ({"/etc/passwd": b""}, "leads out"),
        ({"C:/evil.py": b""}, "leads out"),
        ({"demo/zeros.bin": bytes(20 << 20)}, "more than 200 times"),
    ],
    ids=[
        *("no METADATA", "two dist-infos", "no dist-info", "no version", "no name", "empty version", "two names"),
        *("empty METADATA", "dots", "dots inside", "backslashes", "absolute", "drive", "bomb"),
    ],
)
def test_a_wheel_that_breaks_a_rule_is_refused(
    look: Callable[[Path], object], wheel: Callable[..., Path], members: dict[str, bytes | None], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        look(wheel(members))


@LOOKS
def test_a_member_twice_is_refused(look: Callable[[Path], object], wheel: Callable[..., Path]) -> None:
    path = wheel()
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of the second name
        archive.writestr("demo/__init__.py", b"import os\n")
    with pytest.raises(FormatError, match=r"member 'demo/__init__\.py': there twice"):
        look(path)


@LOOKS
def test_a_nul_in_a_name_is_refused(look: Callable[[Path], object], wheel: Callable[..., Path]) -> None:
    path = wheel({"demo/evil.pyX.so": b""})
    path.write_bytes(path.read_bytes().replace(b"evil.pyX.so", b"evil.py\0.so"))
    with pytest.raises(FormatError, match="leads out"):
        look(path)


@LOOKS
def test_too_many_members_are_refused(look: Callable[[Path], object], wheel: Callable[..., Path]) -> None:
    with pytest.raises(FormatError, match="more than 65535 members"):
        look(wheel({f"demo/{number}": b"" for number in range(65_533)}))


@LOOKS
@pytest.mark.parametrize(
    ("sizes", "message"),
    [((513,), "more than 536870912"), ((500,) * 5, "bytes in all members")],
    ids=["member", "total"],
)
def test_members_of_gigabytes_are_refused_by_what_the_directory_says(
    look: Callable[[Path], object], wheel: Callable[..., Path], sizes: tuple[int, ...], message: str
) -> None:
    path = wheel({f"demo/{number}.bin": b"x" for number in range(len(sizes))})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2")
    while at >= 0:
        name = data[at + 46 : at + 46 + struct.unpack_from("<H", data, at + 28)[0]]
        if name.endswith(b".bin"):
            size = sizes[int(name[5:-4])] << 20
            struct.pack_into("<LL", data, at + 20, size // 150, size)
        at = data.find(b"PK\1\2", at + 4)
    path.write_bytes(data)
    with pytest.raises(FormatError, match=message):
        look(path)


@LOOKS
@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (b"#!/bin/sh\n", b"", "before the first"),
        (b"", b"trailing", "follow the end"),
    ],
    ids=["before", "after"],
)
def test_bytes_around_the_archive_are_refused(
    look: Callable[[Path], object], wheel: Callable[..., Path], before: bytes, after: bytes, message: str
) -> None:
    path = wheel()
    path.write_bytes(before + path.read_bytes() + after)
    with pytest.raises(FormatError, match=message):
        look(path)


@LOOKS
def test_two_archives_in_one_file_are_refused(look: Callable[[Path], object], wheel: Callable[..., Path]) -> None:
    path = wheel()
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(FormatError, match="before the first"):
        look(path)


def test_an_archive_comment_is_no_trailing_data(wheel: Callable[..., Path]) -> None:
    path = wheel()
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"signed by nobody"
    assert glance(path).name == inspect(path).name == "demo"


@LOOKS
def test_members_that_share_bytes_are_refused(look: Callable[[Path], object], wheel: Callable[..., Path]) -> None:
    path = wheel({"demo/a.bin": b"a" * 100, "demo/b.bin": b"b" * 100})
    with zipfile.ZipFile(path) as archive:
        first = archive.getinfo("demo/a.bin").header_offset
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"demo/b.bin") - 46
    struct.pack_into("<L", data, entry + 42, first)
    path.write_bytes(data)
    with pytest.raises(FormatError, match="shares bytes"):
        look(path)


@pytest.mark.parametrize(
    ("offset", "what"),
    [(0, "mark"), (8, "method"), (14, "checksum"), (22, "size"), (30, "name")],
    ids=str,
)
def test_headers_that_disagree_are_refused(wheel: Callable[..., Path], offset: int, what: str) -> None:
    path = wheel({"demo/a.py": b"a" * 100})
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("demo/a.py").header_offset
    data = bytearray(path.read_bytes())
    data[start + offset] ^= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="disagree"):
        inspect(path)
    assert glance(path).name == "demo", f"the light look does not read a {what} of a member it does not open"


@pytest.mark.parametrize(
    ("method", "flag"),
    [(zipfile.ZIP_BZIP2, 0), (zipfile.ZIP_LZMA, 0), (zipfile.ZIP_DEFLATED, 1)],
    ids=["bz2", "lzma", "key"],
)
def test_a_member_that_cannot_be_unpacked_safely_is_a_diagnostic(
    wheel: Callable[..., Path], method: int, flag: int
) -> None:
    path = wheel()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("demo/code.so", b"\x7fELF" * 100, method)
    data = bytearray(path.read_bytes())
    data[data.rfind(b"demo/code.so") - 46 + 8] |= flag
    path.write_bytes(data)
    (diagnostic,) = inspect(path).diagnostics
    assert (diagnostic.code, diagnostic.where) == ("unreadable-binary", "demo/code.so")
    assert glance(path).native, "it cannot be ruled out"


def test_a_size_that_lies_does_not_fill_the_memory(wheel: Callable[..., Path]) -> None:
    path = wheel()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("demo/code.so", b"\x7fELF" + bytes(50 << 20))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"demo/code.so") - 46 + 24, 5_000)
    struct.pack_into("<L", data, data.find(b"demo/code.so") - 30 + 22, 5_000)
    path.write_bytes(data)
    tracemalloc.start()
    (diagnostic,) = inspect(path).diagnostics
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert diagnostic.code == "unreadable-binary"
    assert peak < 10 << 20


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [(24, len(METADATA) + 100, "ends after"), (16, 7, "wrong checksum")],
    ids=["size", "checksum"],
)
def test_metadata_that_is_not_what_its_headers_say_is_refused(
    wheel: Callable[..., Path], field: int, value: int, message: str
) -> None:
    path = wheel()
    data = bytearray(path.read_bytes())
    name = f"{_INFO}/METADATA".encode()
    struct.pack_into("<L", data, data.rfind(name) - 46 + field, value)
    struct.pack_into("<L", data, data.find(name) - 30 + field - 2, value)
    path.write_bytes(data)
    with pytest.raises(FormatError, match=f"METADATA: damaged: {message}"):
        glance(path)


def test_what_is_looked_for_is_found_wherever_it_stands(wheel: Callable[..., Path]) -> None:
    noise = random.Random(1).randbytes(3 << 20)  # noqa: S311 - any bytes
    members = {
        "start.bin": b"/build/tree" + noise,
        "border.bin": noise[: (1 << 20) - 5] + b"/build/tree" + noise,
        "end.bin": noise + b"/build/tree",
        "none.bin": noise,
        "half.bin": noise + b"/build/tre",
    }
    path = wheel(members)
    assert members_with(path, b"/build/tree") == ("border.bin", "end.bin", "start.bin")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("other.bin", b"/build/tree")
    assert "other.bin" not in members_with(path, b"/build/tree")
    assert members_with(path.with_name("demo-1.tar.gz"), b"") == ()


def test_metadata_of_megabytes_is_refused(wheel: Callable[..., Path]) -> None:
    text = random.Random(1).randbytes(9 << 20).hex().encode()  # noqa: S311 - any text that is no bomb
    with pytest.raises(FormatError, match="more than 16777216"):
        glance(wheel({f"{_INFO}/METADATA": METADATA + text}))


def _zip64_end(length: int, offset: int, count: int) -> bytes:
    """Give zip64's two records for a central directory of `length` bytes that starts at `offset`."""
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, offset)
    return record + struct.pack("<4sLQL", b"PK\6\7", 0, offset + length, 1)


@LOOKS
@pytest.mark.parametrize(("more", "message"), [(0, None), (1 << 40, "central directory of")], ids=["true", "too long"])
def test_the_records_of_zip64_are_read(
    look: Callable[[Path], object], wheel: Callable[..., Path], more: int, message: str | None
) -> None:
    path = wheel()
    data = path.read_bytes()
    end = data.rfind(b"PK\5\6")
    count, length, offset = struct.unpack_from("<H2L", data, end + 10)
    path.write_bytes(data[:end] + _zip64_end(length + more, offset, count) + data[end:])
    if message is None:
        assert look(path)
    else:
        with pytest.raises(FormatError, match=message):
            look(path)


@LOOKS
def test_a_member_that_ends_after_the_file_is_refused(
    look: Callable[[Path], object], wheel: Callable[..., Path]
) -> None:
    path = wheel({"demo/last.bin": b"x"})
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"demo/last.bin") - 46 + 20, 1 << 30)
    path.write_bytes(data)
    with pytest.raises(FormatError, match="ends after the file"):
        look(path)


def test_a_member_without_a_header_of_its_own_is_refused(wheel: Callable[..., Path]) -> None:
    path = wheel({"demo/last.py": b""})
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"demo/last.py") - 46
    struct.pack_into("<2L", data, entry + 20, 0, 0)
    struct.pack_into("<L", data, entry + 42, len(data) - 30)
    path.write_bytes(data)
    with pytest.raises(FormatError, match="disagree"):
        inspect(path)


def test_sizes_that_follow_the_data_are_no_disagreement(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2.3-py3-none-any.whl"
    with path.open("wb") as file, zipfile.ZipFile(_Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{_INFO}/METADATA", METADATA)
    assert inspect(path).name == "demo"


class _Unseekable(io.RawIOBase):
    """A file that can only be written on, as a pipe."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any bytes
        return self._file.write(data)


@pytest.mark.parametrize(
    ("name", "version", "tags"),
    [
        ("demo-1.2.3-py3-none-any.whl", "1.2.3", ("py3-none-any",)),
        ("demo-1.2.3-0.editable-py3-none-any.whl", "1.2.3", ("py3-none-any",)),
        ("de.mo_x-1!1.0a1+local_1-py2.py3-none-any.whl", "1!1.0a1+local_1", ("py2-none-any", "py3-none-any")),
        (
            "demo-1-cp311-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "1",
            ("cp311-abi3-manylinux2014_x86_64", "cp311-abi3-manylinux_2_17_x86_64"),
        ),
    ],
    ids=["plain", "build tag", "odd", "compressed tags"],
)
def test_the_file_name_gives_version_and_tags(
    wheel: Callable[..., Path], name: str, version: str, tags: tuple[str, ...]
) -> None:
    artifact = inspect(wheel(name=name))
    assert (artifact.filename_version, artifact.tags) == (version, tags)
    assert glance(wheel(name=name)).filename_version == version


@LOOKS
@pytest.mark.parametrize(
    "name",
    [
        "demo.whl",
        "demo-1.0.whl",
        "demo-1.0-py3-none.whl",
        "demo-1.0-build-py3-none-any.whl",
        "demo-1.0-1-2-py3-none-any.whl",
        "demo--py3-none-any.whl",
        "de mo-1.0-py3-none-any.whl",
        "demo-1.0-py3-none-any;x.whl",
        "demo-1,0-py3-none-any.whl",
    ],
)
def test_another_file_name_is_refused(look: Callable[[Path], object], wheel: Callable[..., Path], name: str) -> None:
    with pytest.raises(FormatError, match="no file name of a wheel"):
        look(wheel(name=name))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_byte_of_a_wheel_may_be_wrong(wheel: Callable[..., Path], changes: list[tuple[float, int]]) -> None:
    path = wheel({"demo/code.so": b"\x7fELF\2\1\1" + bytes(200)})
    data = bytearray(path.read_bytes())
    for place, value in changes:
        data[int(place * len(data))] = value
    path.write_bytes(data)
    for look in (inspect, glance):
        try:
            look(path)
        except FormatError as error:
            assert str(error)  # noqa: PT017 - either outcome will do


def test_a_wheel_cut_anywhere_is_refused(wheel: Callable[..., Path]) -> None:
    path = wheel()
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(FormatError):
            glance(path)


@pytest.mark.parametrize("size", [4, 16, 40])
def test_an_elf_file_cut_in_its_header_is_a_damaged_one(wheel: Callable[..., Path], size: int) -> None:
    path = wheel({"demo/code.so": (b"\x7fELF\2\1\1" + bytes(64))[:size]})
    (diagnostic,) = inspect(path).diagnostics
    assert (diagnostic.code, diagnostic.where) == ("unreadable-binary", "demo/code.so")
    assert glance(path).native
