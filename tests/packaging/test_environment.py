"""When the environment is made, and when it is left as it is."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def steps(environment, monkeypatch, tmp_path):
    """What the set-up would have run, in an empty folder; every step succeeds."""
    steps = []

    def record(*command):
        steps.append("venv" if "venv" in command else command[-1])
        environment.FOLDER.mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "FOLDER", tmp_path / "venv")
    monkeypatch.setattr(environment, "_run", record)
    return steps


def test_the_first_time_makes_it_and_the_second_finds_it_complete(environment, steps):
    environment.prepare("run")
    environment.prepare("run")
    assert steps == ["venv", "."]


def test_tools_are_added_to_a_complete_one(environment, steps):
    environment.prepare("run")
    environment.prepare("test")
    assert steps == ["venv", ".", ".[dev]"]


def test_one_for_tests_also_runs_the_program(environment, steps):
    environment.prepare("test")
    environment.prepare("run")
    assert steps == ["venv", ".[dev]"]


@pytest.mark.parametrize("changed", ["fingerprint", "python"])
def test_a_change_makes_it_afresh(environment, steps, monkeypatch, changed):
    environment.prepare("test")
    steps.clear()
    if changed == "fingerprint":
        monkeypatch.setattr(environment, "fingerprint", lambda: "another")
    else:
        monkeypatch.setattr(sys.implementation, "cache_tag", "another")
    environment.prepare("run")
    environment.prepare("test")
    assert steps == ["venv", ".", ".[dev]"]


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
    assert steps == ["venv", "."]


def test_tool_settings_do_not_change_the_fingerprint(environment, monkeypatch, tmp_path):
    before = environment.fingerprint()
    project = tmp_path / "pyproject.toml"
    text = environment.PROJECT.read_text(encoding="utf-8")
    monkeypatch.setattr(environment, "PROJECT", project)
    project.write_text(text + "\n[tool.anything]\nvalue = 1\n", encoding="utf-8")
    assert environment.fingerprint() == before
    project.write_text(text.replace('"natsort', '"unnatural-sort'), encoding="utf-8")
    assert environment.fingerprint() != before


def test_a_step_that_fails_is_named_with_its_reason(environment, capsys):
    with pytest.raises(SystemExit, match="run this again"):
        environment._run(sys.executable, "-c", "raise SystemExit('no such' + ' package')")
    said = capsys.readouterr().err
    assert "no such package" in said
    assert sys.executable in said


def test_a_step_that_succeeds_is_quiet(environment, capfd):
    environment._run(
        sys.executable, "-c", "import sys; print('collecting'); print('warning', file=sys.stderr)"
    )
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
