"""The table of choices: each is declared once, beside its default, and all that handles them reads it here.

JSON, the terminal's options and their help, presets, plan files, the table of options among the help pages,
what people are told of differences, and the plain fields of the window are made from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Kind, Place
from stackgui.core.base.text import printable
from stackgui.core.base.units import capital

_KEY = "choice"

T = TypeVar("T")


class Group(StrEnum):
    """Under which heading a choice stands in help, in the order of the headings."""

    SOURCES = "What is searched"
    LISTS = "Lists of files and labels"
    SIZE = "Sizes and places"
    NUMBERS = "Colours and numbers"
    LABELS = "Labels and parts of the data"
    RUN = "The run"
    LIMITS = "What one picture may take"


@dataclass(frozen=True, slots=True)
class Spelling:
    """An option at the terminal that takes a value.

    Attributes
    ----------
    option : str
    values : str
        What stands for the value in help, where it is not what the choice's kind says.
    default : str
        What help says of the default, where that is not the value itself.
    names_file : bool
        Whether the value is a file that holds what is chosen. The terminal reads that file.
    is_required : bool
    """

    option: str
    values: str = ""
    default: str | None = None
    names_file: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class FlagSpelling:
    """An option at the terminal that stands for one value.

    Attributes
    ----------
    option : str
    value : object
    about : str
        What it does, in a sentence.
    """

    option: str
    value: object
    about: str


@dataclass(frozen=True, slots=True)
class Unspelled:
    """There is no such option at the terminal, for a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of a choice.

    Attributes
    ----------
    default : object
    kind : Kind
    title : str
        What it is called within a sentence.
    about : str
        What it decides, in one or two sentences; shown at the terminal and in the window.
    group : Group
    decides_contents : bool
        Of options: whether what the rows hold, whatever their size, depends on it; see
        `stackgui.core.plan.size_independent`.
        Of a scan's choices: whether what a file of given bytes holds depends on it, so that what is
        remembered of the file counts for that choice alone. Of a run's: never; none of them changes a pixel.
    spellings : tuple of Spelling, FlagSpelling or Unspelled
    caption : str
        What a field of the window says beside it; the title unless something else is given.
    more : str
        What the table of options says besides.
    is_later : bool
        Whether stacks were in use before there was this choice. While it has its default it is left out of
        JSON, so that their fingerprints stay as they are. True of each new choice.
    is_saved : bool
        Whether JSON has it.
    is_passing : bool
        Whether it belongs to the sources or the destination at hand: it is part of no preset, and is not
        remembered.
    leads_outside : bool
        Whether it leads beyond the sources, so that it is not taken from another person's plan; true of all
        files and folders.
    """

    default: Any
    kind: Kind[Any]
    title: str
    about: str
    group: Group
    decides_contents: bool
    spellings: tuple[Spelling | FlagSpelling | Unspelled, ...]
    caption: str
    more: str
    is_later: bool
    is_saved: bool
    is_passing: bool
    leads_outside: bool


class Choices(Protocol):
    """A frozen dataclass of which every field is declared by `choice`."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


ChoicesT = TypeVar("ChoicesT", bound=Choices)


def choice(
    default: T,
    kind: Kind[T],
    title: str,
    about: str,
    *spellings: Spelling | FlagSpelling | Unspelled,
    group: Group,
    decides_contents: bool,
    caption: str = "",
    more: str = "",
    is_later: bool = False,
    is_saved: bool = True,
    is_passing: bool = False,
    leads_outside: bool = False,
) -> T:
    """A field of a dataclass, with what is declared of it; see `Declared`.

    It has no default where an option at the terminal is required.
    """
    if not spellings:
        raise TypeError(f"Say how {title} is spelled at the terminal, or by Unspelled why it is not.")
    made = Declared(
        default, kind, title, about, group, decides_contents, spellings, caption or capital(title), more,
        is_later, is_saved, is_passing, leads_outside or isinstance(kind, Place),
    )  # fmt: skip
    is_required = any(isinstance(each, Spelling) and each.is_required for each in spellings)
    found: T = field(metadata={_KEY: made}) if is_required else field(default=default, metadata={_KEY: made})
    return found


def choices_of(kind: type[Any]) -> Mapping[str, Declared]:
    """What is declared of each choice, by its name; raises KeyError for a field that is not declared."""
    return {each.name: each.metadata[_KEY] for each in fields(kind)}


def to_json(chosen: Choices) -> dict[str, Any]:
    """All choices that are saved, as JSON values."""
    return {
        name: declared.kind.write(getattr(chosen, name))
        for name, declared in choices_of(type(chosen)).items()
        if declared.is_saved and not (declared.is_later and getattr(chosen, name) == declared.default)
    }


def from_json(kind: type[ChoicesT], value: object, what: str = "option", **unsaved: object) -> ChoicesT:
    """Rebuild what `to_json` gave, with those choices that it does not save; the rest is as by default.

    Raises
    ------
    UsageError
        When a name or a value is unknown, or `value` is something else altogether.
    """
    if not isinstance(value, Mapping):
        raise UsageError(f"There is no table of names and values where the {what}s should be.")
    known = choices_of(kind)
    if unknown := sorted(name for name in value if name not in known or not known[name].is_saved):
        raise UsageError(f"Unknown {what}: {printable(', '.join(unknown))}.")
    return kind(**unsaved, **{name: known[name].kind.read(setting) for name, setting in value.items()})


def check(chosen: Choices) -> None:
    """Refuse values that are out of range; raises UsageError."""
    for name, declared in choices_of(type(chosen)).items():
        declared.kind.check(declared.title, getattr(chosen, name))


class Change(NamedTuple):
    """A choice that was made in another way: what it is called, and both values as JSON has them."""

    title: str
    before: object
    now: object


def changes(before: ChoicesT, now: ChoicesT) -> Iterator[Change]:
    """The choices in which two differ."""
    for name, declared in choices_of(type(now)).items():
        if getattr(before, name) != getattr(now, name):
            old, new = (declared.kind.write(getattr(each, name)) for each in (before, now))
            yield Change(declared.title, old, new)


def defaults(kind: type[Choices], which: str) -> dict[str, Any]:
    """The defaults of all choices of which `which`, an attribute of `Declared`, is true; for `replace`."""
    return {name: each.default for name, each in choices_of(kind).items() if getattr(each, which)}
