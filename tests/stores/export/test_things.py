"""Every export carries everything that a stack can have, or says before that it leaves it out."""

import csv
import io
import json
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
import webdataset
import yaml
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from stackgui import open_stack
from stackgui.core.annotations.annotations import Flag
from stackgui.core.base.choices import DrawMasks, Fit, LabelForm
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.export import ExportChoice
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.running.exporters import export_choices
from stackgui.stores.export import EXPORTERS
from stackgui.stores.export.things import Thing, held
from stackgui.stores.stack.object_bitmaps import bitmaps
from tests.stores.export.making import UNCLOSED
from tests.stores.export.test_array_exports import READERS

SIZES = [(20, 24), (21, 24), (40, 44), (22, 20), (40, 40), (23, 21)]
LABELS = ["cat|dog", "dog", "", "cat", "dog", "cat"]
IGNORED = np.uint8(Flag.CROWD | Flag.IGNORE)


def drawn(height: int, width: int, seed: int) -> tuple[list[int], np.ndarray]:
    """A blot, as COCO's run lengths and as pixels."""
    blot = np.zeros((height, width), np.uint8)
    cv2.circle(blot, (8 + seed, 9), 5, 1, -1)
    blot[9, 8 + seed] = 0
    flat = blot.T.ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=0, append=flat[-1]))
    return np.diff(edges, prepend=0, append=len(flat)).tolist(), blot


def objects_of(index: int, height: int, width: int):
    """A polygon with keypoints, one drawn with a brush, and a crowd."""
    ring = [2, 3, 9 + index, 3, 9 + index, 12, 2, 12]
    yield {
        "segmentation": [ring], "bbox": [2, 3, 7 + index, 9], "iscrowd": 0,
        "keypoints": [3, 4, 2, 5, 6, 1], "num_keypoints": 2,
    }  # fmt: skip
    for is_crowd in (0, 1):
        counts, blot = drawn(height, width, index + is_crowd)
        left, top, wide, high = cv2.boundingRect(blot)
        mask = {"size": [height, width], "counts": counts}
        yield {"segmentation": mask, "bbox": [left, top, wide, high], "iscrowd": is_crowd}


def write_everything(folder: Path) -> None:
    random = np.random.default_rng(3)
    images, objects, lines = [], [], ["file,label,age,site"]
    for index, (height, width) in enumerate(SIZES):
        name = f"{index} é.png"
        for kind, shape, high in (("images", (height, width, 3), 256), ("masks", (height, width), 3)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            Image.fromarray(random.integers(0, high, shape, np.uint8)).save(folder / kind / name)
        images.append({"id": index, "file_name": name, "height": height, "width": width})
        objects += [
            {"id": 10 * index + at, "image_id": index, "category_id": 1 + at % 2, **each}
            for at, each in enumerate(objects_of(index, height, width))
        ]
        lines.append(f"{name},{LABELS[index]},{'' if index == 1 else index + 0.5},Köln {index}")
    kinds = [
        {"id": at, "name": name, "keypoints": ["nose", "ear"]} for at, name in ((1, "head"), (2, "tail"))
    ]
    (folder / "annotations").mkdir()
    content = {"images": images, "annotations": objects, "categories": kinds}
    (folder / "annotations" / "instances.json").write_text(json.dumps(content))
    (folder / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    file = folder / "images" / "3 é.png"
    file.write_bytes(file.read_bytes()[:120])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("things") / "pictures"
    write_everything(made)
    return made


@pytest.fixture(scope="module")
def catalog(engine, folder):
    wanted = ScanOptions(targets=("age",), keep_columns=("site",), label_list=str(folder / "list.csv"))
    return engine.scan([str(folder)], Control(), wanted, cache=False)


@pytest.fixture(scope="module")
def made(engine, catalog, tmp_path_factory):
    """A stack that has every thing, several arrays, and a row that failed."""
    folder = tmp_path_factory.mktemp("things") / "stack"
    options = Options(label_form=LabelForm.MANY, split=Split.parse("60/40"), buckets=2)
    engine.convert(resolve(options, catalog), RunOptions(str(folder)), Control())
    return folder


@pytest.fixture
def full(made):
    with open_stack(made) as stack:
        assert set(held(stack)) == set(Thing)
        assert len(stack.arrays) == 2
        assert np.count_nonzero(~stack.valid) == 1
        yield stack


# What a stack has, and what was read again, in one form: for each thing, by row or by row and place.


def whole(values) -> list[int]:
    """Numbers in half pixels, all of which are whole here."""
    return np.rint(2 * np.asarray(values, np.float64)).astype(int).ravel().tolist()


class Found(dict):
    """What was found of each thing; a thing is there once something of it is."""

    def put(self, thing: Thing, key, value) -> None:
        self.setdefault(thing, {})[key] = value

    def put_object(self, row: int, place: int, name: str, box, *, crowd: bool) -> None:
        self.put(Thing.CROWDS if crowd else Thing.BOXES, (row, place), (name, whole(box)))


def pixels_of(rle) -> bytes:
    return coco_mask.decode(rle).tobytes(order="F")


def expected_of(stack) -> Found:
    found, objects = Found(), stack.objects
    blots = bitmaps(stack)
    for row in np.flatnonzero(stack.valid).tolist():
        found.put(Thing.LABELS, row, [stack.classes[at] for at in np.flatnonzero(stack.labels[row])])
        found.put(Thing.SPLIT, row, stack.parts[stack.splits[row]])
        found.put(Thing.TARGETS, row, ["age", str(float(stack.targets[row, 0]))])
        found.put(Thing.COLUMNS, row, ["site", stack.column("site")[row]])
        found.put(Thing.MASKS, row, stack.masks[row].tobytes())
        for place, index in enumerate(range(*objects.offsets[row : row + 2])):
            crowd = bool(objects.flags[index] & IGNORED)
            found.put_object(
                row, place, objects.classes[objects.category[index]], objects.box[index], crowd=crowd
            )
            if objects.polygons(index):
                found.put(Thing.POLYGONS, (row, place), whole(objects.polygons(index)[0]))
            if objects.keypoints[index].any():
                found.put(Thing.KEYPOINTS, (row, place), whole(objects.keypoints[index]))
            if len(blots.packed[index]):
                found.put(Thing.DRAWN, (row, place), blot_of(stack, row, place))
    return found


def blot_of(stack, row: int, place: int) -> bytes:
    """What was drawn, in the row: pictures lie at its top left, as they are."""
    index = int(Path(stack.files[row]).name[0])
    canvas = np.zeros(stack.masks[row].shape, np.uint8)
    canvas[: SIZES[index][0], : SIZES[index][1]] = drawn(*SIZES[index], index + place - 1)[1]
    return canvas.tobytes(order="F")


def of_sheet(found: Found, path: Path, stack) -> Found:
    lines = csv.DictReader(io.StringIO((path / "rows.csv").read_text(encoding="utf-8-sig")))
    for line in lines:
        if not stack.valid[row := int(line["row"])]:
            continue
        found.put(Thing.LABELS, row, [each for each in line["label"].split("; ") if each])
        found.put(Thing.SPLIT, row, line["split"])
        found.put(Thing.TARGETS, row, ["age", line["age"] or "nan"])
        found.put(Thing.COLUMNS, row, ["site", line["site"]])
    return found


def of_arrays(name: str):
    def read(path: Path, stack) -> Found:
        tables, words = READERS[name](path)
        found = Found()
        for row in np.flatnonzero(tables["valid"]).tolist():
            found.put(
                Thing.LABELS, row, [words["classes"][at] for at in np.flatnonzero(tables["labels"][row])]
            )
            found.put(Thing.SPLIT, row, words["parts"][tables["splits"][row]])
            found.put(Thing.TARGETS, row, [words["target_names"][0], str(float(tables["targets"][row, 0]))])
            if "columns" in words:
                found.put(Thing.COLUMNS, row, [words["column_names"][0], words["columns"][row][0]])
            array, at = stack.place(row)
            mask = [each for each in tables if each.startswith("masks-")][array]
            found.put(Thing.MASKS, row, tables[mask][at].tobytes())
            of_objects(found, row, tables, words)
        return of_sheet(found, path, stack) if name == "raw" else found

    return read


def of_objects(found: Found, row: int, tables, words) -> None:
    for place, index in enumerate(range(*tables["box_offsets"][row : row + 2])):
        name = words["object_classes"][tables["box_classes"][index]]
        crowd = bool(tables["box_flags"][index] & IGNORED)
        found.put_object(row, place, name, tables["boxes"][index], crowd=crowd)
        for ring in range(*tables["ring_offsets"][index : index + 2]):
            begin, end = tables["point_offsets"][ring : ring + 2]
            found.put(Thing.POLYGONS, (row, place), whole(tables["points"][begin:end]))
        if tables["keypoints"][index].any():
            found.put(Thing.KEYPOINTS, (row, place), whole(tables["keypoints"][index]))


def of_webdataset(path: Path, _stack) -> Found:
    found = Found()
    for shard in path.glob("*.tar"):
        for sample in webdataset.WebDataset(str(shard), shardshuffle=False):
            about = json.loads(sample["json"])
            row = about["row"]
            found.put(Thing.LABELS, row, about["label"])
            found.put(Thing.SPLIT, row, shard.name.rsplit("-", 1)[0])
            found.put(Thing.TARGETS, row, ["age", str(about["targets"]["age"] or "nan")])
            found.put(Thing.COLUMNS, row, ["site", about["columns"]["site"]])
            found.put(Thing.MASKS, row, imagecodecs.png_decode(sample["mask.png"]).tobytes())
            for place, each in enumerate(about["objects"]):
                found.put_object(row, place, each["class"], each["box"], crowd=bool(each["flags"] & IGNORED))
                of_json(found, (row, place), each)
    return found


def of_json(found: Found, key, each) -> None:
    if "polygons" in each:
        found.put(Thing.POLYGONS, key, whole(each["polygons"][0]))
    if any(each["keypoints"]):
        found.put(Thing.KEYPOINTS, key, whole(each["keypoints"]))
    if "rle" in each:
        found.put(Thing.DRAWN, key, pixels_of(each["rle"]))


def of_parquet(path: Path, _stack) -> Found:
    from pyarrow import parquet

    found = Found()
    for file in path.glob("data/*.parquet"):
        table = parquet.read_table(file)
        kinds = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
        names = kinds["objects"]["category"]["feature"]["names"]
        for about in table.to_pylist():
            row, objects = about["row"], about["objects"]
            classes = kinds["label"]["feature"]["names"]
            found.put(Thing.LABELS, row, [classes[at] for at in about["label"]])
            found.put(Thing.SPLIT, row, file.name.split("-")[0])
            found.put(Thing.TARGETS, row, ["age", str(about["targets"]["age"] or "nan")])
            found.put(Thing.COLUMNS, row, ["site", about["columns"]["site"]])
            found.put(Thing.MASKS, row, imagecodecs.png_decode(about["mask"]["bytes"]).tobytes())
            for place, (left, top, wide, high) in enumerate(objects["bbox"]):
                box = [left, top, left + wide, top + high]
                crowd = bool(objects["flags"][place] & IGNORED)
                found.put_object(row, place, names[objects["category"][place]], box, crowd=crowd)
                if objects["polygons"][place]:
                    found.put(Thing.POLYGONS, (row, place), whole(objects["polygons"][place][0]))
                if np.any(objects["keypoints"][place]):
                    found.put(Thing.KEYPOINTS, (row, place), whole(objects["keypoints"][place]))
    return found


def of_coco(path: Path, _stack) -> Found:
    found = Found()
    for file in path.glob("annotations/*.json"):
        coco, part = COCO(str(file)), file.stem.removeprefix("instances_")
        for about in coco.imgs.values():
            row = about["row"]
            found.put(Thing.LABELS, row, about["label"])
            found.put(Thing.SPLIT, row, part)
            found.put(Thing.TARGETS, row, ["age", str(about["targets"]["age"] or "nan")])
            found.put(Thing.COLUMNS, row, ["site", about["columns"]["site"]])
            mask = path / "masks" / part / about["file_name"]
            found.put(Thing.MASKS, row, np.asarray(Image.open(mask)).tobytes())
            for place, each in enumerate(coco.imgToAnns[row]):
                left, top, wide, high = each["bbox"]
                box, name = [left, top, left + wide, top + high], coco.cats[each["category_id"]]["name"]
                found.put_object(row, place, name, box, crowd=bool(each["iscrowd"] or each["ignore"]))
                if isinstance(each["segmentation"], dict):
                    found.put(Thing.DRAWN, (row, place), coco.annToMask(each).tobytes(order="F"))
                else:
                    found.put(Thing.POLYGONS, (row, place), whole(each["segmentation"][0]))
                points = np.array(each["keypoints"]).reshape(-1, 3)
                if points.any():
                    points[points[:, 2] > 0, :2] += 0.5
                    found.put(Thing.KEYPOINTS, (row, place), whole(points))
    return found


def of_yolo(path: Path, stack) -> Found:
    found = of_sheet(Found(), path, stack)
    names = yaml.safe_load((path / "data.yaml").read_text(encoding="utf-8"))["names"]
    for file in path.glob("labels/*/*.txt"):
        row = int(file.stem)
        height, width = stack.masks[row].shape
        for place, line in enumerate(file.read_text().splitlines()):
            number, x, y, wide, high, *points = map(float, line.split())
            box = np.array([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2])
            found.put_object(
                row, place, names[int(number)], box * [width, height, width, height], crowd=False
            )
            points = np.array(points).reshape(-1, 3) * [width, height, 1]
            if points.any():
                found.put(Thing.KEYPOINTS, (row, place), whole(points))
    return found


def of_tiff(path: Path, stack) -> Found:
    found = of_sheet(Found(), path, stack)
    files = sorted(path.glob("masks-*.tif"), key=lambda file: file.stat().st_size)
    masks = [mask for file in files for mask in tifffile.imread(file)]
    for row in np.flatnonzero(stack.valid).tolist():
        found.put(Thing.MASKS, row, masks[row].tobytes())
    return found


READ = {name: of_arrays(name) for name in READERS} | {
    "webdataset": of_webdataset, "parquet": of_parquet, "coco": of_coco, "yolo": of_yolo, "tiff": of_tiff,
}  # fmt: skip


@UNCLOSED
@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools
@pytest.mark.parametrize("name", EXPORTERS)
def test_every_thing_is_there_or_said_to_be_left_out(full, exported, name):
    found, expected = READ[name](exported(full, name), full), expected_of(full)
    lacking = EXPORTERS[name].lacks(full)
    assert set(found) == set(Thing) - lacking - ({Thing.CROWDS} if Thing.BOXES in lacking else set())
    for thing in found:
        assert found[thing] == expected[thing], thing


def choice(stack, name: str) -> ExportChoice:
    return next(each for each in export_choices(stack.path) if each.name == name)


def test_what_is_left_out_is_said_with_how_much_of_it(full):
    assert [choice(full, name).notes[1:] for name in ("coco", "webdataset")] == [(), ()]
    assert choice(full, "tiff").notes[1:] == (
        (
            "Left out: 15 boxes, the polygons of 5 objects, the keypoints of 5 objects, "
            "the pixels of 10 objects that were drawn with a brush."
        ),
    )
    assert choice(full, "yolo").notes == (
        "1 row is left out because its picture could not be read.",
        (
            "Left out: the masks of 5 rows, 5 boxes around crowds or regions to ignore, "
            "the polygons of 5 objects, the pixels of 10 objects that were drawn with a brush."
        ),
    )


def test_such_a_stack_is_sound(engine, made):
    assert engine.verify(str(made), Control(), deep=None).is_sound


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools
@pytest.mark.parametrize("fit", [Fit.STRETCH, Fit.LETTERBOX, Fit.COVER])
def test_what_was_drawn_is_scaled_with_its_row(engine, folder, tmp_path, exported, fit):
    """The run draws the same objects as masks, and both must be the same pixels."""
    wanted = ScanOptions(masks="none", annotations=str(folder / "annotations" / "instances.json"))
    catalog = engine.scan([str(folder / "images")], Control(), wanted, cache=False)
    options = Options(size=Size.parse("30x32"), fit=fit, draw_masks=DrawMasks.OBJECTS)
    engine.convert(resolve(options, catalog), RunOptions(str(tmp_path / "stack")), Control())
    with open_stack(tmp_path / "stack") as stack:
        coco = COCO(str(exported(stack, "coco") / "annotations" / "instances.json"))
        for row in np.flatnonzero(stack.valid & (np.diff(stack.objects.offsets) > 0)).tolist():
            expected = np.zeros((30, 32), np.uint8)
            for number, each in enumerate(coco.imgToAnns[row], 1):
                expected[coco.annToMask(each) > 0] = 255 if each["iscrowd"] else number
            placed = np.zeros((30, 32), bool)
            top, left, high, wide = stack.placements[row]
            placed[top : top + high, left : left + wide] = True
            np.testing.assert_array_equal(np.where(placed, expected, 255), stack.masks[row])
