"""The report of a stack: one page that needs nothing from outside."""

import re
from xml.etree import ElementTree as ET

import pytest

from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.engine import Control
from stackgui.engine.viewing.report import write_report
from tests.looking import NAMES, REASON, make_stack


def test_a_report_tells_all_and_needs_nothing_from_outside(tmp_path):
    stack = make_stack(tmp_path / "<pets>", names=[*NAMES[:5], 'dog/"><script>.png', NAMES[6]])
    place = write_report(str(stack), "", Control())
    assert place == str(stack / "report.html")
    text = (stack / "report.html").read_text(encoding="utf-8")
    assert REASON in text
    assert "import numpy as np" in text
    assert "<script" not in text
    assert "&lt;pets&gt;" in text
    outside = re.findall(r'(?:href|src)="(?!data:image/png;base64,)([^"]*)"', text)
    assert outside == []
    assert "http" not in text.replace("http-equiv", "")
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) > 7
    for each in drawings:
        ET.fromstring(each)


def test_it_goes_where_it_is_wanted_or_says_why_not(tmp_path):
    stack = make_stack(tmp_path / "pets")
    assert write_report(str(stack), str(tmp_path / "a" / "page.html"), Control()).endswith("page.html")
    with pytest.raises(UsageError, match="no folder"):
        write_report(str(tmp_path / "none"), "", Control())
    with pytest.raises(StackguiError):
        write_report(str(tmp_path), "", Control())
