"""One word."""

WORD = "static"
