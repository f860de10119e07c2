"""Package URLs (ECMA-427), written in their canonical form."""

from __future__ import annotations

import re


def purl(type_: str, namespace: str, name: str, version: str, **qualifiers: str | None) -> str:
    """Give a Package URL; empty parts and qualifiers are left out, qualifiers are sorted.

    `namespace` may have several segments, with ``/`` between them.
    """
    path = "/".join(_encoded(part) for part in (*namespace.split("/"), name) if part)
    known = "&".join(f"{key}={_encoded(value)}" for key, value in sorted(qualifiers.items()) if value)
    return f"pkg:{type_}/{path}{f'@{_encoded(version)}' if version else ''}{f'?{known}' if known else ''}"


def _encoded(part: str) -> str:
    # The standard: `:` is never encoded and `~` is a plain character; `+` and `/` are encoded.
    # Not urllib.parse.quote: it loads `ipaddress`, which costs more than all the rest.
    return re.sub(r"[^A-Za-z0-9._~:-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), part)
