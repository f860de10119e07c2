"""What a command means: a table of command lines."""

from __future__ import annotations

import shlex
import tempfile
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, strategies as st

from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run
from backlit.trace.classify import Ignored, NotRecognized, Recognized, classify, unwrapped

if TYPE_CHECKING:
    from pathlib import Path


def command(line: str, *, status: int | None = None, found: bool = True) -> Invocation:
    program, *arguments = shlex.split(line)
    return Invocation(
        program=program, arguments=tuple(arguments), cwd="/w", mechanism=Mechanism.SHIM, status=status, found=found
    )


def understood(line: str) -> Compilation:
    outcome = classify(command(line))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Compilation)
    return outcome.item


COMPILE, LINK, BOTH, PROBE = Role.COMPILE, Role.LINK, Role.COMPILE_AND_LINK, Role.PROBE

ROLES: Final = {
    "/usr/bin/gcc -c a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc-12 -c a.c -o b.o": ("gcc", COMPILE, "c"),
    "/usr/bin/aarch64-linux-gnu-gcc -c a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/x86_64-linux-gnu-g++-12 -c a.cc": ("gcc", COMPILE, "cxx"),
    "/usr/bin/arm-none-eabi-gcc -c a.S": ("gcc", COMPILE, "asm"),
    "/usr/bin/g++ -c a.c": ("gcc", COMPILE, "cxx"),
    "/usr/bin/g++ -x c -c a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc -x c++ -c a.inc": ("gcc", COMPILE, "cxx"),
    "/usr/bin/gcc -xc++ -c a.inc": ("gcc", COMPILE, "cxx"),
    "/usr/bin/gcc -S a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc -E a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc -MM a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc -fsyntax-only a.c": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc a.c -o a": ("gcc", BOTH, "c"),
    "/usr/bin/gcc -shared a.o -o a.so": ("gcc", LINK, ""),
    "/usr/bin/gcc -shared -Wl,--whole-archive liba.a -Wl,--no-whole-archive": ("gcc", LINK, ""),
    "/usr/bin/gcc --version": ("gcc", PROBE, ""),
    "/usr/bin/gcc -dumpmachine": ("gcc", PROBE, ""),
    "/usr/bin/gcc -print-search-dirs": ("gcc", PROBE, ""),
    "/usr/bin/gcc -print-file-name=libc.so": ("gcc", PROBE, ""),
    "/usr/bin/gcc -v": ("gcc", PROBE, ""),
    "/usr/bin/gcc": ("gcc", PROBE, ""),
    "/usr/bin/gcc -E -dM -": ("gcc", PROBE, ""),
    "/usr/bin/gcc -E -dM -x c /dev/null": ("gcc", PROBE, ""),
    "/usr/bin/gcc -c conftest.c": ("gcc", PROBE, "c"),
    "/usr/bin/gcc conftest.o -lz -o conftest": ("gcc", PROBE, ""),
    "/usr/bin/gcc build/temp/_configtest.o -lz -o _configtest": ("gcc", PROBE, ""),
    f"/usr/bin/gcc -c {tempfile.gettempdir()}/inflate7r_8hq2z.c -o /w/x.o": ("gcc", PROBE, "c"),
    f"/usr/bin/gcc -c {tempfile.gettempdir()}/build-1/inflate.c -o /w/x.o": ("gcc", COMPILE, "c"),
    "/usr/bin/gcc /b/CMakeFiles/CMakeScratch/TryCompile-x/src.c -o t": ("gcc", PROBE, "c"),
    "/usr/bin/gcc -c /b/meson-private/tmpx/testfile.c": ("gcc", PROBE, "c"),
    "/usr/bin/clang-14 -c a.c": ("clang", COMPILE, "c"),
    "/usr/bin/clang++ -c a.c": ("clang", COMPILE, "cxx"),
    "/usr/bin/clang -c a.m": ("clang", COMPILE, "objc"),
    "/usr/bin/gfortran -c a.f90": ("gfortran", COMPILE, "fortran"),
    "/usr/bin/gfortran-12 -c a.F": ("gfortran", COMPILE, "fortran"),
    "/usr/local/cuda/bin/nvcc -c a.cu -o a.o": ("nvcc", COMPILE, "cuda"),
    "/usr/local/cuda/bin/nvcc -odir build -gencode arch=compute_80,code=sm_80 -Xcompiler -fPIC -c a.cu": (
        *("nvcc", COMPILE, "cuda"),
    ),
    "/usr/local/cuda/bin/nvcc --version": ("nvcc", PROBE, ""),
    "/opt/zig cc -c a.c": ("zig", COMPILE, "c"),
    "/opt/zig c++ -c a.c": ("zig", COMPILE, "cxx"),
    "/usr/bin/rustc --crate-type cdylib src/lib.rs -l z": ("rustc", BOTH, "rust"),
    "/usr/bin/rustc --crate-type lib --emit=metadata,link src/lib.rs": ("rustc", COMPILE, "rust"),
    "/usr/bin/rustc --emit=metadata src/main.rs": ("rustc", COMPILE, "rust"),
    "/usr/bin/rustc -vV": ("rustc", PROBE, "rust"),
    "/usr/bin/rustc - --crate-name ___ --print=file-names": ("rustc", PROBE, "rust"),
    "/usr/bin/ld -shared a.o -o a.so -lz": ("ld", LINK, ""),
    "/usr/bin/ld.lld --version": ("ld", PROBE, ""),
    "/usr/bin/ld -t -o /dev/null -L/usr/lib -ldb": ("ld", PROBE, ""),
    f"/usr/bin/gcc -Wl,-t -o {tempfile.gettempdir()}/where3k2w -ldb": ("gcc", PROBE, ""),
    f"/usr/bin/gcc -shared a.o -o {tempfile.gettempdir()}/where3k2w -ldb": ("gcc", LINK, ""),
    "/usr/bin/ar rcs liba.a a.o b.o": ("ar", LINK, ""),
    "/usr/bin/gcc-ar-12 -qc liba.a a.o": ("ar", LINK, ""),
}


@pytest.mark.parametrize(("line", "expected"), ROLES.items(), ids=ROLES)
def test_family_role_and_language(line: str, expected: tuple[str, Role, str]) -> None:
    item = understood(line)
    assert (item.family, item.role, item.language) == expected


PARTS: Final[dict[str, dict[str, Any]]] = {
    "gcc -c src/a.c -o build/a.o": {"sources": ("/w/src/a.c",), "output": "/w/build/a.o"},
    "gcc -c src/a.c -obuild/a.o": {"output": "/w/build/a.o"},
    "gcc -c a.c b.S": {"sources": ("/w/a.c", "/w/b.S"), "language": "c", "output": None},
    "gcc -I inc -I/usr/x -isystem s -isystem/t -iquote q -idirafter d -c a.c": {
        "include_dirs": ("/w/inc", "/usr/x", "/w/s", "/t", "/w/q", "/w/d")
    },
    "gcc -include config.h -imacros m.h -c a.c": {"sources": ("/w/a.c",), "include_dirs": ()},
    "gcc -MD -MF a.d -MT a.o -MQ b.o -c a.c": {"sources": ("/w/a.c",), "objects": ()},
    "gcc -DX=1 -D Y=2 -U Z -c a.c": {"sources": ("/w/a.c",)},
    "gcc -c a.c -lz -L/x": {"libraries": (), "library_dirs": ()},
    "gcc a.o -lz -l ssl -l:libx.a -L. -L /y -o p": {
        "libraries": ("z", "ssl", ":libx.a"),
        "library_dirs": ("/w", "/y"),
        "static_names": (":libx.a",),
    },
    "gcc a.o -Wl,-lz -Wl,-L/x -Xlinker -lssl": {"libraries": ("z", "ssl"), "library_dirs": ("/x",)},
    "gcc a.o -Wl,-Bstatic -la -lb -Wl,-Bdynamic -lc": {"libraries": ("a", "b", "c"), "static_names": ("a", "b")},
    "gcc a.o -Wl,-Bstatic,-la,-Bdynamic -lc": {"libraries": ("a", "c"), "static_names": ("a",)},
    "gcc -c a.c -Wp,-D_FORTIFY_SOURCE=2 -fstack-clash-protection -mbranch-protection=standard -D_GLIBCXX_ASSERTIONS": {
        "flags": (
            *("-Wp,-D_FORTIFY_SOURCE=2", "-fstack-clash-protection", "-mbranch-protection=standard"),
            "-D_GLIBCXX_ASSERTIONS",
        ),
    },
    "gcc -shared a.o -Wl,-z,relro,-z,now -Wl,--as-needed -fuse-ld=lld": {
        "flags": ("-Wl,-z,relro,-z,now", "-fuse-ld=lld"),
    },
    "gcc -static a.o -la -lb": {"static_names": ("a", "b"), "flags": ("-static",)},
    "gcc a.o -Wl,-rpath,/a -Wl,-rpath=/b -Wl,-rpath -Wl,/c -Wl,-R,/d -Xlinker -rpath -Xlinker /e": {
        "rpaths": ("/a", "/b", "/c", "/d", "/e"),
        "objects": ("/w/a.o",),
    },
    "gcc a.o -Wl,-soname,libx.so.1 -Wl,--version-script=x.map -Wl,-z,now -o libx.so.1": {
        "objects": ("/w/a.o",),
        "library_files": (),
    },
    "gcc a.o -Wl,--start-group libb.a -Wl,--end-group": {"objects": ("/w/a.o", "/w/libb.a")},
    "gcc a.o /usr/lib/libz.so ../libq.so.1.2 lib.a -o x": {
        "objects": ("/w/a.o", "/w/lib.a"),
        "library_files": ("/usr/lib/libz.so", "/libq.so.1.2"),
    },
    "gcc a.c -lz -o a": {"sources": ("/w/a.c",), "libraries": ("z",)},
    "gcc -O2 -g -std=c11 -march=native -flto=auto -fopenmp -Wall -fPIC -c a.c": {
        "flags": ("-O2", "-std=c11", "-march=native", "-flto=auto", "-fopenmp")
    },
    "clang -target x86_64-linux-gnu -c a.c": {"sources": ("/w/a.c",), "flags": ("--target=x86_64-linux-gnu",)},
    "clang --target aarch64-linux-gnu --sysroot sys -c a.c": {
        "sources": ("/w/a.c",),
        "flags": ("--target=aarch64-linux-gnu", "--sysroot=/w/sys"),
    },
    "gcc --sysroot=../s -I=/usr/include -I $SYSROOT/o -L=/usr/lib -Wl,-L,=/l -lz a.o -o a": {
        "include_dirs": ("/s/usr/include", "/s/o"),
        "library_dirs": ("/s/usr/lib", "/s/l"),
        "flags": ("--sysroot=/s",),
    },
    "gcc -isysroot /sdk -I=/i -c a.c": {"flags": ("-isysroot/sdk",), "include_dirs": ("/i",), "sources": ("/w/a.c",)},
    "ld --sysroot /s -L=/l -lz a.o -o a": {"library_dirs": ("/s/l",), "objects": ("/w/a.o",)},
    "gcc -x c a.unknown -x none b.o": {"sources": ("/w/a.unknown",), "objects": ("/w/b.o",)},
    "ld -r a.o b.o -o c.o": {"objects": ("/w/a.o", "/w/b.o"), "output": "/w/c.o"},
    "ld -m elf_x86_64 -dynamic-linker /lib64/ld.so -o p a.o -Bstatic -lq -Bdynamic -lc": {
        "objects": ("/w/a.o",),
        "library_files": (),
        "libraries": ("q", "c"),
        "static_names": ("q",),
    },
    "ar rcs liba.a a.o b.o": {"output": "/w/liba.a", "objects": ("/w/a.o", "/w/b.o")},
    "ar --plugin p.so -rb x.o liba.a a.o": {"output": "/w/liba.a", "objects": ("/w/a.o",)},
    "rustc --crate-name n --crate-type cdylib src/lib.rs -l z -lstatic=y -l dylib:+verbatim=x "
    "-L native=/n -L dependency=/d -C opt-level=3 --out-dir t -C extra-filename=-1": {
        "sources": ("/w/src/lib.rs",),
        "libraries": ("z", "y", "x"),
        "static_names": ("y",),
        "library_dirs": ("/n",),
        "flags": ("-Copt-level=3",),
        "output": "/w/t/n-1",
    },
}


@pytest.mark.parametrize(("line", "expected"), PARTS.items(), ids=PARTS)
def test_what_is_asked_for(line: str, expected: dict[str, Any]) -> None:
    item = understood(line)
    assert {name: getattr(item, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "depfile"),
    [
        ("gcc -c a.c", None),
        ("gcc -MD -c a.c -o b/a.o", "/w/b/a.d"),
        ("gcc -MMD -c src/a.c", "/w/a.d"),
        ("gcc -MD -MF x.d -c a.c", "/w/x.d"),
        ("gcc -MD -MFx.d -c a.c", "/w/x.d"),
        ("gcc -Wp,-MMD,y.d -c a.c", "/w/y.d"),
    ],
)
def test_where_the_headers_are_listed(line: str, depfile: str | None) -> None:
    outcome = classify(command(line))
    assert isinstance(outcome, Recognized)
    assert outcome.depfile == depfile


@pytest.mark.parametrize(
    ("line", "status", "modules", "constraints", "answered"),
    [
        ("pkg-config --cflags zlib", 0, ("zlib",), (), True),
        ("pkgconf --exists nothing", 1, ("nothing",), (), False),
        ("aarch64-linux-gnu-pkg-config --libs zlib", None, ("zlib",), (), None),
        ("pkg-config --libs 'libxml-2.0 >= 2.9' zlib", 0, ("libxml-2.0", "zlib"), ("libxml-2.0 >= 2.9",), True),
        ("pkg-config --libs libxml-2.0 '>=' 2.9", 0, ("libxml-2.0",), ("libxml-2.0 >= 2.9",), True),
        ("pkg-config --exists 'a>=1,b<2 c'", 0, ("a", "b", "c"), ("a >= 1", "b < 2"), True),
        ("pkg-config --atleast-version=1.2 zlib", 0, ("zlib",), ("zlib >= 1.2",), True),
        ("pkg-config --atleast-version 1.2 zlib", 0, ("zlib",), ("zlib >= 1.2",), True),
        ("pkg-config --define-variable=prefix=/x --variable=libdir zlib", 0, ("zlib",), (), True),
        ("pkg-config --variable libdir zlib", 0, ("zlib",), (), True),
    ],
)
def test_what_pkg_config_is_asked(
    line: str,
    status: int | None,
    modules: tuple[str, ...],
    constraints: tuple[str, ...],
    answered: bool | None,  # noqa: FBT001
) -> None:
    outcome = classify(command(line, status=status))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Query)
    assert (outcome.item.tool, outcome.item.modules) == ("pkg-config", modules)
    assert (outcome.item.constraints, outcome.item.answered) == (constraints, answered)


@pytest.mark.parametrize(
    "name",
    ["krb5-config", "pg_config", "mysql_config", "llvm-config-14", "python3.11-config", "Magick++-config", "apxs2"],
)
def test_a_config_program_is_asked(name: str) -> None:
    outcome = classify(command(f"/usr/bin/{name} --libs", status=0))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Query)
    assert (outcome.item.tool, outcome.item.modules, outcome.item.answered) == (name, (), True)


def test_a_program_that_is_not_there_answers_no() -> None:
    outcome = classify(command("foo-config --libs", found=False))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Query)
    assert outcome.item.answered is False


@pytest.mark.parametrize(
    ("line", "tool", "probe"),
    [
        ("/usr/bin/cmake -S . -B b", "cmake", False),
        ("/usr/bin/cmake --version", "cmake", True),
        ("/usr/bin/cmake -E capabilities", "cmake", True),
        ("/usr/bin/ninja", "ninja", False),
        ("/usr/bin/ninja-build --version", "ninja", True),
        ("/usr/bin/gmake -j8", "make", False),
        ("/usr/bin/cython3 -3 a.pyx", "cython", False),
        ("/usr/bin/bison -o a.c a.y", "bison", False),
        ("/usr/bin/pkg-config --version", "pkg-config", True),
        ("/usr/bin/mpicc -c a.c", "mpi", False),
        ("/opt/zig build", "zig", False),
        ("/opt/zig version", "zig", True),
        ("/usr/bin/ccache --version", "ccache", True),
    ],
)
def test_a_tool_is_run(line: str, tool: str, probe: bool) -> None:  # noqa: FBT001 - a column of the table
    outcome = classify(command(line))
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.item, Run)
    assert (outcome.item.tool, outcome.item.probe) == (tool, probe)


@pytest.mark.parametrize("line", ["/bin/sh -c x", "/usr/bin/python3.11 setup.py", "/bin/rm -f a"])
def test_what_is_of_no_interest_says_why(line: str) -> None:
    outcome = classify(command(line))
    assert isinstance(outcome, Ignored)
    assert outcome.reason


@pytest.mark.parametrize(
    "line", ["/w/reconfigure --prefix=/x", "/usr/bin/gccgo-thing", "/usr/bin/ldap-tool", "/usr/bin/argo"]
)
def test_what_no_table_names_is_not_recognized(line: str) -> None:
    assert isinstance(classify(command(line)), NotRecognized)


def test_a_shared_name_is_followed_to_the_family_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "clang-14").write_text("")
    (tmp_path / "cc").symlink_to("clang-14")
    assert understood(f"{tmp_path}/cc -c a.c").family == "clang"


def test_a_launcher_gives_itself_and_the_compiler_it_starts() -> None:
    both = list(unwrapped(command("/usr/bin/ccache gcc -c a.c"), lambda name: f"/usr/bin/{name}"))
    assert [(each.program, each.arguments) for each in both] == [
        ("/usr/bin/ccache", ("gcc", "-c", "a.c")),
        ("/usr/bin/gcc", ("-c", "a.c")),
    ]


@pytest.mark.parametrize(
    ("line", "program", "arguments"),
    [
        ("/usr/bin/python3 -m cython -3 a.pyx", "/usr/bin/cython", ("-3", "a.pyx")),
        ("/usr/bin/python3 -mcython --3str a.py", "/usr/bin/cython", ("--3str", "a.py")),
        ("/v/bin/python -I -m mesonbuild.mesonmain setup b", "/usr/bin/meson", ("setup", "b")),
        ("/v/bin/python /opt/meson/meson.py setup b", "/opt/meson/meson", ("setup", "b")),
        ("python3 bin/cython a.pyx", "/w/bin/cython", ("a.pyx",)),
        ("python3 setup.py build", "python3", ("setup.py", "build")),
        ("python3 -c pass", "python3", ("-c", "pass")),
        ("python3 -m pip install x", "python3", ("-m", "pip", "install", "x")),
    ],
)
def test_a_tool_written_in_python_stands_for_its_interpreter(line: str, program: str, arguments: tuple[str]) -> None:
    (one,) = unwrapped(command(line), lambda name: f"/usr/bin/{name}")
    assert (one.program, one.arguments) == (program, arguments)


def test_a_launcher_that_is_asked_about_itself_gives_itself_alone() -> None:
    assert len(list(unwrapped(command("/usr/bin/ccache -s"), lambda _: None))) == 1


WORDS: Final = st.sampled_from(
    ["-o", "-x", "-Wl,", "-Wl,-rpath", "-Xlinker", "-l", "-L", "-MF", "@", "-", "", "a.c", "--", "-I", "r"]
)
PROGRAMS: Final = st.sampled_from(
    ["gcc", "clang", "ld", "ar", "rustc", "nvcc", "zig", "pkg-config", "x-config", "cmake", "zzz"]
)


@given(PROGRAMS, st.lists(WORDS | st.text(max_size=6), max_size=8))
def test_no_command_line_raises(program: str, arguments: list[str]) -> None:
    invocation = Invocation(program=program, arguments=tuple(arguments), cwd="/w", mechanism=Mechanism.AUDIT)
    assert isinstance(classify(invocation), Recognized | Ignored | NotRecognized)


@pytest.mark.parametrize(
    ("options", "libraries"),
    [
        ("-shared a.o -lz", ("z", "cudart_static")),
        ("-shared a.o -cudart shared", ("cudart",)),
        ("-shared a.o --cudart=none", ()),
        ("-c a.cu", ()),
    ],
)
def test_a_link_by_nvcc_takes_its_run_time_library_in(options: str, libraries: tuple[str, ...]) -> None:
    assert understood(f"/usr/local/cuda/bin/nvcc {options}").libraries == libraries
