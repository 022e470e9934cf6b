# ruff: noqa: INP001 - a script beside its data, in no package
"""Take the pictures of the window that the README and the help pages show, from the sample pictures alone.

Run it late before a release, with any display or none::

    .venv/bin/python resources/make_screenshots.py
    .venv/bin/python resources/make_screenshots.py --only window --out /tmp
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QSize
from PySide6.QtWidgets import QApplication, QLineEdit, QTabWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.engine import Engine
from stackgui.gui.app.app import App
from stackgui.gui.app.application import application
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import State
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.theme import Theme

FOLDER = Path(__file__).resolve().parent / "screenshots"
MAX_BYTES = 150_000
LONGEST_S = 60.0
SETTLE_S = 1.5
"""Thumbnails and charts come a moment after the figures that they belong to."""

LAPTOP = QSize(1280, 800)
SAVED_AS = str(PurePosixPath("/", "home", "anna", "stacks", "samples"))
"""Shown instead of a folder that will be gone."""


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

    def show_tab(self, title: str) -> None:
        """Bring the tab `title` to the front."""
        tabs = self.app.window.findChild(QTabWidget, "found.tabs")
        titles = [tabs.tabText(at).replace("&", "").split()[0] for at in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(title))

    def choose(self, options: Options) -> None:
        """Choose `options`, and wait for their plan."""
        self.app.controller.choose_options(options)
        self.wait(lambda: not self.app.controller.screen.planning)

    def picture(self, size: QSize) -> bytes:
        """Return a picture of the window at `size`, as PNG of few colours."""
        window = self.app.window
        window.resize(size)
        self.wait(most_s=SETTLE_S)
        field = window.findChild(QLineEdit, "save.destination")
        if field.text():
            field.setText(SAVED_AS)
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


def _added(at: Photographer) -> None:
    if at.app.controller.screen.state is State.EMPTY:
        at.app.files.add_samples()
    at.reach(State.READY)


def _sizes(at: Photographer) -> None:
    _added(at)
    at.show_tab("Sizes")


def _pictures(at: Photographer) -> None:
    _added(at)
    at.choose(Options(size=Size.exact(224, 224), fit=Fit.LETTERBOX))
    at.show_tab("Pictures")


def _arrays(at: Photographer) -> None:
    _added(at)
    at.choose(Options(buckets=3))
    at.show_tab("Arrays")


def _problems(at: Photographer) -> None:
    _added(at)
    at.choose(Options())
    at.show_tab("Problems")


def _labels(at: Photographer) -> None:
    _added(at)
    at.choose(Options())
    at.show_tab("Labels")


def _finished(at: Photographer) -> None:
    _sizes(at)
    at.app.controller.convert()
    at.reach(State.FINISHED)


@dataclass(frozen=True)
class Scene:
    """A state of the window.

    Attributes
    ----------
    name : str
        File name without ``.png``; that in dark colours ends in ``-dark``.
    size : QSize
        Of the window, in pixels.
    prepare : callable
        Leads the window there, from the scene before.
    """

    name: str
    size: QSize
    prepare: Callable[[Photographer], None]


SCENES = (
    Scene("first", LAPTOP, lambda at: at.reach(State.EMPTY)),
    Scene("window", LAPTOP, _sizes),
    Scene("pictures", LAPTOP, _pictures),
    Scene("arrays", LAPTOP, _arrays),
    Scene("labels", LAPTOP, _labels),
    Scene("problems", LAPTOP, _problems),
    Scene("finished", LAPTOP, _finished),
)
"""In the order in which a person gets there."""


@contextmanager
def window() -> Iterator[Photographer]:
    """Show a window of someone who starts the program for the first time."""
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = home
        os.environ["XDG_STATE_HOME"] = home
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


def take(names: set[str], themes: dict[Theme, str], folder: Path) -> None:
    """Write the pictures of the scenes `names` into `folder`, once for each theme with its ending."""
    for chosen, ending in themes.items():
        with window() as at:
            theme.use_theme(chosen)
            for scene in SCENES:
                scene.prepare(at)
                if scene.name not in names:
                    continue
                data = at.picture(scene.size)
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="scenes; all if not given")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the pictures")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        provide_screen(Path(folder))
        application()
    take(set(wanted.only), {Theme.LIGHT: "", Theme.DARK: "-dark"}, wanted.out)


if __name__ == "__main__":
    main()
