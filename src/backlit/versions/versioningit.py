"""versioningit computes the version, under setuptools or hatchling.

Recognised, where the version is left open, by

* ``[tool.versioningit]`` in pyproject.toml or versioningit.toml, where setuptools is the backend and versioningit is
  among the build requirements. It wins over ``version=`` in setup.py and over setup.cfg; ``[tool.setuptools.dynamic]``
  wins over it;
* ``[tool.hatch.version] source = "versioningit"``.

It obeys no variable, and a PKG-INFO keeps it from writing the version file. Told by ``default-version``, which it
takes, with a line of complaint, where there is no repository: the key is set in its table, in a scratch copy that has
no repository. The version file is then written, and ``onbuild`` runs, as from a checkout, and the sdist has the key
too. Only ``version``, ``version_tuple`` and ``normalized_version`` are known then: where a template asks for more, such
as the commit, or code of the project's own may, a repository is made as well, if there is a git to make it with.

An sdist that is to get another version is told by a repository, with a tag that the table's own ``tag2version`` and
``match`` make the version of; so is an editable build, where no file may be written. Under hatchling such an sdist is
told by its PKG-INFO, which hatchling takes before it asks versioningit: a version file that it came with then fails the
check. So is a tree that lacks the code that a step of versioningit's names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import pep440, vcs, version_sources
from backlit.support.toml import table_of
from backlit.versions import Claim, Injection, _backends, _hatch, _imports, _pkg_info, _toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_NAME: Final = "versioningit"
_OWN: Final = ("tool", _NAME)
_HATCH: Final = ("tool", "hatch", "version")
_HOOK: Final = "versioningit-onbuild"

_FILES: Final = ("versioningit.toml", "pyproject.toml")
"""In the order in which versioningit looks; versions before 3.2 know the second only."""


class Versioningit:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("versioningit",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project that has versioningit's table or names it as hatch's version source."""
        if claim := _hatch.claim(project, backend, self.name, _NAME):
            return claim
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        if _NAME not in project.requires or "version" in project.table("tool", "setuptools", "dynamic"):
            return None
        file, table = next(_tables(project), (None, ()))
        if file is None:
            return None
        pattern = r"^[ \t]*\[\s*" + r"\s*\.\s*".join(rf"[\"']?{name}[\"']?" for name in table)
        return Claim(self.name, project.line_of(file, pattern), f"[{'.'.join(table)}]")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: versioningit reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give the table with the version in it, or a repository where that does not do."""
        written = _version_files(project)
        carried = version_sources.from_pkg_info(project)
        if vcs.own(project.root) is None and carried is not None and pep440.same(carried.value, version):
            # An sdist: its files have the version already, and it takes its own from PKG-INFO.
            return Injection(version_files=written)
        tags, edits = _tags(project, version), _edits(project, version)
        told = Injection(outside=tags, version_files=written)
        by_hatch = _hatch.table(project, "version").get("source") == _NAME
        if by_hatch and _lacks_code(project):
            return told._replace(files=_pkg_info.stating(project, version))
        if carried is not None or not edits:
            return told._replace(repository=tags, files=_hatch.pkg_info(project, version) if by_hatch else ())
        if _may_ask_for_more(project):
            return told._replace(files=edits, repository=tags)
        return told._replace(files=edits, hides_repository=True)


def _tables(project: Project) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the files that hold versioningit's settings, each with the path of the table that is read there."""
    for file in _FILES:
        tool = _parsed(project, file).get("tool")
        own = tool.get(_NAME) if isinstance(tool, dict) else None
        hatch = tool.get("hatch") if isinstance(tool, dict) else None
        source = hatch.get("version") if isinstance(hatch, dict) else None
        if isinstance(source, dict) and source.get("source") == _NAME and (len(source) > 1 or own is None):
            yield file, _HATCH
        elif isinstance(own, dict):
            yield file, _OWN


def _settings(project: Project) -> dict[str, Any]:
    """Give the settings that the newest versioningit reads."""
    file, table = next(_tables(project), ("pyproject.toml", _OWN))
    found: Any = _parsed(project, file)
    for name in table:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _parsed(project: Project, file: str) -> dict[str, Any]:
    if file == "pyproject.toml":
        return project.pyproject
    return table_of(project.text(file))


def _section(settings: dict[str, Any], name: str) -> dict[str, Any]:
    """Give one step's settings; a bare text there is its method."""
    found = settings.get(name, {})
    return found if isinstance(found, dict) else {"method": found}


def _edits(project: Project, version: str) -> tuple[tuple[str, str], ...]:
    """Give the files with the version as their ``default-version``; none if one of them cannot be edited."""
    edits: list[tuple[str, str]] = []
    for file, table in _tables(project):
        text = _with_value(project.text(file), table, "default-version", version)
        subst = _section(_settings(project), "vcs").get("describe-subst")
        if text is not None and isinstance(subst, str) and not subst.startswith("$Format"):
            # What `git archive` wrote there would be taken first.
            text = _with_value(text, (*table, "vcs"), "describe-subst", "$Format:%(describe:tags)$")
        if text is None:
            return ()
        edits.append((file, text))
    return tuple(edits)


def _with_value(text: str, table: tuple[str, ...], key: str, value: str) -> str | None:
    """Give `text` with `key` of `table` set, in a table of its own where there are only tables below it."""
    below = f"{text.rstrip()}\n\n[{'.'.join(table)}]\n"
    return _toml.with_value(text, (*table, key), value) or _toml.with_value(below, (*table, key), value)


_STEPS: Final = {"template-fields": "basic", "write": "basic", "onbuild": "replace-version"}
"""The steps that read more than the version, with their methods if nothing else is said."""

_KNOWN: Final = frozenset({"version", "version_tuple", "normalized_version"})


def _may_ask_for_more(project: Project) -> bool:
    """Tell whether a step reads what only a repository tells: the commit, the branch, the last tag."""
    settings = _settings(project)
    steps = [(_section(settings, name), method) for name, method in _STEPS.items()]
    steps += [(hook, _STEPS["onbuild"]) for hook in _hatch_hooks(project)]
    if any(step.get("method", method) != method or "module" in step for step, method in steps):
        return True
    texts = (text for step, _ in steps for text in _backends.text_at(step, "template", "replacement", "append-line"))
    return any(set(re.findall(r"\{(\w+)", text)) - _KNOWN for text in texts)


def _lacks_code(project: Project) -> bool:
    """Tell whether a step is code of the project's own that is not in the tree, as in one made of an sdist."""
    for step in (_section(_settings(project), name) for name in ("vcs", "tag2version", "format", *_STEPS)):
        method = step.get("method", step)
        module = "".join(_backends.text_at(method, "module")) if isinstance(method, dict) else ""
        folders = _backends.text_at(method, "module-dir") if module else ()
        paths = _imports.module_paths(module, folders or ("",)) if module else ()
        if module and not any((project.root / path).is_file() for path in paths):
            return True
    return False


def _hatch_hooks(project: Project) -> list[dict[str, Any]]:
    build = _hatch.table(project, "build")
    targets = build.get("targets")
    places = [build, *(targets.values() if isinstance(targets, dict) else ())]
    hooks = [place.get("hooks") for place in places if isinstance(place, dict)]
    return [hook[_HOOK] for hook in hooks if isinstance(hook, dict) and isinstance(hook.get(_HOOK), dict)]


def _version_files(project: Project) -> tuple[str, ...]:
    settings = _settings(project)
    steps = [_section(settings, "write"), _section(settings, "onbuild"), *_hatch_hooks(project)]
    paths = (path for step in steps for path in _backends.text_at(step, "file", "path", "build-file", "source-file"))
    return tuple(dict.fromkeys(path.removeprefix("./") for path in paths))


def _tags(project: Project, version: str) -> tuple[str, ...]:
    """Give the tag that the project's own rules make `version` of; the usual ones if the rules are code."""
    usual = (f"v{version}", version)
    settings = _settings(project)
    rules, source = _section(settings, "tag2version"), _section(settings, "vcs")
    affixes = [next(iter(_backends.text_at(rules, key)), "") for key in ("rmprefix", "rmsuffix")]
    candidates = [version.join(affixes)] if any(affixes) else []
    candidates += [text.replace("*", version) for text in _listed(source, "match") if text.count("*") == 1]
    if rules.get("method", "basic") != "basic":
        return usual
    tags = (tag for tag in (*candidates, *usual) if _is_found(source, tag) and _version_of(rules, tag) == version)
    return tuple([*tags][:1]) or usual


def _listed(table: dict[str, Any], key: str) -> list[str]:
    found = table.get(key)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def _is_found(source: dict[str, Any], tag: str) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few projects

    wanted = _listed(source, "match")
    return (not wanted or any(fnmatchcase(tag, text) for text in wanted)) and not any(
        fnmatchcase(tag, text) for text in _listed(source, "exclude")
    )


def _version_of(rules: dict[str, Any], tag: str) -> str:
    """Follow ``basic_tag2version`` of versioningit 3.3.0; empty if it would refuse the tag."""
    before, after = (next(iter(_backends.text_at(rules, key)), "") for key in ("rmprefix", "rmsuffix"))
    tag = tag.removeprefix(before).removesuffix(after)
    for pattern in _backends.text_at(rules, "regex"):
        try:
            found = re.search(pattern, tag)
        except re.error:
            return ""
        if found is None and rules.get("require-match"):
            return ""
        tag = tag if found is None else found["version" if "version" in found.re.groupindex else 0] or ""
    return tag.lstrip("v")


ADAPTER: Final[VersionTool] = Versioningit()
