"""What a small tree needs of a machine, judged from what the scanners find in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit import scanners
from backlit.model.names import NameKind
from backlit.pipeline.doctor import needs
from backlit.scanners import File

if TYPE_CHECKING:
    from backlit.pipeline.doctor.needs import Needs

SETUP = "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('m', ['m.c'], {}{})])\n"


def of(files: dict[str, str]) -> Needs:
    tree = scanners.read(File(path, len(text), text.encode) for path, text in files.items())
    return needs.of(tree, tuple(scanners.findings_in(tree)))[0]


def setup_py(libraries: str = "", more: str = "") -> str:
    return SETUP.format(f"libraries={libraries}" if libraries else "", more)


def needed(found: Needs) -> dict[str, tuple[str, bool]]:
    return {library.id.rpartition("/")[2]: (library.need, library.surely) for library in found.libraries}


def test_an_extension_needs_a_compiler_and_pythons_headers() -> None:
    found = of({"setup.py": setup_py(), "m.c": "#include <Python.h>\n"})
    assert dict(found.languages).keys() == {"c"}
    assert found.headers == "m.c:1"
    assert found.libraries == ()


def test_what_swig_makes_needs_pythons_headers_though_nothing_in_the_tree_includes_them() -> None:
    setup = "from setuptools import Extension, setup\nparts = dict(sources=['m.i'])\n"
    found = of({"setup.py": f"{setup}setup(ext_modules=[Extension('_m', **parts)])\n", "m.i": "%module m\n"})
    assert ([program.name for program in found.programs], found.headers) == (["swig"], "setup.py:2")


def test_a_generator_of_tests_asks_for_no_headers_of_python() -> None:
    cmake = 'project(m C)\nadd_library(m SHARED m.c)\noption(BUILD_TESTS "" OFF)\n'
    cmake += "if(BUILD_TESTS)\n  find_package(SWIG REQUIRED)\nendif()\n"
    table = "[build-system]\nrequires = ['scikit-build-core']\nbuild-backend = 'scikit_build_core.build'\n"
    found = of({"pyproject.toml": table, "CMakeLists.txt": cmake, "m.c": ""})
    assert dict(found.languages).keys() == {"c"}
    assert found.headers == ""


def test_a_library_of_c_alone_needs_no_headers_of_python() -> None:
    found = of(
        {
            "pyproject.toml": "[build-system]\nrequires = ['scikit-build-core']\n"
            "build-backend = 'scikit_build_core.build'\n",
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.15)\nproject(m C)\nadd_library(m SHARED m.c)\n",
            "m.c": "int f(void) { return 1; }\n",
        }
    )
    assert dict(found.languages).keys() == {"c"}
    assert found.headers == ""


def test_what_is_linked_is_required() -> None:
    found = of({"setup.py": setup_py("['ssl']"), "m.c": "#include <Python.h>\n#include <openssl/ssl.h>\n"})
    assert needed(found) == {"openssl": ("required", True)}
    (library,) = found.libraries
    assert library.names == ((NameKind.HEADER, "openssl/ssl.h"), (NameKind.LINK, "ssl"))
    assert library.where == "setup.py:2"


def test_a_header_alone_is_sure_only_where_nothing_is_linked() -> None:
    assert needed(of({"setup.py": setup_py(), "m.c": "#include <lcms2.h>\n"})) == {"lcms2": ("unknown", True)}
    beside = of({"setup.py": setup_py("['z']"), "m.c": "#include <zlib.h>\n#include <lcms2.h>\n"})
    assert needed(beside) == {"lcms2": ("unknown", False), "zlib": ("required", True)}


INCLUDES = "#include <Python.h>\n#ifdef HAVE_SASL\n#include <sasl/sasl.h>\n#endif\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"setup.cfg": "[_ldap]\ndefines = HAVE_SASL HAVE_TLS\n"}, ("required", True)),
        ({"setup.py": setup_py(more=") if 'HAVE_SASL' else Extension('m', ['m.c']")}, ("unknown", False)),
    ],
    ids=["a setting sets it", "setup.py computes it"],
)
def test_what_a_macro_turns_on(files: dict[str, str], expected: tuple[str, bool]) -> None:
    found = of({"setup.py": setup_py("['ldap']"), "m.c": INCLUDES, **files})
    assert needed(found)["cyrus-sasl"] == expected


SWITCHED = """\
import os
from setuptools import Extension, setup
libraries = ['stemmer'] if os.environ.get('DEMO_SYSTEM_STEMMER') else []
setup(ext_modules=[Extension('m', ['m.c'], libraries=libraries)])
"""


@pytest.mark.parametrize(("value", "surely"), [("", False), ("1", True)])
def test_a_systems_copy_that_nobody_asks_for_is_not_surely_needed(
    monkeypatch: pytest.MonkeyPatch, value: str, *, surely: bool
) -> None:
    monkeypatch.setenv("DEMO_SYSTEM_STEMMER", value)
    found = of({"setup.py": SWITCHED, "m.c": "#include <libstemmer.h>\n"})
    assert needed(found) == {"libstemmer": ("unknown", surely)}


def test_what_another_platform_links_is_not_needed_here() -> None:
    text = "import sys\nlibs = ['odd'] if sys.platform == 'win32' else ['z']\n" + setup_py("libs")
    assert needed(of({"setup.py": text, "m.c": ""})) == {"zlib": ("required", True)}


def test_what_is_opened_while_running_is_no_need_of_the_build() -> None:
    found = of(
        {"setup.py": "from setuptools import setup\nsetup()\n", "m.py": "import ctypes\nctypes.CDLL('libssl.so.3')\n"}
    )
    assert needed(found) == {"openssl": ("runtime", True)}
    assert found.languages == ()


def test_a_program_of_a_build_system_is_required_and_one_of_version_control_is_not() -> None:
    found = of(
        {
            "setup.py": "import subprocess, setuptools\nsubprocess.run(['git', 'tag'])\nsetuptools.setup()\n",
            "pyproject.toml": "[build-system]\nrequires = ['meson-python']\nbuild-backend = 'mesonpy'\n",
            "meson.build": "project('m', 'c', meson_version: '>=1.1')\nfind_program('swig')\n",
        }
    )
    programs = {program.name: program.need for program in found.programs}
    assert programs["meson"] == "required"
    assert programs["swig"] == "required"
    assert programs.get("git", "optional") == "optional"


def test_a_config_program_is_its_librarys() -> None:
    text = "import subprocess\nsubprocess.check_output(['krb5-config', '--libs'])\n" + setup_py()
    found = of({"setup.py": text, "m.c": ""})
    assert "krb5-config" not in {program.name for program in found.programs}
    assert (NameKind.CONFIG_TOOL, "krb5-config") in found.libraries[0].names


def test_requirements_apply_where_their_markers_hold() -> None:
    lines = ["Cython>=3; python_version < '3'", "cython>=0.29", "wheel", "wheel>=0.40", "not a requirement!"]
    applying = needs.applying(needs.Requirement(line, "pyproject.toml:1") for line in lines)
    assert {name: item.requirement for name, item in applying.items()} == {
        "cython": "cython>=0.29",
        "wheel": "wheel>=0.40",
    }
