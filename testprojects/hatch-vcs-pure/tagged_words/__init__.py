"""Say which version this is."""

from tagged_words._version import __version__

__all__ = ["__version__"]
