"""incremental keeps the version in the tree, in ``_version.py`` of the package.

Recognised, where the version is left open, by

* ``[tool.hatch.version] source = "incremental"``;
* ``[tool.incremental]`` in pyproject.toml, where setuptools is the backend and incremental is among the build
  requirements. ``[tool.setuptools.dynamic]`` wins over it;
* ``use_incremental=True`` in setup.py.

Nothing is told: ``_version.py`` states the version, as numbers, and another one than the tree's own is refused before
the build. ``incremental update`` is what writes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _backends, _hatch

if TYPE_CHECKING:
    import ast

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_NAME: Final = "incremental"
_KEYWORD: Final = "use_incremental"


class Incremental:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("incremental",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source, table or keyword asks incremental."""
        claim = _hatch.claim(project, backend, self.name, _NAME) or _by_setuptools(project, backend)
        return claim and claim._replace(states=_stated(project))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: incremental reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:  # noqa: ARG002 - the tree has its version
        """Give nothing: the tree states the version."""
        return Injection()


def _by_setuptools(project: Project, backend: BackendSpec) -> Claim | None:
    if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
        return None
    if "version" in project.table("tool", "setuptools", "dynamic"):
        return None
    if _KEYWORD in project.text("setup.py") and _KEYWORD in _backends.setup_call(project).names:
        return Claim(_NAME, project.line_of("setup.py", rf"\b{_KEYWORD}\s*="), f"{_KEYWORD}=True")
    if _NAME in project.requires and isinstance(project.table("tool").get(_NAME), dict):
        return _backends.claim_in_pyproject(
            project, _NAME, rf"^[ \t]*\[\s*tool\s*\.\s*[\"']?{_NAME}[\"']?\s*\]", f"[tool.{_NAME}]"
        )
    return None


def _stated(project: Project) -> str | None:
    """Give the version in ``_version.py`` where incremental looks for it; None if it is not there, or no numbers."""
    name = project.table("tool", _NAME).get("name") or projects.name_of(project)
    folder = name.lower() if isinstance(name, str) else ""
    named = [f"{base}{folder}/_version.py" for base in ("src/", "")] if folder else []
    found = [path for path in named if (project.root / path).is_file()][:1]
    if not found:
        # setup.py may call the package otherwise than the project: then the only file of that name counts.
        paths = [*project.root.glob("*/_version.py"), *project.root.glob("src/*/_version.py")]
        found = [path.relative_to(project.root).as_posix() for path in paths]
    return _version_in(project.text(found[0])) if len(found) == 1 else None


def _version_in(text: str) -> str | None:
    """Give what ``Version(...).public()`` of incremental 24.11.0 gives for the call that ``__version__`` is."""
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    if not re.search(r"^__version__\s*=", text, re.MULTILINE):
        return None
    body = syntax.parsed(text).body
    calls = [
        statement.value
        for statement in body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Call)
        and any(isinstance(target, ast.Name) and target.id == "__version__" for target in statement.targets)
    ]
    return _public(calls[-1]) if calls else None


_PARAMETERS: Final = ("package", "major", "minor", "micro", "release_candidate", "prerelease", "post", "dev")


def _public(call: ast.Call) -> str | None:
    import ast  # noqa: PLC0415 - see above

    pairs = [*zip(_PARAMETERS, call.args, strict=False), *((word.arg or "**", word.value) for word in call.keywords)]
    given = dict(pairs)
    values = {name: node.value for name, node in given.items() if isinstance(node, ast.Constant)}
    numbers = {name: value for name, value in values.items() if type(value) is int}
    if len(values) != len(given) or any(name not in numbers for name in _PARAMETERS[1:4]):
        return None
    release = ".".join(str(numbers[name]) for name in _PARAMETERS[1:4])
    candidate = numbers.get("release_candidate", numbers.get("prerelease"))
    parts = (("rc", candidate), (".post", numbers.get("post")), (".dev", numbers.get("dev")))
    return release + "".join(f"{mark}{number}" for mark, number in parts if number is not None)


ADAPTER: Final[VersionTool] = Incremental()
