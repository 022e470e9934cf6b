"""The choice of a cluster, and the line that says how it is doing."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from stackgui.core.base.errors import RunError, UsageError
from stackgui.core.base.extras import Extra
from stackgui.core.run.cluster import ClusterHealth, Link, SilentWorker, health_line
from stackgui.gui.app.settings import Settings, Where
from stackgui.gui.widgets.parts import NAMES, Mark
from stackgui.gui.widgets.theme import Role
from tests.gui.acting import choose

ADDRESS = "tcp://host:8786"
WELL = ClusterHealth(
    ADDRESS, Link.REACHED, workers=3, threads=12, memory_bytes=48 * 10**9, used_bytes=20 * 10**9,
    dashboard="http://host:8787/status",
)  # fmt: skip


@pytest.fixture
def health(engine):
    """What the cluster answers next."""
    engine.cluster_health.return_value = WELL
    return engine.cluster_health


@pytest.fixture
def use(app, health, until):
    """Choose a cluster, and wait for its answer."""

    def choose_cluster(answer: ClusterHealth = WELL) -> None:
        health.return_value = answer
        app.beside.use_settings(Settings(where=Where.CLUSTER, cluster=answer.address))
        before = health.call_count
        until(app._poll, lambda: health.call_count > before and not app.cluster.is_asking)

    return choose_cluster


def shown(find) -> str:
    return find(QLabel, "cluster.line").text().replace("\N{NO-BREAK SPACE}", " ")


def test_this_computer_works_unless_a_cluster_is_chosen(app, engine, health):
    app._poll()
    assert not app.window.cluster.isVisible()
    engine.use_cluster.assert_not_called()
    health.assert_not_called()


def test_a_cluster_is_chosen_in_the_settings(app, engine, health, find, qtbot, monkeypatch, until):
    monkeypatch.setattr(Extra, "is_there", True)
    app.window.menus["settings"].trigger()
    choose(find, qtbot, "settings.where", "On a cluster")
    app._poll()
    assert shown(find) == "The settings name no cluster yet, so this computer does the work."
    field = find(QLineEdit, "settings.cluster")
    field.setText(ADDRESS)
    field.editingFinished.emit()
    until(app._poll, lambda: "3 workers" in shown(find))
    assert engine.use_cluster.call_args.args == (ADDRESS,)
    choose(find, qtbot, "settings.where", "On this computer")
    until(app._poll, lambda: engine.use_cluster.call_args.args == ("",))
    assert not app.window.cluster.isVisible()


def test_the_search_with_which_the_window_opens_is_done_there(app, engine, health):
    app.beside.use_settings(Settings(where=Where.CLUSTER, cluster=ADDRESS))
    engine.use_cluster.assert_not_called()
    app.cluster.poll()
    assert engine.use_cluster.call_args_list[0].args == (ADDRESS,)


def test_without_dask_the_settings_say_how_to_get_it(app, find, monkeypatch):
    monkeypatch.setattr(Extra, "is_there", False)
    app.window.menus["settings"].trigger()
    assert not find(QComboBox, "settings.where").isEnabled()
    window = app.beside._settings_window
    told = [each.text() for each in window.findChildren(QLabel) if "stackgui[cluster]" in each.text()]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("health_now", "role", "words"),
    [
        (WELL, Role.SUCCESS, "3 workers, 12 pictures at a time, 20.0 GB of 48.0 GB of memory"),
        (replace(WELL, workers=2, lost=1), Role.WARNING, "1 worker was lost; the others do its work again."),
        (replace(WELL, silent_s=12), Role.WARNING, "has not answered for 12 s."),
        (ClusterHealth(ADDRESS, silent_s=12), Role.WARNING, "Nobody has answered at"),
        (replace(WELL, silent_workers=(SilentWorker("pine", 12),)), Role.WARNING, "The worker on pine"),
        (replace(WELL, refused=("pine: Pillow 11, here 12.",)), Role.WARNING, "pine: Pillow 11, here 12."),
        (replace(WELL, workers=0, threads=0), Role.WARNING, "has no workers"),
        (replace(WELL, workers=0, threads=0, lost=1), Role.WARNING, "started there. 1 worker was lost."),
        (ClusterHealth(ADDRESS, Link.AWAY, problem="Look there."), Role.ERROR, "Look there."),
    ],
)  # fmt: skip
def test_its_health_is_one_line(use, find, health_now, role, words):
    use(health_now)
    assert words in shown(find)
    assert find(Mark, "cluster.mark").accessibleName() == NAMES[role]
    assert find(QAbstractButton, "cluster.page").isVisible() is bool(health_now.dashboard)


def test_it_is_asked_one_question_at_a_time(app, use, health, find, until):
    use()
    may_answer = threading.Event()
    health.side_effect = lambda _control: may_answer.wait() and replace(WELL, lost=1)
    asked = health.call_count
    app.cluster.look()
    app.cluster.look()
    until(app._poll, lambda: health.call_count == asked + 1)
    may_answer.set()
    until(app._poll, lambda: "lost" in shown(find))


def test_what_is_known_is_shown_while_an_answer_is_awaited(app, use, engine, health, find, until):
    use()
    may_answer = threading.Event()
    health.side_effect = lambda _control: may_answer.wait() and WELL
    app.cluster.look()
    engine.cluster_glance.return_value = replace(WELL, silent_s=12)
    app.cluster.look()
    assert "has not answered for 12 s" in shown(find)
    may_answer.set()
    until(app._poll, lambda: "3 workers" in shown(find))


def test_why_a_cluster_is_away_stays_while_it_is_sought_again(app, use, engine, health, find, until):
    use()
    health.side_effect = RunError("Nobody is there.")
    app.cluster.look()
    until(app._poll, lambda: shown(find) == "Nobody is there.")
    may_answer = threading.Event()
    health.side_effect = lambda _control: may_answer.wait() and WELL
    engine.cluster_glance.return_value = ClusterHealth(ADDRESS)
    app.cluster.look()
    app.cluster.look()
    assert shown(find) == "Nobody is there."
    may_answer.set()
    until(app._poll, lambda: "3 workers" in shown(find))


def test_an_answer_about_a_cluster_that_is_no_longer_chosen_is_not_shown(app, use, health, until):
    use()
    may_answer = threading.Event()
    health.side_effect = lambda _control: may_answer.wait() and WELL
    app.cluster.look()
    app.beside.use_settings(Settings())
    app._poll()
    may_answer.set()
    until(app._poll, lambda: not app.cluster.is_asking)
    assert not app.window.cluster.isVisible()


def test_an_address_that_makes_no_sense_is_told(app, engine, use, find, until):
    engine.use_cluster.side_effect = UsageError("“pine” is not the address of a cluster.")
    app.beside.use_settings(Settings(where=Where.CLUSTER, cluster="pine"))
    until(app._poll, lambda: shown(find) == "“pine” is not the address of a cluster.")
    assert find(Mark, "cluster.mark").accessibleName() == NAMES[Role.ERROR]


def test_a_run_keeps_the_cluster_with_which_it_began(app, behaviour, engine, folders, use, until):
    use()
    app.controller.add_sources(folders)
    until(app._poll, lambda: app.controller.screen.can_convert)
    behaviour.run_may_end.clear()
    app.controller.convert()
    until(app._poll, lambda: app.controller.screen.running is not None)
    app.beside.use_settings(Settings())
    app._poll()
    assert engine.use_cluster.call_args.args == (ADDRESS,)
    behaviour.run_may_end.set()
    until(app._poll, lambda: engine.use_cluster.call_args.args == ("",))


def test_the_page_of_dask_is_opened_by_the_desktop(use, find, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda link: opened.append(link) or True)
    use()
    find(QAbstractButton, "cluster.page").click()
    assert opened == [QUrl("http://host:8787/status")]


def test_a_cluster_that_is_sought_is_said_to_be():
    assert health_line(ClusterHealth(ADDRESS)) == "Looking for the cluster at tcp://host:8786."
