"""The version that a distribution's build says, where it speaks of the project."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from backlit.config import distribution
from backlit.config.project import Project
from backlit.errors import VersionError

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.config.settings import Setting

CONTROL = "Source: words\n\nPackage: python3-my-proj\nArchitecture: all\n\nPackage: words-doc\n"
ARCHIVAL = "node: 0123\nnode-date: 2024-01-01T00:00:00Z\ndescribe-name: {}\n"


def heading(source: str, version: str) -> str:
    return f"{source} ({version}) unstable; urgency=medium\n\n  * New.\n\n -- A <a@b> Mon, 01 Jan 2024 00:00:00 +0000\n"


def found(
    tmp_path: Path,
    environment: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    *,
    name: str | None = "My.Proj",
    folder: str = "source",
) -> Setting:
    root = tmp_path / folder
    for path, text in (files or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return distribution.version_of(Project(root, {}), name, environment or {}, asked="BACKLIT_VERSION=auto")


@pytest.mark.parametrize(
    ("environment", "value", "where"),
    [
        pytest.param(
            {"RPM_PACKAGE_VERSION": "1.2~rc1", "RPM_PACKAGE_NAME": "python-my-proj"},
            "1.2rc1",
            "environment variable RPM_PACKAGE_VERSION=1.2~rc1, RPM_PACKAGE_NAME=python-my-proj",
            id="RPM",
        ),
        pytest.param(
            {"PKG_VERSION": "1.2.0.rc1", "PKG_NAME": "my_proj"},
            "1.2.0rc1",
            "environment variable PKG_VERSION=1.2.0.rc1, PKG_NAME=my_proj",
            id="conda",
        ),
        pytest.param(
            {"PV": "1.2_rc1_p2", "PN": "my-proj"},
            "1.2rc1.post2",
            "environment variable PV=1.2_rc1_p2, PN=my-proj",
            id="Gentoo",
        ),
        pytest.param(
            {"version": "1.2", "pname": "My.Proj"}, "1.2", "environment variable version=1.2, pname=My.Proj", id="Nix"
        ),
        pytest.param(
            {"PV": "9", "PN": "other", "PKG_VERSION": "1.2", "PKG_NAME": "My.Proj"},
            "1.2",
            "environment variable PKG_VERSION=1.2, PKG_NAME=My.Proj",
            id="another package's beside it",
        ),
        pytest.param(
            {"PV": "1.2", "PN": "my-proj", "version": "1.2.0", "pname": "my-proj"},
            "1.2",
            "environment variable PV=1.2, PN=my-proj",
            id="two that agree",
        ),
    ],
)
def test_a_variable_counts_where_its_name_agrees(
    tmp_path: Path, environment: dict[str, str], value: str, where: str
) -> None:
    assert tuple(found(tmp_path, environment)) == (value, where, "distribution")


@pytest.mark.parametrize(
    ("changelog", "control", "value", "where"),
    [
        pytest.param(
            heading("my-proj", "1:1.2~rc1+dfsg-3"), "", "1.2rc1", "1: my-proj (1:1.2~rc1+dfsg-3)", id="project's name"
        ),
        pytest.param(heading("python-my-proj", "1.2-1"), "", "1.2", "1: python-my-proj (1.2-1)", id="python-"),
        pytest.param(heading("words", "1.2-1"), CONTROL, "1.2", "1: words (1.2-1)", id="binary package's name"),
        pytest.param("\n\n" + heading("my-proj", "1.2-1"), "", "1.2", "3: my-proj (1.2-1)", id="empty lines first"),
        pytest.param(
            heading("my-proj", "1.3+git5-1") + "\n" + heading("my-proj", "1.2-1"),
            "",
            "1.3+git5",
            "1: my-proj (1.3+git5-1)",
            id="newest entry",
        ),
    ],
)
def test_debian_changelog_counts_where_a_name_agrees(
    tmp_path: Path, changelog: str, control: str, value: str, where: str
) -> None:
    files = {"debian/changelog": changelog, "debian/control": control}
    assert tuple(found(tmp_path, files=files)) == (value, f"debian/changelog:{where}", "distribution")
    if shutil.which("dpkg-parsechangelog"):
        said = [_said_by_dpkg(tmp_path / "source", field) for field in ("Source", "Version")]
        assert f"{said[0]} ({said[1]})" == where.partition(" ")[2]


def _said_by_dpkg(root: Path, field: str) -> str:
    command = ["dpkg-parsechangelog", "-l", str(root / "debian/changelog"), "-S", field]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_changelog_of_any_size_and_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "source/debian").mkdir(parents=True)
    old = heading("my-proj", "1.0-1").replace(" A ", " \u00c4 ").encode("latin-1") * 2000
    (tmp_path / "source/debian/changelog").write_bytes(heading("my-proj", "1.2-1").encode() + old)
    assert found(tmp_path).value == "1.2"


@pytest.mark.parametrize(
    ("tag", "value"),
    [("v1.2", "1.2"), ("1.2", "1.2"), ("my_proj-1.2rc1", "1.2rc1"), ("release/1.2", "1.2"), ("My.Proj/v1.2", "1.2")],
)
def test_an_archive_of_a_tag_counts(tmp_path: Path, tag: str, value: str) -> None:
    setting = found(tmp_path, files={".git_archival.txt": ARCHIVAL.format(tag)})
    assert tuple(setting) == (value, f".git_archival.txt: describe-name: {tag}", "git-archival")


@pytest.mark.parametrize(
    ("folder", "value"),
    [
        ("my-proj-1.2", "1.2"),
        ("my_proj-1.2", "1.2"),
        ("My.Proj-v1.2", "1.2"),
        ("my_proj_1.2", "1.2"),
        ("python-my-proj-1.2+dfsg", "1.2"),
        ("my-proj-1.2-rc1", "1.2rc1"),
        ("my-proj-20240101", "20240101"),
    ],
)
def test_the_name_of_the_folder_counts(tmp_path: Path, folder: str, value: str) -> None:
    assert tuple(found(tmp_path, folder=folder)) == (value, f"name of the folder {folder}", "folder")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"version": "1.2", "pname": "my-proj", "outputs": {"out": "/x"}}', "1.2", id="attributes"),
        pytest.param('{"version": "1.2", "pname": "other"}', None, id="another's"),
        pytest.param('{"version": 1, "pname": "my-proj"}', None, id="no text"),
        pytest.param("[1]", None, id="no attributes"),
        pytest.param("{", None, id="no JSON"),
        pytest.param(None, None, id="no file"),
    ],
)
def test_structured_attributes_of_nix_are_read(tmp_path: Path, text: str | None, value: str | None) -> None:
    path = tmp_path / "attrs.json"
    if text is not None:
        path.write_text(text)
    environment = {"NIX_ATTRS_JSON_FILE": str(path)}
    if value is None:
        with pytest.raises(VersionError, match=r"looked at .* version \("):
            found(tmp_path, environment)
    else:
        assert tuple(found(tmp_path, environment)) == (value, "attribute version=1.2, pname=my-proj", "distribution")
    assert found(tmp_path, {**environment, "version": "1.3", "pname": "my-proj"}).value == "1.3"


NOTHING = (
    "BACKLIT_VERSION=auto: nothing here says which version of My.Proj this is; looked at "
    "RPM_PACKAGE_VERSION ({rpm}), PKG_VERSION ({conda}), PV ({gentoo}), version ({nix}), debian/changelog ({debian}), "
    ".git_archival.txt ({archival}), the folder's name ({folder}); set BACKLIT_VERSION to the version itself"
)
WHY = {
    "rpm": "not set",
    "conda": "not set",
    "gentoo": "not set",
    "nix": "not set",
    "debian": "is not there",
    "archival": "is not there",
    "folder": "is source",
}


@pytest.mark.parametrize(
    ("environment", "files", "folder", "why"),
    [
        pytest.param({}, {}, "source", {}, id="nothing"),
        pytest.param(
            {
                "RPM_PACKAGE_VERSION": "9",
                "RPM_PACKAGE_NAME": "other",
                "PKG_VERSION": "8",
                "PV": "7",
                "PN": "perl-my-proj",
                "version": "6",
                "pname": "my-proj-doc",
            },
            {"debian/changelog": heading("words", "5-1"), "debian/control": "Source: words\nPackage: words-doc\n"},
            "other-4",
            {
                "rpm": "is 9, but RPM_PACKAGE_NAME is other",
                "conda": "is 8, but PKG_NAME is not set",
                "gentoo": "is 7, but PN is perl-my-proj",
                "nix": "is 6, but pname is my-proj-doc",
                "debian": "has 5-1 of words, words-doc",
                "folder": "is other-4",
            },
            id="others' versions",
        ),
        pytest.param(
            {"version": "0-unstable-2024-01-01", "pname": "my-proj"},
            {".git_archival.txt": ARCHIVAL.format("v1.2-4-gabcdef0"), "debian/changelog": heading("my-proj", "1.1-1")},
            "my-proj-0123456789abcdef0123456789abcdef01234567",
            {
                "nix": "has 0-unstable-2024-01-01: a commit's, between two releases",
                "debian": "passed over for version",
                "archival": "is of a commit after a tag, v1.2-4-gabcdef0",
                "folder": "has 0123456789abcdef0123456789abcdef01234567: a commit's, as it looks",
            },
            id="commits",
        ),
        pytest.param(
            {"PV": "9999", "PN": "my-proj"},
            {".git_archival.txt": ARCHIVAL.format("$Format:%(describe:tags=true)$")},
            "my-proj-main",
            {
                "gentoo": "has 9999: a live ebuild's",
                "debian": "passed over for PV",
                "archival": "was never filled in",
                "folder": "has main: no version",
            },
            id="live ebuild",
        ),
        pytest.param(
            {"RPM_PACKAGE_VERSION": "1.2~git5", "RPM_PACKAGE_NAME": "my-proj"},
            {".git_archival.txt": ARCHIVAL.format("v1.1")},
            "source",
            {
                "rpm": "has 1.2~git5: ~git5 is earlier than 1.2, and is no pre-release",
                "debian": "passed over for RPM_PACKAGE_VERSION",
                "archival": "gives 1.1",
            },
            id="what speaks of the project is not passed over",
        ),
        pytest.param(
            {},
            {"debian/changelog": "Changes\n=======\n", ".git_archival.txt": ARCHIVAL.format("other-v3")},
            "my-proj",
            {
                "debian": "starts with no heading",
                "archival": "has the tag other-v3, which names no release of this project's",
                "folder": "is my-proj",
            },
            id="unusable files",
        ),
        pytest.param(
            {},
            {".git_archival.txt": "node: 0123\n", "debian/changelog": heading("my-proj", "1.2~exp1-1")},
            "debian-1.2",
            {
                "debian": "has 1.2~exp1-1: ~exp1 is earlier than 1.2, and is no pre-release",
                "archival": "names no tag",
                "folder": "is debian-1.2",
            },
            id="experimental",
        ),
    ],
)
def test_where_nothing_speaks_of_the_project_all_that_was_looked_at_is_told(
    tmp_path: Path, environment: dict[str, str], files: dict[str, str], folder: str, why: dict[str, str]
) -> None:
    with pytest.raises(VersionError) as caught:
        found(tmp_path, environment, files, folder=folder)
    assert str(caught.value) == NOTHING.format(**(WHY | why))


def test_a_project_without_a_name_agrees_with_nothing(tmp_path: Path) -> None:
    with pytest.raises(VersionError) as caught:
        found(tmp_path, {"PV": "1.2", "PN": "my-proj"}, name=None)
    assert str(caught.value).startswith(
        "BACKLIT_VERSION=auto: the project in source does not state its name, which nothing can then agree with; "
        "looked at RPM_PACKAGE_VERSION (not set), PKG_VERSION (not set), PV (is 1.2, but PN is my-proj), "
    )


@pytest.mark.parametrize(
    ("environment", "files", "folder", "said"),
    [
        pytest.param(
            {"PV": "1.3", "PN": "my-proj", "version": "1.2", "pname": "my-proj"},
            {},
            "source",
            "1.3 (environment variable PV=1.3, PN=my-proj) and 1.2 (environment variable version=1.2, pname=my-proj)",
            id="two variables",
        ),
        pytest.param(
            {"RPM_PACKAGE_VERSION": "1.3", "RPM_PACKAGE_NAME": "my-proj"},
            {".git_archival.txt": ARCHIVAL.format("v1.2")},
            "source",
            "1.3 (environment variable RPM_PACKAGE_VERSION=1.3, RPM_PACKAGE_NAME=my-proj) and "
            "1.2 (.git_archival.txt: describe-name: v1.2)",
            id="variable and archive",
        ),
        pytest.param(
            {},
            {"debian/changelog": heading("my-proj", "1.3-1")},
            "my-proj-1.2",
            "1.3 (debian/changelog:1: my-proj (1.3-1)) and 1.2 (name of the folder my-proj-1.2)",
            id="changelog and folder",
        ),
    ],
)
def test_two_that_differ_are_refused(
    tmp_path: Path, environment: dict[str, str], files: dict[str, str], folder: str, said: str
) -> None:
    with pytest.raises(VersionError) as caught:
        found(tmp_path, environment, files, folder=folder)
    assert str(caught.value) == (
        f"BACKLIT_VERSION=auto: two places speak of My.Proj and differ: {said}; "
        "set BACKLIT_VERSION to the one that is meant, such as 1.3"
    )


def test_an_old_changelog_does_not_contradict_another_distributions_variable(tmp_path: Path) -> None:
    environment = {"RPM_PACKAGE_VERSION": "1.3", "RPM_PACKAGE_NAME": "my-proj"}
    assert found(tmp_path, environment, {"debian/changelog": heading("my-proj", "1.2-1")}).value == "1.3"


@pytest.mark.parametrize(
    ("package", "name", "means"),
    [
        ("foo", "foo", True),
        ("Foo_Bar", "foo.bar", True),
        ("python-foo", "foo", True),
        ("python3-foo", "foo", True),
        ("python3.11-foo", "foo", True),
        ("python311-foo", "foo", True),
        ("py-foo", "foo", True),
        ("py3-foo", "foo", True),
        ("py311-foo", "foo", True),
        ("pypy3-foo", "foo", True),
        ("python-dateutil", "python-dateutil", True),
        ("python3-dateutil", "python-dateutil", True),
        ("py3-dateutil", "python-dateutil", True),
        ("snappy", "python-snappy", False),
        ("perl-foo", "foo", False),
        ("foo-doc", "foo", False),
        ("python", "foo", False),
        ("pyfoo", "foo", False),
        ("python3-", "foo", False),
        ("", "foo", False),
        ("foo", None, False),
    ],
)
def test_which_package_means_which_project(package: str, name: str | None, *, means: bool) -> None:
    assert distribution.agrees(package, name) is means


@given(st.binary(max_size=200))
def test_any_bytes_may_stand_in_a_changelog(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    root = tmp_path_factory.mktemp("tree")
    (root / "debian").mkdir()
    (root / "debian" / "changelog").write_bytes(text)
    with pytest.raises(VersionError, match="looked at"):
        distribution.version_of(Project(root, {}), "My.Proj", {}, asked="")
