"""Choices from a plan file, a preset or a project, which serve as defaults for what is typed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from stackgui.cli.dashes import joined
from stackgui.core.base.addresses import absolute
from stackgui.core.base.choice_table import Choices, choices_of
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.source_names import may_be_annotations
from stackgui.core.base.text import printable
from stackgui.core.catalog.scan_options import AUTOMATIC
from stackgui.core.plan.plan_head import read_head
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json
from stackgui.core.project.project import SUFFIX, Project
from stackgui.engine.preset_file import preset_file, read_presets
from stackgui.engine.project_file import read_project
from stackgui.engine.sources.reading import not_read


def add_given(parser: argparse.ArgumentParser) -> None:
    """Add the options ``--plan`` and ``--preset``."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--plan",
        default="",
        metavar="FILE",
        help="Take all choices from a saved plan (plan --save); its folders are not read",
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


def use_as_defaults(given: SharedPlan | Project, parser: argparse.ArgumentParser) -> None:
    """Make the choices of `given` the defaults of `parser`."""
    tables: list[Choices] = [given.options, given.scan_options]
    if isinstance(given, Project):
        tables.append(given.run)
    else:
        parser.set_defaults(plan_sources=given.sources)
    values = {name: getattr(table, name) for table in tables for name in choices_of(type(table))}
    parser.set_defaults(**values)


def project_in(sources: Sequence[str]) -> Project | None:
    """Return the project that is named instead of sources, or None.

    Raises
    ------
    UsageError
        When it cannot be read in full, or is named beside other sources.
    """
    named = [source for source in sources if source.endswith(SUFFIX) and os.path.isfile(source)]
    if not named:
        return None
    if len(sources) > 1:
        raise UsageError(f"{printable(named[0])} is a project, which has sources of its own: name it alone.")
    read = read_project(os.path.abspath(named[0]))
    if read.problem:
        raise UsageError(f"{printable(named[0])} cannot be read in full. {' '.join(read.problems)}")
    return read.project


def _read_plan(file: str) -> SharedPlan:
    try:
        with open(file, "rb") as opened:
            return shared_plan_from_json(read_head(opened))
    except OSError as error:
        raise not_read("plan", file, error) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{printable(file)} is not a plan, or is damaged.") from error
    except PlanError as error:
        raise UsageError(f"{printable(file)}: {error}") from error


def without_annotation_files(parsed: argparse.Namespace) -> argparse.Namespace:
    """Take annotation files among the sources for what they are, and say so.

    Raises
    ------
    UsageError
        When nothing is known of their pictures.
    """
    names = getattr(parsed, "sources", ())
    if not any(map(may_be_annotations, names)):
        return parsed
    from stackgui.engine.sources.given_annotations import given_annotations  # noqa: PLC0415 - loads readers

    given = given_annotations([absolute(name) for name in names])
    if not given.told:
        return parsed
    if given.is_homeless:
        raise UsageError(" ".join(given.told))
    for sentence in given.told:
        print(printable(sentence), file=sys.stderr)
    parsed.sources = list(given.sources)
    if given.place and parsed.annotations == AUTOMATIC:
        parsed.annotations = given.place
    return parsed
