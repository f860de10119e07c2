"""Which Python sources a build runs."""

from __future__ import annotations

import gc
import weakref

from backlit.scanners import Tree, _build_code


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
