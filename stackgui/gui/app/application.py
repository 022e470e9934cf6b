"""Qt's application, made so that a screen on which there can be no window is a sentence and not an abort."""

from __future__ import annotations

import os
import shutil
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from stackgui import system

FAILED = 1
"""Exit status."""


def application() -> QApplication:
    """The application, a new one where there is none yet; does not return where there can be no window."""
    made = QApplication.instance()
    if made is None:
        said: list[str] = []

        def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
            said.append(text)
            if kind == QtMsgType.QtFatalMsg:
                # Qt aborts as soon as this returns, and raising does not keep it from that.
                cause = next((line for line in said if "display" in line), text)
                sentence = system.without_window(cause, has_apt=shutil.which("apt-get") is not None)
                sys.stderr.write(f"{sentence}\n")
                sys.stderr.flush()
                os._exit(FAILED)

        before = qInstallMessageHandler(hear)
        try:
            made = QApplication(["stackgui"])
        finally:
            qInstallMessageHandler(before)
        for text in said:
            sys.stderr.write(f"{text}\n")
    assert isinstance(made, QApplication)
    return made
