"""When a statement of a build system's language holds: on which platforms, behind which switch, by default or not."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from backlit.model.signal import Condition, Required

ALL: Final = frozenset({"linux", "darwin", "win32", "other"})
"""Platforms that conditions tell apart."""


_ASIDE: Final = re.compile(
    r"(?i)(?<![a-z])(?:tests?|testing|docs?|documentation|examples?|bench\w*|demos?|fuzz\w*)(?![a-z])"
)


class When(NamedTuple):
    """A test, as far as it can be told."""

    platforms: frozenset[str] = ALL
    """Platforms on which it may hold."""
    switch: str = ""
    """What somebody sets to turn it on or off; empty if nothing."""
    holds: bool | None = True
    """Whether it holds there where nobody sets anything; None if that depends on the machine."""

    @property
    def condition(self) -> Condition:
        """The same, as a signal has it."""
        platforms = () if self.platforms == ALL else tuple(sorted(self.platforms)) or ("none",)
        return Condition(platforms=platforms, switch=self.switch)

    @property
    def is_aside(self) -> bool:
        """Whether no build of the thing itself gets there: nobody can set it, or it is for tests or documentation."""
        return self.holds is False and (not self.switch or _ASIDE.search(self.switch) is not None)

    def needs(self, required: Required) -> Required:
        """Say whether a build can do without what is asked for under this test."""
        if self.holds is False:
            return Required.OPTIONAL
        return Required.UNKNOWN if self.holds is None and required is Required.YES else required


ALWAYS: Final = When()
"""What always holds."""

UNKNOWN: Final = When(holds=None)
"""What nothing is known of."""


def on(*platforms: str) -> When:
    """Give the test that holds on these platforms."""
    return When(frozenset(platforms))


def switched(switch: str, *, default: bool | None) -> When:
    """Give the test of a switch; `default` is what it is where nobody sets it."""
    return When(switch=switch, holds=default)


def negated(test: When) -> When:
    """Give a test that holds where another does not."""
    if test.platforms == ALL:
        return test._replace(holds=None if test.holds is None else not test.holds)
    # What is not "on Windows and with this switch" may well be on Windows.
    exact = test.holds is True and not test.switch
    return When(ALL - test.platforms) if exact else When(switch=test.switch, holds=None)


def both(one: When, other: When) -> When:
    """Give a test that holds where two do."""
    known = {one.holds, other.holds}
    holds = False if False in known else None if None in known else True
    # What keeps a build from getting there is what somebody sets to get there.
    first, second = (other, one) if other.holds is False and one.holds is not False else (one, other)
    return When(one.platforms & other.platforms, first.switch or second.switch, holds)


def either(one: When, other: When) -> When:
    """Give a test that holds where one of two does."""
    if one.platforms != other.platforms and ALL in {one.platforms, other.platforms}:
        return When(switch=one.switch or other.switch, holds=None)
    known = {one.holds, other.holds}
    holds = True if True in known else None if None in known else False
    return When(one.platforms | other.platforms, one.switch or other.switch, holds)


_SYSTEMS: Final = {
    **dict.fromkeys(("linux", "gnu/linux"), "linux"),
    **dict.fromkeys(("darwin", "macos", "apple", "ios"), "darwin"),
    **dict.fromkeys(("windows", "cygwin", "msys", "mingw", "win32", "windowsstore"), "win32"),
}


def platform_of(system: str) -> str:
    """Give the platform that a build system means by a system's name: ``other`` for what is none of the three."""
    return _SYSTEMS.get(system.lower(), "other")
