"""A real PEP 517 backend of forty lines, in the tree of the project it builds.

It writes a wheel from every .py file of the folder, and leaves a mess in the process behind, as careless backends do.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any


class UnsupportedOperation(Exception):  # noqa: N818 - PEP 517 gives the name
    """This backend makes no sdist."""


def build_wheel(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, _metadata_directory: str | None = None
) -> str:
    """Build the wheel; `config_settings` are written into it, to be looked at."""
    version = os.environ.get("FAKE_VERSION", "0.9")
    seen = {
        "settings": config_settings,
        "cwd": Path.cwd().name,
        "ours": [k for k in os.environ if k.startswith("BACKLIT_V")],
    }
    name = f"fake-{version}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("seen.json", json.dumps(seen))
        wheel.writestr(
            f"fake-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: fake\nVersion: {version}\n\n"
        )
        wheel.writestr(
            f"fake-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: fake\nRoot-Is-Purelib: true\n"
        )
        wheel.writestr(f"fake-{version}.dist-info/RECORD", "")
    os.environ["MESS"] = "left"
    os.environ.pop("KEPT", None)
    sys.argv.append("mess")
    sys.path.insert(0, "/mess")
    os.chdir("/")
    if failure := (config_settings or {}).get("fail"):
        raise (SystemExit if failure == "exit" else RuntimeError)("the backend's own words")
    return name


def build_sdist(_sdist_directory: str, _config_settings: dict[str, Any] | None = None) -> str:
    """Refuse, as PEP 517 allows."""
    raise UnsupportedOperation("no sdists here")


def get_requires_for_build_wheel(_config_settings: dict[str, Any] | None = None) -> list[str]:
    """Give a requirement."""
    return ["wanted"]
