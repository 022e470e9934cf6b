"""The choice of the frames or pages of a file that become samples."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say

MAX_FRAMES = 1_000_000
"""No picture file has more frames than this."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames to take from files with several frames or pages.

    Attributes
    ----------
    number : int
        The frame to take, counted from 1, or 0 for all.
    as_channels : bool
        Whether the pages of a TIFF, which must be alike, become the channels of one sample; `number` is then
        0.
    """

    number: int = 1
    as_channels: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.number <= MAX_FRAMES:
            raise UsageError(
                say("There is no frame {number:,}; frames are numbered from 1.", number=self.number)
            )

    @property
    def takes_all(self) -> bool:
        """Whether every frame becomes a sample."""
        return self.number == 0 and not self.as_channels

    @classmethod
    def parse(cls, text: str) -> Frames:
        """Read ``first``, ``all``, ``channels``, or a number from 1.

        Raises
        ------
        UsageError
            When `text` is none of these.
        """
        bare = text.strip().casefold()
        if bare in ("first", "all"):
            return cls() if bare == "first" else ALL
        if bare == "channels":
            return CHANNELS
        if re.fullmatch(r"[1-9][0-9]{0,6}", bare):
            return cls(int(bare))
        raise UsageError(
            say(
                "“{text}” is not a choice of frames; write first, all, channels, or a number such as 2.",
                text=text,
            )
        )

    def __str__(self) -> str:
        if self.as_channels:
            return "channels"
        return {0: "all", 1: "first"}.get(self.number, str(self.number))


ALL = Frames(0)
CHANNELS = Frames(0, as_channels=True)
FIRST = Frames()
