"""The sub-commands: arguments, progress and results in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackgui.cli.commands import Command


def main(arguments: Sequence[str], others: Mapping[str, Command] = MappingProxyType({})) -> int:
    """Carry out a sub-command, as `stackgui.cli.commands.main` does; loaded only when it is wanted."""
    from stackgui.cli import commands  # noqa: PLC0415 - the window starts without

    return commands.main(arguments, others)
