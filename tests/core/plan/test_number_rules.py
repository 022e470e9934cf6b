"""Which rule a plan asks for, and whether all samples must be looked at for it."""

from dataclasses import replace

import numpy as np
import pytest

from stackgui.core.base.choices import Channels, NonFinite, Numbers, Reduce, Scale
from stackgui.core.base.errors import PlanError
from stackgui.core.options.options import Options
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.number_rules import measuring_rule, number_rule, to_measure
from tests.making import make_plan

FLOAT = Numbers.FLOAT32
FIGURES = Measured(10.0, 210.0, (60.0, 110.0, 160.0), (20.0, 40.0, 50.0))


def plan_of(*dtypes: str, **choices):
    return make_plan([(2, 2)] * len(dtypes), Options(**choices), dtype=list(dtypes))


@pytest.mark.parametrize(
    ("dtype", "choices", "expected"),
    [
        ("uint8", {}, False),
        ("uint16", {"dtype": Numbers.UINT8}, False),
        ("uint16", {"reduce": Reduce.MIN_MAX}, False),  # auto keeps 16 bits: nothing is brought down
        ("uint16", {"reduce": Reduce.MIN_MAX, "dtype": Numbers.UINT8}, True),
        ("float32", {"reduce": Reduce.MIN_MAX, "dtype": Numbers.UINT8}, True),
        ("uint8", {"reduce": Reduce.MIN_MAX, "dtype": FLOAT}, True),
        ("uint8", {"reduce": Reduce.MIN_MAX, "dtype": FLOAT, "scale": Scale.NONE}, False),
        ("uint8", {"scale": Scale.MEASURED, "dtype": FLOAT}, True),
        ("uint8", {"scale": Scale.MEASURED}, False),
        ("uint8", {"scale": Scale.IMAGENET, "dtype": FLOAT}, False),
    ],
)
def test_samples_are_looked_at_only_where_the_numbers_depend_on_all(dtype, choices, expected):
    plan = plan_of(dtype, **choices)
    assert to_measure(plan) == expected
    assert not to_measure(replace(plan, measured=FIGURES))


def test_a_plan_in_which_nothing_is_brought_down_keeps_its_numbers():
    assert number_rule(plan_of("uint8", "uint16")).keeps
    assert number_rule(plan_of("uint8", dtype=FLOAT, scale=Scale.NONE)).keeps


def test_a_single_wide_sample_stretches_all_alike():
    plan = plan_of("uint8", "uint16", dtype=Numbers.UINT8, reduce=Reduce.MIN_MAX)
    rule = number_rule(replace(plan, measured=FIGURES))
    assert (rule.keeps, rule.limits) == (False, (10.0, 210.0))


def test_imagenet_is_what_is_customary():
    rule = number_rule(plan_of("uint8", dtype=FLOAT, scale=Scale.IMAGENET))
    np.testing.assert_allclose(rule.black, [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225])
    np.testing.assert_allclose(rule.white, [0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225])


def test_imagenet_is_for_three_colours():
    with pytest.raises(PlanError, match="red, green and blue"):
        plan_of("uint8", dtype=FLOAT, scale=Scale.IMAGENET, channels=Channels.GREY)


def test_mean_and_deviation_of_stretched_numbers_are_stretched_too():
    plan = plan_of("uint8", dtype=FLOAT, scale=Scale.MEASURED, reduce=Reduce.MIN_MAX)
    rule = number_rule(replace(plan, measured=FIGURES))
    values = np.array([10.0, 210.0])
    expected = (values[:, np.newaxis] - FIGURES.mean) / np.array(FIGURES.std)
    np.testing.assert_allclose([rule.black, rule.white], expected)


def test_samples_are_looked_at_by_the_rule_that_the_plan_has_for_them():
    plan = plan_of("uint16", dtype=FLOAT, scale=Scale.MEASURED, reduce=Reduce.FILE_DEPTH)
    rule = measuring_rule(replace(plan, options=replace(plan.options, non_finite=NonFinite.ZERO)), "float64")
    assert (rule.keeps, rule.reduce, rule.non_finite) == (False, Reduce.FILE_DEPTH, NonFinite.ZERO)


def test_figures_are_no_part_of_what_tells_jobs_apart():
    plan = plan_of("uint8", dtype=FLOAT, scale=Scale.MEASURED)
    assert replace(plan, measured=FIGURES).fingerprint == plan.fingerprint
    assert replace(plan, measured=FIGURES).header_json()["measured"]["mean"] == [60.0, 110.0, 160.0]
