"""Updating a stack whenever its sources have changed, until a person ends it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from stackgui.cli.answers import COMPLETE, Answer
from stackgui.cli.updating import how_to_update, update_json, update_lines
from stackgui.core.base.errors import Cancelled, StackguiError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.options.update_options import Signs
from stackgui.core.run.report import Status
from stackgui.core.run.update_report import UpdateReport
from stackgui.engine import Control

TICK_S = 0.1

Updating = Callable[..., UpdateReport]
"""`Engine.update` of one stack."""


def watched(update: Updating, arguments: argparse.Namespace, control: Control[Any]) -> Answer:
    """Look every few seconds what has changed, and bring in what two looks have found in the same state."""
    watching = _Watching(update, arguments, control)
    try:
        while True:
            watching.look()
            _wait(arguments.settle, control)
    except Cancelled:
        values = {"status": Status.COMPLETE.value, "stack": arguments.stack, "updates": watching.updates}
        return COMPLETE, values, [f"Stopped watching {printable(arguments.stack)}"]


def _wait(seconds: float, control: Control[Any]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        control.check()
        time.sleep(TICK_S)


class _Watching:
    """What was found by the last look, and what was told of it."""

    def __init__(self, update: Updating, arguments: argparse.Namespace, control: Control[Any]) -> None:
        self._update = update
        self._arguments = arguments
        self._control = control
        self._how = how_to_update(arguments)
        self._seen: Signs = {}
        self._told: Signs = {}
        self._trouble = ""
        self._has_looked = False
        self.updates = 0

    def look(self) -> None:
        """Look what has changed, and bring in all that has not changed any more since the last look."""
        how = replace(self._how, seen=self._seen)
        try:
            found = self._update(control=self._control, how=replace(how, only_look=True))
            self._seen = found.signs
            self._has_looked = not found.versions
            self._tell_trouble(" ".join(found.troubles))
            if found.is_nothing or (how.only_look and found.signs == self._told):
                return
            report = found if how.only_look else self._update(control=self._control, how=how)
        except Cancelled:
            raise
        except StackguiError as error:
            # A disk that is not connected, or a stack in use, may be there again at the next look; other
            # versions and mistakes stay.
            if isinstance(error, UsageError) and not self._has_looked:
                raise
            self._tell_trouble(str(error))
            return
        self._told = found.signs
        self._tell(report)

    def _tell(self, report: UpdateReport) -> None:
        self.updates += report.is_done
        text = json.dumps(update_json(report)) if self._arguments.json else "\n".join(update_lines(report))
        print(text, flush=True)

    def _tell_trouble(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            print(printable(trouble), file=sys.stderr, flush=True)
        self._trouble = trouble
