"""The command ``self-test``: whether this installation works, one line for each thing."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from stackgui.cli.answers import COMPLETE, FAILED, Answer
from stackgui.core.base.errors import StackguiError
from stackgui.engine import Engine
from stackgui.self_test import checks
from stackgui.self_test.checks import Bench, SelfTestError

Check = Callable[[Bench], str]

WITHOUT_A_WINDOW: dict[str, Check] = {
    "sample pictures": checks.sample_pictures,
    "decoders": checks.decoders,
    "kinds of files": checks.every_kind,
    "workers that die": checks.workers_that_die,
    "other programs": checks.programs_of_the_desktop,
}
"""The checks by what they look at."""


def self_test(arguments: argparse.Namespace) -> Answer:
    """Check everything that can be lost between the source and an installation."""
    results = []
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stackgui-self-test-") as folder, Engine() as engine:
        for number, (name, check) in enumerate(_all().items()):
            own = os.path.join(folder, str(number))
            os.mkdir(own)
            results.append(_result(name, check, Bench(engine, own)))
            if not arguments.json:
                print(_line(results[-1]), file=sys.stderr, flush=True)
    failed = [each["check"] for each in results if not each["works"]]
    values = {"status": "failed" if failed else "complete", "checks": results}
    if failed:
        last = f"{len(failed)} of {len(results)} checks failed: {', '.join(failed)}. Install StackGUI again."
    else:
        last = f"All of it works; looking took {time.monotonic() - started_s:.0f} s."
    return (FAILED if failed else COMPLETE), values, [last]


def _all() -> dict[str, Check]:
    """Return all checks; those of the window need Qt, and no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from stackgui.self_test import window_checks  # noqa: PLC0415 - loads Qt
    except ImportError as error:
        reason = str(error)

        def not_loaded(_bench: Bench) -> str:
            raise SelfTestError(f"a part of it cannot be loaded: {reason}")

        return {**WITHOUT_A_WINDOW, "window": not_loaded}
    return {
        **WITHOUT_A_WINDOW,
        "window and help": window_checks.window_and_help,
        "plot": window_checks.plot,
        "languages": window_checks.languages,
    }


def _result(name: str, check: Check, bench: Bench) -> dict[str, Any]:
    try:
        return {"check": name, "works": True, "told": check(bench)}
    except (SelfTestError, StackguiError) as error:
        return {"check": name, "works": False, "told": str(error)}
    except Exception as error:  # noqa: BLE001 - an installation may lack anything
        return {"check": name, "works": False, "told": f"{type(error).__name__}: {error}"}


def _line(result: dict[str, Any]) -> str:
    return f"{'works' if result['works'] else 'FAILED':6}  {result['check']}: {result['told']}"
