"""The report: the same for the same build, and without a path of this machine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from backlit.model.artifact import Artifact
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run, Trace
from backlit.model.native import LinkedCrate, NativeFile
from backlit.model.report import Crate
from backlit.pipeline.assemble import SETUP_RUNS, assemble, document, of_artifact, platform_of, write
from backlit.pipeline.delegate import Outcome
from backlit.pipeline.observe import Observation
from backlit.pipeline.planning import plan
from backlit.pipeline.verify import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.model.report import Report

PYPROJECT = """\
[build-system]
requires = []
build-backend = "setuptools.build_meta"

[project]
name = "demo"
dynamic = ["version"]

[external]
host-requires = ["dep:generic/libxml2"]
nonsense = []
[tool.setuptools_scm]
"""

AGREES = Verdict(agrees=True, said="1.2", disagreements=())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project's folder."""
    folder = tmp_path / "demo"
    (folder / "vendor" / "zlib").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "x.c").write_text("#include <libxml/tree.h>\n#include <openssl/ssl.h>\n")
    return folder


def native(path: str, *needed: str, soname: str | None = None) -> NativeFile:
    return NativeFile(path, "elf", "shared", "x86_64", 64, "little", needed, soname)


def artifact_of(**more: Any) -> Artifact:  # noqa: ANN401 - fields
    binaries = (
        native("demo/_x.so", "libxml2.so.2", "libssl.so.3", "libc.so.6"),
        native("demo/_y.so", "libyaml-0.so.2"),
    )
    fields: dict[str, Any] = {"binaries": binaries, **more}
    return Artifact("wheel", "demo-1.2-cp311-cp311-linux_x86_64.whl", "demo", "1.2", "1.2", **fields)


def observed(root: Path, artifact: Artifact | None = None, *, turned: bool = False) -> Observation:
    """Observe a build; `turned`: the same commands, seen in the other order."""

    def command(program: str, *, found: bool = True) -> Invocation:
        return Invocation(program, (), str(root), Mechanism.SHIM, found=found)

    def gcc(role: Role, **more: Any) -> Compilation:  # noqa: ANN401 - fields
        return Compilation(command("/opt/nowhere/bin/gcc"), "gcc", "c" if more.get("sources") else "", role, **more)

    headers = ("/opt/odd/odd.h", "/usr/include/libxml2/libxml/tree.h", "/usr/include/openssl/ssl.h")
    compilations = [
        gcc(
            Role.COMPILE,
            sources=(str(root / "x.c"),),
            headers=headers,
            include_dirs=("/usr/include/libxml2",),
            flags=("--sysroot=/usr/odd", "-O2"),
        ),
        gcc(Role.COMPILE, sources=(str(root / "vendor/zlib/adler32.c"), str(root / "y.c"))),
        gcc(Role.LINK, output=str(root / "build/demo/_x.so"), libraries=("xml2", "ssl", "bz2")),
        gcc(
            Role.LINK,
            output="/tmp/tmp1234/demo/_y.so",  # noqa: S108 - never written
            library_files=("/usr/lib/nowhere/libyaml.so", "/tmp/tmp1234/libstrange.so"),  # noqa: S108 - likewise
        ),
        gcc(Role.PROBE),
    ]
    queries = [
        Query(command("/opt/nowhere/bin/pkg-config"), "pkg-config", ("libxml-2.0",), (), answered=True),
        Query(command("/opt/nowhere/bin/pkg-config"), "pkg-config", (f"{root}/own.pc",), (), answered=False),
        Query(command("krb5-config", found=False), "krb5-config", answered=False),
    ]
    runs = [Run(command("/opt/nowhere/bin/cmake"), "cmake", probe=True), Run(command("/root/bin/ninja"), "ninja")]
    step = -1 if turned else 1
    trace = Trace(
        tuple(compilations[::step]),
        tuple(queries[::step]),
        tuple(runs[::step]),
        ignored=3,
        mechanisms=(Mechanism.AUDIT, Mechanism.SHIM),
        missed=("A sentence.",),
        faults=("A record ended early.",),
    )
    return Observation(artifact or artifact_of(), trace, traced=True, tree=str(root), root=str(root))


def report_of(
    root: Path, observation: Observation, verdict: Verdict = AGREES, settings: dict[str, str] | None = None
) -> Report:
    made = plan(root, "build_wheel", {"backlit.version": "1.2"} if settings is None else settings)
    return assemble(made, Outcome("demo", None, root, 1.23456), observation, verdict)


def without_run(report: Report) -> str:
    return json.dumps({**document(report), "run": None}, indent=1)


def test_two_assemblies_of_one_build_are_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(report_of(root, observed(root)), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes().endswith(b"}\n")


def test_the_order_in_which_commands_were_seen_leaves_no_mark(root: Path) -> None:
    assert without_run(report_of(root, observed(root))) == without_run(report_of(root, observed(root, turned=True)))


def test_the_place_of_the_tree_leaves_no_mark(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another" / "demo"
    elsewhere.parent.mkdir()
    first = without_run(report_of(root, observed(root)))
    root.rename(elsewhere)
    assert without_run(report_of(elsewhere, observed(elsewhere))) == first


def test_no_absolute_path_stands_outside_run(root: Path) -> None:
    text = without_run(report_of(root, observed(root)))
    assert re.findall(r".*[\"\s=:](?:/tmp|/usr|/root|/opt|/home|/var)/.*", text) == []
    assert str(root) not in text
    report = report_of(root, observed(root))
    assert [compiler.name for compiler in report.compilers] == ["gcc"]
    assert report.run is not None
    assert "/root/bin/ninja" in report.run.programs
    assert (report.run.source_path, report.run.seconds) == (str(root), 1.235)


def test_the_three_sides_meet_in_one_library(root: Path) -> None:
    libraries = {library.id: library for library in report_of(root, observed(root)).libraries}
    libxml2 = libraries["dep:generic/libxml2"]
    assert {(e.side.value, e.kind.value) for e in libxml2.evidence} == {
        ("source", "declared"),
        ("build", "included"),
        ("build", "linked"),
        ("build", "queried"),
        ("artifact", "needed"),
    }
    assert (libxml2.required, libxml2.used, libxml2.linkage) == ("yes", True, ("dynamic",))


def test_diagnostics_of_all_rooms_come_together_sorted(root: Path) -> None:
    own = Diagnostic(code="unreadable-binary", severity=Severity.WARNING, where="demo/z.so", message="is damaged")
    verdict = Verdict(agrees=False, said="1.2", disagreements=("the file name has 0.0",))
    diagnostics = report_of(root, observed(root, artifact_of(diagnostics=(own,))), verdict).diagnostics
    assert diagnostics == tuple(sorted(diagnostics))
    # Whether a file is known to have no owner depends on the machine's package manager.
    assert {item.code for item in diagnostics} - {"unowned-file", "unowned-program"} == {
        "external-invalid",
        "probe-failed",
        "undeclared",
        "unread-record",
        "unreadable-binary",
        "unused-link",
        "version-mismatch",
    }


def test_the_version_says_how_it_was_told(root: Path) -> None:
    version = report_of(root, observed(root)).version
    assert (version.value, version.origin, version.tool, version.verified) == (
        "1.2",
        "config-setting",
        "setuptools-scm",
        True,
    )
    assert version.tool_evidence == "pyproject.toml:12: [tool.setuptools_scm]"
    assert "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO" in version.injected_by


def test_a_tool_that_was_left_in_charge_was_told_nothing(root: Path) -> None:
    version = report_of(root, observed(root), Verdict(None, "1.2", ()), {}).version
    assert (version.value, version.injected_by, version.verified) == (None, (), None)


def test_coverage_counts_what_was_seen(root: Path) -> None:
    coverage = report_of(root, observed(root)).coverage
    assert (coverage.mechanism, coverage.seen, coverage.missed) == (
        ("audit", "shim"),
        13,
        ("A sentence.", SETUP_RUNS),
    )
    whole = report_of(root, observed(root)._replace(whole=True)).coverage
    assert whole.missed == ("A sentence.",)


def test_an_unobserved_build_claims_nothing(root: Path) -> None:
    alone = Observation(artifact_of(), Trace(), traced=False, tree=str(root), root=str(root))
    coverage = report_of(root, alone).coverage
    assert (coverage.mechanism, coverage.seen) == ((), 0)
    assert coverage.missed == ("The build was not observed: BACKLIT_TRACE is off.",)


@pytest.mark.parametrize(
    ("machines", "host", "cross"),
    [
        pytest.param((), None, None, id="none"),
        pytest.param(("s390x",), "linux-s390x", True, id="cross"),
        pytest.param(("x86_64", "aarch64"), "linux-aarch64+x86_64", True, id="two"),
    ],
)
def test_the_host_is_what_the_binaries_say(machines: tuple[str, ...], host: str | None, *, cross: bool | None) -> None:
    binaries = tuple(native(f"{machine}.so")._replace(architecture=machine) for machine in machines)
    facts = platform_of(artifact_of(binaries=binaries))
    assert (facts.host, facts.cross) == (host, cross)


@pytest.mark.parametrize(
    ("format_", "system", "architecture", "host"),
    [
        ("macho", "macos", "arm64", "darwin-arm64"),
        ("macho", None, "arm64", "darwin-arm64"),
        ("macho", "ios", "arm64", "ios-arm64"),
        ("pe", "windows", "AMD64", "win32-AMD64"),
        ("pe", None, "MSIL", None),
        ("elf", "freebsd", "x86_64", "freebsd-x86_64"),
        ("elf", None, "x86_64", "linux-x86_64"),
    ],
)
def test_the_host_is_named_as_its_own_python_would(
    format_: str, system: str | None, architecture: str, host: str | None
) -> None:
    binary = native("a")._replace(format=format_, system=system, architecture=architecture)
    assert platform_of(artifact_of(binaries=(binary,))).host == host


def test_crates_that_a_binary_names_are_reported() -> None:
    crates = (
        LinkedCrate("demo", "1.0", "local", root=True),
        LinkedCrate("serde", "1.2", "crates.io"),
        LinkedCrate("syn", "2.0", "crates.io", "build"),
    )
    binaries = (native("a.so")._replace(crates=crates), native("b.so")._replace(crates=crates))
    assert of_artifact(artifact_of(binaries=binaries)).crates == (Crate("serde", "1.2"),)


def test_a_finished_artifact_alone_has_no_build(tmp_path: Path) -> None:
    report = of_artifact(artifact_of())
    assert (report.backend, report.compilers, report.platform.python) == (None, (), "")
    assert [library.id for library in report.libraries] == [
        "dep:generic/libxml2",
        "dep:generic/libyaml",
        "dep:generic/openssl",
    ]
    write(report, tmp_path / "below" / "report.json")
    assert json.loads((tmp_path / "below" / "report.json").read_text())["schema"] == "backlit-report-1"


def test_the_schema_stands_first_in_the_document() -> None:
    assert next(iter(document(of_artifact(artifact_of())))) == "schema"
