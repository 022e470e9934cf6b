"""What a person chooses about the search for samples: it decides what a catalog holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stackgui.core.annotations.reading import Reading, Turned, VocOrigin
from stackgui.core.base import choice_table
from stackgui.core.base.choice_table import FlagSpelling, Group, Spelling, choice, choices_of
from stackgui.core.base.choices import RepeatedLines, TensorLayout
from stackgui.core.base.kinds import AsText, Flag, OneOf, Place, PlaceOr, Text
from stackgui.core.base.list_kinds import Names
from stackgui.core.base.wording import say
from stackgui.core.catalog.frames import FIRST, Frames

AUTOMATIC, NONE = "auto", "none"
"""Words that stand for a place of annotations or masks."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How sources are searched. Kept in the catalog, hence in a plan: a resume searches in the same way."""

    follow_links: bool = choice(
        False, Flag(), "links followed",
        "Follow symbolic links that lead out of the folders.",
        FlagSpelling("--follow-links", True, "Follow symbolic links that lead out of the folders."),
        group=Group.SOURCES, decides_contents=False, leads_outside=True,
    )  # fmt: skip
    frames: Frames = choice(
        FIRST, AsText(Frames, "first|all|channels|N"), "frames",
        "Which frames or pages become rows where a file has several; or whether pages of a TIFF are "
        "channels.",
        Spelling("--frames"), group=Group.SOURCES, decides_contents=True, caption="Take",
        more=(
            "Of GIF, PNG, WebP, AVIF, HEIC, JPEG XL, TIFF, DICOM and JPEG (MPO); `channels` makes one row "
            "of the pages of each TIFF, with a channel for each."
        ),
    )  # fmt: skip
    tensor_layout: TensorLayout = choice(
        TensorLayout.AUTO, OneOf(TensorLayout), "tensor layout",
        "What the axes of arrays in files are; auto decides by their shapes.",
        Spelling("--tensor-layout"), group=Group.SOURCES, decides_contents=True, caption="Axes",
        more="`auto` shows why, and warns where another reading is possible.",
    )  # fmt: skip
    array: str = choice(
        "", Text(), "array",
        "Which array to take from files that hold several, by its name; '*' takes each of them.",
        Spelling("--array"), group=Group.SOURCES, decides_contents=True,
        more=(
            "From `.npz`, `.safetensors`, `.pt`, HDF5 and Zarr files; `*` and `?` stand for any letters. "
            "Without it, arrays that each look like a picture become a row each."
        ),
    )  # fmt: skip
    open_archives: bool = choice(
        True, Flag(), "archives looked into",
        "Look into ZIP and TAR files in folders.",
        FlagSpelling("--no-archives", False, "Leave out ZIP and TAR files in folders."),
        group=Group.SOURCES, decides_contents=False,
    )  # fmt: skip
    path_column: str = choice(
        "", Text("TITLE"), "column of files",
        "Title of the column that names the files; usually path, file or image.",
        Spelling("--path-column"), group=Group.LISTS, decides_contents=False, caption="Files",
        more="For lists without titles, its number, counting from 1.",
    )  # fmt: skip
    label_column: str = choice(
        "", Text("TITLE"), "column of labels",
        "Title of the column with the labels; usually label, class or category.",
        Spelling("--label-column"), group=Group.LISTS, decides_contents=False, caption="Labels",
    )  # fmt: skip
    split_column: str = choice(
        "", Text("TITLE"), "column of splits",
        "Title of the column that says train or test; usually split, subset or set.",
        Spelling("--split-column"), group=Group.LISTS, decides_contents=False, caption="Splits",
    )  # fmt: skip
    targets: tuple[str, ...] = choice(
        (), Names(), "target columns",
        "Columns of a list with numbers to learn, such as age,weight: they become targets.npy, with a column "
        "for each.",
        Spelling("--targets"), group=Group.LISTS, decides_contents=False, caption="Targets", is_later=True,
        more="A row without a number has NaN there.",
    )  # fmt: skip
    keep_columns: tuple[str, ...] = choice(
        (), Names(), "kept columns",
        "Columns of a list to keep as they are, in the manifests, such as site,patient; '*' keeps all that "
        "are not used otherwise.",
        Spelling("--keep-columns"), group=Group.LISTS, decides_contents=False, caption="Keep", is_later=True,
    )  # fmt: skip
    list_root: str = choice(
        "", Place("FOLDER"), "folder of the lists",
        "The folder that names in lists are relative to, and that no list may lead out of; by default the "
        "list's own folder.",
        Spelling("--list-root"), group=Group.LISTS, decides_contents=False,
    )  # fmt: skip
    repeated_lines: RepeatedLines = choice(
        RepeatedLines.ROWS, OneOf(RepeatedLines), "repeated lines",
        "What lines of a list of files become that name the same picture: a row each, or one row with the "
        "labels of all of them (join).",
        Spelling("--repeated-lines"),
        group=Group.LISTS, decides_contents=False, caption="Repeated", is_later=True,
    )  # fmt: skip
    label_list: str = choice(
        "", Place(), "list of labels",
        "A list that gives the labels of the pictures of all sources; a list that names none of them is "
        "refused.",
        Spelling("--label-list"), group=Group.LISTS, decides_contents=False, caption="Label list",
    )  # fmt: skip
    annotations: str = choice(
        AUTOMATIC, PlaceOr(values="auto|none|FILE", words=(AUTOMATIC, NONE)), "annotations",
        "Which boxes, polygons and keypoints belong to the pictures: those in annotation files among them "
        "and in the usual folders beside them (auto), none, or those of one file or folder.",
        Spelling("--annotations"),
        group=Group.ANNOTATIONS, decides_contents=False, is_later=True,
        more=(
            "Of COCO, YOLO, Pascal VOC, LabelMe, CVAT, Label Studio, VIA, Open Images, KITTI, DOTA "
            "and Supervisely."
        ),
    )  # fmt: skip
    annotation_turn: Turned = choice(
        Turned.UPRIGHT, OneOf(Turned), "orientation of annotations",
        "Which way up annotations of pictures with an orientation mark (EXIF) are, where their files do not "
        "tell: as people see the picture (upright), or as it is stored.",
        Spelling("--annotation-turn"),
        group=Group.ANNOTATIONS, decides_contents=False, is_later=True, caption="Orientation",
    )  # fmt: skip
    voc_origin: VocOrigin = choice(
        VocOrigin.AUTO, OneOf(VocOrigin), "first pixel in VOC files",
        "Which number the first pixel has in Pascal VOC files; 1 unless a coordinate is 0 (auto).",
        Spelling("--voc-origin"),
        group=Group.ANNOTATIONS, decides_contents=False, is_later=True, caption="First pixel (VOC)",
    )  # fmt: skip

    @property
    def reading_annotations(self) -> Reading:
        """How annotation files are read."""
        return Reading(self.voc_origin)

    masks: str = choice(
        AUTOMATIC, PlaceOr(values="auto|none|FOLDER|LIST", words=(AUTOMATIC, NONE)), "masks",
        "Which pictures are masks of others: those recognised by names and content (auto), none, those of "
        "one folder, or those that a list with two columns pairs with pictures.",
        Spelling("--masks"),
        group=Group.MASKS, decides_contents=False, is_later=True,
        more=(
            "`auto` finds `masks` beside `images` and the like, and endings such as `_mask`. With `none`, "
            "they are pictures like any other."
        ),
    )  # fmt: skip

    near_duplicates: bool = choice(
        False, Flag(), "near-duplicates looked for",
        "Look at every picture, and find those that look almost alike, such as copies in another size or "
        "quality, a little cropped or lighter. They stay together when data is divided.",
        FlagSpelling("--find-near-duplicates", True,
            "Look at every picture, and find those that look almost alike, such as copies in another size or "
            "quality, a little cropped or lighter. They stay together when data is divided."),
        group=Group.LABELS, decides_contents=False, is_later=True, caption="Near-duplicates",
    )  # fmt: skip

    @property
    def reading(self) -> str:
        """Those choices that decide what a file of given bytes holds, as a text to compare."""
        deciding = (name for name, each in choices_of(type(self)).items() if each.decides_contents)
        return " ".join(str(getattr(self, name)) for name in deciding)

    def to_json(self) -> dict[str, Any]:
        """The choices as JSON values."""
        return choice_table.to_json(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ScanOptions:
        """Rebuild what `to_json` gave.

        Raises
        ------
        UsageError
            When a name or a value is unknown; nothing else, whatever `value` is.
        """
        return choice_table.from_json(cls, value, say("choice of a scan"))


DEFAULT = ScanOptions()
