"""The report at the terminal."""

from stackgui.cli import show
from stackgui.core.base.choices import Storage
from stackgui.core.run.report import Report, Status


def test_a_report_is_written(stackgui, pets, tmp_path):
    assert stackgui("convert", pets, "--out", tmp_path / "stack").status == 3
    ended = stackgui("report", tmp_path / "stack", "--json")
    assert ended.json == {
        "status": "complete",
        "stack": str(tmp_path / "stack"),
        "report": str(tmp_path / "stack" / "report.html"),
    }
    assert (tmp_path / "stack" / "report.html").is_file()
    assert stackgui("verify", tmp_path / "stack").status == 0
    assert stackgui("report", tmp_path / "none").status == 2


def test_a_report_is_written_at_the_end_of_a_run_by_choice(stackgui, pets, tmp_path):
    page = tmp_path / "stack" / "report.html"
    ended = stackgui("convert", pets, "--out", tmp_path / "stack", "--report", "--json")
    assert (ended.status, ended.json["report"]) == (3, str(page))
    assert page.is_file()


def test_a_report_that_could_not_be_written_is_told():
    stack = "/made/pets of ours"
    made = Report(
        Status.COMPLETE, stack, 4, (), {}, (), Storage.FILE, "", 1.0, 4.0, 1,
        page_problem="The stack is complete, but its report could not be written. The disk is full.",
    )  # fmt: skip
    lines = show.report_lines(made)
    assert any(made.page_problem in line and f"stackgui report '{stack}'" in line for line in lines)
    assert show.report_json(made)["report_problem"] == made.page_problem
