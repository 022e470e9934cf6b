"""Somebody who adds a folder to the real window and then does one thing: the program that tests kill."""

import textwrap

PROGRAM = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QAbstractButton, QApplication
    from stackgui.gui.app.app import main

    def look():
        for window in QApplication.topLevelWidgets():
            convert = window.findChild(QAbstractButton, "save.convert")
            if convert is None or not window.isVisible():
                continue
            if folders:
                window.folders_dropped.emit([folders.pop()])
            elif convert.isEnabled():
                window.findChild(QAbstractButton, "%s").click()
                timer.stop()

    if __name__ == "__main__":
        qt = QApplication(["stackgui"])
        folders = sys.argv[1:]
        timer = QTimer(interval=20)
        timer.timeout.connect(look)
        timer.start()
        sys.exit(main())
"""


def person_who_clicks(name: str) -> str:
    """The program's text; the button `name` is clicked as soon as the folder can be converted."""
    return textwrap.dedent(PROGRAM % name)
