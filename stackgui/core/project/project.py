"""A project: the sources with everything that a person chose for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, TypeVar

from stackgui.core.base.addresses import is_address
from stackgui.core.base.choice_table import Choices, choices_of, defaults, read_each
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Place, shown, text_in
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.options.group_column import reading_groups
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import PLAN_FORMAT, PLAN_VERSION
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.run.run_options import RunOptions

SUFFIX = ".stackgui"
"""Extension of project files."""

SETS = tuple(defaults(Options, "is_passing"))
"""Options that are sets of samples."""

_PASSING = defaults(RunOptions, "is_passing")

ChoicesT = TypeVar("ChoicesT", bound=Choices)


@dataclass(frozen=True, slots=True)
class Project:
    """The sources with everything that a person chose for them.

    Attributes
    ----------
    sources : tuple of str
        Absolute paths, in the order in which they were added.
    scan_options : ScanOptions
        They always keep the column that groups come from.
    options : Options
        With the excluded and shrunk samples.
    run : RunOptions
        The destination is ``""`` unless the person chose one. Permissions to replace or discard something
        are not kept.
    """

    sources: tuple[str, ...] = ()
    scan_options: ScanOptions = DEFAULT
    options: Options = field(default_factory=Options)
    run: RunOptions = field(default_factory=lambda: RunOptions(""))

    def __post_init__(self) -> None:
        kept = _PASSING | {"destination": self.run.destination}
        object.__setattr__(self, "run", replace(self.run, **kept))
        object.__setattr__(self, "scan_options", reading_groups(self.scan_options, self.options.group_by))

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be lost with it: there are neither sources nor a chosen destination."""
        return not self.sources and not self.run.destination

    def with_sources(self, sources: tuple[str, ...]) -> Project:
        """Return the project with other sources, and without what was excluded or shrunk in removed ones."""
        moved = {name: getattr(self.options, name).moved(self.sources, sources) for name in SETS}
        return replace(self, sources=sources, options=replace(self.options, **moved))

    def to_json(self, folder: str) -> dict[str, Any]:
        """Return the project as JSON values, for a file in `folder`; what lies in there gets relative paths.

        The result is a plan file with two further members, so that its choices can be used wherever those
        of a plan can.
        """

        def near(path: str) -> str:
            return _relative(path, folder)

        shared = SharedPlan(
            self.options, _replaced(self.scan_options, near), tuple(map(near, self.sources))
        ).to_json()
        run = {name: value for name, value in self.run.to_json().items() if name not in _PASSING}
        return {**shared, "run": run, "destination": near(self.run.destination)}


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project as it was read from a file.

    Attributes
    ----------
    project : Project
    problems : tuple of str
        A sentence for each part that could not be read.
    """

    project: Project
    problems: tuple[str, ...] = ()


def project_from_json(value: Any, folder: str) -> ReadProject:  # noqa: ANN401 - any JSON value
    """Read what `Project.to_json` wrote to a file that now lies in `folder`.

    What is damaged or unknown costs only itself.

    Raises
    ------
    UsageError
        When `value` is no project.
    """
    if not isinstance(value, Mapping) or value.get("format") != PLAN_FORMAT:
        raise UsageError(say("This file is not a project."))
    problems: list[str] = []
    if value.get("version") != PLAN_VERSION:
        version = shown(value.get("version"))
        problems.append(
            say(
                "It has version {version}; this program reads version {own}.",
                version=version,
                own=PLAN_VERSION,
            )
        )
    known = {"format", "version", "options", "scan_options", "sources", "run", "destination"}
    problems += [say("Unknown entry: {name}.", name=shown(name)) for name in value if name not in known]

    def here(path: str) -> str:
        return _absolute(path, folder)

    scan_options, lost = read_each(ScanOptions, value.get("scan_options", {}))
    options, lost_options = read_each(Options, value.get("options", {}))
    run, lost_run = read_each(RunOptions, value.get("run", {}), destination="")
    sources = _texts(value.get("sources", ()), problems)
    destination = "".join(_texts((value.get("destination", ""),), problems))
    project = Project(
        tuple(dict.fromkeys(map(here, sources))),
        _replaced(scan_options, here),
        options,
        replace(run, destination=here(destination)),
    )
    return ReadProject(project, (*problems, *lost, *lost_options, *lost_run))


def _texts(values: object, problems: list[str]) -> list[str]:
    """Return those of `values` that are paths, and describe the others in `problems`."""
    if not isinstance(values, list | tuple):
        problems.append(say("The sources are not a list."))
        return []
    found = []
    for value in values:
        try:
            found.append(text_in(value))
        except UsageError as error:
            problems.append(str(error))
    return found


def _replaced(chosen: ChoicesT, path_of: Callable[[str], str]) -> ChoicesT:
    """Return `chosen` with `path_of` applied to all files and folders in it."""
    moved: dict[str, str] = {}
    for name, each in choices_of(type(chosen)).items():
        kind, value = each.kind, getattr(chosen, name)
        # A file whose relative path is one of the words keeps its absolute one.
        if isinstance(kind, Place) and kind.is_place(value) and kind.is_place(path := path_of(value)):
            moved[name] = path
    return replace(chosen, **moved)


def _relative(path: str, folder: str) -> str:
    """Return `path` relative to `folder` if it lies in there, with slashes on all systems."""
    if is_address(path):
        return path
    pure = PurePath(path)
    return pure.relative_to(folder).as_posix() if path and pure.is_relative_to(folder) else path


def _absolute(path: str, folder: str) -> str:
    """Return the path that `_relative` made relative to `folder`; an address as it is."""
    return str(PurePath(folder, path)) if path and not is_address(path) else path
