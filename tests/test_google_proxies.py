"""Answers that are not Google's: a portal's page, a proxy's error, half a document."""

import pytest
from builders import FORTY, at, plan
from google_office import Office, Offices, tabs

from automator import sources
from automator.errors import WorkbookUnreadable
from automator.workbook.google_faults import _seconds

pytest_plugins = ("google_fixtures",)

STRANGE = ["<html>Sign in</html>", "", "null", "[]", "[1]", '"x"', "{}", '{"error": "busy"}']


def office_of(offices: Offices) -> Office:
    return offices.open(tabs(FORTY[:3], plans=[plan("TH-01", "24/02/2021")]))


def refused(office: Office, words: str) -> None:
    workbook = sources.open_workbook(office.config, {}, sleep=office.naps.append)
    with pytest.raises(WorkbookUnreadable, match=words):
        workbook.read(at("2021-02-26"))


@pytest.mark.parametrize("body", STRANGE)
def test_what_is_no_spreadsheet(offices: Offices, body: str) -> None:
    """It is not taken for an empty one, of which every tab is missing."""
    office = office_of(offices)
    office.server.fail(body=body)
    refused(office, "no answer of the Sheets API")


@pytest.mark.parametrize(
    "body", [*(s for s in STRANGE if s != "{}"), '{"valueRanges": "x"}', '{"valueRanges": [1]}']
)
def test_what_is_no_cells(offices: Offices, body: str) -> None:
    """The run ends with exit 3 and a sentence, whatever came."""
    office = office_of(offices)
    office.server.fail(2, body=body)
    refused(office, "no answer of the Sheets API")


@pytest.mark.parametrize(
    "body", ['{"error": "no"}', '{"error": {"message": "no"}}', '{"error": [1]}', "[1]", "<html>"]
)
def test_an_error_of_any_shape(offices: Offices, body: str) -> None:
    """Its status alone says what it means: 403 is final, 503 passes."""
    office = office_of(offices)
    office.server.fail(status=403, body=body)
    refused(office, "not shared with the service account")
    office.server.fail(status=503, body=body)
    assert (office.run("2021-02-26").exit_code, len(office.naps)) == (0, 1)


@pytest.mark.parametrize("body", [s for s in STRANGE if s])
def test_a_write_that_nobody_did(offices: Offices, body: str) -> None:
    """A page with status 200 is no success: the run says so, and the next one writes."""
    office = office_of(offices)
    office.server.fail(what="write", body=body)
    report = office.run("2021-02-26")
    assert (report.exit_code, len(report.warnings)) == (1, 1)
    mails = office.mails()
    again = office.run("2021-02-26T07:10")
    assert (again.exit_code, office.mails()) == (0, mails)
    assert office.shown()[0] == ["Số liệu tính đến 07:10 ngày 26/02/2021"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("", 0.0, id="none"),
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("1234567890", 1234567890.0, id="forty-years"),
        pytest.param("-5", 0.0, id="negative"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", 0.0, id="past"),
        pytest.param("Wed, 25 Nov 99999999999 04:40:24 GMT", 0.0, id="no-year"),
        pytest.param("²", 0.0, id="no-digit"),
    ],
)
def test_how_long_to_wait(header: str, seconds: float) -> None:
    """What Retry-After asks for, 0 where it makes no sense."""
    assert _seconds(header) == seconds
