"""Dragging the target lines in the real window: every figure is that of ``stackgui plan --json``."""

import json
import os
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from stackgui import cli
from stackgui.cli import show
from stackgui.core.advice.estimate import Verdict, estimate
from stackgui.core.base.choices import Fit
from stackgui.core.base.columns import Paths
from stackgui.core.base.size import Size
from stackgui.core.base.units import format_bytes, format_share
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.engine import Engine
from stackgui.gui.texts import texts
from tests.kept_workers import lent
from tests.making import make_catalog
from tests.pointing import MOVE, PRESS, RELEASE, place_of, send, viewport

SAMPLES = 1_000_000
SHARES = (0.8, 0.5)
"""To which part of the size it began with a line is dragged, one after another."""

Figures = dict[str, str]
FIGURES = ("memory.size", "memory.shape", "memory.verdict", "plan.effects")


def figures(person) -> Figures:
    """All that the window says of the size."""
    found = {name: person.find(name).text() for name in FIGURES}
    found["bytes"] = person.find("memory.size").toolTip()
    found["bar"] = person.find("memory.memoryBar").accessibleDescription().partition(";")[0]
    return found


def size_shown(person) -> str:
    return "x".join(str(person.find(f"plan.size.{side}").value()) for side in ("height", "width"))


def is_working(person) -> bool:
    """Whether the figures are still those of the plan before: several arrays take a moment."""
    return "Planning the arrays" in person.find("save.line").text()


def dragged(person, told: dict[str, Figures]) -> Iterator[Callable[[], object]]:
    """Drag one line and then the other, and note after each step what is told of which size."""
    plot = person.window.found.sizes.plot
    yield lambda: plot._canvas.isVisible() and person.find("memory").isVisible()
    for side in (0, 1):
        target = plot._target
        # On one line, and far from the other.
        at = [target[0] * 0.45, target[1] * 0.55]
        at[side] = target[side]
        start = place_of(plot, *at)
        send(viewport(plot), MOVE, start, held=False)
        yield lambda: True
        send(viewport(plot), PRESS, start, held=True)
        for share in SHARES:
            yield lambda: True
            before = size_shown(person)
            at[side] = target[side] * share
            end = place_of(plot, *at)
            send(viewport(plot), MOVE, end, held=True)
            yield lambda before=before: size_shown(person) != before and not is_working(person)
            told[size_shown(person)] = figures(person)
        send(viewport(plot), RELEASE, end, held=False)
        yield lambda: True


def expected(plan: dict) -> Figures:
    """The same figures from a plan as JSON."""
    needed, arrays = plan["estimate"], plan["arrays"]
    changes = {
        "made smaller": plan["scaled_down"], "made larger": plan["scaled_up"], "cropped": plan["cropped"],
    }  # fmt: skip
    sentence = "; ".join(
        f"{texts.pictures(count)} {'is' if count == 1 else 'are'} {what}"
        for what, count in changes.items()
        if count
    )
    return {
        "memory.size": f"{format_bytes(needed['stack_bytes'])}, {format_share(plan['waste'])} padding",
        "memory.shape": "; ".join(
            f"({', '.join(map(str, array['shape']))}) {array['dtype']}" for array in arrays
        ),
        "memory.verdict": texts.VERDICTS[Verdict(needed["verdict"])],
        "plan.effects": f"{sentence}." if sentence else "Every picture keeps its size.",
        "bytes": f"{needed['stack_bytes']:,} bytes",
        "bar": f"array: {format_bytes(sum(needed['array_bytes']))}",
    }


def with_rows_of_a_multiple(person) -> None:
    multiple = person.find("buckets.multiple")
    multiple.setCurrentIndex(multiple.findText("32"))
    multiple.activated.emit(multiple.currentIndex())


def in_several_arrays(person) -> None:
    person.find("bucketBars").chosen.emit(4)


CASES = [
    ("photos", None, []),
    ("thumbnails", None, []),
    ("photos", with_rows_of_a_multiple, ["--multiple", "32"]),
    ("photos", in_several_arrays, ["--buckets", "4"]),
]


@pytest.mark.parametrize(("pictures", "choose", "words"), CASES)
def test_figures_of_a_drag_are_those_of_the_plan_as_json(
    drive, request, capfd, kept, pictures, choose, words
):
    folder = request.getfixturevalue(pictures)
    told: dict[str, Figures] = {}

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(folder)
        yield lambda: person.sees("save.line", "Ready")
        if choose is not None:
            choose(person)
            yield lambda: not is_working(person)
        yield from dragged(person, told)

    assert drive(script) == 0
    assert len(told) == 2 * len(SHARES)
    capfd.readouterr()
    for size, shown in told.items():
        with lent(kept):
            assert cli.main(["plan", str(folder), "--size", size, *words, "--json"]) == 0
        assert shown == expected(json.loads(capfd.readouterr().out)), size


def of_a_million(plan: Plan) -> dict:
    """What is compared of a plan as JSON: the whole of it, with every row, takes ten seconds."""
    with Engine() as engine:
        needed = estimate(plan, engine.resources(os.getcwd()))
    counts = {name: getattr(plan, name) for name in ("waste", "scaled_down", "scaled_up", "cropped")}
    arrays = [{"shape": array.shape, "dtype": array.dtype} for array in plan.arrays]
    return {"estimate": show.estimate_json(needed), "arrays": arrays, **counts}


@pytest.mark.parametrize("fit", ["pad", "letterbox", "cover"])
def test_a_million_samples_follow_a_drag(drive, monkeypatch, tmp_path, fit):
    """The scan alone is left out: a million files would take minutes."""
    random = np.random.default_rng(1)
    sizes = np.clip(random.normal((2600, 3800), (600, 900), (SAMPLES, 2)), 16, 20_000).astype(np.int32)
    nameless = Paths(b"x.jpg" * SAMPLES, np.arange(1, SAMPLES + 1, dtype=np.int64) * 5)
    catalog = make_catalog(sizes, path=nameless, sources=(str(tmp_path),))
    monkeypatch.setattr(Engine, "scan", lambda *_, **__: catalog)
    told: dict[str, Figures] = {}

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(tmp_path)
        yield lambda: person.find("memory").isVisible()
        person.find(f"plan.fit.{fit}").click()
        yield person.window.found.sizes.plot._canvas.isVisible
        yield lambda: not is_working(person)
        yield from dragged(person, told)

    assert drive(script) == 0
    assert len(told) == 2 * len(SHARES)
    for size, shown in told.items():
        # The previews find out, sooner or later, that there are no such files.
        shown["plan.effects"] = re.sub(r"; \d+ places? stays? empty", "", shown["plan.effects"])
        plan = resolve(Options(size=Size.parse(size), fit=Fit(fit)), catalog)
        assert shown == expected(of_a_million(plan)), size
