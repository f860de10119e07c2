"""Trees that vcver versions."""

from __future__ import annotations

from typing import Final

from obedience import SOURCES, Case

VCVER = ("setuptools==84.2.1", "vcver==0.2.12", "packaging==26.3")

RELEASE = '"is_release": True, "release_branch_regex": ".*"'
"""Without these no checkout has the version that its tag says."""
SETUP = (
    "from setuptools import setup\nsetup(name='My.Proj-Name', setup_requires=['vcver'], vcver={{{}}}, "
    'packages=["words", "words.sub"], package_data={{"": ["*.json", "data/*"]}})\n'
)
HOOKS = ("build_wheel", "build_sdist")

CASES: Final = {
    "VERSION": Case(
        "vcver",
        VCVER,
        {**SOURCES, "setup.py": SETUP.format(RELEASE), "MANIFEST.in": "include VERSION\n"},
        hooks=HOOKS,
    ),
    "another-file": Case(
        "vcver",
        VCVER,
        {
            **SOURCES,
            "setup.py": SETUP.format(f'{RELEASE}, "version_file": "words/V"'),
            "MANIFEST.in": "include words/V\n",
        },
        hooks=HOOKS,
    ),
}
