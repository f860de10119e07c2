"""A scratch copy is the tree, elsewhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit.errors import InputError
from backlit.pipeline import scratch

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_tree(folder: Path) -> Path:
    root = folder / "proj"
    (root / "pkg").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "pkg" / "__pycache__").mkdir()
    (root / "pkg" / "run.sh").write_text("#!/bin/sh\n")
    (root / "pkg" / "run.sh").chmod(0o755)
    os.utime(root / "pkg" / "run.sh", ns=(1_000_000_007, 2_000_000_009))
    (root / "link").symlink_to("pkg/run.sh")
    (root / "dangling").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    os.utime(root / "pkg", ns=(1_000_000_007, 3_000_000_009))
    return root


def plant(root: Path, *names: str) -> Path:
    """Write a file at each path below `root`; give `root`."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def listed(tree: Path) -> list[str]:
    return sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if not path.is_dir())


def git(tree: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    done = subprocess.run(["git", *who, *arguments], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_names_modes_times_and_links_are_kept(tmp_path: Path) -> None:
    copy = scratch.copy(make_tree(tmp_path), tmp_path / "s").tree
    state = (copy / "pkg" / "run.sh").stat()
    assert (copy.name, state.st_mode & 0o777, state.st_mtime_ns) == ("proj", 0o755, 2_000_000_009)
    assert ((copy / "link").readlink().name, (copy / "dangling").is_symlink()) == ("run.sh", True)
    assert (copy / "pkg").stat().st_mtime_ns == 3_000_000_009


def test_a_file_written_in_the_copy_is_the_copys_alone(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    copy = scratch.copy(root, tmp_path / "s").tree
    with (copy / "pkg" / "run.sh").open("r+") as file:
        file.write("changed")
    assert (root / "pkg" / "run.sh").read_text() == "#!/bin/sh\n"


def test_caches_pipes_and_sockets_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_tree(tmp_path)
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        copy = scratch.copy(root, tmp_path / "s").tree
    assert sorted(path.name for path in copy.iterdir()) == [".git", "dangling", "link", "pkg"]
    assert [path.name for path in (copy / "pkg").iterdir()] == ["run.sh"]


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        pytest.param(["build/lib/a.py", "a.py"], ["a.py"], id="build-of-setuptools"),
        pytest.param(["build/make.sh"], ["build/make.sh"], id="scripts-in-build"),
        pytest.param(["dist/a-1.whl"], [], id="artifacts"),
        pytest.param(["dist/bundle.js"], ["dist/bundle.js"], id="sources-in-dist"),
        pytest.param(["out/CMakeCache.txt", "out/CMakeFiles/x"], [], id="build-of-cmake-of-any-name"),
        pytest.param(["out/meson-info/x", "out/meson-private/x"], [], id="build-of-meson"),
        pytest.param(["rust/target/.rustc_info.json", "rust/target/debug/x"], [], id="build-of-cargo"),
        pytest.param(["env/pyvenv.cfg", "env/lib/x"], [], id="environment"),
        pytest.param(["a.egg-info/PKG-INFO"], ["a.egg-info/PKG-INFO"], id="egg-info-of-an-sdist"),
    ],
)
def test_build_folders_are_left_out_by_what_is_in_them(tmp_path: Path, names: list[str], kept: list[str]) -> None:
    root = plant(tmp_path / "proj", *names)
    assert listed(scratch.copy(root, tmp_path / "s").tree) == kept


def test_what_the_repository_tracks_is_never_left_out(tmp_path: Path) -> None:
    # A tracked file that is missing would make the version a dirty one.
    root = plant(tmp_path / "proj", "build/lib/a.py", "dist/a-1.whl", ".tox/x", "env/pyvenv.cfg")
    git(root, "init", "-q")
    git(root, "add", "build", "dist")
    git(root, "commit", "-qm", "all")
    git(root, "tag", "v1")
    copy = scratch.copy(root, tmp_path / "s").tree
    assert sorted(path.name for path in copy.iterdir()) == [".git", "build", "dist"]
    assert git(copy, "describe", "--tags", "--dirty") == "v1"


def test_without_the_repository_no_part_of_it_is_copied(tmp_path: Path) -> None:
    root = plant(tmp_path / "proj", ".git/HEAD", ".hg/x", "sub/.git", "sub/a.py", "tests/data/.hg/x")
    assert listed(scratch.copy(root, tmp_path / "s", repository=False).tree) == ["sub/a.py", "tests/data/.hg/x"]


def test_files_are_written_into_the_copy_only(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    copy = scratch.copy(root, tmp_path / "s", files=[("link", "told"), ("pkg/file.txt", "new"), ("a/b", "c")]).tree
    assert ((copy / "link").read_text(), (copy / "pkg" / "file.txt").read_text()) == ("told", "new")
    assert ((root / "pkg" / "run.sh").read_text(), (root / "a").exists()) == ("#!/bin/sh\n", False)
    assert (copy / "pkg").stat().st_mtime_ns == 3_000_000_009


def test_a_read_only_tree_gives_a_copy_that_can_be_written(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    (root / "pkg" / "run.sh").chmod(0o555)
    (root / "pkg").chmod(0o555)
    copy = scratch.copy(root, tmp_path / "s").tree
    (root / "pkg").chmod(0o755)
    modes = [(copy / name).stat().st_mode & 0o777 for name in ("pkg", "pkg/run.sh")]
    assert modes == [0o755, 0o755]


def test_a_read_only_file_in_a_folder_that_can_be_written_keeps_its_mode(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    (root / "pkg" / "run.sh").chmod(0o444)
    copy = scratch.copy(root, tmp_path / "s").tree
    assert (copy / "pkg" / "run.sh").stat().st_mode & 0o777 == 0o444


@pytest.fixture
def place_of_a_user() -> Iterator[Path]:
    """Give a folder in which this process is no superuser: one reads everything."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name)
            return
        os.chown(name, 65534, 65534)
        os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


def test_what_cannot_be_read_is_left_out_and_named(place_of_a_user: Path) -> None:
    root = plant(place_of_a_user / "proj", "a", "secret", "locked/b")
    (root / "secret").chmod(0)
    (root / "locked").chmod(0)
    copied = scratch.copy(root, place_of_a_user / "s")
    (root / "locked").chmod(0o755)
    assert (listed(copied.tree), copied.unread) == (["a"], ("locked", "secret"))


def test_a_tree_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be copied to"):
        scratch.copy(tmp_path / "nowhere", tmp_path / "s")


def test_a_link_that_leaves_the_tree_leads_where_it_led(tmp_path: Path) -> None:
    mono = plant(tmp_path / "mono", "LICENSE", "libs/README.md", "libs/common/a.py", "libs/proj/b.py")
    root = mono / "libs" / "proj"
    (root / "README.md").symlink_to("../README.md")
    (root / "LICENSE").symlink_to("../../LICENSE")
    (root / "common").symlink_to("../common")
    (root / "deep").mkdir()
    (root / "deep" / "self").symlink_to("../../proj/b.py")
    (root / "up").symlink_to("..")
    copied = scratch.copy(root, tmp_path / "s")
    assert (copied.tree.parent.name, copied.tree.name) == ("libs", "proj")
    assert (copied.tree / "LICENSE").readlink() == (root / "LICENSE").readlink()
    found = [(copied.tree / name).read_text() for name in ("README.md", "LICENSE", "common/a.py", "deep/self")]
    assert found == ["libs/README.md", "LICENSE", "libs/common/a.py", "libs/proj/b.py"]
    assert (copied.tree / "deep" / "self").resolve() == (copied.tree / "b.py").resolve()
    assert str(copied.tree).replace(*copied.prefix) == str(root)


def test_an_absolute_link_into_the_tree_leads_into_the_copy(tmp_path: Path) -> None:
    root = plant(tmp_path / "proj", "pkg/a.py", "other/b.py")
    (root / "pkg" / "b.py").symlink_to(root / "other" / "b.py")
    (root / "pkg" / "sh").symlink_to("/bin/sh")
    copy = scratch.copy(root, tmp_path / "s").tree
    assert str((copy / "pkg" / "b.py").readlink()) == "../other/b.py"
    assert str((copy / "pkg" / "sh").readlink()) == "/bin/sh"


@pytest.mark.parametrize("inside", ["", "tmp", "src/tmp"])
def test_a_place_for_the_copy_inside_the_tree_is_not_copied(tmp_path: Path, inside: str) -> None:
    root = plant(tmp_path / "proj", "a.py", "src/b.py")
    parent = root / inside / "backlit-x"
    parent.mkdir(parents=True)
    copied = scratch.copy(root, parent)
    assert listed(copied.tree) == ["a.py", "src/b.py"]


def test_a_tree_whose_repository_is_further_up_is_copied_with_it(tmp_path: Path) -> None:
    top = plant(tmp_path / "mono", "a/pyproject.toml", "b/c")
    git(top, "init", "-q")
    copied = scratch.copy(top / "a", tmp_path / "s", top=top, files=[("told", "x")])
    assert listed(copied.tree) == ["pyproject.toml", "told"]
    assert git(copied.tree, "rev-parse", "--show-toplevel") == str(copied.tree.parent)
    assert str(copied.tree).replace(*copied.prefix) == str(top / "a")


def test_a_folder_is_removed_with_what_it_holds(tmp_path: Path) -> None:
    with scratch.folder(tmp_path) as folder:
        (folder / "a").mkdir()
    assert not folder.exists()


def test_the_folder_of_one_tree_has_the_same_name_each_time_but_is_never_shared(tmp_path: Path) -> None:
    with scratch.folder(tmp_path / "a") as first, scratch.folder(tmp_path / "b") as other:
        (first / "x").touch()
        with scratch.folder(tmp_path / "a") as meanwhile:
            assert len({first, other, meanwhile}) == 3
            assert not list(meanwhile.iterdir())
            assert meanwhile.stat().st_mode & 0o777 == 0o700
        assert (first / "x").exists()
    with scratch.folder(tmp_path / "a") as again:
        assert again != first
    code = "import sys; from pathlib import Path; from backlit.pipeline import scratch\n"
    code += "with scratch.folder(Path(sys.argv[1])) as folder: print(folder)"
    command = [sys.executable, "-c", code, str(tmp_path / "a")]
    elsewhere = {subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)}
    assert elsewhere == {str(first)}


def test_a_place_that_does_not_fit_is_left_for_one_that_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with (
        scratch.folder(tmp_path, fits=lambda _: True) as named,
        scratch.folder(tmp_path, fits=lambda place: place != tmp_path) as other,
    ):
        assert named.is_relative_to(tmp_path)
        assert not other.is_relative_to(tmp_path)
    with scratch.folder(tmp_path, fits=lambda _: False) as nowhere:
        assert nowhere.is_relative_to(tmp_path)
