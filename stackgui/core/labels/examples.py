"""Paths as parts that can be pointed at, and the rules that follow from pointing at one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import holds_masks
from stackgui.core.labels.levels import folder_paths, is_no_class
from stackgui.core.labels.path_rule import PathRule, RuleKind

MAX_EXAMPLES = 12

_PIECES = re.compile(r"[^\W_]+|[\W_]+")


@dataclass(frozen=True, slots=True)
class PathPart:
    """A folder in a path, or a piece of the file's name.

    Attributes
    ----------
    text : str
    level : int
        For a folder: counted from 1 below the source; 0 for a piece of the name.
    from_file : int
        For a folder: counted from -1 above the file; otherwise 0.
    pattern : str
        For a piece of the name: a pattern for the whole name, with ``{}`` in place of the piece; ``""`` for
        what only separates pieces.
    """

    text: str
    level: int = 0
    from_file: int = 0
    pattern: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether the part can be a label, a split or a group."""
        return bool(self.level or self.pattern)

    def rule(self, what: str, *, from_file: bool = False) -> PathRule:
        """Return the rule that finds this part of every path as `what`.

        Parameters
        ----------
        what
            `LABEL`, `SPLIT` or `GROUP` of `stackgui.core.labels.path_rule`.
        from_file
            Whether folders are counted from the file upwards.
        """
        if self.level:
            return PathRule(RuleKind.LEVEL, self.from_file if from_file else self.level)
        return PathRule(RuleKind.NAME, pattern=self.pattern.replace("{}", f"{{{what}}}"))


def parts_of(path: str) -> tuple[PathPart, ...]:
    """Divide a path with slashes into its folders and the pieces of the file's name."""
    *folders, name = path.split("/")
    count = len(folders)
    found = [PathPart(text, level, level - count - 1) for level, text in enumerate(folders, start=1)]
    return (*found, *_pieces(name))


def _pieces(name: str) -> Iterator[PathPart]:
    """Divide a name into words, numbers and what separates them; neighbouring words are one piece."""
    stem, dot, ending = name.rpartition(".")
    stem, rest = (stem, dot + ending) if stem else (name, "")
    tokens = _tokens(stem)
    for place, token in enumerate(tokens):
        marked = [_stands_for(each) for each in tokens]
        marked[place] = "{}"
        pattern = "".join(marked) + (".*" if rest else "")
        yield PathPart(token, pattern=pattern if token[0].isalnum() else "")
    if rest:
        yield PathPart(rest)


def _tokens(stem: str) -> list[str]:
    """Return words, numbers and separators; words next to each other are one: ``big_dog``, ``_``, ``12``."""
    tokens: list[str] = []
    for token in _PIECES.findall(stem):
        is_word = token[0].isalnum() and not token.isdecimal()
        if is_word and len(tokens) > 1 and tokens[-2][0].isalnum() and not tokens[-2].isdecimal():
            tokens[-2:] = [f"{tokens[-2]}{tokens[-1]}{token}"]
        else:
            tokens.append(token)
    return tokens


def _stands_for(token: str) -> str:
    if token.isdecimal():
        return "{number}" if token.isascii() else "*"
    return "*" if token[0].isalnum() else re.sub(r"[*?{}]", "?", token)


def example_samples(catalog: Catalog, samples: NDArray[np.int64]) -> tuple[int, ...]:
    """Return a few samples of different folders: one for each kind of path, the commonest first, then others.

    Paths are of one kind if they are equally deep and have the same folders of splits, pictures and masks.
    """
    paths = folder_paths(catalog).take(samples)
    codes, firsts, counts = np.unique(paths.codes, return_index=True, return_counts=True)
    kinds: dict[tuple[str, ...], list[int]] = {}
    common: Counter[tuple[str, ...]] = Counter()
    for code, first, count in sorted(zip(codes.tolist(), firsts.tolist(), counts.tolist(), strict=True),
                                     key=lambda each: each[1]):  # fmt: skip
        folders = paths.names[code].split("/") if paths.names[code] else []
        kind = tuple(name if is_no_class(name) else "" for name in folders)
        kinds.setdefault(kind, []).append(int(samples[first]))
        common[kind] += count
    ordered = sorted(common, key=lambda kind: (any(map(holds_masks, kind)), -common[kind]))
    shown = [kinds[kind] for kind in ordered]
    order = (each[turn] for turn in range(MAX_EXAMPLES) for each in shown if turn < len(each))
    return tuple(islice(order, MAX_EXAMPLES))
