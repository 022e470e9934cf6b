"""Choices from a plan file or a preset, which serve as defaults for what is typed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from stackgui.cli.dashes import joined
from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json
from stackgui.engine.preset_file import preset_file, read_presets
from stackgui.engine.sources.reading import not_read


def add_given(parser: argparse.ArgumentParser) -> None:
    """Add the options ``--plan`` and ``--preset``."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--plan",
        default="",
        metavar="FILE",
        help="Take all choices from a saved plan (plan --json); its folders are not read",
    )
    group.add_argument("--preset", default="", metavar="NAME", help="Take all choices from a preset")


def given_in(arguments: Sequence[str]) -> SharedPlan | None:
    """Return the choices of the plan or the preset that `arguments` name; None if they name neither.

    Raises
    ------
    UsageError
        When there is no such plan or preset.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_given(parser)
    try:
        found, _others = parser.parse_known_args(joined(arguments, parser._actions))  # noqa: SLF001 - no other way
    except (argparse.ArgumentError, SystemExit):
        return None  # the parser that knows all options will say what is wrong
    if found.preset:
        presets = read_presets(preset_file())
        try:
            return SharedPlan(presets.named(found.preset).options)
        except UsageError as error:
            raise UsageError(f"{error} {presets.problem}".strip()) from error
    return _read_plan(found.plan) if found.plan else None


def use_as_defaults(shared: SharedPlan, parser: argparse.ArgumentParser) -> None:
    """Make the choices of `shared` the defaults of `parser`."""
    values = {
        name: getattr(holder, name)
        for holder in (shared.options, shared.scan_options)
        for name in choices_of(type(holder))
    }
    parser.set_defaults(**values, plan_sources=shared.sources)


def _read_plan(file: str) -> SharedPlan:
    try:
        with open(file, "rb") as opened:
            return shared_plan_from_json(json.load(opened))
    except OSError as error:
        raise not_read("plan", file, error) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{printable(file)} is not a plan, or is damaged.") from error
    except PlanError as error:
        raise UsageError(f"{printable(file)}: {error}") from error
