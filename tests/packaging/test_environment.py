"""When the environment is made, when it is added to or mended, and when it is left as it is."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest

pytestmark = pytest.mark.tree


@pytest.fixture
def steps(environment, monkeypatch, tmp_path):
    """What the set-up would have run, in an empty folder; every step succeeds."""
    steps = []

    def record(command, _offline=""):
        steps.append("venv" if "venv" in command else command[-1].rpartition("/")[2].partition(".")[0])
        python = environment.Path(environment.python_in(environment.FOLDER))
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        if "-r" in command:
            site = environment.FOLDER / "lib" / "python3.11" / "site-packages"
            (site / f"{steps[-1]}-1.0.dist-info").mkdir(parents=True, exist_ok=True)
        steps[:] = [step for step in steps if step in {"venv", "pip", *environment.SERVES}]

    monkeypatch.setattr(environment, "FOLDER", tmp_path / "venv")
    monkeypatch.setattr(environment, "_run", record)
    monkeypatch.setattr(environment.installing, "is_there", lambda _: True)
    return steps


def test_the_first_time_makes_it_and_the_second_finds_it_complete(environment, steps):
    environment.prepare("run")
    environment.prepare("run")
    assert steps == ["venv", "pip", "run"]


def test_tools_are_added_to_a_complete_one(environment, steps):
    for purpose in ("run", "test", "dist", "test", "run"):
        environment.prepare(purpose)
    assert steps == ["venv", "pip", "run", "test", "dist"]


def test_one_for_tests_also_runs_the_program(environment, steps):
    environment.prepare("test")
    environment.prepare("run")
    assert steps == ["venv", "pip", "test"]


@pytest.mark.parametrize("changed", ["pins", "project", "python", "folder"])
def test_a_change_makes_it_afresh(environment, steps, monkeypatch, tmp_path, changed):
    environment.prepare("test")
    steps.clear()
    installing = environment.installing
    if changed == "pins":
        shutil.copytree(installing.PINS, tmp_path / "pins")
        monkeypatch.setattr(installing, "PINS", tmp_path / "pins")
        with (tmp_path / "pins" / "run.txt").open("a") as pins:
            pins.write("more==1.0\n")
    elif changed == "project":
        monkeypatch.setattr(environment, "PROJECT", tmp_path / "pyproject.toml")
        environment.PROJECT.write_text("[build-system]\n[project]\nname = 'other'\n")
    elif changed == "python":
        monkeypatch.setattr(sys.implementation, "cache_tag", "another")
    else:
        monkeypatch.setattr(environment, "REPOSITORY", tmp_path)
    environment.prepare("run")
    assert steps == ["venv", "pip", "run"]


def test_other_pins_for_the_tests_leave_the_program_as_it_is(environment, steps, monkeypatch, tmp_path):
    environment.prepare("test")
    steps.clear()
    shutil.copytree(environment.installing.PINS, tmp_path / "pins")
    monkeypatch.setattr(environment.installing, "PINS", tmp_path / "pins")
    with (tmp_path / "pins" / "test.txt").open("a") as pins:
        pins.write("more==1.0\n")
    environment.prepare("run")
    assert steps == []
    environment.prepare("test")
    assert steps == ["test"]


@pytest.mark.parametrize("broken", ["python", "package", "stamp", "nonsense"])
def test_a_broken_one_is_mended(environment, steps, broken):
    environment.prepare("run")
    steps.clear()
    if broken == "python":
        os.unlink(environment.python_in(environment.FOLDER))
    elif broken == "package":
        os.rmdir(next(environment.FOLDER.glob("lib/*/*/*.dist-info")))
    elif broken == "stamp":
        environment.stamp("run").write_text("")
    else:
        environment.stamp("run").write_text(json.dumps(7))
    environment.prepare("run")
    assert steps == ["venv", "pip", "run"]


def test_what_a_link_leads_to_is_not_emptied(environment, steps, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment.FOLDER.symlink_to(elsewhere)
    (elsewhere / "something").touch()
    with pytest.raises(SystemExit, match=r"is a link to .*elsewhere, which is not the environment"):
        environment.prepare("run")
    assert steps == []
    (elsewhere / "something").unlink()  # a link to an empty place on another disk does no harm
    environment.prepare("run")
    assert steps == ["venv", "pip", "run"]


def test_a_package_that_somebody_added_does_no_harm(environment, steps):
    environment.prepare("run")
    (environment.FOLDER / "lib" / "python3.11" / "site-packages" / "more-1.0.dist-info").mkdir()
    steps.clear()
    environment.prepare("run")
    assert steps == []


@pytest.mark.parametrize(("interruption", "status"), [(KeyboardInterrupt(), 130), (SystemExit("why"), "why")])
def test_an_interrupted_one_is_made_afresh(environment, steps, monkeypatch, interruption, status):
    environment.prepare("run")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "_run", lambda *_: (_ for _ in ()).throw(interruption))
        with pytest.raises(SystemExit) as ended:
            environment.prepare("test")
    assert ended.value.code == status
    steps.clear()
    environment.prepare("run")
    assert steps == ["venv", "pip", "run"]


def test_a_second_set_up_waits_for_the_first_and_finds_it_done(environment, steps, monkeypatch, capsys):
    """As after a second double-click."""
    record, begun, may_end = environment._run, threading.Event(), threading.Event()

    def slowly(command, offline=""):
        begun.set()
        assert may_end.wait(60)
        record(command, offline)

    monkeypatch.setattr(environment, "_run", slowly)
    first, second = (threading.Thread(target=environment.prepare, args=("run",)) for _ in range(2))
    first.start()
    assert begun.wait(60)
    second.start()
    said = ""
    while "Waiting for it" not in said:
        said += capsys.readouterr().err
        time.sleep(0.01)
    may_end.set()
    first.join()
    second.join()
    assert steps == ["venv", "pip", "run"]


def test_tool_settings_do_not_change_the_fingerprint(environment, monkeypatch, tmp_path):
    before = environment.fingerprint("run")
    project = tmp_path / "pyproject.toml"
    text = environment.PROJECT.read_text(encoding="utf-8")
    monkeypatch.setattr(environment, "PROJECT", project)
    project.write_text(text + "\n[tool.anything]\nvalue = 1\n", encoding="utf-8")
    assert environment.fingerprint("run") == before
    project.write_text(text.replace('"natsort', '"unnatural-sort'), encoding="utf-8")
    assert environment.fingerprint("run") != before


def test_a_step_that_fails_is_named_with_its_reason(environment, capsys):
    with pytest.raises(SystemExit, match="run this again"):
        environment._run([sys.executable, "-c", "raise SystemExit('no such' + ' package')"])
    said = capsys.readouterr().err
    assert "no such package" in said
    assert sys.executable in said


def test_a_step_that_succeeds_is_quiet(environment, capfd):
    program = "import sys; print('collecting'); print('warning', file=sys.stderr)"
    environment._run([sys.executable, "-c", program])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("version", "refused"), [((3, 8), True), ((3, 10), True), ((3, 11), False), ((3, 14), False)]
)
def test_an_old_python_gets_a_sentence(environment, version, refused):
    if refused:
        with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
            environment.refuse_old_python(version)
    else:
        environment.refuse_old_python(version)


@pytest.mark.parametrize("status", [0, 3])
def test_the_application_takes_the_process_over(request, status):
    """The arguments arrive, and the exit status comes back."""
    here = f"""
import sys, environment
environment.python_in = lambda folder: sys.executable
sys.exit(environment.become(["-c", "import sys; sys.exit(int(sys.argv[1]))", "{status}"]))
"""
    scripts = {**os.environ, "PYTHONPATH": str(request.config.rootpath / "packaging")}
    done = subprocess.run([sys.executable, "-c", here], env=scripts, check=False)
    assert done.returncode == status
