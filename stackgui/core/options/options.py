"""The options: the choices that a person makes about the stack's contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stackgui.core.base import choice_table
from stackgui.core.base.choice_table import FlagSpelling, Group, Spelling, choice
from stackgui.core.base.choices import (
    Alpha,
    Anchor,
    Channels,
    Container,
    Crowds,
    Decode,
    DrawMasks,
    Fit,
    Icc,
    LabelForm,
    LabelSeparator,
    Layout,
    MaskNumbers,
    MissingMask,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Resizer,
    Scale,
)
from stackgui.core.base.colour import WHITE, Colour
from stackgui.core.base.kinds import AsText, Flag, Number, OneOf, Ranged, Whole
from stackgui.core.base.list_kinds import Listed, Names, Renames
from stackgui.core.base.resizers import usual
from stackgui.core.base.size import MAX_SIDE_PX, Size
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.catalog.mask_classes import (
    MAX_NUMBER,
    MaskClasses,
    classes_from_json,
    classes_to_json,
)
from stackgui.core.catalog.sample_set import NOTHING, SampleSet
from stackgui.core.labels.class_list import as_classes
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import MAX_SEED, Split

MAX_MULTIPLE = 1024

_SAMPLES = Listed(SampleSet.from_json, SampleSet.to_json, "LIST")


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that a person makes about the stack's contents.

    The defaults change no pixel, except that pictures of different depths are scaled to one range. The order
    of the fields is that of the terminal's help and of the table in the help pages.
    """

    size: Size = choice(
        Size(), AsText(Size, "max|HxW|p95"), "size",
        "Height and width of every row: the largest found (max), pixels with the height first (480x640 is "
        "480 high and 640 wide), or one that is large enough for 95 % of the pictures (p95).",
        Spelling("--size"), group=Group.SIZE, decides_contents=False,
    )  # fmt: skip
    fit: Fit = choice(
        Fit.PAD, OneOf(Fit), "fit",
        "How a picture of another size is fitted into its row.",
        Spelling("--fit"), group=Group.SIZE, decides_contents=False,
        more=" ".join(f"`{fit.value}`: {fit.about}" for fit in Fit),
    )  # fmt: skip
    anchor: Anchor = choice(
        Anchor.TOP_LEFT, OneOf(Anchor), "anchor",
        "Where a picture lies in a row that is larger than it.",
        Spelling("--anchor"), group=Group.SIZE, decides_contents=False, caption="Place in the row",
    )  # fmt: skip
    fill: float = choice(
        0.0, Number(), "fill value",
        "The number that padding and blank rows are filled with.",
        Spelling("--fill", "VALUE", default="0"), group=Group.SIZE, decides_contents=True, caption="Padding",
    )  # fmt: skip
    buckets: int = choice(
        1, Whole(1, MAX_BUCKETS), "number of buckets",
        "How many arrays of different sizes there may be: each picture goes to the smallest that holds it, "
        "so that little is padding.",
        Spelling("--buckets", "K"), group=Group.SIZE, decides_contents=False,
    )  # fmt: skip
    multiple: int = choice(
        1, Whole(1, MAX_MULTIPLE), "multiple",
        "Every height and width is rounded up to a multiple of this, as some programs require.",
        Spelling("--multiple", "M"), group=Group.SIZE, decides_contents=False, caption="Multiple of",
    )  # fmt: skip
    smallest_px: int = choice(
        1, Whole(1, MAX_SIDE_PX), "smallest side",
        "No row is lower or narrower than this many pixels, however small its pictures are.",
        Spelling("--smallest", "PX"), group=Group.SIZE, decides_contents=False,
    )  # fmt: skip
    shrink: SampleSet = choice(
        NOTHING, _SAMPLES, "shrunk pictures",
        "Pictures that do not count for the size: they are made smaller, or cropped, like any picture that "
        "is larger than its row.",
        Spelling("--shrink-from", names_file=True),
        group=Group.SIZE, decides_contents=False, is_passing=True,
        more="One file a line, lines of `manifest.csv` or `manifest.jsonl`, or CSV with a column `path`.",
    )  # fmt: skip
    channels: Channels = choice(
        Channels.RGB, OneOf(Channels), "channels",
        "What each pixel is made of. Colour takes three times as much room as grey.",
        Spelling("--channels"), group=Group.NUMBERS, decides_contents=True, caption="Colours",
        more=(
            "`index` keeps palette indices as they are, for label pictures; `auto` takes the smallest that "
            "loses nothing."
        ),
    )  # fmt: skip
    dtype: Numbers = choice(
        Numbers.AUTO, OneOf(Numbers), "dtype",
        "How a pixel is stored. float32 takes four times as much room as uint8.",
        Spelling("--dtype"), group=Group.NUMBERS, decides_contents=True, caption="Numbers",
        more="`auto` loses nothing. In whole numbers, pictures of different depths are brought to one range.",
    )  # fmt: skip
    scale: Scale = choice(
        Scale.UNIT, OneOf(Scale), "scale",
        "What the numbers of a picture become in an array of floats.",
        Spelling("--scale"), group=Group.NUMBERS, decides_contents=True,
    )  # fmt: skip
    reduce: Reduce = choice(
        Reduce.FULL_RANGE, OneOf(Reduce), "brightness range",
        "Which numbers count as black and as white where numbers are scaled.",
        Spelling("--reduce"), group=Group.NUMBERS, decides_contents=True, caption="Brightness range",
        more="`none` keeps the numbers unchanged, such as class ids.",
    )  # fmt: skip
    non_finite: NonFinite = choice(
        NonFinite.KEEP, OneOf(NonFinite), "invalid numbers",
        "What happens to invalid numbers (NaN, infinite).",
        Spelling("--non-finite"), group=Group.NUMBERS, decides_contents=False, caption="Invalid numbers",
    )  # fmt: skip
    alpha: Alpha = choice(
        Alpha.DROP, OneOf(Alpha), "transparency",
        "What happens to transparency if the array has no channel for it.",
        Spelling("--alpha"), group=Group.NUMBERS, decides_contents=False,
    )  # fmt: skip
    background: Colour = choice(
        WHITE, AsText(Colour, "#rrggbb"), "background",
        "The colour behind transparent pixels, as #rrggbb: #ffffff is white, #000000 black.",
        Spelling("--background"), group=Group.NUMBERS, decides_contents=False,
    )  # fmt: skip
    icc: Icc = choice(
        Icc.KEEP, OneOf(Icc), "colour profile",
        "What happens to colours other than sRGB, such as Adobe RGB, where a picture has a profile (ICC).",
        Spelling("--icc"), group=Group.NUMBERS, decides_contents=False,
    )  # fmt: skip
    layout: Layout = choice(
        Layout.NHWC, OneOf(Layout), "layout",
        "The order of the array's axes; it changes no pixel and no size.",
        Spelling("--layout"), group=Group.NUMBERS, decides_contents=False,
    )  # fmt: skip
    container: Container = choice(
        Container.NPY, OneOf(Container), "files of arrays",
        "What kind of file holds an array: npy for Python, or hdf5, one file that MATLAB, R, Julia and h5py "
        "open too; it changes no pixel and no size.",
        Spelling("--container"), group=Group.NUMBERS, decides_contents=False, caption="Files",
        is_later=True,
    )  # fmt: skip
    resample: Resample = choice(
        Resample.BILINEAR, OneOf(Resample), "filter",
        "How pixels are mixed where a picture is made smaller or larger.",
        Spelling("--resample"), group=Group.NUMBERS, decides_contents=False, caption="Scaling",
    )  # fmt: skip
    resizer: Resizer = choice(
        usual(), OneOf(Resizer), "resizer",
        "What scales pictures: simd is several times faster and as near to the exact result; pillow gives "
        "bit for bit what Pillow and torchvision give.",
        Spelling("--resizer", default="simd"), group=Group.NUMBERS, decides_contents=False,
        caption="Scaled by", is_later=True, unsaid=Resizer.PILLOW,
        more="Pillow scales by `nearest` and `area` in any case, and where cykooz-resizer is not installed.",
    )  # fmt: skip
    decode: Decode = choice(
        Decode.EXACT, OneOf(Decode), "decoding",
        "A draft scales large JPEG files down faster, and pixels differ a little.",
        FlagSpelling("--draft", Decode.DRAFT,
            "Decode JPEG files that are made smaller from fewer of their frequencies: faster, and a little "
            "different."),
        group=Group.NUMBERS, decides_contents=False,
    )  # fmt: skip
    labels: Labels = choice(
        Labels.AUTO,
        AsText(Labels, "auto|folders|level:N|given|objects|name:PATTERN|regex:PATTERN|none"), "labels",
        "Where the labels come from: folders, lists and shards (given), the classes of annotated objects "
        "(objects), or a part of the files' names or paths (name:{label}_*.jpg).",
        Spelling("--labels"), group=Group.LABELS, decides_contents=True,
        more=(
            "`folders` uses the first folder, but not `images` and the like, and the one below `train`, "
            "`val` and `test` or their usual variants. `level:2` is the second folder below the source, "
            "`level:-1` the one that contains the file. In a pattern, `{label}`, `{split}` and `{number}` "
            "stand for the label, the split and digits, `*` for any text; with slashes, such as "
            "`name:{label}/images/*`, it is compared with the end of the path. `given,level:2` uses the "
            "folders only where lists say nothing. `auto` uses lists, and folders of the same names "
            "where lists say nothing; without lists, folders if most pictures are in one."
        ),
    )  # fmt: skip
    label_form: LabelForm = choice(
        LabelForm.ONE, OneOf(LabelForm), "labels of a picture",
        "How many labels a picture may have: one, as a number; or many, as a table with a column of 0 and 1 "
        "for each class.",
        Spelling("--label-form"), group=Group.LABELS, decides_contents=True, caption="Per picture",
        is_later=True,
        more=(
            "Several come from cells with several labels, from a column of 0 and 1 for each class, from "
            "several lines for a picture, from lists in JSON, and from annotations. With `one`, pictures "
            "with several have none; a cell is one label."
        ),
    )  # fmt: skip
    label_separator: LabelSeparator = choice(
        LabelSeparator.AUTO, OneOf(LabelSeparator), "separator of labels",
        "What separates several labels in one text, if a picture may have many; auto finds it in the labels.",
        Spelling("--label-separator"), group=Group.LABELS, decides_contents=True, caption="Separated by",
        is_later=True,
    )  # fmt: skip
    classes: tuple[str, ...] = choice(
        (), Listed(as_classes, list), "classes",
        "All classes in the order of their numbers, so that several stacks agree; without this list, the "
        "classes that occur.",
        Spelling("--classes", names_file=True),
        group=Group.LABELS, decides_contents=True, caption="Class list", names_classes=True,
        more="A text with one name a line, JSON (a list, numbers by names, names by numbers), or a stack.",
    )  # fmt: skip
    not_classes: tuple[str, ...] = choice(
        (), Names(), "names that are no classes",
        "Names of folders or in lists that are no classes, such as images or unknown: their pictures get no "
        "label.",
        Spelling("--not-classes"), group=Group.LABELS, decides_contents=True, caption="Not classes",
        is_later=True, names_classes=True,
    )  # fmt: skip
    split: Split = choice(
        Split(), AsText(Split, "none|found|level:N|name:PATTERN|80/10/10"), "split",
        "Which pictures are for training and which for testing: as lists and folders say (found), or by "
        "percentages (80/10/10).",
        Spelling("--split"), group=Group.LABELS, decides_contents=True,
        more=(
            "`level:1` takes the first folders, and `name:{split}_*` a part of the files' names. "
            "With percentages, each file's name and the seed decide, so files that are added move no others, "
            "and rows of one file stay together; `rows:80/10/10` divides each row by itself."
        ),
    )  # fmt: skip
    group_by: Groups = choice(
        Groups.NONE, AsText(Groups, "none|level:N|name:PATTERN|regex:PATTERN|column:TITLE"), "groups",
        "Which pictures stay together, such as those of one patient or one video, so that none of them is "
        "for training while another is for testing.",
        Spelling("--group-by"),
        group=Group.LABELS, decides_contents=True, caption="Keep together", is_later=True,
        more=(
            "`level:1` takes the first folders, `name:{group}_*` a part of the files' names, and "
            "`column:patient` a column of a list. With percentages, whole groups are placed so that all "
            "shares, also those of each class, are as near as can be."
        ),
    )  # fmt: skip
    stratify: bool = choice(
        False, Flag(), "each class alike",
        "Divides each class by the same percentages, as nearly as can be, instead of leaving that to chance.",
        FlagSpelling("--stratify", True,
            "Divide each class by the same percentages, as nearly as can be, instead of leaving that to "
            "chance. With groups this is always so."),
        group=Group.LABELS, decides_contents=True, caption="Each class alike", is_later=True,
    )  # fmt: skip
    exclude: SampleSet = choice(
        NOTHING, _SAMPLES, "excluded pictures",
        "Pictures that get no row.",
        Spelling("--exclude-from", names_file=True),
        group=Group.LABELS, decides_contents=True, is_passing=True,
        more="A list as for `--shrink-from`.",
    )  # fmt: skip
    first: SampleSet = choice(
        NOTHING, _SAMPLES, "first pictures",
        "Pictures whose rows come before all others, in their own order.",
        Spelling("--first-from", names_file=True),
        group=Group.LABELS, decides_contents=True, is_passing=True, is_later=True,
        more=(
            "A list as for `--shrink-from`. Where there are several arrays, each begins with those of them "
            "that it holds."
        ),
    )  # fmt: skip
    shuffle: bool = choice(
        False, Flag(), "in a random order",
        "Puts the rows in a random order; the manifest says which row is which picture.",
        FlagSpelling("--shuffle", True,
            "Put the rows in a random order; the manifest says which row is which picture."),
        group=Group.LABELS, decides_contents=True,
    )  # fmt: skip
    seed: int = choice(
        0, Whole(0, MAX_SEED), "seed",
        "Which random order and which split to make; the same number gives the same ones again.",
        Spelling("--seed", "N"), group=Group.LABELS, decides_contents=True,
    )  # fmt: skip
    least_visible: float = choice(
        0.0, Ranged(), "least visible share",
        "Boxes of which the row shows a smaller share of the area than this are left out: 0.25 is a quarter.",
        Spelling("--least-visible", "SHARE", default="0"),
        group=Group.ANNOTATIONS, decides_contents=False, caption="Least visible", is_later=True,
    )  # fmt: skip
    least_side: float = choice(
        1.0, Ranged(least=0.0, most=MAX_SIDE_PX), "least side of boxes",
        "Boxes that are lower or narrower than this many pixels in their row are left out.",
        Spelling("--least-side", "PX", default="1"),
        group=Group.ANNOTATIONS, decides_contents=False, caption="Least side", is_later=True,
    )  # fmt: skip
    crowds: Crowds = choice(
        Crowds.KEEP, OneOf(Crowds), "crowds",
        "What becomes of boxes around a crowd, or around a region to ignore: they are kept and marked, or "
        "left out.",
        Spelling("--crowds"),
        group=Group.ANNOTATIONS, decides_contents=False, caption="Crowds", is_later=True,
    )  # fmt: skip
    object_classes: tuple[str, ...] = choice(
        (), Renames(), "classes of objects",
        "Classes of boxes to rename or to merge (van=car,lorry=car) and to leave out (dog=).",
        Spelling("--object-classes"),
        group=Group.ANNOTATIONS, decides_contents=True, caption="Object classes", is_later=True,
        names_classes=True,
    )  # fmt: skip
    missing_masks: MissingMask = choice(
        MissingMask.IGNORE, OneOf(MissingMask), "missing masks",
        "What becomes of a picture without a mask, where others have one: its mask is background throughout "
        "or the ignore value throughout, it is left out, or nothing is converted.",
        Spelling("--missing-masks"),
        group=Group.MASKS, decides_contents=True, caption="Without a mask", is_later=True,
    )  # fmt: skip
    ignore_value: int = choice(
        255, Whole(0, MAX_NUMBER), "ignore value",
        "The number in masks for pixels that do not count: padding, blank rows, and what has no class.",
        Spelling("--ignore-value", "N"), group=Group.MASKS, decides_contents=True, is_later=True,
        more="If 255 is a class, 65535 takes its place, and the masks are stored as uint16.",
    )  # fmt: skip
    mask_numbers: MaskNumbers = choice(
        MaskNumbers.AUTO, OneOf(MaskNumbers), "numbers of masks",
        "What the numbers in masks become: they stay, but 0 and 255 alone become 0 and 1 (auto); all stay "
        "(keep); 0 becomes the ignore value and all others 1 less (reduce-zero); all are numbered anew "
        "(renumber); or they number objects (object-ids), also as colours: R + 256 G + 65,536 B.",
        Spelling("--mask-numbers"),
        group=Group.MASKS, decides_contents=True, caption="Numbers in masks", is_later=True,
    )  # fmt: skip
    draw_masks: DrawMasks = choice(
        DrawMasks.NONE, OneOf(DrawMasks), "drawn masks",
        "Masks to draw from the outlines of annotated objects where there are no mask pictures: of the "
        "classes of objects, from 1, or of the objects of each row, from 1.",
        Spelling("--draw-masks"),
        group=Group.MASKS, decides_contents=True, caption="Draw masks", is_later=True,
    )  # fmt: skip
    mask_classes: MaskClasses = choice(
        (), Listed(classes_from_json, classes_to_json), "classes of masks",
        "The classes of masks in the order of their numbers, with the numbers or colours that they have in "
        "the files; a mask that holds another number fails.",
        Spelling("--mask-classes", names_file=True),
        group=Group.MASKS, decides_contents=True, caption="Class list of masks", is_later=True,
        names_classes=True,
        more=(
            "`labelmap.txt` as CVAT writes it; lines such as `7 road` or `road,#804080`; one name a line; or "
            "JSON, also the categories of COCO."
        ),
    )  # fmt: skip

    def __post_init__(self) -> None:
        choice_table.check(self)
        object.__setattr__(self, "least_visible", float(self.least_visible))
        object.__setattr__(self, "least_side", float(self.least_side))
        # 0 and 0.0 are the same choice, so they must not differ in a plan's fingerprint.
        object.__setattr__(self, "fill", float(self.fill))

    def for_other_pictures(self) -> Options:
        """Return the same choices without those about the present pictures, their names and classes."""
        other = replace(
            self,
            **choice_table.defaults(Options, "is_passing"),
            **choice_table.defaults(Options, "names_classes"),
        )
        if self.labels.rule is not None:
            other = replace(other, labels=Labels.AUTO)
        if self.split.rule is not None:
            other = replace(other, split=Split())
        # What belongs together is always read from names, folders or lists that other pictures lack.
        return replace(other, group_by=Groups.NONE)

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        return choice_table.to_json(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Options:
        """Rebuild options from `to_json`.

        Raises
        ------
        UsageError
            When a name or a value is unknown. No other error is raised, whatever `value` is.
        """
        return choice_table.from_json(cls, value)
