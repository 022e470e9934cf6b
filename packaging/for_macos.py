"""The disk image for macOS, with the program to be dragged to *Applications*; `installer.py` runs it.

The program is signed as ``MACOS_IDENTITY`` says, a name in a keychain, or else for this computer only, so
that others have to allow it in *Privacy & Security*. It is notarised if ``APPLE_ID``, ``APPLE_TEAM_ID`` and
``APPLE_PASSWORD`` are set. Not yet tried on a real macOS.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from environment import REPOSITORY

APP = REPOSITORY / "build" / "bundle" / "StackGUI.app"
DIST = REPOSITORY / "dist"
ENTITLEMENTS = REPOSITORY / "packaging" / "macos" / "entitlements.plist"
IDENTIFIER = "io.github.stackgui.stackgui"
OLDEST = "13.0"
"""Qt 6.11 asks for it."""

FOR_THIS_COMPUTER = "-"


def information(version: str) -> dict[str, object]:
    """Give what macOS is told about the program: who it is, and what it opens."""

    def document(name: str, kinds: list[str], rank: str) -> dict[str, object]:
        return {
            "CFBundleTypeName": name,
            "CFBundleTypeRole": "Editor",
            "LSHandlerRank": rank,
            "LSItemContentTypes": kinds,
        }

    return {
        "CFBundleDisplayName": "StackGUI",
        "CFBundleShortVersionString": version,
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "LSMinimumSystemVersion": OLDEST,
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.project",
                "UTTypeDescription": "StackGUI",
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {"public.filename-extension": ["stackgui"]},
            }
        ],
        "CFBundleDocumentTypes": [
            document("StackGUI", [f"{IDENTIFIER}.project"], "Owner"),
            document("Folder", ["public.folder"], "Alternate"),
            document("Plan", ["public.json"], "Alternate"),
            document("Archive", ["public.zip-archive", "public.tar-archive"], "Alternate"),
        ],
    }


def steps(image: Path, stage: Path, names: Mapping[str, str]) -> list[list[str]]:
    """List the commands that make the disk image of the signed program, given the environment `names`."""
    identity = names.get("MACOS_IDENTITY") or FOR_THIS_COMPUTER
    stamped = [] if identity == FOR_THIS_COMPUTER else ["--timestamp"]
    signing = ["codesign", "--force", "--sign", identity, *stamped]
    account = ("APPLE_ID", "APPLE_TEAM_ID", "APPLE_PASSWORD")
    listed = [
        [*signing, "--deep", "--options", "runtime", "--entitlements", str(ENTITLEMENTS), str(APP)],
        ["codesign", "--verify", "--deep", "--strict", str(APP)],
        ["ditto", str(APP), str(stage / APP.name)],
        ["ln", "-s", "/Applications", str(stage / "Applications")],
        [
            *("hdiutil", "create", "-volname", "StackGUI", "-srcfolder", str(stage)),
            *("-fs", "HFS+", "-format", "UDZO", "-ov", str(image)),
        ],
        [*signing, str(image)],
    ]
    if identity != FOR_THIS_COMPUTER and all(names.get(name) for name in account):
        options = ("--apple-id", "--team-id", "--password")
        who = [word for option, name in zip(options, account) for word in (option, names[name])]  # noqa: B905
        listed += [
            ["xcrun", "notarytool", "submit", str(image), *who, "--wait"],
            ["xcrun", "stapler", "staple", str(image)],
        ]
    return listed


def main() -> int:
    """Make the disk image, and say where it is."""
    sys.path.append(str(REPOSITORY))
    import stackgui  # noqa: PLC0415 - found only now

    if not APP.is_dir():
        sys.exit(f"There is no bundle in {APP}. Make it first: python3 packaging/bundle.py")
    DIST.mkdir(exist_ok=True)
    image = DIST / f"StackGUI-{stackgui.__version__}-{platform.machine()}.dmg"
    with tempfile.TemporaryDirectory() as stage:
        for command in steps(image, Path(stage), os.environ):
            subprocess.run(command, check=True)
    print(image)
    return 0


if __name__ == "__main__":
    sys.exit(main())
