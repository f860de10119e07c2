"""Say which version this is."""

from pdm_words._version import __version__

__all__ = ["__version__"]
