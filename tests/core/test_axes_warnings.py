"""What is said of arrays that could be read in another way."""

from stackgui.core.gathered_warnings import plan_warnings, scan_warnings
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
    assert "The axes of 3 arrays could be others" in warning.text
    assert "1 like (3, 50, 60) as many grey pictures (nhw)" in warning.text
    assert "2 like (5, 30, 30) as one picture, channels first (chw)" in warning.text
    assert "--tensor-layout hwc, chw or nhw" in warning.text


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
