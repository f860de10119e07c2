"""Where the sides contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.config import project as projects
from backlit.model.names import NameKind
from backlit.pipeline.join import agreement, bundled, declared, included, linked, needed, probed, queried, vendored

if TYPE_CHECKING:
    from backlit.model.diagnostic import Diagnostic
    from unit.pipeline.join.conftest import Build


def join(build: Build, external: str = "") -> dict[str, Diagnostic]:
    """Join all sides, and give the contradictions by their code."""
    build.write("pyproject.toml", f"[project]\nname = 'demo'\n{external}")
    project = projects.load(build.root)
    ledger, observation, places = build.ledger, build.observation, build.places
    links = linked.links_of(observation, places)
    linked.enter(ledger, links)
    needed.enter(ledger, observation, links)
    bundled.enter(ledger, observation)
    included.enter(ledger, observation, places)
    vendored.enter(ledger, observation, places, "demo")
    queried.enter(ledger, observation, places)
    probed.enter(ledger, observation, places)
    declared.enter(ledger, project)
    agreement.enter(ledger, observation, project)
    return {each.code: each for each in ledger.diagnostics()}


def link_zlib(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/demo/_x.so", "z")


def test_sides_that_agree_are_named_and_nothing_is_said(build: Build) -> None:
    link_zlib(build)
    found = join(build, "[external]\nhost-requires = ['dep:generic/zlib']\n")
    assert (found, build.libraries["zlib"].sides) == ({}, ("artifact", "build", "source"))


def test_what_is_declared_and_not_taken(build: Build) -> None:
    link_zlib(build)
    requires = "['dep:generic/zlib', 'dep:generic/openssl']"
    found = join(build, f"[external]\nhost-requires = {requires}\ndependencies = ['dep:generic/curl']\n")
    assert list(found) == ["declared-unused"]
    assert found["declared-unused"].message.startswith("external.host-requires has dep:generic/openssl")


def test_a_build_that_was_not_seen_contradicts_no_declaration(build: Build) -> None:
    build.traced = False
    assert join(build, "[external]\nhost-requires = ['dep:generic/zlib']\n") == {}


def test_what_is_taken_and_not_declared(build: Build) -> None:
    link_zlib(build)
    assert list(join(build, "[external]\nhost-requires = []\n")) == ["undeclared"]


def test_without_a_declaration_nothing_is_undeclared(build: Build) -> None:
    link_zlib(build)
    assert join(build, "[external]\nbuild-requires = ['dep:virtual/compiler/c']\n") == {}


def test_a_copy_beside_the_machines(build: Build) -> None:
    link_zlib(build)
    build.compile("vendor/zlib/adler32.c")
    found = join(build)
    assert [(code, each.where) for code, each in found.items()] == [("copy-and-system", "vendor/zlib")]


def test_a_copy_with_the_machines_headers(build: Build) -> None:
    build.write("src/a.c", "#include <zlib.h>\n")
    build.compile("src/a.c", "vendor/zlib/adler32.c", headers=("/usr/include/zlib.h",))
    assert list(join(build)) == ["copy-with-system-headers"]


def test_a_library_that_was_put_into_the_artifact_is_the_one_that_is_linked(build: Build) -> None:
    build.ship("demo/_x.so", "libz-1a2b3c4d.so.1")
    build.ship("demo.libs/libz-1a2b3c4d.so.1", soname="libz-1a2b3c4d.so.1")
    build.link("build/demo/_x.so", "z")
    assert "copy-and-system" not in join(build)


def test_one_name_in_two_versions(build: Build) -> None:
    build.search(NameKind.CMAKE, "ZLIB", found=True, version="1.2.13")
    build.search(NameKind.MESON, "zlib", tool="meson", found=True, version="1.3.1")
    message = join(build)["version-conflict"].message
    assert message == "zlib of dep:generic/zlib was seen in several versions: 1.2.13 (cmake), 1.3.1 (meson)"


def test_a_longer_version_and_a_module_that_counts_otherwise_are_no_conflict(build: Build) -> None:
    build.search(NameKind.CMAKE, "ZLIB", found=True, version="1.3")
    build.search(NameKind.MESON, "zlib", tool="meson", found=True, version="1.3.1")
    build.search(NameKind.CMAKE, "Freetype", found=True, version="2.12.1")
    build.search(NameKind.PKGCONFIG, "freetype2", tool="meson", found=True, version="24.1.18")
    assert join(build) == {}
