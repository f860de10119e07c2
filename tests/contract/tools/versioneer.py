"""Trees that versioneer versions: by its package, and by a versioneer.py of the project's own."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

NEW = ("setuptools==84.2.1", "versioneer==0.29")
OLD = ("setuptools==80.9.0", "wheel==0.45.1")
MESON = ("meson-python==0.22.1", "meson==1.9.1", "ninja==1.13.0", "versioneer==0.29")
HATCH = ("hatchling==1.33.0", "versioneer==0.29", "editables==0.5")

SETUPTOOLS = f"""\
[build-system]
requires = ["setuptools", "versioneer[toml]"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
package-data = {{ "*" = ["*.json", "data/*"] }}
"""
SETTINGS = 'VCS = "git"\nversionfile_source = "words/_version.py"\nversionfile_build = "words/_version.py"\n'
TABLE = f'[tool.versioneer]\n{SETTINGS}tag_prefix = "v"\nparentdir_prefix = "tr"\n'
SECTION = f"[versioneer]\n{SETTINGS}".replace('"', "")
CFG = (
    "[metadata]\nname = My.Proj-Name\n[options]\npackages = words, words.sub\n"
    "[options.package_data]\n* = *.json, data/*\n"
)
SETUP = "import versioneer\nfrom setuptools import setup\n"
KEYWORDS = "version=versioneer.get_version(), cmdclass=versioneer.get_cmdclass()"

LONG = """\
def get_versions():
    import subprocess
    # Replaced by git archive.
    git_refnames = "$Format:%d$"
    git_full = "$Format:%H$"
    git_date = "$Format:%ci$"
    done = subprocess.run(["git", "describe", "--tags"], cwd=__file__.rpartition("/")[0], stdout=subprocess.PIPE)
    return {"version": done.stdout.decode().strip() or "0+unknown"}
"""
"""What there is of the long form that versioneer looks for in it, and a shorter way to the version."""

VENDORED = '''
# Version: {}
"""What ``versioneer install`` writes, taken out of the installer."""
import base64, importlib.metadata, re
for _file in importlib.metadata.files("versioneer"):
    _found = _file.name.startswith("versioneer") and re.search('VERSIONEER_b64 = """(.*?)"""', _file.read_text(), re.S)
    if _found:
        exec(base64.b64decode(_found[1]), globals())
        break
'''


def vendored(version: str, settings: str) -> dict[str, str]:
    """Give a tree with a versioneer.py of its own, and settings where that one looks for them."""
    setup, cfg = (settings, "") if settings.startswith("versioneer.") else ("", settings)
    return {
        **SOURCES,
        "words/_version.py": LONG,
        "versioneer.py": VENDORED.format(version),
        "MANIFEST.in": "include versioneer.py MANIFEST.in\n",
        "setup.cfg": CFG + cfg,
        "setup.py": f"{SETUP}{setup}setup({KEYWORDS})\n",
    }


def packaged(table: str, *, folder: str = "", **more: str) -> dict[str, str]:
    """Give a tree that asks for versioneer's package; `more` are the texts of further files."""
    sources = {**SOURCES, "words/_version.py": LONG}
    return {
        **{f"{folder}{path}": text for path, text in sources.items()},
        "pyproject.toml": SETUPTOOLS + table,
        "setup.py": f"{SETUP}setup({KEYWORDS})\n",
        **more,
    }


def styled(style: str) -> Case:
    """Give a case whose version is rendered in a style of versioneer's."""
    table = f'{TABLE}style = "{style}"\n'
    return Case(
        "versioneer", NEW, packaged(table), version_file="words/_version.py", hooks=("build_wheel", "build_editable")
    )


ASSIGNED = (
    'versioneer.VCS = "git"\nversioneer.versionfile_source = "words/_version.py"\n'
    'versioneer.versionfile_build = "words/_version.py"\nversioneer.tag_prefix = ""\n'
    'versioneer.parentdir_prefix = "tr"\n'
)

GENERATE = """\
#!/usr/bin/env python3
import os, sys
import versioneer
if len(sys.argv) > 1:
    path = os.path.join(os.environ.get("MESON_DIST_ROOT", ""), sys.argv[1])
    with open(path, "w") as file:
        file.write(f'__version__ = "{versioneer.get_version()}"\\n')
else:
    print(versioneer.get_version())
"""
MESON_BUILD = """\
project('words', version: run_command(['generate_version.py'], check: true).stdout().strip(), meson_version: '>=1.2')
py = import('python').find_installation()
script = files('generate_version.py')
py.install_sources('words/__init__.py', 'words/_version.py', subdir: 'words')
if import('fs').exists('written.py')
  py.install_sources('written.py', subdir: 'words')
else
  custom_target('write', output: 'written.py', command: [py, script, '@OUTPUT@'], build_by_default: true,
    install: true, install_dir: py.get_install_dir() / 'words')
  meson.add_dist_script(py, script, 'written.py')
endif
"""
"""As pandas has it: the version, and a file with it, both by a script that asks versioneer."""

CASES: Final = {
    "package": Case("versioneer", NEW, packaged(TABLE), version_file="words/_version.py", hooks=ALL_HOOKS),
    "package-src": Case(
        "versioneer",
        NEW,
        packaged(
            'package-dir = { "" = "src" }\n[tool.versioneer]\nVCS = "git"\n'
            'versionfile_source = "src/words/_version.py"\ntag_prefix = "words-"\n',
            folder="src/",
        ),
        hooks=ALL_HOOKS,
        tag="words-{}",
    ),
    "vendored-0.14": Case(
        "versioneer",
        (*OLD, "versioneer==0.14"),
        vendored("0.14", ASSIGNED),
        version_file="words/_version.py",
        hooks=("build_wheel", "build_sdist"),
        tag="{}",
    ),
    "vendored-0.19": Case(
        "versioneer",
        (*OLD, "versioneer==0.19"),
        vendored("0.19", f"{SECTION}tag_prefix = ''\nparentdir_prefix = tr\n"),
        version_file="words/_version.py",
        hooks=ALL_HOOKS,
        tag="{}",
    ),
    "vendored-0.29": Case(
        "versioneer",
        NEW,
        vendored("0.29", f'{SECTION}tag_prefix = "release-"\n'.replace('"', "")),
        version_file="words/_version.py",
        hooks=ALL_HOOKS,
        tag="release-{}",
    ),
    "pep440-pre": styled("pep440-pre"),
    "pep440-post-branch": styled("pep440-post-branch"),
    "git-describe": styled("git-describe"),
    # What git archive filled in stands before git itself.
    "git-archive": Case(
        "versioneer",
        NEW,
        {
            **packaged(TABLE),
            "words/_version.py": LONG.replace("$Format:%d$", " (HEAD, tag: v9.9.9)").replace("$Format:%H$", "01" * 20),
        },
        version_file="words/_version.py",
        hooks=("build_wheel", "build_sdist"),
        checkout_says="9.9.9",
    ),
    "attr": Case(
        "versioneer",
        NEW,
        {
            **packaged(""),
            "words/__init__.py": "from ._version import get_versions\n__version__ = get_versions()['version']\n",
            "setup.cfg": f"[metadata]\nversion = attr: words.__version__\n{SECTION}tag_prefix = v\n",
            "setup.py": f"{SETUP}setup(cmdclass=versioneer.get_cmdclass())\n",
        },
        version_file="words/_version.py",
        hooks=ALL_HOOKS,
    ),
    "meson": Case(
        "versioneer",
        MESON,
        {
            "words/__init__.py": "",
            "words/_version.py": LONG,
            "pyproject.toml": '[build-system]\nrequires = ["meson-python", "versioneer[toml]"]\n'
            f'build-backend = "mesonpy"\n{PROJECT}{TABLE}',
            "generate_version.py": GENERATE,
            "meson.build": MESON_BUILD,
        },
        version_file="words/_version.py",
        hooks=ALL_HOOKS,
    ),
    "hatchling": Case(
        "versioneer",
        HATCH,
        {
            "words/__init__.py": "",
            "words/_version.py": LONG,
            "pyproject.toml": '[build-system]\nrequires = ["hatchling", "versioneer"]\n'
            f'build-backend = "hatchling.build"\n{PROJECT}[tool.hatch.version]\nsource = "code"\n'
            f'path = "words/_version.py"\nexpression = "get_versions()[\'version\']"\n'
            f'[tool.hatch.build]\npackages = ["words"]\n{TABLE}tag_prefix = ""\n'.replace('tag_prefix = "v"\n', ""),
        },
        hooks=ALL_HOOKS,
        tag="{}",
    ),
}
