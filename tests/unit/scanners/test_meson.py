"""Meson's files: what they ask for, under which conditions, and what is no Meson."""

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Signal, ToolUse, VendoredCopy
from backlit.scanners import File, Tree, _meson_language
from backlit.scanners.meson import ADAPTER

MESONPY = '[build-system]\nrequires = ["meson-python"]\nbuild-backend = "mesonpy"\n'


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def signals(text: str, files: dict[str, str] | None = None) -> list[Signal]:
    tree = read({"pyproject.toml": MESONPY, "meson.build": text, **(files or {})})
    return [item for item in ADAPTER.findings(tree) if isinstance(item, Signal)]


def one(text: str, files: dict[str, str] | None = None) -> Signal:
    (found,) = signals(text, files)
    return found


def test_dependency_has_name_version_place_and_need() -> None:
    found = one("project('p', 'c')\ndep = dependency('libxml-2.0', version: '>=2.9')\n")
    assert (found.sense, found.name, found.kind) == (NameKind.MESON, "libxml-2.0", Kind.QUERIED)
    assert (found.where, found.version, found.required) == ("meson.build:2", ">=2.9", Required.YES)


def test_dependency_that_may_be_missing_is_optional() -> None:
    assert one("dependency('zlib', required: false)").required is Required.OPTIONAL


def test_first_of_several_names_is_not_the_only_one() -> None:
    assert [item.name for item in signals("dependency('lua5.4', 'lua54', 'lua')")] == ["lua5.4", "lua54", "lua"]


def test_what_python_and_compilers_bring_is_no_dependency() -> None:
    assert not signals("dependency('threads')\ndependency('numpy')\ndependency('python3')\ndependency('openmp')")


def test_feature_option_is_the_switch_of_what_it_requires() -> None:
    options = {"meson.options": "option('tls', type: 'feature', value: 'auto')"}
    found = one("dependency('openssl', required: get_option('tls'))", options)
    assert (found.condition.switch, found.required) == ("option tls", Required.OPTIONAL)


def test_feature_enabled_by_the_project_is_required() -> None:
    files = {"meson_options.txt": "option('tls', type: 'feature', value: 'auto')"}
    text = "project('p', 'c', default_options: ['tls=enabled'])\ndependency('openssl', required: get_option('tls'))"
    assert one(text, files).required is Required.YES


def test_boolean_option_that_is_off_makes_optional() -> None:
    files = {"meson.options": "option('png', type: 'boolean', value: false)"}
    found = one("if get_option('png')\n dependency('libpng')\nendif", files)
    assert (found.condition.switch, found.required) == ("option png", Required.OPTIONAL)


def test_host_system_is_a_platform_through_a_variable() -> None:
    text = (
        "sys = host_machine.system()\nwin = sys == 'windows'\n"
        "if win\n dependency('winlib')\nelse\n dependency('x11')\nendif"
    )
    assert {item.name: item.condition.platforms for item in signals(text)} == {
        "winlib": ("win32",),
        "x11": ("darwin", "linux", "other"),
    }


def test_linux_or_another_system() -> None:
    found = one("if host_machine.system() in ['linux', 'freebsd']\n dependency('libudev')\nendif")
    assert found.condition.platforms == ("linux", "other")


def test_names_come_from_loops_variables_formats_and_options() -> None:
    files = {"meson.options": "option('blas', type: 'string', value: 'openblas')"}
    text = (
        "foreach n : ['zlib', 'lib' + 'png']\n dependency(n, required: true)\nendforeach\n"
        "v = '4'\ndependency(f'gtk+-@v@.0')\ndependency('gdk-@0@'.format(v))\ndependency(get_option('blas'))"
    )
    assert [item.name for item in signals(text, files)] == ["zlib", "libpng", "gtk+-4.0", "gdk-4", "openblas"]


def test_default_of_an_option_decides_what_is_compared() -> None:
    files = {"meson.options": "option('blas', type: 'combo', choices: ['one', 'two'], value: 'one')"}
    text = "b = get_option('blas')\nif b == 'one'\n dependency('one')\nelif b == 'two'\n dependency('two')\nendif"
    assert [(item.name, item.required) for item in signals(text, files)] == [
        ("one", Required.YES),
        ("two", Required.OPTIONAL),
    ]


def test_folders_are_followed_and_variables_go_with_them() -> None:
    found = one("name = 'zlib'\nsubdir('src')\nsubdir('src')", {"src/meson.build": "dependency(name)"})
    assert found.where == "src/meson.build:1"


def test_file_that_nothing_enters_asks_for_nothing() -> None:
    assert not signals("project('p')", {"other/meson.build": "dependency('zlib')"})


def test_library_of_a_compiler_is_linked_and_one_with_folders_is_a_hint() -> None:
    found = signals("cc = meson.get_compiler('c')\ncc.find_library('usb')\ncc.find_library('own', dirs: here)")
    assert [(item.sense, item.name, item.confidence) for item in found] == [
        (NameKind.LINK, "usb", Confidence.HIGH),
        (NameKind.LINK, "own", Confidence.LOW),
    ]


def test_link_arguments_and_headers() -> None:
    found = signals("d = declare_dependency(link_args: ['-L/x', '-lfoo'])\ncc.has_header('ev.h', required: true)")
    assert [(item.sense, item.name, item.required) for item in found] == [
        (NameKind.LINK, "foo", Required.YES),
        (NameKind.HEADER, "ev.h", Required.YES),
    ]


def test_static_is_kept() -> None:
    assert one("dependency('sodium', static: true)").linkage == "static"


def test_tools_and_languages() -> None:
    text = (
        "project('p', 'c', 'cpp', 'cython')\nadd_languages('fortran')\n"
        "find_program('swig')\nfind_program('tools/gen.py')\ndependency('zlib')"
    )
    found = list(ADAPTER.findings(read({"pyproject.toml": MESONPY, "meson.build": text})))
    assert {item.language for item in found if isinstance(item, LanguageUse)} == {"c", "cxx", "fortran"}
    assert {item.name for item in found if isinstance(item, ToolUse)} == {
        *("meson", "ninja", "cython", "swig", "pkg-config")
    }


def test_config_program_names_a_library_and_own_script_does_not() -> None:
    files = {"gen-config": "", "meson.build": "find_program('pcap-config')\nfind_program('gen-config')"}
    found = [item for item in ADAPTER.findings(read(files)) if isinstance(item, Signal)]
    assert [(item.sense, item.name) for item in found] == [(NameKind.CONFIG_TOOL, "pcap-config")]


def test_wrap_is_a_copy_of_what_it_provides() -> None:
    wrap = (
        "[wrap-file]\ndirectory = zlib-1.3.1\nsource_url = https://zlib.example/z.tar.gz\n[provide]\nzlib = zlib_dep\n"
    )
    files = {"meson.build": "dependency('zlib')", "subprojects/zlib.wrap": wrap, "subprojects/unused.wrap": wrap}
    files["subprojects/unused.wrap"] = "[wrap-file]\ndirectory = unused-1.0\n"
    (copy,) = [item for item in ADAPTER.findings(read(files)) if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version, copy.path) == ("zlib", "1.3.1", "subprojects/zlib-1.3.1")


def test_wrap_of_a_repository_is_named_by_its_address() -> None:
    wrap = "[wrap-git]\nurl = https://git.example/c-rbtree.git\nrevision = v3.0.1\n"
    files = {"meson.build": "dependency('libcrbtree-1')", "subprojects/libcrbtree-1.wrap": wrap}
    (copy,) = [item for item in ADAPTER.findings(read(files)) if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version) == ("c-rbtree", "3.0.1")


def test_subproject_has_the_version_of_its_own_file() -> None:
    files = {"meson.build": "subproject('foo')", "subprojects/foo/meson.build": "project('foo', 'c', version: '2.1')"}
    (copy,) = [item for item in ADAPTER.findings(read(files)) if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version, copy.compiled) == ("foo", "2.1", True)


def test_version_in_the_name_of_a_subproject_and_its_wrap_is_no_part_of_the_name() -> None:
    files = {"meson.build": "subproject('foo-2.6.1')", "subprojects/foo-2.6.1.wrap": "[wrap-file]\nsource_url = u\n"}
    found = [item for item in ADAPTER.findings(read(files)) if isinstance(item, VendoredCopy)]
    assert [(copy.name, copy.version) for copy in found] == [("foo", "2.6.1")] * 2


def test_what_a_compiled_subproject_needs_is_needed() -> None:
    below = "project('foo', 'cpp')\ndependency('glib-2.0')\ndependency('gtk4', required: get_option('ui'))"
    files = {
        "subprojects/foo/meson.build": below,
        "subprojects/foo/meson.options": "option('ui', type: 'feature', value: 'auto')",
    }
    assert [item.name for item in signals("subproject('foo')", files)] == ["glib-2.0"]
    text = "subproject('foo', default_options: ['ui=enabled'])"
    assert [item.name for item in signals(text, files)] == ["glib-2.0", "gtk4"]


def test_another_backend_makes_it_a_hint() -> None:
    files = {"setup.py": "from setuptools import setup\nsetup()\n", "meson.build": "dependency('zlib')"}
    found = [item for item in ADAPTER.findings(read(files)) if isinstance(item, Signal | ToolUse)]
    assert {item.confidence for item in found} == {Confidence.LOW}


def test_comments_and_texts_are_no_calls() -> None:
    assert not signals("# dependency('a')\nx = '''\ndependency('b')\n'''\nmessage('dependency(')\n")


def test_what_stands_before_a_fault_counts() -> None:
    assert one("dependency('zlib')\nif if if ((((\ndependency('x')").name == "zlib"


def test_deep_nesting_ends() -> None:
    _meson_language.parse("x = " + "(" * 5000)
    _meson_language.parse("if true\n" * 5000)
    _meson_language.parse("x = " + "not " * 5000 + "y")


@given(st.text(alphabet="abf'\"@()[]{}:,.=+-!<>?\\\n #1/%*") | st.text())
def test_any_text_is_read(text: str) -> None:
    for item in ADAPTER.findings(read({"meson.build": text, "meson.options": text, "subprojects/a.wrap": text})):
        assert item


WORDS = "project( dependency( 'zlib' , ) if endif else elif foreach x : in ] [ get_option('a') == not subdir('.') +"
PARTS = st.sampled_from(["\n", *WORDS.split()])


@given(st.lists(PARTS, max_size=40))
def test_any_words_are_read(parts: list[str]) -> None:
    list(ADAPTER.findings(read({"meson.build": " ".join(parts)})))


def test_what_a_subproject_made_is_no_dependency_of_the_system() -> None:
    assert not signals("cmake = import('cmake')\nfoo = cmake.subproject('foo').dependency('foo-static')\n")


def test_a_program_s_name_that_ends_before_a_version_is_none() -> None:
    text = "find_program('cython', 'cython-' + py.language_version())\n"
    tree = read({"pyproject.toml": MESONPY, "meson.build": text})
    tools = {item.name for item in ADAPTER.findings(tree) if isinstance(item, ToolUse)}
    assert "cython" in tools
    assert "cython-" not in tools


def test_variable_that_an_option_s_branch_sets_again_keeps_the_option() -> None:
    options = {"meson.options": "option('system', type: 'array', choices: ['none', 'all', 'z'], value: ['none'])"}
    text = "s = get_option('system')\nall = false\nif s.contains('none')\n  s = ['none']\nelif s.contains('all')\n"
    text += "  all = true\nendif\nif all or s.contains('z')\n  dependency('zlib')\nelse\n  subproject('zlib')\nendif\n"
    found = one(text, options)
    assert (found.condition.switch, found.required) == ("option system", Required.OPTIONAL)


def test_option_that_pyproject_sets_is_what_it_says() -> None:
    files = {"meson.options": "option('a', type: 'boolean', value: false)"}
    text = "project('p', 'c', default_options: ['a=false'])\nif get_option('a')\n  dependency('zlib')\nendif\n"
    assert one(text, files).required is Required.OPTIONAL
    said = MESONPY + "[tool.meson-python.args]\nsetup = ['-Da=true', '--wrap-mode=nofallback']\n"
    assert one(text, {**files, "pyproject.toml": said}).required is Required.YES


@pytest.mark.parametrize(
    ("folder", "name", "version"),
    [("foo-rel-3.0.1", "foo", "3.0.1"), ("foo-b0ed0f6", "foo", ""), ("bar-1.2", "bar", "1.2")],
)
def test_wrap_is_named_by_its_file_where_the_folder_only_adds_to_it(folder: str, name: str, version: str) -> None:
    files = {"subprojects/foo.wrap": f"[wrap-file]\ndirectory = {folder}\n", "pyproject.toml": MESONPY}
    tree = read({"meson.build": "dependency('foo')\n", **files})
    (copy,) = (item for item in ADAPTER.findings(tree) if isinstance(item, VendoredCopy))
    assert (copy.name, copy.version) == (name, version)


def test_lines_are_counted_where_statements_and_texts_go_on() -> None:
    text = "a = \\\n  b()  # one \\\nc('x',\n  'y', '''\n\n''')\nd(['e'], # f\n  g())\n"
    nodes = _meson_language.parse(text)
    calls = [node.value if isinstance(node, _meson_language.Assign) else node for node in nodes]
    last = calls[-1]
    assert isinstance(last, _meson_language.Call)
    found = [(call.name, call.line) for call in (*calls, *last.arguments) if isinstance(call, _meson_language.Call)]
    assert found == [("b", 2), ("c", 3), ("d", 7), ("g", 8)]


def test_a_text_that_stands_in_an_operation_is_part_of_it() -> None:
    (call,) = _meson_language.parse("f('a', 'b' + 'c', 'd'.format(e), ['g' / 'h'], 'i' in j)")
    assert isinstance(call, _meson_language.Call)
    kinds = [type(argument).__name__ for argument in call.arguments]
    assert kinds == ["Text", "Operation", "Call", "Items", "Operation"]


@pytest.mark.parametrize("end", ["# a note", "  # dependency('foo')", "#", "\\\n", "\\\n  # and so on", "é", "'a"])
def test_what_stands_behind_the_last_statement_is_none(end: str) -> None:
    assert _meson_language.parse(f"a = b('c') \\\n + 1\n{end}") == _meson_language.parse("a = b('c') + 1")
