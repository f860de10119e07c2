"""What is known of modules by their names alone, and how that is made."""

from __future__ import annotations

import gzip
import re
import sys
from typing import TYPE_CHECKING

import pytest

from backlit.catalog import _generate_debian, _generate_modules
from backlit.catalog._generate import HERE
from backlit.catalog.modules import distribution_of

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = """\
usr/lib/python3/dist-packages/alike/__init__.py                 python/python3-alike
usr/lib/python3/dist-packages/alike-1.2.dist-info/METADATA      python/python3-alike
usr/lib/python3/dist-packages/one_file.py                       python/python3-one-file
usr/lib/python3/dist-packages/one_file-2.0.egg-info             python/python3-one-file
usr/lib/python3/dist-packages/other/__init__.py                 python/python3-named
usr/lib/python3/dist-packages/named-1.0.egg-info/PKG-INFO       python/python3-named
usr/lib/python3/dist-packages/rare/__init__.py                  python/python3-rare
usr/lib/python3/dist-packages/rare-1.0.egg-info/PKG-INFO        python/python3-rare
usr/lib/python3/dist-packages/squatted/__init__.py              python/python3-squatted
usr/lib/python3/dist-packages/squatted-4.0.egg-info/PKG-INFO    python/python3-squatted
usr/lib/python3/dist-packages/space/a.py                        python/python3-space
usr/lib/python3/dist-packages/space-1.0.dist-info/METADATA      python/python3-space
usr/lib/python3/dist-packages/space/b.py                        python/python3-space-b
usr/lib/python3/dist-packages/space_b-1.0.dist-info/METADATA    python/python3-space-b
usr/lib/python3/dist-packages/pip/__init__.py                   python/python3-pip
usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA     python/python3-pip
usr/lib/python3/dist-packages/unknown/__init__.py               python/python3-unknown
usr/lib/python3/dist-packages/unknown-1.0.dist-info/METADATA    python/python3-unknown
"""
PYPI = """\
name\tversion\trank of downloads
Alike\t1.3\t5
one-file\t2.0\t7
named\t1.0\t8
rare\t1.0\t
squatted\t0.0.1\t9
space\t1.0\t10
pip\t\t1
unknown\t\t2
"""


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    for release in _generate_debian.RELEASES:
        (tmp_path / release).mkdir()
        for architecture, text in (("amd64", ""), ("all", CONTENTS)):
            with gzip.open(tmp_path / release / f"Contents-{architecture}.gz", "wt") as file:
                file.write(text)
    (tmp_path / "pypi.tsv").write_text(PYPI)
    return _generate_modules.document(tmp_path, tmp_path / "pypi.tsv").splitlines()


def test_a_distribution_with_a_module_of_its_name_is_kept_where_debian_and_pypi_mean_one(made: list[str]) -> None:
    assert [name for name in made if name != "pip"] == ["alike", "one-file"]


def test_what_python_brings_along_is_kept_where_pypis_version_of_it_is_not_known(made: list[str]) -> None:
    assert "pip" in made
    assert "unknown" not in made


def test_what_is_shipped_is_sorted_and_normalized() -> None:
    names = (HERE / "modules.txt").read_text(encoding="utf-8").split("\n")
    assert names.pop() == ""
    assert names == sorted(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_no_module_of_pythons_own_is_a_distribution() -> None:
    gone = ("asyncore", "cgi", "commands", "ConfigParser", "imp", "md5", "pipes", "Queue", "StringIO", "urllib2")
    assert [name for name in (*sys.stdlib_module_names, *gone) if distribution_of(name)] == []


@pytest.mark.parametrize(
    ("module", "requirement"),
    [
        ("Cython", "Cython"),
        ("numpy", "numpy"),
        ("pip", "pip"),
        ("numpy.distutils", ""),
        ("setuptools_scm", "setuptools-scm"),
        ("skbuild", "scikit-build"),
        ("pkg_resources", "setuptools<81"),
        ("google", ""),  # many distributions'
        ("distutils", ""),  # Python's own, that was
        ("config", ""),
        ("rpm", ""),  # Debian's is another than PyPI's
    ],
)
def test_a_module_is_led_to_its_distribution_only_where_that_is_sure(module: str, requirement: str) -> None:
    assert distribution_of(module) == requirement
