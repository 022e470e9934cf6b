"""The help page that says what comes out of every kind of file."""

import importlib.util

import pytest
from zarr.core.sync import cleanup_resources

from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

SCRIPT = REPOSITORY / "resources" / "make_formats.py"


@pytest.fixture(scope="module")
def script():
    if not SCRIPT.is_file():
        pytest.skip("the script that makes the page is not there")
    spec = importlib.util.spec_from_file_location("make_formats", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    cleanup_resources()


def test_the_page_is_what_the_decoders_do(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "run resources/make_formats.py again"


def test_all_but_lossy_kinds_come_out_exactly(script):
    inexact = {(name, written) for name, written, _out, exact, _decoder in script.rows() if exact == "no"}
    assert {name for name, _ in inexact} == {
        "JPEG",
        "JPEG of 12 bits",
        "AVIF",
        "AVIF of 10 and 12 bits",
        "GIF",
    }
