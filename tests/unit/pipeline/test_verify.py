"""Does the artifact carry the version that was decided."""

from __future__ import annotations

import io
import tarfile
import zipfile
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from backlit import pipeline
from backlit.artifacts.glance import glance
from backlit.errors import VersionError
from backlit.pipeline import listing as listings, verify
from backlit.pipeline.planning import plan

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.pipeline.plan import Plan

PYPROJECT = """\
[build-system]
requires = []
build-backend = "setuptools.build_meta"

[project]
name = "demo"
dynamic = ["version"]
[tool.setuptools_scm]
version_file = "src/demo/_version.py"

[tool.backlit.version]
on-mismatch = "{}"
"""

UNKNOWN = '[build-system]\nrequires = []\nbuild-backend = "odd_backend"\n'


@pytest.fixture(autouse=True)
def _no_version_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKLIT_VERSION", "BACKLIT_VERSION_FOR_DEMO", "SETUPTOOLS_SCM_PRETEND_VERSION"):
        monkeypatch.delenv(name, raising=False)


def planned(root: Path, version: str | None = "1.2.3", *, on_mismatch: str = "error", text: str = PYPROJECT) -> Plan:
    root.mkdir(exist_ok=True)
    (root / "pyproject.toml").write_text(text.format(on_mismatch))
    return plan(root, "build_wheel", {"backlit.version": version} if version else None)


def wheel(folder: Path, named: str = "1.2.3", says: str = "1.2.3", files: dict[str, str] | None = None) -> Path:
    path = folder / f"demo-{named}-py3-none-any.whl"
    info = f"demo-{named}.dist-info"
    members = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: demo\nVersion: {says}\n\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        f"{info}/RECORD": "",
        **(files or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def sdist(folder: Path, named: str, says: str, files: dict[str, str] | None = None) -> Path:
    path = folder / f"demo-{named}.tar.gz"
    members = {"PKG-INFO": f"Metadata-Version: 2.1\nName: demo\nVersion: {says}\n\n", **(files or {})}
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(f"demo-{named}/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def check(made: Plan, path: Path) -> verify.Verdict:
    return verify.check(made, path, glance(path))


def test_a_wheel_that_agrees(tmp_path: Path) -> None:
    path = wheel(tmp_path, files={"demo/_version.py": "__version__ = version = '1.2.3'\n"})
    assert check(planned(tmp_path / "demo"), path) == verify.Verdict(agrees=True, said="1.2.3", disagreements=())


def test_where_no_version_was_decided_there_is_no_verdict(tmp_path: Path) -> None:
    assert check(planned(tmp_path / "demo", None), wheel(tmp_path)) == verify.Verdict(None, "1.2.3", ())


@pytest.mark.parametrize(
    ("named", "says", "files", "sentence"),
    [
        pytest.param("0.0", "1.2.3", {}, "the file name has 0.0", id="file name"),
        pytest.param("1.2.3", "0.0", {}, "its metadata has 0.0", id="metadata"),
        pytest.param(
            "1.2.3",
            "1.2.3",
            {"demo/_version.py": "__version__ = '0.0'\n"},
            "demo/_version.py has 0.0",
            id="version file, src left off",
        ),
        pytest.param(
            "1.2.3",
            "1.2.3",
            {"src/demo/_version.py": "__version__: str = '0.0'\nversion = '0.1'\n"},
            "src/demo/_version.py has 0.0 and 0.1",
            id="version file, as in the tree",
        ),
        pytest.param(
            "1.2.3",
            "1.2.3",
            {"demo/_version.py": "version_json = '''\n{\n \"dirty\": false,\n \"version\": \"0+unknown\"\n}\n'''\n"},
            "demo/_version.py has 0+unknown",
            id="version file, JSON",
        ),
    ],
)
def test_each_place_that_disagrees_is_named(
    tmp_path: Path, named: str, says: str, files: dict[str, str], sentence: str
) -> None:
    path = wheel(tmp_path, named, says, files)
    made = planned(tmp_path / "demo", on_mismatch="warn")
    assert check(made, path) == verify.Verdict(agrees=False, said=says, disagreements=(sentence,))
    assert path.exists()


def test_an_artifact_without_the_version_asked_for_is_an_error_and_is_removed(tmp_path: Path) -> None:
    path = wheel(tmp_path, "0.0", "0.0")
    with pytest.raises(VersionError) as caught:
        check(planned(tmp_path / "demo"), path)
    assert str(caught.value) == (
        "pyproject.toml:8: 1.2.3 was asked for (config setting backlit.version), but the file name has 0.0; "
        "its metadata has 0.0: setuptools-scm did not obey; check that the tool reads no other source first, "
        "or set on-mismatch = 'warn' in [tool.backlit.version]"
    )
    assert not path.exists()


@pytest.mark.parametrize(
    ("programs", "why"),
    [
        pytest.param(
            "with a tag",
            "the code that computes it was told by a repository with the tag r-1.2.3; see whether the project's tags "
            "look like that (environment variable BACKLIT_TAG)",
            id="tag",
        ),
        pytest.param(
            "with git",
            "the code that computes it was told by a repository with the tag v1.2.3; if the project's tags look "
            "otherwise, name one: BACKLIT_TAG, backlit.tag, or tag = 'release-{version}' in [tool.backlit.version]",
            id="git",
        ),
        pytest.param(
            "without git",
            "the project is told by a repository, and there is no git to make one with; install git where this is "
            "built, set the version in the tree itself",
            id="no-git",
        ),
    ],
)
def test_where_no_tool_is_known_the_error_says_how_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: str, why: str
) -> None:
    if programs == "without git":
        monkeypatch.setenv("PATH", str(tmp_path))
    if programs == "with a tag":
        monkeypatch.setenv("BACKLIT_TAG", "r-{version}")
    with pytest.raises(VersionError) as caught:
        check(planned(tmp_path / "demo", text=UNKNOWN), wheel(tmp_path, "0.0", "0.0"))
    assert str(caught.value) == (
        "pyproject.toml: build-system.build-backend: 1.2.3 was asked for (config setting backlit.version), but the "
        f"file name has 0.0; its metadata has 0.0: {why}, or set on-mismatch = 'warn' in [tool.backlit.version]"
    )


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        pytest.param("demo/_version.py", ("demo/_version.py, which the build wrote, has 0.0",), id="written"),
        pytest.param("demo/VERSION", ("demo/VERSION, which the build wrote, has 0.0",), id="bare"),
        pytest.param("demo/vendored/_version.py", (), id="further-down"),
        pytest.param("demo/versions.py", (), id="another-name"),
    ],
)
def test_a_file_that_the_build_wrote_must_not_state_another_version(
    tmp_path: Path, name: str, sentences: tuple[str, ...]
) -> None:
    made = planned(tmp_path / "demo", text=UNKNOWN + '[tool.backlit.version]\non-mismatch = "warn"\n')
    bare = not name.endswith(".py")
    path = wheel(tmp_path, files={name: "0.0\n" if bare else "__version__ = '0.0'\n"})
    assert check(made, path).disagreements == sentences
    (tmp_path / "demo" / "lib").mkdir()
    kept = "0.0" if bare else "__version__ = '0.0'  # of another thing\n"
    (tmp_path / "demo" / "lib" / name.rpartition("/")[2]).write_text(kept)
    assert check(made, path).disagreements == ()


def test_what_was_not_asked_for_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 6.0\n\n")
    path = wheel(tmp_path)
    assert check(planned(tmp_path / "demo", None), path).agrees is False
    assert path.exists()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"demo/_version.py": "from demo._git import describe\n"}, id="states none"),
        pytest.param({"demo/_version.py": "VERSION = '1.2.3'\nversion = 'unknown'\n"}, id="several, one right"),
        pytest.param({"other/_about.py": "__version__ = '0.0'\n"}, id="another file"),
    ],
)
def test_a_version_file_that_says_nothing_else_agrees(tmp_path: Path, files: dict[str, str]) -> None:
    assert check(planned(tmp_path / "demo"), wheel(tmp_path, files=files)).agrees is True


@pytest.mark.parametrize(
    ("asked", "named", "says"),
    [
        pytest.param("1.2.3+local.1", "1.2.3+local.1", "1.2.3+local.1", id="as it is"),
        pytest.param("1.2.3+local-1", "1.2.3+local.1", "1.2.3+local.1", id="spelled otherwise"),
        pytest.param("1.0", "1.0.0", "1.0", id="more zeros"),
        pytest.param("1.0rc1", "1.0rc1", "1.0.rc1", id="not canonical"),
    ],
)
def test_one_version_may_be_spelled_in_several_ways(tmp_path: Path, asked: str, named: str, says: str) -> None:
    assert check(planned(tmp_path / "demo", asked), wheel(tmp_path, named, says)).agrees is True


@pytest.mark.parametrize(
    ("hook", "says", "agrees"),
    [
        ("build_editable", "1.2.3+editable", True),
        ("build_editable", "1.2.3+other", False),
        ("build_wheel", "1.2.3+editable", False),
    ],
)
def test_an_editable_build_may_be_marked_as_one(tmp_path: Path, hook: str, says: str, *, agrees: bool) -> None:
    made = planned(tmp_path / "demo", on_mismatch="warn")._replace(hook=hook)
    assert check(made, wheel(tmp_path, says, says)).agrees is agrees


def test_a_local_version_that_was_lost_is_another_version(tmp_path: Path) -> None:
    with pytest.raises(VersionError, match=r"1\.2\.3\+local\.1 was asked for .* but the file name has 1\.2\.3"):
        check(planned(tmp_path / "demo", "1.2.3+local.1"), wheel(tmp_path))


def test_an_sdist_is_looked_into_as_well(tmp_path: Path) -> None:
    made = planned(tmp_path / "demo", on_mismatch="warn")
    path = sdist(tmp_path, "1.2.3", "1.2.3", {"src/demo/_version.py": "__version__ = '0.0'\n"})
    assert check(made, path).disagreements == ("src/demo/_version.py has 0.0",)
    assert check(made, sdist(tmp_path, "0.1", "0.2")).disagreements == (
        "the file name has 0.1",
        "its metadata has 0.2",
    )


def prepared(folder: Path, text: str) -> Path:
    path = folder / "demo.dist-info"
    path.mkdir()
    (path / "METADATA").write_text(text)
    return path


@pytest.mark.parametrize("says", ["1.2.3", "1.2.3.0"])
def test_prepared_metadata_that_agree(tmp_path: Path, says: str) -> None:
    verify.check_metadata(planned(tmp_path / "demo"), prepared(tmp_path, f"Name: demo\nVersion: {says}\n\n"))


def test_prepared_metadata_that_disagree_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(VersionError, match=r"but METADATA has 0\.0: setuptools-scm did not obey"):
        verify.check_metadata(planned(tmp_path / "demo"), prepared(tmp_path, "Name: demo\nVersion: 0.0\n\n"))


@pytest.mark.parametrize(
    ("version", "on_mismatch", "text"),
    [
        pytest.param(None, "error", "Version: 0.0\n\n", id="not asked for"),
        pytest.param("1.2.3", "warn", "Version: 0.0\n\n", id="warn"),
        pytest.param("1.2.3", "error", "Name: demo\n\nVersion: 0.0\n", id="text below the headers"),
    ],
)
def test_prepared_metadata_may_say_otherwise_where_nobody_insists(
    tmp_path: Path, version: str | None, on_mismatch: str, text: str
) -> None:
    made = planned(tmp_path / "demo", version, on_mismatch=on_mismatch)
    verify.check_metadata(made, prepared(tmp_path, text))


IN_TREE = """\
from pathlib import Path

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = Path(metadata_directory, "demo-0.0.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: demo\\nVersion: 0.0\\n\\n")
    return folder.name
"""


def test_the_hook_itself_refuses_prepared_metadata_that_disagree(tmp_path: Path) -> None:
    root, out = tmp_path / "demo", tmp_path / "out"
    root.mkdir()
    out.mkdir()
    (root / "pyproject.toml").write_text(UNKNOWN.replace("odd_backend", "verified_backend") + 'backend-path = ["."]\n')
    (root / "verified_backend.py").write_text(IN_TREE)
    hook, folders = "prepare_metadata_for_build_wheel", {"metadata_directory": str(out)}
    with pytest.raises(VersionError, match=r"but METADATA has 0\.0"):
        pipeline.build(root, hook, {"backlit.version": "1.0"}, folders)
    (out / "demo-0.0.dist-info" / "METADATA").unlink()
    (out / "demo-0.0.dist-info").rmdir()
    assert pipeline.build(root, hook, {"backlit.version": "0.0"}, folders) == "demo-0.0.dist-info"


LISTED = PYPROJECT.replace("requires = []", 'requires = ["setuptools-scm"]')


@pytest.mark.parametrize(
    ("hook", "asked", "version", "on_mismatch", "is_error"),
    [
        pytest.param("build_sdist", False, "1.2.3", "error", True, id="sdist, nobody asked"),
        pytest.param("build_sdist", False, "1.2.3", "warn", False, id="may be a warning"),
        pytest.param("build_sdist", False, None, "error", False, id="no version asked for"),
        pytest.param("build_sdist", True, "1.2.3", "error", False, id="the project chose"),
        pytest.param("build_wheel", False, "1.2.3", "error", False, id="wheel"),
    ],
)
def test_a_list_of_files_that_nobody_asked_for(
    tmp_path: Path, hook: str, version: str | None, on_mismatch: str, *, asked: bool, is_error: bool
) -> None:
    import_module("setuptools.command.egg_info")
    root = tmp_path / "demo"
    planned(root, version, on_mismatch=on_mismatch, text=LISTED)
    made = plan(root, hook, {"backlit.version": version} if version else None)
    for number in range(7):
        (root / f"{number}.txt").write_text("")
    listing = listings.prepare(root, tmp_path)
    if asked:
        (tmp_path / "files.json.asked").touch()
    path = sdist(tmp_path, "1.2.3", "1.2.3") if hook == "build_sdist" else wheel(tmp_path)
    if not is_error:
        verify.check(made, path, glance(path), listing)
        return
    with pytest.raises(VersionError) as caught:
        verify.check(made, path, glance(path), listing)
    assert str(caught.value) == (
        "pyproject.toml:8: setuptools-scm: gives setuptools the list of files, which was restored, but nobody asked "
        "for it, and demo-1.2.3.tar.gz lacks 8 of the tree's files, which no rule leaves out: 0.txt, 1.txt, 2.txt, "
        "3.txt, 4.txt and 3 more; see which command of setuptools' the project replaces, name the files in "
        "MANIFEST.in, or set on-mismatch = 'warn' in [tool.backlit.version]"
    )
    assert not path.exists()


def test_lost_files_are_told_of_in_one_sentence(tmp_path: Path) -> None:
    import_module("setuptools.command.egg_info")
    root = tmp_path / "demo"
    made = planned(root, None, text=LISTED)
    listing = listings.prepare(root, tmp_path)
    path = sdist(tmp_path, "1.2.3", "1.2.3")
    said = verify.check(made, path, glance(path), listing).loss
    assert said == "lacks 1 of the tree's files, which no rule leaves out: pyproject.toml"


def test_a_build_requirement_that_is_not_installed_is_what_is_wrong(tmp_path: Path) -> None:
    needs = '"packaging", "not-there[x]>=8", "not-wanted; python_version < \'3\'", "gone", "no requirement"'
    made = planned(tmp_path / "demo", text=PYPROJECT.replace("requires = []", f"requires = [{needs}]"))
    with pytest.raises(VersionError) as caught:
        check(made, wheel(tmp_path, "0.0.0", "0.0.0"))
    assert str(caught.value) == (
        "pyproject.toml:8: 1.2.3 was asked for (config setting backlit.version), but the file name has 0.0.0; "
        "its metadata has 0.0.0: what it needs to be built is not installed here: not-there, gone; install not-there, "
        "gone, or set on-mismatch = 'warn' in [tool.backlit.version]"
    )
