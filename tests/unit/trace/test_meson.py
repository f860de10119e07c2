"""meson's log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import given, strategies as st

from backlit.trace.harvest import meson
from backlit.trace.harvest.meson import Asked

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = """\
Found pkg-config: YES (/usr/bin/pkg-config) 1.8.1
Determining dependency 'zlib' with pkg-config executable '/usr/bin/pkg-config'
env[PKG_CONFIG]: /usr/bin/pkg-config
-----------
Called: `/usr/bin/pkg-config --modversion zlib` -> 0
stdout:
1.2.13
Called: `/usr/bin/pkg-config --modversion gone` -> 1
pybind11-config found: YES (/usr/bin/pybind11-config) 3.1.0
pcap-config found: NO
Program swig found: NO
sub| Program bison found: YES (/usr/bin/bison)
Run-time dependency pcap found: NO (tried config-tool)
Running command: /usr/bin/xml2-config --version
"""


def test_questions_and_their_answers() -> None:
    assert meson.parse(LOG, "/b") == (
        Asked("/b", ("/usr/bin/pkg-config", "--modversion", "zlib"), 0, found=True),
        Asked("/b", ("/usr/bin/pkg-config", "--modversion", "gone"), 1, found=True),
        Asked("/b", ("pcap-config",), None, found=False),
        Asked("/b", ("swig",), None, found=False),
        Asked("/b", ("/usr/bin/xml2-config", "--version"), None, found=True),
    )


def test_a_log_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    told = meson.read(str(tmp_path))
    assert (told.asked, told.searches) == ((), ())
    assert len(told.faults) == 1


@given(st.text())
def test_any_text_is_a_log(text: str) -> None:
    assert all(asked.words for asked in meson.parse(f"Called: `{text}` -> 0"))
