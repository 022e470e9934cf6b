"""What an update has found and done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, counted, joined, say, say_many
from stackgui.core.options.update_options import Gone, Larger, Signs, UpdateOptions
from stackgui.core.run.found_pictures import FoundPictures
from stackgui.core.run.report import Failure, Status

MAX_NAMED = 3
"""Pictures that a sentence names."""


@dataclass(frozen=True, eq=False, slots=True)
class UpdateReport:
    """The result of bringing a stack up to date, or of looking what that would do.

    Names are relative to their sources.

    Attributes
    ----------
    status : Status
    stack : str
        Absolute path of the stack's folder.
    is_done : bool
        Whether the stack was updated; False if this was only a look, or there was nothing to do.
    rows_before, rows : int
        Rows that the stack had, and those that it has now or would have.
    new, changed, renamed, retimed, gone, came_back, relabelled, annotated, revalued : tuple of str
        Pictures that are new; are others now; have another name now, which it is; are the same in a file of
        another time; are gone since the last update; are there again; have another label; have other
        annotations; have other values in the columns of lists that the stack keeps.
    waiting, unreached : tuple of str
        Pictures that are left for the next time, because they are still being written, or because it cannot
        be told now whether they are still there.
    larger : tuple of str
        Those that are larger than the rows, among the new and changed ones and those whose rows are blank.
    unfit : tuple of Failure
        New and changed ones that do not fit the rows for other reasons, or cannot be read.
    lost : tuple of str
        Changed pictures whose rows become blank, although they hold the earlier pictures.
    new_classes : tuple of str
    versions : tuple of str
        How the versions that make rows now differ from those before, in sentences.
    failures : tuple of Failure
        Rows that were made and stayed blank.
    choices : UpdateOptions
    seconds : float
    signs : Signs
        Of everything that was found, so that two looks tell which files are still being written.
    pictures : FoundPictures or None
        How what is in `found` looks, in the same order.
    """

    status: Status
    stack: str
    is_done: bool
    rows_before: int
    rows: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[str, ...]
    retimed: tuple[str, ...]
    gone: tuple[str, ...]
    came_back: tuple[str, ...]
    relabelled: tuple[str, ...]
    annotated: tuple[str, ...]
    revalued: tuple[str, ...]
    waiting: tuple[str, ...]
    unreached: tuple[str, ...]
    larger: tuple[str, ...]
    unfit: tuple[Failure, ...]
    lost: tuple[str, ...]
    new_classes: tuple[str, ...]
    versions: tuple[str, ...]
    failures: tuple[Failure, ...]
    choices: UpdateOptions
    seconds: float
    signs: Signs
    pictures: FoundPictures | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the stack was up to date."""
        return not any(getattr(self, name) for name in FOUND)

    @property
    def found(self) -> dict[str, tuple[str, ...]]:
        """The pictures found, by what has become of them; kinds of which there are none are left out."""
        return {name: names for name in FOUND if (names := getattr(self, name))}

    @property
    def remarks(self) -> Iterator[Wording]:
        """Yield what else has to be known, in sentences."""
        if self.waiting:
            yield say_many(
                len(self.waiting),
                "{count:,} picture has only just changed, and waits: {names}.",
                "{count:,} pictures have only just changed, and wait: {names}.",
                names=named(self.waiting),
            )
        yield from self.troubles
        yield from self._misfits
        if self.gone and self.choices.gone is Gone.KEEP:
            yield say("Rows whose pictures are gone stay, and are marked.")
        elif self.gone:
            yield say("Rows whose pictures are gone are blanked.")
        if self.new_classes:
            yield say_many(
                len(self.new_classes),
                "{count:,} class is new: {names}.",
                "{count:,} classes are new: {names}.",
                names=named(self.new_classes),
            )
        if self.versions:
            yield say("Rows made now are made by other versions. {differ}", differ=joined(" ", self.versions))

    @property
    def _misfits(self) -> Iterator[Wording]:
        if self.larger and self.choices.larger is Larger.BLANK:
            yield say_many(
                len(self.larger),
                "{count:,} picture is larger than the rows, and its row stays blank. It can be made smaller; "
                "or convert the pictures again for larger rows.",
                "{count:,} pictures are larger than the rows, and their rows stay blank. They can be made "
                "smaller; or convert the pictures again for larger rows.",
            )
        elif self.larger:
            yield say_many(
                len(self.larger),
                "{count:,} picture is larger than the rows, and is made smaller.",
                "{count:,} pictures are larger than the rows, and are made smaller.",
            )
        if self.unfit and not self.is_done:
            yield say_many(
                len(self.unfit),
                "The row of {count:,} picture will stay blank. {file}: {reason}.",
                "The rows of {count:,} pictures will stay blank. {file}: {reason}.",
                file=printable(self.unfit[0].file),
                reason=self.unfit[0].reason,
            )
        if self.lost:
            yield say_many(
                len(self.lost),
                "{count:,} row loses the picture that it holds, because the changed one does not fit: "
                "{names}.",
                "{count:,} rows lose the pictures that they hold, because the changed ones do not fit: "
                "{names}.",
                names=named(self.lost),
            )

    @property
    def troubles(self) -> Iterator[Wording]:
        """Yield what has to be put right by a person, in sentences."""
        if self.unreached:
            yield say_many(
                len(self.unreached),
                "{count:,} picture cannot be reached now, and its row stays as it is: {names}.",
                "{count:,} pictures cannot be reached now, and their rows stay as they are: {names}.",
                names=named(self.unreached),
            )


FOUND = {
    "new": counted("{count:,} new picture", "{count:,} new pictures"),
    "changed": counted("{count:,} changed picture", "{count:,} changed pictures"),
    "renamed": counted("{count:,} renamed picture", "{count:,} renamed pictures"),
    "retimed": counted(
        "{count:,} picture written again, unchanged", "{count:,} pictures written again, unchanged"
    ),
    "gone": counted("{count:,} picture is gone", "{count:,} pictures are gone"),
    "came_back": counted("{count:,} picture is there again", "{count:,} pictures are there again"),
    "relabelled": counted("{count:,} picture has another label", "{count:,} pictures have other labels"),
    "annotated": counted("{count:,} picture has other boxes", "{count:,} pictures have other boxes"),
    "revalued": counted(
        "{count:,} picture has other values in a list", "{count:,} pictures have other values in lists"
    ),
}
"""How the pictures of each kind are counted."""


def named(names: tuple[str, ...]) -> Wording:
    """Return the first of `names`, and how many more there are."""
    more = say(" and {count:,} more", count=len(names) - MAX_NAMED) if len(names) > MAX_NAMED else ""
    return joined("", (", ".join(map(printable, names[:MAX_NAMED])), more))
