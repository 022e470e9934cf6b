"""The Qt application, created so that a missing display gives an error message instead of an abort."""

from __future__ import annotations

import os
import shutil

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from stackgui import system
from stackgui.gui.texts import language
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.focus_ring import show_focus
from stackgui.gui.widgets.return_key import press_by_return
from stackgui.gui.widgets.theme import Theme

FAILED = 1
"""Exit status."""


def application() -> QApplication:
    """Return the Qt application, creating it if needed; end the process if no window can be shown."""
    made = QApplication.instance()
    if made is None:
        said: list[str] = []

        def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
            said.append(text)
            if kind == QtMsgType.QtFatalMsg:
                # Qt aborts as soon as this returns, and raising would not prevent that.
                sentence = system.without_window("\n".join(said), has_apt=shutil.which("apt-get") is not None)
                system.tell(sentence)
                os._exit(FAILED)

        before = qInstallMessageHandler(hear)
        try:
            made = QApplication(["stackgui"])
        finally:
            qInstallMessageHandler(before)
        for text in said:
            system.tell(text)
    assert isinstance(made, QApplication)
    theme.use_theme(Theme.SYSTEM)
    show_focus(made)
    press_by_return(made)
    return made


def speak(qt: QApplication, wanted: language.Language) -> None:
    """Use a language for everything that is created from now on, for Qt's own texts too."""
    speech = language.speech_of(wanted)
    language.use(speech)
    QLocale.setDefault(speech.locale)
    qt.setLayoutDirection(speech.locale.textDirection())
    for earlier in qt.findChildren(QTranslator):
        qt.removeTranslator(earlier)
        earlier.deleteLater()
    translator = QTranslator(qt)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(speech.locale, "qtbase", "_", folder):
        qt.installTranslator(translator)
