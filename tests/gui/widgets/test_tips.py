from PySide6.QtGui import QTextDocument

from stackgui.gui.widgets.tips import plain_tip


def test_a_tip_shows_markup_as_it_is_written():
    document = QTextDocument()
    document.setHtml(plain_tip("<b>.jpg & more\nin two lines"))
    assert document.toPlainText() == "<b>.jpg & more\nin two lines"
