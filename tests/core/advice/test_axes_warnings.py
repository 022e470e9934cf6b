"""What is said of arrays that could be read in another way."""

import pytest

from stackgui.core.advice.gathered_warnings import plan_warnings, scan_warnings
from tests.making import make_catalog, make_plan

THREE = {
    "path": ["a.npy"] * 3 + ["b.npy", "c.npy", "d.npy"],
    "axes": ["NHW?"] * 3 + ["CHW?", "CHW?", "CHW"],
    "channels": [1, 1, 1, 5, 6, 3],
    "member": [0, 1, 2, -1, -1, -1],
    "file_bytes": [9000] * 3 + [2000] * 3,
    "mtime_ns": [10**18] * 6,
}


def test_arrays_are_counted_with_their_shapes_and_the_option_that_decides():
    catalog = make_catalog([(50, 60)] * 3 + [(30, 30)] * 3, **THREE)
    (warning,) = scan_warnings(catalog)
    assert (warning.code, warning.count) == ("ambiguous-axes", 3)
    assert warning.examples == ("a.npy", "b.npy", "c.npy")
    assert warning.text == (
        "3 arrays can be read in more than one way; 1 of shape (3, 50, 60) was taken as many grey pictures "
        "(nhw) and 2 of shapes like (5, 30, 30) were taken as one picture, channels first (chw). "
        "--tensor-layout hwc, chw or nhw settles it."
    )


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        (1, "1 array can be read in more than one way; its shape (5, 30, 30) was taken as one picture"),
        (2, "2 arrays can be read in more than one way; shapes like (5, 30, 30) were taken as one picture"),
    ],
)
def test_arrays_of_one_reading_are_told_in_few_words(arrays, told):
    columns = {"path": ["a.npy", "b.npy"], "axes": ["CHW?"] * 2, "channels": [5, 5]}
    columns = {name: values[:arrays] for name, values in columns.items()}
    (warning,) = scan_warnings(make_catalog([(30, 30)] * arrays, **columns))
    assert warning.text.startswith(told)


def test_what_is_certain_is_not_doubted():
    assert scan_warnings(make_catalog([(50, 60)] * 2, axes=["CHW", ""])) == ()


def test_a_plan_warns_of_the_samples_in_it_and_the_refusal_names_the_option():
    plan = make_plan([(50, 60)] * 3 + [(30, 30)] * 3, **THREE)
    (warning,) = plan_warnings(plan)
    assert warning.examples == ("a.npy",)
    refused = plan.problem[3]
    assert refused.startswith("it has 5 channels, which cannot become 3; ")
    assert "--tensor-layout" in refused
    assert "nhw" in refused
