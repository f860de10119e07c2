"""Side "source": how what scanners say is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.catalog import Catalogue
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, Finding, Required, Scope, Signal, VendoredCopy
from backlit.pipeline.join import asked
from backlit.pipeline.join.ledger import Ledger
from backlit.pipeline.join.resolve import Resolver

if TYPE_CHECKING:
    from backlit.model.report import Library


def signal(name: str = "z", sense: NameKind = NameKind.LINK, kind: Kind = Kind.LINKED, **parts: object) -> Signal:
    return Signal(sense, name, kind, "setup.py:1", f"libraries={name!r}")._replace(**parts)  # type: ignore[arg-type] # the fields' own


def header(name: str, where: str = "src/m.c:1", **parts: object) -> Signal:
    return signal(name, NameKind.HEADER, Kind.INCLUDED, where=where, **parts)


def judged(*findings: Finding) -> dict[str, Library]:
    ledger = Ledger(Resolver(Catalogue.load(), {}))
    asked.enter(ledger, findings)
    return {item.id.rpartition("/")[2]: item for item in ledger.libraries()}


def confidence(library: Library) -> Confidence:
    order = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)
    return max((evidence.confidence for evidence in library.evidence), key=order.index)


def test_a_linked_name_is_its_library() -> None:
    found = judged(signal(required=Required.YES))["zlib"]
    assert (found.linkage, found.required, found.role, confidence(found)) == (
        ("dynamic",),
        "yes",
        "host",
        Confidence.HIGH,
    )


@pytest.mark.parametrize(
    ("name", "sense", "library"),
    [
        ("libtidy-0.99.so.0", NameKind.SONAME, "tidy-html5"),
        ("hts-3", NameKind.LINK, "htslib"),
        ("nobody-3", NameKind.LINK, "nobody-3"),
        ("glib-2.0", NameKind.LINK, "glib"),
    ],
)
def test_a_library_may_have_the_number_of_its_series_in_its_name(name: str, sense: NameKind, library: str) -> None:
    assert library in judged(signal(name, sense, Kind.LOADED, confidence=Confidence.HIGH))


@pytest.mark.parametrize("name", ["m", "pthread", "dl"])
def test_what_every_machine_has_is_left_out(name: str) -> None:
    assert judged(signal(name)) == {}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, Confidence.MEDIUM),
        ({"confidence": Confidence.MEDIUM}, Confidence.LOW),
        ({"name": "libnobodyknows_a"}, Confidence.LOW),
        ({"name": "nobodyknows-static"}, Confidence.LOW),
    ],
)
def test_a_name_that_no_record_has_stands_for_itself_where_it_is_certain(
    parts: dict[str, object], expected: Confidence
) -> None:
    (found,) = judged(signal(**{"name": "nobodyknows", **parts})).values()  # type: ignore[arg-type] # the fields' own
    assert (found.canonical, confidence(found)) == ("unknown", expected)


@pytest.mark.parametrize("sense", [NameKind.HEADER, NameKind.CRATE, NameKind.CONFIG_TOOL])
def test_other_senses_of_unknown_names_say_nothing(sense: NameKind) -> None:
    assert judged(signal("nobodyknows-config", sense)) == {}


@pytest.mark.parametrize("scope", [Scope.TEST, Scope.EXAMPLE, Scope.DOC, Scope.TOOLING])
def test_what_the_build_does_not_read_is_a_hint(scope: Scope) -> None:
    assert confidence(judged(signal(scope=scope))["zlib"]) is Confidence.LOW


def test_another_platform_is_a_hint_and_this_one_is_not() -> None:
    assert confidence(judged(signal(condition=Condition(("win32",))))["zlib"]) is Confidence.LOW
    assert confidence(judged(signal(condition=Condition(("darwin", "linux"))))["zlib"]) is Confidence.HIGH


def test_headers_of_a_copy_are_hints_and_its_name_is_vendored() -> None:
    copy = VendoredCopy("xz", "third/xz", "third/xz/configure.ac:1", version="5.4")
    found = judged(copy, header("zlib.h", "third/xz/m.c:1"), header("bzlib.h"))
    assert confidence(found["zlib"]) is Confidence.LOW
    assert confidence(found["bzip2"]) is Confidence.HIGH
    assert found["xz"].linkage == ("vendored",)


@pytest.mark.parametrize(
    ("findings", "required"),
    [
        ((signal(condition=Condition(switch="environment X"), required=Required.OPTIONAL),), "optional"),
        ((signal(required=Required.OPTIONAL), signal(required=Required.YES)), "yes"),
        ((signal(required=Required.UNKNOWN),), "unknown"),
        ((header("zlib.h", condition=Condition(switch="macro HAVE_Z"), required=Required.OPTIONAL),), "optional"),
        ((signal(required=Required.OPTIONAL), header("zlib.h")), "unknown"),
        ((signal(required=Required.OPTIONAL), header("zlib.h", confidence=Confidence.LOW)), "optional"),
    ],
)
def test_need_is_what_the_strongest_place_says(findings: tuple[Signal, ...], required: str) -> None:
    assert judged(*findings)["zlib"].required == required


def test_conditions_and_versions_stand_in_the_evidence() -> None:
    found = judged(signal(version=">=1.2", condition=Condition(("linux",), switch="option --x")))["zlib"]
    assert found.evidence[0].detail == "libraries='z' >=1.2 (linux; option --x)"


def test_a_module_of_a_family_that_is_known_makes_no_library_of_its_own() -> None:
    found = judged(signal("libsystemd-journal", NameKind.PKGCONFIG, Kind.QUERIED))
    assert list(found) == ["libsystemd"]
    assert confidence(found["libsystemd"]) is Confidence.LOW


@pytest.mark.parametrize(
    ("name", "sense", "expected"),
    [
        ("libnobodyknows", NameKind.PKGCONFIG, Confidence.MEDIUM),
        ("libnobodyknows", NameKind.LINK, Confidence.LOW),
        ("nobody-static", NameKind.CMAKE, Confidence.LOW),
        ("libNobody", NameKind.CMAKE, Confidence.MEDIUM),
    ],
)
def test_what_only_linked_names_look_like_counts_for_linked_names(
    name: str, sense: NameKind, expected: Confidence
) -> None:
    (found,) = judged(signal(name, sense)).values()
    assert confidence(found) is expected


def test_a_copy_that_only_its_name_tells_counts_where_a_record_knows_it() -> None:
    copies = [VendoredCopy(name, f"src/{name}", f"src/{name}", sure=False) for name in ("zlib", "helpers")]
    assert list(judged(*copies)) == ["zlib"]


HEADER = VendoredCopy("kiss_fft", "src/kiss_fft.h", "src/kiss_fft.h", sure=False, header="kiss_fft.h")


def test_a_header_beside_its_source_is_its_library_s() -> None:
    assert judged(HEADER)["kissfft"].linkage == ("vendored",)
    # By the folder that it has where it is installed.
    copy = VendoredCopy("cbf_a", "src/cbflib/cbf_a.h", "src/cbflib/cbf_a.h", sure=False, header="cbf_a.h")
    assert list(judged(copy)) == ["cbflib"]


def test_a_header_in_a_folder_that_is_called_as_a_library_is_the_projects_own_if_it_begins_otherwise() -> None:
    copy = VendoredCopy("x_projm", "base/proj/x_projm.h", "base/proj/x_projm.h", sure=False, header="x_projm.h")
    assert not judged(copy)
    assert list(judged(copy._replace(path="base/proj/proj_m.h", header="proj_m.h"))) == ["proj"]


@pytest.mark.parametrize("name", ["sframe", "helpers", "crypto"])
def test_a_header_that_is_not_named_for_a_library_is_the_project_s(name: str) -> None:
    copy = VendoredCopy(name, f"src/{name}.h", f"src/{name}.h", sure=False, header=f"{name}.h")
    assert not judged(copy)


def test_a_header_of_a_library_that_is_linked_is_the_project_s_own() -> None:
    linked = signal("kissfft-float")
    assert judged(linked, HEADER)["kissfft"].linkage == ("dynamic",)
    assert "vendored" in judged(linked, HEADER._replace(switch="option system-kissfft"))["kissfft"].linkage


def test_what_a_copy_of_headers_includes_is_its_own_need() -> None:
    copy = VendoredCopy("simde", "include/simde", "include/simde", sure=False, header="simde/a.h")
    found = judged(copy, header("sleef.h", where="include/simde/math.h:3"))
    assert (found["simde"].linkage, confidence(found["sleef"])) == (("vendored",), Confidence.LOW)
    unknown = copy._replace(path="include/nobody", header="nobody/a.h")
    assert confidence(judged(unknown, header("sleef.h", where="include/nobody/a.h:3"))["sleef"]) is Confidence.HIGH


def test_what_only_the_build_opens_is_no_library_of_the_host() -> None:
    crate = signal("clang-sys", NameKind.CRATE, role="build")
    (found,) = judged(crate).values()
    assert found.role == "build"
    (found,) = judged(crate, signal("clang-sys", NameKind.CRATE)).values()
    assert found.role == "host"


@pytest.mark.parametrize(
    ("name", "sense", "kind", "library"),
    [
        ("libhidapi-other.so.0", NameKind.SONAME, Kind.LOADED, "hidapi"),
        ("hidapi-other", NameKind.LINK, Kind.LOADED, "hidapi"),
        ("hidapi-other", NameKind.LINK, Kind.LINKED, "hidapi-other"),
        ("libnobody-other.so.0", NameKind.SONAME, Kind.LOADED, "nobody-other"),
    ],
)
def test_what_is_opened_may_be_part_of_a_library(name: str, sense: NameKind, kind: Kind, library: str) -> None:
    assert list(judged(signal(name, sense, kind, confidence=Confidence.HIGH))) == [library]


def test_what_a_build_would_fetch_may_lie_in_the_tree_under_its_name() -> None:
    copy = VendoredCopy("zint", "_deps/zint-src", "CMakeLists.txt:1", compiled=True)
    found = judged(copy, header("png.h", where="zint/backend/png.c:38"))
    assert confidence(found["libpng"]) is Confidence.LOW


def test_a_library_has_the_platforms_and_switches_of_all_that_asks_for_it() -> None:
    mac = signal(condition=Condition(("darwin",)), required=Required.YES)
    assert judged(mac)["zlib"].marker == 'sys_platform == "darwin"'
    assert judged(mac, signal("z", condition=Condition(("none",))))["zlib"].marker == 'sys_platform == "darwin"'
    found = judged(mac, signal(condition=Condition(("linux",), switch="environment USE_Z")))["zlib"]
    assert found.marker == 'sys_platform == "darwin" or sys_platform == "linux"'
    assert found.switches == ("environment USE_Z",)
    assert judged(mac, signal())["zlib"].marker is None


COPY = VendoredCopy("zlib", "deps/zlib", "deps/zlib/CMakeLists.txt:1")


@pytest.mark.parametrize(
    ("findings", "provider"),
    [
        ([signal()], None),
        ([COPY], "vendored"),
        ([COPY, signal(required=Required.OPTIONAL, condition=Condition(switch="environment SYSTEM_Z"))], "vendored"),
        ([COPY, signal(required=Required.YES, condition=Condition(switch="environment BUNDLED_Z"))], "system"),
        ([COPY._replace(where="subprojects/zlib.wrap:1"), signal(required=Required.YES)], "system"),
        ([COPY._replace(compiled=False), signal()], "system"),
        ([COPY._replace(compiled=True), signal()], "vendored"),
        ([COPY, signal()], "unknown"),
        ([COPY._replace(where="subprojects/zlib.wrap:1"), COPY, signal(required=Required.YES)], "system"),
        ([COPY, signal("libz-sys", NameKind.CRATE, linkage="static")], "vendored"),
        ([COPY._replace(switch="environment USE_SYSTEM_Z"), signal(required=Required.YES)], "vendored"),
        ([COPY._replace(switch="option --without-system-z"), signal()], "unknown"),
        ([COPY._replace(switch="environment SYSTEM_Z"), signal(condition=Condition(switch="option a"))], "unknown"),
    ],
    ids=[
        *("no-copy", "copy-alone", "off", "on", "wrap", "not-compiled", "compiled", "unknown", "wrap-and-its-folder"),
        *("crate", "switched-to-system", "switched-from-system", "switched-elsewhere"),
    ],
)
def test_which_one_a_build_takes_where_nobody_chooses(findings: list[Finding], provider: str | None) -> None:
    assert judged(*findings)["zlib"].provider == provider


def test_what_a_copy_asks_for_is_no_need_of_the_tree() -> None:
    assert judged(COPY, signal("png", where="deps/zlib/configure.ac:1")).keys() == {"zlib"}


def test_what_the_build_comes_to_in_a_copy_is_a_need_of_the_tree() -> None:
    assert judged(COPY, signal("png", where="deps/zlib/meson.build:1")).keys() == {"zlib", "libpng"}


def test_headers_that_come_with_another_library_that_is_asked_for_are_a_hint() -> None:
    found = judged(header("X11/Xatom.h"), signal("X11"))
    assert (confidence(found["xorgproto"]), found["xorgproto"].direct) == (Confidence.LOW, False)
    alone = judged(header("X11/Xatom.h"))["xorgproto"]
    asked_for = judged(header("X11/Xatom.h"), signal("xproto", NameKind.PKGCONFIG, Kind.QUERIED), signal("X11"))
    assert alone.direct
    assert asked_for["xorgproto"].direct


@pytest.mark.parametrize(
    ("name", "library"), [("luajit21", "luajit"), ("abseil-cpp", "abseil"), ("libbrotli", "brotli"), ("pcre2", "pcre2")]
)
def test_a_copy_is_known_by_its_id_and_without_the_number_of_a_release(name: str, library: str) -> None:
    assert library in judged(VendoredCopy(name, f"third_party/{name}", "x", sure=False))


@pytest.mark.parametrize(
    ("crate", "library"),
    [("rusqlite", "sqlite"), ("git2", "libgit2"), ("native-tls", "openssl"), ("reqwest", None)],
)
def test_a_crate_over_one_that_binds_a_library_is_that_library_s(crate: str, library: str | None) -> None:
    found = judged(signal(crate, NameKind.CRATE, where="Cargo.toml:2"))
    assert list(found) == ([library] if library else [])
