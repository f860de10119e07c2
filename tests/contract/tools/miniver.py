"""Trees that miniver versions: its code stands in the package."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, SOURCES, Case

NEW = ("setuptools==84.2.1", "miniver==0.8.0")
OLD = ("setuptools==80.9.0", "wheel==0.45.1", "miniver==0.3.1")

CODE = """\
# What ``miniver install`` copies here.
import importlib.metadata
for _file in importlib.metadata.files("miniver"):
    if _file.name == "_version.py":
        exec(compile(_file.read_text(), __file__, "exec"))
"""
STATIC = 'version = "__use_git__"\n# git archive fills these in.\nrefnames = "$Format:%D$"\ngit_hash = "$Format:%h$"\n'
SETUP = """\
import os
from importlib.util import module_from_spec, spec_from_file_location
from setuptools import setup
spec = spec_from_file_location("version", os.path.join("{folder}words", "_version.py"))
module = module_from_spec(spec)
spec.loader.exec_module(module)
setup(
    name="My.Proj-Name",
    version=module.__version__,
    cmdclass={cmdclass},
    package_dir={{"": "{folder}" or "."}},
    packages=["words", "words.sub"],
    package_data={{"": ["*.json", "data/*"]}},
)
"""


def tree(cmdclass: str, folder: str = "") -> dict[str, str]:
    """Give a tree that miniver is installed in."""
    sources = {**SOURCES, "words/_version.py": CODE, "words/_static_version.py": STATIC}
    setup = SETUP.format(cmdclass=cmdclass, folder=folder)
    return {**{f"{folder}{path}": text for path, text in sources.items()}, "setup.py": setup}


CASES: Final = {
    "flat": Case(
        "miniver",
        NEW,
        tree("module.get_cmdclass('words')"),
        version_file="words/_static_version.py",
        hooks=ALL_HOOKS,
    ),
    "src": Case("miniver", NEW, tree("module.get_cmdclass('src/words')", "src/"), hooks=ALL_HOOKS),
    "attr": Case(
        "miniver",
        NEW,
        {
            **tree("module.get_cmdclass('words')"),
            "words/__init__.py": "from ._version import __version__\n",
            "setup.py": SETUP.format(cmdclass="module.get_cmdclass('words')", folder="").replace(
                "    version=module.__version__,\n", ""
            ),
            "setup.cfg": "[metadata]\nversion = attr: words.__version__\n",
        },
        version_file="words/_static_version.py",
        hooks=ALL_HOOKS,
    ),
    "0.3": Case(
        "miniver", OLD, tree("module.cmdclass"), version_file="words/_static_version.py", hooks=ALL_HOOKS, tag="{}"
    ),
}
