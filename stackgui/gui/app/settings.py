"""The settings of the program, whatever it works on; each is declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from stackgui.core.base.choice_table import Group, Unspelled, choice, choices_of
from stackgui.core.base.choices import Choice
from stackgui.core.base.kinds import Flag, Kind, OneOf, Place, Text, Whole
from stackgui.core.base.wording import say
from stackgui.core.run.run_options import Limits
from stackgui.gui.texts.language import OWN_NAMES, Language
from stackgui.gui.widgets.choice_fields import Words
from stackgui.gui.widgets.theme import Theme

MAX_WORKERS, MAX_SAMPLE_S, MAX_SAMPLE_MB = 256, 86_400, 1_000_000
MB_BYTES = 1_000_000

T = TypeVar("T")


class Where(Choice):
    """Which computers do the work."""

    HERE = "here"
    CLUSTER = "cluster"


_OF_THE_WINDOW = Unspelled(say("It belongs to the window."))


def _setting(default: T, kind: Kind[T], title: str, about: str, *, caption: str = "") -> T:
    return choice(
        default, kind, title, about, _OF_THE_WINDOW, group=Group.WINDOW, decides_contents=False,
        caption=caption,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What people set once; it decides nothing about a stack."""

    language: Language = _setting(Language.SYSTEM, OneOf(Language), "language", "The language of the window.")
    theme: Theme = _setting(Theme.SYSTEM, OneOf(Theme), "theme", "The colours of the window.")
    motion: bool = _setting(
        True,
        Flag(),
        "motion",
        "Lets parts of the window glide and fade. Without it they change at once.",
    )
    sounds: bool = _setting(
        False,
        Flag(),
        "sounds",
        "Plays a sound when a conversion has ended.",
    )
    folder: str = _setting(
        "",
        Place("FOLDER"),
        "folder for stacks",
        "The folder in which new stacks are proposed. If it is empty, the one used last is taken.",
    )
    where: Where = _setting(
        Where.HERE,
        OneOf(Where),
        "where the work is done",
        "Pictures are searched, converted and checked by this computer, or by the workers of a Dask cluster.",
        caption="Work is done",
    )
    workers: int = _setting(
        0,
        Whole(0, MAX_WORKERS),
        "workers",
        "Pictures that are decoded at the same time. Fewer leave more of the computer to other programs.",
    )
    cluster: str = _setting(
        "",
        Text("ADDRESS"),
        "address of the cluster",
        "Where its scheduler listens, such as tcp://host:8786; or the path of a scheduler file. "
        "local:2 starts two workers on this computer.",
    )
    sample_s: int = _setting(
        int(choices_of(Limits)["sample_s"].default),
        Whole(1, MAX_SAMPLE_S),
        "seconds for one picture",
        "Seconds that one picture may take before it counts as damaged.",
    )
    sample_mb: int = _setting(
        0,
        Whole(0, MAX_SAMPLE_MB),
        "memory for one picture",
        "Megabytes of memory that one picture may take before it counts as damaged.",
    )
    check_updates: bool = _setting(
        False,
        Flag(),
        "check for updates",
        "Asks at each start whether there is a newer StackGUI. Nothing about you or your pictures is sent.",
    )

    @property
    def limits(self) -> Limits:
        """The limits for one sample."""
        return Limits(sample_s=float(self.sample_s), sample_bytes=self.sample_mb * MB_BYTES)


WORDS: dict[str, Words] = {
    "language": {Language.SYSTEM: say("The system’s language"), **OWN_NAMES},
    "theme": {
        Theme.SYSTEM: say("As the system"),
        Theme.LIGHT: say("Light"),
        Theme.DARK: say("Dark"),
        Theme.CONTRAST: say("High contrast"),
    },
    "where": {Where.HERE: say("On this computer"), Where.CLUSTER: say("On a cluster")},
    "workers": {0: say("One for each processor")},
    "sample_mb": {0: say("Half of the memory")},
}
"""Values of settings in plain words, by the name of the setting."""

UNITS = {"sample_s": say(" s"), "sample_mb": say(" MB")}
"""What stands behind a number."""

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (say("Language"), ("language",)),
    (say("Look and sound"), ("theme", "motion", "sounds")),
    (say("Folders"), ("folder",)),
    (say("Where the work is done"), ("where", "cluster")),
    (say("What a run may take"), ("workers", "sample_s", "sample_mb")),
    (say("Updates"), ("check_updates",)),
)
"""Headings of the window of settings, each with its settings."""

LATER = frozenset({"language", "workers", "sample_s", "sample_mb"})
"""Settings that the next start obeys: the workers are running."""
