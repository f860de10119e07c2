"""A project's own sentences about what is missing: the words in them that may be names.

Nobody writes these sentences alike. A sentence has to say that something is missing, and then the words that follow or
come before in it are given, in order; whether one of them is a library is for the catalogue to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = r"(?P<name>(?:[\w-]+/)*[A-Za-z][\w.+-]*[\w+])"
_NAME: Final = rf"[\"'`]?{_WORD}[\"'`]?"
_BEFORE: Final = (
    r"(?: an?| the| any| your| valid| suitable| usable| working| local| required| header| include| files?| dependency"
    r"| librar(?:y|ies)| program| package)* "
)
"""What may stand between such a verb and a name."""
_VARIABLE: Final = (
    r"\b(?-i:(?P<name>(?!CMAKE_|BUILD_|INSTALL_|CONDA_)[A-Z][A-Z0-9]+_(?:HOME|ROOT(?:_DIR)?|PREFIX|PATH|DIR)))\b"
)
"""A variable that says where something is."""
_VERSION: Final = r"(?: (?:version )?(?:[<>=]+ ?|v)?\d[\d.]*\+?)?(?:,? or (?:later|newer|higher|greater|above))?"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:(?:could|did)(?: not|n't)|can(?: ?not|'t)|unable to|failed to|failure to)"
        r" (?:find|locate|run|execute|invoke|start|call|launch|load|detect)" + _BEFORE + r"\[?" + _NAME,
        r"(?:could not|cannot|can't|unable to|failed to) (?:determine|find|locate|detect)(?: [a-z]+){1,4} "
        r"(?:path|location|director(?:y|ies)|folder|prefix) (?:of|for|to) (?:the )?" + _NAME,
        r"librar(?:y|ies) with " + _NAME + r" API not found",
        _NAME
        + r"(?:[\"'`,]? (?:library|libraries|headers?|header files?|development (?:files|headers|libraries|package)"
        r"|program|executable|binary|command|package|tool|toolkit|script|compiler|(?:[<>=]+ ?|v)?\d[\d.]*))* "
        r"(?:(?:was|were|is|are|has been|could be|be|can|could|probably) )*"
        r"(?:(?:not |n't )(?:be )?(?:found|installed|available|detected|located|present)|unavailable)\b",
        r"\bno (?:working |suitable |usable |valid |compatible )?"
        + _NAME
        + r"(?: (?:librar(?:y|ies)|headers?|installations?|executable|binary|program|compiler|development files"
        r"|(?:CMake )?package))?"
        r"(?: (?:was|were|is|are|could be|has been|have been))? (?:found|detected|available|installed|present)\b",
        r"(?:missing|lacks?|lacking)(?: required| the| an?| dependency| library| program|:)* " + _NAME,
        r"(?:please|you (?:need|have) to|must|try) (?:first )?(?:(?:build|compile|download) and )?"
        r"(?:make sure (?:that )?(?:the )?|install(?:ing)? (?:the )?)" + _NAME,
        r"\b(?:requires?|needs) (?:the )?"
        + _NAME
        + r"(?: development| runtime)? (?:librar(?:y|ies)|headers?|to be installed)\b",
        _NAME
        + _VERSION
        + r"(?: headers| library| program| compiler| build system)? (?:is|are) (?:required|needed|necessary|missing)\b",
        _NAME + _VERSION + r" must be installed",
        r"\b(?:must|should|need to|have to) have (?:the |an? )?" + _NAME + r"(?: \w+)? installed\b",
        r"\b(?:cannot|can't|can not|could not) (?:be )?(?:build|built|compiled?)\b(?: \w+)? without (?:the )?" + _NAME,
        r"\bnot found: " + _NAME + r"$",
        r"\b(?:needs? an?|requires an?|without an?|find an?|no) (?:working |suitable )?(?P<name>C|C\+\+) compiler\b",
        r"\b(?P<name>C|C\+\+) compiler (?:is |was )?(?:needed|required|missing|not (?:found|available|installed))\b",
        r"\b(?:provide|specify|give|supply) (?:a |the )?path (?:to|of|for) (?:the )?" + _NAME,
        _NAME + r" to be (?:installed|available|present)\b",
        _NAME
        + r"(?: (?:program|command|executable|binary))?(?: is| was)?(?: not|n't) (?:in|on) (?:the |your )?\$?PATH\b",
        r"\byou (?:will |also )?need (?:to have )?(?:the |an? )?" + _NAME,
        _NAME
        + r"(?: (?:install|installation|include|library|source))? (?:director(?:y|ies)|folders?|paths?|prefix|root)\b"
        r"[^.\n]{0,4}(?:[\"'`][^\"'`]*[\"'`])?"
        r" (?:does not|doesn't|do not|don't) exist",
        r"\b(?:did|have) you (?:already )?install(?:ed)? (?:the )?" + _NAME,
        r"\byou (?:have )?(?:already |correctly )?installed (?:the )?" + _NAME,
        r"\bdo you have (?:the )?" + _NAME + r"(?: \w+)? installed\b",
        r"without (?:an? |the )?[\"'`]?(?P<name>[A-Za-z][\w.+-]*)[\"'`]? (?:in|on) (?:the |your )?\$?PATH\b",
        (
            rf"[\"'`]{_WORD}[\"'`]"
            r"[^.`'\"]{0,60}? (?:could not be|was not|is not|cannot be|appears not to be|does not (?:appear|seem)"
            r" to be) (?:found|located|installed|available)"
        ),
        r"unsatisfied (?:build )?requirement " + _NAME,
        r"\bThe '" + _WORD + r"[^']*' distribution was not found",
        r"\b(?:point|set) \w+ to the path (?:for|of|to) (?:the )?" + _NAME,
        r"(?:make sure|ensure)(?: that)?(?: the)? "
        + _NAME
        + r" (?:program |command |executable |binary )?is (?:in|on) (?:the |your )?\$?PATH\b",
        r"(?:^(?:error: )?|[.!] +(?=[A-Z]))install (?:the )?" + _NAME,
        r"required (?:library|dependency|program|header) " + _NAME,
        r"\bis " + _NAME + r"(?: \w+)? (?:properly |correctly )?installed\?",
        _NAME + r" failed\W+is\b.{1,60} installed\?",
        r"(?:set|define|export|provide|specify)\b[^.]{0,50}?\b" + _VARIABLE,
        _VARIABLE + r"\W+(?:(?:environment|env) variable )?"
        r"(?:(?:is|was|has) not|not (?:set|defined|found)|isn't|wasn't"
        r"|(?:(?:is|was) )?(?:undefined|unset|empty|missing)|must|needs? to|should)\b",
        r"(?:library files could not be found|headers or library files could not be found) for " + _NAME,
    )
)
_INSTALLS: Final = re.compile(
    r"\b(?:apt(?:-get)?|aptitude|dnf|yum|zypper|brew|port|apk|conda|mamba|pacman) (?:-?-\w+ )*(?:install |add |-Sy?u? )"
    r"(?P<packages>[^;|&`'\"()]+)"
)
"""A command that installs what is missing, as a message shows it."""
_PACKAGE: Final = re.compile(r"(?<!\S)[A-Za-z][\w.+-]*[\w+](?=[\s,.]|$)")
_AND: Final = re.compile(r"[\"'`]? (?:and|or) (?:the )?" + _NAME)
_LISTED: Final = re.compile(r"((?:[A-Za-z][\w.+-]*[\w+], )*[A-Za-z][\w.+-]*[\w+]),? and (?:the )?$")
"""What stands before the last of several names."""
_ARE: Final = re.compile(r"\b(?:are|were|must)\b")
_OF_TWO: Final = re.compile(r"[ -](?P<next>[A-Z]\w*)")
"""A name may be of several words: ``Open Babel``, ``Berkeley DB``."""
_OF_CAPITALS: Final = re.compile(r"[A-Z]+(?:/[A-Z]+)+")
"""Names in one: ``BLAS/LAPACK``."""
_MEANINGLESS: Final = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "build", "building", "by", "can", "command", "compiler",
    "compiling", "config", "configuration", "could", "data", "dependencies", "dependency", "directory", "distribution",
    "file", "files", "following", "for", "found", "from", "function", "git", "has", "have", "header", "headers", "if",
    "in", "install", "installation", "installed", "is", "it", "key", "libraries", "library", "local", "missing",
    "module", "must", "name", "no", "not", "of", "on", "option", "or", "package", "packages", "path", "please",
    "probably", "program", "python", "required", "script", "see", "should", "source", "sources", "suitable", "system",
    "that", "the", "them", "these", "this", "those", "to", "tool", "try", "unless", "valid", "version", "was", "were",
    "when", "which", "with", "you", "your",
})  # fmt: skip
"""Words that such sentences have, and that some library may be called as well."""


def in_sentence(text: str) -> tuple[str, ...]:
    """Give the words of a text that it may say are missing, in order; none if it says nothing of that kind."""
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    names: list[str] = []
    for match in sorted(found, key=lambda match: match.start("name")):
        if _ARE.search(match[0]) and (listed := _LISTED.search(text, 0, match.start("name"))):
            names.extend(_PACKAGE.findall(listed[1]))
        names.extend(_with_next(text, match))
        if other := _AND.match(text, match.end("name")):
            names.append(other["name"])
    for command in _INSTALLS.finditer(text):
        names.extend(_PACKAGE.findall(command["packages"]))
    return tuple(dict.fromkeys(name for name in names if _bare(name).lower() not in _MEANINGLESS))


def _bare(name: str) -> str:
    """Give what a variable is called after; any other name as it is."""
    return name.partition("_")[0] if re.fullmatch(_VARIABLE, name) else name


def _with_next(text: str, match: re.Match[str]) -> Iterator[str]:
    """Give a name, and then each two words in one of what it may be the start of."""
    name, end = match["name"].rstrip("."), match.end("name")
    yield name
    if _OF_CAPITALS.fullmatch(name):
        yield from name.split("/")
    while name[:1].isupper() and (found := _OF_TWO.match(text, end)):
        yield f"{name}{found['next']}"
        name, end = found["next"], found.end()
