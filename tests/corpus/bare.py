"""An sdist turned into what a web archive of the tag holds: no metadata, no generated version file, no VCS."""

from __future__ import annotations

import shutil
import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit

if TYPE_CHECKING:
    from pathlib import Path

_PBR_WRITES = ("AUTHORS", "ChangeLog")


def make_bare(tree: Path) -> None:
    """Take out of an unpacked sdist what its build put in."""
    (tree / "PKG-INFO").unlink(missing_ok=True)
    for egg_info in [*tree.glob("*.egg-info"), *tree.glob("*/*.egg-info")]:
        shutil.rmtree(egg_info)
    path = tree / "pyproject.toml"
    pyproject = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name in _version_files(pyproject):
        (tree / name).unlink(missing_ok=True)
    if "pbr" in str(pyproject.get("build-system", {}).get("requires")):
        for name in _PBR_WRITES:
            (tree / name).unlink(missing_ok=True)
    if pyproject.get("tool", {}).get("pdm", {}).get("version", {}).get("source") == "scm":
        _make_dynamic(path)


def _version_files(pyproject: dict[str, Any]) -> list[str]:
    tool = pyproject.get("tool", {})
    scm = tool.get("setuptools_scm", {})
    vcs = tool.get("hatch", {}).get("build", {}).get("hooks", {}).get("vcs", {})
    pdm = tool.get("pdm", {}).get("version", {})
    names = [scm.get("version_file"), scm.get("write_to"), vcs.get("version-file"), pdm.get("write_to")]
    return [name for name in names if name]


def _make_dynamic(path: Path) -> None:
    """Undo the static version that pdm-backend writes into an sdist's pyproject.toml."""
    document: Any = tomlkit.parse(path.read_text(encoding="utf-8"))
    project = document["project"]
    del project["version"]
    project["dynamic"] = [*project.get("dynamic", []), "version"]
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
