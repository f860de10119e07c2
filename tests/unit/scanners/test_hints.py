"""What people are told to install: hints, never claims."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence
from backlit.model.signal import Scope, Signal
from backlit.scanners import File
from backlit.scanners.hints import ADAPTER


def hints(text: str, path: str = "README.md") -> list[Signal]:
    found = ADAPTER.findings(scanners.read([File(path, len(text), text.encode)]))
    return [item for item in found if isinstance(item, Signal)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Run `apt-get install -y libfoo-dev bar` first.", ["foo", "bar", "first."]),
        ("    $ sudo dnf install foo-devel bar1.2-devel\n", ["foo", "bar"]),
        ("RUN apk add --no-cache \\\n  foo-dev \\\n  libbar\n", ["foo", "bar"]),
        ("RUN apk add foo \\\n  && apk add bar \\\n  libbaz # add\n", ["foo", "bar", "baz", "add"]),
        ("brew install foo && make install x", ["foo"]),
        ("apt install foo; apt install bar\napt\ninstall baz\n", ["foo", "bar"]),
        ("install the library first", []),
    ],
)
def test_lines_that_install_name_libraries(text: str, names: list[str]) -> None:
    assert [item.name for item in hints(text)] == names


def test_a_hint_has_its_line_and_is_no_claim() -> None:
    (found,) = hints("# x\n\napt install libfoo-dev\n", ".github/workflows/ci.yml")
    assert (found.where, found.confidence, found.scope) == (
        ".github/workflows/ci.yml:3",
        Confidence.LOW,
        Scope.TOOLING,
    )


def test_an_environment_of_conda_lists_packages() -> None:
    text = "name: x\ndependencies:\n  - geos\n  - zlib >=1.2\n  - pip:\n    - wheel\n"
    assert [item.name for item in hints(text, "environment.yml")] == ["geos", "zlib", "wheel"]


def test_the_same_library_is_hinted_once() -> None:
    assert len(hints("apt install libfoo-dev\nyum install foo-devel\n")) == 1


@given(st.text(alphabet="aptinstldem -\n\\&`:", max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    hints(f"apt install {text}")
    hints(f"dependencies:\n{text}", "environment.yml")
