"""Which variables speak of a tree that an installer fetched by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backlit.config import fetched, project as projects, settings


@pytest.mark.parametrize(
    ("path", "installer"),
    [
        # As seen with pip 26.3 and 23.0, and with uv 0.13.
        ("/t/pip-install-k3_x9q2z/dee_bbdc5854eff84322abfe92d45531e48d", "pip"),
        ("/t/pip-wheel-rnaobm1e/dee_bbdc5854eff84322abfe92d45531e48d", "pip"),
        ("/t/pip-download-rnaobm1e/dee_bbdc5854eff84322abfe92d45531e48d", "pip"),
        ("/t/pip-install-k3_x9q2z/dee_bbdc5854eff84322abfe92d45531e48d/subfolder", "pip"),
        ("/home/user/.cache/uv/sdists-v11/index/0758295160cd274a/dee/2.0/kSDrpQNi5d4FOqn6/src", "uv"),
        ("/t/.tmpiiceiq/sdists-v9/pypi/dee/2.0/kSDrpQNi5d4FOqn6/src", "uv"),
        ("/t/.tmpiiceiq/sdists-v9/git/0758295160cd274a/kSDrpQNi5d4FOqn6", "uv"),
        # Somebody pointed at these.
        ("/t/pip-req-build-dims2zg2", None),
        ("/t/.tmpLFkbnT/sdists-v11/path/4d0fe34be27bf33c/-hsCHQQGdp_508QO/src", None),
        ("/t/.tmpLFkbnT/sdists-v11/editable/4d0fe34be27bf33c/src", None),
        ("/build/dee-2.0", None),
        ("/home/user/pip-install-notes/dee", None),
        ("/home/user/pip-install-k3_x9q2z", None),
    ],
)
def test_a_tree_is_told_by_the_folder_that_it_was_unpacked_in(path: str, installer: str | None) -> None:
    assert fetched.by(Path(path)) == installer


@pytest.fixture
def fetched_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> projects.Project:
    """Give the project dee, where pip unpacks it."""
    for name in list(os.environ):
        if name.startswith("BACKLIT"):
            monkeypatch.delenv(name)
    root = tmp_path / "pip-install-k3_x9q2z" / "dee_bbdc5854eff84322abfe92d45531e48d"
    root.mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "dee"\n')
    return projects.load(root)


ALL = {"BACKLIT_VERSION": "1.2.3", "BACKLIT_TAG": "r{version}", "BACKLIT_BACKEND": "house", "BACKLIT_REPORT": "there"}


def test_what_speaks_of_the_build_that_was_asked_for_is_passed_over_and_said(
    fetched_tree: projects.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)
    found = settings.read(fetched_tree, "dee", None)
    assert (found.version, found.tag, found.backend) == (None, None, None)
    assert found.report is not None
    assert found.passed_over == (
        "BACKLIT_VERSION, BACKLIT_TAG, BACKLIT_BACKEND not taken for dee, which pip fetched by name; "
        "BACKLIT_VERSION_FOR_DEE would be"
    )


def test_what_names_the_project_is_read(fetched_tree: projects.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKLIT_VERSION", "1.2.3")
    monkeypatch.setenv("BACKLIT_VERSION_FOR_DEE", "2.0")
    found = settings.read(fetched_tree, "dee", {"backlit.backend": "house"})
    assert found.version is not None
    assert found.backend is not None
    assert (found.version.value, found.backend.value, found.passed_over) == ("2.0", "house", "")


def test_elsewhere_everything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "dee"\n')
    found = settings.read(projects.load(tmp_path), "dee", None)
    assert None not in {found.version, found.tag, found.backend, found.report}
    assert found.passed_over == ""
