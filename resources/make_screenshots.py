# ruff: noqa: INP001 - a script beside its data, in no package
"""Take the pictures of the window that the README and the help pages show, from pictures of our own alone.

Each language is led along the same path, in light and in dark: the first screen, the sample pictures, a
finished stack, labels and splits of a folder like Tiny ImageNet, three stacks in the queue. Run it late
before a release, with any display or none::

    .venv/bin/python resources/make_screenshots.py
    .venv/bin/python resources/make_screenshots.py --only window --languages de --out /tmp
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import make_samples
import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.project.queue import JobState
from stackgui.engine import Engine
from stackgui.gui.app.app import App
from stackgui.gui.app.application import application, speak
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.found import TABS
from stackgui.gui.panels.found.labels import LabelsPage
from stackgui.gui.texts.language import Language
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.theme import Theme

FOLDER = Path(__file__).resolve().parent / "screenshots"
HOME = Path(tempfile.gettempdir()) / "anna"
"""Of a person who starts the program for the first time; the queue shows the folder."""

MAX_BYTES = 150_000
LONGEST_S = 60.0
SETTLE_S = 1.5
"""Thumbnails and charts come a moment after the figures that they belong to."""

LAPTOP, QUEUE = QSize(1280, 800), QSize(960, 420)
SAVED_IN = PurePosixPath("/", "home", "anna", "stacks")
"""Shown instead of a folder that will be gone."""

KINDS = {
    "n11669921": make_samples.flower,
    "n09270894": make_samples.landscape,
    "n09394007": make_samples.planet,
}
"""Classes of the folder in the manner of Tiny ImageNet, named as there, and how their pictures are drawn."""

TRAIN, VALIDATION, TEST = 20, 15, 6
SIDE_PX = 64
SQUARE = Options(size=Size.exact(224, 224), fit=Fit.LETTERBOX)


def draw_tiny(folder: Path) -> None:
    """Draw pictures of classes in ``train``, and others whose classes a list names."""

    def draw(name: str, kind: str, seed: int) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        picture, _marked = make_samples.drawn(KINDS[kind], seed, SIDE_PX, SIDE_PX)
        picture.save(file, quality=86)

    for at, kind in enumerate(KINDS):
        for number in range(TRAIN):
            draw(f"train/{kind}/images/{kind}_{number}.JPEG", kind, 1000 * at + number)
    kinds = [str(kind) for kind in np.random.default_rng(5).choice(list(KINDS), VALIDATION)]
    for number, kind in enumerate(kinds):
        draw(f"val/images/val_{number}.JPEG", kind, 5000 + number)
    for number in range(TEST):
        draw(f"test/images/test_{number}.JPEG", list(KINDS)[number % len(KINDS)], 6000 + number)
    box = f"0\t0\t{SIDE_PX - 1}\t{SIDE_PX - 1}"
    lines = [f"val_{number}.JPEG\t{kind}\t{box}\n" for number, kind in enumerate(kinds)]
    (folder / "val" / "val_annotations.txt").write_text("".join(lines))
    (folder / "wnids.txt").write_text("".join(f"{kind}\n" for kind in KINDS))


class Photographer:
    """Leads a window through its states.

    Attributes
    ----------
    app : App
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def wait(self, so: Callable[[], bool] = lambda: False, most_s: float = LONGEST_S) -> bool:
        """Let the window live until something is so; return whether it is."""
        deadline = time.monotonic() + most_s
        while not so() and time.monotonic() < deadline:
            QApplication.processEvents()
            time.sleep(0.01)
        return so()

    def reach(self, state: State) -> None:
        """Wait for a state of the window."""
        if not self.wait(lambda: self.app.controller.screen.state is state):
            sys.exit(f"The window never became “{state.value}”.")

    def begin(self, *sources: str) -> None:
        """Begin another project with `sources`; the sample pictures if there are none."""
        if self.app.controller.screen.state is not State.EMPTY:
            self.app.controller.projects.start_new()
        if sources:
            self.app.controller.add_sources(sources)
        else:
            self.app.files.add_samples()
        self.reach(State.READY)

    def show_tab(self, name: str) -> None:
        """Bring the tab of the class `name` to the front."""
        self.app.window.found.show_tab(next(tab for tab in TABS if tab.__name__ == name))

    def choose(self, options: Options) -> None:
        """Choose `options`, and wait for their plan."""
        self.app.controller.choose_options(options)
        self.wait(lambda: not self.app.controller.screen.planning)
        self.reach(State.READY)

    def enqueue(self) -> None:
        """Add what is prepared to the queue."""
        before = len(self.jobs())
        self.wait(lambda: not self.app.controller.screen.obstacle)
        self.app.controller.queueing.add()
        self.wait(lambda: len(self.jobs()) > before)

    def jobs(self) -> tuple[JobState, ...]:
        """Return the states of what is in the queue."""
        return tuple(job.state for job in self.app.controller.screen.queue.queue.jobs)

    def picture(self, window: QWidget, size: QSize) -> bytes:
        """Return a picture of a window at `size`, as PNG of few colours."""
        window.resize(size)
        self.wait(most_s=SETTLE_S)
        field = self.app.window.findChild(QLineEdit, "save.destination")
        if field.text():
            field.setText(str(SAVED_IN / PurePosixPath(field.text()).name))
        if focused := QApplication.focusWidget():
            focused.clearFocus()  # the frame around it says nothing here
        QApplication.processEvents()
        grabbed = QByteArray()
        buffer = QBuffer(grabbed)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        window.grab().save(buffer, "PNG")
        made = io.BytesIO()
        with Image.open(io.BytesIO(grabbed.data())) as full:
            # This way keeps rare colours, such as those of warnings.
            few = full.convert("RGB").quantize(
                method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
            )
            few.save(made, "PNG", optimize=True)
        return made.getvalue()


# The path, in the order in which a person goes along


def _sizes(at: Photographer) -> None:
    at.begin()
    at.show_tab("SizesPage")


def _letterbox(at: Photographer) -> None:
    at.choose(SQUARE)
    at.show_tab("PicturesPage")


def _arrays(at: Photographer) -> None:
    at.choose(Options(buckets=3))
    at.show_tab("BucketsPage")


def _problems(at: Photographer) -> None:
    at.choose(Options())
    at.app.controller.health.begin()  # else it depends on which pictures have been seen
    at.wait(lambda: _is_checked(at))
    at.show_tab("ProblemsPage")


def _is_checked(at: Photographer) -> bool:
    health = at.app.controller.screen.health
    return health is not None and health.progress is None and health.by_pixels is not None


def _finished(at: Photographer) -> None:
    at.choose(SQUARE)
    at.show_tab("SizesPage")
    at.wait(lambda: not at.app.controller.screen.obstacle)
    at.app.controller.convert()
    at.reach(State.FINISHED)


def _labels(at: Photographer) -> None:
    at.begin(str(HOME / "tiny-pictures"))
    at.choose(Options())
    at.show_tab("LabelsPage")


def _assistant(at: Photographer) -> None:
    page = at.app.window.found.findChild(LabelsPage)
    page.open_assistant(opened=True)
    lists = page.findChild(QComboBox, "labels.list.name")
    at.wait(lambda: lists.count() > 1)
    lists.setCurrentIndex(next(at for at in range(lists.count()) if "val_annotations" in lists.itemText(at)))
    lists.activated.emit(lists.currentIndex())
    use = page.findChild(QAbstractButton, "labels.list.use")
    at.wait(lambda: use.isVisible() and use.isEnabled())
    use.click()
    at.wait(lambda: at.app.controller.screen.state is not State.READY, SETTLE_S)
    at.reach(State.READY)
    told = page.findChild(QLabel, "labels.list.result")
    at.wait(lambda: f"{VALIDATION}" in told.text())


def _queue(at: Photographer) -> None:
    at.enqueue()
    at.begin()
    at.choose(SQUARE)
    at.enqueue()
    at.choose(Options(size=Size.exact(96, 96), fit=Fit.COVER))
    at.enqueue()
    at.app.night.show_queue()
    at.app.controller.queueing.start()
    at.wait(lambda: JobState.RUNNING in at.jobs())
    at.app.controller.queueing.hold()
    at.wait(lambda: at.jobs()[:1] == (JobState.DONE,) and JobState.RUNNING not in at.jobs())


@dataclass(frozen=True)
class Scene:
    """A state of the window.

    Attributes
    ----------
    name : str
        File name without ``.png``; that in dark colours ends in ``-dark``.
    prepare : callable
        Leads the window there, from the scene before.
    window : str
        Object name of the window that is shown.
    size : QSize
        Of the window, in pixels.
    """

    name: str
    prepare: Callable[[Photographer], None]
    window: str = "mainWindow"
    size: QSize = LAPTOP


SCENES = (
    Scene("first", lambda at: at.reach(State.EMPTY)),
    Scene("window", _sizes),
    Scene("pictures", _letterbox),
    Scene("arrays", _arrays),
    Scene("problems", _problems),
    Scene("finished", _finished),
    Scene("labels", _labels),
    Scene("assistant", _assistant),
    Scene("queue", _queue, "queueWindow", QUEUE),
)


@contextmanager
def window(language: Language) -> Iterator[Photographer]:
    """Show a window of someone who starts the program for the first time."""
    for variable in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        os.environ[variable] = str(HOME)
    os.environ["XDG_STATE_HOME"] = str(HOME)
    HOME.mkdir()
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    try:
        draw_tiny(HOME / "tiny-pictures")
        speak(qt, language)
        preferences = Preferences()
        preferences.keep_tour_shown()
        app = App(Engine(), preferences)
        try:
            app.start()
            app.load_rest()
            yield Photographer(app)
        finally:
            app.close()
            app.window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    finally:
        shutil.rmtree(HOME)


def take(names: set[str], language: Language, chosen: Theme, folder: Path) -> None:
    """Write the pictures of the scenes `names` into `folder`."""
    ending = "-dark" if chosen is Theme.DARK else ""
    folder.mkdir(parents=True, exist_ok=True)
    with window(language) as at:
        theme.use_theme(chosen)
        for scene in SCENES:
            scene.prepare(at)
            if scene.name not in names:
                continue
            shown = [at.app.window, *at.app.window.findChildren(QWidget, scene.window)][-1]
            data = at.picture(shown, scene.size)
            file = folder / f"{scene.name}{ending}.png"
            if len(data) > MAX_BYTES:
                sys.exit(f"{file.name} has {len(data):,} bytes, more than {MAX_BYTES:,}.")
            file.write_bytes(data)


def provide_screen(folder: Path) -> None:
    """Draw on no screen unless told otherwise, but on one that is as large as people have."""
    if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        screen = {"name": "one", "x": 0, "y": 0, "width": 1920, "height": 1080, "dpr": 1}
        file = folder / "screen.json"
        file.write_text(json.dumps({"screens": [screen | {"logicalDpi": 96, "logicalBaseDpi": 96}]}))
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def main() -> None:
    """Take the pictures."""
    names = [scene.name for scene in SCENES]
    languages = [str(Language.ENGLISH), str(Language.GERMAN)]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="scenes; all if not given")
    parser.add_argument(
        "--languages", nargs="+", choices=languages, default=languages, help="all if not given"
    )
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the pictures")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        provide_screen(Path(folder))
        application()
    for name in wanted.languages:
        language = Language(name)
        out = wanted.out if language is Language.ENGLISH else wanted.out / name
        for chosen in (Theme.LIGHT, Theme.DARK):
            take(set(wanted.only), language, chosen, out)


if __name__ == "__main__":
    main()
