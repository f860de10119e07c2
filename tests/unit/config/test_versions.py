"""Versions as text, and the places they are carried in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from packaging.version import InvalidVersion, Version

from backlit.config import pep440, version_sources
from backlit.config.project import Project
from backlit.errors import VersionError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("1.0-RC1", "1.0rc1"),
        ("1!2.0.post1.dev3", "1!2.0.post1.dev3"),
        ("1.0+AB.1", "1.0+ab.1"),
    ],
)
def test_a_version_becomes_canonical(text: str, value: str) -> None:
    assert pep440.canonical(text, where="") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one",
        "1.2.3\n",
        "1.2\n.3",
        "../1",
        "1.0/2",
        "1\0",
        "\uff11.2",
        "$(id)",
        "1" * 300,
        "1." + "9" * 5000,
        " 1.2",
        "1.2 ",
    ],
)
def test_what_is_no_version_is_refused_with_its_place(text: str) -> None:
    if text.strip() == text or "\n" in text:
        with pytest.raises(VersionError, match=r"^BACKLIT_VERSION: .* is no version"):
            pep440.canonical(text, where="BACKLIT_VERSION")
    else:
        assert pep440.canonical(text, where="") == text.strip()


@given(st.from_regex(r"[0-9v!.abcrpostdev+\-_ ]{1,20}", fullmatch=True) | st.text(max_size=12))
def test_what_is_taken_is_what_packaging_takes_and_stays_as_it_is(text: str) -> None:
    try:
        found = pep440.canonical(text, where="")
    except VersionError:
        return
    assert found == str(Version(text))
    assert pep440.canonical(found, where="") == found


@given(
    st.from_regex(
        r"([1-9]!)?[0-9]{1,3}(\.[0-9]{1,2}){0,3}((a|b|rc)[0-9]{1,2})?(\.post[0-9])?(\.dev[0-9])?", fullmatch=True
    )
)
def test_the_quick_way_and_packaging_agree(text: str) -> None:
    try:
        expected = str(Version(text))
    except InvalidVersion:
        expected = ""
    assert pep440.canonical(text, where="") == expected


@pytest.mark.parametrize(
    ("left", "right", "same"), [("1.0", "1.0.0", True), ("1.0", "1.0 ", True), ("1", "2", False), ("x", "x", False)]
)
def test_versions_are_compared_as_versions(left: str, right: str, *, same: bool) -> None:
    assert pep440.same(left, right) is same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("describe-name: v1.2.3\n", "1.2.3"),
        ("node: abc\ndescribe-name: release-2.0\n", "2.0"),
        ("describe-name: v1.2.3-4-gabcdef0\n", None),
        ("describe-name: $Format:%(describe:tags=true)$\n", None),
        ("", None),
    ],
)
def test_an_archive_of_a_tag_carries_its_version(tmp_path: Path, text: str, value: str | None) -> None:
    (tmp_path / ".git_archival.txt").write_text(text)
    found = version_sources.from_git_archival(Project(tmp_path, {}))
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("1.2.3-1", "write 1.2.3 without the package's revision, or 1.2.3.post1 if a post-release is meant"),
        ("v1.0rc1-2", "write v1.0rc1 without the package's revision, or 1.0rc1.post2 if a post-release is meant"),
    ],
)
def test_a_packages_revision_is_no_post_release(text: str, cure: str) -> None:
    with pytest.raises(VersionError) as caught:
        pep440.asked(text, where="BACKLIT_VERSION")
    assert str(caught.value) == f"BACKLIT_VERSION: {text!r} has two readings; {cure}"


@pytest.mark.parametrize("text", ["1.2.post1", "1.2-post1", "1.2-rc-1", "1.2+local-1", "1.2-dev3"])
def test_a_post_release_that_says_so_is_taken(text: str) -> None:
    assert pep440.asked(text, where="") == str(Version(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.2.3-rc.1-debian", "place: '1.2.3-rc.1-debian' is no version; write it as PEP 440 says: 1.2.3rc1 is near"),
        ("1.2~rc1", "place: '1.2~rc1' is no version; write it as PEP 440 says: 1.2rc1 is near"),
        ("latest", "place: 'latest' is no version; write it as PEP 440 says, such as 1.2.3 or 2.0rc1"),
        ("1.2\n3", "place: '1.2\\n3' is no version; write it as PEP 440 says, such as 1.2.3 or 2.0rc1"),
    ],
)
def test_the_nearest_version_is_told_where_there_is_one(text: str, said: str) -> None:
    with pytest.raises(VersionError) as caught:
        pep440.canonical(text, where="place")
    assert str(caught.value) == said
