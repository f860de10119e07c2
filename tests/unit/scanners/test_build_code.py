"""Which Python sources a build runs."""

from __future__ import annotations

import ast
import gc
import weakref

from backlit.scanners import Tree, _build_code, _parsing


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


def test_a_kept_source_is_parsed_once_and_forgotten_when_it_was_given() -> None:
    tree = _parsing.parse_and_keep("x = 1\n")
    assert tree is not None
    assert _parsing.parse_kept("x = 1\n") is tree
    again = _parsing.parse_kept("x = 1\n")
    assert again is not tree
    assert again is not None
    assert ast.dump(again) == ast.dump(tree)


def test_only_the_last_source_is_kept() -> None:
    first = _parsing.parse_and_keep("x = 1\n")
    _parsing.parse_and_keep("x = (\n")
    assert _parsing.parse_kept("x = 1\n") is not first
    assert _parsing.parse_kept("x = (\n") is None
