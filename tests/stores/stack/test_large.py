"""A large stack, whose manifest is columns, is what a smaller one is, whoever looks at it."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.plan import manifest_form
from stackgui.core.run.edits import ExcludeEdit, LabelEdit
from stackgui.stores.export.listing import ROWS_FILE, listing_bytes, write_listing
from stackgui.stores.format.manifest_columns import COLUMNS_FILE
from stackgui.stores.format.names import NAMES_FILE
from stackgui.stores.format.tables import MANIFEST_FILES
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.reader import open_stack
from stackgui.stores.stack.retry import StackRewriter
from stackgui.stores.stack.rows import rows_of
from stackgui.stores.stack.some_sources import sources_of_rows
from stackgui.stores.stack.verify import Verify
from stackgui.stores.stack.viewed import ViewedStack
from tests.stores.stack.test_stack import VERSIONS, write_stack

EDITS = [LabelEdit((1,), "owl"), LabelEdit((0,), ""), ExcludeEdit((0, 3), excluded=True)]


@pytest.fixture(params=[{}, {"shuffle": True}, {"split": None}], ids=["in order", "shuffled", "edited"])
def both(request, tmp_path, monkeypatch) -> tuple[Path, Path]:
    """The same stack twice: as one of few rows, and as a large one."""
    options, is_edited = dict(request.param), "split" in request.param
    options.pop("split", None)
    small, large = tmp_path / "small", tmp_path / "large"
    write_stack(small, **options)
    monkeypatch.setattr(manifest_form, "MOST_LISTED", 3)
    write_stack(large, **options)
    if is_edited:
        for folder in (small, large):
            edit_stack(folder, EDITS)
    return small, large


def test_only_the_form_of_the_manifest_differs(both):
    small, large = both
    files = [{name for name in os.listdir(folder) if name != "edits.jsonl"} for folder in both]
    assert files[0] - files[1] == {"manifest.csv", "manifest.jsonl"}
    assert files[1] - files[0] == {COLUMNS_FILE}
    for name in files[0] & files[1] - {"stack.json"}:
        assert (small / name).read_bytes() == (large / name).read_bytes(), name
    headers = [json.loads((folder / "stack.json").read_text()) for folder in both]
    assert [header.pop("version") for header in headers] == [1, 2]
    assert headers[0] == headers[1]


def test_what_reads_it_reads_the_same(both):
    plans = [rows_of(str(folder)) for folder in both]
    assert plans[0].fingerprint == plans[1].fingerprint
    assert list(plans[0].problem) == list(plans[1].problem)
    assert plans[0].classes == plans[1].classes
    found = []
    for folder in both:
        with open_stack(folder) as stack:
            manifest = stack.manifest
            sources = sources_of_rows(str(folder), stack.header, [2, 0])
            seen = [list(stack.files), stack.files[1:3], list(manifest.status), list(manifest.label)]
            found.append([*seen, list(sources.path), sources.mtime_ns.tolist(), manifest.changes.marked()])
    assert found[0] == found[1]


def test_the_window_sees_the_same_also_without_a_table_of_names(both, tmp_path):
    seen = []
    for number, folder in enumerate(both):
        (folder / NAMES_FILE).unlink()
        viewed = ViewedStack(str(folder), str(tmp_path / f"names-{number}"))
        facts = viewed.facts([3, 0, 1, 2])
        twice = [[bytes(names) for _, names in viewed.names(UNWATCHED)] for _ in range(2)]
        assert twice[0] == twice[1]
        seen.append((facts, b"".join(twice[0])))
        viewed.close()
    assert [each.name for each in seen[0][0]] == [each.name for each in seen[1][0]]
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] == seen[1][1]


def test_the_table_for_people_is_made_when_it_is_wanted(both, tmp_path):
    small, large = both
    with open_stack(large) as stack:
        write_listing(stack, str(tmp_path), UNWATCHED)
        assert listing_bytes(stack) > 0
    assert (tmp_path / ROWS_FILE).read_bytes() == (small / "manifest.csv").read_bytes()


def test_verification_finds_it_intact_and_names_what_is_damaged(both):
    def damage() -> list[str]:
        verify = Verify(str(both[1]))
        verify.check(UNWATCHED)
        # The sums of the first rows are made up.
        return [found.file for found in verify.damage if found.row is None or found.file != "images.npy"]

    assert damage() == []
    valid = np.load(both[1] / "placements.npy")
    np.save(both[1] / "placements.npy", valid[::-1])
    assert COLUMNS_FILE in damage()
    np.save(both[1] / "placements.npy", valid)
    data = bytearray((both[1] / COLUMNS_FILE).read_bytes())
    data[64] ^= 1
    (both[1] / COLUMNS_FILE).write_bytes(data)
    assert damage() == [COLUMNS_FILE]


def test_a_retry_takes_the_edits_in_and_leaves_one_manifest(both):
    small, large = both
    for folder in both:
        writer = StackRewriter.open(str(folder), VERSIONS)
        writer.begin(writer.plan)
        writer.keep()
        assert [name for name in MANIFEST_FILES if (folder / name).exists()] == [COLUMNS_FILE]
        assert not (folder / "edits.jsonl").exists()
    assert (small / COLUMNS_FILE).read_bytes() == (large / COLUMNS_FILE).read_bytes()
    assert (small / "stack.json").read_bytes() == (large / "stack.json").read_bytes()
