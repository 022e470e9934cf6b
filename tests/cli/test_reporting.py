"""The report at the terminal."""


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
    assert stackgui("convert", pets, "--out", tmp_path / "stack", "--report").status == 3
    assert (tmp_path / "stack" / "report.html").is_file()
