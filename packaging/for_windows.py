"""The portable ZIP and the installer for Windows; `installer.py` runs it.

The installer is made by Inno Setup, or else by NSIS, which Linux has too. The programs and the installer
itself are signed if ``WINDOWS_CERTIFICATE`` holds a PFX file in Base64, and ``WINDOWS_CERTIFICATE_PASSWORD``
its password.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from environment import REPOSITORY
from PIL import Image

BUNDLE = REPOSITORY / "build" / "bundle" / "stackgui"
DIST = REPOSITORY / "dist"
RECIPES = REPOSITORY / "packaging" / "windows"
DRAWINGS = REPOSITORY / "resources" / "icons" / "app"
TOP = "StackGUI"
"""The folder in the ZIP."""

ICON_PX = (16, 24, 32, 48, 64, 128, 256)
INNO = "C:/Program Files (x86)/Inno Setup 6/ISCC.exe"
TIMESTAMPS = "http://timestamp.digicert.com"
EPOCH = (2020, 2, 2, 0, 0, 0)


def version() -> str:
    """Return the version, from its one place."""
    sys.path.append(str(REPOSITORY))
    import stackgui  # noqa: PLC0415 - found only now

    return stackgui.__version__


def write_icon(file: Path) -> None:
    """Write all sizes of the program's drawing as one icon."""
    pictures = [Image.open(DRAWINGS / f"stackgui-{side}.png") for side in ICON_PX]
    pictures[-1].save(file, append_images=pictures[:-1], sizes=[each.size for each in pictures])


def write_zip(bundle: Path, file: Path) -> None:
    """Pack the bundle as it is; the same bundle gives the same bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for each in sorted(path for path in bundle.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{TOP}/{each.relative_to(bundle).as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, each.read_bytes())


def installer(find: Callable[[str], str | None] = shutil.which) -> list[str]:
    """Give the command that makes the installer, with a place for each fact; ends if there is none."""
    facts = ("VERSION={version}", "BUNDLE={bundle}", "ICON={icon}", "OUT={out}")
    if inno := find("ISCC") or (INNO if os.path.isfile(INNO) else ""):
        return [inno, *(f"/D{fact}" for fact in facts), str(RECIPES / "stackgui.iss")]
    if nsis := find("makensis"):
        return [nsis, "-V2", "-WX", *(f"-D{fact}" for fact in facts), str(RECIPES / "stackgui.nsi")]
    sys.exit("Neither Inno Setup (ISCC) nor NSIS (makensis) is installed. One of them makes the installer.")


def signing(file: Path, certificate: Path, password: str, on_windows: bool) -> list[list[str]]:  # noqa: FBT001
    """List the commands that sign a program."""
    if on_windows:
        return [
            [
                *("signtool", "sign", "/fd", "SHA256", "/tr", TIMESTAMPS, "/td", "SHA256"),
                *("/f", str(certificate), "/p", password, str(file)),
            ]
        ]
    signed = file.with_suffix(".signed")
    return [
        [
            *("osslsigncode", "sign", "-pkcs12", str(certificate), "-pass", password, "-h", "sha256"),
            *("-n", TOP, "-t", TIMESTAMPS, "-in", str(file), "-out", str(signed)),
        ],
        ["mv", str(signed), str(file)],
    ]


def sign(files: list[Path], names: Mapping[str, str]) -> bool:
    """Sign programs if the environment `names` a certificate; return whether it does."""
    if not names.get("WINDOWS_CERTIFICATE"):
        return False
    with tempfile.TemporaryDirectory() as scratch:
        certificate = Path(scratch, "certificate.pfx")
        certificate.write_bytes(base64.b64decode(names["WINDOWS_CERTIFICATE"]))
        password = names.get("WINDOWS_CERTIFICATE_PASSWORD", "")
        for file in files:
            for command in signing(file, certificate, password, sys.platform == "win32"):
                subprocess.run(command, check=True)
    return True


def main() -> int:
    """Make both, and say where they are."""
    if not list(BUNDLE.glob("stackgui*")):
        sys.exit(f"There is no bundle in {BUNDLE}. Make it first: python3 packaging/bundle.py")
    DIST.mkdir(exist_ok=True)
    icon, setup = BUNDLE.parent / "stackgui.ico", DIST / f"StackGUI-{version()}-setup.exe"
    write_icon(icon)
    is_signed = sign(sorted(BUNDLE.glob("stackgui*.exe")), os.environ)
    portable = DIST / f"StackGUI-{version()}-portable.zip"
    write_zip(BUNDLE, portable)
    facts = {"version": version(), "bundle": BUNDLE, "icon": icon, "out": setup.with_suffix("")}
    subprocess.run([word.format(**facts) for word in installer()], check=True, cwd=RECIPES)
    sign([setup], os.environ)
    told = "They are signed." if is_signed else "They are not signed: there is no certificate."
    print(portable, setup, told, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
