"""The evidence for how tensors were read, against counting."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import TensorLayout
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.tensor_shapes import tensor_shapes
from tests.making import make_catalog

SAMPLE = st.tuples(
    st.sampled_from(["", "HW", "HWC", "CHW", "CHW?", "NHWC"]), st.integers(1, 5), st.sampled_from(["", "bad"])
)


@given(st.lists(SAMPLE, max_size=25))
def test_samples_read_alike_are_counted_together(samples):
    axes, channels, problem = map(list, zip(*samples, strict=True)) if samples else ([], [], [])
    catalog = make_catalog([(7, 9)] * len(samples), axes=axes, channels=channels, problem=problem)
    found = tensor_shapes(catalog)
    expected = Counter((axes, channels) for axes, channels, problem in samples if axes and not problem)
    assert sorted(each.samples for each in found) == sorted(expected.values())
    assert Counter(each.axes for each in found for _ in range(each.samples)) == Counter(
        axes for axes, _channels in expected.elements()
    )
    assert [each.samples for each in found] == sorted((each.samples for each in found), reverse=True)


def test_the_evidence_is_a_line():
    sizes = [(480, 640), (500, 600), (4, 100)]
    catalog = make_catalog(sizes, axes=["CHW", "CHW", "HWC?"], channels=[3, 3, 3])
    alike, doubtful = tensor_shapes(catalog)
    assert alike.evidence == (
        "(3, 480, 640): read as colour × height × width, because the first axis has 3; 2 samples alike"
    )
    assert (alike.is_certain, doubtful.is_certain) == (True, False)
    chosen = make_catalog(
        [(480, 640)], axes=["CHW"], scan_options=ScanOptions(tensor_layout=TensorLayout.CHW)
    )
    assert tensor_shapes(chosen)[0].evidence == "(3, 480, 640): read as colour × height × width, as you chose"
