"""How much of CPython's C API a binary imports."""

from __future__ import annotations

import pytest

from backlit.binfmt._python import python_api
from backlit.model.native import PythonApi


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        ((), None),
        ((b"PyInit_module", b"PyPyList_New", b"_PyPy_Dealloc"), None),
        ((b"PyList_New", b"PyInit_module"), PythonApi(limited=True, floor="3.2")),
        ((b"PyList_New", b"PyObject_Vectorcall"), PythonApi(limited=True, floor="3.12")),
        ((b"_Py_NoneStruct", b"PyModule_GetState", b"PyType_GetModule"), PythonApi(limited=True, floor="3.10")),
        ((b"_PyUnicode_Ready",), PythonApi(limited=False, floor=None, beyond=("_PyUnicode_Ready",))),
        ((b"Py\xff",), PythonApi(limited=False, floor=None, beyond=("Py\\xff",))),
    ],
    ids=["nothing", "not CPython's", "oldest", "newer", "data", "private", "no text"],
)
def test_the_floor_is_that_of_the_newest_name(symbols: tuple[bytes, ...], expected: PythonApi | None) -> None:
    assert python_api(symbols) == expected


def test_only_the_first_names_beyond_are_kept() -> None:
    api = python_api([f"PyX_{number:02}".encode() for number in range(30)])
    assert api is not None
    assert api.beyond == tuple(f"PyX_{number:02}" for number in range(10))
