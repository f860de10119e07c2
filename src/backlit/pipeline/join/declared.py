"""Side "source": the ``[external]`` table of pyproject.toml (PEP 725)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Confidence, Kind, Side
from backlit.pipeline.join.resolve import Resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import Project
    from backlit.pipeline.join.ledger import Ledger

_LISTS: Final = ("build-requires", "host-requires", "dependencies")
_TABLES: Final = ("optional-build-requires", "optional-host-requires", "optional-dependencies")
_KEYS: Final = (*_LISTS, *_TABLES, "dependency-groups")

_DEPURL: Final = re.compile(
    r"dep:(?P<type>[a-z][a-z0-9.+-]*)/(?P<rest>[^@?#;\s]+)(?:@[^?#;]*)?(?:\?[^#;]*)?(?:#[^;]*)?(?:;.*)?", re.DOTALL
)


def enter(ledger: Ledger, project: Project) -> None:
    """Write declared host and run-time libraries into the ledger; a table that breaks the rules is a diagnostic.

    Compilers and build tools (``build-requires``, ``dep:virtual/compiler``) are no libraries and are left to the tools.
    """
    for key, written in _items(ledger, project):
        found = _DEPURL.fullmatch(written.strip())
        if found is None:
            ledger.note(_invalid(f"external.{key}", f"{written!r} is no DepURL"))
            continue
        if key.endswith("build-requires") or found["type"] == "virtual":
            continue
        library = f"dep:{found['type']}/{found['rest'].rstrip('/').lower()}"
        entry = ledger.entry(ledger.known(library).resolved if ledger.known(library) else _resolved(ledger, library))  # type: ignore[union-attr] # asked twice, the same answer
        entry.direct = True
        entry.required = "optional" if key.startswith("optional") and entry.required == "unknown" else "yes"
        entry.runs = entry.runs or (key == "dependencies" and not entry.linkage)
        where = project.line_of("pyproject.toml", re.escape(written))
        entry.see(Side.SOURCE, Kind.DECLARED, where=where, detail=f"{key}: {written}")


def _items(ledger: Ledger, project: Project) -> Iterator[tuple[str, str]]:
    table = project.table("external")
    for key, value in table.items():
        if key not in _KEYS:
            ledger.note(_invalid(f"external.{key}", "is no key of this table"))
        elif key in _LISTS:
            yield from ((key, item) for item in _strings(ledger, key, value))
        elif isinstance(value, dict):
            yield from (
                (key, item) for name, items in value.items() for item in _strings(ledger, f"{key}.{name}", items)
            )
        else:
            ledger.note(_invalid(f"external.{key}", "needs a table of lists"))


def _strings(ledger: Ledger, key: str, value: Any) -> list[str]:  # noqa: ANN401 - what a TOML file holds
    if isinstance(value, list) and all(isinstance(item, str | dict) for item in value):
        return [item for item in value if isinstance(item, str)]
    ledger.note(_invalid(f"external.{key}", "needs a list of strings"))
    return []


def _resolved(ledger: Ledger, library: str) -> Resolved:
    canonical = ledger.resolver.catalogue.is_canonical(library)
    return Resolved(library, "unknown" if canonical is None else str(canonical).lower(), Confidence.HIGH)


def _invalid(where: str, problem: str) -> Diagnostic:
    return Diagnostic(
        code="external-invalid",
        severity=Severity.WARNING,
        where=f"pyproject.toml: {where}",
        message=problem,
        cure="write it as PEP 725 says, such as 'dep:generic/openssl@>=3'",
    )
