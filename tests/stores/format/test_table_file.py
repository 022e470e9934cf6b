"""Files that are read piece by piece, and whether somebody else can replace them meanwhile."""

import os

import numpy as np
import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.run.edits import ExcludeEdit, LabelEdit
from stackgui.stores.files import renaming
from stackgui.stores.format import table_file
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.viewed import ViewedStack
from tests.looking import make_stack


def open_below(folder) -> set[str]:
    """The files below a folder that this process has open or mapped."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    with open("/proc/self/maps", encoding="utf-8") as maps:
        found |= {line.split(maxsplit=5)[-1].strip() for line in maps}
    return {os.path.basename(file) for file in found if file.startswith(f"{folder}/")}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux tells which files are open")
def test_on_windows_a_stack_that_one_looks_at_can_be_changed_by_others(tmp_path, monkeypatch):
    monkeypatch.setattr(table_file, "_stays_open", False)
    stack = make_stack(tmp_path / "pets")
    replaced, real = [], os.replace

    def replace(source, target):
        """As on Windows, where nobody replaces a file that is open."""
        assert os.path.basename(target) not in open_below(stack)
        replaced.append(os.path.basename(target))
        real(source, target)

    viewed = ViewedStack(str(stack), str(tmp_path / "names"))
    before = viewed.facts(range(7))
    assert viewed.pixels(0, (0, 0, 2, 2)).shape == (2, 2, 3)
    assert [len(names) > 0 for _, names in viewed.names(UNWATCHED)] == [True]
    assert open_below(stack) == set()
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(renaming, "PATIENCE_S", 0.0)
    edit_stack(stack, [LabelEdit((0,), "dog", by_hand=True), ExcludeEdit((1,), excluded=True)])
    assert {"labels.npy", "valid.npy", "stack.json"} <= set(replaced)
    assert before[0].label == "cat"
    assert viewed.facts([0])[0].label == "dog"
    columns = np.concatenate([each["label"] for _, each in viewed.columns(("label",), UNWATCHED)])
    assert len(columns) == 7
    viewed.close()
