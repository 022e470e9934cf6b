"""What the program is made of: versions and licences."""

import re
import tomllib
from importlib.metadata import distribution

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QTableWidget

import stackgui
from stackgui import made_of
from stackgui.gui.app import about
from tests.shared_data import REPOSITORY

COMPONENTS = made_of.components()
BY_NAME = {each.name.lower(): each for each in COMPONENTS}


def test_everything_that_is_required_is_named_with_its_version():
    required = [line for line in distribution("stackgui").requires or () if "extra" not in line]
    names = {re.split(r"[^\w-]", line)[0].lower() for line in required}
    assert len(names) > 10
    assert names <= {each.name.lower().replace("_", "-") for each in COMPONENTS}
    assert BY_NAME["stackgui"].version == stackgui.__version__
    assert BY_NAME["qt"].version == qVersion()
    assert all(each.version for each in COMPONENTS)
    assert "pytest" not in BY_NAME, "tools of developers are no part of it"


@pytest.mark.parametrize("each", COMPONENTS, ids=lambda each: each.name)
def test_each_licence_is_there_in_full(each):
    assert about.licence_of(each)
    assert len(each.text()) > 500


def test_licences_of_what_a_library_contains_are_there_too():
    text = BY_NAME["imagecodecs"].text()
    for name in ("LICENSE-libjpeg-turbo", "LICENSE-libjxl", "LICENSE-openjpeg", "LICENSE-zstd"):
        assert name in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in BY_NAME["pebble"].text()


def test_the_extras_are_those_of_the_project():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(made_of.OPTIONAL) | {"all"} == set(project["optional-dependencies"])


def test_a_licence_that_is_missing_is_told():
    lone = made_of.Component("x", "1", "MIT", (), "https://x.example")
    assert about.text_of(lone) == "x came without the text of its licence, MIT. See https://x.example"


@pytest.fixture
def opened(app):
    app.window.menus["about"].trigger()
    return app.beside._about_window


def test_the_chosen_part_shows_its_licence(opened, find):
    table, text = find(QTableWidget, "about.parts"), find(QPlainTextEdit, "about.licence")
    assert opened.isVisible()
    assert "Permission is hereby granted" in text.toPlainText(), "its own licence comes first"
    table.setCurrentCell(next(row for row, each in enumerate(COMPONENTS) if each.name == "Qt"), 0)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.toPlainText()
    assert "GNU GENERAL PUBLIC LICENSE" in text.toPlainText()


def test_versions_can_be_copied(opened, find):
    find(QAbstractButton, "about.copy").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"StackGUI {stackgui.__version__}, Python 3.")
    for each in COMPONENTS[2:]:
        assert f"{each.name} {each.version}\n" in copied


def test_escape_closes_it(opened, qtbot):
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()
