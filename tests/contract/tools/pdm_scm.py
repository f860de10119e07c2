"""Trees that pdm-backend versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

PDM = ("pdm-backend==2.5.0",)
PDM_SCM = f"""\
[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
{PROJECT}[tool.pdm.version]
source = "scm"
write_to = "words/_v.py"
write_template = "version = '{{}}'\\n"
"""

CASES: Final = {"write_to": Case("pdm-backend", PDM, {**SOURCES, "pyproject.toml": PDM_SCM}, "words/_v.py", ALL_HOOKS)}
