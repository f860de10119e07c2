"""The hooks of one source tree, each called in a child of its own, as any front end does (PEP 517).

A fault of backlit's own in a child is told by the child, in one line on standard error, and written down for us in the
file that ``_BACKLIT_ERROR`` names: see :mod:`backlit.config.fault`. All that a child prints goes straight to this
process's own output, so nothing of the real backend's is held back, cut or put in another order.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyproject_hooks import BackendUnavailable, BuildBackendHookCaller, UnsupportedOperation

from backlit import errors
from backlit.config import fault, settings as settings_
from backlit.errors import BackendError, BacklitError
from backlit.frontend.told import ToldError
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backlit.frontend.environment import Environment

_NESTED: Final = "_PYPROJECT_HOOKS_"
"""Variables that start so speak of the hook that this process may itself run in."""


class Hooks:
    """backlit's hooks for one source tree."""

    def __init__(
        self,
        root: Path,
        environment: Environment,
        settings: Mapping[str, Any],
        backend: str,
        variables: Mapping[str, str],
    ) -> None:
        """Prepare to call hooks; `variables` are set for each, beside the environment's own."""
        self._environment = environment
        self._variables = dict(variables)
        self._settings = dict(settings)
        self.backend = backend
        """The real backend's name."""
        self._caller = BuildBackendHookCaller(
            str(root), "backlit", runner=self._run, python_executable=environment.python
        )

    def prepare(self, kind: str) -> None:
        """Install what the real backend needs besides ``[build-system] requires`` to build a ``wheel`` or an ``sdist``.

        :raises BackendError: if it failed, or a requirement cannot be had.
        :raises ToldError: if backlit failed.
        """
        caller = self._caller
        try:
            if kind == "wheel":
                requires = caller.get_requires_for_build_wheel(self._settings)
            else:
                requires = caller.get_requires_for_build_sdist(self._settings)
        except BackendUnavailable as error:
            cure = "build without --no-isolation, or install backlit there"
            raise BackendError(f"{self._environment.python} cannot import backlit", cure=cure) from error
        self._environment.install(requires)

    def build(self, kind: str, outdir: Path) -> Path:
        """Build a ``wheel`` or an ``sdist`` into `outdir`, and give its path.

        :raises BackendError: if the real backend failed, or cannot make one.
        :raises ToldError: if backlit failed.
        """
        folder = outdir.absolute()
        try:
            if kind == "wheel":
                path = folder / self._caller.build_wheel(str(folder), self._settings)
            else:
                path = folder / self._caller.build_sdist(str(folder), self._settings)
        except UnsupportedOperation as error:
            raise BackendError(f"{self.backend} cannot make the {kind} of this tree") from error
        if not path.is_file():
            raise BackendError(f"{self.backend} says that it made {path.name}, which is not in {outdir}")
        return path

    def _run(self, cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None) -> None:
        """Run one hook; the signature is `pyproject_hooks`' own."""
        inherited = {name: v for name, v in settings_.environment().items() if not name.startswith(_NESTED)}
        with tempfile.TemporaryDirectory(prefix="backlit-fault-") as folder:
            told = Path(folder, "fault.json")
            variables = {**self._environment.variables, **self._variables, **(extra_environ or {})}
            variables[fault.VARIABLE] = str(told)
            status = process.stream(cmd, cwd=Path(cwd) if cwd else None, environment=inherited | variables)
            if status != 0:
                raise _read_fault(told) or self._failure(cmd[-2], status)

    def _failure(self, hook: str, status: int) -> BackendError:
        how = f"exit status {status}" if status > 0 else f"signal {-status}"
        return BackendError(f"{self.backend} failed in {hook} ({how}); its own output is above")


def _read_fault(path: Path) -> ToldError | None:
    """Give the fault that a hook wrote down; None if the failure is not backlit's."""
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        kind = getattr(errors, parts["class"])
        if isinstance(kind, type) and issubclass(kind, BacklitError):
            return ToldError(kind(parts["problem"], where=parts["where"], cure=parts["cure"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None
