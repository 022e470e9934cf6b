"""Modules that are imported when they are first needed, by whichever thread comes first."""

import ast
import inspect
import os
import subprocess
import sys

import pytest

from stackgui.engine import engine
from stackgui.gui.control import adding

TWO_AT_ONCE = """
import importlib, sys, threading
from stackgui.engine.first_use import FIRST_USE

class Slow:
    '''Lets the second thread go while the first is in the middle of the package.'''
    def find_spec(self, name, *_):
        if name == "stackgui.imaging.base.doubts":
            in_the_middle.set()
            second.join(0.3)

in_the_middle, told = threading.Event(), []
sys.meta_path.insert(0, Slow())

def work(name, after=None):
    after and after.wait()
    with FIRST_USE:
        importlib.import_module(name)
    told.append(name)

second = threading.Thread(target=work, args=("stackgui.imaging.registry.declared", in_the_middle))
first = threading.Thread(target=work, args=("stackgui.imaging",))
for thread in (second, first):
    thread.start()
for thread in (second, first):
    thread.join()
print(*told)
"""


def test_two_threads_may_need_parts_of_one_package_at_once():
    run = subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE], env=os.environ | {"PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stderr == ""
    assert run.stdout.split() == ["stackgui.imaging", "stackgui.imaging.registry.declared"]


@pytest.mark.parametrize("module", [engine, adding])
def test_every_such_import_takes_its_turn(module):
    tree = ast.parse(inspect.getsource(module))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    late = {node for each in functions for node in ast.walk(each) if isinstance(node, ast.ImportFrom)}
    in_turn = {
        node
        for each in ast.walk(tree)
        if isinstance(each, ast.With) and ast.unparse(each.items[0]) == "FIRST_USE"
        for node in each.body
    }
    assert late
    assert late <= in_turn
