"""A window that is killed in the middle of a conversion leaves nothing but what can be resumed."""

import json
import os
import subprocess
import sys

import numpy as np
import psutil
import pytest
from PIL import Image

from stackgui.stores.recovery.folder import is_locked
from tests.holding import Hold, wait_for_rows
from tests.person import person_who_clicks

ROWS = 40


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pets"
    made.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    Image.fromarray(pixels).save(made / "0.png")
    for index in range(1, ROWS):
        (made / f"{index}.png").hardlink_to(made / "0.png")
    return made


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_no_worker_no_lock_and_no_shared_memory_remain(folder, home, tmp_path):
    (tmp_path / "person.py").write_text(person_who_clicks("save.convert"))
    partial = home / "stacks" / "pets.partial"
    stuck = Hold(tmp_path / "hold", file=f"{ROWS - 1}.png", once=partial)
    command = [sys.executable, str(tmp_path / "person.py"), str(folder)]
    with subprocess.Popen(command, env=stuck.environment) as window:
        try:
            wait_for_rows(partial)
            assert window.poll() is None
            workers = psutil.Process(window.pid).children(recursive=True)
            assert len(workers) >= 2
            assert is_locked(str(partial))
        finally:
            window.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []
    assert not is_locked(str(partial))
    assert stuck.temporary_files() == []
    resume = [sys.executable, "-m", "stackgui", "resume", str(partial), "--json"]
    report = json.loads(subprocess.run(resume, capture_output=True, check=True, timeout=200).stdout)
    assert report["resumed"] > 0
    assert (report["rows"], report["failed"]) == (ROWS, 0)
    assert os.listdir(home / "stacks") == ["pets"]
