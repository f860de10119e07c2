"""One word."""

WORD = "intree"
