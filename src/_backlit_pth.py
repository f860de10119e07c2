"""What ``backlit.pth`` runs where an interpreter starts with ``BACKLIT`` set. Why it is so small: docs/adr/0010."""

import os
import sys

_asking = False
_ready = False


def find_spec(name, path=None, target=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - they would cost
    """Give the spec of what stands in for a backend; None for all else. ``sys.meta_path`` calls this."""
    global _asking, _ready  # noqa: PLW0603 - a finder is a module here, and no class: that is a start's tenth
    top = name.partition(".")[0]
    if _asking or top in sys.stdlib_module_names or top == "backlit":
        return None
    if not _ready:
        # What other .pth files and sitecustomize import comes before the environment is what it will be.
        frame: object = sys._getframe()  # noqa: SLF001 - as its documentation says
        while frame := getattr(frame, "f_back", None):
            if frame.f_globals.get("__name__") == "site":
                return None
        _ready = True
    _asking = True
    try:
        import backlit.activation  # noqa: PLC0415 - in a start, it would cost more than all of this
    except ImportError:
        # pip's isolated environment: what had this line in it was taken off the path again. A new list, since whoever
        # asks is going through the old one.
        sys.meta_path = [finder for finder in sys.meta_path if finder is not sys.modules[__name__]]
        return None
    else:
        return backlit.activation.stand_in_for(name, path, target)
    finally:
        _asking = False


if os.environ.get("BACKLIT", "0") not in ("", "0"):
    sys.meta_path.insert(0, sys.modules[__name__])
    path, json = "_PYPROJECT_HOOKS_BACKEND_PATH" in os.environ, "_PYPROJECT_HOOKS_BACKEND_PATH_JSON" in os.environ
    if (path or json) and "pip-build-env-" not in os.environ.get("PYTHONPATH", ""):
        import backlit.activation

        backlit.activation.take_backend_path(os.environ)
