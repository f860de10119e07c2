"""Trees that versioningit versions."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

NEW = ("setuptools==84.2.1", "versioningit==3.3.0")
OLD = ("setuptools==80.9.0", "wheel==0.45.1", "versioningit==1.1.2")
HATCH = ("hatchling==1.33.0", "versioningit==3.3.0", "editables==0.5")
HATCH_OLD = ("hatchling==1.27.0", "versioningit==2.3.0", "editables==0.5")

SETUPTOOLS = f"""\
[build-system]
requires = ["setuptools", "versioningit"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
packages = ["words", "words.sub"]
package-data = {{ "*" = ["*.json", "data/*"] }}
"""
HATCHLING = f"""\
[build-system]
requires = ["hatchling", "versioningit"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.version]
source = "versioningit"
"""
TABLE = '[tool.versioningit]\ndefault-version = "0.0.0"  # without git\n'
WRITE = '[tool.versioningit.write]\nfile = "words/_v.py"\n'
ONBUILD = 'source-file = "words/_f.py"\nbuild-file = "words/_f.py"\n'
FROZEN = {"words/_f.py": "from versioningit import get_version\n__version__ = get_version()\n"}
SETUP_PY = {
    "setup.py": "from setuptools import setup\nfrom versioningit import get_cmdclasses\n"
    "setup(cmdclass=get_cmdclasses(), version='0')\n"
}


def versioningit(
    requires: tuple[str, ...],
    files: dict[str, str],
    *,
    hooks: tuple[str, ...] = ("build_wheel",),
    version_file: str = "",
    tag: str = "v{}",
) -> Case:
    """Give a case of versioningit."""
    return Case("versioningit", requires, {**SOURCES, **files}, version_file, hooks, tag)


CASES: Final = {
    "write": versioningit(NEW, {"pyproject.toml": SETUPTOOLS + WRITE}, hooks=ALL_HOOKS, version_file="words/_v.py"),
    "write-1": versioningit(
        OLD, {"pyproject.toml": SETUPTOOLS + TABLE + WRITE}, hooks=ALL_HOOKS, version_file="words/_v.py"
    ),
    "onbuild": versioningit(
        NEW,
        {"pyproject.toml": SETUPTOOLS + TABLE + "[tool.versioningit.onbuild]\n" + ONBUILD, **FROZEN, **SETUP_PY},
        hooks=ALL_HOOKS,
        version_file="words/_f.py",
    ),
    "own-file": versioningit(
        NEW,
        {"pyproject.toml": SETUPTOOLS, "versioningit.toml": TABLE + WRITE},
        version_file="words/_v.py",
    ),
    "commit-in-template": versioningit(
        NEW,
        {"pyproject.toml": SETUPTOOLS + WRITE + "template = \"__version__ = '{version}'; branch = '{branch}'\"\n"},
        hooks=ALL_HOOKS,
        version_file="words/_v.py",
    ),
    "tag-rules": versioningit(
        NEW,
        {
            "pyproject.toml": SETUPTOOLS
            + '[tool.versioningit.tag2version]\nrmprefix = "rel-"\nrequire-match = true\nregex = "^[0-9].*"\n'
            + '[tool.versioningit.vcs]\nmatch = ["rel-*"]\n'
        },
        hooks=ALL_HOOKS,
        tag="rel-{}",
    ),
    "git-archive": versioningit(
        NEW,
        {
            "pyproject.toml": SETUPTOOLS
            + WRITE
            + '[tool.versioningit.vcs]\nmethod = "git-archive"\ndescribe-subst = "$Format:%(describe:tags)$"\n'
        },
        version_file="words/_v.py",
    ),
    "hatch": versioningit(
        HATCH,
        {
            "pyproject.toml": HATCHLING + WRITE + "[tool.hatch.build.hooks.versioningit-onbuild]\n" + ONBUILD,
            **FROZEN,
        },
        hooks=ALL_HOOKS,
        version_file="words/_f.py",
    ),
    "hatch-2": versioningit(
        HATCH_OLD,
        {"pyproject.toml": HATCHLING + WRITE.replace("versioningit", "hatch.version")},
        hooks=ALL_HOOKS,
        version_file="words/_v.py",
    ),
    "hatch-pkg-info": versioningit(
        HATCH,
        {"pyproject.toml": HATCHLING, "PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 0.1\n\n"},
    ),
    "pkg-info": versioningit(
        NEW,
        {"pyproject.toml": SETUPTOOLS + WRITE, "PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 0.1\n\n"},
        version_file="words/_v.py",
    ),
}
