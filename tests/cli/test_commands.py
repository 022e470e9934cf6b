import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile

import numpy as np
import psutil
import pytest
from PIL import Image

import stackgui as package
from stackgui.cli.arguments import options_of, parse
from stackgui.cli.commands import main
from stackgui.core.advice.estimate import Resources, estimate
from stackgui.core.advice.remedies import remedies
from stackgui.core.base.choices import Anchor, Channels, Fit, Layout, Numbers
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.engine import Control, Engine
from stackgui.gui.control import transitions
from tests.holding import LIMIT_S, Hold, wait_for_rows
from tests.projects import PICTURES, PROJECTS


def test_scan_tells_what_is_there(stackgui, pets):
    ended = stackgui("scan", pets, "--json")
    assert ended.status == 0
    found = ended.json
    assert (found["status"], found["samples"], found["usable"]) == ("complete", 5, 5)
    assert found["skipped"] == {"not pictures": 1}
    assert found["skipped_files"] == [
        {"file": str(pets / "readme.txt"), "kind": "not pictures", "detail": ".txt"}
    ]
    assert found["height"]["largest"] == 14
    shown = stackgui("scan", pets).out
    assert "5 pictures" in shown
    assert re.search(r"channels  3 in \d pictures", shown)


def test_scan_tells_what_may_be_wrong_and_more_if_it_decodes(stackgui, pets):
    first = next(file for file in sorted(pets.rglob("*.*")) if file.suffix != ".txt")
    shutil.copy(first, pets / f"zz copy{first.suffix}")
    Image.new("RGB", (30, 20)).save(pets / "black.png")
    found = {each["kind"]: each["files"] for each in stackgui("scan", pets, "--json").json["health"]}
    assert not {"duplicate", "nearly blank"} & set(found)
    found = {
        each["kind"]: each["files"] for each in stackgui("scan", pets, "--json", "--check").json["health"]
    }
    assert str(pets / "black.png") in found["nearly blank"]
    assert len(found["duplicate"]) == 1
    out = stackgui("scan", pets, "--check").out
    assert "1 picture repeats an earlier one exactly: " in out
    assert "next to nothing: " in out


def test_without_the_cache_every_file_is_opened_again(stackgui, tmp_path):
    """Size and time of change alone do not tell that this file is another one."""
    file = tmp_path / "D" / "a.ppm"
    file.parent.mkdir()
    for size in (b"4 6", b"6 4"):
        file.write_bytes(b"P6 %s 255\n" % size + bytes(72))
        os.utime(file, ns=(10**18, 10**18))
        remembered = stackgui("scan", file.parent, "--json").json["width"]["largest"]
    assert remembered == 4
    assert stackgui("scan", file.parent, "--json", "--no-cache").json["width"]["largest"] == 6
    assert stackgui("plan", file.parent, "--json", "--no-cache").json["arrays"][0]["shape"] == [1, 4, 6, 3]


def test_looking_at_nothing_is_no_error(stackgui, tmp_path):
    ended = stackgui("scan", tmp_path, "--check", "--json")
    assert (ended.status, ended.json["health"]) == (0, [])


def test_plan_gives_the_plan_and_its_estimate(program, stackgui, pets):
    ended = program("plan", pets, "--json", "--layout", "NCHW", "--size", "12x30", "--anchor", "center")
    assert ended.status == 0
    plan = plan_from_json(ended.json)
    assert plan.options == Options(layout=Layout.NCHW, size=Size.exact(12, 30), anchor=Anchor.CENTER)
    assert plan.arrays[0].shape == (5, 3, 12, 30)
    assert plan.classes == ("cat", "dog")
    assert ended.json["estimate"]["array_bytes"] == [128 + 5 * 3 * 12 * 30]
    assert ended.json["estimate"]["verdict"] == "fits in memory"
    text = stackgui("plan", pets).out
    assert "shape (5, 14, 20, 3), uint8" in text
    assert "fits in memory" in text


@pytest.mark.parametrize("storage", ["memory", "file", "auto"])
def test_convert_makes_a_stack(stackgui, pets, tmp_path, storage):
    out = tmp_path / "stack"
    ended = stackgui("convert", pets, "--out", out, "--json", "--storage", storage, "--workers", 1)
    assert ended.status == 3
    report = ended.json
    assert report["status"] == "complete_with_failures"
    assert (report["rows"], report["failed"], report["skipped"]) == (5, 1, {"not pictures": 1})
    assert report["arrays"] == [{"file": "images.npy", "shape": [5, 14, 20, 3], "dtype": "uint8"}]
    assert report["seconds"] > 0
    assert report["images_per_s"] == pytest.approx(5 / report["seconds"])
    assert report["peak_rss_bytes"] > 10_000_000
    assert ended.err == ""
    with package.open_stack(out) as stack:
        assert len(stack) == 5
        blank = report["failures"][0]["row"]
        assert stack.files[blank] == report["failures"][0]["file"]
        assert not stack.images[blank].any()
        for row in np.flatnonzero(stack.valid).tolist():
            assert np.array_equal(stack.original(row), np.asarray(Image.open(stack.files[row])))


def test_a_complete_conversion_ends_with_zero(program, pets, tmp_path):
    ended = program("convert", pets / "cat", "--out", tmp_path / "stack")
    assert ended.status == 0
    assert f"Both pictures are in {tmp_path / 'stack'}" in ended.out
    assert ended.err == ""


def test_stopping_at_an_error_is_a_failure(stackgui, pets, tmp_path):
    ended = stackgui("convert", pets, "--out", tmp_path / "stack", "--on-error", "stop")
    assert ended.status == 1
    assert "4.png" in ended.sentence
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["convert", "{pets}"], "--out"),
        (["convert", "--out", "{out}"], "Nothing was given"),
        (["convert", "{pets}", "--out", ""], "Choose a folder"),
        (["convert", "{pets}/nothing", "--out", "{out}"], "There is no file or folder"),
        (["convert", "{pets}/readme.txt", "--out", "{out}"], "cannot be used as a list of files"),
        (["convert", "{texts}", "--out", "{out}"], "no pictures"),
        (["convert", "{empty}", "--out", "{out}"], "no pictures"),
        (["plan", "{empty}"], "no pictures"),
        (["convert", "{pets}", "--out", "{pets}/stack"], "outside"),
        (["convert", "{pets}", "--out", "{there}"], "no stack"),
        (["convert", "{pets}", "--out", "{there}", "--replace"], "never replaced"),
        (["convert", "{pets}", "--out", "{there}/file/stack"], "is a file"),
        (["convert", "{pets}", "--out", "{out}", "--size", "0x0"], "a height of 0 and a width of 0"),
        (["convert", "{pets}", "--out", "{out}", "--size", "big"], "is not a size"),
        (["convert", "{pets}", "--out", "{out}", "--size", "p0"], "percentile"),
        (["convert", "{pets}", "--out", "{out}", "--workers", "0"], "number of workers"),
        (["convert", "{pets}", "--out", "{out}", "--fill", "300"], "fill value"),
        (["convert", "{pets}", "--out", "{out}", "--fill", "nan"], "must be a number"),
        (["convert", "{pets}", "--out", "{out}", "--fit", "padd"], "pad, letterbox, stretch, crop, cover"),
        (["convert", "{pets}", "--out", "{out}", "--layuot", "NCHW"], "did you mean --layout"),
        (["convert", "{pets}", "--out", "{out}", "--size", "900000x900000"], "more are needed"),
        (["convert", "{pets}", "--out", "{out}", "--resume", "--restart"], "cannot go together"),
        (["convert", "{pets}", "--out", "{out}", "--redo-changed"], "write --resume too"),
        (["resume", "{out}.partial"], "There is no folder"),
        (["resume"], "STACK.partial"),
        (["verify", "{out}"], "There is no folder"),
        (["verify", "{out}", "--deep", "0"], "not a number of rows"),
        (["retry", "{out}"], "There is no folder"),
        (["scan", "{pets}", "{pets}/cat"], "lies in"),
        (["scna", "{pets}"], "scan"),
        (["--jason"], "stackgui --help"),
    ],
)
def test_bad_input_gets_one_sentence(stackgui, pets, tmp_path, arguments, words):
    places = {name: tmp_path / name for name in ("empty", "texts", "there", "out")} | {"pets": pets}
    for name in ("empty", "texts", "there"):
        places[name].mkdir()
    (places["texts"] / "a.txt").write_text("text")
    (places["there"] / "file").write_text("something of the person's own")
    given = [argument.format(**places) for argument in arguments]
    ended = stackgui(*given)
    assert ended.status == 2
    assert words in ended.sentence
    assert not places["out"].exists()
    assert (places["there"] / "file").exists()
    as_json = stackgui(*given, "--json")
    assert as_json.status == 2
    assert as_json.json["status"] == "failed"
    assert words in as_json.json["error"]
    assert as_json.err == ""


def test_defaults_change_nothing():
    assert options_of(parse(["plan", "x"])) == Options()


def test_every_option_reaches_the_plan():
    words = "plan x --size p95 --fit crop --anchor bottom-right --fill 7 --channels auto --dtype uint16"
    words += " --scale none --layout NCHW --labels none --resample area --draft"
    chosen = options_of(parse(words.split()))
    assert (chosen.size, chosen.fit, chosen.anchor) == (Size.parse("p95"), Fit.CROP, Anchor.BOTTOM_RIGHT)
    assert (chosen.fill, chosen.channels, chosen.dtype) == (7.0, Channels.AUTO, Numbers.UINT16)
    assert [chosen.scale, chosen.layout, chosen.resample] == ["none", "NCHW", "area"]
    assert chosen.labels == Labels.NONE
    assert chosen.decode == "draft"


def test_options_are_not_guessed_from_their_beginning():
    with pytest.raises(UsageError, match="--siz"):
        parse(["plan", "x", "--siz", "max"])


def test_help_and_version(program, capsys):
    assert program("--version").out.startswith(f"stackgui {package.__version__}\n")
    ended = program("--help")
    assert (ended.status, ended.err) == (0, "")
    assert "usage: stackgui" in ended.out
    for command in ("scan", "plan", "convert", "resume", "verify", "retry"):
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
        assert f"usage: stackgui {command}" in capsys.readouterr().out


@pytest.fixture
def long_run(tmp_path):
    """A conversion that cannot end by itself, for the last picture takes too long, and its place."""
    folder = tmp_path / "many"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "0.png")
    for index in range(1, 40):
        (folder / f"{index}.png").hardlink_to(folder / "0.png")
    out = tmp_path / "out" / "stack"
    command = [sys.executable, "-m", "stackgui", "convert", str(folder), "--out", str(out)]
    hold = Hold(tmp_path / "hold", file="39.png", once=out.with_name("stack.partial"))
    return [*command, "--json", "--storage", "file"], out, hold.environment


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_cancels(long_run, request_to_end):
    command, out, held = long_run
    with subprocess.Popen(command, env=held, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for_rows(out.with_name("stack.partial"))
        process.send_signal(request_to_end)
        printed, complaints = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert json.loads(printed)["status"] == "cancelled"
    assert complaints == b""
    assert [entry.name for entry in out.parent.iterdir()] == ["stack.partial"]


def _ended(command):
    ended = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert ended.stderr == b""
    return ended.returncode, json.loads(ended.stdout)


def test_an_interrupted_conversion_is_resumed(stackgui, long_run, tmp_path):
    command, out, held = long_run
    partial = out.with_name("stack.partial")
    with subprocess.Popen(command, env=held, stdout=subprocess.PIPE) as process:
        wait_for_rows(out.with_name("stack.partial"))
        process.send_signal(signal.SIGINT)
        told = json.loads(process.communicate(timeout=LIMIT_S)[0])["error"]
    assert told.startswith("Cancelled. ")
    assert f"of 40 rows are kept: stackgui resume {partial} continues" in told
    again = command[3:]
    refused = stackgui(*again)
    assert refused.status == 2
    assert "An unfinished conversion" in refused.json["error"]
    assert "--resume continues it; --restart throws away" in refused.json["error"]
    refused = stackgui(*again, "--resume", "--fill", "3")
    assert refused.status == 2
    assert "fill value was 0.0, now 3.0" in refused.json["error"]
    resume = ["resume", str(partial), "--json"]
    (tmp_path / "many" / "39.png").unlink()
    Image.new("RGB", (600, 600), "green").save(tmp_path / "many" / "39.png")
    refused = stackgui(*resume)
    assert (refused.status, refused.err) == (2, "")
    assert "1 file (39.png) has changed since" in refused.json["error"]
    assert "--redo-changed" in refused.json["error"]
    status, report = _ended([*command[:3], *resume, "--redo-changed"])
    assert (status, report["status"], report["rows"]) == (0, "complete", 40)
    assert 0 < report["resumed"] < 40
    with package.open_stack(out) as stack:
        for row in (0, 20, 38, 39):
            assert np.array_equal(stack.original(row), np.asarray(Image.open(stack.files[row])))
    gone = stackgui(*resume)
    assert gone.status == 2
    assert "There is no folder" in gone.json["error"]


def test_a_killed_run_leaves_no_process_and_can_begin_anew(long_run):
    command, out, held = long_run
    with subprocess.Popen(command, env=held, stdout=subprocess.PIPE) as process:
        wait_for_rows(out.with_name("stack.partial"))
        workers = psutil.Process(process.pid).children(recursive=True)
        assert len(workers) >= 2
        process.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=LIMIT_S)
    assert alive == []
    assert not out.exists()
    status, report = _ended([*command, "--restart"])
    assert (status, report["status"], report["resumed"]) == (0, "complete", 0)
    assert sorted(os.listdir(out.parent)) == ["stack"]


def test_verify_tells_a_sound_stack_from_a_damaged_one(program, stackgui, pets, tmp_path):
    out = tmp_path / "stack"
    stackgui("convert", pets, "--out", out)
    sound = program("verify", out, "--deep", "all", "--json")
    assert sound.status == 0
    assert sound.json == {
        "status": "sound", "stack": str(out), "rows": 5, "decoded": 4, "gone": 0, "damage": [],
        "not_compared": [],
    }  # fmt: skip
    assert "is intact: 5 rows checked" in stackgui("verify", out).out
    images = np.load(out / "images.npy")
    images[0, 0, 0, 0] ^= 1
    np.save(out / "images.npy", images)
    damaged = stackgui("verify", out)
    assert damaged.status == 1
    assert "is damaged: 5 rows checked" in damaged.out
    assert "images.npy, row 0: its pixels are not those that were written" in damaged.out
    assert damaged.err == ""


def test_how_tensors_are_read_is_shown_and_can_be_chosen(stackgui, tmp_path):
    np.savez(tmp_path / "a.npz", image=np.zeros((3, 100, 3), np.uint8), mask=np.zeros((3, 100), bool))
    refused = json.loads(stackgui("scan", tmp_path, "--json").out)
    assert refused["arrays"] == ["image", "mask"]
    assert refused["problems"][0]["reason"].endswith("if each is a picture): image, mask")
    shown = stackgui("plan", tmp_path, "--array", "image").out
    assert "(3, 100, 3): read as height × width × colour, because the last axis has 3" in shown
    assert "1 tensor could be read in another way" in shown
    chosen = stackgui("scan", tmp_path, "--array", "image", "--tensor-layout", "chw").out
    assert "read as colour × height × width, as you chose" in chosen
    assert "in another way" not in chosen
    assert "hwc" in stackgui("scan", tmp_path, "--tensor-layout", "hcw").err


def test_retry_fills_the_rows_of_repaired_pictures(stackgui, pets, tmp_path):
    out = tmp_path / "stack"
    stackgui("convert", pets, "--out", out)
    damaged = pets / "dog" / "4.png"
    again = stackgui("retry", out, "--json")
    assert again.status == 3
    assert (again.json["retried"], again.json["repaired"], again.json["sources"]) == (1, 0, [str(pets)])
    assert again.json["failures"][0]["file"] == str(damaged)
    Image.new("RGB", (9, 9), "red").save(damaged)
    repaired = stackgui("retry", out)
    assert repaired.status == 0
    assert f"{out}: the failed row was repaired" in repaired.out
    assert f"with pictures from {pets}" in repaired.out
    assert "has no failed rows" in stackgui("retry", out).out
    assert stackgui("verify", out, "--deep", "all").status == 0
    with package.open_stack(out) as stack:
        assert (stack.original(stack.files.index(str(damaged))) == (255, 0, 0)).all()


def test_rows_are_arranged_as_they_are_told(stackgui, pets, tmp_path):
    (tmp_path / "left out").write_text("dog/0.png\nnothing.png\n")
    arranging = ("--buckets", 2, "--multiple", 4, "--shuffle", "--seed", 5, "--split", "50/50")
    (tmp_path / "first").write_text("cat/3.png\n")
    chosen = (*arranging, "--exclude-from", tmp_path / "left out", "--first-from", tmp_path / "first")
    ended = stackgui("plan", pets, "--json", *chosen)
    plan = plan_from_json(ended.json)
    assert (plan.rows, plan.excluded, len(plan.arrays)) == (4, 1, 2)
    firsts = [plan.catalog.path[int(bucket.samples[0])] for bucket in plan.buckets]
    assert "cat/3.png" in firsts, "it has the first row of its array"
    assert {side % 4 for array in plan.arrays for side in array.shape[1:3]} == {0}
    assert plan.parts == ("train", "validation")
    (warning,) = [each for each in ended.json["warnings"] if each["code"] == "names-not-found"]
    assert (warning["count"], warning["examples"]) == (1, ["nothing.png"])
    assert "(--exclude-from) names 1 file that is not there. Names are absolute" in warning["text"]
    stopped = stackgui("convert", pets, "--out", tmp_path / "none", "--on-warning", "stop", *chosen)
    assert stopped.status == 2
    assert "names 1 file that is not there" in stopped.err
    assert "1 picture excluded" in stackgui("plan", pets, *chosen).out
    made = stackgui("convert", pets, "--out", tmp_path / "stack", "--json", *chosen)
    assert (made.status, made.json["fingerprint"]) == (3, plan.fingerprint)
    assert made.json["skipped"] == {"not pictures": 1, "pictures excluded": 1}


def test_a_list_that_names_nothing_is_told(stackgui, pets, tmp_path):
    (tmp_path / "list").write_text("a.png")
    ended = stackgui("plan", pets, "--exclude-from", tmp_path / "list")
    assert ended.status == 2
    assert "not there. Names are absolute, or relative to the folders. For example: a.png" in ended.sentence
    missing = stackgui("plan", pets, "--shrink-from", tmp_path / "none").sentence
    assert "none cannot be read: there is no such file." in missing


def test_when_all_pictures_are_excluded_the_option_is_named(stackgui, tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "list").write_text("a.png")
    ended = stackgui("plan", tmp_path / "a.png", "--exclude-from", tmp_path / "list")
    assert ended.status == 2
    assert "All pictures that can be read are excluded. Take some back in. --exclude-from" in ended.sentence


def test_how_a_list_without_titles_was_read_is_told_once(stackgui, tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("L", (4, 4)).save(tmp_path / name)
    (tmp_path / "train.txt").write_text("a.png cat\nb.png dog\n")
    source = tmp_path / "train.txt"
    said = "train.txt has no titles and was read"
    assert stackgui("scan", source).out.count(said) == 1
    assert stackgui("plan", source).out.count(said) == 1
    made = stackgui("convert", source, "--out", tmp_path / "stack")
    assert (made.out + made.err).count(said) == 1


def test_a_plan_tells_what_would_make_it_smaller(stackgui, pets):
    Image.new("RGB", (400, 300)).save(pets / "cat" / "huge.png")
    told = stackgui("plan", pets, "--json", "--split", "50/50").json["advice"]
    assert told["outliers"] == [
        {
            "files": [str(pets / "cat" / "huge.png")],
            "array_bytes": 128 + 5 * 14 * 20 * 3,
            "shrunk_bytes": 128 + 6 * 14 * 20 * 3,
        }
    ]
    (pets / "list").write_text("cat/huge.png\n")
    without = stackgui("plan", pets, "--json", "--exclude-from", pets / "list").json
    assert sum(without["estimate"]["array_bytes"]) == told["outliers"][0]["array_bytes"]
    assert {"buckets", "grey", "exclude outliers"} <= {remedy["kind"] for remedy in told["remedies"]}
    assert told["split"]["parts"] == ["train", "validation"]
    text = stackgui("plan", pets).out
    assert "1 of 6 pictures makes the array 500 times as large, 2.16 MB instead of" in text
    assert ": cat/huge.png" in text
    assert "--exclude-from a list of these makes it 4.33 kB" in text


def test_a_plan_is_carried_out_elsewhere(stackgui, pets, tmp_path):
    (tmp_path / "list").write_text("dog/0.png")
    chosen = (
        "--size",
        "8x9",
        "--fit",
        "letterbox",
        "--exclude-from",
        tmp_path / "list",
        "--draft",
        "--shuffle",
    )
    (tmp_path / "plan").write_text(stackgui("plan", pets, "--json", *chosen).out)
    pets.rename(tmp_path / "moved")
    ended = stackgui(
        "convert", tmp_path / "moved", "--plan", tmp_path / "plan", "--out", tmp_path / "s", "--json"
    )
    assert ended.status == 3
    assert (ended.json["rows"], ended.json["arrays"][0]["shape"]) == (4, [4, 8, 9, 3])
    header = json.loads((tmp_path / "s" / "stack.json").read_text())["plan"]
    was = json.loads((tmp_path / "plan").read_text())
    assert header["options"] == was["options"]
    typed = stackgui("plan", tmp_path / "moved", "--plan", tmp_path / "plan", "--fit", "crop", "--json").json
    assert typed["options"] == was["options"] | {"fit": "crop"}


def test_a_plan_of_the_same_folders_makes_the_same_stack(stackgui, pets, tmp_path):
    chosen = ("--buckets", "2", "--multiple", "4", "--split", "60/20/20", "--shuffle", "--seed", "5")
    saved = stackgui("plan", pets, "--json", "--save", tmp_path / "plan", *chosen).out
    assert json.loads((tmp_path / "plan").read_text())["catalog"]["path"] is None
    by_plan = stackgui("convert", pets, "--plan", tmp_path / "plan", "--out", tmp_path / "a", "--json").json
    typed = stackgui("convert", pets, *chosen, "--out", tmp_path / "b", "--json").json
    assert by_plan["fingerprint"] == typed["fingerprint"] == json.loads(saved)["fingerprint"]
    names = [array["file"] for array in by_plan["arrays"]]
    assert len(names) == 2
    for name in [*names, "manifest.csv"]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_plan_leads_nowhere_by_itself(stackgui, pets, tmp_path):
    saved = stackgui("plan", pets, "--json").json
    saved["scan_options"] |= {"follow_links": True, "list_root": "/", "label_list": "/etc/passwd"}
    (tmp_path / "plan").write_text(json.dumps(saved))
    told = stackgui("plan", "--plan", tmp_path / "plan").sentence
    assert told.startswith("Name the folders to look into")
    assert str(pets) in told
    planned = stackgui("plan", pets, "--plan", tmp_path / "plan", "--json").json
    assert planned["scan_options"] == stackgui("plan", pets, "--json").json["scan_options"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "not a plan"),
        ("[" * 100_000, "is not a plan, or is damaged"),
        (f'{{"format": {"9" * 5000}}}', "is not a plan, or is damaged"),
        ("nonsense", "is not a plan, or is damaged"),
        (None, "cannot be read: there is no such file"),
    ],
)
def test_what_is_no_plan_is_told(stackgui, pets, tmp_path, text, sentence):
    if text is not None:
        (tmp_path / "plan").write_text(text)
    ended = stackgui("plan", pets, "--plan", tmp_path / "plan")
    assert ended.status == 2
    assert sentence in ended.sentence


def test_presets_are_chosen_by_name(stackgui, pets):
    made = stackgui("plan", pets, "--preset", "Square 224 for classification", "--json").json
    assert made["options"]["size"] == "224x224"
    assert made["options"]["fit"] == "cover"
    assert (
        "There is no preset “mine”. There are “Exactly" in stackgui("plan", pets, "--preset", "mine").sentence
    )


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"size": Size.exact(12, 9), "fit": Fit.COVER},
        {"buckets": 3, "multiple": 4, "split": Split.parse("50/50")},
    ],
    ids=["defaults", "cover", "buckets"],
)
def test_figures_are_those_that_the_window_shows(stackgui, pets, tmp_path, chosen):
    options = Options(**chosen)
    (tmp_path / "plan").write_text(json.dumps(SharedPlan(options).to_json()))
    told = stackgui("plan", pets, "--plan", tmp_path / "plan", "--json").json
    with Engine(1) as engine:
        catalog = engine.scan([str(pets)], Control())
    plan, _ = transitions.make_plan(options, catalog)
    assert plan.header_json() == {name: told[name] for name in plan.header_json()}
    needed = estimate(plan, Resources(10**12, 10**12, None, 1))
    assert told["estimate"]["array_bytes"] == list(needed.array_bytes)
    assert told["estimate"]["stack_bytes"] == needed.stack_bytes
    assert [saving["saved_bytes"] for saving in told["advice"]["remedies"]] == [
        remedy.saved_bytes for remedy in remedies(plan)
    ]


def test_a_label_of_any_length_is_a_label(stackgui, pets, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text(f"filename,label\n1.png,{'9' * 5000}\n3.png,10\n")
    told = stackgui("plan", pets, "--label-list", labels, "--json").json
    assert told["classes"] == ["10", "9" * 5000]


def test_a_manifest_tells_which_pictures_to_leave_out(stackgui, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for place, name in enumerate(("=1.png", "-2.png", "a\\xe9.png", "4.png")):
        Image.fromarray(np.full((4, 5), place, np.uint8)).save(folder / name)
    out = tmp_path / "stack"
    assert stackgui("convert", folder, "--out", out).status == 0
    left_out = tmp_path / "left out.csv"
    lines = (out / "manifest.csv").read_bytes().splitlines(keepends=True)
    left_out.write_bytes(b"".join(line for line in lines if b"4.png" not in line))
    ended = stackgui("plan", folder, "--exclude-from", left_out, "--json")
    assert ended.err == ""
    assert ended.json["arrays"][0]["shape"][0] == 1


def test_lists_of_labels_are_told_doubted_and_refused(stackgui, pets, tmp_path):
    (tmp_path / "l.csv").write_text("filename,Finding Labels,age\ncat/1.png,tabby,3\ndog/9.png,poodle,4\n")
    told = "l.csv: files from “filename”, labels from “Finding Labels”; other columns: “age”."
    found = stackgui("scan", pets, "--label-list", tmp_path / "l.csv", "--json").json
    assert found["lists"] == [told, "l.csv: 1 of 2 lines matches a picture."]
    codes = ["label-column", "label-lines-without-picture", "pictures-without-label-line"]
    assert [warning["code"] for warning in found["warnings"]][:3] == codes
    ended = stackgui("convert", pets, "--label-list", tmp_path / "l.csv", "--out", tmp_path / "stack")
    assert told in ended.err
    assert "1 of 2 lines of l.csv names no picture. For example: dog/9.png" in ended.err
    kept = json.loads((tmp_path / "stack" / "stack.json").read_text())["warnings"]
    assert kept == found["warnings"], "what a scan foresees is what a stack keeps"
    (tmp_path / "l.csv").write_text("filename,label\nlion/1.png,lion\n")
    refused = stackgui("convert", pets, "--label-list", tmp_path / "l.csv", "--out", tmp_path / "other")
    assert refused.status == 2
    assert "lion/1.png" in refused.sentence
    assert not (tmp_path / "other").exists()


def test_a_plan_that_leaves_archives_aside_is_obeyed(stackgui, pets, tmp_path):
    with zipfile.ZipFile(pets / "more.zip", "w") as archive:
        archive.write(pets / "cat" / "1.png", "1.png")
    shared = SharedPlan(Options(), ScanOptions(open_archives=False))
    (tmp_path / "plan").write_text(json.dumps(shared.to_json()))
    rows = [
        stackgui("plan", pets, *more, "--json").json["rows"]
        for more in ((), ("--no-archives",), ("--plan", tmp_path / "plan"))
    ]
    assert rows == [rows[0], rows[0] - 1, rows[0] - 1]


def test_a_scan_tells_where_annotations_are(stackgui, tmp_path):
    file = PROJECTS["cvat"](tmp_path / "pets", PICTURES)
    assert (
        f"boxes     CVAT: 5 boxes for 5 pictures, from 1 file, {file}"
        in stackgui("scan", tmp_path / "pets").out
    )
    found = stackgui("scan", tmp_path / "pets", "--json").json["annotations"]
    assert (found["objects"], found["pictures"], found["complaints"]) == (5, 5, [])
    (source,) = found["sources"]
    assert (source["title"], source["place"], source["orphans"]) == ("CVAT", str(file), 0)
    assert stackgui("plan", tmp_path / "pets", "--json").json["annotations"] == found


def test_a_plan_is_told_where_its_stack_will_be(stackgui, pets, tmp_path):
    pytest.importorskip("obstore")
    sent = stackgui("plan", pets, "--out", "s3://bucket/pets.zarr", "--json").json["estimate"]
    kept = stackgui("plan", pets, "--out", tmp_path / "pets", "--json").json["estimate"]
    assert (sent["verdict"], sent["free_disk_bytes"]) == ("is sent to a bucket", None)
    assert kept["free_disk_bytes"] > 0
    assert sent["working_bytes"] > kept["working_bytes"]
    refused = stackgui("plan", pets, "--out", "https://host/pets.zarr")
    assert refused.status == 2
    assert "can only be read" in refused.err
