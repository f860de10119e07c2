"""One word."""

WORD = "legacy"
