"""Trees that pbr versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

PBR = ("setuptools==84.2.1", "pbr==7.1.3")
PBR_CFG = "[metadata]\nname = My.Proj-Name\n[files]\npackages = words\n"
PBR_BUILD = '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n'

CASES: Final = {
    "setup.py": Case(
        "pbr",
        PBR,
        {
            **SOURCES,
            "pyproject.toml": PBR_BUILD,
            "setup.cfg": PBR_CFG,
            "setup.py": "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n",
        },
        hooks=ALL_HOOKS,
    ),
    "src": Case(
        "pbr",
        PBR,
        {
            **{f"src/{path}": text for path, text in SOURCES.items()},
            "pyproject.toml": PBR_BUILD + PROJECT + "[tool.setuptools]\ninclude-package-data = true\n",
            "setup.cfg": "[metadata]\nname = My.Proj-Name\n",
            "setup.py": "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n",
        },
    ),
    "project-table": Case(
        "pbr", PBR, {**SOURCES, "pyproject.toml": PBR_BUILD + PROJECT + '[tool.setuptools]\npackages = ["words"]\n'}
    ),
}
