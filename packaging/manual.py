"""Writes the manual page, from the parser of the command line; `deb.py` runs it beside the program."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator


def escaped(text: str) -> str:
    """Protect what troff would read as its own; text may not begin with a dot or an apostrophe.

    What is not ASCII is named by its code, since not every troff takes UTF-8.
    """
    plain = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    plain = "".join(each if each.isascii() else f"\\[u{ord(each):04X}]" for each in plain)
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def spelled(action: argparse.Action) -> str:
    """Write an argument as it is typed."""
    value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
    value = escaped(" ".join(value) if isinstance(value, tuple) else str(value))
    if not action.option_strings:
        return f"\\fI{value}\\fR"
    names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in action.option_strings)
    return f"{names} \\fI{value}\\fR" if action.nargs != 0 and value else names


def arguments_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Write what a command takes, but for its sub-commands and ``--help``."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other list
        nested = isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 - nor another name
        if nested or action.dest == "help" or action.help == argparse.SUPPRESS:
            continue
        told = (action.help or "") % {**vars(action), "prog": parser.prog}
        yield from (".TP", spelled(action), escaped(told))


def page(
    parser: argparse.ArgumentParser, commands: dict[str, argparse.ArgumentParser], version: str, date: str
) -> str:
    """Write the page.

    Parameters
    ----------
    parser, commands
        The parser of the command line, and those of its commands.
    version, date
        Of the program.
    """
    summary = (parser.description or "").rstrip(".")
    lines = [
        f'.TH STACKGUI 1 "{date}" "StackGUI {version}" "User Commands"',
        ".SH NAME",
        f"stackgui \\- {escaped(summary[:1].lower() + summary[1:])}",
        ".SH SYNOPSIS",
        "\\fBstackgui\\fR",
        ".br",
        "\\fBstackgui\\fR [\\fIFOLDER\\fR|\\fIPROJECT\\fR|\\fISTACK\\fR] ...",
        ".br",
        "\\fBstackgui\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR] ...",
        ".SH DESCRIPTION",
        escaped(parser.description or ""),
        escaped(parser.epilog or ""),
        ".SH COMMANDS",
    ]
    for name, command in commands.items():
        lines += [f'.SS "stackgui {escaped(name)}"', escaped(command.description or "")]
        lines += arguments_of(command)
    lines += [
        ".SH SEE ALSO",
        "The help in the window (F1) tells more about each choice.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the page."""
    import stackgui  # noqa: PLC0415 - the tests ask for parts without it
    from stackgui.cli.arguments import parser_for  # noqa: PLC0415 - as above

    parser, commands = parser_for()
    date = time.strftime("%Y-%m-%d", time.gmtime(int(sys.argv[1])))
    sys.stdout.buffer.write(page(parser, commands, stackgui.__version__, date).encode())


if __name__ == "__main__":
    main()
