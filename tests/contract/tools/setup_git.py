"""Trees whose own code asks git, under setuptools."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

SETUPTOOLS = ("setuptools==84.2.1",)
SETUPTOOLS_75 = ("setuptools==75.8.0", "wheel==0.45.1")
GITPYTHON = ("setuptools==84.2.1", "GitPython==3.1.46")

SETUP = """\
from setuptools import setup
{}
setup(
    name="My.Proj-Name",
    version={},
    packages=["words", "words.sub"],
    package_data={{"*": ["*.json"]}},
)
"""
DESCRIBE = """
import subprocess
def describe():
    try:
        return subprocess.check_output({}, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "0.0.0"
"""
PLAIN = DESCRIBE.format('["git", "describe", "--tags", "--dirty"]')
MATCH = DESCRIBE.format('["git", "describe", "--match", "rel-*"]')
FOLDER = "\nimport os\nif not os.path.isdir('.git'):\n    raise SystemExit('no checkout')\n"
WRITES = "\nwith open('words/_version.py', 'w') as file:\n    file.write(f'__version__ = \"{describe()[1:]}\"\\n')\n"
REPO = """
import git
def describe():
    repo = git.Repo(".", search_parent_directories=True)
    return next(tag.name for tag in repo.tags if tag.commit == repo.head.commit)
"""
PYPROJECT = f"""\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
[tool.setuptools.dynamic]
version = {{ attr = "words.version.VERSION" }}
"""
MODULE = {"words/version.py": PLAIN + "VERSION = describe().removeprefix('v')\n"}
CFG = """\
[metadata]
name = My.Proj-Name
version = attr: words.version.VERSION
[options]
packages = words, words.sub
package_dir =
    = lib
"""
LIB = {f"lib/{path}": text for path, text in {**SOURCES, **MODULE}.items()}


def own(
    files: dict[str, str],
    *,
    requires: tuple[str, ...] = SETUPTOOLS,
    hooks: tuple[str, ...] = ("build_wheel", "build_editable"),
    tag: str = "v{}",
) -> Case:
    """Give a case of code that asks git."""
    return Case("setup-git", requires, {**SOURCES, **files}, hooks=hooks, tag=tag)


CASES: Final = {
    "describe": own({"setup.py": SETUP.format(PLAIN, 'describe().lstrip("v")')}),
    "describe-75": own({"setup.py": SETUP.format(PLAIN, "describe()[1:]")}, requires=SETUPTOOLS_75),
    "prefix": own({"setup.py": SETUP.format(MATCH, "describe()[4:]")}, tag="rel-{}"),
    "folder": own({"setup.py": SETUP.format(PLAIN + FOLDER, "describe()[1:]")}, hooks=("build_wheel",)),
    "writes": own({"setup.py": SETUP.format(PLAIN + WRITES, "describe()[1:]")}, hooks=("build_wheel",)),
    "gitpython": own({"setup.py": SETUP.format(REPO, "describe()")}, requires=GITPYTHON, hooks=("build_wheel",)),
    "attribute": own({"pyproject.toml": PYPROJECT, "MANIFEST.in": "graft words\n", **MODULE}, hooks=ALL_HOOKS),
    "attribute-in-setup.cfg": Case(
        "setup-git",
        SETUPTOOLS,
        {"setup.cfg": CFG, "setup.py": "from setuptools import setup\nsetup()\n", **LIB},
        hooks=("build_wheel",),
    ),
    "executed": own(
        {
            "setup.py": SETUP.format("about = {}\nexec(open('words/about.py').read(), about)", "about['version']"),
            "words/about.py": PLAIN + "version = describe()\n",
        }
    ),
}
