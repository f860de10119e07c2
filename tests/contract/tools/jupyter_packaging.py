"""Trees whose setup.py asks jupyter-packaging."""

from __future__ import annotations

from typing import Final

from obedience import SOURCES, Case

JUPYTER_0 = ("setuptools==75.8.0", "wheel==0.45.1", "jupyter-packaging==0.7.12")
JUPYTER = ("setuptools==75.8.0", "wheel==0.45.1", "jupyter-packaging==0.12.3")
SYSTEM = '[build-system]\nrequires = ["jupyter-packaging"]\nbuild-backend = "{}"\n'
SETUP = """\
from pathlib import Path

import setuptools
from jupyter_packaging import get_version

HERE = Path(__file__).parent.resolve()
VERSION = get_version({})
setuptools.setup(name="My.Proj-Name", version=VERSION, packages=["words", "words.sub"])
"""


def case(requires: tuple[str, ...], backend: str, path: str) -> Case:
    """Give a case: `path` is the path as setup.py has it."""
    files = {**SOURCES, "words/_version.py": '__version__ = "1.2.3"\n'}
    files |= {"MANIFEST.in": "graft words\n", "pyproject.toml": SYSTEM.format(backend), "setup.py": SETUP.format(path)}
    return Case("jupyter-packaging", requires, files, hooks=("build_wheel", "build_sdist"), states=True)


CASES: Final = {
    "own-backend": case(JUPYTER, "jupyter_packaging.build_api", '"words/_version.py"'),
    "setuptools": case(JUPYTER, "setuptools.build_meta", 'HERE / "words" / "_version.py"'),
    "0.7": case(JUPYTER_0, "setuptools.build_meta", '"words/_version.py"'),
}
