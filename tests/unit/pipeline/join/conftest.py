"""A build put together by hand: a tree on disk, the commands that were seen, the artifact's binaries."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import Catalogue
from backlit.model.artifact import Artifact
from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run, Search, Trace
from backlit.model.native import NativeFile
from backlit.owners import Ownership
from backlit.pipeline.join.ledger import Ledger
from backlit.pipeline.join.places import Places
from backlit.pipeline.join.resolve import Resolver
from backlit.pipeline.observe import Observation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.model.diagnostic import Diagnostic
    from backlit.model.names import NameKind
    from backlit.model.report import Library


class Build:
    """One build of the project in `root`; what stands beside `root` is not the project's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.traced = True
        self.compilations: list[Compilation] = []
        self.queries: list[Query] = []
        self.searches: list[Search] = []
        self.runs: list[Run] = []
        self.tried: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.binaries: list[NativeFile] = []
        self.owned: dict[str, Ownership] = {}
        self._ledger: Ledger | None = None

    def write(self, name: str, text: str = "") -> str:
        """Write a file of the tree, and give its absolute path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def ship(self, path: str, *needed: str, soname: str | None = None) -> None:
        """Put a binary into the artifact."""
        self.binaries.append(NativeFile(path, "elf", "shared", "x86_64", 64, "little", needed, soname))

    def link(self, output: str, *libraries: str, program: str = "gcc", **more: Any) -> None:  # noqa: ANN401 - fields
        """Link a binary, `output` relative to the tree, with ``-l`` for each of `libraries`."""
        command = Invocation(program, (), str(self.root), Mechanism.SHIM)
        fields = {"role": Role.LINK, "output": str(self.root / output), "libraries": libraries, **more}
        self.compilations.append(Compilation(command, "gcc", "", **fields))

    def compile(self, *sources: str, headers: tuple[str, ...] = (), include_dirs: tuple[str, ...] = ()) -> None:
        """Compile sources of the tree; the compiler opened `headers`, absolute."""
        command = Invocation("gcc", (), str(self.root), Mechanism.SHIM)
        paths = tuple(str(self.root / source) for source in sources)
        self.compilations.append(
            Compilation(command, "gcc", "c", Role.COMPILE, paths, include_dirs=include_dirs, headers=headers)
        )

    def ask(
        self,
        tool: str,
        *modules: str,
        arguments: tuple[str, ...] = (),
        answered: bool | None = True,
        found: bool = True,
    ) -> None:
        """Ask pkg-config for modules, or another program for its arguments."""
        command = Invocation(f"/usr/bin/{tool}", arguments, str(self.root), Mechanism.SHIM, found=found)
        self.queries.append(Query(command, tool, modules, (), answered))

    def search(self, sense: NameKind, name: str, **more: Any) -> None:  # noqa: ANN401 - fields
        """Let cmake look for a library, in vain unless `found` says otherwise."""
        self.searches.append(Search(**{"tool": "cmake", "sense": sense, "name": name, "found": False, **more}))

    def run(self, tool: str, *, found: bool = True) -> None:
        """Run a build tool, or try to."""
        program = f"/usr/bin/{tool}" if found else tool
        self.runs.append(Run(Invocation(program, (), str(self.root), Mechanism.AUDIT, found=found), tool))

    def own(self, path: str, package: str, source: str) -> None:
        """Let a distribution's package own a path."""
        self.owned[path] = Ownership(f"pkg:deb/debian/{package}@1", package, source, "1")

    @property
    def observation(self) -> Observation:
        """All that was seen."""
        artifact = Artifact(
            "wheel", "demo-1-py3-none-any.whl", "demo", "1", "1", members=(), binaries=tuple(self.binaries)
        )
        trace = Trace(tuple(self.compilations), tuple(self.queries), tuple(self.runs), tuple(self.searches), self.tried)
        return Observation(artifact, trace, self.traced, str(self.root), str(self.root))

    @property
    def places(self) -> Places:
        """Its places."""
        return Places.of(self.observation)

    @property
    def ledger(self) -> Ledger:
        """The one ledger that the sides write into."""
        if self._ledger is None:
            self._ledger = Ledger(Resolver(Catalogue.load(), self.owned))
        return self._ledger

    @property
    def libraries(self) -> dict[str, Library]:
        """What the ledger has, by the last part of the id."""
        return {library.id.rpartition("/")[2]: library for library in self.ledger.libraries()}

    @property
    def codes(self) -> list[str]:
        """The codes of the ledger's diagnostics."""
        return [diagnostic.code for diagnostic in self.ledger.diagnostics()]

    @property
    def diagnostic(self) -> Diagnostic:
        """The ledger's only diagnostic."""
        (only,) = self.ledger.diagnostics()
        return only


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Give a build of an empty tree."""
    root = tmp_path / "demo"
    root.mkdir()
    return Build(root)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Give a function that makes a real shared library, and gives its path; use it with the marker ``compiler``."""
    source = tmp_path_factory.mktemp("source") / "lib.c"
    source.write_text("int answer(void) { return 42; }\n")

    def made(path: Path, soname: str | None = None) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = [f"-Wl,-soname,{soname}"] if soname else []
        subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", path, *flags], check=True)
        return str(path)

    return made
