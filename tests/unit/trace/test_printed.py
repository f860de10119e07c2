"""What a hook prints is kept and passes on as it was: bytes, order, terminals, and after a crash."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

import backlit

SCRIPT = """\
import os, subprocess, sys, pathlib
from backlit.trace.printed import Printed
printed = Printed(pathlib.Path(sys.argv[1]), None)
print("before", flush=True)
def child(code):
    subprocess.run([sys.executable, "-c", "import os, sys\\n" + code])
try:
    with printed.listening():
        {body}
finally:
    print("after", flush=True)
    pathlib.Path(sys.argv[1], "text").write_text(printed.text())
"""
BOTH = """child("for n in range(200): os.write(1 + n % 2, f'line {n}{chr(10)}'.encode())")"""


def _command(folder: Path, body: str) -> list[str]:
    return [sys.executable, "-c", SCRIPT.format(body=body), str(folder)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(backlit.__file__).parents[1])}


def _run(folder: Path, body: str, *, apart: bool = False) -> subprocess.CompletedProcess[bytes]:
    to = subprocess.PIPE if apart else subprocess.STDOUT
    return subprocess.run(
        _command(folder, body), stdout=subprocess.PIPE, stderr=to, env=_environment(), check=False, timeout=60
    )


def _text(folder: Path) -> str:
    return Path(folder, "text").read_text(encoding="utf-8")


LINES = [f"line {n}" for n in range(200)]


def test_two_descriptors_of_one_pipe_keep_their_order(tmp_path: Path) -> None:
    done = _run(tmp_path, BOTH)
    assert done.stdout.decode().splitlines() == ["before", *LINES, "after"]
    assert _text(tmp_path).splitlines() == LINES


def test_two_pipes_stay_two(tmp_path: Path) -> None:
    done = _run(tmp_path, BOTH, apart=True)
    assert done.stdout.decode().splitlines() == ["before", *LINES[::2], "after"]
    assert done.stderr.decode().splitlines() == LINES[1::2]
    assert sorted(_text(tmp_path).split("\n")[:-1]) == sorted([*LINES, ""])


def test_what_python_code_writes_is_kept_though_no_process_was_started(tmp_path: Path) -> None:
    done = _run(tmp_path, 'sys.stderr.write("Error: pg_config executable not found.\\n")')
    assert done.stdout == b"before\nError: pg_config executable not found.\nafter\n"
    assert _text(tmp_path) == "Error: pg_config executable not found.\n"
    assert not list(tmp_path.glob("printed-*"))


def test_a_stream_is_the_same_object_with_its_own_method_afterwards(tmp_path: Path) -> None:
    body = 'stream = sys.stdout; assert "write" in vars(stream)'
    done = _run(tmp_path, f"{body}\n    assert sys.stdout is stream and 'write' not in vars(stream)")
    assert (done.returncode, done.stdout) == (0, b"before\nafter\n")


def test_a_file_is_written_to_directly_and_read_afterwards(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.write(b"an earlier step\n")
        file.flush()
        subprocess.run(_command(tmp_path, BOTH), stdout=file, stderr=file, env=_environment(), check=True, timeout=60)
    assert log.read_text().splitlines() == ["an earlier step", "before", *LINES, "after"]
    assert not list(tmp_path.glob("printed-*"))
    assert "an earlier step" not in _text(tmp_path)
    assert "line 199" in _text(tmp_path)


def test_a_terminal_stays_a_terminal_of_its_size(tmp_path: Path) -> None:
    body = 'child("print(os.isatty(1), os.isatty(2), os.get_terminal_size(1).columns)")'
    master, slave = pty.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 123, 0, 0))
        subprocess.run(_command(tmp_path, body), stdout=slave, stderr=slave, env=_environment(), check=True, timeout=60)
        shown = os.read(master, 4096)
    finally:
        os.close(slave)
        os.close(master)
    assert shown == b"before\r\nTrue True 123\r\nafter\r\n"
    assert _text(tmp_path) == "True True 123\n"


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_what_was_printed_before_a_crash_is_handed_on(tmp_path: Path, end: str) -> None:
    body = """child("print('last words')"); os.write(2, b"and mine\\n"); """
    done = _run(tmp_path, body + end)
    assert done.stdout == b"before\nlast words\nand mine\n"


def test_a_process_that_outlives_the_hook_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    body = 'subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"])'
    start = time.monotonic()
    with subprocess.Popen(_command(tmp_path, body), stdout=subprocess.PIPE, env=_environment()) as started:
        assert started.stdout is not None
        assert [started.stdout.readline(), started.stdout.readline()] == [b"before\n", b"after\n"]
        assert started.wait(timeout=15) == 0
        assert time.monotonic() - start < 15
        started.stdout.close()


def test_an_exception_passes_and_descriptors_are_put_back(tmp_path: Path) -> None:
    body = 'kept = os.fstat(1); child("print(1)"); assert os.fstat(1) != kept; raise KeyError("mine")'
    done = _run(tmp_path, body)
    assert done.stdout.decode().splitlines()[:3] == ["before", "1", "after"]
    assert done.stdout.decode().splitlines()[-1] == "KeyError: 'mine'"


def test_a_hook_is_as_before_where_there_is_no_tee(tmp_path: Path) -> None:
    done = _run(tmp_path, 'path = os.environ.pop("PATH"); os.environ["PATH"] = "/nonexistent"; child("print(1)")')
    assert done.stdout == b"before\n1\nafter\n"
