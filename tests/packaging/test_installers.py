"""What is made of a bundle for Windows and macOS, as far as it can be told elsewhere."""

import base64
import plistlib
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import stackgui

pytestmark = pytest.mark.tree


@pytest.fixture
def windows(scripts):
    return scripts["for_windows"]


@pytest.fixture
def macos(scripts):
    return scripts["for_macos"]


@pytest.fixture
def bundle(tmp_path):
    """Something in the shape of one."""
    folder = tmp_path / "bundle" / "stackgui"
    (folder / "_internal" / "PySide6").mkdir(parents=True)
    for name in (
        "stackgui.exe",
        "stackgui-window.exe",
        "_internal/base.zip",
        "_internal/PySide6/ü.dll",
    ):
        (folder / name).write_bytes(name.encode())
    return folder


def test_the_icon_has_all_sizes(windows, tmp_path):
    windows.write_icon(tmp_path / "x.ico")
    with Image.open(tmp_path / "x.ico") as icon:
        assert icon.info["sizes"] == {(side, side) for side in (16, 24, 32, 48, 64, 128, 256)}


def test_the_portable_zip_is_one_folder_and_the_same_each_time(windows, bundle, tmp_path):
    windows.write_zip(bundle, tmp_path / "a.zip")
    windows.write_zip(bundle, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert {name.partition("/")[0] for name in packed.namelist()} == {"StackGUI"}
        assert packed.read("StackGUI/_internal/PySide6/ü.dll").decode() == "_internal/PySide6/ü.dll"


def test_inno_setup_is_preferred_to_nsis_and_one_is_needed(windows, monkeypatch):
    monkeypatch.setattr(windows, "INNO", "nowhere")
    assert windows.installer(lambda name: name)[0] == "ISCC"
    assert windows.installer(lambda name: name if name == "makensis" else None)[0] == "makensis"
    with pytest.raises(SystemExit, match="Neither Inno Setup"):
        windows.installer(lambda _: None)


@pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not installed")
def test_nsis_builds_an_installer(windows, bundle, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(windows, "BUNDLE", bundle)
    monkeypatch.setattr(windows, "DIST", tmp_path / "dist")
    monkeypatch.setattr(windows, "INNO", "nowhere")
    monkeypatch.delenv("WINDOWS_CERTIFICATE", raising=False)
    assert windows.main() == 0
    assert capsys.readouterr().out.endswith("They are not signed: there is no certificate.\n")
    setup = tmp_path / "dist" / f"StackGUI-{stackgui.__version__}-setup.exe"
    assert setup.read_bytes()[:2] == b"MZ"
    assert (tmp_path / "dist" / f"StackGUI-{stackgui.__version__}-portable.zip").is_file()


def test_without_a_bundle_it_says_what_to_do_first(windows, macos, monkeypatch, tmp_path):
    monkeypatch.setattr(windows, "BUNDLE", tmp_path)
    monkeypatch.setattr(macos, "APP", tmp_path / "StackGUI.app")
    for each in (windows, macos):
        with pytest.raises(SystemExit, match=r"python3 packaging/bundle\.py"):
            each.main()


def test_programs_are_signed_only_if_there_is_a_certificate(windows, monkeypatch, tmp_path):
    ran = []
    monkeypatch.setattr(windows.subprocess, "run", lambda command, **_: ran.append(command))
    assert not windows.sign([tmp_path / "a.exe"], {})
    assert not windows.sign([tmp_path / "a.exe"], {"WINDOWS_CERTIFICATE": ""})
    assert ran == []
    names = {"WINDOWS_CERTIFICATE": base64.b64encode(b"x").decode(), "WINDOWS_CERTIFICATE_PASSWORD": "secret"}
    assert windows.sign([tmp_path / "a.exe"], names)
    assert "secret" in ran[0]
    (there,) = windows.signing(Path("a.exe"), Path("c.pfx"), "secret", True)  # noqa: FBT003
    assert there[:2] == ["signtool", "sign"]
    assert there[-1] == "a.exe"


@pytest.mark.skipif(shutil.which("osslsigncode") is None, reason="osslsigncode is not installed")
def test_the_command_for_linux_is_one_that_osslsigncode_knows(windows):
    sign, _move = windows.signing(Path("a.exe"), Path("c.pfx"), "secret", False)  # noqa: FBT003
    said = subprocess.run([*sign[:2], "-help"], capture_output=True, text=True, check=False).stdout
    assert [word for word in sign if word.startswith("-") and word not in said] == []


def registry(recipe: Path) -> set[str]:
    """The keys below Software\\Classes that a recipe writes."""
    text = recipe.read_text(encoding="utf-8").replace("${CLASSES}", "Software\\Classes")
    return {
        key.rstrip("\\")
        for line in text.splitlines()
        if line.lstrip().startswith(("Root:", "WriteRegStr"))
        for key in re.findall(r'"Software\\Classes\\([^"]+)"', line)
    }


def test_both_installers_make_the_same_entries_and_take_them_away(windows):
    inno, nsis = (windows.RECIPES / name for name in ("stackgui.iss", "stackgui.nsi"))
    assert registry(inno) == registry(nsis)
    assert len(registry(inno)) >= 7
    removed = set(re.findall(r'DeleteReg\w+ HKCU "\$\{CLASSES\}\\([^"]+)"', nsis.read_text(encoding="utf-8")))
    assert {
        each for each in registry(nsis) if not any(f"{each}\\".startswith(f"{key}\\") for key in removed)
    } == set()
    for recipe in (inno, nsis):
        text = recipe.read_text(encoding="utf-8")
        assert 'stackgui-window.exe"' in text
        assert "open -- " in text, "a path is never taken for an option"
        assert "PrivilegesRequired=lowest" in text or "RequestExecutionLevel user" in text


def test_macos_is_told_what_the_program_opens(macos):
    told = plistlib.loads(plistlib.dumps(macos.information("1.2.3")))
    assert told["CFBundleShortVersionString"] == "1.2.3"
    kinds = [kind for each in told["CFBundleDocumentTypes"] for kind in each["LSItemContentTypes"]]
    assert {"public.folder", f"{macos.IDENTIFIER}.project"} <= set(kinds)
    entitlements = plistlib.loads(macos.ENTITLEMENTS.read_bytes())
    assert all(entitlements.values())


@pytest.mark.parametrize(
    ("names", "identity", "notarised"),
    [
        ({}, "-", False),
        ({"MACOS_IDENTITY": ""}, "-", False),
        ({"APPLE_ID": "a", "APPLE_TEAM_ID": "b", "APPLE_PASSWORD": "c"}, "-", False),
        ({"MACOS_IDENTITY": "Me"}, "Me", False),
        ({"MACOS_IDENTITY": "Me", "APPLE_ID": "a", "APPLE_TEAM_ID": "b", "APPLE_PASSWORD": "c"}, "Me", True),
    ],
)
def test_the_disk_image_is_signed_as_far_as_there_are_secrets(macos, names, identity, notarised):
    steps = macos.steps(Path("x.dmg"), Path("stage"), names)
    assert [each[0] for each in steps][:6] == ["codesign", "codesign", "ditto", "ln", "hdiutil", "codesign"]
    assert steps[0][steps[0].index("--sign") + 1] == identity
    assert ("--timestamp" in steps[0]) == (identity != "-")
    assert any("notarytool" in each for each in steps) == notarised
