"""The table of options in the help pages, generated from the parsers.

``python -m stackgui.cli.options_table`` updates it in ``resources/help/options.md``, between two marks.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from stackgui import resources
from stackgui.cli.arguments import parser_for
from stackgui.core.base.choice_table import Group, Unspelled, choices_of
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import Limits, RunOptions

BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"
OTHERS = "What is read and printed"
TABLES = (ScanOptions, Options, RunOptions, Limits)
"""All tables of choices that have options."""


def page() -> str:
    """Return the text that the page should have."""
    text = resources.path("help", "options.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """Return the options of all commands in Markdown, with a heading and a table for each group."""
    more = {
        spelling.option: each.more
        for kind in TABLES
        for each in choices_of(kind).values()
        for spelling in each.spellings
        if not isinstance(spelling, Unspelled)
    }
    parsers = parser_for()[1]
    commands: dict[str, list[str]] = {}
    rows: dict[str, dict[str, list[str]]] = {heading: {} for heading in (*Group, OTHERS)}
    for command, parser in parsers.items():
        for heading, action in _options(parser):
            option = action.option_strings[-1]
            commands.setdefault(option, []).append(command)
            if any(option in options for options in rows.values()):
                continue
            rows[heading][option] = [f"`{option}`", _values(action), _sentences(action, more.get(option, ""))]
    lines = []
    for heading, options in rows.items():
        lines += [f"## {heading}", "", "| option | values | what it decides | commands |", f"|{' --- |' * 4}"]
        for option, cells in options.items():
            having = "all" if len(commands[option]) == len(parsers) else ", ".join(commands[option])
            lines.append(f"| {' | '.join((*cells, having))} |")
        lines.append("")
    return "\n".join(lines)


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    """Yield the options of a parser, each with its heading."""
    for group in parser._action_groups:  # noqa: SLF001 - argparse does not export it
        heading = next((each.value for each in Group if each.value == group.title), OTHERS)
        for action in group._group_actions:  # noqa: SLF001 - as above
            if action.option_strings and action.dest != "help":
                yield heading, action


def _values(action: argparse.Action) -> str:
    names = str(action.metavar or "").split("|")
    return ", ".join(f"`{name}`" for name in names if name)


def _sentences(action: argparse.Action, more: str) -> str:
    about = (action.help or "").replace("%%", "%")
    about = about if about.endswith((".", ".)")) else f"{about}."
    return f"{about} {more}".strip().replace("|", "\\|")


def main() -> None:
    """Write the page."""
    resources.path("help", "options.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
