"""What several hooks of one build saw, as one trace."""

from __future__ import annotations

from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run, Search, Trace
from backlit.model.names import NameKind
from backlit.trace.joined import joined


def command(*words: str, cwd: str = "/t") -> Invocation:
    return Invocation(program=words[0], arguments=words[1:], cwd=cwd, mechanism=Mechanism.PRELOAD, status=0)


def compiled(output: str) -> Compilation:
    return Compilation(
        invocation=command("/usr/bin/cc", "-c", output), family="gcc", language="c", role=Role.COMPILE, output=output
    )


def test_what_only_an_earlier_hook_saw_is_added_in_order() -> None:
    late = Trace(compilations=(compiled("/t/b.o"),), mechanisms=(Mechanism.PRELOAD,), missed=("b",), ignored=1)
    early = Trace(
        compilations=(compiled("/t/a.o"), compiled("/t/c.o")),
        runs=(Run(invocation=command("/usr/bin/cython"), tool="cython"),),
        queries=(Query(invocation=command("/usr/bin/pkg-config", "zlib"), tool="pkg-config", modules=("zlib",)),),
        mechanisms=(Mechanism.AUDIT,),
        missed=("a",),
        faults=("f",),
        ignored=2,
    )
    whole = joined(late, early)
    assert [item.output for item in whole.compilations] == ["/t/a.o", "/t/b.o", "/t/c.o"]
    assert [run.tool for run in whole.runs] == ["cython"]
    assert [query.modules for query in whole.queries] == [("zlib",)]
    assert whole.mechanisms == (Mechanism.AUDIT, Mechanism.PRELOAD)
    assert (whole.missed, whole.faults, whole.ignored) == (("a", "b"), ("f",), 3)


def test_what_a_later_hook_did_again_counts_once() -> None:
    asked = Query(invocation=command("/usr/bin/pkg-config", "zlib"), tool="pkg-config", modules=("zlib",))
    twice = Trace(compilations=(compiled("/t/a.o"),), queries=(asked, asked))
    assert joined(twice, twice) == twice


def test_of_a_source_that_was_tried_again_the_later_word_counts() -> None:
    sought = Search(tool="cmake", sense=NameKind.HEADER, name="zlib.h", found=True)
    late = Trace(tried=(("/t/x.c", ("zlib.h",)),), searches=(sought,))
    early = Trace(tried=(("/t/x.c", ()), ("/t/y.c", ())), searches=(sought,))
    whole = joined(late, early)
    assert whole.tried == (("/t/x.c", ("zlib.h",)), ("/t/y.c", ()))
    assert whole.searches == (sought,)
