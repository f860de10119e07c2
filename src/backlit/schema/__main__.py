"""Write the schema's file anew: ``python -m backlit.schema``."""

from __future__ import annotations

from pathlib import Path

from backlit.schema import FILE, generate
from backlit.support.files import write_atomically


def main() -> None:
    """Write the file beside this module.

    :raises OSError: if it cannot be written.
    """
    write_atomically(Path(__file__).with_name(FILE), generate.text())


if __name__ == "__main__":
    main()
