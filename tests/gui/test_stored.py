"""Texts that were stored as plain English are said in the window's language."""

import pytest

from stackgui.core.base.wording import say
from stackgui.gui.texts.language import Language, speech_of, use
from stackgui.gui.texts.stored import tr_stored


@pytest.fixture
def german():
    use(speech_of(Language.GERMAN))
    yield
    use(speech_of(Language.ENGLISH))


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("the file is empty", "die Datei ist leer"),
        (
            "the file ends in the middle of the picture (Premature end of JPEG file)",
            "die Datei endet mitten im Bild (der Decoder meldet: „Premature end of JPEG file“)",
        ),
        (
            "the picture is damaged (a checksum is wrong)",
            "das Bild ist beschädigt (eine Prüfsumme stimmt nicht)",
        ),
        ("it claims 1,200,000 frames", "es gibt 1.200.000 Einzelbilder an"),
        ("it is not a picture but a video (AVI)", "es ist kein Bild, sondern ein Video (AVI)"),
        (
            "/stacks/pets is a file. Choose another name for the stack.",
            "/stacks/pets ist eine Datei. Wählen Sie einen anderen Namen für den Stapel.",
        ),
        ("it claims many frames", "it claims many frames"),
        ("cat (1).jpg", "cat (1).jpg"),
        ("", ""),
        (say("the file is empty"), "die Datei ist leer"),
    ],
)
def test_what_was_stored_is_said_in_the_window_s_language(german, stored, said):
    assert tr_stored(stored) == said


def test_english_stays_as_it_is():
    assert tr_stored("it claims 1,200,000 frames") == "it claims 1,200,000 frames"
