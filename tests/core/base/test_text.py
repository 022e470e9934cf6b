import pytest

from stackgui.core.base.text import printable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.jpg", "cat.jpg"),
        ("a\nb.jpg", "a\\nb.jpg"),
        ("caf\udce9.jpg", "caf\\xe9.jpg"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("日本.png", "日本.png"),
    ],
)
def test_any_name_can_be_shown_in_one_line(name, shown):
    assert printable(name) == shown
