"""What the adapters of pdm's two backends share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.versions import _backends

if TYPE_CHECKING:
    from backlit.config.project import Project


def version_files(project: Project) -> tuple[str, ...]:
    """Give the version file as the wheel has it, and as the sdist does, below the folder of packages."""
    build = project.table("tool", "pdm", "build")
    folders = _backends.text_at(build, "package-dir") or ("src",)
    written = _backends.text_at(project.table("tool", "pdm", "version"), "write_to")
    return (*written, *(f"{folder.rstrip('/')}/{path}" for folder in folders for path in written))
