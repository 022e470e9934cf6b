"""The sub-commands: arguments, progress and results in a terminal."""

from stackgui.cli.commands import main

__all__ = ["main"]
