"""Lists that make no sense beside a folder of pictures, through the real window."""

import numpy as np
from PIL import Image

from stackgui.core.catalog.scan_options import ScanOptions


def test_they_are_problems_with_a_button_and_the_folder_is_searched(drive, tmp_path):
    folder, listed, labels = tmp_path / "pets", tmp_path / "list.csv", tmp_path / "labels.csv"
    folder.mkdir()
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(folder / "1.png")
    listed.write_text("away/8.png\naway/9.png\n")
    labels.write_text("file,label\n8.png,cat\n9.png,dog\n")
    source, warned = "problem.lists that cannot be used".replace(" ", "-"), "problem.label-list-useless"

    def script(person):
        def shown(*counts):
            model = person.find("sources.list").model()
            cells = tuple(model.index(row, 1).data() for row in range(model.rowCount()))
            return cells == counts and person.can_press("save.convert")

        person.drops(folder, listed)
        yield lambda: shown("1", "not used")
        assert person.sees("save.warnings", "1 problem")
        assert not person.find("sources.skipped").isVisible(), "it is no file among the pictures"
        person.window.plan.labels.scan_changed.emit(ScanOptions(label_list=str(labels)))
        yield lambda: shown("1", "not used") and person.sees("save.warnings", "2 problems")
        person.press("save.warnings")
        yield lambda: person.sees(f"{source}.words", "1 list of files cannot be used.")
        assert person.sees(f"{source}.files", "it names 2 files, of which none is in")
        assert person.sees(f"{warned}.words", "No line of")
        person.press(f"{warned}.mend")
        yield lambda: shown("1", "not used") and not person.find(warned).isVisible()
        person.press(f"{source}.remove")
        yield lambda: shown("1") and not person.find("save.warnings").isVisible()

    assert drive(script) == 0
