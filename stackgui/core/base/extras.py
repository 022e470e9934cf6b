"""What an installation may lack because few people need it, and how to get that."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass

from stackgui.core.base.wording import Wording, joined, say

IN_ONE_PIECE = say(
    "This StackGUI was downloaded as one program, to which nothing can be added. Where Python is installed, "
    "that line installs another StackGUI beside it."
)


@dataclass(frozen=True, slots=True)
class Extra:
    """A package that is installed only where it is wanted.

    Attributes
    ----------
    module : str
        Name of the module that must be there.
    how : Wording
        What it is needed for, and the line that installs it.
    """

    module: str
    how: Wording

    @property
    def is_there(self) -> bool:
        """Whether this installation has it."""
        return importlib.util.find_spec(self.module) is not None

    @property
    def lacking(self) -> Wording:
        """What to say where it is not there."""
        return joined(" ", (self.how, IN_ONE_PIECE)) if getattr(sys, "frozen", False) else self.how


CLUSTER = Extra("distributed", say("A cluster needs one more package: pip install 'stackgui[cluster]'."))

REMOTE = Extra(
    "obstore",
    say("Addresses such as s3://… need a library that is not installed: pip install 'stackgui[remote]'."),
)
