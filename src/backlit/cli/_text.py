"""Text that came from elsewhere, made fit for a terminal."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Give text as one line: line breaks become spaces, and what could steer a terminal shows its number."""
    joined = " ".join(text.split())
    return "".join(character if character.isprintable() else _numbered(character) for character in joined)


def _numbered(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()
