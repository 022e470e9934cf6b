"""Rules that find a label, a split or a group in the path of a file: a folder, a pattern, an expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say

MAX_LEVEL = 1000

LABEL, SPLIT, GROUP = "label", "split", "group"
"""What a rule can find; patterns write it as ``{label}``, expressions as ``(?P<label>…)``."""

_PLACEHOLDERS = re.compile(r"(\{label\}|\{split\}|\{group\}|\{number\}|\*|\?)")
_REGEX_OF = {
    "{label}": rf"(?P<{LABEL}>[^/]+?)",
    "{split}": rf"(?P<{SPLIT}>[^/]+?)",
    "{group}": rf"(?P<{GROUP}>[^/]+?)",
    "{number}": "[0-9]+",
    "*": "[^/]*",
    "?": "[^/]",
}


class RuleKind(StrEnum):
    """How a rule finds its text; see `PathRule`."""

    LEVEL = "level"
    NAME = "name"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class PathRule:
    """Where in the path of a file something is: ``level:2``, ``name:{label}_*``, ``regex:…``.

    Attributes
    ----------
    kind : RuleKind
    level : int
        For ``LEVEL``: the folder, counted from 1 below the source, or from -1 above the file; in an archive,
        only the folders inside it count. Otherwise 0.
    pattern : str
        For ``NAME``: a pattern for the file's own name, or, with slashes, for the end of its path. In it,
        ``{label}``, ``{split}``, ``{group}``, ``{number}``, ``*`` and ``?`` stand for the label, the dataset
        split, the group, digits, any text and any one character, none of which extends over a slash. For
        ``REGEX``: a regular expression with a group called ``label``, ``split`` or ``group``, searched for
        in the path. Otherwise ``""``.
    """

    kind: RuleKind
    level: int = 0
    pattern: str = ""

    def check(self, what: str) -> None:
        """Raise UsageError unless the rule finds `what`, which is `LABEL`, `SPLIT` or `GROUP`."""
        if self.kind is not RuleKind.LEVEL:
            self._compiled(what)
        elif not 0 < abs(self.level) <= MAX_LEVEL:
            raise UsageError(
                say(
                    "There is no folder level {level}; 1 is the first below the source, -1 the one "
                    "in which the file lies.",
                    level=self.level,
                )
            )

    @classmethod
    def parse(cls, text: str) -> PathRule | None:
        """Read a rule as `str` writes it; None if `text` is none."""
        kind, _colon, rest = text.partition(":")
        kind = kind.strip().casefold()
        if kind == RuleKind.LEVEL and re.fullmatch(r"-?\d{1,4}", rest):
            return cls(RuleKind.LEVEL, level=int(rest))
        if kind in {RuleKind.NAME, RuleKind.REGEX} and rest:
            return cls(RuleKind(kind), pattern=rest)
        return None

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.level if self.kind is RuleKind.LEVEL else self.pattern}"

    def reader(self, what: str) -> Callable[[str], str]:
        """Return a function that finds `what` in a path with slashes; it returns ``""`` for nothing."""
        if self.kind is RuleKind.LEVEL:
            return _folder_reader(self.level)
        pattern = self._compiled(what)

        def found(match: re.Match[str] | None) -> str:
            return (match[what] or "") if match else ""

        if self.kind is RuleKind.REGEX:
            return lambda path: found(pattern.search(path))
        parts = self.pattern.count("/") + 1
        if parts == 1:
            return lambda path: found(pattern.fullmatch(path, path.rfind("/") + 1))
        return lambda path: found(pattern.fullmatch("/".join(path.split("/")[-parts:])))

    def _compiled(self, what: str) -> re.Pattern[str]:
        pattern = self.pattern
        if self.kind is RuleKind.NAME:
            if pattern.count(f"{{{what}}}") != 1:
                raise UsageError(
                    say(
                        "“{pattern}” must contain {{{what}}} once, in place of the {what}.",
                        pattern=pattern,
                        what=what,
                    )
                )
            pattern = "".join(_REGEX_OF.get(part, re.escape(part)) for part in _PLACEHOLDERS.split(pattern))
        try:
            compiled = re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise UsageError(
                say(
                    "“{pattern}” is not a pattern that can be read ({error}).",
                    pattern=self.pattern,
                    error=error,
                )
            ) from error
        if what not in compiled.groupindex:
            raise UsageError(
                say(
                    "“{pattern}” must contain a group (?P<{what}>…) that matches the {what}.",
                    pattern=pattern,
                    what=what,
                )
            )
        return compiled


def _folder_reader(level: int) -> Callable[[str], str]:
    def folder_of(path: str) -> str:
        folders = path.split("/")[:-1]
        if len(folders) < abs(level):
            return ""
        return folders[level - 1 if level > 0 else level]

    return folder_of
