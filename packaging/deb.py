"""Make a package for Debian and Ubuntu of the bundle: ``dist/stackgui_VERSION_ARCHITECTURE.deb``.

::

    python3 packaging/bundle.py
    python3 packaging/deb.py

It needs dpkg-deb, which Debian and Ubuntu have. The package has no scripts of its own: menu, icons and MIME
types are registered by what the system runs for every package.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import bundling
import control
import environment
import metainfo

PLACE = environment.REPOSITORY / "build" / "deb"
DIST = environment.REPOSITORY / "dist"
FILES = environment.REPOSITORY / "packaging" / "linux"
ICONS = environment.REPOSITORY / "resources" / "icons" / "app"


def tree(root: Path, date: int) -> None:
    """Lay out all files as they are installed, dated `date`."""
    shutil.copytree(bundling.PROGRAM, root / "usr/lib/stackgui", symlinks=True)
    link = root / "usr/bin/stackgui"
    link.parent.mkdir(parents=True)
    link.symlink_to("../lib/stackgui/stackgui")
    share = root / "usr/share"
    _put(share / "applications/stackgui.desktop", (FILES / "stackgui.desktop").read_bytes())
    _put(share / "mime/packages/stackgui.xml", (FILES / "stackgui-mime.xml").read_bytes())
    _put(share / "metainfo" / f"{metainfo.ID}.metainfo.xml", metainfo.text(date).encode())
    _put(share / "man/man1/stackgui.1.gz", gzip.compress(_manual(date), mtime=0))
    _put(share / "doc/stackgui/copyright", control.copyright_of(root / "usr/lib/stackgui").encode())
    changes = (environment.REPOSITORY / "CHANGELOG.md").read_bytes()
    _put(share / "doc/stackgui/changelog.gz", gzip.compress(changes, mtime=0))
    for icon in sorted(ICONS.iterdir()):
        side = icon.stem.rpartition("-")[2]
        folder = "scalable" if icon.suffix == ".svg" else f"{side}x{side}"
        _put(share / "icons/hicolor" / folder / "apps" / f"stackgui{icon.suffix}", icon.read_bytes())


def _put(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _manual(date: int) -> bytes:
    python = environment.python_in(bundling.ENVIRONMENT)
    script = str(environment.REPOSITORY / "packaging" / "manual.py")
    return subprocess.run([python, script, str(date)], stdout=subprocess.PIPE, check=True).stdout


def settle(root: Path, date: int) -> None:
    """Give everything the rights and dates that it has wherever the package is built."""
    for path in sorted(root.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.read_bytes()[:4] == b"\x7fELF" or os.access(path, os.X_OK)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (date, date), follow_symlinks=False)


def write_control(root: Path) -> None:
    """Write what dpkg asks of a package."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files]  # noqa: S324 - dpkg asks for it
    size = sum(path.lstat().st_size for path in files)
    _put(root / "DEBIAN/md5sums", "".join(sums).encode())
    _put(root / "DEBIAN/control", control.text(root / "usr/lib/stackgui", size).encode())


def main() -> int:
    """Build the package."""
    if not (bundling.PROGRAM / "stackgui").exists():
        sys.exit("There is no bundle yet. Build it first: python3 packaging/bundle.py")
    if shutil.which("dpkg-deb") is None:
        sys.exit(
            "This needs dpkg-deb, which systems other than Debian and Ubuntu have in their package dpkg."
        )
    date = int(bundling.dated()["SOURCE_DATE_EPOCH"])
    root = PLACE / "root"
    shutil.rmtree(PLACE, ignore_errors=True)
    tree(root, date)
    write_control(root)
    settle(root, date)
    DIST.mkdir(exist_ok=True)
    package = DIST / f"stackgui_{control.version()}_{control.architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", str(root), str(package)]
    subprocess.run(command, env={**os.environ, "SOURCE_DATE_EPOCH": str(date)}, check=True)
    installed = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file())
    print(f"{package}: {package.stat().st_size / 1e6:.1f} MB, {installed / 1e6:.1f} MB when installed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
