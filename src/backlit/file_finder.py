"""Tells setuptools which files belong to a project whose VCS is not there to ask.

An entry point of the group ``setuptools.file_finders``: setuptools calls every one of them in every build, so this does
nothing, and loads next to nothing, outside a build that backlit has prepared. It never raises.

The list is in the file that ``_BACKLIT_FILES`` names, as :mod:`backlit.config.file_list` says in full; an empty file of
the same name with ``.asked`` at the end tells that it was asked for.
"""

from __future__ import annotations

import os

from backlit.config import file_list


def find(dirname: str = "") -> list[str]:
    """Give the listed files in `dirname`, each joined to `dirname` as it was given.

    Empty if no list is named, it cannot be read, or `dirname` is not inside the tree that it speaks of: then this build
    is another project's, started by ours.
    """
    listed = file_list.current()
    if listed is None:
        return []
    root, files = listed
    try:
        inside = os.path.relpath(os.path.realpath(dirname or os.curdir), root).replace(os.sep, "/")
    except (OSError, ValueError):
        return []
    if inside == ".." or inside.startswith("../"):
        return []
    file_list.mark()
    prefix = "" if inside == "." else f"{inside}/"
    return [os.path.join(dirname, path[len(prefix) :]) for path in files if path.startswith(prefix)]  # noqa: PTH118 - setuptools joins strings
