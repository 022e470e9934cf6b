"""What the package for Debian says of itself, and what the desktop learns from it."""

import argparse
import gettext
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

import stackgui
from stackgui.core.options.options import Options
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.project.project import SUFFIX
from stackgui.gui.control import opening
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

LINUX = REPOSITORY / "packaging" / "linux"
NAMESPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"
DATE = 1_764_000_000


@pytest.fixture
def control(scripts):
    return scripts["control"]


@pytest.fixture
def metainfo(scripts):
    return scripts["metainfo"]


@pytest.fixture
def manual(scripts):
    return scripts["manual"]


@pytest.fixture
def entry():
    lines = (LINUX / "stackgui.desktop").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("=", 1) for line in lines)


def test_packages_follow_from_the_libraries_that_are_needed(control):
    found = control.depends(["libc.so.6", "libm.so.6", "libX11.so.6", "libstdc++.so.6"], (2, 35), (3, 4, 29))
    assert found == ["libc6 (>= 2.35)", "libegl1", "libgl1", "libstdc++6 (>= 11)", "libx11-6", "xkb-data"]


def test_a_library_that_no_package_brings_is_a_mistake(control):
    with pytest.raises(SystemExit, match=r"libnew\.so\.1 is neither in the bundle nor"):
        control.depends(["libnew.so.1"], (2, 35), (3, 4, 29))


def test_what_the_window_looks_for_at_its_start_is_there_after_installing(control):
    """The bundle brings the others itself."""
    from stackgui.system import DRAWING_LIBRARIES, X_WINDOW_LIBRARIES

    named = {**DRAWING_LIBRARIES, **X_WINDOW_LIBRARIES}
    assert all(
        package in control.PACKAGES[library]
        for library, package in named.items()
        if library in control.PACKAGES
    )


def test_its_version_is_that_of_the_program(control):
    assert control.version() == stackgui.__version__


def test_the_copyright_names_each_library_that_is_in_it(control, tmp_path):
    folder = tmp_path / "_internal" / "pleasant-1.2.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(
        "Name: pleasant\nVersion: 1.2\nAuthor: Jo\nLicense: BSD 3\n\nLicense: no\n"
    )
    told = control.copyright_of(tmp_path)
    assert "Copyright: (c) 20" in told
    assert "Permission is hereby granted" in told
    assert told.endswith(
        "Files: usr/lib/stackgui/_internal/pleasant-1.2.dist-info/*\nCopyright: Jo\nLicense: BSD-3\n"
        "Comment: pleasant 1.2; its licence is in that folder.\n"
    )


def test_the_menu_entry_is_valid_and_opens_files(entry):
    assert entry["Exec"] == "stackgui open %F"
    if validate := shutil.which("desktop-file-validate"):
        told = subprocess.run(
            [validate, LINUX / "stackgui.desktop"], capture_output=True, text=True, check=False
        )
        assert (told.returncode, told.stdout) == (0, "")


def test_the_menu_entry_speaks_the_languages_of_the_window(entry, metainfo):
    languages = {path.stem for path in (REPOSITORY / "resources" / "languages").glob("*.mo")}
    for key in ("Comment", "GenericName"):
        assert {found[1] for name in entry if (found := re.fullmatch(rf"{key}\[(\w+)\]", name))} == languages
    assert {"": entry["Comment"]} | {
        each: entry[f"Comment[{each}]"] for each in languages
    } == metainfo.SUMMARIES


def kinds():
    root = ET.parse(LINUX / "stackgui-mime.xml").getroot()
    return {each.get("type"): each for each in root}


def test_each_kind_of_file_is_offered_to_open_and_nothing_else(entry, metainfo):
    """Not folders: on a desktop without a file manager, StackGUI would open them all."""
    offered = set(entry["MimeType"].rstrip(";").split(";"))
    provided = ET.fromstring(metainfo.text(DATE)).findall("provides/mediatype")
    assert offered == kinds().keys() == {each.text for each in provided}
    assert not any("inode" in each for each in offered)


def test_files_are_known_by_what_the_program_writes(tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(SharedPlan(Options()).to_json()))
    magic = kinds()["application/x-stackgui-plan"].find(f"{NAMESPACE}magic/{NAMESPACE}match").get("value")
    assert opening.is_plan(str(plan))
    assert 0 <= plan.read_text().index(magic) < 256
    globs = {glob.get("pattern") for kind in kinds().values() for glob in kind.iter(f"{NAMESPACE}glob")}
    assert {f"*{SUFFIX}", opening.HEADER} < globs
    for kind in kinds().values():
        assert len(kind.findall(f"{NAMESPACE}comment")) == 7, "English, and the languages of the window"


NEEDED_BY_DESKTOPS = ("gio", "update-mime-database", "update-desktop-database")
COMMON_TYPES = Path("/usr/share/mime/packages/freedesktop.org.xml")


@pytest.mark.skipif(
    not all(map(shutil.which, NEEDED_BY_DESKTOPS)) or not COMMON_TYPES.exists(),
    reason="this system has no tools of a desktop",
)
def test_file_managers_open_them_with_stackgui(tmp_path):
    share = tmp_path / "share"
    for folder, file in (("applications", "stackgui.desktop"), ("mime/packages", "stackgui-mime.xml")):
        (share / folder).mkdir(parents=True)
        shutil.copy(LINUX / file, share / folder)
    shutil.copy(COMMON_TYPES, share / "mime/packages")
    program = tmp_path / "bin" / "stackgui"
    program.parent.mkdir()
    program.touch(0o755)
    known = {
        "plan.json": (json.dumps(SharedPlan(Options()).to_json()), "application/x-stackgui-plan"),
        "stack.json": ('{\n "format": "stackgui-stack"}', "application/x-stackgui-stack"),
        "work.stackgui": ('{"format": "stackgui-project"}', "application/x-stackgui-project"),
        "boxes.json": ('{"images": []}', "application/json"),
    }
    for name, (text, _) in known.items():
        (tmp_path / name).write_text(text)
    variables = {
        **os.environ,
        "XDG_DATA_DIRS": str(share),
        "XDG_DATA_HOME": str(tmp_path),
        "PATH": f"{program.parent}:{os.environ['PATH']}",
    }

    def said(*words):
        done = subprocess.run(words, env=variables, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    said("update-mime-database", str(share / "mime"))
    said("update-desktop-database", str(share / "applications"))
    for name, (_, kind) in known.items():
        assert f"content-type: {kind}\n" in said("gio", "info", "-a", "standard::content-type", name)
        assert ("stackgui.desktop" in said("gio", "mime", kind)) is ("stackgui" in kind)


def test_software_centres_accept_what_it_says_of_itself(metainfo, tmp_path):
    file = tmp_path / f"{metainfo.ID}.metainfo.xml"
    file.write_text(metainfo.text(DATE), encoding="utf-8")
    root = ET.parse(file).getroot()
    assert root.find("releases/release").attrib == {"version": stackgui.__version__, "date": "2025-11-24"}
    for image in root.iter("image"):
        assert (REPOSITORY / "resources" / "screenshots" / image.text.rpartition("/")[2]).is_file()
    if validate := shutil.which("appstreamcli"):
        told = subprocess.run(
            [validate, "validate", "--no-net", file], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout


def test_icons_have_the_sizes_that_desktops_ask_for():
    names = {icon.name for icon in (REPOSITORY / "resources" / "icons" / "app").iterdir()}
    assert {"stackgui.svg", *(f"stackgui-{side}.png" for side in (16, 24, 32, 48, 64, 128, 256))} <= names


def test_the_manual_tells_of_every_command_and_choice(manual):
    from stackgui.cli.arguments import parser_for

    parser, commands = parser_for()
    page = manual.page(parser, commands, "1.2", "2026-11-28")
    assert page.startswith('.TH STACKGUI 1 "2026-11-28" "StackGUI 1.2" "User Commands"\n')
    assert all(f'.SS "stackgui {name}"'.replace("-", "\\-") in page for name in commands)
    assert "\\fB\\-\\-size\\fR" in page
    assert "%(default)s" not in page
    if groff := shutil.which("groff"):
        told = subprocess.run(
            [groff, "-man", "-ww", "-z"], input=page, capture_output=True, text=True, check=False
        )
        assert told.stderr == ""


@pytest.mark.parametrize(
    ("text", "escaped"),
    [(".npy", "\\&.npy"), ("a-b", "a\\-b"), ("'x'", "\\&'x'"), ("a\\b", "a\\eb"), ("a’s", "a\\[u2019]s")],
)
def test_troff_reads_text_as_text(manual, text, escaped):
    assert manual.escaped(text) == escaped


def test_what_is_not_told_is_left_out_of_the_manual(manual):
    parser = argparse.ArgumentParser("x")
    parser.add_argument("--secret", help=argparse.SUPPRESS)
    parser.add_argument("--seen", nargs=2, metavar=("A", "B"), help="100%% of it")
    assert list(manual.arguments_of(parser)) == [".TP", "\\fB\\-\\-seen\\fR \\fIA B\\fR", "100% of it"]


def test_the_driver_presses_buttons_by_names_that_are_translated():
    """It waits for these words in other languages, too."""
    with (REPOSITORY / "resources" / "languages" / "de.mo").open("rb") as file:
        said = gettext.GNUTranslations(file).gettext("Try with sample pictures")
    assert said != "Try with sample pictures"


def test_the_flatpak_is_of_the_same_program(metainfo):
    manifest = yaml.safe_load((LINUX / f"{metainfo.ID}.yml").read_text(encoding="utf-8"))
    assert manifest["id"] == metainfo.ID
    assert manifest["rename-desktop-file"] == "stackgui.desktop"
