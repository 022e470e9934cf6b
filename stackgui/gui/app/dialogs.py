"""The dialogs of the system that ask for places and files, and the question before what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from stackgui.core.base.source_names import LIST_SUFFIXES
from stackgui.core.base.wording import say
from stackgui.core.project.project import SUFFIX
from stackgui.gui.texts.language import tr

LOOK_MS = 100
"""How often a question asks whether it is still the right one."""

PROJECTS = say("Projects (*{suffix})", suffix=SUFFIX)


def ask_folder(parent: QWidget, start: str, title: str = say("Add a folder of pictures")) -> str:
    """Let the person pick a folder; ``""`` when none was picked."""
    return QFileDialog.getExistingDirectory(parent, tr(title), start)


def ask_files(parent: QWidget, start: str) -> list[str]:
    """Let the person pick archives, lists of files or single pictures; empty when none was picked."""
    return QFileDialog.getOpenFileNames(parent, tr("Add archives, lists or pictures"), start)[0]


def ask_list(parent: QWidget, start: str) -> str:
    """Let the person pick a list of labels; ``""`` when none was picked."""
    kinds = tr("Lists ({list_suffixes})", list_suffixes=" ".join(f"*{ending}" for ending in LIST_SUFFIXES))
    return QFileDialog.getOpenFileName(parent, tr("Choose a list of labels"), start, kinds)[0]


def ask_annotations(parent: QWidget, start: str) -> str:
    """Let the person pick a file of annotations; ``""`` when none was picked."""
    kinds = tr("Annotations (*.json *.xml *.csv *.txt);;All files (*)")
    return QFileDialog.getOpenFileName(parent, tr("Choose a file of annotations"), start, kinds)[0]


def ask_classes(parent: QWidget, start: str) -> str:
    """Let the person pick a list of classes; ``""`` when none was picked."""
    kinds = tr("Lists of classes (*.txt *.json *.names *.csv);;All files (*)")
    return QFileDialog.getOpenFileName(parent, tr("Choose a list of classes"), start, kinds)[0]


def ask_masks(parent: QWidget, start: str) -> str:
    """Let the person pick a list of pictures and their masks; ``""`` when none was picked."""
    kinds = tr("Lists of pictures and masks (*.txt *.csv *.tsv *.lst);;All files (*)")
    return QFileDialog.getOpenFileName(parent, tr("Choose a list of masks"), start, kinds)[0]


def ask_mask_classes(parent: QWidget, start: str) -> str:
    """Let the person pick a table of the classes of masks; ``""`` when none was picked."""
    kinds = tr("Classes of masks (*.txt *.json *.yaml *.yml *.names *.csv);;All files (*)")
    return QFileDialog.getOpenFileName(parent, tr("Choose the classes of the masks"), start, kinds)[0]


def ask_project(parent: QWidget, start: str) -> str:
    """Let the person pick a project file; ``""`` when none was picked."""
    return QFileDialog.getOpenFileName(parent, tr("Open a project"), start, tr(PROJECTS))[0]


def ask_stack(parent: QWidget, start: str) -> str:
    """Let the person pick a finished stack; ``""`` when none was picked."""
    return QFileDialog.getExistingDirectory(parent, tr("Open a stack"), start)


def ask_array(parent: QWidget, start: str) -> str:
    """Let the person pick an array of pictures; ``""`` when none was picked."""
    kinds = tr("Arrays of pictures (*.npy *.npz zarr.json .zgroup .zarray);;All files (*)")
    return QFileDialog.getOpenFileName(parent, tr("Open an array of pictures"), start, kinds)[0]


def ask_destination(parent: QWidget, start: str) -> str:
    """Let the person name the stack's folder; ``""`` when none was named."""
    # The window itself reports an existing stack and offers to replace it.
    options = QFileDialog.Option.DontConfirmOverwrite
    return QFileDialog.getSaveFileName(parent, tr("Save the stack as"), start, options=options)[0]


def ask_place(parent: QWidget, start: str) -> str:
    """Let the person name a file or folder to make; ``""`` when none was named."""
    # What exists is never replaced: the export says so.
    options = QFileDialog.Option.DontConfirmOverwrite
    return QFileDialog.getSaveFileName(parent, tr("Save the copy as"), start, options=options)[0]


def ask_file(parent: QWidget, title: str, start: str, kinds: str) -> str:
    """Let the person name a file to write; ``""`` when none was named."""
    return QFileDialog.getSaveFileName(parent, title, start, kinds)[0]


def ask(parent: QWidget, question: str, yes: str, no: str, still: Callable[[], bool]) -> bool | None:
    """Ask before something that cannot be undone; the answer that loses nothing is the default.

    Returns None as soon as the question is no longer the right one, which `still` tells.
    """
    box = QMessageBox(QMessageBox.Icon.Question, "StackGUI", tr(question), parent=parent)
    box.setObjectName("question")
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    is_over = False

    def look() -> None:
        nonlocal is_over
        if not still():
            is_over = True
            box.reject()

    looking = QTimer(box, interval=LOOK_MS)
    looking.timeout.connect(look)
    looking.start()
    box.exec()
    answer = None if is_over else box.clickedButton() is agree
    box.deleteLater()
    return answer
