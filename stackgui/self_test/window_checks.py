"""What is checked of the window: its parts that are loaded late, help, licences and languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication, QWidget

from stackgui import resources
from stackgui.core.catalog.statistics import describe
from stackgui.gui.app.application import application, speak
from stackgui.gui.app.desktop import Desktop
from stackgui.gui.app.help_window import HelpWindow
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.texts.language import OWN_NAMES, Language, speech_of
from stackgui.gui.widgets.message_bar import MessageBar
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.made_of import components
from stackgui.self_test.checks import Bench, SelfTestError

READ_BY_QT = frozenset({b"jpg", b"png", b"svg"})
"""Formats of the pictures in the help and of the icons."""

PLOT_PX = (640, 480)

OF_QT = ("QPlatformTheme", "Cancel")
"""A text that Qt itself says, and where it belongs."""


@contextmanager
def _shown(widget: QWidget) -> Iterator[None]:
    """Show a widget, and delete it afterwards."""
    try:
        widget.show()
        QApplication.processEvents()
        yield
    finally:
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def plot(bench: Bench) -> str:
    """Draw the plot of sizes, and save it both ways."""
    application()
    sizes = describe(bench.scanned(str(resources.path("samples")))).sizes
    drawn = SizePlot("self-test", "")
    drawn.resize(*PLOT_PX)
    with _shown(drawn):
        drawn.set_sizes(sizes)
        QApplication.processEvents()
        for name in ("plot.png", "plot.svg"):
            if not drawn.save(os.path.join(bench.folder, name)):
                raise SelfTestError(f"{name} could not be saved")
    return "drawn, and saved as PNG and SVG"


def window_and_help(_bench: Bench) -> str:
    """Show the window and the help, and read the licences."""
    application()
    lacking = READ_BY_QT - {bytes(each.data()) for each in QImageReader.supportedImageFormats()}
    if lacking:
        raise SelfTestError(f"Qt does not read {b', '.join(sorted(lacking)).decode()}")
    main = MainWindow()
    with _shown(main):
        with _shown(HelpWindow(main, Desktop(MessageBar()))):
            pass
        if main.grab().isNull():
            raise SelfTestError("the window could not be painted")
    silent = [each.name for each in components() if not each.texts]
    if silent:
        raise SelfTestError(f"the licence is missing of {', '.join(silent)}")
    return "shown, with the licences of all parts"


def languages(_bench: Bench) -> str:
    """Say something in every language, the program's words and Qt's."""
    qt = application()
    try:
        for language in OWN_NAMES:
            _speak(qt, language)
    finally:
        speak(qt, Language.ENGLISH)
    return ", ".join(OWN_NAMES)


def _speak(qt: QApplication, language: Language) -> None:
    speak(qt, language)
    if language is Language.ENGLISH:
        return
    if not speech_of(language).templates:
        raise SelfTestError(f"{language} has no translations")
    if QCoreApplication.translate(*OF_QT) == OF_QT[1]:
        raise SelfTestError(f"Qt’s own texts are missing in {language}")
