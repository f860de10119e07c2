"""pkg-config's modules, as the machine has them; pkg-config itself is asked what is right."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline.join.modules import Modules

if TYPE_CHECKING:
    from pathlib import Path

PKG_CONFIG = shutil.which("pkg-config") or ""


def write(folder: Path, name: str, **fields: str) -> None:
    folder.mkdir(exist_ok=True)
    told = {"Name": name, "Description": name, "Version": "1.0", **fields}
    text = "".join(f"{key.replace('_', '.')}: {value}\n" for key, value in told.items())
    (folder / f"{name}.pc").write_text(f"prefix=/usr\nnumber=3.2.1\n{text}")


def test_a_variable_in_a_version_is_put_in(tmp_path: Path) -> None:
    write(tmp_path, "one", Version="${number}")
    found = Modules("/gone", {"PKG_CONFIG_LIBDIR": str(tmp_path)}).find("one")
    assert found is not None
    assert found.version == "3.2.1"


def test_folders_of_the_path_come_first_and_the_other_variable_takes_the_place_of_the_programs_own(
    tmp_path: Path,
) -> None:
    write(tmp_path / "first", "one", Version="1")
    write(tmp_path / "second", "one", Version="2")
    variables = {"PKG_CONFIG_PATH": str(tmp_path / "first"), "PKG_CONFIG_LIBDIR": str(tmp_path / "second")}
    versions = [
        found.version if (found := Modules("/gone", given).find("one")) else None
        for given in (variables, {**variables, "PKG_CONFIG_PATH": ""}, {})
    ]
    assert versions == ["1", "2", None]


def test_what_a_module_opens_is_told_with_how_it_is_reached(tmp_path: Path) -> None:
    write(tmp_path, "one", Requires="two >= 1.0, three", Requires_private="four")
    write(tmp_path, "two", Requires_private="five")
    write(tmp_path, "four", Requires="six")
    write(tmp_path, "six", Requires="one")
    behind = dict(Modules("/gone", {"PKG_CONFIG_LIBDIR": str(tmp_path)}).behind("one"))
    assert behind == {
        "two": "Requires",
        "three": "Requires",
        "four": "Requires.private",
        "five": "Requires.private",
        "six": "Requires.private",
    }


@pytest.mark.compiler
@pytest.mark.skipif(not PKG_CONFIG, reason="pkg-config is not here")
def test_pkg_config_agrees(tmp_path: Path) -> None:
    write(tmp_path, "one", Version="${number}")
    environment = {**os.environ, "PKG_CONFIG_PATH": str(tmp_path)}
    seen = Modules(PKG_CONFIG, environment)
    for module in ("one", "zlib", "libxml-2.0", "openssl"):
        asked = [PKG_CONFIG, "--modversion", module]
        said = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
        found = seen.find(module)
        assert (found.version if found else None) == (said.stdout.strip() if said.returncode == 0 else None)
