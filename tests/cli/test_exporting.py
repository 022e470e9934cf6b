"""Exporting at the terminal."""

import subprocess
import sys

import numpy as np
import pytest

import stackgui as package
from tests.serving import SECRETS, bucket_on_loopback, refused


@pytest.fixture
def stack(stackgui, pets, tmp_path):
    assert stackgui("convert", pets, "--out", tmp_path / "stack").status == 3
    return tmp_path / "stack"


def test_a_stack_is_exported(stackgui, stack, tmp_path):
    target = tmp_path / "pets.npz"
    ended = stackgui("export", stack, "--to", "npz", "--out", target)
    assert ended.status == 0
    assert ended.err == "1 row stays blank, with “valid” false: its picture could not be read.\n"
    assert ended.out.startswith(f"5 rows of {stack} are in {target}\n")
    with np.load(target, allow_pickle=False) as found, package.open_stack(stack) as made:
        np.testing.assert_array_equal(found["images"], made.images)
        assert found["classes"].tolist() == made.classes
    again = stackgui("export", stack, "--to", "npz", "--out", target)
    assert (again.status, again.sentence) == (
        2, f"{target} already exists. Choose another name, or move it away.",
    )  # fmt: skip


def test_programs_are_told_in_json(stackgui, stack, tmp_path):
    target = tmp_path / "pets.npz"
    told = stackgui("export", stack, "--to", "npz", "--out", target, "--json").json
    seconds = told.pop("seconds")
    assert seconds >= 0
    assert told.pop("loading").startswith("import numpy as np\n")
    assert told == {
        "status": "complete", "stack": str(stack), "to": "npz", "target": str(target), "rows": 5,
        "failed": 1, "excluded": 0, "gone": 0, "keeps_all": True, "bytes": target.stat().st_size,
        "left_out": "",
    }  # fmt: skip
    failed = stackgui("export", stack, "--to", "npz", "--out", target, "--json")
    assert (failed.status, failed.json["status"]) == (2, "failed")


def test_it_is_written_to_an_address_and_no_secret_anywhere(stackgui, stack, monkeypatch):
    with bucket_on_loopback(monkeypatch) as bucket:
        place = "s3://pictures/for me/pets.npz"
        ended = stackgui("export", stack, "--to", "npz", "--out", place)
        assert ended.out.startswith(f"5 rows of {stack} are in {place}\n")
        again = stackgui("export", stack, "--to", "npz", "--out", place, "--json")
        assert (again.status, again.json["status"]) == (2, "failed")
        told = stackgui("export", stack, "--to", "zarr", "--out", "s3://pictures/pets.zarr/", "--json").json
        assert told["target"] == "s3://pictures/pets.zarr"
        bucket.faults.of["other.npz"] = refused
        kept = stackgui("export", stack, "--to", "npz", "--out", "s3://pictures/other.npz", "--json")
        key = stackgui("export", stack, "--to", "npz", "--out", "s3://me:hidden@pictures/x.npz")
        assert "it holds a name or a password" in key.sentence
        for shown in (ended.out, ended.err, again.out, kept.out, kept.err, key.err, str(told)):
            assert not any(secret in shown for secret in (*SECRETS, "hidden"))
        assert "allows no access with the credentials" in str(kept.json)


def test_what_is_no_stack_is_not_exported(stackgui, pets, tmp_path):
    target = tmp_path / "pets.npz"
    ended = stackgui("export", tmp_path / "nothing", "--to", "npz", "--out", target)
    assert (ended.status, ended.sentence) == (2, f"There is no folder {tmp_path / 'nothing'}.")
    ended = stackgui("export", pets, "--to", "npz", "--out", target)
    assert ended.status == 1
    assert ended.sentence == f"{pets} is not a complete stack: stack.json is missing."
    assert not target.exists()


def test_other_commands_do_not_load_what_exports_need():
    code = "import sys, stackgui.cli; print([name for name in sys.modules if 'stores.stack' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_code_that_loads_a_stack_is_printed_for_a_library(stackgui, stack):
    ended = stackgui("snippet", stack)
    assert (ended.status, ended.err) == (0, "")
    names = {}
    exec(ended.out, names)
    assert names["images"].shape[0] == 5
    assert f"stack = Path({str(stack)!r})" in stackgui("snippet", stack, "--for", "torch").out
    told = stackgui("snippet", stack, "--for", "jax", "--json").json
    assert (told["status"], told["for"]) == ("complete", "jax")
    assert "import jax.numpy as jnp" in told["python"]
    assert stackgui("snippet", stack, "--for", "fortran").status == 2
    assert (
        stackgui("snippet", stack.parent / "nothing").sentence
        == f"There is no folder {stack.parent / 'nothing'}."
    )


@pytest.mark.parametrize(
    "words",
    [("export", "--to", "npz", "--out", "pets.npz"), ("retry",), ("update",), ("report",)],
    ids=lambda words: words[0],
)
def test_what_needs_a_folder_says_what_to_do_with_an_address(stackgui, words):
    place = "s3://bucket/pets.zarr"
    ended = stackgui(words[0], place, *words[1:])
    assert ended.status == 2
    assert ended.sentence.startswith(f"{place} is an address, but this needs a stack in a folder.")
    assert f"“stackgui snippet {place}” prints the Python that opens it." in ended.sentence
