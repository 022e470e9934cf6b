"""What the terminal says about ways out, and where all of a list stands."""

from stackgui.cli.show import retry_lines
from stackgui.core.plan.manifest_form import MOST_LISTED
from stackgui.core.run.report import Failure, RetryReport, Status


def test_a_stack_of_more_rows_than_a_spreadsheet_shows_has_no_table_to_look_into():
    failures = tuple(Failure(row, f"/pictures/{row}.png", "it is damaged") for row in range(100))
    for rows, named in ((MOST_LISTED, "manifest.csv lists all"), (MOST_LISTED + 1, "its manifest lists all")):
        report = RetryReport(Status.COMPLETE, "/out", ("/pictures",), 100, failures, 1.0, rows)
        assert any(line.endswith(named) for line in retry_lines(report)), retry_lines(report)
