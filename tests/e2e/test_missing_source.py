"""A source that is gone while others are there, through the real window."""

import numpy as np
from PIL import Image


def test_it_is_a_problem_of_its_own_and_the_others_go_on(drive, tmp_path):
    folders = [tmp_path / name for name in ("here", "away")]
    for folder in folders:
        folder.mkdir()
        Image.fromarray(np.zeros((3, 4), np.uint8)).save(folder / "1.png")
    card = "problem.missing-sources"

    def script(person):
        def shown(*counts):
            model = person.find("sources.list").model()
            cells = tuple(model.index(row, 1).data() for row in range(model.rowCount()))
            return cells == counts and person.can_press("save.convert")

        person.drops(*folders)
        yield lambda: shown("1", "1")
        folders[1].rename(tmp_path / "elsewhere")
        person.window.menus["searchAgain"].trigger()
        yield lambda: shown("1", "out of reach")
        assert not person.find("sources.skipped").isVisible(), "it is no file"
        person.press("save.warnings")
        yield lambda: person.sees(f"{card}.words", "1 source cannot be reached.")
        assert person.sees(f"{card}.files", f"{folders[1]}: it is not there")
        (tmp_path / "elsewhere").rename(folders[1])
        person.press(f"{card}.search_again")
        yield lambda: shown("1", "1")
        assert not person.find(card).isVisible()
        folders[1].rename(tmp_path / "elsewhere")
        person.window.menus["searchAgain"].trigger()
        yield lambda: person.can_press(f"{card}.remove")
        person.press(f"{card}.remove")
        yield lambda: shown("1")
        assert not person.find(card).isVisible()

    assert drive(script) == 0
