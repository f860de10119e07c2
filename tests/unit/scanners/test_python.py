"""Python sources: which texts an expression stands for, and when."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from backlit.model.signal import Condition, Required
from backlit.scanners import _follow, _python
from backlit.scanners._python import Module, Value


def module(source: str) -> Module:
    tree = _python.parse(source)
    assert tree is not None
    return Module(tree)


def values(source: str, name: str = "use") -> tuple[Value, ...]:
    """Follow the argument of the call of `use`."""
    read = module(source)
    (call,) = read.called(name)
    return _follow.texts(read, call.args[0])


def texts(source: str) -> list[str]:
    return [value.text for value in values(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("use(['a', 'b'])", ["a", "b"]),
        ("x = ['a']\nx.append('b')\nx += ['c']\nuse(x)", ["a", "b", "c"]),
        ("k = dict(libs=['a'])\nk['libs'].append('b')\nuse(k['libs'])", ["a", "b"]),
        ("k = {'libs': ['a']}\nk.setdefault('libs', []).extend(['b'])\nuse(k['libs'])", ["a", "b"]),
        ("def f(name):\n    use('lib' + name)\nf('a')\nf(name='b')", ["liba", "libb"]),
        ("def f(*names):\n    use(names)\nf('a', 'b')", ["a", "b"]),
        ("def f():\n    return ['a'] + g()\ndef g():\n    yield 'b'\nuse(f())", ["a", "b"]),
        ("class C:\n    libs = ['a']\n    def m(self):\n        self.libs.append('b')\nuse(C().libs)", ["a", "b"]),
        ("class C:\n    libs = ['a']\n    def m(self):\n        use(self.libs)", ["a"]),
        ("for n in ['a', 'b']:\n    use(f'lib{n}')", ["liba", "libb"]),
        ("for n, m in [('a', 1), ('b', 2)]:\n    use(n)", ["a", "b"]),
        ("use('a b'.split())", ["a", "b"]),
        ("use('lib%s' % 'a')", ["liba"]),
        ("use('lib{}'.format('a'))", ["liba"]),
        ("import os\nuse(os.environ.get('X', 'a'))", ["a"]),
        ("x = x or ['a']\nuse(x)", ["a"]),
        ("x = [x, 'b']\nuse(x)", ["b"]),
        ("use(y)", []),
    ],
)
def test_names_are_followed_to_texts(source: str, expected: list[str]) -> None:
    assert sorted(texts(source)) == expected


@pytest.mark.parametrize(
    ("test", "platforms"),
    [
        ("sys.platform == 'win32'", ("win32",)),
        ("sys.platform != 'win32'", ("darwin", "linux", "other")),
        ("sys.platform.startswith('linux')", ("linux",)),
        ("platform.system().lower() == 'darwin'", ("darwin",)),
        ("os.name == 'posix'", ("darwin", "linux", "other")),
        ("sys.platform in ('win32', 'cygwin')", ("win32",)),
        ("not sys.platform.startswith(('linux', 'darwin'))", ("other", "win32")),
        ("'freebsd' in self.plat_name", ("other",)),
        ("building_for_windows", ("win32",)),
        ("IS_MACOS", ("darwin",)),
        ("not_windows", ()),
    ],
)
def test_platforms_of_a_test_are_kept(test: str, platforms: tuple[str, ...]) -> None:
    (value,) = values(f"if {test}:\n    use('a')")
    assert value.condition.platforms == platforms


def test_other_branch_is_for_the_other_platforms() -> None:
    found = values("if sys.platform == 'win32':\n    x = ['a']\nelse:\n    x = ['b']\nuse(x)")
    assert [(value.text, "linux" in value.condition.platforms) for value in found] == [("a", False), ("b", True)]


def test_what_is_not_windows_and_64_bit_may_be_windows() -> None:
    (value,) = values("if sys.platform == 'win32' and big:\n    pass\nelse:\n    use('a')")
    assert value.condition == Condition(platforms=("darwin", "linux", "other", "win32"))


def test_a_branch_that_leaves_rules_its_platform_out() -> None:
    source = "def f():\n    if sys.platform == 'win32':\n        return ['a']\n    return ['b']\nuse(f())"
    assert {value.text: value.condition.platforms for value in values(source)} == {
        "a": ("win32",),
        "b": ("darwin", "linux", "other"),
    }


def test_a_variable_that_keeps_a_test_is_that_test() -> None:
    (value,) = values("here = sys.platform == 'darwin'\nif not here:\n    use('a')")
    assert value.condition.platforms == ("linux", "other", "win32")


def test_a_function_is_reached_where_it_is_called() -> None:
    source = "def f():\n    use('a')\nif sys.platform == 'win32':\n    f()\n"
    assert values(source)[0].condition.platforms == ("win32",)


def test_a_function_that_is_named_for_a_platform_is_for_it() -> None:
    assert values("def build_static_win32():\n    use('a')")[0].condition.platforms == ("win32",)


@pytest.mark.parametrize(
    ("test", "switch", "required"),
    [
        ("os.environ.get('FOO_SYSTEM')", "environment FOO_SYSTEM", Required.OPTIONAL),
        ("not os.environ.get('FOO_BUNDLED')", "environment FOO_BUNDLED", Required.YES),
        ("'FOO' in os.environ", "environment FOO", Required.OPTIONAL),
        ("os.getenv('FOO', '1') == '1'", "environment FOO", Required.YES),
        ("os.environ.get('FOO', 'no').lower() in ('1', 'yes')", "environment FOO", Required.OPTIONAL),
        ("'--with-foo' in sys.argv", "option --with-foo", Required.OPTIONAL),
        ("os.environ.get('CFLAGS')", "", Required.UNKNOWN),
        ("found_it()", "", Required.UNKNOWN),
        ("True", "", Required.YES),
    ],
)
def test_switches_are_kept_with_what_is_so_by_default(test: str, switch: str, required: Required) -> None:
    (value,) = values(f"if {test}:\n    use('a')")
    assert (value.condition.switch, value.required) == (switch, required)


def test_a_switch_is_followed_through_a_variable_and_a_function() -> None:
    source = (
        "def flag(name):\n    return os.environ.get(name) is not None\n"
        "SYSTEM = flag('FOO_USE_SYSTEM')\n"
        "if SYSTEM:\n    use('a')\n"
    )
    assert values(source)[0].condition.switch == "environment FOO_USE_SYSTEM"


def test_an_option_of_a_command_is_a_switch() -> None:
    source = (
        "class build(build_ext):\n"
        "    user_options = [('use-system-foo', None, 'take it')]\n"
        "    def run(self):\n        if self.use_system_foo:\n            use('a')\n"
    )
    (value,) = values(source)
    assert (value.condition.switch, value.required) == ("option --use-system-foo", Required.OPTIONAL)


def test_what_doubles_at_each_step_is_bounded() -> None:
    source = "x0 = ['a']\n" + "".join(f"x{i + 1} = x{i} + x{i}\n" for i in range(40)) + "use(x40)"
    assert texts(source) in ([], ["a"])


def test_functions_that_call_each_other_end() -> None:
    assert texts("def f(x):\n    return g(x)\ndef g(x):\n    return f(x) or 'a'\nuse(f('b'))") == ["a"]


@given(st.text(alphabet="xy=+[]().,:'\"ab \n", max_size=80))
def test_any_source_is_read_without_a_fault(text: str) -> None:
    tree = _python.parse(text)
    if tree is None:
        return
    read = Module(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            _follow.texts(read, node)
            read.reach_of(node)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'a'\nuse(x)\ndef f():\n    x = 'b'\n", ["a"]),
        ("x = 'a'\nuse(x)\ndef f():\n    global x\n    x = 'b'\n", ["a", "b"]),
        ("def f():\n    x = 'a'\n    def g():\n        use(x)\ndef h():\n    x = 'b'\n", ["a"]),
        ("x = []\nuse(x)\ndef fill(x):\n    x.append('a')\ndef other():\n    x = 'b'\n", ["a"]),
        ("def f(x):\n    x = 'a'\nx = 'b'\nuse(x)", ["b"]),
    ],
)
def test_a_function_has_names_of_its_own_but_for_what_it_is_told_to_share(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_what_one_asked_is_known_to_the_next_also_within_a_circle() -> None:
    read = module("x = [*y, 'a']\ny = [*x, 'b']\nuse(x)\nuse(y)")
    asked = [_follow.texts(read, call.args[0]) for call in read.called("use")]
    assert [sorted(value.text for value in each) for each in asked] == [["a", "b"], ["a", "b"]]


@pytest.mark.parametrize(
    ("other", "required"),
    [
        ("os.getenv('X_SYSTEM')", Required.OPTIONAL),
        ("to_bool(os.getenv('X_SYSTEM'))", Required.OPTIONAL),
        ("f()", Required.UNKNOWN),
    ],
)
def test_of_several_values_the_one_that_nobody_sets_is_the_default(other: str, required: Required) -> None:
    text = f"if '--system' in sys.argv:\n    X = True\nelse:\n    X = {other}\nif X:\n    use('a')\n"
    (value,) = values(text)
    assert value.required is required


def test_a_test_of_what_it_sets_itself_ends() -> None:
    assert texts("X = None\nif not X:\n    X = 'a'\nif X:\n    use('b')\n") == ["b"]
