"""The isolated environment of a build, with the running backlit in it.

backlit is put in from where it runs: no index may be asked for it, and it may shadow nothing that the project's own
requirements bring. So a folder in the environment holds the running ``backlit``, the ``packaging`` that it runs with,
and the metadata by which setuptools finds a file finder; one ``.pth`` file names that folder. Python appends what a
``.pth`` file names after ``site-packages`` (https://docs.python.org/3/library/site.html), so whatever the environment
has of its own comes first.
"""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from subprocess import CalledProcessError  # noqa: TID251 - an error that `build` lets rise; nothing is started
from textwrap import dedent
from typing import TYPE_CHECKING, Final, NamedTuple

import backlit
from backlit.config import project as projects
from backlit.errors import BackendError, ConfigError
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from backlit.config.project import Project
    from backlit.frontend.progress import Progress

DEFAULT_REQUIRES: Final = ("setuptools >= 40.8.0",)
"""What a project without a ``[build-system]`` table needs: PEP 518."""

ENTRY_POINTS: Final = "[setuptools.file_finders]\nbacklit = backlit.file_finder:find\n"
"""As in backlit's own metadata."""


class Environment(NamedTuple):
    """An interpreter, and how to add to its packages."""

    python: str
    """Path of the interpreter."""
    variables: Mapping[str, str]
    """What its children need in their environment besides the user's."""
    install: Callable[[Sequence[str]], None]
    """Install requirements; :raises BackendError: if they cannot be had."""


@contextmanager
def isolated(requires: Sequence[str], progress: Progress) -> Iterator[Environment]:
    """Give an environment of its own that holds `requires` and the running backlit, removed at the end.

    :raises ConfigError: if ``build`` is not installed.
    :raises BackendError: if the environment or a requirement cannot be had.
    """
    try:
        from build.env import DefaultIsolatedEnv  # noqa: PLC0415 - an extra; --no-isolation does without
    except ModuleNotFoundError as error:
        cure = "pip install 'backlit[cli]', or build with --no-isolation"
        raise ConfigError("an isolated environment is made with 'build', which is not installed", cure=cure) from error

    with ExitStack() as stack:
        with progress.step("Making an isolated environment"), _explained("no isolated environment", progress):
            environment = stack.enter_context(DefaultIsolatedEnv())
            purelib = _purelib_of(environment.path, environment.python_executable)
            put_in(purelib, Path(environment.path, "backlit-overlay"))

        def install(requirements: Sequence[str]) -> None:
            if not requirements:
                return
            listed = ", ".join(requirements)
            with progress.step(f"Installing {listed}"), _explained(f"{listed} cannot be installed", progress):
                environment.install(requirements)
                compile_installed(environment.python_executable, purelib)

        install(requires)
        yield Environment(environment.python_executable, environment.make_extra_environ(), install)


def current() -> Environment:
    """Give the running interpreter's own environment; nothing is installed in it."""
    return Environment(sys.executable, {}, lambda _requirements: None)


def requires_of(project: Project) -> tuple[str, ...]:
    """Give the project's build requirements, without backlit itself: the running one is put in.

    :raises ConfigError: if they are no list of requirements, or ask for another backlit than the one that runs.
    """
    if "build-system" not in project.pyproject:
        return DEFAULT_REQUIRES
    listed = project.table("build-system").get("requires")
    where = "pyproject.toml: build-system.requires"
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise ConfigError("needs a list of requirements", where=where, cure='write requires = ["setuptools"]')
    return tuple(item for item in listed if not _asks_for_us(item, where))


def put_in(purelib: Path, overlay: Path) -> None:
    """Make the running backlit importable in the environment whose ``site-packages`` is `purelib`.

    `overlay` is the folder to make and name there.

    :raises OSError: if it cannot be written.
    """
    overlay.mkdir()
    for package in ("backlit", "packaging"):
        _place(files(package), overlay / package)
    metadata = overlay / f"backlit-{backlit.__version__}.dist-info"
    metadata.mkdir()
    headers = f"Metadata-Version: 2.1\nName: backlit\nVersion: {backlit.__version__}\n"
    (metadata / "METADATA").write_text(headers, encoding="utf-8")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    (purelib / "_backlit_overlay.pth").write_text(f"{overlay}\n", encoding="utf-8")


def _place(package: Traversable, target: Path) -> None:
    """Link to a package's folder; copy it where it is in a zip file, or links cannot be made."""
    if isinstance(package, Path):
        try:
            target.symlink_to(package.resolve(), target_is_directory=True)
        except OSError:
            shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__"))
        return
    target.mkdir()
    for entry in package.iterdir():
        if entry.is_dir():
            _place(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())


def _asks_for_us(requirement: str, where: str) -> bool:
    name = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    if name is None or projects.normalised(name[1]) != projects.OURS:
        return False
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - only where we are named

    try:
        wanted = Requirement(requirement).specifier
    except InvalidRequirement as error:
        raise ConfigError(f"{requirement!r} is no requirement", where=where, cure="write it as PEP 508 says") from error
    if not wanted.contains(backlit.__version__, prereleases=True):
        problem = f"asks for backlit{wanted}, and {backlit.__version__} is running"
        raise ConfigError(problem, where=where, cure="install that one, and build with it")
    return True


def compile_installed(python: str, purelib: Path) -> None:
    """Compile what was installed, where Python may not do so as it imports.

    ``build`` installs without byte code. With PYTHONDONTWRITEBYTECODE, which is common in containers, each of the many
    starts of setuptools and meson in a build would compile them again. A file that is no Python 3 stays as it is, and
    so do tests, which setuptools has many of and no build runs.
    """
    if sys.dont_write_bytecode:
        # By the sources' times even under SOURCE_DATE_EPOCH, where Python would compile all anew for each installation.
        mode = ("--invalidation-mode", "timestamp")
        process.run([python, "-Im", "compileall", "-q", "-x", "/tests?/", *mode, str(purelib)])


def _purelib_of(folder: str, python: str) -> Path:
    """Give an environment's ``site-packages``: where a venv of this interpreter has it, or else asked for."""
    usual = Path(sysconfig.get_path("purelib", "venv", {"base": folder, "platbase": folder}))
    if usual.is_dir():
        return usual
    asked = process.run([python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    if asked.status != 0:
        raise BackendError(f"the isolated environment's interpreter does not run: {asked.errors.strip()}", where=python)
    return Path(asked.output.strip())


@contextmanager
def _explained(problem: str, progress: Progress) -> Iterator[None]:
    """Turn what `build` raises into one of our errors; what its tools printed is shown first."""
    from build import BuildException, FailedProcessError  # noqa: PLC0415 - see `isolated`

    try:
        yield
    except (CalledProcessError, FailedProcessError, BuildException, RuntimeError, OSError) as error:
        process_error = error.exception if isinstance(error, FailedProcessError) else error
        output = _output_of(process_error)
        progress.show("".join((output, *(f"backlit: {line}\n" for line in _why(output)))))
        last = output.strip().rpartition("\n")[2] if output else str(error)
        raise BackendError(f"{problem}: {last}", cure="check build-system.requires and pip's configuration") from error


def _why(output: str) -> tuple[str, ...]:
    """Explain the build of a requirement that failed, from what pip says that it printed; nothing if none did."""
    from backlit.pipeline import explain  # noqa: PLC0415 - what goes well is not explained

    printed = list(_PRINTED.finditer(output))
    return explain.explained(dedent(printed[-1][1]), None, of_requirement=True) if printed else ()


_PRINTED: Final = re.compile(r"(?ms)^ *╰─> \[\d+ lines? of output\]\n(.*?)^ *\[end of output\]")


def _output_of(error: Exception) -> str:
    if not isinstance(error, CalledProcessError):
        return ""
    parts = (part for part in (error.stdout, error.stderr) if part)
    return "".join(part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in parts)
