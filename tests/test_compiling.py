"""Modules that one process readies are what the others would have made."""

import os
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

from tests.compiling import part, rewrite_ahead


def test_the_processes_ready_each_module_once():
    files = [Path(f"test_{number}.py") for number in range(11)]
    parts = [part(files, number, 3) for number in range(3)]
    assert sorted(file for each in parts for file in each) == sorted(files)
    assert {len(each) for each in parts} == {3, 4}


def test_pytest_finds_what_was_readied_and_it_is_made_again_only_after_a_change(tmp_path, request):
    file = tmp_path / "test_one.py"
    file.write_text("def test():\n    found = 1\n    assert found == 2\n")
    rewrite_ahead(file, request.config)
    [ready] = tmp_path.glob("__pycache__/*.pyc")
    os.utime(ready, (1, 1))
    rewrite_ahead(file, request.config)
    assert ready.stat().st_mtime == 1
    names: dict = {}
    exec(rewrite._read_pyc(file, ready), names)
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        names["test"]()
    file.write_text("def test():\n    assert 3 == 4\n")
    rewrite_ahead(file, request.config)
    assert ready.stat().st_mtime > 1
