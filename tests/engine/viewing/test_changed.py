"""What an update has found, as it looks: before in the stack, and now in the folders."""

import numpy as np
import pytest
from PIL import Image

from stackgui.core.options.options import Options
from stackgui.core.options.update_options import HowToUpdate
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control

SHADES = {"a": 10, "b": 60, "c": 110}


def save(folder, name: str, shade: int) -> None:
    Image.new("L", (20, 20), shade).save(folder / f"{name}.png")


@pytest.fixture
def stack(engine, scan, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, shade in SHADES.items():
        save(folder, name, shade)
    engine.convert(resolve(Options(), scan(folder)), RunOptions(str(tmp_path / "stack")), Control())
    (folder / "a.png").unlink()
    save(folder, "b", 200)
    save(folder, "d", 250)
    return str(tmp_path / "stack")


def shade(thumb) -> int | None:
    return None if thumb is None else int(np.median(thumb.pixels))


def test_old_rows_stand_beside_what_their_files_make_now(engine, stack):
    found = engine.update(stack, Control(), HowToUpdate(only_look=True)).pictures
    assert [found.kind(index) for index in range(len(found))] == ["new", "changed", "gone"]
    assert found.all_rows.tolist() == [3, 1, 0]
    looks = engine.found_pictures(found, (0, 1, 2), 64, Control())
    assert [each.index for each in looks] == [0, 1, 2]
    assert [(shade(each.before), shade(each.now)) for each in looks] == [(None, 250), (60, 200), (10, None)]


def test_after_the_update_the_stack_is_all_there_is_to_see(engine, stack):
    done = engine.update(stack, Control(), HowToUpdate())
    assert done.is_done
    looks = engine.found_pictures(done.pictures, (0, 1, 2), 64, Control())
    assert [(shade(each.before), shade(each.now)) for each in looks] == [(250, None), (200, None), (10, None)]


def test_a_file_that_is_gone_meanwhile_says_so(engine, stack, tmp_path):
    found = engine.update(stack, Control(), HowToUpdate(only_look=True)).pictures
    (tmp_path / "pictures" / "d.png").unlink()
    (look,) = engine.found_pictures(found, (0,), 64, Control())
    assert look.now.reason
