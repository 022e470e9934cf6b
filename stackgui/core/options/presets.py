"""Presets: named options, some built in and some the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stackgui.core.base.choice_table import defaults
from stackgui.core.base.choices import Channels, Fit, Numbers
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown, text_in
from stackgui.core.base.size import Size
from stackgui.core.base.wording import joined, say
from stackgui.core.options.options import Options

PRESETS_FORMAT = "stackgui-presets"
PRESETS_VERSION = 1
LONGEST_NAME = 60


_PASSING = defaults(Options, "is_passing")


@dataclass(frozen=True, slots=True)
class Preset:
    """Options with a name.

    Attributes
    ----------
    name : str
    options : Options
        Without samples that are excluded, shrunk or first: these depend on the pictures, and not on how a
        stack is made.
    """

    name: str
    options: Options

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", replace(self.options, **_PASSING))

    def applied(self, options: Options) -> Options:
        """Return the preset's options, but with the samples that `options` exclude, shrink or put first."""
        return replace(self.options, **{name: getattr(options, name) for name in _PASSING})


BUILT_IN = (
    Preset(say("Exactly as they are, padded"), Options()),
    Preset(say("Square 224 for classification"), Options(size=Size.exact(224, 224), fit=Fit.COVER)),
    Preset(say("Keep details, 512 with borders"), Options(size=Size.exact(512, 512), fit=Fit.LETTERBOX)),
    Preset(say("16-bit science images"), Options(channels=Channels.AUTO, dtype=Numbers.UINT16)),
)


@dataclass(frozen=True, slots=True)
class Presets:
    """The person's own presets, and the one with which a new window begins.

    Attributes
    ----------
    own : tuple of Preset
        The person's own presets, in order of name.
    default : str
        Name of the preset, own or built in, with which a new window begins.
    problem : str
        Sentences that say which parts of the presets file could not be read, or ``""``.
    """

    own: tuple[Preset, ...] = ()
    default: str = BUILT_IN[0].name
    problem: str = field(default="", compare=False)

    @property
    def all(self) -> tuple[Preset, ...]:
        """Return the built-in presets, then the person's own."""
        return (*BUILT_IN, *self.own)

    def named(self, name: str) -> Preset:
        """Return the preset called `name`; raises UsageError, which lists all presets, if there is none."""
        for preset in self.all:
            if preset.name == name:
                return preset
        names = joined(", ", (say("“{name}”", name=preset.name) for preset in self.all))
        raise UsageError(say("There is no preset “{name}”. There are {names}.", name=name, names=names))

    def named_like(self, options: Options) -> Preset | None:
        """Return the preset with these options, apart from excluded and shrunk samples, or None."""
        plain = Preset("", options).options
        return next((preset for preset in self.all if preset.options == plain), None)

    def saved(self, name: str, options: Options) -> Presets:
        """Return presets with `options` saved as `name`; raises UsageError unless the name can be used.

        An own preset of that name is replaced.
        """
        preset = Preset(_checked(name), options)
        return self._with([other for other in self.own if other.name != preset.name] + [preset])

    def deleted(self, name: str) -> Presets:
        """Return presets without the own preset `name`; raises UsageError if there is none."""
        self._own(name)
        left = self._with([preset for preset in self.own if preset.name != name])
        return replace(left, default=BUILT_IN[0].name) if self.default == name else left

    def renamed(self, name: str, new: str) -> Presets:
        """Return presets with an own preset renamed; raises UsageError if the new name cannot be used."""
        preset, checked = self._own(name), _checked(new)
        if checked != name and any(other.name == checked for other in self.own):
            raise UsageError(say("There is a preset “{checked}” already.", checked=checked))
        others = [other for other in self.own if other.name != name]
        changed = self._with([*others, Preset(checked, preset.options)])
        return replace(changed, default=checked) if self.default == name else changed

    def with_default(self, name: str) -> Presets:
        """Return presets that let a new window begin with `name`; raises UsageError if there is none."""
        return replace(self, default=self.named(name).name)

    def _own(self, name: str) -> Preset:
        for preset in self.own:
            if preset.name == name:
                return preset
        raise UsageError(say("“{name}” is none of your own presets, so it stays as it is.", name=name))

    def _with(self, own: list[Preset]) -> Presets:
        return replace(self, own=tuple(sorted(own, key=lambda preset: preset.name.casefold())))

    def to_json(self) -> dict[str, Any]:
        """Return the presets as JSON values."""
        return {
            "format": PRESETS_FORMAT,
            "version": PRESETS_VERSION,
            "default": self.default,
            "presets": {preset.name: preset.options.to_json() for preset in self.own},
        }

    @classmethod
    def from_json(cls, value: Any) -> Presets:  # noqa: ANN401 - any JSON value
        """Rebuild presets from `to_json`; what is damaged or of another version is described in `problem`."""
        saved = value.get("presets") if isinstance(value, Mapping) else None
        if not isinstance(saved, Mapping) or value.get("format") != PRESETS_FORMAT:
            return cls(problem=say("Your presets cannot be read because their file is damaged."))
        found, problems = cls(), []
        for name, options in saved.items():
            try:
                found = found.saved(text_in(name), Options.from_json(options))
            except UsageError as error:
                problems.append(
                    say("Your preset “{shown}” cannot be used. {error}", shown=shown(name), error=str(error))
                )
        default = value.get("default")
        if any(preset.name == default for preset in found.all):
            found = replace(found, default=default)
        return replace(found, problem=joined(" ", problems))


def _checked(name: str) -> str:
    """Return `name` without extra spaces; raises UsageError if no own preset may have it."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise UsageError(
            say("Give the preset a name of 1 to {longest_name} characters.", longest_name=LONGEST_NAME)
        )
    if any(preset.name == plain for preset in BUILT_IN):
        raise UsageError(
            say("“{plain}” comes with the program and stays as it is; choose another name.", plain=plain)
        )
    return plain
