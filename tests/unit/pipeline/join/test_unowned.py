"""Files that no package has: known unknowns."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit.catalog import Catalogue
from backlit.model.report import UnownedFile
from backlit.pipeline.join import included, linked, unowned
from backlit.pipeline.join.ledger import Ledger
from backlit.pipeline.join.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.model.report import Library
    from unit.pipeline.join.conftest import Build

PC = "prefix=/usr/local\n\nName: demo\nDescription: demo\nVersion: {version}\nLibs: -L${{prefix}}/lib -l{name} -lm\n"


def join(
    build: Build, *unknown: str, programs: tuple[str, ...] = (), faults: tuple[str, ...] = ()
) -> dict[str, Library]:
    """Join links and headers where no package has the files `unknown`."""
    ledger = Ledger(Resolver(Catalogue.load(), build.owned, frozenset(unknown), faults))
    build._ledger = ledger  # noqa: SLF001 - the one that its properties look at
    linked.enter(ledger, linked.links_of(build.observation, build.places))
    included.enter(ledger, build.observation, build.places)
    unowned.enter(ledger, build.places, programs)
    return build.libraries


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a folder that is neither temporary nor the project's, as far as a report can tell."""
    monkeypatch.setattr("backlit.pipeline.join.places._TEMPORARY", ())
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.mark.compiler
def test_a_linked_file_keeps_its_hash_soname_and_version(
    build: Build, elsewhere: Path, shared: Callable[..., str]
) -> None:
    real = shared(elsewhere / "lib" / "libqux.so.1.2", "libqux.so.1")
    link = elsewhere / "lib" / "libqux.so"
    link.symlink_to("libqux.so.1.2")
    (elsewhere / "lib" / "pkgconfig").mkdir()
    (elsewhere / "lib" / "pkgconfig" / "whatever.pc").write_text(PC.format(version="1.2.3", name="qux"))
    (elsewhere / "lib" / "pkgconfig" / "other.pc").write_text(PC.format(version="9", name="other") + "Requires: qux\n")
    build.ship("demo/_x.so", "libqux.so.1")
    build.link("build/demo/_x.so", "qux", library_dirs=(str(elsewhere / "lib"),))
    qux = join(build, str(link), real)["qux"]
    sha256 = hashlib.sha256(Path(real).read_bytes()).hexdigest()
    assert qux.unowned == (UnownedFile("lib/libqux.so.1.2", sha256, "libqux.so.1", "1.2.3"),)
    assert (qux.packages, qux.version) == ((), "1.2.3")
    assert (build.diagnostic.code, build.diagnostic.where) == ("unowned-file", "lib/libqux.so.1.2")
    assert unowned.whole([qux], [str(link), str(elsewhere / "lib" / "other.so")]) == (real,)
    assert "dep:generic/qux" in build.diagnostic.message


def test_an_archive_has_a_version_from_the_folder_above(build: Build, elsewhere: Path) -> None:
    archive = elsewhere / "lib" / "x86_64-linux-gnu" / "libqux.a"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"!<arch>\n")
    (elsewhere / "share" / "pkgconfig").mkdir(parents=True)
    (elsewhere / "share" / "pkgconfig" / "qux.pc").write_text(PC.format(version="2", name="qux"))
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", objects=(str(archive),))
    (file,) = join(build, str(archive))["qux"].unowned
    assert (file.path, file.soname, file.version) == ("lib/x86_64-linux-gnu/libqux.a", None, "2")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param({}, id="none"),
        pytest.param({"a": PC.format(version="1", name="qux"), "b": PC.format(version="2", name="qux")}, id="disagree"),
        pytest.param({"a": PC.format(version="${v}", name="qux")}, id="a-variable"),
        pytest.param({"a": "Version: 1\nLibs: -lother -lqux\n"}, id="another-library's"),
    ],
)
def test_a_version_that_is_not_told_is_unknown(build: Build, elsewhere: Path, texts: dict[str, str]) -> None:
    archive = elsewhere / "lib" / "libqux.a"
    (elsewhere / "lib" / "pkgconfig").mkdir(parents=True)
    archive.write_bytes(b"!<arch>\n")
    for name, text in texts.items():
        (elsewhere / "lib" / "pkgconfig" / f"{name}.pc").write_text(text)
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", objects=(str(archive),))
    assert join(build, str(archive))["qux"].unowned[0].version is None


def test_headers_that_the_project_names_stand_for_a_library_of_headers(build: Build, elsewhere: Path) -> None:
    named, deeper = elsewhere / "include" / "qux" / "qux.h", elsewhere / "include" / "qux" / "detail.h"
    named.parent.mkdir(parents=True)
    named.write_text("#include <qux/detail.h>\n")
    deeper.write_text("")
    (elsewhere / "lib" / "pkgconfig").mkdir(parents=True)
    (elsewhere / "lib" / "pkgconfig" / "qux.pc").write_text("Version: 3\nCflags: -I${prefix}/include\n")
    build.write("x.c", "#include <qux/qux.h>\n")
    folders = (str(elsewhere / "include"),)
    build.compile("x.c", headers=(str(named), str(deeper)), include_dirs=folders)
    qux = join(build, str(named), str(deeper))["qux"]
    assert [(file.path, file.version) for file in qux.unowned] == [("include/qux/qux.h", "3")]
    assert qux.linkage == ("header-only",)


def test_what_is_linked_says_more_than_a_header(build: Build, elsewhere: Path) -> None:
    header, archive = elsewhere / "include" / "qux.h", elsewhere / "lib" / "libqux.a"
    for file in (header, archive):
        file.parent.mkdir()
        file.write_text("!<arch>\n")
    build.write("x.c", "#include <qux.h>\n")
    build.compile("x.c", headers=(str(header),), include_dirs=(str(header.parent),))
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", "qux", library_dirs=(str(archive.parent),))
    assert [file.path for file in join(build, str(header), str(archive))["qux"].unowned] == ["lib/libqux.a"]


def test_a_file_that_was_not_looked_up_is_not_called_unowned(build: Build, elsewhere: Path) -> None:
    (elsewhere / "libqux.a").write_bytes(b"!<arch>\n")
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", "qux", library_dirs=(str(elsewhere),))
    assert join(build)["qux"].unowned == ()
    assert build.codes == []


def test_an_owned_file_is_not_called_unowned(build: Build, elsewhere: Path) -> None:
    (elsewhere / "libqux.a").write_bytes(b"!<arch>\n")
    build.own(str(elsewhere / "libqux.a"), "libqux-dev", "qux")
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", "qux", library_dirs=(str(elsewhere),))
    assert join(build)["qux"].unowned == ()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        pytest.param("home/someone/prefix/lib64/sub/libqux.a", "lib64/sub/libqux.a", id="below-lib"),
        pytest.param("home/someone/libqux.a", "libqux.a", id="anywhere"),
    ],
)
def test_folders_of_this_machine_alone_are_left_out(build: Build, elsewhere: Path, place: str, told: str) -> None:
    archive = elsewhere / place
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"!<arch>\n")
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", objects=(str(archive),))
    assert join(build, str(archive))["qux"].unowned[0].path == told


def test_a_file_that_is_gone_has_no_hash(build: Build, elsewhere: Path) -> None:
    header = elsewhere / "qux.h"
    build.write("x.c", "#include <qux.h>\n")
    build.compile("x.c", headers=(str(header),), include_dirs=(str(elsewhere),))
    assert join(build, str(header))["qux"].unowned == (UnownedFile("qux.h", None),)


def test_a_program_that_no_package_has_is_noted(build: Build, elsewhere: Path) -> None:
    program, own = f"{elsewhere}/bin/mycc", build.write("tools/gen")
    python = Path(sys.executable).resolve()
    its_own = (str(python), str(python.parent / "python3.99-config"))
    join(build, program, own, *its_own, programs=(program, own, *its_own, "/usr/bin/owned"))
    assert (build.diagnostic.code, build.diagnostic.where) == ("unowned-program", "mycc")


def test_a_database_that_cannot_be_read_is_a_warning(build: Build) -> None:
    join(build, faults=("what rpm says cannot be read",))
    assert (build.diagnostic.code, build.diagnostic.message) == ("unread-owners", "what rpm says cannot be read")


def planted(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Write files; give their absolute paths by name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {name: str(folder / name) for name in files}


INCLUDE = "#include <{}>\n".format
QUX = {"include/qux.h": INCLUDE("qux_types.h"), "include/qux_types.h": "", "include/extra.h": ""}


@pytest.mark.parametrize(
    ("beside", "names"),
    [
        pytest.param({"lib/libquux.a": "!<arch>\n"}, {"quux"}, id="linked"),
        pytest.param({"lib/libquux.a": "!<arch>\n", "lib/libother.a": ""}, {"qux", "quux", "extra"}, id="of-several"),
        pytest.param({"lib/pkgconfig/quux.pc": "Version: 7\n"}, {"quux"}, id="module"),
        pytest.param({}, {"qux", "extra"}, id="nothing"),
    ],
)
def test_headers_of_one_prefix_are_one_librarys_where_it_holds_one(
    build: Build, elsewhere: Path, beside: dict[str, str], names: set[str]
) -> None:
    paths = planted(elsewhere, {**QUX, **beside})
    build.write("x.c", INCLUDE("qux.h") + INCLUDE("extra.h"))
    build.compile("x.c", headers=tuple(paths[name] for name in QUX), include_dirs=(f"{elsewhere}/include",))
    build.ship("demo/_x.so")
    if "lib/libquux.a" in paths:
        build.link("build/demo/_x.so", objects=(paths["lib/libquux.a"],))
    libraries = join(build, *paths.values())
    assert libraries.keys() == names
    assert all(library.direct for library in libraries.values())
    if len(names) == 1:
        assert set(libraries["quux"].names.header) == {"qux.h", "extra.h"}


@pytest.mark.parametrize(
    "beside", [{}, {"lib/pkgconfig/detail.pc": "", "lib/pkgconfig/a.pc": ""}], ids=["its", "another's"]
)
def test_a_header_that_nobody_names_is_its_openers(build: Build, elsewhere: Path, beside: dict[str, str]) -> None:
    files = {
        "include/a.h": INCLUDE("detail.h"),
        "include/b.h": INCLUDE("deep/inner.h"),
        "include/deep/inner.h": '#include "innermost.h"\n',
        "include/deep/innermost.h": "",
        "include/detail.h": "",
    }
    paths = planted(elsewhere, {**files, **beside})
    build.write("x.c", INCLUDE("a.h") + INCLUDE("b.h"))
    build.compile("x.c", headers=tuple(paths[name] for name in files), include_dirs=(f"{elsewhere}/include",))
    libraries = join(build, *paths.values())
    assert libraries.keys() == {"a", "b"} | ({"detail"} if beside else set())
    opened = {name: {e.where for e in library.evidence if "another" in e.detail} for name, library in libraries.items()}
    assert opened["b"] == {"deep/inner.h and 1 more"}
    assert opened["a"] == (set() if beside else {"detail.h"})


def test_a_header_of_a_library_that_is_known_is_no_other_librarys(build: Build, elsewhere: Path) -> None:
    files = {"include/yaml.h": INCLUDE("yaml_parts.h"), "include/yaml_parts.h": ""}
    paths = planted(elsewhere, files)
    build.write("x.c", INCLUDE("yaml.h"))
    build.compile("x.c", headers=tuple(paths.values()), include_dirs=(f"{elsewhere}/include",))
    assert join(build, *paths.values()).keys() == {"libyaml"}
