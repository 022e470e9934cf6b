"""Addresses in the window: pasted they are sources, and refused where they hold a key."""

from PySide6.QtGui import QGuiApplication

from stackgui.gui.control.screen import State

KEY = "nobodySeesThis"


def test_a_pasted_address_is_a_source_and_one_with_a_key_is_refused(app, reach):
    QGuiApplication.clipboard().setText("s3://bucket/place/")
    app.window.menus["paste"].trigger()
    reach(State.READY)
    assert app.controller.screen.sources == ("s3://bucket/place",)
    app.controller.add_sources([f"s3://me:{KEY}@bucket/other", f"https://host/x.png?sig={KEY}"])
    assert app.controller.screen.sources == ("s3://bucket/place",)
    assert "it holds a name or a password" in app.window.message.text()
    assert KEY not in app.window.message.text()
