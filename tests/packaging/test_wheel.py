"""What is in the wheel and in the source distribution, and what an index will show."""

import email
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import stackgui
from tests.shared_data import REPOSITORY

pytest.importorskip("hatchling", reason="comes with the set-up")
pytestmark = pytest.mark.tree

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HOME = PROJECT["urls"]["Homepage"]


def built(kind: str, folder: Path, **environment: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    names = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=names | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.fixture(scope="module")
def metadata(wheel) -> email.message.Message:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(opened.read(name))


def description(metadata) -> str:
    return metadata.get_payload(decode=True).decode("utf-8")


def below(folder: str, *patterns: str) -> set[str]:
    """Files of the checkout."""
    found = [file for pattern in patterns for file in (REPOSITORY / folder).glob(pattern)]
    return {file.relative_to(REPOSITORY).as_posix() for file in found}


def test_it_holds_the_package_and_what_the_program_reads_and_nothing_else(names):
    resources = (
        below("resources/help", "*.md", "*/*.md")
        | below("resources/icons", "*.svg", "app/*")
        | below("resources/languages", "*.mo")
        | below("resources/licences", "*.txt")
        | {"resources/kinds.zip"}
        | {name for name in below("resources/samples", "**/*") if (REPOSITORY / name).is_file()}
        | below("resources/screenshots", "*.png", "*/*.png")
    )
    package = below("stackgui", "**/*.py", "py.typed")
    expected = package | {name.replace("resources/", "stackgui/_resources/", 1) for name in resources}
    own = {name for name in names if name.startswith("stackgui/")}
    assert own == expected
    info = {name.partition("/")[2] for name in names - own}
    assert info == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}


def test_every_picture_in_it_is_shown_by_a_help_page(names):
    pages = "".join(page.read_text("utf-8") for page in (REPOSITORY / "resources" / "help").glob("*.md"))
    shown = {name.removesuffix("-dark") for name in re.findall(r"screenshots/([\w-]+)\.png", pages)}
    pictures = {Path(name).stem.removesuffix("-dark") for name in names if "_resources/screenshots/" in name}
    assert pictures == shown


def test_it_stays_small(wheel):
    assert wheel.stat().st_size < 6_000_000


def test_nothing_in_it_names_a_folder_of_this_computer(wheel):
    with zipfile.ZipFile(wheel) as opened:
        here = os.fsencode(REPOSITORY)
        assert [name for name in opened.namelist() if here in opened.read(name)] == []


def test_an_index_is_told_where_it_comes_from_and_for_whom_it_is(metadata):
    assert metadata["Version"] == stackgui.__version__
    assert metadata["License-Expression"] == "MIT"
    urls = dict(each.split(", ") for each in metadata.get_all("Project-URL"))
    assert set(urls) == {"Homepage", "Documentation", "Changelog", "Issues", "Source"}
    assert all(url.startswith(HOME) for url in urls.values())
    classifiers = metadata.get_all("Classifier")
    for system in ("MacOS", "Microsoft :: Windows", "POSIX :: Linux"):
        assert f"Operating System :: {system}" in classifiers
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert f"Programming Language :: Python :: {version}" in classifiers
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_every_language_of_the_window_is_told(metadata):
    from stackgui.gui.texts.language import TRANSLATED

    told = [each for each in metadata.get_all("Classifier") if each.startswith("Natural Language")]
    assert len(told) == len(TRANSLATED) + 1


def test_every_link_of_the_long_description_leads_somewhere_from_anywhere(metadata):
    text = description(metadata)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src(?:set)?="([^"]+)"', text)
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    version = stackgui.__version__
    raw = HOME.replace("github.com", "raw.githubusercontent.com")
    for link in links:
        if found := re.fullmatch(rf"(?:{HOME}/blob|{raw})/v{re.escape(version)}/([^#]+)(#.+)?", link):
            assert (REPOSITORY / found[1]).exists(), link
            assert link.startswith(raw) == (Path(found[1]).suffix in {".png", ".svg"}), link


def test_the_address_of_the_project_is_one(metadata):
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    owner = HOME.removeprefix("https://github.com/")
    assert set(re.findall(r"github(?:usercontent)?\.com/(\w+/\w+)", text)) == {owner}


def test_extras_are_those_that_the_program_names(metadata):
    assert set(metadata.get_all("Provides-Extra")) == {
        "all",
        "cluster",
        "dicom",
        "hdf5",
        "parquet",
        "raw",
        "remote",
        "zarr",
    }
    needs = {}
    for line in metadata.get_all("Requires-Dist"):
        if found := re.fullmatch(r"(.+); extra == '(\w+)'", line):
            needs.setdefault(found[2], set()).add(found[1])
    del needs["cluster"]  # whoever has several computers asks for it
    assert needs.pop("all") == set().union(*needs.values())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_the_same_inputs_give_the_same_bytes(tmp_path, kind):
    epoch = {"SOURCE_DATE_EPOCH": "1700000000"}
    first = built(kind, tmp_path / "first", **epoch)
    second = built(kind, tmp_path / "second", **epoch, TZ="Asia/Tokyo", PYTHONHASHSEED="7", LC_ALL="C")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
def test_the_source_distribution_gives_the_same_wheel(tmp_path, wheel):
    sdist = built("sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as opened:
        opened.extraction_filter = getattr(tarfile, "data_filter", None)
        opened.extractall(tmp_path / "unpacked")
    (tree,) = (tmp_path / "unpacked").iterdir()
    assert (tree / "tests" / "packaging" / "test_wheel.py").is_file()
    assert (tree / "packaging" / "pins" / "run.txt").is_file()
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "out"]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (again,) = (tree / "out").iterdir()
    with zipfile.ZipFile(again) as one, zipfile.ZipFile(wheel) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }
