from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.history import MAX_STEPS, MERGE_WITHIN_S, History
from stackgui.core.options.options import Options

CHOICES = st.one_of(
    st.sampled_from(list(Fit)).map(lambda fit: {"fit": fit}),
    st.integers(1, 3).map(lambda side: {"size": Size.exact(side, side)}),
    st.booleans().map(lambda shuffle: {"shuffle": shuffle}),
)


@given(st.lists(CHOICES, max_size=12))
def test_all_steps_are_taken_back_and_made_again(choices):
    history, options = History(), Options()
    seen = [options]
    for index, choice in enumerate(choices):
        after = replace(options, **choice)
        if after == options:
            continue
        history, options = history.step(options, after, index * 2 * MERGE_WITHIN_S), after
        seen.append(options)
    for expected in [*reversed(seen[:-1]), seen[0]]:
        options, history = history.back(options)
        assert options == expected
    for expected in [*seen[1:], seen[-1]]:
        options, history = history.forth(options)
        assert options == expected


def test_a_drag_is_one_step():
    history, options = History(), Options()
    for moment in range(10):
        after = replace(options, size=Size.exact(10 + moment, 10))
        history, options = history.step(options, after, moment * 0.03), after
    history = history.step(options, replace(options, fit=Fit.CROP), 0.31)
    assert len(history.past) == 2
    before, history = history.back(replace(options, fit=Fit.CROP))
    assert before == options
    assert history.back(before)[0] == Options()


def test_a_new_choice_ends_what_was_taken_back():
    history = History().step(Options(), Options(fit=Fit.CROP), 0.0)
    options, history = history.back(Options(fit=Fit.CROP))
    history = history.step(options, Options(fit=Fit.COVER), 0.1)
    assert history.forth(Options(fit=Fit.COVER))[0] == Options(fit=Fit.COVER)
    assert history.past == (Options(),)


def test_it_does_not_grow_for_ever():
    history, options = History(), Options()
    for moment in range(2 * MAX_STEPS):
        after = replace(options, size=Size.exact(moment + 1, 1))
        history, options = history.step(options, after, moment * 2 * MERGE_WITHIN_S), after
    assert len(history.past) == MAX_STEPS
