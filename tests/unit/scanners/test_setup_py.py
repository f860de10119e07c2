"""setup.py and what it reaches: what a build links, asks for and compiles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, RequirementUse, Scope, Signal, ToolUse, VendoredCopy
from backlit.scanners import File, Tree
from backlit.scanners.setup_py import ADAPTER


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def findings(setup: str, **others: str) -> list[object]:
    files = {name.replace("__", "/").replace("_py", ".py"): text for name, text in others.items()}
    return list(ADAPTER.findings(read({"setup.py": setup, **files})))


def signals(setup: str, sense: NameKind, **others: str) -> list[Signal]:
    return [item for item in findings(setup, **others) if isinstance(item, Signal) and item.sense is sense]


def linked(setup: str, **others: str) -> dict[str, Signal]:
    return {item.name: item for item in signals(setup, NameKind.LINK, **others)}


def test_libraries_of_an_extension_have_file_line_and_need() -> None:
    found = linked("from setuptools import Extension\nExtension('m', ['m.c'], libraries=['ssl'])\n")["ssl"]
    assert (found.kind, found.where, found.required) == (Kind.LINKED, "setup.py:2", Required.YES)
    assert (found.detail, found.confidence, found.scope) == ("libraries='ssl'", Confidence.HIGH, Scope.BUILD)


@pytest.mark.parametrize(
    "source",
    [
        "kw = {'libraries': ['z']}\nExtension('m', [], **kw)",
        "kw = {}\nkw['libraries'] = ['z']\nExtension('m', [], **kw)",
        "ext = Extension('m', [])\next.libraries.append('z')",
        "class b(build_ext):\n    def run(self):\n        for ext in self.all:\n            ext.libraries += ['z']",
        "def config():\n    return ['z']\nExtension('m', [], libraries=config())",
        "LIBS = ['z']\nExtension('m', [], libraries=LIBS)",
        "Extension('m', [], extra_link_args=['-L/usr/lib', '-lz'])",
        "Extension('m', [], extra_link_args='-L/usr/lib -lz'.split())",
        "ffi.set_source('_m', '', libraries=['z'])",
    ],
)
def test_whatever_flows_into_libraries_is_linked(source: str) -> None:
    assert set(linked(source)) == {"z"}


@pytest.mark.parametrize(
    "source",
    [
        "Extension('m', [], libraries=[])",
        "setup(libraries=[('mine', {'sources': ['a.c']})])",
        "setup(libraries=[('mine', dict(sources=['a.c']))])\nExtension('m', [], libraries=['mine'])",
        "Extension('m', [], extra_compile_args=['-link', '-list'])",
        "print('give -lz to the linker')",
        "Extension('m', [], libraries=['zlib.lib', '', 'two words'])",
    ],
)
def test_what_is_no_name_of_a_library_is_left_out(source: str) -> None:
    assert linked(source) == {}


def test_what_a_probe_tries_to_link_is_a_hint() -> None:
    found = linked("if has_function('x', libraries=['z']):\n    pass\n")["z"]
    assert (found.kind, found.confidence) == (Kind.PROBED, Confidence.LOW)


def test_what_a_probe_is_given_is_no_attribute_of_a_command() -> None:
    loop = "for name in self.libraries:\n            ext.libraries.append(name)\n"
    found = linked(f"class b(build_ext):\n    def run(self):\n        {loop}has_function('x', libraries=['z'])\n")
    assert [item.kind for item in found.values()] == [Kind.PROBED]


def test_platform_and_switch_stay() -> None:
    found = linked(
        "libs = []\n"
        "if sys.platform == 'win32':\n    libs.append('ws2_32')\n"
        "elif os.environ.get('M_SYSTEM'):\n    libs.append('z')\n"
        "Extension('m', [], libraries=libs)\n"
    )
    assert found["ws2_32"].condition.platforms == ("win32",)
    assert found["z"].condition.switch == "environment M_SYSTEM"
    assert "linux" in found["z"].condition.platforms
    assert found["z"].required is Required.OPTIONAL


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("subprocess.check_output(['pkg-config', '--libs', 'libxml-2.0'])", {"libxml-2.0": ""}),
        ("os.popen('pkg-config --cflags libfoo libbar').read()", {"libfoo": "", "libbar": ""}),
        ("cmd = 'pkg-config --libs %s' % 'libfoo'\nsubprocess.getoutput(cmd)", {"libfoo": ""}),
        ("check_call(['pkg-config', '--atleast-version=1.2', 'libfoo'])", {"libfoo": ">=1.2"}),
        ("check_call(['pkg-config', '--exists', 'libfoo >= 1.2'])", {"libfoo": ">=1.2"}),
        ("run(['pkg-config', '--variable', 'api_dir', 'libfoo'])", {"libfoo": ""}),
        ("def ask(*args):\n    return run(['pkg-config', *args])\nask('--libs', 'libfoo')", {"libfoo": ""}),
        (
            "def run_it(cmd):\n    return Popen(cmd)\nrun_it(['pkg-config', '--libs', 'libfoo'])\nrun_it(['ls', 'x'])",
            {"libfoo": ""},
        ),
        ("import pkgconfig\npkgconfig.parse('libfoo')", {"libfoo": ""}),
        ("run(['ls', 'libfoo'])", {}),
    ],
)
def test_modules_that_pkg_config_is_asked_for(source: str, names: dict[str, str]) -> None:
    assert {item.name: item.version for item in signals(source, NameKind.PKGCONFIG)} == names


def test_a_config_program_asks_for_its_library() -> None:
    found = findings("run(['xml2-config', '--libs'])\nX = 'this-is-my-config'\nY = 'python3-config'\n")
    assert {item.name for item in found if isinstance(item, Signal)} == {"xml2-config", "this-is-my-config"}
    assert "xml2-config" in [item.name for item in found if isinstance(item, ToolUse)]


def test_tools_that_are_run_or_looked_for() -> None:
    found = findings("subprocess.check_call(['cmake', '..'])\nshutil.which('swig')\nprint('make')\n")
    assert {item.name for item in found if isinstance(item, ToolUse)} == {"cmake", "swig"}


def test_swig_is_surely_needed_where_what_it_makes_is_not_there() -> None:
    source = "Extension('_m', sources=['m.i'])\n"
    (tool,) = (item for item in findings(source) if isinstance(item, ToolUse))
    assert (tool.name, tool.required) == ("swig", Required.YES)
    made = read({"setup.py": source, "m_wrap.c": ""})
    (tool,) = (item for item in ADAPTER.findings(made) if isinstance(item, ToolUse))
    assert (tool.name, tool.required) == ("swig", Required.UNKNOWN)


def test_headers_of_cffi_are_included() -> None:
    source = "ffi.set_source('_m', '''\n#include <zlib.h>\n''')\n"
    (found,) = signals(source, NameKind.HEADER)
    assert (found.name, found.kind, found.where) == ("zlib.h", Kind.INCLUDED, "setup.py:2")


def test_a_header_that_is_looked_for_is_probed_unless_the_tree_has_it() -> None:
    assert signals("find('glpk.h')", NameKind.HEADER)[0].kind is Kind.PROBED
    own = read({"setup.py": "find('glpk.h')", "src/glpk.h": ""})
    assert [item for item in ADAPTER.findings(own) if isinstance(item, Signal)] == []


@pytest.mark.parametrize(
    ("source", "languages"),
    [
        ("Extension('m', ['m.c'])", {"c"}),
        ("Extension('m', sources=['m.cpp'])", {"cxx"}),
        ("Extension('m', ['m.pyx'], language='c++')", {"cxx"}),
        ("Extension('m', ['m.f90'])", {"fortran"}),
        ("Pybind11Extension('m', ['m.cpp'])", {"cxx"}),
        ("cythonize('m.py')", {"c"}),
        ("mypycify(['m.py'])", {"c"}),
        ("ffi.set_source('_m', 'int x;')", {"c"}),
        ("ffi.set_source('_m', 'int x;', source_extension='.cpp')", {"cxx"}),
        ("ffi.set_source('_m', None)", set()),
    ],
)
def test_languages_of_extensions(source: str, languages: set[str]) -> None:
    assert {item.language for item in findings(source) if isinstance(item, LanguageUse)} == languages


def test_a_helper_is_read_where_it_is_imported_and_names_are_followed_into_it() -> None:
    setup = "from buildconf import LIBS, more\nExtension('m', [], libraries=LIBS + more())\n"
    found = linked(setup, buildconf_py="LIBS = ['z']\ndef more():\n    return ['bz2']\n")
    assert {"z", "bz2"} <= set(found)


def test_code_that_nothing_reaches_is_not_the_builds() -> None:
    assert "z" not in linked("", pkg__other_py="x.libraries = ['z']\n")


def test_a_script_of_cffi_is_reached_by_what_it_is() -> None:
    found = linked("", pkg__ffi_build_py="ffi.set_source('_m', '', libraries=['z'])\n")
    assert found["z"].where == "pkg/ffi_build.py:1"


def test_a_backend_in_the_tree_is_read() -> None:
    files = {
        "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'mine'\nbackend-path = ['tools']\n",
        "tools/mine.py": "def f():\n    check_output(['pkg-config', '--libs', 'libfoo'])\n",
    }
    assert [item.name for item in ADAPTER.findings(read(files)) if isinstance(item, Signal)] == ["libfoo"]


def test_setup_cfg_has_distutils_link() -> None:
    text = "[metadata]\nname = m\n[build_ext]\nlibraries = z\n    bz2\n; libraries = no\ninclude_dirs = x\n"
    found = [item for item in ADAPTER.findings(read({"setup.cfg": text})) if isinstance(item, Signal)]
    assert [(item.name, item.where) for item in found] == [("z", "setup.cfg:4"), ("bz2", "setup.cfg:5")]


def test_packages_that_a_build_imports_are_required() -> None:
    found = findings(
        "import numpy.f2py\ntry:\n    from Cython.Build import cythonize\nexcept ImportError:\n    cythonize = None\n"
        "setup(setup_requires=['cffi>=1'])\nimport os\n"
    )
    required = {item.requirement: item.required for item in found if isinstance(item, RequirementUse)}
    assert required == {"numpy": Required.YES, "cython": Required.OPTIONAL, "cffi>=1": Required.YES}


@pytest.mark.parametrize(("made", "tools"), [("m.c", []), ("other.c", ["cython"])])
def test_cython_is_needed_where_what_it_makes_is_not_there(made: str, tools: list[str]) -> None:
    tree = read({"setup.py": "from Cython.Build import cythonize\n", "m.pyx": "", made: ""})
    assert [item.name for item in ADAPTER.findings(tree) if isinstance(item, ToolUse)] == tools


_WORDS = st.sampled_from(
    [
        *("libraries", "=", "[", "]", "(", ")", "'z'", "'-lz'", "Extension", "pkg-config", "'pkg-config'", ",", "\n"),
        *("if", "os.environ", ".get", "sys.platform", "==", "'win32'", ":", "    ", "run", "def f(x)", "return x", "+"),
        *("%", "**", "{", "}", "f'{x}'", "x", "f", ".append", ".format", "for x in ", "lambda: ", "class A"),
    ]
)


@settings(max_examples=300)
@given(st.lists(_WORDS, max_size=30).map("".join), st.text(max_size=60))
def test_any_text_is_read_without_a_fault(setup: str, config: str) -> None:
    list(ADAPTER.findings(read({"setup.py": setup, "setup.cfg": config, "_build.py": config})))


@pytest.mark.parametrize(
    ("source", "platforms"),
    [
        ("PROFILE = False\nif PROFILE:\n    LIBS.append('profiler')\nExtension('m', [], libraries=LIBS)", ("none",)),
        ("if 0:\n    LIBS = ['profiler']\nExtension('m', [], libraries=LIBS)", ("none",)),
        ("if re.match(r'^NetBSD 6', r):\n    LIBS = ['profiler']\nExtension('m', [], libraries=LIBS)", ("other",)),
        ("if os.environ.get('PREFIX'):\n    LIBS = ['profiler']\nExtension('m', [], libraries=LIBS)", ()),
    ],
    ids=["constant", "zero", "system", "variable-of-the-machine"],
)
def test_code_that_nobody_reaches_is_told_by_its_condition(source: str, platforms: tuple[str, ...]) -> None:
    assert linked(source)["profiler"].condition.platforms == platforms


def test_a_source_of_python_2_is_read_line_for_line() -> None:
    source = (
        "print 'building'\ntry:\n    x()\nexcept Error, e:\n    print >>f, e\nExtension('m', [], libraries=['ode'])"
    )
    assert linked(source)["ode"].where == "setup.py:6"


def test_how_a_library_of_the_build_is_made_names_no_library() -> None:
    assert linked("setup(libraries=[('mine', {'macros': [('EXPORTS', None)], 'sources': ['a.c']})])\n") == {}
    assert set(linked("libraries = [('mine', {'macros': [('EXPORTS', None)]})]\nsetup(libraries=libraries)\n")) == set()


def test_a_library_that_cmake_makes_in_the_tree_is_a_weaker_sign() -> None:
    files = {"setup.py": "Extension('m', [], libraries=['own', 'z'])", "deps/CMakeLists.txt": "ADD_LIBRARY( own a.c)"}
    found = {item.name: item.confidence for item in ADAPTER.findings(read(files)) if isinstance(item, Signal)}
    assert found == {"own": Confidence.MEDIUM, "z": Confidence.HIGH}


def test_of_a_library_that_the_build_makes_nothing_is_linked() -> None:
    made = "[['lua', {'sources': ['l.c'], 'macros': [('LUA_APICHECK', None)]}]]"
    assert not linked(f"ext_libraries = {made}\nconfig = {{'ext_libraries': ext_libraries}}\n")


def test_a_program_that_a_build_links_to_try_something_links_nothing() -> None:
    found = linked(
        "class B(build_ext):\n    def works(self):\n        self.compiler.link_executable([], libraries=['z'])\n"
    )
    assert (found["z"].kind, found["z"].confidence) == (Kind.PROBED, Confidence.LOW)


def test_what_a_variable_holds_is_linked_where_it_is_given_on() -> None:
    source = (
        "LIBS = ['z']\nif probe():\n    kw = {}\nelse:\n    kw = {'libraries': LIBS}\nExtension('m', ['m.c'], **kw)\n"
    )
    (found,) = signals(source, NameKind.LINK)
    assert (found.where, found.required, found.confidence) == ("setup.py:5", Required.UNKNOWN, Confidence.HIGH)


def test_a_long_module_that_tells_nothing_is_not_parsed() -> None:
    long = "x = 1  # a line of the project's own code\n" * 3000
    setup = "from big import NAME\nExtension('m', ['m.c'], libraries=[NAME])\n"
    assert not linked(setup, big_py=f"{long}NAME = 'z'\n")
    assert set(linked(setup, big_py=f"{long}# the libraries\nNAME = 'z'\n")) == {"z"}


def test_a_program_is_run_under_another_name_and_by_keyword() -> None:
    text = "from subprocess import run as start\nstart(args=('pkg-config', '--libs', 'libsystemd'))\n"
    assert [item.name for item in signals(text, NameKind.PKGCONFIG)] == ["libsystemd"]
    assert "pkg-config" in {item.name for item in findings(text) if isinstance(item, ToolUse)}


def test_libraries_that_the_build_makes_may_be_copies_but_for_its_own() -> None:
    text = "setup(name='py-foo', libraries=[('z', {'sources': []}), ('foo', {'sources': []}), ('n', {'macros': []})])"
    made = [item for item in findings(text) if isinstance(item, VendoredCopy)]
    assert [(item.name, item.sure, item.compiled) for item in made] == [("z", False, True)]


def test_what_a_backend_in_the_tree_asks_the_front_end_for_is_required() -> None:
    backend = (
        "def get_requires_for_build_wheel(settings=None):\n    return ['Cython >= 3.2', 'No sentence', 'x >= 1']\n"
    )
    tree = read(
        {"pyproject.toml": '[build-system]\nbuild-backend = "b"\nbackend-path = ["in/tree"]\n', "in/tree/b.py": backend}
    )
    asked = [item for item in ADAPTER.findings(tree) if isinstance(item, RequirementUse)]
    assert [(item.requirement, item.required, item.declared) for item in asked] == [
        ("Cython >= 3.2", Required.UNKNOWN, False)
    ]


@pytest.mark.parametrize("name", ["'pkg.libs.libfoo'", "os.path.join('pkg', 'libs', 'libfoo')", "'pkg/libs/libfoo'"])
@pytest.mark.parametrize("form", ["Extension({}, [])", "Extension(name={}, sources=[])"])
def test_library_that_an_extension_makes_is_not_asked_for(form: str, name: str) -> None:
    setup = f"{form.format(name)}\nExtension('m', ['m.c'], libraries=['foo', 'bar'])"
    assert set(linked(setup)) == {"bar"}


def test_a_command_s_own_method_runs_no_program() -> None:
    setup = "class B(build_ext):\n    def run(self):\n        build_ext.run(self)\n"
    setup += "def ask(self):\n    pass\nask(['pkg-config', '--libs', 'foo'])\nx = 'pkg-config'\n"
    assert not signals(setup, NameKind.PKGCONFIG)


@pytest.mark.parametrize(
    ("made", "names"),
    [
        ("libs = ['foo_%s' % lib for lib in libs]", {"foo_io", "foo_ml"}),
        ("libs = [name(lib) for lib in libs]", set()),
        ("libs = [lib for lib in libs]", {"io", "ml"}),
        ("libs = [os.path.join(HERE, lib) for lib in libs]", {"io", "ml"}),
        ("if sys.platform == 'win32':\n    libs = [name(lib) for lib in libs]", {"io", "ml"}),
    ],
)
def test_list_that_is_put_in_other_words_has_only_these(made: str, names: set[str]) -> None:
    setup = f"libs = ['io', 'ml']\n{made}\nExtension('m', [], libraries=libs)\n"
    assert {name for name, item in linked(setup).items() if item.confidence is Confidence.HIGH} == names


@pytest.mark.parametrize("given", ["sources=['m.i', 'm.c']", "['m.i', 'm.c']"])
def test_swig_is_told_by_an_extension_s_sources(given: str) -> None:
    assert "swig" in {item.name for item in findings(f"Extension('m', {given})") if isinstance(item, ToolUse)}
