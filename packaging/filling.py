"""Downloads the pinned wheels for some system and Python; `wheels.py` runs it in the environment."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environment
import installing
from packaging.requirements import Requirement

# Up to the C library of the oldest Linux that is supported, and to the oldest macOS for which Qt is built.
_GLIBC = range(5, 36)
_MACOS = [*(f"10_{minor}" for minor in range(9, 17)), *(f"{major}_0" for major in range(11, 16))]


def _linux(machine: str) -> list[str]:
    old = [f"{name}_{machine}" for name in ("manylinux1", "manylinux2010", "manylinux2014", "linux")]
    return [*(f"manylinux_2_{minor}_{machine}" for minor in _GLIBC), *old]


def _macos(machine: str) -> list[str]:
    return [f"macosx_{version}_{kind}" for version in _MACOS for kind in (machine, "universal2")]


# What pip calls a system, and what the conditions of the pins call it.
SYSTEMS = {
    "linux": (_linux("x86_64"), ("linux", "Linux", "posix", "x86_64")),
    "linux-arm64": (_linux("aarch64"), ("linux", "Linux", "posix", "aarch64")),
    "windows": (["win_amd64"], ("win32", "Windows", "nt", "AMD64")),
    "windows-arm64": (["win_arm64"], ("win32", "Windows", "nt", "ARM64")),
    "macos-arm64": (_macos("arm64"), ("darwin", "Darwin", "posix", "arm64")),
    "macos-x86_64": (_macos("x86_64"), ("darwin", "Darwin", "posix", "x86_64")),
}


def this_system() -> str:
    """Name this computer's system, as in `SYSTEMS`."""
    here = (sys.platform, platform.machine())
    return next((name for name, (_tags, facts) in SYSTEMS.items() if (facts[0], facts[3]) == here), "linux")


def conditions(system: str, python: str) -> dict[str, str]:
    """Give the facts on which conditions of the pins depend."""
    sys_platform, platform_system, os_name, machine = SYSTEMS[system][1]
    return {
        "sys_platform": sys_platform,
        "platform_system": platform_system,
        "os_name": os_name,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def pins(purpose: str) -> Iterator[tuple[str, str]]:
    """Yield each pin for a purpose, with its condition, and its hashes."""
    for file in installing.pins_of(purpose):
        for block in file.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            pin, _, hashes = block.partition("--hash")
            if pin.strip() and not pin.startswith(("#", "-r")):
                yield pin.strip(), f"--hash{hashes}"


def wanted(purpose: str, system: str, python: str) -> list[str]:
    """List the pins that count on a system, without their conditions."""
    facts = conditions(system, python)
    lines = []
    for pin, hashes in pins(purpose):
        asked = Requirement(pin)
        if asked.marker is None or asked.marker.evaluate(facts):
            lines.append(f"{asked.name}{asked.specifier} {hashes}")
    return lines


def main(arguments: list[str]) -> int:
    """Download the wheels, and say how they are used."""
    parser = argparse.ArgumentParser(
        prog="wheels.py", description="Fill a folder with all packages, for a computer without a network."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--for-system", choices=SYSTEMS, default=this_system())
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser.add_argument("--for-python", default=own, metavar="VERSION", help=f"such as {own}")
    parser.add_argument("--for-purpose", choices=environment.SERVES, default="run")
    given = parser.parse_args(arguments)
    system, python = given.for_system, given.for_python
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch, "pins.txt")
        listed.write_text("\n".join(wanted(given.for_purpose, system, python)) + "\n", encoding="utf-8")
        command = [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check"),
            *(*installing.CHECKED, "--python-version", python, "--implementation", "cp"),
            *(word for tag in SYSTEMS[system][0] for word in ("--platform", tag)),
            *("--dest", str(given.folder), "-r", str(listed)),
        ]
        if status := subprocess.run(command, check=False).returncode:
            return status
    print(
        f"{given.folder} now holds {len(os.listdir(given.folder))} packages. Copy it and this repository to "
        f"the other computer. There:\n  python3 packaging/run.py --offline {given.folder}",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
