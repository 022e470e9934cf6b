"""A window that is killed while somebody works in it loses nothing that was done a second before."""

import json
import os
import subprocess
import sys
import time

import pytest
from PIL import Image

from stackgui.core.base.choices import Fit
from stackgui.engine.project_file import own_folder
from tests.person import person_who_clicks

LIMIT_S = 100.0


def kept() -> list[str]:
    """The fits in the projects that nobody saved elsewhere."""
    folder = own_folder()
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    files = [os.path.join(folder, name) for name in names if name.endswith(".stackgui")]
    read = []
    for file in files:
        with open(file, "rb") as opened:
            read.append(json.load(opened)["options"]["fit"])
    return read


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_it_is_there_again_at_the_next_start(home, tmp_path, drive):
    (tmp_path / "person.py").write_text(person_who_clicks("plan.fit.letterbox"))
    (tmp_path / "pets").mkdir()
    for index in range(3):
        Image.new("RGB", (10 + index, 12)).save(tmp_path / "pets" / f"{index}.png")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.getcwd()}
    command = [sys.executable, str(tmp_path / "person.py"), str(tmp_path / "pets")]
    with subprocess.Popen(command, env=environment) as window:
        try:
            deadline_s = time.monotonic() + LIMIT_S
            while kept() != [Fit.LETTERBOX]:
                assert time.monotonic() < deadline_s, "nothing was kept"
                assert window.poll() is None
                time.sleep(0.05)
        finally:
            window.kill()

    def person(person):
        yield lambda: person.sees("save.line", "Ready: 3 pictures")
        assert person.find("plan.fit.letterbox").isChecked()
        assert person.window.windowTitle() == "pets"
        person.window.close()

    assert drive(person) == 0
    assert kept() == [Fit.LETTERBOX]
