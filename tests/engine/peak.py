"""Converts in a process of its own, and prints the memory that was predicted and what was seen.

python -c "from tests.engine.peak import run; run()" SOURCE STACK STORAGE OPTIONS

Not with ``-m``: what is the main module is imported by every worker. OPTIONS is a saved choice as JSON.
"""

import json
import sys
import threading

from stackgui.core.advice.estimate import estimate
from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.running.resources import program_memory

LOOK_S = 0.01
WORKERS = 2


def run() -> None:
    source, stack, storage, options = sys.argv[1:]
    most, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK_S):
            most[0] = max(most[0], program_memory())

    with Engine(WORKERS) as engine:
        catalog = engine.scan([source], Control(), cache=False)
        plan = resolve(Options.from_json(json.loads(options)), catalog)
        needed = estimate(plan, engine.resources(stack))
        watcher = threading.Thread(target=watch)
        watcher.start()
        report = engine.convert(plan, RunOptions(stack, storage=Storage(storage)), Control())
        ended.set()
        watcher.join()
    figures = {
        "file": needed.peak_file_bytes,
        "memory": needed.peak_memory_bytes,
        "seen": most[0],
        "reported": report.peak_rss_bytes,
        "arrays": list(needed.array_bytes),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
