"""Sphinx settings. Reference pages that the code already states are written from it by `_ext/reference_pages.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "backlit"
author = "the backlit developers"
extensions = ["myst_parser", "reference_pages"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "backlit"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# A version tool's page is its module's docstring, which may name Python objects; there are no pages for those.
nitpick_ignore_regex = [(r"py:.*", r".*")]
