"""Trees to which meson.build gives the version."""

from __future__ import annotations

from typing import Final

from obedience import ALL_HOOKS, PROJECT, SOURCES, Case

MESON = ("meson-python==0.22.1", "meson==1.12.1", "ninja==1.13.2")
MESON_OLD = ("meson-python==0.16.0", "meson==1.5.0", "ninja==1.13.2", "packaging==24.2", "pyproject-metadata==0.8.0")
SCM_8 = ("setuptools==80.9.0", "setuptools-scm==8.3.1")
SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")

PYPROJECT = f"""\
[build-system]
requires = ["meson-python"]
build-backend = "mesonpy"
{PROJECT}"""
BUILD = """\
project(
  'words',  # version: '0.1'
  version: {},
)
py = import('python').find_installation(pure: true)
install_subdir('words', install_dir: py.get_install_dir())
"""
DESCRIBE = """\
import subprocess, sys
try:
    found = subprocess.run(["git", "describe", "--tags"], capture_output=True, text=True, check=True).stdout
except (OSError, subprocess.CalledProcessError):
    found = "v0.0.0+unknown"
version = found.strip().removeprefix("v")
if sys.argv[1:]:
    open(sys.argv[1], "w").write(f"version = '{version}'\\n")
else:
    print(version)
"""
SCRIPT = {"tools/gitversion.py": DESCRIBE}
COMMAND = "run_command('python3', 'tools/gitversion.py', check: true).stdout().strip()"
WRITES = """\
custom_target('version', output: 'version.py', install: true, install_dir: py.get_install_dir() / 'words',
  command: [py, meson.current_source_dir() / 'tools/gitversion.py', '@OUTPUT@'])
"""
GENERATES = """\
configure_file(input: 'version.py.in', output: 'version.py', configuration: {'version': meson.project_version()},
  install: true, install_dir: py.get_install_dir() / 'words')
"""
TEMPLATE = {"version.py.in": "version = '@version@'\n"}
SCM = "run_command('python3', '-m', 'setuptools_scm', check: true).stdout().strip()"
SCM_TABLE = '[tool.setuptools_scm]\nversion_file = "words/_v.py"\n'
SCM_CALL = "run_command('python3', '-c', 'from setuptools_scm import get_version as g; print(g())').stdout().strip()"


def meson(
    files: dict[str, str], *, requires: tuple[str, ...] = MESON, hooks: tuple[str, ...] = ("build_wheel",)
) -> Case:
    """Give a case of meson."""
    return Case("meson", requires, {**SOURCES, "pyproject.toml": PYPROJECT, **files}, hooks=hooks)


CASES: Final = {
    "script": meson({"meson.build": BUILD.format(COMMAND), **SCRIPT}, hooks=ALL_HOOKS),
    "script-0.16": meson({"meson.build": BUILD.format(COMMAND), **SCRIPT}, requires=MESON_OLD, hooks=ALL_HOOKS),
    "script-that-writes-too": meson({"meson.build": BUILD.format(COMMAND) + WRITES, **SCRIPT}, hooks=ALL_HOOKS),
    "project_version": meson({"meson.build": BUILD.format(COMMAND) + GENERATES, **TEMPLATE, **SCRIPT}, hooks=ALL_HOOKS),
    "git": meson(
        {"meson.build": BUILD.format("run_command('git', 'describe', '--tags').stdout().strip().replace('v', '')")}
    ),
    "setuptools_scm-8": meson(
        {"meson.build": BUILD.format(SCM), "pyproject.toml": PYPROJECT + SCM_TABLE},
        requires=(*MESON, *SCM_8),
        hooks=ALL_HOOKS,
    ),
    "setuptools_scm-10": meson(
        {"meson.build": BUILD.format(SCM), "pyproject.toml": PYPROJECT + SCM_TABLE},
        requires=(*MESON, *SCM_10),
        hooks=ALL_HOOKS,
    ),
    "setuptools_scm-call": meson({"meson.build": BUILD.format(SCM_CALL)}, requires=(*MESON, *SCM_10), hooks=ALL_HOOKS),
    "beside-a-fixed-version": meson(
        {
            "meson.build": BUILD.format(COMMAND) + WRITES,
            "pyproject.toml": PYPROJECT.replace('dynamic = ["version"]', 'version = "1.2.3"'),
            **SCRIPT,
        },
        hooks=ALL_HOOKS,
    )._replace(tool="static", states=True),
    "nothing-but-a-fixed-version": meson(
        {
            "meson.build": BUILD.replace("  version: {},\n", ""),
            "pyproject.toml": PYPROJECT.replace('dynamic = ["version"]', 'version = "1.2.3"'),
        },
        hooks=ALL_HOOKS,
    )._replace(tool="static", states=True),
    "file": meson({"meson.build": BUILD.format("files('VERSION')"), "VERSION": "1.2.3\n"}, hooks=ALL_HOOKS)._replace(
        states=True
    ),
    "literal": meson({"meson.build": BUILD.format("'1.2.3'")}, hooks=ALL_HOOKS)._replace(states=True),
}
