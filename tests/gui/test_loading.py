"""Classes of Qt's objects are made in the thread of the window only."""

import subprocess
import sys

from PIL import Image

OPENS_A_FOLDER = """
import sys, threading

elsewhere = set()

class Notes:
    def find_spec(name, path=None, target=None):
        if threading.current_thread() is not threading.main_thread():
            elsewhere.add(name)

sys.meta_path.insert(0, Notes)

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from stackgui.gui.app.app import main

def look():
    lines = [window.findChild(QLabel, "save.line") for window in qt.topLevelWidgets()]
    is_ready = any(line and "Ready" in line.text() for line in lines)
    if is_ready and "stackgui.gui.widgets.size_canvas" in sys.modules:
        qt.quit()

qt = QApplication([])
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
main(sys.argv[1:])
print("stackgui.engine.scanning.scan" in elsewhere)
of_qt = ("PySide6", "shiboken6", "pyqtgraph", "stackgui.gui")
print(*sorted(name for name in elsewhere if name.startswith(of_qt)))
"""
"""Opens a folder in the real window; prints what other threads imported of the search and of Qt."""


def test_nothing_of_qt_is_imported_by_a_job(tmp_path):
    for number in range(3):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / f"{number}.png")
    done = subprocess.run(
        [sys.executable, "-c", OPENS_A_FOLDER, str(tmp_path)], check=True, capture_output=True, text=True
    )
    jobs_import, of_qt = done.stdout.splitlines()
    assert jobs_import == "True"
    assert of_qt == ""
