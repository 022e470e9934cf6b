"""The choice of frames, and how it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.frames import ALL, CHANNELS, FIRST, MAX_FRAMES, Frames


@given(st.integers(0, MAX_FRAMES).map(Frames))
def test_a_choice_written_is_the_choice_read(frames):
    assert Frames.parse(str(frames)) == frames


def test_words_for_the_usual_choices():
    assert (Frames.parse("first"), Frames.parse("1"), Frames.parse("all")) == (FIRST, FIRST, ALL)
    assert Frames.parse("Channels") == CHANNELS == Frames.parse(str(CHANNELS))
    assert ALL.takes_all
    assert not CHANNELS.takes_all
    assert not FIRST.takes_all


@pytest.mark.parametrize("text", ["", "0", "-1", "last", "1.5", "01", "channel", "12345678"])
def test_what_is_no_choice_is_refused_with_examples(text):
    with pytest.raises(UsageError, match=r"is not a choice of frames; write first, all, channels, or a num"):
        Frames.parse(text)


def test_a_number_beyond_any_file_is_refused():
    with pytest.raises(UsageError, match="There is no frame 1,000,001; frames are numbered from 1"):
        Frames(MAX_FRAMES + 1)
