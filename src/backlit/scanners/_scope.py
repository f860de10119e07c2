"""Which part of a tree a file belongs to, told by the names on its path."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from backlit.model.signal import Scope

_FOLDERS: Final = {
    Scope.TEST: (
        "test tests testing unittests test_data testdata bench benches benchmark benchmarks asv_bench perf performance "
        "fuzz fuzzing fuzzer oss-fuzz integration_tests"
    ),
    Scope.EXAMPLE: "example examples demo demos sample samples tutorial tutorials notebooks contrib contribs",
    Scope.DOC: "doc docs documentation man manual website",
    Scope.TOOLING: (
        "ci .ci .github .circleci .gitlab .azure .azure-pipelines .travis .cirrus docker .docker .devcontainer debian "
        "rpm conda conda-recipe conda_recipe conda.recipe recipe packaging nix"
    ),
    Scope.VENDORED: (
        "vendor vendored _vendor _vendored third_party third-party thirdparty third_parties 3rdparty 3rd_party "
        "external externals external_libs extern cextern ext_lib ext_libs extlib deps bundled bundle subprojects "
        "submodules"
    ),
}
"""Names of folders, lower case."""

_SCOPES: Final = {name: scope for scope, names in _FOLDERS.items() for name in names.split()}

_WORDS: Final = {
    **dict.fromkeys(["test", "tests", "benchmark", "benchmarks", "fake", "mock", "mocks"], Scope.TEST),
    **dict.fromkeys(["example", "examples", "demos"], Scope.EXAMPLE),
    **dict.fromkeys(["vendored", "vendor", "thirdparty"], Scope.VENDORED),
}
"""First or last words of folders' names: ``test cases``, ``vendored-meson``."""


@lru_cache(maxsize=4096)
def _scope_of_folder(name: str) -> Scope | None:
    if name in _SCOPES:
        return _SCOPES[name]
    words = re.split(r"[-_. ]+", name)
    return (_WORDS.get(words[0]) or _WORDS.get(words[-1])) if len(words) > 1 else None


_TESTS: Final = re.compile(r"[-_](?:unit)?(?:tests?|bench(?:mark)?s?)\.(?:c|cc|cpp|cxx|h|hpp)$")
"""Names that sources of C have for tests and benchmarks: ``philox-benchmark.c``."""


_EXAMPLES: Final = ("_example.py", "_examples.py", "_demo.py")


@lru_cache(maxsize=65_536)
def scope_of(path: str) -> Scope:
    """Give the part of the tree that a file belongs to: the first telling folder from the top decides."""
    folder, _, name = path.lower().rpartition("/")
    if (scope := _scope_of_folders(folder)) is not None:
        return scope
    if name.endswith(_EXAMPLES) or name.startswith(("example_", "demo_")):
        return Scope.EXAMPLE
    if name.startswith(("test_", "bench_")) or name in {"conftest.py", "tox.ini", "noxfile.py"}:
        return Scope.TEST
    if ("test" in name or "bench" in name) and _TESTS.search(name):
        return Scope.TEST
    return Scope.BUILD


@lru_cache(maxsize=65_536)
def _scope_of_folders(path: str) -> Scope | None:
    return next((scope for name in path.split("/") if (scope := _scope_of_folder(name)) is not None), None)
