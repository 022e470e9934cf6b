"""Texts that were stored as plain English are said in the window's language."""

import errno
import os

import pytest

from stackgui.core.base.system_errors import reason_of_text, system_reason
from stackgui.core.base.wording import Wording, say
from stackgui.gui.texts.language import Language, speech_of, tr, use
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
        ("12 arrays", "12 Arrays"),
        ("it claims many frames", "it claims many frames"),
        ("cat (1).jpg", "cat (1).jpg"),
        ("", ""),
        (say("the file is empty"), "die Datei ist leer"),
    ],
)
def test_what_was_stored_is_said_in_the_window_s_language(german, stored, said):
    assert tr_stored(stored) == said


HWC, CHW = "one picture, channels last (hwc)", "one picture, channels first (chw)"
HWC_IS, CHW_IS = "ein Bild, Kanäle zuletzt (hwc)", "ein Bild, Kanäle zuerst (chw)"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (f"shapes like 3×8×8 were taken as {CHW}", f"Formen wie 3×8×8 wurden als {CHW_IS} gelesen"),
        (
            f"1 of shape 9×9 was taken as {CHW} and 11 of shapes like 8 were taken as {HWC}",
            f"1 der Form 9×9 wurde als {CHW_IS} gelesen und 11 mit Formen wie 8 wurden als {HWC_IS} gelesen",
        ),
    ],
)
def test_what_stands_in_a_stored_text_is_said_in_the_window_s_language_too(german, chosen, said):
    stored = "12 arrays can be read in more than one way; {}. --tensor-layout hwc, chw or nhw settles it."
    whole = (
        "12 Arrays mit mehr als einer möglichen Lesart; {}. --tensor-layout hwc, chw oder nhw legt es fest."
    )
    assert tr_stored(stored.format(chosen)) == whole.format(said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "der Datenträger ist voll"),
        (errno.EACCES, "Sie haben keine Berechtigung dafür"),
        (errno.ENOENT, "dort ist nichts"),
        (errno.EROFS, "der Datenträger ist schreibgeschützt"),
    ],
)
def test_what_the_system_refuses_is_said_in_the_window_s_language(german, code, said):
    assert tr(system_reason(OSError(code, os.strerror(code)))) == said
    assert tr(reason_of_text(os.strerror(code))) == said


def test_what_can_happen_to_a_file_is_translated_into_every_language():
    codes = sorted(errno.errorcode)
    ours = {reason for code in codes if isinstance(reason := system_reason(OSError(code, "?")), Wording)}
    assert len(ours) > 10
    for each in set(Language) - {Language.ENGLISH, Language.SYSTEM}:
        use(speech_of(each))
        english = [reason for reason in ours if tr(reason) == reason]
        assert not english, each
    use(speech_of(Language.ENGLISH))


def test_english_stays_as_it_is():
    assert tr_stored("it claims 1,200,000 frames") == "it claims 1,200,000 frames"
