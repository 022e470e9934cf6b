"""What was used last, as the menu and the welcome page call it."""

import pytest
from PySide6.QtWidgets import QAbstractButton

from stackgui.core.project.recents import Recent, RecentKind
from stackgui.gui.texts import recent_texts

STACK, SOURCE = RecentKind.STACK, RecentKind.SOURCE


def called(*recents: Recent) -> list[str]:
    return list(recent_texts.titles(recents).values())


def test_a_name_stays_as_it_is_even_if_something_of_another_kind_has_it():
    assert called(Recent(STACK, "/a/pets", "pets"), Recent(SOURCE, "/b/pets", "pets")) == ["pets", "pets"]


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (("/a/one/pets", "/a/two/pets"), ["pets (one)", "pets (two)"]),
        (("/a/one/pets", "/b/one/pets"), ["pets (/a/one)", "pets (/b/one)"]),
        (("/a/one/pets", "s3://bucket/two/pets"), ["pets (one)", "pets (two)"]),
        (
            ("/own/2026-01-01.stackgui", "/own/2026-01-02.stackgui"),
            ["pets (2026-01-01)", "pets (2026-01-02)"],
        ),
    ],
)
def test_namesakes_say_what_tells_them_apart(paths, told):
    assert called(*(Recent(STACK, path, "pets") for path in paths)) == told


def test_what_is_missing_says_so():
    gone = Recent(STACK, "/b/pets", "pets", is_missing=True)
    assert called(Recent(STACK, "/a/pets", "pets"), gone) == ["pets (a)", "pets (b) (missing)"]


def test_menu_and_welcome_page_tell_namesakes_apart(app, find):
    both = (Recent(SOURCE, "/a/one/pets", "pets"), Recent(SOURCE, "/a/two/pets", "pets"))
    app.window.show_recents(both)
    links = [find(QAbstractButton, f"welcome.recent.source.{row}").text() for row in range(2)]
    menu = [
        action.text()
        for action in app.window.recent.actions()
        if action.toolTip() in {"/a/one/pets", "/a/two/pets"}
    ]
    assert links == menu == ["pets (one)", "pets (two)"]
