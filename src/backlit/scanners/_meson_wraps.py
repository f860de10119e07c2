"""Meson's wraps: which project a file of ``subprojects/`` stands for, in which version, and what it offers."""

from __future__ import annotations

import configparser
import re
from typing import Any

from backlit.scanners._copies import name_and_version


class Wrap:
    """One wrap file."""

    def __init__(self, name: str, text: str) -> None:
        """Read it; `name` is the file's, without its ending."""
        sections = _sections(text)
        main: dict[str, Any] = next((table for key, table in sections.items() if key.startswith("wrap")), {})
        provided = sections.get("provide", {})
        self.folder = main.get("directory") or name
        self.detail = main.get("source_url") or main.get("url") or "a wrap"
        revision = main.get("revision", "")
        said, self.version = name_and_version(self.folder)
        if not self.version and re.fullmatch(r"v?\d+(\.\d+)+", revision):
            self.version = revision.removeprefix("v")
        address = main.get("url", "").rstrip("/").removesuffix(".git").rpartition("/")[2]
        # The folder is what an archive has at its top, ``openssl-rel-3.0.8``; the file is named for the project.
        named = address or (name if said.startswith(name) or not main.get("directory") else said)
        self.name = name_and_version(named)[0]
        listed = provided.get("dependency_names", "").split(",")
        self.offers = {name, *(item.strip() for item in listed if item.strip()), *provided} - {"dependency_names"}


def _sections(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}
