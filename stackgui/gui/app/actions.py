"""All that can be done in the window, declared once; menus and shortcuts follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from stackgui.core.run.run_options import IfUnfinished
from stackgui.gui.app import adding
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.found import TABS
from stackgui.gui.panels.found.tab import Tab

if TYPE_CHECKING:  # the app imports this module
    from stackgui.gui.app.app import App

Keys = QKeySequence.StandardKey
Place = QAction.MenuRole


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done.

    Attributes
    ----------
    name : str
        The object name of its QAction is this after ``action.``.
    text : str
        What the menu says, with its access key after ``&``.
    tip : str
        What it does, as a sentence.
    does : callable
        Does it.
    icon : str
        Icon name, or ``""``.
    keys : StandardKey or str
        Shortcut, or ``""``.
    enabled : callable
        Whether it can be done in the state of a screen.
    checked : callable or None
        Whether it is switched on; None if it is no switch.
    place : MenuRole
        Where macOS puts it.
    everywhere : bool
        Whether its shortcut works in the windows beside the main window too.
    what : callable or None
        What in particular it would do in the state of a screen, in a few words, or ``""``.
    """

    name: str
    text: str
    tip: str
    does: Callable[[App], object]
    icon: str = ""
    keys: QKeySequence.StandardKey | str = ""
    enabled: Callable[[Screen], bool] = lambda _: True
    checked: Callable[[App], bool] | None = None
    place: QAction.MenuRole = Place.NoRole
    everywhere: bool = False
    what: Callable[[Screen], str] | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of the menu bar.

    Attributes
    ----------
    name : str
        The object name of its QMenu is this after ``menu.``.
    text : str
        Its title, with its access key after ``&``.
    groups : tuple of tuples
        What it offers, with a line between groups. A text names a menu that the window makes itself.
    """

    name: str
    text: str
    groups: tuple[tuple[Action | str, ...], ...]


# When something can be done


def running(screen: Screen) -> bool:
    """Return whether a run is active, paused or not."""
    return screen.running is not None


def _can_undo(screen: Screen) -> bool:
    return bool(screen.history.past)


def _can_redo(screen: Screen) -> bool:
    return bool(screen.history.future)


def _can_convert(screen: Screen) -> bool:
    return screen.can_convert


def _way_on(screen: Screen) -> IfUnfinished:
    return screen.end.way_on if screen.end else IfUnfinished.RESUME


def _can_resume(screen: Screen) -> bool:
    return screen.unfinished is not None and _way_on(screen) is not IfUnfinished.RESTART


def _is_unfinished(screen: Screen) -> bool:
    return screen.unfinished is not None


def _has_stack(screen: Screen) -> bool:
    return not screen.running and screen.end is not None and screen.end.report is not None


def _has_folder(screen: Screen) -> bool:
    return _has_stack(screen) and bool(screen.end and screen.end.folder)


def _has_failures(screen: Screen) -> bool:
    return _has_folder(screen) and bool(screen.end and screen.end.report and screen.end.report.failures)


def _has_pictures(screen: Screen) -> bool:
    return screen.catalog is not None and screen.scan is None


def _has_sources(screen: Screen) -> bool:
    return bool(screen.sources)


def _can_search(screen: Screen) -> bool:
    return bool(screen.sources) and screen.scan is None


def _is_scanning(screen: Screen) -> bool:
    return screen.scan is not None


def _can_check(screen: Screen) -> bool:
    health = screen.health
    return screen.plan is not None and health is not None and health.progress is None


def _has_selection(screen: Screen) -> bool:
    return screen.catalog is not None and screen.selection is not None


def _resume(app: App) -> None:
    app.controller.left_over.resume(redo_changed=_way_on(app.controller.screen) is IfUnfinished.REDO)


# The menus


def _tabs() -> Iterator[Action]:
    for number, tab in enumerate(TABS, start=1):
        yield _tab(tab, number)


def _tab(tab: type[Tab], number: int) -> Action:
    return Action(
        f"tab.{tab.__name__}", tab.TITLE, tab.TIP, lambda app: app.window.found.show_tab(tab),
        tab.ICON, f"Ctrl+{number % 10}", _has_pictures,
    )  # fmt: skip


FILE = Menu("file", "&File", (
    (
        Action("new", "&New project", "Begins another project; this one is kept, and Undo brings it back.",
               lambda app: app.controller.projects.start_new(), "plus", Keys.New),
        Action("openProject", "Open &project…", "Opens a project that was saved as a file.",
               lambda app: app.files.open_project(), "folder-open", "Ctrl+Shift+P"),
        "recent",
        Action("saveProject", "Sa&ve project as…",
               "Keeps the project in a file of your choice from now on; it saves itself after every change.",
               lambda app: app.files.save_project(), "save", Keys.Save),
    ),
    (
        Action("add", "&Add folders…", "Adds folders and everything inside them.",
               lambda app: app.files.add_folder(), "folder-add", Keys.Open),
        Action("addFiles", "Add &files…",
               "Adds ZIP or TAR files, lists of files (CSV), or single pictures.",
               lambda app: app.files.add_files(), "archive", "Ctrl+Alt+O"),
        Action("addAddresses", "Add a&ddresses…",
               "Adds pictures in a bucket (s3://…, gs://…, az://…), or what is on the web (https://…).",
               lambda app: app.window.type_into(app.window.addresses), "cloud", "Ctrl+L"),
        Action("paste", "Paste fold&ers", "Adds the folders and files that were copied, or their paths.",
               lambda app: adding.paste(app.controller, app.window), "copy", Keys.Paste),
        Action("addSamples", "Add &sample pictures", "Adds two dozen small pictures that come with StackGUI.",
               lambda app: app.files.add_samples(), "pictures"),
    ),
    (
        Action("open", "&Open stack…", "Shows the rows of a finished stack in a window of its own.",
               lambda app: app.stacks.ask(), "stack", "Ctrl+Shift+O"),
        Action("openPlace", "Open a s&tack in a bucket…",
               "Shows the rows of a stack at an address (s3://…, gs://…, az://…), which you type.",
               lambda app: app.window.type_into(app.window.open_place), "cloud", "Ctrl+Alt+B"),
        Action("openArray", "Open an arra&y…",
               "Shows the pictures in an array that another program made, as NumPy and Zarr keep them.",
               lambda app: app.stacks.ask_array(), "pictures"),
        Action("destination", "Save the stac&k as…", "Chooses the folder that the stack will be saved as.",
               lambda app: app.files.change_destination(), "save", Keys.SaveAs),
        Action("address", "Save the stack in a &bucket…",
               "Saves the stack at an address (s3://…, gs://…, az://…), which you type.",
               lambda app: app.window.save.type_address(), "cloud", "Ctrl+Shift+L", _has_sources),
    ),
    (
        Action("quit", "&Quit", "Closes the window.", lambda app: app.window.close(), "close", "Ctrl+Q",
               place=Place.QuitRole),
    ),
))  # fmt: skip

EDIT = Menu("edit", "&Edit", (
    (
        Action("undo", "&Undo", "Undoes the last change, whatever it was.",
               lambda app: app.controller.travel(back=True), "undo", Keys.Undo, _can_undo,
               what=lambda screen: screen.history.undoes),
        Action("redo", "&Redo", "Restores the change that was undone.",
               lambda app: app.controller.travel(back=False), "redo", Keys.Redo, _can_redo,
               what=lambda screen: screen.history.redoes),
    ),
    (
        Action("leaveOut", "&Leave out the selected pictures",
               "Leaves these pictures out of the stack; their files stay.",
               lambda app: app.controller.exclude(True), "minus", enabled=_has_selection),
        Action("takeIn", "&Take in the selected pictures", "Puts these pictures back into the stack.",
               lambda app: app.controller.exclude(False), "plus", enabled=_has_selection),
        Action("saveList", "&Save a list of the selected pictures…",
               "Saves the names of these files as a CSV list.",
               lambda app: app.files.save_list(), "list", enabled=_has_selection),
        Action("allPictures", "Go back to &all pictures", "Shows all pictures instead of the selected ones.",
               lambda app: app.controller.pick(None), "pictures", enabled=_has_selection),
    ),
    ("presets",),
    (
        Action("settings", "Sett&ings…", "How the program looks, and what it may take of this computer.",
               lambda app: app.beside.show_settings(), "options", "Ctrl+,",
               place=Place.PreferencesRole),
    ),
))  # fmt: skip

VIEW = Menu("view", "&View", (
    tuple(_tabs()),
    (
        Action("showTable", "&Show as table", "Shows the figures behind the bars and plots in front.",
               lambda app: app.beside.show_tables(), "table", "Ctrl+T"),
        Action("showBoxes", "Show bo&xes on pictures",
               "Draws boxes, polygons and keypoints over pictures everywhere in the window.",
               lambda app: app.window.toggle_boxes(), "boxes", "Ctrl+B",
               checked=lambda app: app.window.shows_boxes()),
        Action("closeCard", "&Close the message or report",
               "Closes the message or report that is shown, one after the other.",
               lambda app: app.window.cards.close_one(), "close", Keys.Cancel),
        Action("nextPart", "&Next part of the window", "Gives the keyboard to the next part of the window.",
               lambda app: app.window.go_to_part(forward=True), "arrow-down", "F6"),
        Action("previousPart", "P&revious part of the window",
               "Gives the keyboard to the part of the window before this one.",
               lambda app: app.window.go_to_part(forward=False), "arrow-up", "Shift+F6"),
        Action("fullScreen", "&Full screen", "Uses the whole screen, or gives it back.",
               lambda app: app.window.toggle_full_screen(), "fit-all", Keys.FullScreen,
               checked=lambda app: app.window.isFullScreen()),
    ),
))  # fmt: skip

RUN = Menu("run", "&Run", (
    (
        Action("convert", "&Convert", "Makes the stack.", lambda app: app.window.save.convert(), "play",
               "Ctrl+Return", _can_convert),
        Action("addToQueue", "Add to the &queue", "Makes the stack later, in turn with others.",
               lambda app: app.window.save.enqueue(), "list", "Ctrl+Shift+Return", _can_convert),
        Action("queue", "Q&ueue…", "Shows the stacks that are made one after another.",
               lambda app: app.night.show_queue(), "clock", "Ctrl+Shift+J"),
        Action("pause", "&Pause or go on", "Pauses or continues the run; nothing is lost.",
               lambda app: app.controller.runs.pause_or_resume(), "pause", "Ctrl+P", running),
        Action("cancel", "Ca&ncel", "Stops the run; the rows done so far are kept, and you can resume.",
               lambda app: app.controller.runs.cancel(), "stop", "Shift+Esc", running),
        Action("resume", "&Resume", "Goes on where it stopped; the rows that are done are not made again.",
               _resume, "play", "Ctrl+R", _can_resume),
        Action("restart", "&Discard and convert again",
               "Prepares to convert from the beginning; Convert then discards the finished rows.",
               lambda app: app.controller.left_over.start_again(), "redo", enabled=_is_unfinished),
    ),
    (
        Action("openFolder", "Open the stack’s &folder", "Shows the stack in the file manager.",
               lambda app: app.window.result.open_folder(), "folder-open", enabled=_has_folder),
        Action("copyPython", "Cop&y Python", "Copies the lines that load this stack.",
               lambda app: app.window.result.copy_python(), "python", enabled=_has_stack),
        Action("handOver", "Hand over…", "Gives a stack to another tool or library, as it is or as a copy.",
               lambda app: app.hand_over.show_last(), "archive", "Ctrl+Shift+E"),
        Action("verify", "&Verify", "Checks that every row is intact where it is saved.",
               lambda app: app.window.result.verify(), "check", enabled=_has_stack),
        Action("retry", "Retry fail&ed rows",
               "Reads the pictures of failed rows again, once you have repaired or replaced them.",
               lambda app: app.controller.runs.retry_failed(), "retry", enabled=_has_failures),
        Action("update", "Update the &stack…",
               "Shows what is new, changed or gone in its folders since, and takes it in.",
               lambda app: app.stack_updates.show(), "retry", enabled=_has_folder),
    ),
    (
        Action("checkPictures", "Chec&k the pictures", "Decodes every picture and looks for doubtful ones.",
               lambda app: app.controller.health.begin(), "check", enabled=_can_check),
        Action("searchAgain", "Search a&gain", "Searches the sources once more, for what is new in them.",
               lambda app: app.controller.searching.again(), "redo", Keys.Refresh, _can_search),
        Action("stopSearch", "Stop the searc&h", "Stops the search; nothing is lost.",
               lambda app: app.controller.searching.stop(), "stop", enabled=_is_scanning),
    ),
))  # fmt: skip

HELP = Menu("help", "&Help", (
    (
        Action("help", "How it &works", "Explains everything in short pages.",
               lambda app: app.beside.show_help("index"), "help"),
        Action("tour", "Show the tou&r", "Shows what is where in the window, in four steps.",
               lambda app: app.beside.begin_tour(), "info"),
        Action("helpHere", "Help on &this part", "Explains the part of the window that has the keyboard.",
               lambda app: app.beside.show_help(), "help", Keys.HelpContents, everywhere=True),
        Action("searchHelp", "&Search the help", "Finds words in all pages of the help.",
               lambda app: app.beside.search_help(), "help", "Ctrl+F1"),
        Action("keys", "&Keys", "Lists all keys.", lambda app: app.beside.show_help("keys"), "list"),
        Action("log", "Open the &log folder", "Shows the log of errors in the file manager.",
               lambda app: app.beside.open_log(), "log"),
    ),
    (
        Action("updates", "Check for &updates", "Asks whether there is a newer StackGUI.",
               lambda app: app.beside.check_updates(), "retry"),
        Action("about", "&About StackGUI", "Which versions and licences the parts of StackGUI have.",
               lambda app: app.beside.show_about(), "info", place=Place.AboutRole),
    ),
))  # fmt: skip

MENUS = (FILE, EDIT, VIEW, RUN, HELP)
"""The menu bar from left to right. Something new that can be done needs its line in one of them."""


def actions() -> Iterator[Action]:
    """Return all actions, in the order of the menus."""
    for menu in MENUS:
        for group in menu.groups:
            yield from (each for each in group if isinstance(each, Action))
