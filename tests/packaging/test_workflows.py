"""The workflows: well-formed, and about the systems and Pythons that are promised."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

FOLDER = REPOSITORY / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> dict:
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def test_the_tests_run_on_every_system_and_python_that_is_promised():
    matrix = read("tests")["jobs"]["tests"]["strategy"]["matrix"]
    assert {each.partition("-")[0] for each in matrix["os"]} == {"ubuntu", "windows", "macos"}
    promised = {found[1] for each in PROJECT["classifiers"] if (found := re.search(r":: (3\.\d+)$", each))}
    assert set(matrix["python"]) == promised


@pytest.mark.parametrize("job", ["linux", "windows", "macos"])
def test_what_is_built_is_what_is_tested(job):
    steps = [str(step.get("run", "")) for step in read("bundles")["jobs"][job]["steps"]]
    built = next(number for number, run in enumerate(steps) if "packaging/bundle.py" in run)
    tested = [number for number, run in enumerate(steps) if "self-test" in run]
    assert tested
    assert min(tested) > built
    if job != "linux":
        made = next(number for number, run in enumerate(steps) if "packaging/installer.py" in run)
        assert max(tested) > made, "what people download is tested, too"


def test_a_release_waits_for_all_tests_and_has_no_password_for_the_index():
    jobs = read("release")["jobs"]
    for job in ("pypi", "release"):
        assert set(jobs[job]["needs"]) == {"tests", "bundles"}
    assert jobs["pypi"]["permissions"] == {"id-token": "write"}
    assert "password" not in str(jobs["pypi"])
    said = str(jobs["release"])
    for part in ("SHA256SUMS", "packaging/sbom.py", "attest-build-provenance"):
        assert part in said


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_may_do_no_more_than_it_needs(file):
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert "permissions" in workflow
    for job in workflow["jobs"].values():
        for step in job.get("steps", ()):
            # What comes from outside goes through the environment, never into the text of a script.
            assert "${{ github." not in str(step.get("run", ""))
            assert "${{ secrets." not in str(step.get("run", ""))


def test_every_script_that_workflows_run_is_there():
    named = {name for file in FILES for name in re.findall(r"packaging/\w+\.py", file.read_text("utf-8"))}
    assert len(named) > 5
    assert sorted(name for name in named if not (REPOSITORY / name).exists()) == []


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_finds_nothing():
    done = subprocess.run(["actionlint", *map(str, FILES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
