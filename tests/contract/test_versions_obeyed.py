"""The real version tools obey what their adapters say.

A variable that is set proves nothing until the tool has obeyed it: each case is a small project, built by its real
backend from a tree without VCS, in an environment of its own, once for each hook. The same project in a git checkout
with a tag says which files belong into the wheel.
"""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import backlit
from backlit import versions
from backlit.config import file_list, project as projects
from backlit.support.plugins import adapters_in
from kit import run

if TYPE_CHECKING:
    from backlit.versions import Injection

pytestmark = [pytest.mark.network, pytest.mark.integration]


class Case(NamedTuple):
    """A small project, and what its wheel must hold."""

    tool: str
    """The tool in charge, as the adapter calls it."""
    requires: tuple[str, ...]
    """What its environment holds; exact versions, so that a failure is ours."""
    files: dict[str, str]
    """The tree."""
    version_file: str = ""
    """The version file, as the wheel has it."""
    hooks: tuple[str, ...] = ("build_wheel",)
    """Hooks to call."""


ALL_HOOKS = ("build_wheel", "build_sdist", "build_editable")
SCM_7 = ("setuptools==75.8.0", "wheel==0.45.1", "setuptools-scm==7.1.0")
SCM_8 = ("setuptools==80.9.0", "setuptools-scm==8.3.1")
SCM_10 = ("setuptools==84.2.1", "setuptools-scm==10.3.4", "vcs-versioning==2.6.0")
HATCH_8 = ("hatchling==1.27.0", "hatch-vcs==0.5.0", "editables==0.5", *SCM_8)
HATCH_10 = ("hatchling==1.33.0", "hatch-vcs==0.5.0", "editables==0.5", *SCM_10)
HATCH_UV = ("hatchling==1.33.0", "uv-dynamic-versioning==0.14.1", "editables==0.5")
FLIT_SCM = ("flit-scm==1.7.0", "flit-core==3.12.0", *SCM_10)
PDM = ("pdm-backend==2.5.0",)
PBR = ("setuptools==84.2.1", "pbr==7.1.3")

SOURCES = {"words/__init__.py": "", "words/data/list.txt": "a\n", "words/sub/__init__.py": "", "words/sub/d.json": "{}"}
PROJECT = '[project]\nname = "My.Proj-Name"\ndynamic = ["version"]\n'
SETUPTOOLS = f"""\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
{PROJECT}[tool.setuptools]
include-package-data = true
packages = ["words", "words.sub"]
"""
LEGACY = """\
from setuptools import setup
{}setup(name="My.Proj-Name", include_package_data=True, packages=["words", "words.sub"], {})
"""
HATCHLING = f"""\
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.build.hooks.vcs]
version-file = "words/_v.py"
"""
VCS = '[tool.hatch.version]\nsource = "vcs"\n'
PDM_SCM = f"""\
[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
{PROJECT}[tool.pdm.version]
source = "scm"
write_to = "words/_v.py"
write_template = "version = '{{}}'\\n"
"""
HATCH_DUNAMAI = f"""\
[build-system]
requires = ["hatchling", "uv-dynamic-versioning"]
build-backend = "hatchling.build"
{PROJECT.replace('"version"', '"version", "dependencies"')}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.version]
source = "uv-dynamic-versioning"
[tool.hatch.build.hooks.version]
path = "words/_v.py"
[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = ["words-core=={{{{ version }}}}"]
"""
FLIT_WRITES = f"""\
[build-system]
requires = ["flit-scm"]
build-backend = "flit_scm:buildapi"
{PROJECT.replace("My.Proj-Name", "words")}description = "Words."
[tool.setuptools_scm]
write_to = "words/_v.py"
"""
FLIT_SOURCES = {
    **SOURCES,
    "words/__init__.py": "from words._v import version as __version__\n",
    ".gitignore": "_v.py\n",
}
PBR_CFG = "[metadata]\nname = My.Proj-Name\n[files]\npackages = words\n"
PBR_BUILD = '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n'


def scm(
    requires: tuple[str, ...], files: dict[str, str], *, hooks: tuple[str, ...] = ("build_wheel",), **more: str
) -> Case:
    """Give a case of setuptools-scm: `more` is `version_file`."""
    return Case(
        "setuptools-scm", requires, {**SOURCES, **files}, hooks=hooks, version_file=more.get("version_file", "")
    )


TABLE = {"pyproject.toml": SETUPTOOLS + '[tool.setuptools_scm]\nwrite_to = "words/_v.py"\n'}
KEYWORD = {"setup.py": LEGACY.format("", "use_scm_version={'write_to': 'words/_v.py'}")}
HIDDEN = {"pyproject.toml": SETUPTOOLS, "setup.py": "from setuptools import setup\nsetup(use_scm_version=True)\n"}
CALL = {"setup.py": LEGACY.format("from setuptools_scm import get_version\n", "version=get_version()")}
SRC = {
    "pyproject.toml": SETUPTOOLS.replace("[tool.setuptools]", '[tool.setuptools]\npackage-dir = {"" = "src"}')
    + "[tool.setuptools_scm]\n",
    **{f"src/{path}": text for path, text in SOURCES.items()},
}

CASES = {
    **{
        f"{name}-{release}": case
        for release, requires in (("7", SCM_7), ("8", SCM_8), ("10", SCM_10))
        for name, case in (
            ("scm-table", scm(requires, TABLE, hooks=ALL_HOOKS, version_file="words/_v.py")),
            ("scm-keyword", scm(requires, KEYWORD, version_file="words/_v.py")),
            ("scm-keyword-without-name", scm(requires, HIDDEN)),
            ("scm-get_version", scm(requires, CALL)),
        )
    },
    "scm-version_file": scm(
        SCM_8,
        {"pyproject.toml": SETUPTOOLS + '[tool.setuptools_scm]\nversion_file = "words/_v.py"\n'},
        version_file="words/_v.py",
    ),
    "scm-vcs-versioning-table": scm(SCM_10, {"pyproject.toml": SETUPTOOLS + "[tool.vcs-versioning]\n"}),
    "scm-simple": scm(SCM_10, {"pyproject.toml": SETUPTOOLS.replace("-scm", "-scm[simple]")}),
    "scm-src": Case("setuptools-scm", SCM_10, SRC),
    "hatch-vcs-8": Case("hatch-vcs", HATCH_8, {**SOURCES, "pyproject.toml": HATCHLING + VCS}, "words/_v.py", ALL_HOOKS),
    "hatch-vcs-10": Case(
        "hatch-vcs", HATCH_10, {**SOURCES, "pyproject.toml": HATCHLING + VCS}, "words/_v.py", ALL_HOOKS
    ),
    "hatch-vcs-dist_name": Case(
        "hatch-vcs",
        HATCH_10,
        {**SOURCES, "pyproject.toml": HATCHLING + VCS + '[tool.hatch.version.raw-options]\ndist_name = "O.t-her"\n'},
    ),
    "hatch-vcs-pkg-info": Case(
        "hatch-vcs",
        HATCH_10,
        {**SOURCES, "pyproject.toml": HATCHLING + VCS, "PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 0.1\n\n"},
        "words/_v.py",
    ),
    "uv-dynamic": Case(
        "uv-dynamic-versioning", HATCH_UV, {**SOURCES, "pyproject.toml": HATCH_DUNAMAI}, "words/_v.py", ALL_HOOKS
    ),
    "flit-scm": Case(
        "flit-scm",
        FLIT_SCM,
        {**FLIT_SOURCES, "pyproject.toml": FLIT_WRITES},
        "words/_v.py",
        ("build_wheel", "build_editable"),
    ),
    "flit-scm-dist_name": Case(
        "flit-scm", FLIT_SCM, {**FLIT_SOURCES, "pyproject.toml": FLIT_WRITES + 'dist_name = "O.t-her"\n'}, "words/_v.py"
    ),
    "pdm-scm": Case("pdm-backend", PDM, {**SOURCES, "pyproject.toml": PDM_SCM}, "words/_v.py", ALL_HOOKS),
    "pbr-setup.py": Case(
        "pbr",
        PBR,
        {
            **SOURCES,
            "pyproject.toml": PBR_BUILD,
            "setup.cfg": PBR_CFG,
            "setup.py": "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n",
        },
        hooks=ALL_HOOKS,
    ),
    "pbr-src": Case(
        "pbr",
        PBR,
        {
            **{f"src/{path}": text for path, text in SOURCES.items()},
            "pyproject.toml": PBR_BUILD + PROJECT + "[tool.setuptools]\ninclude-package-data = true\n",
            "setup.cfg": "[metadata]\nname = My.Proj-Name\n",
            "setup.py": "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n",
        },
    ),
    "pbr-project-table": Case(
        "pbr", PBR, {**SOURCES, "pyproject.toml": PBR_BUILD + PROJECT + '[tool.setuptools]\npackages = ["words"]\n'}
    ),
}

each_case = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
each_hook = pytest.mark.parametrize(
    ("case", "hook"),
    [pytest.param(case, hook, id=f"{name}-{hook}") for name, case in CASES.items() for hook in case.hooks],
)

HOOK = """
import importlib, sys
name, hook, folder = sys.argv[1:]
module, _, attribute = name.partition(":")
backend = importlib.import_module(module)
print("made", getattr(getattr(backend, attribute) if attribute else backend, hook)(folder))
"""


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for environments, with backlit as setuptools would find it installed, and nothing else."""
    folder = tmp_path_factory.mktemp("workshop")
    finder = folder / "finder"
    (finder / "backlit-0.dist-info").mkdir(parents=True)
    (finder / "backlit-0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: backlit\nVersion: 0\n")
    entry = "[setuptools.file_finders]\nbacklit = backlit.file_finder:find\n"
    (finder / "backlit-0.dist-info" / "entry_points.txt").write_text(entry)
    (finder / "backlit").symlink_to(Path(backlit.__file__).parent)
    return folder


@cache
def environment(workshop: Path, requires: tuple[str, ...]) -> Path:
    """Give the Python of a fresh environment that holds `requires`."""
    folder = workshop / f"venv-{abs(hash(requires))}"
    uv = (sys.executable, "-m", "uv", "--quiet")
    run(*uv, "venv", "--python", sys.executable, folder, cwd=workshop)
    run(*uv, "pip", "install", "--python", folder / "bin" / "python", *requires, cwd=workshop)
    return folder / "bin" / "python"


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def check_in(root: Path, tag: str) -> None:
    """Make a git checkout of `root`, tagged."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false")
    run("git", "init", "--quiet", cwd=root)
    run("git", "add", "--all", cwd=root)
    run("git", *who, "commit", "--quiet", "--message", "all", cwd=root)
    run("git", *who, "tag", "--annotate", "--message", tag, tag, cwd=root)


def call(workshop: Path, case: Case, tree: Path, hook: str, out: Path, variables: dict[str, str]) -> Path:
    """Call a hook in a process of its own; give what it made."""
    python = environment(workshop, case.requires)
    backend = projects.real_backend(projects.load(tree)).name
    out.mkdir()
    done = run(python, "-c", HOOK, backend, hook, out, cwd=tree, variables=variables)
    return out / done.stdout.rsplit("made ", 1)[1].strip()


def told(workshop: Path, tree: Path, version: str, folder: Path) -> tuple[Injection, dict[str, str]]:
    """Apply by hand what the tool's adapter says: give it and the variables of the build."""
    project = projects.load(tree)
    found = versions.tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    injection = found[0].inject(project, version)
    plant(tree, dict(injection.files))
    variables = {"PYTHONPATH": str(workshop / "finder"), **dict(injection.environment)}
    if injection.restores_files:
        file_list.write(folder / "list", tree, file_list.snapshot(tree))
        variables[file_list.VARIABLE] = str(folder / "list")
    return injection, variables


def contents(artifact: Path) -> dict[str, str]:
    """Give the members of a wheel or an sdist, an sdist's without their top folder."""
    if artifact.suffix == ".whl":
        with zipfile.ZipFile(artifact) as wheel:
            return {name: wheel.read(name).decode() for name in wheel.namelist() if not name.endswith("/")}
    with tarfile.open(artifact) as sdist:
        members = [member for member in sdist.getmembers() if member.isfile()]
        streams = {member.name.partition("/")[2]: sdist.extractfile(member) for member in members}
        return {name: stream.read().decode() for name, stream in streams.items() if stream}


def version_in(members: dict[str, str]) -> str:
    (text,) = [text for name, text in members.items() if re.fullmatch(r"PKG-INFO|[^/]+\.dist-info/METADATA", name)]
    (version,) = re.findall(r"^Version: (.*)$", text.partition("\n\n")[0], re.MULTILINE)
    return str(version)


def packed(members: dict[str, str]) -> set[str]:
    """Name the files that the project brings, without what tools add about themselves."""
    return {name for name in members if not re.match(r"[^/]+\.dist-info/", name)}


@each_case
def test_the_tool_is_recognised(case: Case, tmp_path: Path) -> None:
    project = projects.load(plant(tmp_path / "tree", case.files))
    found = versions.tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found[0].name, found[1].states) == (case.tool, None)


@each_hook
def test_a_tree_without_vcs_gets_the_version_and_all_its_files(
    case: Case, hook: str, tmp_path: Path, workshop: Path
) -> None:
    tree = plant(tmp_path / "tree", case.files)
    injection, variables = told(workshop, tree, "1.2.3", tmp_path)
    members = contents(call(workshop, case, tree, hook, tmp_path / "out", variables))
    assert version_in(members) == "1.2.3"
    if hook == "build_wheel" and case.version_file:
        assert "1.2.3" in members[case.version_file]
        assert case.version_file in injection.version_files
    if hook == "build_sdist":
        assert {name for name in case.files if name != "PKG-INFO"} <= members.keys()


@each_case
def test_the_wheel_holds_what_a_checkouts_wheel_holds(case: Case, tmp_path: Path, workshop: Path) -> None:
    bare, checkout = (plant(tmp_path / name / "tree", case.files) for name in ("bare", "checkout"))
    (checkout / "PKG-INFO").unlink(missing_ok=True)
    check_in(checkout, "v1.2.3")
    _, variables = told(workshop, bare, "1.2.3", tmp_path)
    made = contents(call(workshop, case, bare, "build_wheel", tmp_path / "a", variables))
    wanted = contents(call(workshop, case, checkout, "build_wheel", tmp_path / "b", {}))
    assert version_in(made) == version_in(wanted) == "1.2.3"
    assert packed(made) == packed(wanted)


@pytest.mark.parametrize(
    "case",
    [pytest.param(CASES[name], id=name) for name in ("scm-table-10", "hatch-vcs-10", "pdm-scm", "pbr-setup.py")],
)
def test_a_version_with_every_part_arrives_whole(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    _, variables = told(workshop, tree, "2!1.0rc1.post2.dev3+local.1", tmp_path)
    made = contents(call(workshop, case, tree, "build_wheel", tmp_path / "out", variables))
    assert version_in(made) == "2!1.0rc1.post2.dev3+local.1"


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(CASES[name], id=name)
        for name in ("scm-table-8", "hatch-vcs-10", "uv-dynamic", "flit-scm", "pdm-scm", "pbr-setup.py")
    ],
)
def test_only_a_tool_that_climbs_takes_a_strangers_tag_past_the_ceiling(
    case: Case, tmp_path: Path, workshop: Path
) -> None:
    outer = tmp_path / "outer"
    tree = plant(outer / "tree", case.files)
    check_in(outer, "v9.9.9")
    climbs = next(adapter.climbs for adapter in adapters_in("backlit.versions") if adapter.name == case.tool)
    variables = {"GIT_CEILING_DIRECTORIES": str(outer)}
    if climbs:
        made = contents(call(workshop, case, tree, "build_wheel", tmp_path / "out", variables))
        assert version_in(made) == "9.9.9"
    else:
        refusal = r"(?i)unable to detect version|versioning for this project requires"
        with pytest.raises(AssertionError, match=refusal):
            call(workshop, case, tree, "build_wheel", tmp_path / "out", variables)


def test_another_project_does_not_see_the_version_of_this_one(tmp_path: Path, workshop: Path) -> None:
    case = CASES["scm-table-8"]
    _, variables = told(workshop, plant(tmp_path / "tree", case.files), "1.2.3", tmp_path)
    files = {**case.files, "pyproject.toml": case.files["pyproject.toml"].replace("My.Proj-Name", "another")}
    with pytest.raises(AssertionError, match="unable to detect version"):
        call(workshop, case, plant(tmp_path / "another", files), "build_wheel", tmp_path / "out", variables)


def test_without_the_list_files_are_lost(tmp_path: Path, workshop: Path) -> None:
    # The reason for the list: should this fail, setuptools-scm finds the files by itself.
    case = CASES["scm-table-10"]
    tree = plant(tmp_path / "tree", case.files)
    _, variables = told(workshop, tree, "1.2.3", tmp_path)
    del variables[file_list.VARIABLE]
    made = contents(call(workshop, case, tree, "build_wheel", tmp_path / "out", variables))
    assert "words/data/list.txt" not in made


def test_a_fixed_version_beside_setuptools_scm_keeps_its_files(tmp_path: Path, workshop: Path) -> None:
    pyproject = SETUPTOOLS.replace('dynamic = ["version"]', 'version = "1.2.3"')
    case = Case("static", SCM_10, {**SOURCES, "pyproject.toml": pyproject})
    bare, checkout = (plant(tmp_path / name / "tree", case.files) for name in ("bare", "checkout"))
    check_in(checkout, "v0.1")
    _, variables = told(workshop, bare, "1.2.3", tmp_path)
    made = contents(call(workshop, case, bare, "build_wheel", tmp_path / "a", variables))
    wanted = contents(call(workshop, case, checkout, "build_wheel", tmp_path / "b", {}))
    assert packed(made) == packed(wanted)
    assert "words/data/list.txt" in packed(made)
