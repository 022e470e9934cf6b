"""Decoding tells what headers do not."""

import shutil

import numpy as np
import pytest
from PIL import Image

from stackgui.core.advice.health import HealthKind, from_checks
from stackgui.core.base.choices import Layout, Numbers, Reduce
from stackgui.core.base.errors import Cancelled
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import Phase
from stackgui.engine import Control


@pytest.fixture
def folder(pictures):
    """Further pictures: a copy, a black one, a nearly black one, and a nearly white one of 16 bits."""
    shutil.copy(pictures / "dog" / "0.png", pictures / "a copy.png")
    Image.new("RGB", (30, 20)).save(pictures / "black.png")
    random = np.random.default_rng(2)
    Image.fromarray(random.integers(0, 20, (20, 20, 3), np.uint8)).save(pictures / "dark.png")
    Image.fromarray(random.integers(60_000, 65_535, (20, 20), np.uint16)).save(pictures / "light.png")
    return pictures


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(layout=Layout.NCHW, dtype=Numbers.FLOAT32, reduce=Reduce.MIN_MAX, buckets=2),
    ],
    ids=["as they are", "another form"],
)
def test_samples_are_looked_at_in_whatever_form_they_will_have(folder, scan, engine, options):
    catalog = scan(folder)
    control = Control()
    checks = engine.check_samples(resolve(options, catalog), control)
    found = {
        finding.kind: [catalog.path[sample] for sample in finding.samples.tolist()]
        for finding in from_checks(catalog, checks)
    }
    assert found == {
        HealthKind.DUPLICATE: found[HealthKind.DUPLICATE],
        HealthKind.BLANK: ["black.png"],
        HealthKind.DARK: ["dark.png"],
        HealthKind.LIGHT: ["light.png"],
    }
    damaged = np.flatnonzero(~checks.problem.equals(""))
    assert [catalog.path[sample] for sample in damaged.tolist()] == ["dog/broken.png"]
    assert len(found[HealthKind.DUPLICATE]) == 1
    assert found[HealthKind.DUPLICATE][0] in {"a copy.png", "dog/0.png"}
    assert control.snapshot.phase is Phase.CHECKING


def test_looking_can_be_cancelled(folder, scan, engine):
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        engine.check_samples(resolve(Options(), scan(folder)), control)
