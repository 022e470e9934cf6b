"""Options of the command line, derived from the table of choices, and the choices that were typed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any, TypeVar

from stackgui.cli.reading import reader
from stackgui.core.base.choice_table import Declared, FlagSpelling, Group, Spelling, choices_of
from stackgui.core.base.text import printable

ChoicesT = TypeVar("ChoicesT")

Headings = Mapping[Group, argparse._ArgumentGroup]  # noqa: SLF001 - argparse does not export it
"""The groups of options of a parser, by heading."""


def add_choices(parser: argparse.ArgumentParser, *tables: type[Any]) -> Headings:
    """Add the options of all choices in `tables`, under the headings of their groups."""
    declared = {name: each for table in tables for name, each in choices_of(table).items()}
    headings = {
        group: parser.add_argument_group(group.value)
        for group in Group
        if any(each.group is group for each in declared.values())
    }
    for name, each in declared.items():
        _add(headings[each.group], name, each)
    # Choices that were not typed, or that have no option, have their defaults.
    parser.set_defaults(**{name: each.default for name, each in declared.items() if not _is_required(each)})
    return headings


def file_of(name: str) -> str:
    """Return the argument that holds the file name for the choice called `name`."""
    return f"{name}_from"


def typed(table: type[ChoicesT], arguments: argparse.Namespace, **instead: Any) -> ChoicesT:  # noqa: ANN401 - any choice
    """Return the choices of `table` that were typed, with some replaced by those given `instead`."""
    return table(**{name: getattr(arguments, name) for name in choices_of(table)} | instead)


def _is_required(declared: Declared) -> bool:
    return any(isinstance(each, Spelling) and each.is_required for each in declared.spellings)


def _add(group: argparse._ArgumentGroup, name: str, declared: Declared) -> None:
    flags = [each for each in declared.spellings if isinstance(each, FlagSpelling)]
    holder = group.add_mutually_exclusive_group() if len(flags) > 1 else group
    for flag in flags:
        holder.add_argument(
            flag.option, dest=name, action="store_const", const=flag.value, help=help_of(flag.about)
        )
    for each in declared.spellings:
        if isinstance(each, Spelling):
            _add_value(group, name, declared, each)


def _add_value(group: argparse._ArgumentGroup, name: str, declared: Declared, spelling: Spelling) -> None:
    values = spelling.values or declared.kind.values
    about = help_of(declared.about, default_text(declared, spelling))
    if spelling.names_file:
        group.add_argument(spelling.option, dest=file_of(name), default="", metavar=values, help=about)
        return
    group.add_argument(
        spelling.option,
        dest=name,
        type=reader(declared.kind.parse),
        required=spelling.is_required,
        metavar=values,
        help=about,
    )


def default_text(declared: Declared, spelling: Spelling) -> str:
    """Return how the help describes the default, or ``""``."""
    if spelling.default is not None or spelling.is_required or spelling.names_file:
        return spelling.default or ""
    if declared.default == ():
        return ""
    return printable(str(declared.default))


def help_of(about: str, default: str = "") -> str:
    """Format one sentence or several for argparse's help."""
    text = about if ". " in about else about.removesuffix(".")
    return (f"{text} ({default})" if default else text).replace("%", "%%")
