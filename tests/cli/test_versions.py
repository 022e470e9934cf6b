"""What the program is made of, told at the terminal."""

import re
import sys

import pytest

from stackgui.cli.arguments import parse
from stackgui.made_of import components


def told(capfd, option):
    with pytest.raises(SystemExit) as ended:
        parse([option])
    assert not ended.value.code
    return capfd.readouterr().out


def test_the_version_is_on_the_first_line_and_every_part_follows(capfd):
    first, _own, *lines = told(capfd, "--version").splitlines()
    assert re.fullmatch(r"stackgui \d+\.\d+\.\d+", first)
    parts = components()[1:]
    assert [line.split()[:2] for line in lines] == [[each.name, each.version] for each in parts]
    assert {"Python", "Qt", "imagecodecs", "pillow"} <= {line.split()[0] for line in lines}


@pytest.mark.parametrize("option", ["--licences", "--licenses"])
def test_every_licence_is_printed_in_full(capfd, option):
    text = told(capfd, option)
    for each in components():
        assert f"{each.name} {each.version}, " in text
        assert each.text() in text or sys.stdout.encoding.lower() != "utf-8"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text


def test_asking_for_a_command_does_not_look_for_licences(monkeypatch):
    monkeypatch.setattr("stackgui.made_of.components", lambda: pytest.fail("it looked"))
    assert parse(["scan", "x"]).command == "scan"
