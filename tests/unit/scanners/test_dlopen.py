"""Libraries that Python code opens: where the names come from, and on which systems."""

import ast
import re

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.model.signal import Required, Scope, Signal
from backlit.scanners import File, Tree, _excerpt
from backlit.scanners.dlopen import ADAPTER


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def signals(text: str, files: dict[str, str] | None = None) -> list[Signal]:
    found = ADAPTER.findings(read({"pkg/api.py": text, **(files or {})}))
    return [item for item in found if isinstance(item, Signal)]


def names(text: str, files: dict[str, str] | None = None) -> set[str]:
    return {item.name for item in signals(text, files)}


def test_one_call() -> None:
    (found,) = signals("import ctypes.util\nlib = ctypes.util.find_library('magic')\n")
    assert (found.sense, found.name, found.where) == (NameKind.LINK, "magic", "pkg/api.py:2")
    assert (found.linkage, found.role, found.scope, found.confidence) == ("dlopen", "run", Scope.BUILD, Confidence.HIGH)


@pytest.mark.parametrize(
    ("call", "sense", "name", "platforms"),
    [
        ("ctypes.CDLL('libfoo.so.1')", NameKind.SONAME, "libfoo.so.1", ()),
        ("ctypes.cdll.LoadLibrary('libfoo.dylib')", NameKind.LINK, "foo", ("darwin",)),
        ("ctypes.WinDLL('foo.dll')", NameKind.LINK, "foo", ("win32",)),
        ("ffi.dlopen('foo')", NameKind.LINK, "foo", ()),
        ("ffi.dlopen('libfoo')", NameKind.LINK, "foo", ()),
        ("CDLL(name='libfoo.so')", NameKind.SONAME, "libfoo.so", ()),
    ],
)
def test_names_are_told_by_their_form(call: str, sense: NameKind, name: str, platforms: tuple[str, ...]) -> None:
    (found,) = signals(call)
    assert (found.sense, found.name, found.condition.platforms) == (sense, name, platforms)


def test_loader_under_another_name() -> None:
    assert names("loader = ctypes.WinDLL if nt else ctypes.CDLL\nlib = loader('libfoo.so.0')") == {"libfoo.so.0"}


def test_loader_that_is_imported_under_another_name() -> None:
    text = "from ctypes.util import find_library as _find\nfrom ctypes import CDLL as _open\n"
    assert names(f"{text}_open(_find('jack'))\n") == {"jack"}


def test_what_begins_with_an_underscore_is_a_module_of_the_project() -> None:
    assert names("ctypes.CDLL('_core')") == set()


def test_loader_that_is_given_beside_a_name() -> None:
    assert names("from .tools import load\ngl = load(ctypes.cdll, 'GL', mode=ctypes.RTLD_GLOBAL)") == {"GL"}


def test_looking_at_a_loader_opens_nothing() -> None:
    assert not signals("isinstance(x, ctypes.CDLL)\ngetattr(ctypes.cdll, 'foo')")


def test_function_of_another_module_opens_what_it_is_given() -> None:
    loader = (
        "def locate(candidates, find_library=ctypes.util.find_library):\n"
        "    for candidate in candidates:\n        lib = find_library(candidate)\n"
        "def load_any_lib(names, label):\n    return locate(names)\n"
    )
    text = "import loader\nlib = loader.load_any_lib(('usb-1.0', 'usb'), 'a label')\n"
    assert names(text, {"pkg/loader.py": loader}) == {"usb-1.0", "usb"}
    assert names("import loader\nloader.load_any_lib(label='x', names=['foo'])", {"pkg/loader.py": loader}) == {"foo"}


def test_function_of_another_module_that_opens_nothing() -> None:
    assert not signals(
        "import other\nother.load_lib_info('foo')", {"pkg/other.py": "def load_lib_info(name):\n    pass\n"}
    )


def test_beginning_of_a_name_is_a_weaker_sign() -> None:
    for expression in (
        "'MagickWand' + suffix",
        "f'MagickWand-{version}'",
        "'MagickWand-{}'.format(x)",
        "'MagickWand%s' % x",
    ):
        (found,) = signals(f"def open_it(suffix, version, x):\n    return ctypes.util.find_library({expression})")
        assert (found.name, found.confidence) == ("MagickWand", Confidence.MEDIUM)


def test_what_is_common_to_all_names_is_no_beginning() -> None:
    assert not signals("def open_it(name):\n    return ctypes.CDLL('lib' + name + '.so')")


def test_platforms_of_branches_and_dictionaries() -> None:
    text = "import sys\nif sys.platform == 'darwin':\n    name = 'libfoo.dylib'\nelse:\n    name = 'libfoo.so.2'\n"
    text += "CDLL(name)"
    assert {item.name: item.condition.platforms for item in signals(text)} == {
        "foo": ("darwin",),
        "libfoo.so.2": ("linux", "other", "win32"),
    }
    text = "import sys\nCDLL({'linux': 'libfoo.so.3', 'win32': 'foo.dll'}[sys.platform])"
    assert {item.name: item.condition.platforms for item in signals(text)} == {
        "libfoo.so.3": ("linux",),
        "foo": ("win32",),
    }


def test_several_names_for_one_system_are_weaker_signs_unless_versioned() -> None:
    text = "for name in ['usb-0.1', 'openusb', 'libbar.so.1']:\n    CDLL(name)"
    assert {item.name: item.confidence for item in signals(text)} == {
        "usb-0.1": Confidence.MEDIUM,
        "openusb": Confidence.MEDIUM,
        "libbar.so.1": Confidence.HIGH,
    }


def test_spellings_of_one_name_are_one_name() -> None:
    text = "for name in ['libfoo.so.1', 'libfoo.so', 'foo']:\n    CDLL(name)"
    assert {item.confidence for item in signals(text)} == {Confidence.HIGH}


def test_what_is_only_tried_is_optional() -> None:
    (found,) = signals("try:\n    lib = CDLL('libfoo.so')\nexcept OSError:\n    lib = None")
    assert (found.required, found.confidence) == (Required.OPTIONAL, Confidence.MEDIUM)
    (found,) = signals("try:\n    lib = CDLL('libfoo.so')\nexcept OSError:\n    raise ImportError")
    assert found.confidence is Confidence.HIGH


def test_file_of_the_tree_is_its_own() -> None:
    assert not signals("CDLL('libown.so')", {"pkg/libown.so": ""})


def test_tests_are_told_apart() -> None:
    (found,) = [
        item for item in ADAPTER.findings(read({"tests/a.py": "CDLL('libfoo.so')"})) if isinstance(item, Signal)
    ]
    assert found.scope is Scope.TEST


def test_texts_that_are_no_names() -> None:
    assert not signals("CDLL('')\nCDLL(None)\nCDLL('lib')\nCDLL('a b')\nCDLL('x.py')\nfind_library(5)\nCDLL()")


def test_functions_that_give_to_each_other_end() -> None:
    assert not signals("def load_a(x):\n    load_b(x)\ndef load_b(x):\n    load_a(x)\n    CDLL(x)\n")


@given(st.text(alphabet="CDLL('lib.so')\n =+f\"{}[]:,def load_lib(x)") | st.text())
def test_any_text_is_read(text: str) -> None:
    signals(f"CDLL\n{text}")


@pytest.mark.parametrize("room", [0, 1 << 20], ids=["large tree", "small tree"])
def test_module_that_is_only_tried_opens_nothing_that_must_be_there(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanners, "_ROOM", room)
    use = {"p/disasm.py": "try:\n    from p.slow import Decode\nexcept ImportError:\n    Decode = None\n"}
    loads = {"p/slow.py": "from ctypes import cdll\nlib = cdll.LoadLibrary('libdistorm.so')\n"}
    (found,) = [item for item in ADAPTER.findings(read(loads | use)) if isinstance(item, Signal)]
    assert (found.required, found.confidence) == (Required.OPTIONAL, Confidence.MEDIUM)
    always = {"p/__init__.py": "from .slow import Decode\n"}
    (found,) = [item for item in ADAPTER.findings(read(loads | use | always)) if isinstance(item, Signal)]
    assert (found.required, found.confidence) == (Required.UNKNOWN, Confidence.HIGH)


def test_findlibs_finds_a_library() -> None:
    assert names("import findlibs\npath = findlibs.find('odccore', pkg_name='odc')\n") == {"odccore"}


@pytest.mark.parametrize(
    ("path", "text", "platforms"),
    [
        ("pkg/darwin/cocoa/api.py", "import ctypes.util\nctypes.util.find_library('Quartz')", ("darwin",)),
        ("pkg/lib_win32.py", "find_library('foo')", ("win32",)),
        ("pkg/x.py", "ctypes.windll.LoadLibrary('xaudio2_9')", ("win32",)),
        ("pkg/x.py", "ctypes.OleDLL('foo')", ("win32",)),
        ("pkg/darwin/x.py", "if sys.platform == 'linux':\n    find_library('foo')", ("linux",)),
    ],
    ids=["folder", "file", "windll", "ole", "code"],
)
def test_platform_of_a_file_and_of_a_loader(path: str, text: str, platforms: tuple[str, ...]) -> None:
    (found,) = (item for item in ADAPTER.findings(read({path: text})) if isinstance(item, Signal))
    assert found.condition.platforms == platforms


def test_framework_is_for_one_platform() -> None:
    (found,) = signals("from . import lib\nlib.load_library(framework='AGL')\n")
    assert (found.name, found.condition.platforms) == ("AGL", ("darwin",))


def test_what_opens_may_stand_beside_the_names() -> None:
    text = "from . import dlopen, ffi\ngdk = dlopen(ffi, ('gdk-3', 'libgdk-3-0'), ('libgdk-3.so.0',))\n"
    assert names(text) == {"gdk-3", "gdk-3-0", "libgdk-3.so.0"}


def test_of_names_that_differ_by_a_version_the_shortest_is_sure() -> None:
    found = {item.name: item.confidence for item in signals("for n in ('foo-2', 'foo'):\n    find_library(n)")}
    assert found == {"foo-2": Confidence.MEDIUM, "foo": Confidence.HIGH}


def test_only_a_source_that_may_call_a_loader_is_parsed_again() -> None:
    loader = "def open_it(name):\n    return ctypes.CDLL(name)\n"
    caller = "from loader import open_it\nopen_it('foo')\nopen_lib_not('bar')\n"
    assert names(caller, {"pkg/loader.py": loader}) == {"foo"}
    assert not signals(caller)


def test_of_a_large_source_only_what_may_open_something_is_read() -> None:
    bound = 'def f{0}(x):\n    """Bind.\n\ndef not_code(: this is a text\n    """\n    return _lib.f{0}(x, "lib")\n\n'
    text = "".join(bound.format(number) for number in range(3000))
    opening = "@decorated\ndef find():\n    return ctypes.CDLL(NAME)\n\nNAME = 'libfoo.so.1'\n_lib.f.argtypes = []\n"
    (found,) = signals(text + opening)
    assert (found.name, found.where) == ("libfoo.so.1", f"pkg/api.py:{text.count(chr(10)) + 3}")


METHODS = """\
class Finder(Base):
    plain = {"key": 1}

    def __init__(self):
        self.stem = "foo"

    def other(self, x):
        return self.other(x, "bar")

    @property
    def name(self):
        return "foo" + self.suffix

    class Inner:
        def opened(self):
            return CDLL(self.stem)

        def more(self):
            self.more("baz")

def after(x):
    bind(x, "lib")
"""


def test_of_a_large_class_what_opens_nothing_and_gives_no_text_is_left_out() -> None:
    left = _excerpt.of(METHODS, [re.compile("CDLL")])
    kept = {line.strip() for line in left.splitlines()} - {""}
    gone = {"def other(self, x):", 'return self.other(x, "bar")', "def more(self):", 'self.more("baz")'}
    gone |= {"def after(x):", 'bind(x, "lib")'}
    assert kept == {line.strip() for line in METHODS.splitlines()} - {"", *gone}
    assert left.count("\n") == METHODS.count("\n")
    ast.parse(left)


def test_of_a_large_source_a_statement_without_text_is_kept_where_it_opens_something() -> None:
    bound = "def f{0}(x):\n    return g{0}(x, 'lib')\n\n"
    filling = "".join(bound.format(number) for number in range(1000))
    assert names(f"{filling}NAME = 'libfoo.so.1'\n_lib = ctypes.CDLL(NAME)\n") == {"libfoo.so.1"}


def test_head_of_a_class_over_several_lines_is_no_member() -> None:
    text = "class A(\n        B, metaclass=m('x')\n):  # as such\n\n    # a remark\n    def find(self):\n"
    text += "        name = self.of(5)\n        return CDLL(name)\n\n    def more(self):\n        self.g('lib')\n"
    left = _excerpt.of(text, [re.compile("CDLL")])
    assert left.rstrip("\n") == text.partition("\n\n    def more")[0]


def test_classes_within_classes_without_end_are_kept_as_they_are() -> None:
    text = "".join(f"{' ' * depth}class C{depth}:\n" for depth in range(2000)) + f"{' ' * 2000}x = CDLL('a')\n"
    assert _excerpt.of(text, [re.compile("CDLL")]) == text


def test_method_of_a_large_source_is_given_a_name_by_another() -> None:
    bound = "class C{0}:\n    def f{0}(self):\n        return self.g{0}(0, 'lib')\n\n"
    text = "".join(bound.format(number) for number in range(1000))
    text += "class D:\n    def stem(self):\n        return 'foo'\n\n    def get(self):\n        CDLL(self.stem())\n"
    assert names(text) == {"foo"}


def test_a_large_source_that_is_cut_wrongly_is_read_whole() -> None:
    text = "x = '''\ndef f(:\n'''\n" + "# filling\n" * 20_000 + "y = [\n'a',\n]\nctypes.CDLL('libfoo.so.1')\n"
    assert names(text) == {"libfoo.so.1"}


@pytest.mark.parametrize(("first", "found"), [("#!/usr/bin/env python3", {"libfoo.so.1"}), ("#!/bin/sh", set())])
def test_program_of_python_without_an_ending_is_read(first: str, found: set[str]) -> None:
    tree = read({"bin/mixer": f"{first}\nfrom ctypes import CDLL\nCDLL('libfoo.so.1')\n"})
    assert {item.name for item in ADAPTER.findings(tree) if isinstance(item, Signal)} == found


def test_class_opens_what_its_objects_are_made_with() -> None:
    text = "class DLL:\n    def __init__(self, info, names):\n        self.it = CDLL(find(names))\n"
    text += "def find(names):\n    for name in names:\n        return find_library(name)\n"
    used = {"pkg/use.py": "from .api import DLL\ndll = DLL('info', ['foo', 'foo-2.0'])\n"}
    assert names(text, used) == {"foo", "foo-2.0"}


def test_names_in_a_dictionary_of_lists_are_opened() -> None:
    text = "class D:\n    _names = {'a': ['foo1', 'foo'], 'b': ['bar']}\n    def load(self, key, names=None):\n"
    text += "        if names is None:\n            names = self._names.get(key, [])\n"
    text += "        for name in names:\n            find_library(name)\n"
    assert names(text) == {"foo1", "foo", "bar"}


def test_project_s_own_way_to_load_a_library_is_given_its_names() -> None:
    text = "def _load_library(names, endings):\n    return CDLL(candidates(names, endings)[-1])\n"
    assert names(f"{text}_load_library(['foo', 'foo3'], ['.so'])\n") == {"foo", "foo3"}


CONFIG = """\
from ctypes.util import find_library
import ctypes

def _where(libname):
    return find_library(libname)

def configured(libname):
    return ctypes.CDLL(_where(libname))
"""


@pytest.mark.parametrize(
    ("user", "names"),
    [
        ("from ..config import configured\nTIFF = configured('tiff')\n", ["tiff"]),
        ("from pkg.config import configured as get\nTIFF = get(libname='tiff')\n", ["tiff"]),
        ("from .other import configured\nTIFF = configured('tiff')\n", []),  # another's of that name
        ("configured = print\nconfigured('tiff')\n", []),
        ("from ..config import configured\nconfigured(tiff())\n", []),
    ],
)
def test_what_is_given_to_a_function_of_the_tree_is_found_whatever_that_is_called(user: str, names: list[str]) -> None:
    found = ADAPTER.findings(read({"pkg/config.py": CONFIG, "pkg/lib/tiff.py": user}))
    signals = [item for item in found if isinstance(item, Signal)]
    assert [(item.name, item.where, item.confidence) for item in signals] == [
        (name, "pkg/lib/tiff.py:2", Confidence.MEDIUM) for name in names
    ]
