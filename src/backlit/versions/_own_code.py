"""Where setuptools takes a version from that code of the project's own computes: setup.py, or an attribute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.versions import _backends, _computed, _imports, _toml

if TYPE_CHECKING:
    import ast

    from backlit.config.project import BackendSpec, Project


class Start(NamedTuple):
    """Where the version is taken from."""

    path: str
    """The Python file."""
    name: str | None
    """The name in it that holds the version; None if it is the keyword of the ``setup()`` call."""


def start(project: Project, backend: BackendSpec) -> Start | None:
    """Give where setuptools takes the project's version from; None if no code computes it, or which is not known."""
    if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
        return None
    attribute = _attribute(project)
    if attribute is not None:
        module, _, name = attribute.rpartition(".")
        paths = _imports.module_paths(module, folders(project)) if module else ()
        path = next((path for path in paths if (project.root / path).is_file()), None)
        return None if path is None else Start(path, name)
    return Start("setup.py", None) if project.text("setup.py") else None


def folders(project: Project) -> tuple[str, ...]:
    """Give the folders of the tree that modules may stand in."""
    mapped = project.table("tool", "setuptools").get("package-dir")
    top = mapped.get("") if isinstance(mapped, dict) else None
    listed = re.search(r"(?m)^\s*=\s*(\S+)", _backends.setup_cfg(project, "options").get("package_dir", ""))
    named = (top, listed[1] if listed else None, "", "src")
    return tuple(dict.fromkeys(folder for folder in named if isinstance(folder, str)))


def files(project: Project, found: Start) -> tuple[str, ...]:
    """Give the Python files that the version is computed in: where it starts, setup.py, and those they name."""
    paths = [found.path, *(["setup.py"] if project.text("setup.py") else [])]
    named = (path for path in dict.fromkeys(paths) for path in _named(project, path))
    return tuple(dict.fromkeys((*paths, *named)))


def edits(project: Project, found: Start, version: str) -> tuple[tuple[str, str], ...]:
    """Give the file that names the version, with `version` in place of what computes it; none if that is not safe.

    Code that writes files might write the version too, and is not run then.
    """
    if any(_computed.WRITES.search(project.text(path)) for path in files(project, found)):
        return ()
    if found.name is None:
        text = _with_keyword(project.text("setup.py"), version)
        return (("setup.py", text),) if text else ()
    if project.table("project"):
        text = _toml.with_version(project.text("pyproject.toml"), version)
        return (("pyproject.toml", text),) if text else ()
    text = re.sub(r"(?m)^(version\s*[=:]\s*)attr:.*$", rf"\g<1>{version}", project.text("setup.cfg"), count=1)
    return (("setup.cfg", text),)


_ENDS_IN_PY: Final = re.compile(r"\.py[\"']")


def _attribute(project: Project) -> str | None:
    """Give the attribute that setuptools takes the version from; None if it is not told one."""
    dynamic = project.table("tool", "setuptools", "dynamic").get("version")
    if isinstance(dynamic, dict):
        return next(iter(_backends.text_at(dynamic, "attr")), None)
    if "version" in _backends.setup_call(project).names:
        return None
    kind, _, rest = _backends.setup_cfg(project, "metadata").get("version", "").partition(":")
    return rest.strip() if kind.strip() == "attr" else None


def _named(project: Project, path: str) -> list[str]:
    """Give the Python files that a file names in strings, as one that runs them with ``exec`` does."""
    text = project.text(path)
    if not _ENDS_IN_PY.search(text):
        return []
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    found: list[str] = []
    for node in syntax.nodes(text):
        texts = [node] if isinstance(node, ast.Constant) else node.args if isinstance(node, ast.Call) else []
        parts = [part.value for part in texts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        name = "/".join(parts).removeprefix("./")
        if name.endswith(".py") and ".." not in name and "\0" not in name and (project.root / name).is_file():
            found.append(name)
    return found


def keyword(tree: ast.Module) -> ast.expr | None:
    """Give the value of ``version=`` in the ``setup()`` call of a setup.py; None if it has none.

    Of ``setup(**more)`` too, where the file assigns one dictionary to that name.
    """
    import ast  # noqa: PLC0415 - see above

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "setup":
            named = [word.value for word in node.keywords if word.arg == "version"]
            more = [word.value for word in node.keywords if word.arg is None]
            return next(iter((*named, *(value for given in more for value in _items(tree, given)))), None)
    return None


def _items(tree: ast.Module, given: ast.expr) -> list[ast.expr]:
    """Give what a dictionary, or the one that a name is assigned, holds as ``version``."""
    import ast  # noqa: PLC0415 - see above

    if isinstance(given, ast.Name):
        assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        values = [node.value for node in assigned for target in node.targets if ast.dump(target) == _store(given)]
        given = values[0] if len(values) == 1 else given
    if isinstance(given, ast.Dict):
        pairs = zip(given.keys, given.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "version"]
    if isinstance(given, ast.Call) and getattr(given.func, "id", "") == "dict":
        return [word.value for word in given.keywords if word.arg == "version"]
    return []


def _store(name: ast.Name) -> str:
    import ast  # noqa: PLC0415 - see above

    return ast.dump(ast.Name(name.id, ast.Store()))


def _with_keyword(text: str, version: str) -> str | None:
    from backlit.config import syntax  # noqa: PLC0415 - loads the parser, for few projects

    value = keyword(syntax.parsed(text))
    if value is None or value.end_lineno is None or value.end_col_offset is None:
        return None
    lines = text.encode().splitlines(keepends=True)
    # Offsets are in bytes of UTF-8.
    before = b"".join(lines[: value.lineno - 1]) + lines[value.lineno - 1][: value.col_offset]
    after = lines[value.end_lineno - 1][value.end_col_offset :] + b"".join(lines[value.end_lineno :])
    return (before + repr(version).encode() + after).decode()
