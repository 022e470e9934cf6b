"""Becoming one of the tools for development, with everything it needs in place."""

from __future__ import annotations

import os

import environment
import installing
import system

# Whole files of tests go to a process, in their order: what the tests of a file share is made once. They wait
# for a third of the time, so three processes keep two processors busy.
SIDE_BY_SIDE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]


def become(module: str, arguments: list[str], given: list[str]) -> int:
    """Prepare the environment with the tools for development, then become `module`.

    `given` is what was typed: ``--offline DIR``, if it comes first, and more arguments.
    """
    environment.refuse_old_python()
    given, offline = installing.take_offline(given)
    # A tool needs no screen, and must not open windows on the one of the person who runs it.
    platform = os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    system.provide(system.missing_for_setup(offline) + system.missing_for_qt(window=platform == "xcb"))
    environment.prepare("test", offline)
    os.chdir(environment.REPOSITORY)
    return environment.become(["-m", module, *arguments, *given])
