"""Ask pip for one sdist, as a file: ``python -c <this> NAME VERSION FOLDER``; runs by itself, imports nothing of ours.

pip has no command that fetches an sdist without running its backend (https://github.com/pypa/pip/issues/1884), so this
asks the parts that its own ``download`` command is made of. They are private to pip: the few used here are the same in
pip 22.3 to 26.3, and a pip in which they are not is an answer, not a traceback. The answer is one JSON object in the
last line of standard output: ``{"file": NAME}``, or ``{"problem": SENTENCE, "cure": SENTENCE}``.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main(name: str, version: str, folder: str) -> dict[str, str]:
    """Fetch the file; give the answer."""
    try:
        command = import_module("pip._internal.commands").create_command("download")
        options, _ = command.parse_args(["--no-binary=:all:", "--no-deps", f"{name}=={version}"])
        with command.main_context():
            session = command.get_default_session(options)
            finder = command._build_package_finder(options=options, session=session)  # noqa: SLF001 - see above
            link = choose(finder.find_all_candidates(name), version)
            if link is None:
                return {"problem": f"the index has no sdist of {name} {version}", "cure": "check name and version"}
            return {"file": _save(session, link, Path(folder))}
    except (ImportError, AttributeError, TypeError) as error:
        pip = getattr(sys.modules.get("pip"), "__version__", "of no known version")
        return {"problem": f"pip {pip} cannot be asked for a file alone: {error}"}
    except Exception as error:  # noqa: BLE001 - network, index and hash errors have no common class
        return {"problem": f"pip could not fetch it: {type(error).__name__}: {_one_line(error)}"}


def choose(candidates: Any, version: str) -> Any:  # noqa: ANN401 - pip's own
    """Give the link of the sdist of exactly this version; None if there is none."""
    parse = import_module("pip._vendor.packaging.version").Version
    found: dict[str, Any] = {}
    for candidate in candidates:
        try:
            is_asked_for = parse(str(candidate.version)) == parse(version)
        except ValueError:  # the index has names from before PEP 440, and a pip before 24.1 hands them on
            continue
        if is_asked_for:
            found[candidate.link.filename] = candidate.link
    for ending in (".tar.gz", ".zip"):
        for filename, link in sorted(found.items()):
            if filename.endswith(ending):
                return link
    return None


def _save(session: Any, link: Any, folder: Path) -> str:  # noqa: ANN401 - pip's own
    """Write the file, and hold it against the index's hash."""
    path = folder / Path(str(link.filename)).name
    if link.is_file:
        shutil.copyfile(link.file_path, path)
    else:
        utilities = import_module("pip._internal.network.utils")
        response = session.get(link.url_without_fragment, headers=utilities.HEADERS, stream=True)
        utilities.raise_for_status(response)
        with path.open("wb") as file:
            file.writelines(utilities.response_chunks(response))
    hashes = link.as_hashes()
    if hashes:
        hashes.check_against_path(str(path))
    return path.name


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main(*sys.argv[1:4]))}\n")
