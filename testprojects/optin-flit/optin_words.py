"""One word."""

__version__ = "0.5.0"

WORD = "optin"
