"""Try StackGUI as it is installed: the package in a fresh Debian, or the bundle as it lies here.

::

    sudo python3 packaging/try_installed.py                    # the package, in a bare Debian 12
    sudo python3 packaging/try_installed.py --release trixie
    python3 packaging/try_installed.py --bundle                # the bundle here, without installing it
    python3 packaging/try_installed.py --start 9               # how soon its window appears

A bare system is made by debootstrap, without Python and compilers; a copy of it is kept for the next time.
The window is started by the command of its menu entry and driven through AT-SPI, as by a screen reader:
sample pictures, convert, open the stack, help, close, and its first screen in other languages. Then the
work at the terminal, and ``stackgui self-test``. Pictures of all steps are in ``build/tried``; look at them.

It needs Xvfb, openbox, xdotool, ImageMagick, at-spi2-core and python3-pyatspi, and debootstrap for packages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import bare_system
import environment
import starting
import trying

TRIED = environment.REPOSITORY / "build" / "tried"
BUNDLE = environment.REPOSITORY / "build" / "bundle" / "stackgui" / "stackgui"
TOOLS = ("Xvfb", "openbox", "xdotool", "import", "dbus-daemon")


def try_package(package: Path, release: str, pictures: Path) -> list[str]:
    """Install the package in a bare system, try it there, and remove it; give what went wrong."""
    with bare_system.bare(release) as system:
        before = system.files()
        system.install(package)
        if found := [name for name in ("python3", "gcc", "cc") if system.has(name)]:
            return [f"the system is not bare: it has {', '.join(found)}"]
        wrong = trying.everything(system, pictures)
        system.run("apt-get", "purge", "--yes", "stackgui")
        system.run("apt-get", "autoremove", "--purge", "--yes")
        left = sorted(system.files() - before)
        return wrong + ([f"removing it leaves {', '.join(left[:5])}"] if left else [])


def main(arguments: list[str]) -> int:
    """Try it, and say whether all of it works."""
    parser = argparse.ArgumentParser(prog="try_installed.py", description="Try StackGUI as it is installed.")
    parser.add_argument(
        "--bundle", action="store_true", help="the bundle as it lies here, without installing"
    )
    parser.add_argument("--start", type=int, default=0, metavar="N", help="measure N starts of the bundle")
    parser.add_argument("--release", default="bookworm", help="of Debian (bookworm)")
    parser.add_argument("--pictures", type=Path, default=TRIED, help="folder for pictures of the window")
    given = parser.parse_args(arguments)
    if lacking := [tool for tool in TOOLS if shutil.which(tool) is None]:
        sys.exit(f"This needs {', '.join(lacking)}.")
    if given.start:
        print(*starting.compared(BUNDLE, given.start), sep="\n")
        return 0
    given.pictures.mkdir(parents=True, exist_ok=True)
    if given.bundle:
        with tempfile.TemporaryDirectory() as home:
            wrong = trying.everything(bare_system.Here(str(BUNDLE), Path(home)), given.pictures)
    else:
        if os.geteuid() != 0:
            sys.exit("A bare system can be made by root only: sudo python3 packaging/try_installed.py")
        (package,) = (environment.REPOSITORY / "dist").glob("*.deb")
        wrong = try_package(package, given.release, given.pictures)
    print(*(f"FAILED: {each}" for each in wrong), sep="\n")
    print(f"Pictures: {given.pictures}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
