"""The table of choices: each choice is declared once, together with its default.

JSON, the terminal's options and their help, presets, plan files, the help page of options, descriptions of
differences, and the plain fields of the window are derived from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Kind, Place, shown
from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, capital, say

_KEY = "choice"

T = TypeVar("T")


class Group(StrEnum):
    """The headings under which help lists the choices, in order."""

    SOURCES = "What is searched"
    LISTS = "Lists of files and labels"
    SIZE = "Sizes and places"
    NUMBERS = "Colours and numbers"
    LABELS = "Labels and parts of the data"
    ANNOTATIONS = "Boxes, polygons and keypoints"
    MASKS = "Masks"
    RUN = "The run"
    LIMITS = "What one picture may take"
    WINDOW = "The window"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A terminal option that takes a value.

    Attributes
    ----------
    option : str
        The option itself, for example ``--size``.
    values : str
        Placeholder of the value in help, if it differs from that of the choice's kind.
    default : str
        Description of the default in help, if it is not the value itself.
    names_file : bool
        Whether the value names a file that holds the setting; the terminal reads that file.
    is_required : bool
        Whether the option has to be given.
    """

    option: str
    values: str = ""
    default: str | None = None
    names_file: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class FlagSpelling:
    """A terminal option without a value of its own, which sets the choice to `value`.

    Attributes
    ----------
    option : str
    value : object
    about : str
        Its effect, in a sentence.
    """

    option: str
    value: object
    about: str


@dataclass(frozen=True, slots=True)
class Unspelled:
    """The reason why a choice has no terminal option."""

    reason: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The declaration of a choice.

    Attributes
    ----------
    default : object
    kind : Kind
        The allowed values.
    title : str
        Name of the choice within a sentence.
    about : str
        Its effect, in one or two sentences; shown at the terminal and in the window.
    group : Group
    decides_contents : bool
        For options: whether it affects the contents of rows independently of their size; see
        `stackgui.core.plan.size_independent`.
        For choices of a scan: whether it affects what is read from a file of given bytes, so that the cache
        holds one entry per setting. For choices of a run: always false, because none of them changes a pixel.
    spellings : tuple of Spelling, FlagSpelling or Unspelled
        Its options at the terminal.
    caption : str
        Label of its field in the window; the title by default.
    more : str
        Further text in the table of options.
    is_later : bool
        Whether the choice was added after the first stacks were made. JSON leaves it out while it has its
        default (or what `unsaid` says), so that older fingerprints stay valid. Set this for every new choice.
    is_saved : bool
        Whether JSON contains it.
    is_passing : bool
        Whether it belongs to the current sources or destination, so that it is neither remembered nor part of
        a preset.
    names_classes : bool
        Whether it names classes that the current sources have, so that a new project begins without it;
        unlike one that is passing, it may be part of a preset.
    leads_outside : bool
        Whether it gives access beyond the sources, so that it is not taken from another person's plan; always
        true for files and folders.
    unsaid : object
        What JSON that lacks it means: what was done before there was the choice. That is its default, unless
        the default is something new.
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
    names_classes: bool
    leads_outside: bool
    unsaid: Any


class Choices(Protocol):
    """A frozen dataclass whose fields are all declared by `choice`."""

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
    names_classes: bool = False,
    leads_outside: bool = False,
    unsaid: T | None = None,
) -> T:
    """Declare a choice as a field of a dataclass; see `Declared` for the parameters.

    The field has no default if its terminal option is required.
    """
    if not spellings:
        raise TypeError(
            say(
                "Give the terminal option of {title}, or Unspelled with the reason for having none.",
                title=title,
            )
        )
    title = say(title)
    made = Declared(
        default, kind, title, about, group, decides_contents, spellings, caption or capital(title), more,
        is_later, is_saved, is_passing, names_classes, leads_outside or isinstance(kind, Place),
        default if unsaid is None else unsaid,
    )  # fmt: skip
    is_required = any(isinstance(each, Spelling) and each.is_required for each in spellings)
    found: T = field(metadata={_KEY: made}) if is_required else field(default=default, metadata={_KEY: made})
    return found


_DECLARED: dict[type[Any], Mapping[str, Declared]] = {}


def choices_of(kind: type[Any]) -> Mapping[str, Declared]:
    """Return the declarations by name; raise KeyError for a field that was not declared by `choice`."""
    if kind not in _DECLARED:  # each change of a choice asks for them several times
        _DECLARED[kind] = MappingProxyType({each.name: each.metadata[_KEY] for each in fields(kind)})
    return _DECLARED[kind]


def to_json(chosen: Choices) -> dict[str, Any]:
    """Return all saved choices as JSON values."""
    return {
        name: declared.kind.write(getattr(chosen, name))
        for name, declared in choices_of(type(chosen)).items()
        if declared.is_saved and not (declared.is_later and getattr(chosen, name) == declared.unsaid)
    }


def from_json(kind: type[ChoicesT], value: object, what: str = "", **unsaved: object) -> ChoicesT:
    """Rebuild choices from what `to_json` returned and from `unsaved` ones; the rest get their defaults.

    Raises
    ------
    UsageError
        When a name or a value is unknown, or `value` is not a mapping.
    """
    what = what or say("option")
    if not isinstance(value, Mapping):
        raise UsageError(_no_table(what))
    known = choices_of(kind)
    if unknown := sorted(name for name in value if name not in known or not known[name].is_saved):
        raise UsageError(say("Unknown {what}: {unknown}.", what=what, unknown=printable(", ".join(unknown))))
    read = {name: known[name].kind.read(setting) for name, setting in value.items()}
    return kind(**{**_unsaid(kind), **unsaved, **read})


def read_each(kind: type[ChoicesT], value: object, **unsaved: object) -> tuple[ChoicesT, list[str]]:
    """Rebuild choices as `from_json` does, but give each one that cannot be read its default.

    Returns
    -------
    choices
    problems : list of str
        A sentence for each name or value that could not be read.
    """
    if not isinstance(value, Mapping):
        return kind(**unsaved), [_no_table(say("choice"))]
    known, read, problems = choices_of(kind), {**_unsaid(kind), **unsaved}, list[str]()
    for name, setting in value.items():
        if name not in known or not known[name].is_saved:
            problems.append(say("Unknown choice: {shown}.", shown=shown(name)))
            continue
        try:
            chosen = known[name].kind.read(setting)
            known[name].kind.check(known[name].title, chosen)
            read[name] = chosen
        except UsageError as error:
            problems.append(say("{caption}: {problem}", caption=known[name].caption, problem=str(error)))
    return kind(**read), problems


def check(chosen: Choices) -> None:
    """Raise UsageError for a value that is out of range."""
    for name, declared in choices_of(type(chosen)).items():
        declared.kind.check(declared.title, getattr(chosen, name))


class Change(NamedTuple):
    """A choice that differs: its title, and both values as in JSON."""

    title: str
    before: object
    now: object


def changes(before: ChoicesT, now: ChoicesT) -> Iterator[Change]:
    """Yield the choices in which `before` and `now` differ."""
    for name, declared in choices_of(type(now)).items():
        if getattr(before, name) != getattr(now, name):
            old, new = (declared.kind.write(getattr(each, name)) for each in (before, now))
            yield Change(declared.title, old, new)


def defaults(kind: type[Choices], which: str) -> dict[str, Any]:
    """Return the defaults of all choices whose attribute `which` in `Declared` is true, for `replace`."""
    return {name: each.default for name, each in choices_of(kind).items() if getattr(each, which)}


def _unsaid(kind: type[Choices]) -> dict[str, Any]:
    """Return what JSON means by leaving choices out, where that is not their default."""
    return {name: each.unsaid for name, each in choices_of(kind).items() if each.unsaid != each.default}


def _no_table(what: str) -> Wording:
    return say("The {what}s are not a table of names and values.", what=what)
