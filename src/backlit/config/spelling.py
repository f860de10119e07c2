"""How distributions spell the versions of others, put back into Python's spelling.

Text to text: whether what comes out is a version is for :mod:`backlit.config.pep440` to say. What a distribution's
tools do themselves was read in: ``pypi.eclass`` of Gentoo, ``pybuild.pm`` of dh-python, ``uscan`` of devscripts.
"""

from __future__ import annotations

import re
from typing import Final


class NoReleaseError(ValueError):
    """The text names no release; ``str()`` says why."""


def of_gentoo(text: str) -> str:
    """Put back ``PV``: ``1.2_alpha1``, ``1.2_beta1``, ``1.2_pre1`` (a development release), ``1.2_rc1``, ``1.2_p1``.

    :raises NoReleaseError: for a live ebuild.
    """
    if re.search(r"(?:^|\.)9999+(?:\.|$)", text):
        raise NoReleaseError("a live ebuild's")
    for suffix, ours in (("_alpha", "a"), ("_beta", "b"), ("_pre", ".dev"), ("_rc", "rc"), ("_p", ".post")):
        text = re.sub(rf"{suffix}(?![a-z\d])", f"{ours}0", text)
        text = re.sub(rf"{suffix}(?=\d)", ours, text)
    return text


def of_rpm(text: str) -> str:
    """Put back ``1.2~rc1``; what follows ``^`` is later than the release, so it becomes a local part.

    :raises NoReleaseError: if what follows ``~`` is no pre-release, or ``^`` follows no release.
    """
    return _local(_without_tilde(text))


def of_debian(text: str) -> str:
    """Put back ``1:1.2~rc1+dfsg-3``: no epoch, no revision, no mark of repacking; any other local part stays.

    :raises NoReleaseError: as :func:`of_rpm`.
    """
    text = re.sub(r"^\d+:", "", text)
    text = text.rpartition("-")[0] if "-" in text else _NATIVE.sub("", text)
    # A version that had to be taken back: ``2.0+really1.9`` is 1.9. ``+~`` starts the versions of further archives.
    return of_folder(text.rpartition("+really")[2].partition("+~")[0])


def of_folder(text: str) -> str:
    """Put back what the folder of an unpacked archive has after the name; as Debian's upstream version.

    :raises NoReleaseError: as :func:`of_rpm`, and for a commit.
    """
    if re.fullmatch(r"(?=\d*[a-f])[0-9a-f]{7,}|\d{7}|\d{9,}", text):
        raise NoReleaseError("a commit's, as it looks")
    return of_rpm(_REPACKED.sub("", text))


def of_nix(text: str) -> str:
    """Put back what nixpkgs calls a version.

    :raises NoReleaseError: for a commit between two releases.
    """
    if re.search(r"(?:^|-)unstable-\d{4}-\d{2}-\d{2}$", text):
        raise NoReleaseError("a commit's, between two releases")
    return text


def nearest(text: str) -> str | None:
    """Give the version that somebody who wrote `text` may have meant, in Python's spelling; None if none is near."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - 19 ms, where something is wrong already

    for candidate in _candidates(text):
        try:
            return str(Version(candidate))
        except InvalidVersion:
            continue
    return None


def _candidates(text: str) -> list[str]:
    found: list[str] = []
    described = re.fullmatch(r"\D*(\d.*)-(\d+)-(g[0-9a-f]+)(?:-dirty)?", text)
    if described:
        found.append(f"{described[1]}.post{described[2]}+{described[3]}")
    for put_back in (of_gentoo, of_debian, of_rpm):
        try:
            found.append(put_back(text))
        except NoReleaseError:
            continue
    start = re.search(r"\d", text)
    words = re.split(r"(?=[^A-Za-z0-9])", text[start.start() :]) if start else []
    return [*found, *("".join(words[:count]) for count in range(len(words), 0, -1))]


_PRE_RELEASE: Final = re.compile(r"[._-]?(?:alpha|beta|preview|pre|rc|dev|a|b|c)(?![a-z])", re.IGNORECASE)

_REPACKED: Final = re.compile(r"(?:[+~.](?:debian|dfsg|ds|deb|repack)|dfsg)[.]?\d*(?:\.\d+)*(?=[+~]|$)")
"""As ``@DEB_EXT@`` of uscan has them, and older and more common spellings."""

_NATIVE: Final = re.compile(r"(?:[+~]deb\d+u\d+|~bpo\d+\+\d+|\+nmu\d+|\+b\d+|ubuntu[\d.]+|build\d+)+$")
"""What else Debian and Ubuntu add, which elsewhere belongs to the revision."""


def _without_tilde(text: str) -> str:
    head, *parts = text.split("~")
    for part in parts:
        if not _PRE_RELEASE.match(part):
            raise NoReleaseError(f"~{part} is earlier than {head}, and is no pre-release")
    return "".join((head, *parts))


def _local(text: str) -> str:
    head, caret, rest = text.partition("^")
    post = re.fullmatch(r"\.?post(\d+)", rest)
    if post:
        return f"{head}.post{post[1]}"
    if caret:
        text = f"{head}{'.' if '+' in head else '+'}{rest.replace('^', '.')}"
    release, plus, local = text.partition("+")
    if plus and not release.strip("0."):
        raise NoReleaseError("later than no release")
    # PEP 440 has one ``+``, and parts its local version with dots.
    return f"{release}{plus}{local.replace('+', '.')}"
