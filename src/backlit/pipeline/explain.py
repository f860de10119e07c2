"""Why the real backend failed, in up to five lines, told when the process ends: after all that the backend prints.

What stopped the build is read from what was printed and from the exception. The catalogue says which library that is,
the package manager of this machine what installs it, and the scanners where the source asks for it. Nothing is said
where nothing was recognised.
"""

from __future__ import annotations

import atexit
import re
import shutil
import sys
import traceback
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from backlit import failures
from backlit.catalog import Catalogue
from backlit.catalog.modules import normalized
from backlit.config.settings import environment
from backlit.failures import Lack
from backlit.model.signal import RequirementUse, Signal, ToolUse
from backlit.pipeline import install, missing as missing_, stated as stated_
from backlit.pipeline.stated import NOTHING, Stated, name_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backlit.catalog import Identity, ToolIdentity
    from backlit.failures import Failure
    from backlit.model.signal import Finding
    from backlit.pipeline.named import Missing


def at_exit(printed: str, error: BaseException, tree: Path) -> None:
    """Tell why a hook failed once this process ends. `printed` is what it printed; its project is in `tree`.

    Never raises: the real backend's own error must rise.
    """
    try:
        lines = explained(f"{printed}\n{_told_by(error)}", tree)
    except Exception as fault:  # noqa: BLE001 - a fault in here must not stand in for the backend's error
        lines = (f"why it failed could not be told: {type(fault).__name__}: {fault}",)
    if lines:
        atexit.register(_tell, lines)


def explained(text: str, tree: Path | None, *, of_requirement: bool = False) -> tuple[str, ...]:
    """Give up to five lines on why a build failed, from all that it printed; none if that is not known.

    `of_requirement` says that a front end builds a requirement, in an environment that nobody else can add to.
    """
    failure = failures.read(text)
    if failure is None:
        return ()
    source = _Source(tree)
    if tree is not None:
        failure = failure._replace(place=failure.place.removeprefix(f"{tree}/"))
        failure = failure._replace(names=tuple(_meant(name, source) for name in failure.names))
    stated = source.stated() if failure.lack in _MAY_BE_PYTHON else NOTHING
    found = missing_.of(failure, is_here=_runs, stated=stated)
    if failure.lack is Lack.HEADER and not any(item.wanted or item.requirement for item in found):
        found = tuple(missing_.as_asked_for(item, source.libraries()) for item in found)
    if not found or (failure.lack is Lack.PROGRAM and not any(_is_known(item) for item in found)):
        return ()
    if not failure.found and any(_is_here(item) for item in found):
        return ()
    cure = [*_of_a_requirement(found)] if of_requirement else []
    lines = [f"why it failed: {_problem(failure)}", *_what(found), *(cure or _cure(failure, found, stated))]
    asked = _asked(failure, found, source)
    return (*lines, *((f"asked for at: {'; '.join(asked)}",) if asked else ()))


_MAY_BE_PYTHON: Final = frozenset({Lack.PYTHON_MODULE, Lack.WORDS})


class _Source:
    """The source of a build, read when it is first asked about: most failures need less."""

    def __init__(self, tree: Path | None) -> None:
        self._tree = tree

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What its build asks for; nothing where there is no source."""
        from backlit.pipeline import survey  # noqa: PLC0415 - what is unknown is not looked for

        return tuple(survey.build_findings(self._tree, seconds=_SECONDS)) if self._tree is not None else ()

    def libraries(self) -> Iterator[str]:
        """Give the ids of the libraries that it asks for; one may come again."""
        signals = (finding for finding in self.findings if isinstance(finding, Signal))
        known = (_catalogue().identify(signal.sense, signal.name) for signal in signals)
        return (library.id for library in known if library is not None)

    def stated(self) -> Stated:
        """Give what it names of Python distributions."""
        return stated_.in_tree(self._tree, self.findings) if self._tree is not None else NOTHING


def _meant(program: str, source: _Source) -> str:
    """Give the command that a program's name means beside the libraries that the source builds against."""
    if not (beside := Catalogue.load().called_beside.get(program)):
        return program
    return next((beside[library] for library in source.libraries() if library in beside), program)


def _is_known(item: Missing) -> bool:
    """Tell whether a program is one: what no record has may be anything, and a file that is no program."""
    return item.wanted is not None or item.name.endswith("-config")


def _is_here(item: Missing) -> bool:
    """Tell whether a program that a message calls missing can be run after all: then the message means another."""
    if item.wanted is None or item.wanted.role != "build":
        return False
    if item.kind is not None:  # a header of C++'s own: a compiler that is here and has it not is too old for it
        return item.wanted.id == _CXX and _runs("g++")
    return _runs(item.name)


_CXX: Final = "dep:virtual/compiler/cxx"


def _runs(program: str) -> bool:
    return shutil.which(program, path=environment().get("PATH")) is not None


def _tell(lines: Sequence[str]) -> None:
    if sys.stdout is not None:
        sys.stdout.flush()  # what the backend printed goes first
    if sys.stderr is not None:
        sys.stderr.write("".join(f"backlit: {line}\n" for line in lines))  # what stands in for it may have no more
        sys.stderr.flush()


def _told_by(error: BaseException) -> str:
    """Give what the front end will print of an exception, after what commands said that it speaks of."""
    if isinstance(error, SystemExit):
        return "" if isinstance(error.code, int | None) else str(error.code)
    return "\n".join([*_captured(error), "".join(traceback.format_exception(error))])


def _captured(error: BaseException | None) -> Iterator[str]:
    """Give what commands printed into exceptions about them, the first cause first."""
    if error is None:
        return
    yield from _captured(error.__cause__ or error.__context__)
    for name in ("stdout", "stderr"):
        said = getattr(error, name, None)
        if isinstance(said, bytes):
            yield said.decode(errors="replace")
        elif isinstance(said, str):
            yield said


_LONGEST: Final = 160
_FEW: Final = 4
_PLACES: Final = 3


def _problem(failure: Failure) -> str:
    place = f"{failure.place}: " if failure.place else ""
    names = ", ".join(repr(name) for name in failure.names[:_FEW])
    if failure.lack is Lack.WORDS or not failure.tool:
        return f"{place}{_short(failure.said)}"
    if failure.found:
        return f"{place}{failure.tool} has {names} {failure.found}, and wants {failure.version}"
    wanted = f" {failure.version}" if failure.version else ""
    what = "compiler for" if failure.lack is Lack.COMPILER else failure.lack.value
    without = f", and no {failure.without} to ask" if failure.without else ""
    return f"{place}{failure.tool} found no {what} {names}{wanted}{without}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _what(found: Sequence[Missing]) -> Iterator[str]:
    ids = dict.fromkeys(item.wanted.id for item in found if item.wanted is not None)
    if ids:
        variables = dict.fromkeys(item.variable for item in found if item.variable)
        told = f"; {' and '.join(variables)} must say where it is" if variables else ""
        yield f"what it is: {', '.join(list(ids)[:_FEW])}{told}"
    elif not any(item.requirement for item in found):
        yield "what it is: the catalogue knows no library or program of that name"


def _of_a_requirement(found: Sequence[Missing]) -> Iterator[str]:
    """Say what helps the build of a requirement that lacks a module: what is installed here is not seen there."""
    if lacking := ", ".join(repr(item.requirement) for item in found if item.requirement):
        yield f"to cure it: that requirement's own build needs {lacking}; take another version of it, or a wheel"


def _cure(failure: Failure, found: Sequence[Missing], stated: Stated) -> Iterator[str]:
    requirements = [item.requirement for item in found if item.requirement]
    if requirements:
        command = f"python -m pip install {' '.join(map(repr, requirements))}"
        is_named = all(stated.builds_with(requirement) for requirement in requirements)
        yield f"to install it: {command}" + ("" if is_named else ", or name it in [build-system] requires")
        return
    if failure.found:
        yield "to cure it: install a newer one; what installs here may be the one that is here"
        return
    wanted = [item.wanted for item in found if item.wanted is not None]
    if failure.without and (program := missing_.needed_beside(failure.without)):
        wanted.append(program)
    line = install.line(wanted)
    if line.manager and install.are_here(line.packages, line.manager):
        here = " ".join(line.packages)
        yield f"to cure it: {here} is installed already, and has it not, or not where the build looks"
    elif line.command:
        yield f"to install it: {line.command}"
    elif wanted:
        yield f"to install it: no package for it is known here{'' if line.manager else ', nor a package manager'}"


def _asked(failure: Failure, found: Sequence[Missing], source: _Source) -> tuple[str, ...]:
    """Give the first places of the source that ask for it: file, line and what stands there."""
    ids = {item.wanted.id for item in found if item.wanted is not None}
    names = {item.name for item in found} | {name_in(item.requirement) for item in found if item.requirement}
    places: dict[str, str] = {}
    for finding in source.findings:
        if _is_about(finding, ids, names) and not _BUILT.match(finding.where):
            said = getattr(finding, "detail", "")
            places.setdefault(finding.where, f"{finding.where}: {_short(said)}" if said else finding.where)
    first = failure.place.rpartition("/")[2]
    order = sorted(places, key=lambda where: (not first or not where.endswith(first), _depth(where), where))
    return tuple(places[where] for where in order[:_PLACES])


_BUILT: Final = re.compile(r"build/(?:lib|temp|bdist)\b")
"""Where setuptools copies sources, and writes others."""

_SECONDS: Final = 5.0
"""How long the source is read; of what a larger one asks for, less is then known."""


def _depth(where: str) -> tuple[bool, int]:
    """Rank files that say what to build before those that are compiled, and those near the top before others."""
    path = where.rpartition(":")[0] or where
    return not path.endswith(_TELLING), path.count("/")


_TELLING: Final = (".py", ".toml", ".cfg", ".build", "CMakeLists.txt", ".cmake", ".ac", ".in", ".lock")


def _is_about(finding: Finding, ids: set[str], names: set[str]) -> bool:
    """Tell whether a finding names something by one of some ids, or as the failed tool did."""
    if isinstance(finding, RequirementUse):
        return name_in(finding.requirement) in {normalized(name) for name in names}
    known: Identity | ToolIdentity | None
    if isinstance(finding, Signal):
        known = _catalogue().identify(finding.sense, finding.name)
    elif isinstance(finding, ToolUse):
        known = _catalogue().tool(finding.name)
    else:
        return False
    return finding.name in names or (known is not None and known.id in ids)


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load()
