"""How packages get into the virtual environment: which pip does it, from where, and with which pins."""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PINS = REPOSITORY / "packaging" / "pins"
OFFLINE = "--offline"

# Every package is a wheel, pinned with its hashes: nothing is built here, and nothing unknown comes in.
CHECKED = ("--require-hashes", "--only-binary", ":all:")


def pins_of(purpose: str) -> list[Path]:
    """Give the files of pins that an environment for this purpose follows."""
    return [PINS / ("%s.txt" % name) for name in dict.fromkeys(("pip", "run", purpose))]


def take_offline(arguments: list[str]) -> tuple[list[str], str]:
    """Split ``--offline DIR`` off the front of the arguments; give the others, and the folder or ``""``."""
    if not arguments or arguments[0].partition("=")[0] != OFFLINE:
        return arguments, ""
    name, equals, folder = arguments[0].partition("=")
    left = arguments[1:] if equals else arguments[2:]
    folder = folder if equals else "".join(arguments[1:2])
    if not os.path.isdir(folder):
        sys.exit(
            "%s needs a folder of wheels, and %s is none.\n"
            "Fill one on a computer with network: python3 packaging/wheels.py FOLDER"
            % (name, "“%s”" % folder if folder else "nothing")
        )
    return left, os.path.abspath(folder)


def pip_wheel(offline: str) -> str:
    """Give the newest wheel of pip in the folder of wheels, or ``""``."""
    return max(glob.glob(os.path.join(glob.escape(offline), "pip-*.whl")), default="") if offline else ""


def is_there(module: str) -> bool:
    """Return whether this Python has a module."""
    return importlib.util.find_spec(module) is not None


def without_pip(offline: str) -> bool:
    """Return whether the environment is made without a pip of its own, which comes from elsewhere then.

    Debian's Python can make environments but not put pip into them until python3-venv is installed.
    """
    return not is_there("ensurepip") and bool(pip_wheel(offline) or is_there("pip"))


def first_pip(python: str, offline: str) -> list[str]:
    """Give the command of the pip that there is before the pinned one is installed."""
    if is_there("ensurepip"):
        return [python, "-m", "pip"]
    if wheel := pip_wheel(offline):
        return [python, os.path.join(wheel, "pip")]  # Python runs what lies in a ZIP file
    return [sys.executable, "-m", "pip", "--python", python]


def commands(python: str, purpose: str, offline: str, *, afresh: bool) -> list[list[str]]:
    """List what installs the packages for a purpose, and the project itself."""
    source = ["--no-index", "--find-links", offline] if offline else []
    ask = ["install", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    pip = [python, "-m", "pip"]
    first = [[*first_pip(python, offline), *ask, *CHECKED, *source, "-r", str(PINS / "pip.txt")]]
    packages = [
        *pip,
        *ask,
        "--progress-bar",
        "raw",
        *CHECKED,
        *source,
        "-r",
        str(PINS / ("%s.txt" % purpose)),
    ]
    # Nothing is left to download: what builds the project is among the pins.
    project = [*pip, *ask, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(REPOSITORY)]
    return [*(first if afresh else []), packages, project]


def advice(output: str, offline: str) -> str:
    """Say what to do about a step that failed, given all that it wrote."""
    if "No matching distribution found" in output and offline:
        return (
            "The folder %s lacks a package of this program, or has it for another system or Python only.\n"
            "Fill it anew on a computer with network: python3 packaging/wheels.py FOLDER --help" % offline
        )
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output:
        return (
            "A package is not the one that was pinned. If it was cut off on its way, running this again "
            "mends it; if not, do not install it, and tell us."
        )
    if "No space left on device" in output or "[Errno 28]" in output:
        return "The disk is full. The set-up needs 1.5 GB; make room, and run this again."
    if "CERTIFICATE_VERIFY_FAILED" in output:
        return (
            "What answered has a certificate that Python does not know, as proxies of companies have. Ask "
            "for its file, and run this again, for example:\n"
            "  PIP_CERT=/path/to/certificates.pem python3 packaging/run.py"
        )
    # Each version of pip says it in other words.
    if re.search("ProxyError|Cannot connect to proxy|Tunnel connection failed|407 Proxy", output):
        return (
            "The proxy did not let it through. Set its address and run this again, for example:\n"
            "  HTTPS_PROXY=http://NAME:PASSWORD@proxy.example:8080 python3 packaging/run.py"
        )
    return (
        "If the connection to the package index is at fault, run this again when it is back. Behind a proxy, "
        "set HTTPS_PROXY first.\nWithout a network, fill a folder elsewhere (python3 packaging/wheels.py "
        "FOLDER), and run this with --offline FOLDER."
    )
