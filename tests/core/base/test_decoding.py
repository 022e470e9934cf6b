"""What planning knows of formats, which imaging declares."""

import subprocess
import sys

import pytest

from stackgui import imaging
from stackgui.core.base import decoding
from stackgui.core.base.decoding import Decoding, decoding_of


def test_facts_are_those_of_the_declarations():
    assert decoding_of("png").copies == 4
    for format_ in imaging.FORMATS:
        assert decoding_of(format_.name) == format_.decoding


@pytest.mark.parametrize("name", ["", "of a later version"])
def test_of_what_nobody_declared_nothing_special_is_known(name):
    assert decoding_of(name) == Decoding()


def test_without_declarations_nothing_is_guessed(monkeypatch):
    monkeypatch.setattr(decoding, "_declared", {})
    with pytest.raises(RuntimeError, match="not been imported"):
        decoding_of("png")


def test_whoever_scans_has_the_declarations():
    program = "import sys, stackgui.engine.scanning.scan; print('stackgui.imaging' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
