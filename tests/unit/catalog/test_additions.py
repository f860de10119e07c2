"""What a distribution, a user and the system add to the catalogue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import Catalogue, additions, extended
from backlit.catalog.additions import FOLDER
from backlit.errors import InputError
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = """\
id = "dep:generic/{name}"
canonical = false
description = "A library of the distribution's own"
[names]
{names}
[packages]
void = {{ host = ["{name}-devel"] }}
[checked]
"""


def _mapping(path: Path, *entries: dict[str, Any]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": "x", "mappings": list(entries), "package_managers": []}))
    return str(path)


def _entries(folder: Path, **libraries: str) -> Path:
    (folder / "libraries").mkdir(parents=True)
    for name, names in libraries.items():
        (folder / "libraries" / f"{name}.toml").write_text(ENTRY.format(name=name, names=names))
    return folder


def _loaded(*given: str, data: tuple[str, ...] = ()) -> Catalogue:
    with extended(additions.read(given, data)):
        return Catalogue.load()


@pytest.fixture
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a distribution's own package, as an installer leaves it; importing it would fail."""
    package = _entries(tmp_path / "site" / "void_names", xbps='link = ["xbps", "z"]\nheaders = ["xbps.h"]')
    (package / "__init__.py").write_text("raise AssertionError('nothing of it runs')\n")
    info = tmp_path / "site" / "void_names-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: void-names\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[backlit.catalog]\nvoid = void_names\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return info


def test_a_distributions_package_adds_its_libraries(distribution: Path) -> None:
    assert distribution.exists()
    catalogue = _loaded()
    found = catalogue.identify(NameKind.HEADER, "xbps.h")
    assert found is not None
    assert (found.id, found.canonical) == ("dep:generic/xbps", False)
    packages = catalogue.packages("dep:generic/xbps")["void"]
    assert (packages.host, packages.checked) == (("xbps-devel",), "void")


def test_none_of_a_distributions_code_runs(distribution: Path) -> None:
    assert distribution.exists()
    _loaded()
    assert "void_names" not in sys.modules


def test_an_added_name_wins_over_the_shipped_one(distribution: Path) -> None:
    assert distribution.exists()
    with extended(additions.read(())):
        added = Catalogue.load().identify(NameKind.LINK, "z")
    shipped = Catalogue.load().identify(NameKind.LINK, "z")
    assert (added and added.id, shipped and shipped.id) == ("dep:generic/xbps", "dep:generic/zlib")


def test_all_that_is_shipped_stays_known(distribution: Path) -> None:
    assert distribution.exists()
    found = _loaded().identify(NameKind.PKGCONFIG, "libxml-2.0")
    assert (found and found.id) == "dep:generic/libxml2"


def test_an_entry_point_without_entries_is_refused(distribution: Path) -> None:
    (distribution / "entry_points.txt").write_text("[backlit.catalog]\nvoid = nowhere.at_all\n")
    with pytest.raises(InputError, match=r"entry point 'void' of backlit.catalog: names 'nowhere.at_all', where no"):
        additions.read(())


def test_a_malformed_entry_of_a_distribution_is_named_with_its_file(distribution: Path) -> None:
    path = distribution.parent / "void_names" / "libraries" / "xbps.toml"
    path.write_text(path.read_text().replace("canonical = false\n", ""))
    with pytest.raises(InputError, match=r"void_names: libraries/xbps.toml: needs 'canonical'"):
        additions.read(())


def test_nothing_added_is_nothing() -> None:
    assert additions.read(()) is None


@pytest.mark.parametrize(
    ("specs", "host", "run", "build"),
    [
        pytest.param("z", ("z",), (), ("z",), id="text"),
        pytest.param(["z", "z-dev"], ("z", "z-dev"), (), ("z", "z-dev"), id="list"),
        pytest.param({"host": ["z-dev"], "run": "z"}, ("z-dev",), ("z",), (), id="by-role"),
        pytest.param([], (), (), (), id="not-packaged"),
        pytest.param("z>=1.2", ("z",), (), ("z",), id="with-a-version"),
        pytest.param("libblas * *_openblas", ("libblas",), (), ("libblas",), id="with-a-build"),
    ],
)
def test_a_mapping_names_packages_by_role(
    tmp_path: Path, specs: object, host: tuple[str, ...], run: tuple[str, ...], build: tuple[str, ...]
) -> None:
    given = _mapping(tmp_path / "fedora.mapping.json", {"id": "dep:generic/zlib", "specs": specs})
    packages = _loaded(given).packages("dep:generic/zlib")["fedora"]
    assert (packages.host, packages.run, packages.build) == (host, run, build)
    assert packages.checked == "fedora.mapping.json"


def test_a_mapping_says_nothing_of_other_distributions(tmp_path: Path) -> None:
    given = _mapping(tmp_path / "fedora.mapping.json", {"id": "dep:generic/zlib", "specs": "z"})
    assert _loaded(given).packages("dep:generic/zlib")["debian"].host == ("zlib1g-dev",)


def test_a_mappings_first_entry_of_an_id_counts(tmp_path: Path) -> None:
    entries = [{"id": "dep:generic/zlib", "specs": name} for name in ("first", "second")]
    catalogue = _loaded(_mapping(tmp_path / "fedora.mapping.json", *entries))
    assert catalogue.packages("dep:generic/zlib")["fedora"].host == ("first",)


def test_specs_may_be_anothers(tmp_path: Path) -> None:
    entries = [{"id": "dep:generic/a", "specs_from": "dep:generic/b"}, {"id": "dep:generic/b", "specs": "b-devel"}]
    catalogue = _loaded(_mapping(tmp_path / "fedora.mapping.json", *entries))
    assert catalogue.packages("dep:generic/a")["fedora"].host == ("b-devel",)


def test_the_later_mapping_wins(tmp_path: Path) -> None:
    one, two = (
        _mapping(tmp_path / name / "fedora.mapping.json", {"id": "dep:generic/zlib", "specs": name})
        for name in ("one", "two")
    )
    assert _loaded(one, two).packages("dep:generic/zlib")["fedora"].host == ("two",)
    assert _loaded(two, one).packages("dep:generic/zlib")["fedora"].host == ("one",)


def test_what_is_given_wins_over_the_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "share"
    _mapping(data / FOLDER / "fedora.mapping.json", {"id": "dep:generic/zlib", "specs": "of-the-system"})
    given = _mapping(tmp_path / "fedora.mapping.json", {"id": "dep:generic/zlib", "specs": "given"})
    assert _loaded(data=(str(data),)).packages("dep:generic/zlib")["fedora"].host == ("of-the-system",)
    assert _loaded(given, data=(str(data),)).packages("dep:generic/zlib")["fedora"].host == ("given",)


def test_a_data_folder_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    assert additions.read((), (str(tmp_path / "nowhere"),)) is None


@pytest.mark.parametrize(
    ("release", "host"),
    [
        pytest.param({"ID": "debian", "VERSION_ID": "12"}, "of-12", id="this-version"),
        pytest.param({"ID": "debian", "VERSION_ID": "13"}, "of-debian", id="another-version"),
        pytest.param({"ID": "ubuntu", "VERSION_ID": "24.04"}, "of-ubuntu", id="ubuntu"),
        pytest.param({"ID": "fedora", "VERSION_ID": "42"}, "of-debian", id="another-distribution"),
    ],
)
def test_a_folders_mapping_for_this_machine_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: dict[str, str], host: str
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    for name, specs in (("debian", "of-debian"), ("debian+12", "of-12"), ("ubuntu", "of-ubuntu")):
        _mapping(tmp_path / f"{name}.mapping.json", {"id": "dep:generic/zlib", "specs": specs})
    assert _loaded(str(tmp_path)).packages("dep:generic/zlib")["debian"].host == (host,)


def test_a_registry_says_what_is_canonical(tmp_path: Path) -> None:
    definitions = [
        {"id": "dep:generic/curl"},
        {"id": "dep:generic/new"},
        {"id": "dep:generic/openmpi", "provides": ["dep:virtual/interface/mpi"]},
        {"id": "dep:generic/libcurl", "provides": "dep:generic/curl"},
    ]
    (tmp_path / "registry.json").write_text(json.dumps({"definitions": definitions}))
    catalogue = _loaded(str(tmp_path / "registry.json"))
    names = ("curl", "new", "openmpi", "libcurl", "zlib", "nothing")
    told = {name: catalogue.is_canonical(f"dep:generic/{name}") for name in names}
    assert told == {"curl": True, "new": True, "openmpi": True, "libcurl": None, "zlib": False, "nothing": None}


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        pytest.param("fedora.mapping.json", "{", "cannot be read: ", id="no-json"),
        pytest.param("fedora.mapping.json", "[]", "has no list 'mappings' of objects; see PEP 804", id="no-object"),
        pytest.param("fedora.mapping.json", '{"mappings": [1]}', "has no list 'mappings'", id="no-objects"),
        pytest.param("fedora.mapping.json", '{"mappings": [{"id": "zlib"}]}', "'zlib' is no id", id="no-depurl"),
        pytest.param("fedora.mapping.json", '{"mappings": [{"id": "dep:a/b"}]}', "neither specs nor", id="no-specs"),
        pytest.param(
            "fedora.mapping.json", '{"mappings": [{"id": "dep:a/b", "specs": [1]}]}', "neither text", id="no-text"
        ),
        pytest.param(
            "fedora.mapping.json",
            '{"mappings": [{"id": "dep:a/b", "specs_from": "dep:a/c"}]}',
            "'dep:a/c', which is not in it",
            id="specs-of-nobody",
        ),
        pytest.param(
            "fedora.mapping.json",
            '{"mappings": [{"id": "dep:a/b", "specs_from": "dep:a/b"}]}',
            "'dep:a/b', which comes back to it",
            id="specs-in-a-circle",
        ),
        pytest.param("registry.json", "{}", "has no list 'definitions'", id="no-registry"),
        pytest.param("names.json", "{}", "bears no name that PEP 804 knows", id="another-name"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path: Path, name: str, text: str, problem: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        additions.read([str(path)])
    assert str(caught.value).startswith(f"{path}: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("made", "problem"), [(False, "there is no such file or folder"), (True, "has neither mappings of PEP 804 nor")]
)
def test_a_place_with_nothing_in_it_is_refused(tmp_path: Path, made: bool, problem: str) -> None:  # noqa: FBT001
    path = tmp_path / "given"
    if made:
        path.mkdir()
    with pytest.raises(InputError, match=problem):
        additions.read([str(path)])


def test_a_folder_of_entries_may_be_given(tmp_path: Path) -> None:
    found = _loaded(str(_entries(tmp_path / "own", xbps='link = ["xbps"]'))).identify(NameKind.LINK, "xbps")
    assert (found and found.id) == "dep:generic/xbps"


def test_wildcards_of_both_are_tried_the_longer_first(tmp_path: Path) -> None:
    catalogue = _loaded(str(_entries(tmp_path / "own", mine='soname = ["libboost_*", "libboost_python*"]')))
    shipped = catalogue.identify(NameKind.SONAME, "libfftw3_threads.so.3")
    added = catalogue.identify(NameKind.SONAME, "libboost_python311.so.1")
    assert (added and added.id, shipped and shipped.id) == ("dep:generic/mine", "dep:generic/fftw")


def test_who_only_loads_the_catalogue_reads_no_additions() -> None:
    """A hook does: what is installed beside backlit is no part of its report, and costs it nothing."""
    code = (
        "import sys; from backlit.catalog import Catalogue; Catalogue.load(); "
        "print({'backlit.catalog.additions', 'backlit.catalog._tables', 'importlib.metadata'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=_path())
    assert done.stdout == "set()\n"


def _path() -> dict[str, str]:
    """Give where backlit is, to an interpreter that reads no ``.pth`` of its own."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
