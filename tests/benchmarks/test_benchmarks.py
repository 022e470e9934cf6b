"""Every benchmark runs and yields figures; what they are decides nothing."""

import json
import math
import subprocess
import sys

import pytest

from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.measuring import Row
from tests.shared_data import REPOSITORY, archive


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.skipif(not archive("photos").is_file(), reason="the shared pictures are not there")
def test_every_benchmark_yields_figures():
    command = (sys.executable, "-m", "tests.benchmarks", "--quick", "--rounds", "1", "--json")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert {row["benchmark"] for row in rows} == set(BENCHMARKS)
    assert all(math.isfinite(row["measured"]) and row["work"] and row["against"] for row in rows)


@pytest.mark.parametrize(
    ("measured", "at_least", "met"),
    [(1.0, True, True), (0.9, True, False), (1.0, False, True), (1.1, False, False)],
)
def test_a_target_is_a_limit_from_one_side(measured, at_least, met):
    assert Row("work", "peer", measured, 1.0, at_least=at_least).met is met


def test_a_figure_without_target_is_neither_met_nor_missed():
    assert Row("work", "peer", 1.0, None).met is None
