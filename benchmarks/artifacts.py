"""What reading a wheel's binaries costs, against bare inflating and against other tools, on the same wheels.

    python benchmarks/artifacts.py WHEEL... [--rounds 5] [--alone]

In an environment that holds backlit, pyelftools, elfdeps, lief, auditwheel and isal; readelf is the system's. What is
not there is left out. All ways read one wheel in turn, in one process that has imported everything, and then again,
`--rounds` times (with 0 not at all); the least CPU time (user and system, of the process and of those it starts) of
each is kept. The next wheel follows. `--alone` runs each way once in a process of its own, and prints the memory that
it took beyond what the process had when all was imported, and the CPU time of this first run.

- inflate: the native members, each from its compressed bytes in one call of zlib; nothing is read of them.
- backlit: `backlit.artifacts.inspect`, with zlib and with isal.
- pyelftools, lief: each native member read by zipfile and parsed; pyelftools is asked for what backlit gives, lief for
  the needed libraries alone. They are told which members these are.
- elfdeps: `elfdeps.analyze_zipfile`.
- readelf: each ELF member unpacked to a folder, and one call of `readelf -h -l -d -V -n -p .comment` for all.
- auditwheel: `auditwheel show`; once a wheel, for it takes seconds.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from backlit import binfmt
from backlit.artifacts import engine, inspect
from backlit.artifacts.candidates import native_format

if TYPE_CHECKING:
    from collections.abc import Callable

READELF = ["readelf", "-W", "-h", "-l", "-d", "-V", "-n", "-p", ".comment"]


def native(wheel: Path) -> list[zipfile.ZipInfo]:
    """Give the members that are native code."""
    with zipfile.ZipFile(wheel) as archive:
        return [info for info in archive.infolist() if not info.is_dir() and _is_read(archive, info)]


def _is_read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with archive.open(info) as file:
        found = native_format(file.read(64), info.file_size)
    return bool(found) and found in {"an ELF file", "a Mach-O file", "a PE file"}


class Ways:
    """The ways to read one wheel."""

    def __init__(self, wheel: Path, members: list[zipfile.ZipInfo]) -> None:
        self.wheel = wheel
        self.members = members

    def inflate(self) -> None:
        """Inflate each native member."""
        with self.wheel.open("rb") as file:
            for info in self.members:
                file.seek(info.header_offset + 26)
                file.seek(sum(struct.unpack("<2H", file.read(4))), 1)
                packed = file.read(info.compress_size)
                if info.compress_type == zipfile.ZIP_DEFLATED:
                    zlib.decompress(packed, -15, info.file_size)

    def backlit(self) -> None:
        """Read with zlib."""
        inspect(self.wheel)

    def backlit_isal(self) -> None:
        """Read with isal."""
        inspect(self.wheel)

    def pyelftools(self) -> None:
        """Ask pyelftools for the same facts."""
        from elftools.elf.elffile import ELFFile  # noqa: PLC0415 - not everywhere

        with zipfile.ZipFile(self.wheel) as archive:
            for info in self.members:
                elf = ELFFile(io.BytesIO(archive.read(info)))
                for segment in elf.iter_segments():
                    if segment["p_type"] == "PT_DYNAMIC":
                        for tag in segment.iter_tags():
                            getattr(tag, "needed", None)
                    elif segment["p_type"] == "PT_NOTE":
                        list(segment.iter_notes())
                needs = elf.get_section_by_name(".gnu.version_r")
                for _, entries in needs.iter_versions() if needs else ():
                    for entry in entries:
                        str(entry.name)
                comment = elf.get_section_by_name(".comment")
                if comment:
                    comment.data()

    def elfdeps(self) -> None:
        """Ask elfdeps."""
        import elfdeps  # noqa: PLC0415 - not everywhere

        with zipfile.ZipFile(self.wheel) as archive:
            list(elfdeps.analyze_zipfile(archive, settings=elfdeps.ELFAnalyzeSettings()))

    def lief(self) -> None:
        """Ask lief for the libraries."""
        import lief  # noqa: PLC0415 - not everywhere

        with zipfile.ZipFile(self.wheel) as archive:
            for info in self.members:
                content = archive.read(info)
                if content[:2] == b"MZ":
                    parsed = [lief.PE.parse(content)]
                elif content[:4] == b"\x7fELF":
                    parsed = [lief.ELF.parse(content)]
                else:
                    fat = lief.MachO.parse(content)  # owns what it gives
                    parsed = list(fat)
                for binary in parsed:
                    list(binary.libraries)

    def readelf(self) -> None:
        """Unpack, and ask readelf."""
        folder = tempfile.mkdtemp()
        try:
            with zipfile.ZipFile(self.wheel) as archive:
                paths = [archive.extract(info, folder) for info in self.members]
            subprocess.run([*READELF, *paths], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            shutil.rmtree(folder)

    def auditwheel(self) -> None:
        """Ask auditwheel."""
        command = [sys.executable, "-m", "auditwheel", "show", str(self.wheel)]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


ORDER = ("inflate", "backlit", "backlit_isal", "pyelftools", "elfdeps", "lief", "readelf", "auditwheel")
NEEDS = {
    "backlit_isal": "isal",
    "pyelftools": "elftools",
    "elfdeps": "elfdeps",
    "lief": "lief",
    "auditwheel": "auditwheel",
}
LOADS = NEEDS | {"backlit": "backlit.artifacts.wheel", "backlit_isal": "backlit.artifacts.wheel"}
LOADS["pyelftools"] = "elftools.elf.elffile"
INSTALLED = [way for way in ORDER if find_spec(NEEDS.get(way, "zipfile")) and (way != "readelf" or shutil.which(way))]
ELF_ONLY = {"pyelftools", "elfdeps", "readelf", "auditwheel"}


def ways_for(wheel: Path, members: list[zipfile.ZipInfo]) -> list[str]:
    """Give the ways that are installed and can read all native members of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        heads = {archive.open(info).read(4) for info in members}
    return [way for way in INSTALLED if heads == {b"\x7fELF"} or way not in ELF_ONLY]


def choose(way: str) -> None:
    """Let backlit inflate by zlib or by isal: it looks for the latter once a process."""
    sys.modules.pop("isal", None)
    if way != "backlit_isal":
        sys.modules["isal"] = None  # type: ignore[assignment]  # the way to make an import fail
    engine.fastest.cache_clear()
    engine.fastest()


def cpu(way: str, call: Callable[[], None]) -> float:
    """Give the CPU seconds of a call and of the processes that it starts."""
    choose(way)
    gc.collect()
    before = _used()
    call()
    return _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(wheel: Path, rounds: int) -> dict[str, float]:
    """Give the least CPU seconds of each way."""
    members = native(wheel)
    ways = Ways(wheel, members)
    times: dict[str, list[float]] = {way: [] for way in ways_for(wheel, members)}
    for number in range(rounds):
        for way, found in times.items():
            if way != "auditwheel" or number == 0:
                found.append(cpu(way, getattr(ways, way)))
    size = sum(info.file_size for info in members) / 1e6
    least = {way: min(found) for way, found in times.items()}
    cells = [f"{way} {least[way] * 1000:.1f}" for way in least]
    print(f"{wheel.name}: {len(members)} binaries, {size:.1f} MB; ms: {', '.join(cells)}", flush=True)
    return least


def alone(way: str, wheel: Path) -> str | None:
    """Say what a way takes in a process of its own: memory beyond what the imports took, and CPU time."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(wheel)], check=False, capture_output=True, text=True
    )
    return done.stdout.strip() or None


def print_one(way: str, wheel: Path) -> None:
    """Run one way and print what it took."""
    import_module(LOADS.get(way, "zipfile"))
    binfmt.read(b"", "")  # loads the readers
    ways = Ways(wheel, native(wheel))
    choose(way)
    memory, time_used = _highest(), _used()
    getattr(ways, way)()
    print(f"{(_highest() - memory) / 1024:.0f} MB {(_used() - time_used) * 1000:.1f} ms")


def _highest() -> int:
    """Give the most memory that this process had, in KiB; the system's other count starts with the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def print_sums(measured: dict[Path, dict[str, float]]) -> None:
    """Print for each way its sum, and how it compares with bare inflating and with backlit."""
    for way in ORDER[1:]:
        found = [times for times in measured.values() if way in times]
        if not found:
            continue
        total, bare, ours = (sum(times[one] for times in found) for one in (way, "inflate", "backlit"))
        ratios = sorted(times[way] / times["inflate"] for times in found)
        print(
            f"{way}: {total:.3f} s on {len(found)} wheels, {total / bare:.2f} x inflate, {total / ours:.2f} x backlit; "
            f"of each wheel {statistics.median(ratios):.2f} x inflate in the median, {ratios[-1]:.2f} x at most"
        )


def print_quicker(measured: dict[Path, dict[str, float]]) -> None:
    """Print on how many wheels another way was quicker than backlit, and by how much."""
    for ours in ("backlit", "backlit_isal"):
        for way in ("pyelftools", "elfdeps", "lief", "readelf", "auditwheel"):
            both = [(times[ours], times[way]) for times in measured.values() if ours in times and way in times]
            if both:
                lost = [our - their for our, their in both if their < our]
                ratios = [their / our for our, their in both]
                often = sum(ratio >= 25 for ratio in ratios)  # noqa: PLR2004 - what is aimed at for auditwheel
                print(
                    f"{ours} against {way}: slower on {len(lost)} of {len(both)} wheels, by "
                    f"{max(lost, default=0) * 1000:.2f} ms at most; {statistics.median(ratios):.1f} times as quick "
                    f"in the median, 25 times or more on {often}"
                )


def print_alone(wheel: Path) -> None:
    """Print what each way takes in a process of its own."""
    members = native(wheel)
    largest = max(info.file_size for info in members) / 1e6
    ways = [way for way in ways_for(wheel, members) if way not in {"readelf", "auditwheel"}]
    cells = [f"{way} {taken}" for way in ways if (taken := alone(way, wheel))]
    print(f"{wheel.name}: largest member {largest:.0f} MB; alone: {', '.join(cells)}", flush=True)


def main() -> None:
    """Measure each wheel, and print sums and comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--one", metavar="WAY", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print_one(arguments.one, *arguments.wheels)
        return
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    wheels = [wheel for wheel in arguments.wheels if native(wheel)]
    if arguments.rounds:
        measured = {wheel: measure(wheel, arguments.rounds) for wheel in wheels}
        print_sums(measured)
        print_quicker(measured)
    for wheel in wheels if arguments.alone else ():
        print_alone(wheel)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
