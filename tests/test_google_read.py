"""A Google Sheet is read in two requests, and means what an .xlsx of the same content means."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import FORTY, MY_LAC, REPOSITORY, at, incident, plan, rules, school
from google_office import SAMPLE, WORKER_TABS, Office, Offices, sample, tabs
from sheets.cells import Value
from sheets.demo import sheets
from sheets_server import Failed

from automator import sources
from automator.config.values import WorkbookConfig
from automator.core.memory import Memory
from automator.core.problem import Problem
from automator.core.snapshot import Snapshot
from automator.core.turn import Outcome, turn
from automator.errors import WorkbookUnreadable
from automator.report import finding, problem
from automator.workbook.xlsx import XlsxWorkbook

pytest_plugins = ("google_fixtures",)

MESSY = REPOSITORY / "tests" / "data" / "messy"
NOT_GOOGLE = ("mac-1904", "moved")  # Excel's other epoch; a cell farther out than Google's limit
BOOKS = [SAMPLE, *sorted(p for p in MESSY.glob("*.xlsx") if p.stem not in NOT_GOOGLE)]
WATCHED = frozenset({"schools", "incidents", "receipts"})


def snapshot(office: Office, asked: frozenset[str] | None = None) -> Snapshot:
    return sources.open_workbook(office.config).read(at("2021-03-10"), asked)


def judged(read: Snapshot) -> Outcome:
    return turn(Memory(), read, rules(), at("2021-03-10"))


def codes(read: Snapshot) -> list[tuple[str, str | None, str]]:
    return [(p.tab, p.cell, p.code) for p in judged(read).problems]


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_same_content_same_findings(offices: Offices, path: Path) -> None:
    """Every finding and every fault is the same to the letter, dates as serials or not."""
    google = judged(snapshot(offices.open(sheets(path))))
    excel = judged(XlsxWorkbook(path, "main", path).read(at("2021-03-10")))
    zone = at("2021-03-10").tzinfo
    assert zone is not None
    assert [problem(p) for p in google.problems] == [problem(p) for p in excel.problems]
    assert [replace(f, rows=()) for f in google.findings] == [
        replace(f, rows=()) for f in excel.findings
    ]
    assert [f.rows for f in google.findings] == [f.rows for f in excel.findings]
    assert len({finding(f, excel.speech.calendar.zone)["instance"] for f in google.findings}) > 1


@pytest.mark.parametrize(
    "schools",
    [
        pytest.param(40, id="a-district"),
        pytest.param(1000, id="a-province"),
    ],
)
def test_two_requests_for_any_number_of_schools(offices: Offices, schools: int) -> None:
    """One for the tabs, one for all their cells."""
    many = [
        school(f"TH-{n:04}", f"Trường Tiểu học Số {n:04}", "TH", "28036") for n in range(schools)
    ]
    office = offices.open(tabs(many, plans=[plan(str(s["code"]), "24/02/2021") for s in many]))
    read = snapshot(office)
    assert (office.asked, office.server.calls.tokens) == ((2, 0), 1)
    assert [len(s.rows) for s in read.sheets if s.title in ("Trường", "Kế hoạch")] == [
        schools + 2,
        schools + 2,
    ]


def test_only_what_is_needed_is_asked_for(offices: Offices) -> None:
    """A watch pass asks for its three tabs; nobody ever asks for the guide."""
    office = offices.open({**sample(), "Hướng dẫn": [["đọc trước"]]})
    read = snapshot(office, WATCHED)
    assert {s.title for s in read.sheets if s.rows} == {"Trường", "Vụ việc", "Phòng tiếp nhận"}
    whole = snapshot(office)
    assert "Hướng dẫn" not in {s.title for s in whole.sheets if s.rows}
    assert "Hướng dẫn" in {s.title for s in whole.sheets}


def test_a_row_has_a_link(offices: Offices) -> None:
    """Every tab knows the address that opens one of its cells, the tab with id 0 too."""
    office = offices.open(tabs(plans=[plan("TH-01", "24/02/2021")]))
    outcome = judged(snapshot(office))
    start = f"https://docs.google.com/spreadsheets/d/{office.book}/edit#gid="
    tab = office.server.tab_id(office.book, "Kế hoạch")
    assert outcome.speech.link("plans", 3) == f"{start}{tab}&range=A3"
    assert next(s.link for s in snapshot(office).sheets) == f"{start}0&range={{cell}}"


def test_a_mail_links_to_the_sheet(offices: Offices) -> None:
    """Whoever is chased finds the sheet with one click."""
    office = offices.open(tabs())
    office.run("2021-02-26")
    assert f"spreadsheets/d/{office.book}/edit" in "".join(office.mails()).replace("=\n", "")


def test_a_renamed_tab_is_named(offices: Offices) -> None:
    """The tab is missing and the other name is unknown; everything else is judged."""
    office = offices.open(sample())
    office.server.rename_tab(office.book, "Kế hoạch", "Ke hoach 2021")
    found = codes(snapshot(office))
    assert ("Kế hoạch", None, "missing_tab") in found
    assert ("Ke hoach 2021", None, "unknown_tab") in found


def test_a_copied_tab_is_named_and_not_read(offices: Offices) -> None:
    """A clerk's copy is a warning; only its first rows are looked at."""
    office = offices.open(sample())
    before = judged(snapshot(office))
    copy = office.server.copy_tab(office.book, "Kế hoạch")
    read = snapshot(office)
    assert copy == "Bản sao của Kế hoạch"
    assert [c for c in codes(read) if c[0] == copy] == [(copy, None, "unknown_tab")]
    assert len(next(s for s in read.sheets if s.title == copy).rows) <= 10
    assert [f.status for f in judged(read).findings] == [f.status for f in before.findings]


def test_a_tab_that_goes_while_it_is_read(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renamed between the two requests: everything is read anew, once."""
    office = offices.open(sample())
    workbook = sources.open_workbook(office.config)
    api = workbook.api  # type: ignore[attr-defined]
    ask, calls = api.values, list[list[str]]()

    def renamed_meanwhile(ranges: list[str]) -> object:
        if not calls:
            office.server.rename_tab(office.book, "Mô hình", "Mô hình cũ")
        calls.append(ranges)
        return ask(ranges)

    monkeypatch.setattr(api, "values", renamed_meanwhile)
    read = workbook.read(at("2021-03-10"))
    assert (len(calls), office.asked) == (2, (4, 0))
    assert ("Mô hình", None, "missing_tab") in codes(read)


def test_ten_million_cells_of_which_few_are_used(offices: Offices) -> None:
    """A grid that somebody dragged to Google's limit is asked for once and costs nothing."""
    sizes = {"Kế hoạch": (300_000, 26)}
    office = offices.open(tabs(plans=[plan("TH-01", "24/02/2021")]), sizes=sizes)
    read = snapshot(office)
    assert len(next(s for s in read.sheets if s.title == "Kế hoạch").rows) == 3
    assert office.asked == (2, 0)


def test_a_failed_formula_is_a_problem(offices: Offices) -> None:
    """#REF! comes as text and is reported at its cell."""
    office = offices.open(tabs(plans=[plan("TH-01", "24/02/2021")]))
    office.server.set(office.book, "Kế hoạch", "C3", Failed("#REF!"))
    assert ("Kế hoạch", "C3", "error_value") in codes(snapshot(office))


def test_a_deleted_column_is_named(offices: Offices) -> None:
    """Without the column of days sent, the tab is unreadable and says why."""
    office = offices.open(tabs(plans=[plan("TH-01", "24/02/2021")]))
    office.server.delete_column(office.book, "Kế hoạch", 1)
    assert ("Kế hoạch", None, "missing_column") in codes(snapshot(office))


def test_a_sorted_header_is_found(offices: Offices) -> None:
    """The header that was sorted among the rows is still the header."""
    rows = [plan(str(s["code"]), "24/02/2021") for s in FORTY[:5]]
    office = offices.open(tabs(plans=rows))
    office.server.sort_rows(office.book, "Kế hoạch", 0, first=2, last=7)
    outcome = judged(snapshot(office))
    assert [f.status.value for f in outcome.findings if f.instance.obligation == "plan"].count(
        "on_time"
    ) == 5


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        pytest.param({}, [], id="as-configured"),
        pytest.param({"time_zone": "Asia/Bangkok"}, [], id="same-hours"),
        pytest.param(
            {"time_zone": "Etc/GMT", "locale": "en_US"}, ["time_zone", "locale"], id="new"
        ),
        pytest.param({"locale": "en_GB"}, ["locale"], id="british"),
        pytest.param({"time_zone": "GMT+07:00"}, [], id="custom-zone"),
    ],
)
def test_settings_of_the_sheet(
    offices: Offices, settings: dict[str, str], found: list[str]
) -> None:
    """A new sheet is Etc/GMT and en_US: there 03/02 typed becomes the 2nd of March."""
    read = snapshot(offices.open(sample(), **settings))
    assert [(p.tab, p.cell, p.code) for p in read.problems] == [
        ("Sổ", None, f"{name}_differs") for name in found
    ]
    assert [p for p in judged(read).problems if p.tab == "Sổ"] == list(read.problems)


def test_the_operator_hears_of_settings(offices: Offices) -> None:
    """Once, in the next mail that goes to the operator."""
    office = offices.open(tabs(), locale="en_US")
    for _ in range(2):
        report = office.run("2021-02-05")
    instances = [k.instance for m in report.messages for k in m.keys]
    assert "alert/settings/locale_differs" not in instances
    assert sum("en_US" in mail for mail in office.mails()) == 1


def test_a_spreadsheet_with_nothing_in_it(offices: Offices) -> None:
    """Somebody's new sheet has no school: exit 3, and that the tab is missing."""
    office = offices.open({"Trang tính1": []})
    with pytest.raises(WorkbookUnreadable, match=r"no school in the tab Trường .tab missing_tab"):
        office.run("2021-02-22")


def apart(office: Office, incidents: WorkbookConfig) -> Office:
    workbook = replace(office.config.workbook, incidents=incidents)
    return replace(office, config=replace(office.config, workbook=workbook))


FORM: list[list[Value]] = [
    ["Dấu thời gian", "Trường", "Loại", "Mức độ", "Xảy ra lúc"],
    ["26/02/2021 06:50:00", MY_LAC, "TC", 2, "26/02/2021 05:00"],
]


def test_incidents_of_a_form_apart(offices: Offices) -> None:
    """A second sheet that a form fills: its stamp is first sight, the key is the main one's."""
    office = offices.open(tabs(schools=[*FORTY, school(MY_LAC, "TH Mỹ Lạc", "TH", "28048")]))
    book = office.server.create("Vụ việc", {"Vụ việc": FORM}, shared_with=[office.account])
    office = apart(office, WorkbookConfig(id="x", source="google", spreadsheet_id=book))
    report = office.run("2021-02-26")
    assert office.asked == (4, 1)
    (seen,) = [s for s in report.outcome.memory.sightings if s.tab == "incidents"]
    assert seen.first_seen == at("2021-02-26T06:50")
    assert office.server.values(book, "Vụ việc")[1][1] == MY_LAC


def test_incidents_in_a_file_apart(offices: Offices, tmp_path: Path) -> None:
    """The office keeps incidents in an .xlsx; the sheet's own tab Vụ việc is not read."""
    office = offices.open(tabs(incidents=[incident("TH-01", "20/02/2021 08:00")]))
    file = WorkbookConfig(id="x", path=SAMPLE, status_path=tmp_path / "s.xlsx")
    report = apart(office, file).run("2021-02-26")
    places = {s.cells[0] for s in report.outcome.memory.sightings if s.tab == "incidents"}
    assert places
    assert ("school", "TH-01") not in places


def test_worker_tabs_are_no_strangers(offices: Offices) -> None:
    """What the worker has written gives no fault at the next read."""
    office = offices.open(sample())
    office.run("2021-02-22")
    read = snapshot(office)
    assert not [p for p in judged(read).problems if isinstance(p, Problem) and p.tab in WORKER_TABS]


def test_days_in_serials_across_the_year(offices: Offices) -> None:
    """A date cell is the same day however the sheet stores it."""
    office = offices.open(tabs(plans=[plan("TH-01", date(2021, 2, 24), signed=date(2021, 2, 8))]))
    (found,) = [f for f in judged(snapshot(office)).findings if f.key == "TH-01/plan"]
    assert found.received is not None
    assert found.received.day == date(2021, 2, 24)


def test_incidents_typed_into_the_shared_sheet(offices: Offices) -> None:
    """Where incidents are apart nobody reads them there: the operator hears of it, once."""
    typed = [incident("TH-01", "25/02/2021 08:00")]
    office = offices.open(tabs(incidents=typed))
    book = office.server.create("Vụ việc", {"Vụ việc": FORM[:1]}, shared_with=[office.account])
    office = apart(office, WorkbookConfig(id="x", source="google", spreadsheet_id=book))
    for when in ("2021-02-26", "2021-02-26T09:00"):
        office.run(when)
        assert office.asked[0] == 4
    assert sum("1 dòng vụ việc không được đọc" in mail for mail in office.mails()) == 1
    shown = [row for row in office.shown("Lỗi nhập liệu") if "sổ chung có" in str(row)]
    assert [row[0] for row in shown] == ["Vụ việc"]
