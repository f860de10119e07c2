"""How distributions spell versions, and what Python calls them."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from packaging.version import Version

from backlit.config import pep440, spelling
from backlit.errors import VersionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("put_back", "text", "value"),
    [
        (spelling.of_gentoo, "1.2.3", "1.2.3"),
        (spelling.of_gentoo, "1.2_rc1", "1.2rc1"),
        (spelling.of_gentoo, "1.2_p3", "1.2.post3"),
        (spelling.of_gentoo, "1.2_alpha", "1.2a0"),
        (spelling.of_gentoo, "1.2_beta2", "1.2b2"),
        (spelling.of_gentoo, "1.2_pre20240101", "1.2.dev20240101"),
        (spelling.of_gentoo, "1.2_rc1_p3", "1.2rc1.post3"),
        (spelling.of_gentoo, "2.9.0_p20240101", "2.9.0.post20240101"),
        (spelling.of_rpm, "1.2~rc1", "1.2rc1"),
        (spelling.of_rpm, "1.2~b2", "1.2b2"),
        (spelling.of_rpm, "1.2~dev3", "1.2.dev3"),
        (spelling.of_rpm, "1.2~a1~dev3", "1.2a1.dev3"),
        (spelling.of_rpm, "1.2^20240101gitabc", "1.2+20240101gitabc"),
        (spelling.of_rpm, "1.2~rc1^1.gitabc", "1.2rc1+1.gitabc"),
        (spelling.of_rpm, "1.2^post1", "1.2.post1"),
        (spelling.of_rpm, "1.2+git.5.abc", "1.2+git.5.abc"),
        (spelling.of_rpm, "1.2+git5^abc", "1.2+git5.abc"),
        (spelling.of_debian, "1.2-3", "1.2"),
        (spelling.of_debian, "1.2-3+b1", "1.2"),
        (spelling.of_debian, "1.2-3~bpo12+1", "1.2"),
        (spelling.of_debian, "1:2.0~rc1+dfsg-3", "2.0rc1"),
        (spelling.of_debian, "2:1.2-1ubuntu0.22.04.1", "1.2"),
        (spelling.of_debian, "1.2", "1.2"),
        (spelling.of_debian, "1.2+deb12u1", "1.2"),
        (spelling.of_debian, "1.2~bpo12+1", "1.2"),
        (spelling.of_debian, "1.2+nmu1", "1.2"),
        (spelling.of_debian, "1.2ubuntu1", "1.2"),
        (spelling.of_debian, "1.2+dfsg-1", "1.2"),
        (spelling.of_debian, "1.2+dfsg1.2-1", "1.2"),
        (spelling.of_debian, "1.2+ds.1-1", "1.2"),
        (spelling.of_debian, "1.2+ds-1", "1.2"),
        (spelling.of_debian, "1.2~ds1-1", "1.2"),
        (spelling.of_debian, "1.2.dfsg-1", "1.2"),
        (spelling.of_debian, "1.2dfsg1-1", "1.2"),
        (spelling.of_debian, "1.2+repack-1", "1.2"),
        (spelling.of_debian, "1.2+git20240101.abc-1", "1.2+git20240101.abc"),
        (spelling.of_debian, "1.2+dfsg1+git5-1", "1.2+git5"),
        (spelling.of_debian, "1.2+git20240101+07e65-1", "1.2+git20240101.07e65"),
        (spelling.of_debian, "3.2.1-1+really3.2+git5-2", "3.2+git5"),
        (spelling.of_debian, "2.0+really1.9-1", "1.9"),
        (spelling.of_debian, "2.0+really1.9+dfsg-1", "1.9"),
        (spelling.of_debian, "1.2+~cs3.4-1", "1.2"),
        (spelling.of_debian, "1.2~beta.2-1", "1.2b2"),
        (spelling.of_debian, "1.2~.dev3-1", "1.2.dev3"),
        (spelling.of_debian, "1.2-rc1-3", "1.2rc1"),
        (spelling.of_folder, "1.2-rc1", "1.2rc1"),
        (spelling.of_folder, "1.2+dfsg", "1.2"),
        (spelling.of_folder, "20240101", "20240101"),
        (spelling.of_nix, "1.2.0-rc.1", "1.2.0rc1"),
    ],
)
def test_a_distributions_spelling_is_put_back(put_back: Callable[[str], str], text: str, value: str) -> None:
    assert pep440.asked(put_back(text), where="") == value


@pytest.mark.parametrize(
    ("put_back", "text", "why"),
    [
        (spelling.of_gentoo, "9999", "a live ebuild's"),
        (spelling.of_gentoo, "1.9999", "a live ebuild's"),
        (spelling.of_rpm, "1.2~git5", "~git5 is earlier than 1.2, and is no pre-release"),
        (spelling.of_rpm, "1.2~20240101", "~20240101 is earlier than 1.2, and is no pre-release"),
        (spelling.of_rpm, "0^20240101git", "later than no release"),
        (spelling.of_debian, "0~git20240101-1", "~git20240101 is earlier than 0, and is no pre-release"),
        (spelling.of_debian, "0.0+git20240101-1", "later than no release"),
        (spelling.of_debian, "1.2~exp1-1", "~exp1 is earlier than 1.2, and is no pre-release"),
        (spelling.of_debian, "1.2~beautiful-1", "~beautiful is earlier than 1.2, and is no pre-release"),
        (spelling.of_nix, "0-unstable-2024-01-01", "a commit's, between two releases"),
        (spelling.of_nix, "1.2.3-unstable-2024-01-01", "a commit's, between two releases"),
        (spelling.of_nix, "unstable-2024-01-01", "a commit's, between two releases"),
        (spelling.of_folder, "0123456789abcdef0123456789abcdef01234567", "a commit's, as it looks"),
        (spelling.of_folder, "1234a56", "a commit's, as it looks"),
        (spelling.of_folder, "1234567", "a commit's, as it looks"),
    ],
)
def test_what_names_no_release_is_told_apart(put_back: Callable[[str], str], text: str, why: str) -> None:
    with pytest.raises(spelling.NoReleaseError) as caught:
        put_back(text)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("put_back", "text"),
    [
        (spelling.of_gentoo, "1.2_pre1_p1"),
        (spelling.of_debian, "1.2.r5.gabc-1"),
        (spelling.of_rpm, "1.2~rc1~rc2"),
        (spelling.of_nix, "2024-01-01"),
        (spelling.of_nix, "1.2-1"),
        (spelling.of_folder, "main"),
        (spelling.of_folder, "1.2-abcdef"),
    ],
)
def test_what_python_cannot_spell_is_refused(put_back: Callable[[str], str], text: str) -> None:
    with pytest.raises(VersionError):
        pep440.asked(put_back(text), where="")


@pytest.mark.skipif(shutil.which("dpkg-parsechangelog") is None, reason="needs dpkg-dev")
@pytest.mark.parametrize(
    ("epoch", "upstream", "revision"),
    [
        ("", "1.2.3", "1"),
        ("1:", "1.2~rc1", "0.1"),
        ("12:", "1.2+git5.abc", "2+b1"),
        ("", "2024.1.15", "1~bpo12+1"),
        ("1:", "1.2-rc1", "1ubuntu0.22.04.1"),
        ("", "0.1~a1", "1+deb12u1"),
    ],
)
def test_epoch_and_revision_are_what_dpkg_says(tmp_path: Path, epoch: str, upstream: str, revision: str) -> None:
    text = f"{epoch}{upstream}-{revision}"
    entry = f"demo ({text}) unstable; urgency=low\n\n  * New.\n\n -- A <a@b> Mon, 01 Jan 2024 00:00:00 +0000\n"
    (tmp_path / "changelog").write_text(entry)
    said = _output_of("dpkg-parsechangelog", "-l", str(tmp_path / "changelog"), "-S", "Version")
    assert said == text
    script = "use Dpkg::Version; print Dpkg::Version->new($ARGV[0])->version();"
    assert _output_of("perl", "-e", script, said) == upstream
    assert pep440.asked(spelling.of_debian(text), where="") == str(Version(upstream.replace("~", "")))


def _output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("1.2.3-rc.1-debian", "1.2.3rc1"),
        ("1.2~rc1", "1.2rc1"),
        ("1.2_p3", "1.2.post3"),
        ("1:1.2+dfsg-3", "1.2"),
        ("release-1.2", "1.2"),
        ("v1.2-5-gabc123", "1.2.post5+gabc123"),
        ("1.2.3.4.beta", "1.2.3.4b0"),
        ("1.2.x", "1.2"),
        ("1.2/3", "1.2"),
        ("latest", None),
        ("", None),
    ],
)
def test_what_may_have_been_meant_is_told(text: str, near: str | None) -> None:
    assert spelling.nearest(text) == near


@given(st.text(alphabet="0123456789abcdefgprv.~^+-_: ", max_size=24))
def test_any_text_gives_a_text_or_a_reason(text: str) -> None:
    for put_back in (spelling.of_gentoo, spelling.of_rpm, spelling.of_debian, spelling.of_folder, spelling.of_nix):
        with suppress(spelling.NoReleaseError):
            assert isinstance(put_back(text), str)
    near = spelling.nearest(text)
    assert near is None or str(Version(near)) == near
