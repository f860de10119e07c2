"""Which of many sentences counts, and the sentences of tools that no recording has."""

from __future__ import annotations

import pytest

from backlit import failures
from backlit.failures import Lack

TRACEBACK = 'Traceback (most recent call last):\n  File "setup.py", line 3, in <module>\n    run()\n'
FAILED = "error: command '/usr/bin/gcc' failed with exit code 1\n"


@pytest.mark.parametrize(
    ("text", "lack", "names"),
    [
        ("a.c:3:10: fatal error: 'ev.h' file not found\n" + FAILED, Lack.HEADER, ("ev.h",)),
        ("a.c:1:10: fatal error: Python.h: No such file or directory\n" + FAILED, Lack.PYTHON_HEADERS, ("Python.h",)),
        ("cc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory\n", Lack.COMPILER, ("cxx",)),
        ("ld.lld: error: unable to find library -lev\n" + FAILED, Lack.LINK, ("ev",)),
        ("mold: fatal: library not found: ev\n" + FAILED, Lack.LINK, ("ev",)),
        ("ld: library not found for -lev\n" + FAILED, Lack.LINK, ("ev",)),
        (
            "/usr/bin/ld: cannot find -la: No such file or directory\n/usr/bin/ld: cannot find -lb\n" + FAILED,
            Lack.LINK,
            ("a", "b"),
        ),
        ("clang: error: invalid linker name in '-fuse-ld=lld'\n" + FAILED, Lack.PROGRAM, ("ld.lld",)),
        ("checking for gcc... no\nconfigure: error: no acceptable C compiler found in $PATH\n", Lack.COMPILER, ("c",)),
        ("checking for ev.h... no\nconfigure: error: sorry\n", Lack.HEADER, ("ev.h",)),
        (
            "configure: error: Package requirements (glib-2.0 >= 2.56 libffi) were not met:\n",
            Lack.PKGCONFIG,
            ("glib-2.0", "libffi"),
        ),
        (
            "checking for GTK+ - version >= 3.0.0... no\n*** checking why...\nconfigure: error:\nNo GTK+.\n",
            Lack.WORDS,
            ("gtk+-3.0", "gtk+"),
        ),
        ("error: linker `cc` not found\nerror: could not compile `x`\n", Lack.PROGRAM, ("cc",)),
        ("meson.build:4:0: ERROR: C shared or static library 'ev' not found\n", Lack.LINK, ("ev",)),
        ("meson.build:4:0: ERROR: Unknown compiler(s): [['cython'], ['cython3']]\n", Lack.PYTHON_MODULE, ("Cython",)),
        ("meson.build:4:0: ERROR: Program 'swig' not found or not executable\n", Lack.PROGRAM, ("swig",)),
        (
            "./build.sh: line 2: autoreconf: command not found\n" + TRACEBACK + "OSError: autoreconf failed\n",
            Lack.PROGRAM,
            ("autoreconf",),
        ),
        (TRACEBACK + "ModuleNotFoundError: No module named 'Cython'\n", Lack.PYTHON_MODULE, ("Cython",)),
        (
            TRACEBACK + "OSError: libev.so.4: cannot open shared object file: No such file or directory\n",
            Lack.SHARED,
            ("libev.so.4",),
        ),
        (
            TRACEBACK + "OSError: ctypes.util.find_library() did not manage to locate a library called 'ev'\n",
            Lack.LINK,
            ("ev",),
        ),
        (
            "Package ev was not found in the pkg-config search path.\n"
            + TRACEBACK
            + "ValueError: invalid literal for int() with base 10: ''\n",
            Lack.PKGCONFIG,
            ("ev",),
        ),
        (TRACEBACK + "RuntimeError: `protoc`, which is needed, could not be found.\n", Lack.WORDS, ("protoc",)),
        (TRACEBACK + "RuntimeError: Require tss2-esys to be installed\n", Lack.WORDS, ("tss2-esys",)),
        (
            TRACEBACK + 'RuntimeError: command "pkg-config --modversion libev" failed\n',
            Lack.PKGCONFIG,
            ("libev",),
        ),
        (TRACEBACK + "RuntimeError: The 'apxs' command appears not to be installed\n", Lack.WORDS, ("apxs",)),
        (
            "/venv/bin/python3: No module named pip\n"
            + TRACEBACK
            + "subprocess.CalledProcessError: Command 'python3 -m pip' returned non-zero exit status 1.\n",
            Lack.PYTHON_MODULE,
            ("pip",),
        ),
        ("error: unsatisfied build requirement 'Cython >= 3.0'\n", Lack.WORDS, ("Cython",)),
        ("Can't find a local Foo Bar installation.\n", Lack.WORDS, ("Foo", "FooBar")),
        ("Error: swig failed. Is Foo Bar installed?\n", Lack.WORDS, ("swig", "Foo", "FooBar")),
        ("Please set EV_HOME to the folder of it\n", Lack.WORDS, ("EV_HOME",)),
        ("EV_HOME not defined in environment\n", Lack.WORDS, ("EV_HOME",)),
        (
            (
                'Traceback (most recent call last):\n  File "setup.py", line 9, in run\n    self.find_swig()\n'
                '  File "setup.py", line 4, in find_swig\n    assert found\nAssertionError\n'
            ),
            Lack.WORDS,
            ("swig",),
        ),
        (
            (
                'Traceback (most recent call last):\n  File "<string>", line 9, in <module>\n'
                "ModuleNotFoundError: No module named 'ev.core'\n\n"
                "During handling of the above exception, another exception occurred:\n\n"
                'Traceback (most recent call last):\n  File "/x/build_meta.py", line 3, in run\n    exec(code)\n'
                '  File "<string>", line 11, in <module>\nImportError: EvLib not found. Please install it.\n'
            ),
            Lack.PYTHON_MODULE,
            ("ev.core",),
        ),
        (
            (
                "CMake Error at /x/CMakeDetermineCXXCompiler.cmake:47 (message):\n"
                "  Could not find the compiler specified in the environment variable CXX:\n\n  x86-ev-g++.\n\n"
                "CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.PROGRAM,
            ("x86-ev-g++",),
        ),
        ("Error: could not invoke ['ev-config', '--version']\n", Lack.WORDS, ("ev-config",)),
        (
            (
                'Can\'t exec "aclocal": No such file or directory at /x/FileUtils.pm line 274.\n'
                "error: command 'autoreconf' failed with exit code 1\n"
            ),
            Lack.PROGRAM,
            ("aclocal",),
        ),
        (
            (
                "configure.ac:12: error: possibly undefined macro: EV_INIT\n"
                "error: command 'autoreconf' failed with exit code 1\n"
            ),
            Lack.MACRO,
            ("EV_INIT",),
        ),
        (
            (
                "./configure: line 43: syntax error near unexpected token `EV,'\n"
                "./configure: line 43: `EV_CHECK_MODULES(EV, ev)'\nerror: command './configure' failed with exit code 2"
            ),
            Lack.MACRO,
            ("EV_CHECK_MODULES",),
        ),
        ("make: evc: Command not found\nmake: *** [Makefile:3: a.o] Error 127\n", Lack.PROGRAM, ("evc",)),
        (
            "error: don't know how to compile Fortran code on platform 'posix' with 'unix' compiler.\n",
            Lack.COMPILER,
            ("fortran",),
        ),
        (TRACEBACK + "numpy.distutils.fcompiler.CompilerNotFound: f90 nor f77\n", Lack.COMPILER, ("fortran",)),
        (TRACEBACK + "RuntimeError: No EV/EVA libraries found.\n", Lack.WORDS, ("EV/EVA", "EV", "EVA")),
        (
            (
                "error: failed to run custom build command for `ev-sys v0.1.4`\n  --- stderr\n"
                '  value: "Could not run `PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config --libs --cflags libev`'
                '\\nThe pkg-config command could not be found.\\n\\nMost likely, you need to install it"\n'
            ),
            Lack.PKGCONFIG,
            ("libev",),
        ),
        (
            (
                "error: failed to run custom build command for `ev-sys v0.1.4`\n  --- stderr\n"
                "  Command 'perl' not found. Is perl installed?\n"
            ),
            Lack.PROGRAM,
            ("perl",),
        ),
        (TRACEBACK + "ModuleNotFoundError: No module named 'ev.core'\n", Lack.PYTHON_MODULE, ("ev.core",)),
        (
            (
                "CMake Error at /x/FindPackageHandleStandardArgs.cmake:230 (message):\n"
                '  Could NOT find Python (missing: Python_NumPy_INCLUDE_DIRS NumPy) (found version\n  "3.11.2")\n\n'
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.PYTHON_MODULE,
            ("numpy",),
        ),
        (
            (
                "CMake Error at /x/FindPackageHandleStandardArgs.cmake:230 (message):\n"
                "  Could NOT find EV (missing: EV_C_FOUND EV_CXX_FOUND)\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.CMAKE,
            ("EV",),
        ),
        (
            (
                "CMake Error at CMakeLists.txt:10 (find_package):\n  Found package configuration file:\n\n"
                '    /x/Qt6Config.cmake\n\n  but it set Qt6_FOUND to FALSE so package "Qt6" is considered to be NOT\n'
                '  FOUND.  Reason given by package:\n\n  Failed to find Qt component "Svg".\n\n'
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.CMAKE,
            ("Qt6Svg",),
        ),
        (
            "../meson.build:5:0: ERROR: Git program not found, cannot download ev.wrap via git.\n",
            Lack.PROGRAM,
            ("git",),
        ),
        (
            f"{TRACEBACK}x.DistributionNotFound: The 'ev>=1.0' distribution was not found and is required by y\n",
            Lack.WORDS,
            ("ev",),
        ),
        (
            f"{TRACEBACK}RuntimeError: please point EV_CONFIG to the path for ev-config\n",
            Lack.WORDS,
            ("ev-config",),
        ),
        (TRACEBACK + "RuntimeError: EV 14 or later is required\n", Lack.WORDS, ("EV",)),
        (TRACEBACK + "RuntimeError: ev 8.0 must be installed.\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "RuntimeError: You must have ev installed\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "RuntimeError: this cannot be built without libev\n", Lack.WORDS, ("libev",)),
        (TRACEBACK + "RuntimeError: Library not found: ev\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "RuntimeError: you need a C compiler to build this\n", Lack.WORDS, ("C",)),
        (TRACEBACK + "RuntimeError: a working C++ compiler is needed\n", Lack.WORDS, ("C++",)),
        (TRACEBACK + "ValueError: Provide a path to ev-config by a variable\n", Lack.WORDS, ("ev-config",)),
        (TRACEBACK + "RuntimeError: ev, uv and aev are required\n", Lack.WORDS, ("ev", "uv", "aev")),
        (TRACEBACK + "RuntimeError: No ev CMake package found.\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "RuntimeError: It is gone.  Install EvLib first\n", Lack.WORDS, ("EvLib",)),
        ("the EV_PATH environment variable was not set\n", Lack.WORDS, ("EV_PATH",)),
        ("error: EV_ROOT: undefined\n", Lack.WORDS, ("EV_ROOT",)),
        (
            (
                'Traceback (most recent call last):\n  File "<string>", line 8, in <module>\n'
                "  File \"<frozen os>\", line 685, in __getitem__\nKeyError: 'EVROOT'\n"
            ),
            Lack.VARIABLE,
            ("EVROOT",),
        ),
        (
            (
                'Traceback (most recent call last):\n  File "setup.py", line 8, in <module>\n    os.environ["EV"]\n'
                '  File "/usr/lib/python3.9/os.py", line 679, in __getitem__\n    raise KeyError(key) from None\n'
                "KeyError: 'EV'\n"
            ),
            Lack.VARIABLE,
            ("EV",),
        ),
        (TRACEBACK + "RuntimeError: Failed to find Foo-Bar components\n", Lack.WORDS, ("Foo-Bar",)),
        (TRACEBACK + "Exception: no java: ['bash', '-c', 'type -p java']\n", Lack.PROGRAM, ("java",)),
        ("ERROR: Ev could not be found\n" + TRACEBACK + "Exception: see the error above\n", Lack.WORDS, ("Ev",)),
        (
            (
                "CMake Error at cmake/FindEv.cmake:3 (message):\n  unable to find the header file a/b.h.\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.WORDS,
            ("a/b.h", "Ev"),
        ),
        (
            (
                'CMake Error at a/CMakeLists.txt:3 (target_link_libraries):\n  Target "a" links to:\n\n    Ev::ev\n\n'
                "  but the target was not found.  Possible reasons include:\n\n-- Generating done\n"
                "CMake Generate step failed.  Build files cannot be regenerated correctly.\n"
            ),
            Lack.CMAKE,
            ("Ev",),
        ),
        (
            (
                "CMake Error at FindPackageHandleStandardArgs.cmake:230 (message):\n"
                "  Could NOT find Ev (missing: Ev_LIBRARY Foo_FOUND Ev_Bar_FOUND)\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.CMAKE,
            ("Ev", "Foo", "Ev_Bar"),
        ),
        (
            (
                "Run-time dependency ev found: NO (tried pkg-config)\n"
                "meson.build:4:0: ERROR: could not get https://x.example/ev.tar.gz; is the internet available?\n"
            ),
            Lack.MESON,
            ("ev",),
        ),
        ("error: no Ev: make sure that the 'ev' program is in your $PATH\n", Lack.WORDS, ("ev",)),
        ("Error: demo cannot be built without R in the PATH\n", Lack.WORDS, ("R",)),
        (TRACEBACK + "Exception: No EV libraries found in ['/usr/lib']\n", Lack.WORDS, ("EV",)),
        (TRACEBACK + "Exception: evtool is not in your PATH\n", Lack.WORDS, ("evtool",)),
        (
            TRACEBACK + "Exception: libev 1.13 not found, make sure you installed ev-dev package\n",
            Lack.WORDS,
            ("libev", "ev-dev"),
        ),
        (TRACEBACK + "Exception: Did you install ev?\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "Exception: do you have ev properly installed?\n", Lack.WORDS, ("ev",)),
        (
            TRACEBACK + "Exception: try: sudo apt-get install -y libev-dev evtool\n",
            Lack.WORDS,
            ("libev-dev", "evtool"),
        ),
        (TRACEBACK + "RuntimeError: You need ev or foo 6 or higher\n", Lack.WORDS, ("ev", "foo")),
        (TRACEBACK + "RuntimeError: Foo JDK directory '/usr/x' does not exist.\n", Lack.WORDS, ("JDK",)),
        (TRACEBACK + "Exception: you must first build and install the ev library\n", Lack.WORDS, ("ev",)),
        (TRACEBACK + "Exception: Requires Ev development libraries\n", Lack.WORDS, ("Ev",)),
        ("meson.build:2:2: ERROR: C header 'ev.h' not usable\n", Lack.HEADER, ("ev.h",)),
        ("meson.build:2:2: ERROR: Program 'flex lex' not found or not executable\n", Lack.PROGRAM, ("flex",)),
        ("meson.build:2:2: ERROR: python3 is missing modules: a, b\n", Lack.PYTHON_MODULE, ("a", "b")),
        ("meson.build:2:2: ERROR: Could not execute Vala compiler: valac\n", Lack.COMPILER, ("vala",)),
        (
            "a.pyx:1:8: 'numpy.pxd' not found\n" + TRACEBACK + "Cython.Compiler.Errors.CompileError: a.pyx\n",
            Lack.PYTHON_MODULE,
            ("numpy",),
        ),
        (
            "gcc -fuse-ld=mold a.c\ncollect2: fatal error: cannot find \u2018ld\u2019\n" + FAILED,
            Lack.PROGRAM,
            ("ld.mold",),
        ),
        (
            "/usr/bin/ld: cannot find /usr/lib/x/libclang_rt.asan.a: No such file or directory\n" + FAILED,
            Lack.LINK,
            ("clang_rt.asan",),
        ),
        (
            (
                "CMake Error at FindPackageHandleStandardArgs.cmake:230 (message):\n"
                "  Could NOT find JNI (missing: JAVA_INCLUDE_PATH JAVA_AWT_INCLUDE_PATH)\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.CMAKE,
            ("JNI",),
        ),
        (
            "ld.lld: error: cannot open /usr/lib/x/libclang_rt.asan.a: No such file or directory\n" + FAILED,
            Lack.LINK,
            ("clang_rt.asan",),
        ),
        (
            "Error: Missing system libraries:\n  - ev\n  - foo (1.2)\n\nInstall them and try again.\n",
            Lack.WORDS,
            ("ev", "foo"),
        ),
        ("[-] Error : unable to determine correct include path for ev.h / foo.h\n", Lack.WORDS, ("ev.h",)),
        ("Could not find a suitable libev configuration.\n", Lack.WORDS, ("libev",)),
        (
            (
                "error: ev could not be found\n" + TRACEBACK + "ValueError: No distribution was found. "
                "Ensure that `setup.py` is not empty and that it calls `setup()`.\n"
            ),
            Lack.WORDS,
            ("ev",),
        ),
        ("pkg-config and ev-config unavailable, build terminated\n", Lack.PROGRAM, ("ev-config",)),
        (
            (
                "CMake Error at cmake/own.cmake:6 (find_program):\n"
                "  Could not find EV using the following names: ev, ev2\n"
                "Call Stack (most recent call first):\n  cmake/own.cmake:68 (own)\n  CMakeLists.txt:3 (include)\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.PROGRAM,
            ("ev", "ev2"),
        ),
        (
            (
                "CMake Error at Modules/ExternalProject.cmake:9 (message):\n"
                "  error: could not find git for clone of ev-populate\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            Lack.PROGRAM,
            ("git",),
        ),
    ],
)
def test_a_sentence_is_read(text: str, lack: Lack, names: tuple[str, ...]) -> None:
    failure = failures.read(text)
    assert failure is not None
    assert (failure.lack, failure.names) == (lack, names)


@pytest.mark.parametrize(
    ("text", "name", "version", "found"),
    [
        (
            (
                "Run-time dependency cairo found: NO. Found 1.16.0 but need: '>= 1.18'.\n"
                'meson.build:4:0: ERROR: Dependency "cairo" not found, tried pkgconfig\n'
            ),
            "cairo",
            ">= 1.18",
            "1.16.0",
        ),
        (
            (
                "error: package `x v1.0` cannot be built because it requires rustc 1.74 or newer, while the currently "
                "active rustc version is 1.63.0\n"
            ),
            "rust",
            ">= 1.74",
            "1.63.0",
        ),
        (
            (
                "CMake Error at CMakeLists.txt:1 (cmake_minimum_required):\n"
                "  CMake 3.30 or higher is required.  You are running version 3.25.1\n\n"
                "-- Configuring incomplete, errors occurred!\n"
            ),
            "cmake",
            ">= 3.30",
            "3.25.1",
        ),
        (
            "Requested 'cairo >= 1.18' but version of cairo is 1.16.0\n"
            + TRACEBACK
            + "subprocess.CalledProcessError: Command 'pkg-config cairo' returned non-zero exit status 1.\n",
            "cairo",
            ">= 1.18",
            "1.16.0",
        ),
        (
            (
                "Program flex found: NO found 2.6 but need: '>=9' (/usr/bin/flex)\n"
                "meson.build:2:0: ERROR: Program 'flex' not found or not executable\n"
            ),
            "flex",
            ">=9",
            "2.6",
        ),
        (
            (
                "CMake Error at FindPackageHandleStandardArgs.cmake:230 (message):\n"
                '  Could NOT find SWIG: Found unsuitable version "3.0", but required is at least "4.0"\n\n'
                "-- Configuring incomplete, errors occurred!\n"
            ),
            "SWIG",
            ">= 4.0",
            "3.0",
        ),
    ],
)
def test_what_is_too_old_is_told_from_what_is_missing(text: str, name: str, version: str, found: str) -> None:
    failure = failures.read(text)
    assert failure is not None
    assert (failure.names, failure.version, failure.found) == ((name,), version, found)


def test_a_pkg_config_that_failed_is_known_by_its_command() -> None:
    command = "['/usr/bin/pkg-config', '--print-errors', '--atleast-version', '1.30', 'ev', 'ev-glib']"
    end = f"subprocess.CalledProcessError: Command '{command}' returned non-zero exit status"
    failure = failures.read(f"{TRACEBACK}{end} 1.\n")
    assert failure is not None
    assert (failure.names, failure.version) == (("ev", "ev-glib"), ">= 1.30")
    assert failures.read(f"{TRACEBACK}{end} 127.\n") is None


def test_a_crate_whose_own_copy_does_not_compile_lacks_no_library() -> None:
    failed = "error: failed to run custom build command for `ev-sys v1.0.0`\n"
    text = f"{failed}  error occurred in cc-rs: command did not execute successfully (status code exit status: 1)\n"
    found = failures.read(text)
    assert found is None or found.lack is not Lack.CRATE
    silent = failures.read(failed)
    assert silent is not None
    assert silent.lack is Lack.CRATE


def test_the_version_that_a_build_script_asks_for_is_no_part_of_the_module_s_name() -> None:
    said = "  The system library `ev >= 4.2` required by crate `ev-sys` was not found.\n"
    found = failures.read(f"error: failed to run custom build command for `ev-sys v1.0.0`\n{said}")
    assert found is not None
    assert (found.lack, found.names, found.version) == (Lack.PKGCONFIG, ("ev",), ">= 4.2")


def test_folders_that_the_compiler_looked_in_stand_beside_a_header() -> None:
    command = "gcc -I/usr/include/python3.11 -I/usr/local/include/ev -I/src/include -c a.c -o a.o\n"
    failure = failures.read(command + "a.c:1:10: fatal error: ev.h: No such file or directory\n" + FAILED)
    assert failure is not None
    assert failure.folders == ("ev",)


PROBE = "conftest.c:1:10: fatal error: ev.h: No such file or directory\ncompilation terminated.\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROBE + "building without ev\n" + TRACEBACK + "KeyError: 'x'\n",
        PROBE + "gcc -c a.c -o a.o\na.c:3:1: error: expected ';'\n" + FAILED,
        "Package ev was not found in the pkg-config search path.\n" + TRACEBACK + "TypeError: no\n",
        "-- Could NOT find EV (missing: EV_LIBRARY)\n-- Configuring done\na.cpp:3:1: error: no\n" + FAILED,
        "/bin/sh: 1: llvm-config: not found\ngcc -c a.c\na.c:3:1: error: no\na\nb\nc\n" + FAILED,
        TRACEBACK + "FileNotFoundError: [Errno 2] No such file or directory: 'README.md'\n",
        "Package ev was not found in the pkg-config search path.\n"
        + "going on without\n" * 9
        + TRACEBACK
        + "ValueError: invalid literal for int() with base 10: ''\n",
        TRACEBACK + "urllib.error.URLError: <urlopen error [Errno -2] Name or service not known>\n",
    ],
)
def test_a_probe_that_failed_and_did_not_matter_is_not_the_cause(text: str) -> None:
    assert failures.read(text) is None


def test_a_module_that_another_file_went_on_without_is_not_missing() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/x/optional.py", line 9, in <module>\n'
        "ModuleNotFoundError: No module named 'ev'\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "<string>", line 11, in <module>\n'
        "RuntimeError: cannot find libev\n"
    )
    failure = failures.read(text)
    assert failure is not None
    assert (failure.lack, failure.names) == (Lack.WORDS, ("libev",))


def test_colours_and_what_a_terminal_wrote_over_are_left_out() -> None:
    red, off = "\x1b[01;31m\x1b[K", "\x1b[m\x1b[K"
    text = f"[1/2] a.c\r{red}a.c:1:10:{off} {red}fatal error: {off}ev.h: No such file or directory\n"
    failure = failures.read(text + FAILED)
    assert failure is not None
    assert (failure.names, failure.place) == (("ev.h",), "a.c:1")


def test_a_command_s_own_traceback_is_read_before_that_of_who_started_it() -> None:
    inner = TRACEBACK + "OSError: krb5-config not found\n"
    outer = TRACEBACK + "subprocess.CalledProcessError: Command '['python', 'b.py']' returned non-zero exit status 1.\n"
    failure = failures.read(inner + "\n" + outer)
    assert failure is not None
    assert failure.names == ("krb5-config",)
