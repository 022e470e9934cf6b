"""The plan of a stack in words."""

from dataclasses import replace

import pytest

from stackgui.core.base.voice import ENGLISH
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options
from stackgui.core.viewing.report_plan import plan_words

SOME = SampleSet(frozenset((0, f"{name}.png", -1) for name in "abcd"))
CHOSEN = replace(Options(), shrink=SOME, exclude=SOME)


def told(options: Options, **header) -> dict[str, str]:
    plan = {"options": options.to_json(), **header.pop("plan", {})}
    words = list(plan_words({"plan": plan, **header}, ENGLISH))
    assert len(dict(words)) == len(words)
    return dict(words)


@pytest.mark.parametrize(
    ("became", "caption"),
    [("scaled_down", "Made smaller"), ("cropped", "Cropped"), ("excluded", "Without a row")],
)
def test_what_became_of_chosen_pictures_is_said_once(became, caption):
    words = told(CHOSEN, plan={became: 4})
    assert words[caption] == "4 pictures"
    once = "Excluded pictures" if became == "excluded" else "Shrunk pictures"
    assert once not in words
    assert len([text for text in words.values() if text == "4 pictures"]) == 2, (
        "the other choice is still told"
    )


@pytest.mark.parametrize(("times", "text"), [(1, "1 time"), (1200, "1,200 times")])
def test_updates_are_counted(times, text):
    assert told(Options(), updated={"times": times})["Updated since"] == text
    assert "Updated since" not in told(Options())
