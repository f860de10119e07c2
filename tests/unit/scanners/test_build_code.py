"""Which Python sources a build runs."""

from __future__ import annotations

import ast
import gc
import weakref

from backlit.scanners import Tree, _build_code, _follow, _kept, _python


def test_sources_that_import_one_another_are_no_garbage_that_python_has_to_seek() -> None:
    texts = {"setup.py": "import helper\nfrom other import x\n", "helper.py": "import setup\n", "other.py": "x = 1\n"}
    collecting = gc.isenabled()
    gc.disable()
    try:
        modules = {}
        for path, module in _build_code.modules_of(Tree(frozenset(texts), texts, {}), texts):
            modules[path] = weakref.ref(module)
        del module
        assert modules.keys() == texts.keys()
        assert [path for path, module in modules.items() if module() is not None] == []
    finally:
        if collecting:
            gc.enable()


def _alone(_: str) -> None:
    return None


def test_a_kept_source_is_gone_through_once_and_forgotten_when_it_was_given() -> None:
    module = _kept.read_and_keep("x = 1\n")
    assert module is not None
    given = _kept.read("x = 1\n", _alone)
    assert given is not None
    assert given.assigned("x") == module.assigned("x")
    again = _kept.read("x = 1\n", _alone)
    assert again is not None
    assert again.assigned("x") != module.assigned("x")


def test_only_the_last_source_is_kept() -> None:
    _kept.read_and_keep("x = 1\n")
    _kept.read_and_keep("x = (\n")
    assert _kept.read("x = 1\n", _alone) is not None
    assert _kept.read("x = (\n", _alone) is None


def test_a_kept_source_answers_anew_for_who_follows_its_imports() -> None:
    text, other = "from other import libs\nExtension('a', libraries=libs)\n", "libs = ['z']\n"
    kept = _kept.read_and_keep(text)
    assert kept is not None
    (call,) = kept.called("Extension")
    assert _follow.texts(kept, call.keywords[0].value) == ()
    imported = _python.Module(ast.parse(other))
    given = _kept.read(text, lambda name: imported if name == "other" else None)
    assert given is not None
    assert [value.text for value in _follow.texts(given, call.keywords[0].value)] == ["z"]
    assert _follow.texts(kept, call.keywords[0].value) == ()
