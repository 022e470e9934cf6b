"""Asking whether there is a newer release: only when wanted, and only of a program that is one itself."""

from __future__ import annotations

import json
import re
import time
from importlib.metadata import PackageNotFoundError, distribution

import stackgui
from stackgui import resources
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.wording import say
from stackgui.engine import Control

RELEASES = "https://pypi.org/pypi/stackgui/json"
LIMIT_S = 10.0
MAX_BYTES = 20_000_000
CHUNK_BYTES = 65_536

ASKING = say("Asking pypi.org whether there is a newer StackGUI.")
NO_RELEASE = say("This StackGUI was not installed from a release, so it never asks for a newer one.")
TOO_SLOW = say(
    "Nothing is known about a newer StackGUI, because pypi.org did not answer in time. Try again later."
)
NOT_UNDERSTOOD = say(
    "Nothing is known about a newer StackGUI, because the answer of pypi.org makes no sense."
)


class UpdateError(StackguiError):
    """Why the question was not answered."""


def is_release() -> bool:
    """Return whether this program was installed from a release, rather than from its source."""
    if not resources.is_installed():
        return False
    try:
        origin = json.loads(distribution("stackgui").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):  # a bundle has no such record
        return True
    return not {"dir_info", "vcs_info"} & set(origin)


def newest(control: Control[None]) -> str:
    """Return the version of the newest release; nothing is sent but the request.

    Raises
    ------
    UpdateError
        If there is no answer within `LIMIT_S`, or none that can be understood.
    """
    from urllib.error import HTTPError  # noqa: PLC0415 - takes long to load, and is seldom wanted

    try:
        return str(json.loads(_answer(control))["info"]["version"])
    except HTTPError as error:
        raise UpdateError(
            say(
                "Nothing is known about a newer StackGUI, because pypi.org answered with error {code}. "
                "Try again later.",
                code=error.code,
            )
        ) from error
    except TimeoutError as error:
        raise UpdateError(TOO_SLOW) from error
    except OSError as error:
        raise UpdateError(
            say(
                "Nothing is known about a newer StackGUI, because pypi.org cannot be reached ({reason}). "
                "Look whether this computer is connected.",
                reason=getattr(error, "reason", error),
            )
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UpdateError(NOT_UNDERSTOOD) from error


def _answer(control: Control[None]) -> bytes:
    from urllib.request import Request, urlopen  # noqa: PLC0415 - as above

    end_s = time.monotonic() + LIMIT_S
    read = bytearray()
    with urlopen(Request(RELEASES, headers={"User-Agent": "StackGUI"}), timeout=LIMIT_S) as answer:
        while chunk := answer.read1(CHUNK_BYTES):
            control.check()
            read += chunk
            if time.monotonic() > end_s or len(read) > MAX_BYTES:
                raise TimeoutError
    return bytes(read)


def is_newer(version: str) -> bool:
    """Return whether `version` came after this one."""
    return _numbers(version) > _numbers(stackgui.__version__)


def told(version: str) -> str:
    """Return a sentence about the newest release."""
    mine = stackgui.__version__
    if not is_newer(version):
        return say("This is the newest StackGUI, {this}.", this=mine)
    return say(
        "StackGUI {newer} is there; this is {this}. Install it in the way in which you installed this one.",
        newer=version,
        this=mine,
    )


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, such as (1, 2) of 1.2.0; what follows them does not count."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number[:9]) for number in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
