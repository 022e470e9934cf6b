"""Sets of options with a name: a few that come with the program, and the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stackgui.core.base.choice_table import defaults
from stackgui.core.base.choices import Channels, Fit, Numbers
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown, text_in
from stackgui.core.base.size import Size
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
        Without samples that are excluded or made smaller: these belong to some pictures, not to a way of
        making stacks.
    """

    name: str
    options: Options

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", replace(self.options, **_PASSING))

    def applied(self, options: Options) -> Options:
        """The preset's options, for the samples that `options` exclude or make smaller."""
        return replace(self.options, **{name: getattr(options, name) for name in _PASSING})


BUILT_IN = (
    Preset("Exactly as they are, padded", Options()),
    Preset("Square 224 for classification", Options(size=Size.exact(224, 224), fit=Fit.COVER)),
    Preset("Keep details, 512 with borders", Options(size=Size.exact(512, 512), fit=Fit.LETTERBOX)),
    Preset("16-bit science images", Options(channels=Channels.AUTO, dtype=Numbers.UINT16)),
)


@dataclass(frozen=True, slots=True)
class Presets:
    """The person's own presets, and which one a new window begins with.

    Attributes
    ----------
    own : tuple of Preset
        In order of their names.
    default : str
        Name of a preset, own or built in.
    problem : str
        What of their file could not be read, in sentences, or ``""``.
    """

    own: tuple[Preset, ...] = ()
    default: str = BUILT_IN[0].name
    problem: str = field(default="", compare=False)

    @property
    def all(self) -> tuple[Preset, ...]:
        """Those that come with the program, then the person's own."""
        return (*BUILT_IN, *self.own)

    def named(self, name: str) -> Preset:
        """The preset called `name`; raises UsageError, naming those there are."""
        for preset in self.all:
            if preset.name == name:
                return preset
        names = ", ".join(f"“{preset.name}”" for preset in self.all)
        raise UsageError(f"There is no preset “{name}”. There are {names}.")

    def named_like(self, options: Options) -> Preset | None:
        """The preset that has these options, but for samples excluded or made smaller."""
        plain = Preset("", options).options
        return next((preset for preset in self.all if preset.options == plain), None)

    def saved(self, name: str, options: Options) -> Presets:
        """With `options` under `name`, also in place of own ones of that name; raises UsageError."""
        preset = Preset(_checked(name), options)
        return self._with([other for other in self.own if other.name != preset.name] + [preset])

    def deleted(self, name: str) -> Presets:
        """Without the own preset `name`; raises UsageError when there is none."""
        self._own(name)
        left = self._with([preset for preset in self.own if preset.name != name])
        return replace(left, default=BUILT_IN[0].name) if self.default == name else left

    def renamed(self, name: str, new: str) -> Presets:
        """With another name for an own preset; raises UsageError when that is taken."""
        preset, checked = self._own(name), _checked(new)
        if checked != name and any(other.name == checked for other in self.own):
            raise UsageError(f"There is a preset “{checked}” already.")
        others = [other for other in self.own if other.name != name]
        changed = self._with([*others, Preset(checked, preset.options)])
        return replace(changed, default=checked) if self.default == name else changed

    def with_default(self, name: str) -> Presets:
        """Let a new window begin with the preset `name`; raises UsageError when there is none."""
        return replace(self, default=self.named(name).name)

    def _own(self, name: str) -> Preset:
        for preset in self.own:
            if preset.name == name:
                return preset
        raise UsageError(f"“{name}” is none of your own presets, so it stays as it is.")

    def _with(self, own: list[Preset]) -> Presets:
        return replace(self, own=tuple(sorted(own, key=lambda preset: preset.name.casefold())))

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {
            "format": PRESETS_FORMAT,
            "version": PRESETS_VERSION,
            "default": self.default,
            "presets": {preset.name: preset.options.to_json() for preset in self.own},
        }

    @classmethod
    def from_json(cls, value: Any) -> Presets:  # noqa: ANN401 - any JSON value
        """Rebuild what `to_json` gave; what is damaged in it, or of another version, is the problem."""
        saved = value.get("presets") if isinstance(value, Mapping) else None
        if not isinstance(saved, Mapping) or value.get("format") != PRESETS_FORMAT:
            return cls(problem="Your presets cannot be read, for their file is damaged.")
        found, problems = cls(), []
        for name, options in saved.items():
            try:
                found = found.saved(text_in(name), Options.from_json(options))
            except UsageError as error:
                problems.append(f"Your preset “{shown(name)}” cannot be used. {error}")
        default = value.get("default")
        if any(preset.name == default for preset in found.all):
            found = replace(found, default=default)
        return replace(found, problem=" ".join(problems))


def _checked(name: str) -> str:
    """`name` as it can be given to an own preset."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise UsageError(f"Give the preset a name of 1 to {LONGEST_NAME} characters.")
    if any(preset.name == plain for preset in BUILT_IN):
        raise UsageError(f"“{plain}” comes with the program and stays as it is; choose another name.")
    return plain
