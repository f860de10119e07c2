"""What finished wheels and sdists say of themselves, read without taking them apart on disk.

One container a file: :mod:`~backlit.artifacts.wheel`, :mod:`~backlit.artifacts.sdist`. Both refuse archives that no
build makes and that other tools may read in another way. :mod:`~backlit.artifacts.glance` is the light look that a
hook takes at every artifact, so importing this package loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.model.artifact import Artifact


def inspect(path: Path, *, kind: str | None = None) -> Artifact:
    """Give all that a wheel (``.whl``) or an sdist (``.tar.gz``, ``.zip``) says of itself; its name decides which.

    `kind` is what :attr:`Artifact.kind` becomes instead of ``wheel``: a wheel cannot tell that it is ``editable``.
    A part that cannot be read is a diagnostic in the answer.

    :raises FormatError: if the archive as a whole is damaged, hostile, or not what its name says.
    :raises InputError: if the file cannot be opened.
    """
    if path.name.endswith(".whl"):
        from backlit.artifacts import wheel  # noqa: PLC0415 - a glance must not load the readers of binaries

        return wheel.read(path, kind=kind or "wheel")
    from backlit.artifacts import sdist  # noqa: PLC0415 - likewise

    return sdist.read(path)


def members_with(path: Path, content: bytes) -> tuple[str, ...]:
    """Give the members of a wheel that have `content` in them, sorted; none for an sdist, which holds sources.

    :raises FormatError: if the archive as a whole is damaged, or hostile.
    :raises InputError: if the file cannot be opened.
    """
    if not path.name.endswith(".whl"):
        return ()
    from backlit.artifacts import wheel  # noqa: PLC0415 - likewise

    return wheel.members_with(path, content)
