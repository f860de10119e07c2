"""Split a text into words."""

__version__ = "0.3.0"


def words(text: str) -> list[str]:
    """Give the words of `text`, in order."""
    return text.split()
