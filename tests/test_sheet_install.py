"""`automator sheet`: the template in a shared sheet, and what has drifted from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import at, plan, shipped
from command_line import Called, automator
from google_office import Office, Offices, sample, tabs
from openpyxl import load_workbook
from sheets.book import Book
from sheets.demo import WORKBOOK
from sheets_server import WORKER, SheetsServer

from automator import laying, resources, worker
from automator.config.values import Schedule
from automator.core.layout import BANNER, INPUT_TABS, TABS, Writer
from automator.workbook import google_rules
from automator.workbook.template import workbook_bytes

pytest_plugins = ("google_fixtures",)

EMPTY: Mapping[str, Sequence[Sequence[Any]]] = {"Trang tính1": []}
CLERK = "van-thu@th-01.example"


def call(office: Office, *words: str) -> Called:
    """Call `automator sheet …` for the office; the server's counts begin anew."""
    config = office.folder / "config.toml"
    config.write_text(
        f'{_without_workbook()}\n[workbook]\nsource = "google"\nspreadsheet_id = "{office.book}"\n'
        f'credentials = "{office.config.workbook.credentials}"\n'
        f'api_endpoint = "{office.server.url}"\n',
        encoding="utf-8",
    )
    office.server.calls.reset()
    office.server.written.clear()
    return automator("sheet", *words, "--config", config)


def _without_workbook() -> str:
    return WORKBOOK.sub("", resources.config_file().read_text(encoding="utf-8"), count=1)


def titles(office: Office) -> list[str]:
    return [s["properties"]["title"] for s in office.server.spreadsheet(office.book)["sheets"]]


def tab(office: Office, title: str) -> Any:
    found = office.server.spreadsheet(office.book)["sheets"]
    return next(s for s in found if s["properties"]["title"] == title)


@cache
def _laid(folder: Path) -> Book:
    """Return a new sheet, American as Google makes it, after its installation: made once."""
    with SheetsServer() as server, pytest.MonkeyPatch.context() as patch:
        office = Offices(server, folder, patch).open(EMPTY, locale="en_US", time_zone="Etc/GMT")
        done = call(office, "install", "--editor", "phong@phong.example")
        assert (done.code, done.err, office.asked) == (0, "", (1, 1))
        return server.api.books[office.book]


@pytest.fixture
def installed(offices: Offices, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in whose new sheet the template was laid."""
    office = offices.open(EMPTY)
    made = _laid(tmp_path_factory.getbasetemp())
    office.server.api.books[office.book] = replace(made.copy(), id=office.book)
    return office


def test_an_empty_sheet_becomes_the_template(installed: Office) -> None:
    """All tabs in order, headers in row 3 below the banner, frozen, operator's tabs hidden."""
    assert titles(installed) == [t.title for t in TABS]
    for each in INPUT_TABS:
        rows = installed.server.values(installed.book, each.title)
        assert rows[0] == [BANNER]
        assert rows[2] == [c.header for c in each.laid]
        said = tab(installed, each.title)["properties"]
        assert said["gridProperties"]["frozenRowCount"] == 3
        assert said.get("hidden", False) == each.hidden
    said = installed.server.spreadsheet(installed.book)["properties"]
    assert (said["locale"], said["timeZone"], said["autoRecalc"]) == (
        "vi_VN",
        "Asia/Ho_Chi_Minh",
        "HOUR",
    )


def test_the_guide_says_what_that_of_the_file_says(installed: Office, tmp_path: Path) -> None:
    """The tab Hướng dẫn has the same lines as in the .xlsx."""
    config = shipped()
    wish = laying.wish(config, WORKER, (), at("2021-02-03"))
    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook_bytes(wish.book))
    rows = load_workbook(path)["Hướng dẫn"].iter_rows(values_only=True)
    theirs = [[v for v in row if v is not None] for row in rows]
    ours = [
        [v for v in row if v != ""] for row in installed.server.values(installed.book, "Hướng dẫn")
    ]
    assert ours == theirs


@pytest.mark.parametrize(
    ("title", "cell", "kind", "strict"),
    [
        pytest.param("Kế hoạch", "A4", "ONE_OF_RANGE", False, id="school"),
        pytest.param("Kế hoạch", "B1000", "DATE_IS_VALID", False, id="day"),
        pytest.param("Kế hoạch", "F4", "ONE_OF_LIST", True, id="closed list"),
        pytest.param("Vụ việc", "C4", "ONE_OF_LIST", False, id="open list"),
        pytest.param("Tuyên truyền", "D4", "NUMBER_GREATER_THAN_EQ", False, id="count"),
        pytest.param("Phòng tiếp nhận", "B4", "ONE_OF_LIST", False, id="content"),
        pytest.param("Trường", "D4", "ONE_OF_LIST", False, id="commune"),
    ],
)
def test_cells_have_their_checks(
    installed: Office, title: str, cell: str, kind: str, strict: bool
) -> None:
    """Drop-downs and checks stand below the header, and warn unless a list is closed."""
    rule = installed.server.cell(installed.book, title, cell)["dataValidation"]
    assert (rule["condition"]["type"], rule.get("strict", False)) == (kind, strict)


def test_no_cell_among_a_schools_rows_is_protected(installed: Office) -> None:
    """Headers and the tabs of office, operator and worker are; a clerk types and sorts freely."""
    for each in TABS:
        spans = [p["range"] for p in tab(installed, each.title)["protectedRanges"]]
        if each.writer is Writer.SCHOOLS:
            assert [(s.get("startRowIndex", 0), s["endRowIndex"]) for s in spans] == [(0, 3)]
        else:
            assert [set(s) - {"sheetId"} for s in spans] == [set()]
    installed.server.set(installed.book, "Kế hoạch", "A4", "TH-01", by=CLERK)
    with pytest.raises(Exception, match="protected"):
        installed.server.set(installed.book, "Kế hoạch", "A3", "Trường nào", by=CLERK)


def test_editors_may_edit_the_offices_tabs_but_no_worker_tab(installed: Office) -> None:
    """--editor names who may, beside the account and the sheet's owner."""
    office, status = (
        tab(installed, t)["protectedRanges"][0]["editors"]["users"]
        for t in ("Phòng tiếp nhận", "Tình trạng")
    )
    assert office == [WORKER, "phong@phong.example"]
    assert status == [WORKER]


def test_communes_have_their_filter_views(installed: Office) -> None:
    """One for each commune of the configuration, on the first column of Tình trạng."""
    views = tab(installed, "Tình trạng")["filterViews"]
    assert {v["title"] for v in views} == {row[3] for row in sample()["Trường"][3:]}
    assert {tuple(v["criteria"]) for v in views} == {("0",)}


def test_a_second_install_sends_nothing(installed: Office) -> None:
    """One read, no write; the doctor has nothing to say."""
    again = call(installed, "install")
    assert (again.code, installed.asked) == (0, (1, 0))
    assert "nothing is to be added" in again.err
    assert call(installed, "doctor").code == 0


def test_a_run_leaves_the_sheet_in_order(installed: Office) -> None:
    """The worker fills its two tabs without undoing what was laid there."""
    installed.server.paste(installed.book, "Trường", "A4", sample()["Trường"][3:])
    report = installed.run("2021-02-26")
    assert (installed.asked, report.warnings) == ((2, 1), ())
    done = call(installed, "doctor")
    assert (done.code, done.out) == (0, "")
    views = {v["title"] for v in tab(installed, "Tình trạng")["filterViews"]}
    assert {row[0] for row in installed.shown()[2:]} == views


def test_an_installed_sheet_has_the_findings_of_the_template(
    installed: Office, offices: Offices
) -> None:
    """The sample's rows, typed into the installed sheet, are judged as in the .xlsx."""
    other = offices.open(sample())
    for each in INPUT_TABS:
        rows = sample()[each.title][3:]
        if rows:
            installed.server.paste(installed.book, each.title, "A4", rows)
    now = at("2021-02-26T07:00")
    ours, theirs = (worker.look(o.config, now, worker.Options()) for o in (installed, other))
    assert ours.outcome.findings == theirs.outcome.findings
    assert [p.code for p in ours.outcome.problems] == [p.code for p in theirs.outcome.problems]
    assert len(ours.outcome.assessment.register.schools) == 40


def test_rows_of_schools_stay_as_they_are(offices: Offices) -> None:
    """Headers in row 1, in another order, a column short: it is added, no value moves."""
    content = tabs(plans=[plan("TH-01", "24/02/2021")])
    header, row = content["Kế hoạch"][-2:]
    content["Kế hoạch"] = [[*reversed(header[:-1])], [*reversed(row[:-1])]]
    office = offices.open(content)
    before = {t: office.server.values(office.book, t) for t in content}
    done = call(office, "install")
    assert (done.code, office.asked) == (0, (1, 1))
    assert "Kế hoạch: there is no column Ghi chú: add it in H1" in done.out
    after = {t: office.server.values(office.book, t) for t in content}
    assert after.pop("Kế hoạch") == [
        [*reversed(header[:-1]), "Ghi chú"],
        ["", "", *reversed(row[:5])],
    ]
    before.pop("Kế hoạch")
    assert after == before
    assert call(office, "install").code == 0
    assert office.asked == (1, 0)


def test_the_locale_of_a_sheet_with_rows_is_left_to_people(offices: Offices) -> None:
    """It changes how days are read: install says so, and changes the rest."""
    office = offices.open(tabs(), locale="en_US")
    done = call(office, "install")
    assert done.code == 0
    assert "by hand: spreadsheet: locale is en_US" in done.err
    assert office.server.spreadsheet(office.book)["properties"]["locale"] == "en_US"
    assert call(office, "install").code == 0
    assert office.asked == (1, 0)


def test_a_header_among_rows_is_not_protected(offices: Offices) -> None:
    """Protecting it would stop the clerks from sorting it back to the top."""
    content = tabs(plans=[plan("TH-01", "24/02/2021")])
    content["Kế hoạch"] = [*content["Kế hoạch"][::-1]]
    office = offices.open(content)
    done = call(office, "install")
    assert "by hand: Kế hoạch: row 2, the header, is not protected" in done.err
    assert "protectedRanges" not in tab(office, "Kế hoạch")


def test_a_dry_run_prints_the_plan(offices: Offices) -> None:
    """In words, tab by tab; the sheet stays as it is."""
    office = offices.open(EMPTY)
    done = call(office, "install", "--dry-run")
    assert (done.code, office.asked) == (0, (1, 0))
    assert "Trường: there is no such tab: add it, hidden" in done.out
    assert "Trang tính1: is empty, nobody's: delete it" in done.out
    assert titles(office) == ["Trang tính1"]


def _gid(office: Office, title: str) -> int:
    return office.server.tab_id(office.book, title)


def _properties(office: Office, title: str, **changed: Any) -> Any:
    properties = {"sheetId": _gid(office, title), **changed}
    return {"updateSheetProperties": {"properties": properties, "fields": ",".join(changed)}}


def _no_tab(office: Office) -> Any:
    return {"deleteSheet": {"sheetId": _gid(office, "Gia hạn")}}


def _no_column(office: Office) -> Any:
    span = {"sheetId": _gid(office, "Kế hoạch"), "dimension": "COLUMNS"}
    return {"deleteDimension": {"range": {**span, "startIndex": 7, "endIndex": 8}}}


def _no_check(office: Office) -> Any:
    span = {"sheetId": _gid(office, "Kế hoạch"), "startRowIndex": 16, "endRowIndex": 19}
    return {"setDataValidation": {"range": {**span, "startColumnIndex": 1, "endColumnIndex": 2}}}


def _no_protection(office: Office) -> Any:
    (known,) = tab(office, "Phòng tiếp nhận")["protectedRanges"]
    return {"deleteProtectedRange": {"protectedRangeId": known["protectedRangeId"]}}


def _no_header_protection(office: Office) -> Any:
    (known,) = tab(office, "Mô hình")["protectedRanges"]
    return {"deleteProtectedRange": {"protectedRangeId": known["protectedRangeId"]}}


def _shown(office: Office) -> Any:
    return _properties(office, "Trường", hidden=False)


def _no_zone(office: Office) -> Any:
    properties = {"timeZone": "America/New_York"}
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": "timeZone"}}


def _other_locale(office: Office) -> Any:
    properties = {"locale": "en_US"}
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": "locale"}}


def _no_stamp(office: Office) -> Any:
    return {"deleteConditionalFormatRule": {"sheetId": _gid(office, "Tình trạng"), "index": 0}}


def _other_color(office: Office) -> Any:
    rule = dict(tab(office, "Vụ việc")["conditionalFormats"][-1])
    rule["booleanRule"] = {**rule["booleanRule"], "format": {"backgroundColor": {"red": 1}}}
    rule["ranges"] = [{"sheetId": _gid(office, "Vụ việc"), **r} for r in rule["ranges"]]
    index = len(tab(office, "Vụ việc")["conditionalFormats"]) - 1
    return {"updateConditionalFormatRule": {"rule": rule, "index": index}}


def _thawed(office: Office) -> Any:
    grid = {"frozenRowCount": 0}
    properties = {"sheetId": _gid(office, "Mô hình"), "gridProperties": grid}
    fields = "gridProperties.frozenRowCount"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _no_view(office: Office) -> Any:
    views = tab(office, "Tình trạng")["filterViews"]
    view = next(v for v in views if v["title"] == "xã Mỹ Lạc")
    return {"deleteFilterView": {"filterId": view["filterViewId"]}}


def _no_note(office: Office) -> Any:
    start = {"sheetId": _gid(office, "Kế hoạch"), "rowIndex": 2, "columnIndex": 0}
    return {"updateCells": {"rows": [{"values": [{}]}], "fields": "note", "start": start}}


def _locked_out(office: Office) -> Any:
    """The office takes the worker's account out, but not itself: only a person can mend that."""
    (known,) = tab(office, "Miễn trừ")["protectedRanges"]
    given = {"protectedRangeId": known["protectedRangeId"], "editors": {"users": [WORKER]}}
    return {"updateProtectedRange": {"protectedRange": given, "fields": "editors"}}


def _other_view(office: Office) -> Any:
    views = tab(office, "Tình trạng")["filterViews"]
    view = next(v for v in views if v["title"] == "xã Mỹ Phú")
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "xã Mỹ An"}]}
    spec = {"columnIndex": 0, "filterCriteria": {"condition": condition}}
    given = {"filterViewId": view["filterViewId"], "filterSpecs": [spec]}
    return {"updateFilterView": {"filter": given, "fields": "filterSpecs"}}


def _other_format(office: Office) -> Any:
    """Without its format as text, Google makes a day of 02/2021."""
    span = {"sheetId": _gid(office, "Báo cáo định kỳ"), "startRowIndex": 5, "endRowIndex": 7}
    cell = {"userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    area = {**span, "startColumnIndex": 1, "endColumnIndex": 2}
    return {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}


def _narrow_color(office: Office) -> Any:
    """A rule that colours the first ten rows only, though more are used."""
    rule = dict(tab(office, "Trường")["conditionalFormats"][0])
    (span,) = rule["ranges"]
    rule["ranges"] = [{**span, "sheetId": _gid(office, "Trường"), "startRowIndex": 5}]
    return {"updateConditionalFormatRule": {"rule": rule, "index": 0}}


DRIFTS = (
    (_locked_out, "Miễn trừ: what is protected cannot be edited by phong@phong.example"),
    (_other_view, "Tình trạng: another filter view under the name xã Mỹ Phú"),
    (
        _other_format,
        "Báo cáo định kỳ: another number format in blank cells of Kỳ (2 of 997 cells, B6 first)",
    ),
    (_narrow_color, "Trường: no conditional format in Tên trường"),
    (_no_tab, "Gia hạn: there is no such tab"),
    (_no_column, "Kế hoạch: there is no column Ghi chú"),
    (
        _no_check,
        "Kế hoạch: no drop-down or check, or another one, in Ngày gửi (3 of 997 cells, B17 first)",
    ),
    (_no_protection, "Phòng tiếp nhận: the tab is not protected"),
    (_no_header_protection, "Mô hình: row 3, the header, is not protected"),
    (_shown, "Trường: this tab of the operator is not hidden"),
    (_no_zone, "spreadsheet: time zone is America/New_York, not Asia/Ho_Chi_Minh"),
    (_other_locale, "spreadsheet: locale is en_US, not that of VN"),
    (_no_stamp, "Tình trạng: the stamp does not turn grey when it is old"),
    (_other_color, "Vụ việc: no conditional format in Tình trạng"),
    (_thawed, "Mô hình: row 3, the header, is not frozen"),
    (_no_view, "Tình trạng: no filter view for xã Mỹ Lạc"),
    (_no_note, "Kế hoạch: no note on the header of Trường"),
)


def test_the_doctor_names_all_that_has_drifted(installed: Office) -> None:
    """Exit 1 and a line for each, and no other; install mends them, and all is in order."""
    for spoil, _ in DRIFTS:
        installed.server.edit(installed.book, spoil(installed))
    editor = ("--editor", "phong@phong.example")
    found = call(installed, "doctor", *editor)
    assert (found.code, installed.asked) == (1, (1, 0))
    assert sorted(found.out.splitlines()) == sorted(said for _, said in DRIFTS)
    assert call(installed, "install", *editor).code == 0
    assert installed.asked == (1, 1)
    healed = call(installed, "doctor", *editor)
    assert (healed.code, healed.out) == (0, "")


def test_the_doctor_names_who_else_may_edit(installed: Office) -> None:
    """Of a worker's tab always, of the office's where --editor says who may; a person mends it."""
    for title in ("Tình trạng", "Gia hạn"):
        (known,) = tab(installed, title)["protectedRanges"]
        users = [*known["editors"]["users"], CLERK, "ai@th-02.example"]
        given = {"protectedRangeId": known["protectedRangeId"], "editors": {"users": users}}
        asked = {"protectedRange": given, "fields": "editors"}
        installed.server.edit(installed.book, {"updateProtectedRange": asked})
    words = f"what is protected can be edited by {CLERK}, ai@th-02.example"
    assert call(installed, "doctor").out == f"Tình trạng: {words}\n"
    found = call(installed, "doctor", "--editor", "phong@phong.example")
    assert sorted(found.out.splitlines()) == [f"Gia hạn: {words}", f"Tình trạng: {words}"]
    assert "by hand: Gia hạn" in found.err


def _weakened(office: Office, title: str, **weak: Any) -> tuple[Any, Any]:
    """Protect a whole tab as one may by hand, so that it stops nobody, or not everywhere."""
    (known,) = tab(office, title)["protectedRanges"]
    made = {"range": {"sheetId": _gid(office, title)}, **weak}
    return (
        {"deleteProtectedRange": {"protectedRangeId": known["protectedRangeId"]}},
        {"addProtectedRange": {"protectedRange": made}},
    )


def test_a_protection_that_stops_nobody_is_replaced(installed: Office) -> None:
    """One that warns alone, or leaves cells open: Google takes no second one of a whole tab."""
    warned = _weakened(installed, "Tình trạng", warningOnly=True)
    hole = {"sheetId": _gid(installed, "Gia hạn"), "startRowIndex": 4, "endRowIndex": 5}
    editors = {"users": [WORKER, "lanh-dao@phong.example"]}
    open_cells = _weakened(installed, "Gia hạn", unprotectedRanges=[hole], editors=editors)
    installed.server.edit(installed.book, *warned, *open_cells, _no_view(installed))
    weak = "the tab is protected in part, or by a warning alone"
    found = call(installed, "doctor")
    assert f"Tình trạng: {weak}\n" in found.out
    assert f"Gia hạn: {weak}\n" in found.out
    assert call(installed, "install").code == 0
    assert (call(installed, "doctor").code, installed.asked) == (0, (1, 0))
    kept, status = (
        tab(installed, title)["protectedRanges"][0]["editors"]["users"]
        for title in ("Gia hạn", "Tình trạng")
    )
    assert (kept, status) == ([WORKER, "lanh-dao@phong.example"], [WORKER])


def test_rows_of_schools_that_are_protected_are_named(installed: Office) -> None:
    """Clerks cannot sort and delete them: a person takes the protection away."""
    whole = {"range": {"sheetId": _gid(installed, "Mô hình")}, "editors": {"users": [WORKER]}}
    installed.server.edit(installed.book, {"addProtectedRange": {"protectedRange": whole}})
    found = call(installed, "doctor")
    assert (found.code, found.out) == (
        1,
        "Mô hình: rows of schools are protected, which stops clerks from sorting and deleting\n",
    )
    assert "by hand: Mô hình" in found.err
    assert "protect the rows 1 to 3 alone" in found.err


def test_a_cell_that_holds_something_keeps_its_format(installed: Office) -> None:
    """What was typed would be shown otherwise: only blank cells are set."""
    name = ("Báo cáo định kỳ", "B6")
    installed.server.set(installed.book, *name, date(2021, 2, 1))
    assert call(installed, "doctor").code == 0
    assert call(installed, "install").code == 0
    cell = installed.server.cell(installed.book, *name)
    assert cell["userEnteredFormat"]["numberFormat"]["type"] == "DATE"


def test_a_huge_sheet_is_looked_at_in_one_read(installed: Office) -> None:
    """Ten million cells of which few are used: the doctor has nothing to say, and sees the end."""
    size = {"sheetId": _gid(installed, "Kế hoạch"), "dimension": "ROWS", "length": 1_200_000}
    installed.server.edit(installed.book, {"appendDimension": size})
    found = call(installed, "doctor")
    assert (found.code, found.out, installed.asked) == (0, "", (1, 0))


@pytest.mark.parametrize("fault", [{"cut": True}, {"status": 503}], ids=["cut", "503"])
def test_an_answer_of_install_that_is_lost(
    offices: Offices, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tabs are made, the second try is refused: it looks again, and all is in order."""
    monkeypatch.setattr("tenacity.nap.sleep", lambda _: None)
    office = offices.open(EMPTY)
    office.server.fail(1, what="write", applied=True, **fault)
    done = call(office, "install")
    assert (done.code, titles(office)) == (0, [t.title for t in TABS])
    assert call(office, "doctor").code == 0


def test_a_tab_locked_by_somebody_else_stops_nothing(installed: Office) -> None:
    """It is named and left out; the other tabs are mended."""
    installed.server.edit(
        installed.book, _no_header_protection(installed), _no_protection(installed)
    )
    whole = {"range": {"sheetId": _gid(installed, "Mô hình")}, "editors": {"users": [CLERK]}}
    installed.server.edit(installed.book, {"addProtectedRange": {"protectedRange": whole}})
    done = call(installed, "install")
    assert (done.code, installed.asked) == (0, (1, 1))
    assert "by hand: Mô hình: some of it is protected from the service account" in done.err
    assert "Phòng tiếp nhận: the tab is not protected: protect all of it" in done.out


def test_a_sheet_that_is_not_shared_says_with_whom_to_share_it(offices: Offices) -> None:
    """Exit 3 with the account's address, as a run says it."""
    office = offices.open(EMPTY, shared_with=[])
    done = call(office, "install")
    assert done.code == 3
    assert "not shared with the service account" in done.err
    assert WORKER in done.err


def test_create_says_why_it_cannot(offices: Offices) -> None:
    """Service accounts make no files: exit 2, with the address to share a sheet with."""
    office = offices.open(EMPTY)
    done = call(office, "create")
    assert done.code == 2
    assert "a service account cannot make a spreadsheet" in done.err
    assert WORKER in done.err
    assert office.asked == (0, 0)


def test_a_person_makes_a_sheet_of_his_own(offices: Offices, tmp_path: Path) -> None:
    """With one's own OAuth credentials: it is the person's, Vietnamese, and to be shared."""
    office = offices.open(EMPTY)
    info = {
        "refresh_token": office.server.person("antq@x.example"),
        "token_uri": f"{office.server.url}/token",
        "client_id": "id",
        "client_secret": "secret",
    }
    own = tmp_path / "person.json"
    own.write_text(json.dumps(info), "utf-8")
    done = call(office, "create", "--person", str(own))
    assert (done.code, office.asked) == (0, (0, 1))
    made = office.server.api.books[done.out.strip().split("/")[-2]]
    assert (made.owner, made.properties["locale"]) == ("antq@x.example", "vi_VN")
    assert f"share it with {WORKER} as Editor" in done.err


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "service_account"}'])
def test_what_is_no_persons_sign_in(offices: Offices, tmp_path: Path, text: str) -> None:
    """Exit 2, nothing is asked of Google."""
    office, own = offices.open(EMPTY), tmp_path / "person.json"
    own.write_text(text, "utf-8")
    done = call(office, "create", "--person", str(own))
    assert (done.code, office.asked) == (2, (0, 0))


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        pytest.param(Schedule(), 49, id="two days of daily runs, and an hour"),
        pytest.param(
            Schedule(chase_from=shipped().schedule.daily.replace(hour=13)), 25, id="two a day"
        ),
    ],
)
def test_a_stamp_is_stale_after_two_scheduled_runs(schedule: Schedule, hours: int) -> None:
    """Whichever two lie furthest apart."""
    assert laying.stale_after(replace(shipped(), schedule=schedule)) == timedelta(hours=hours)


def test_the_stamps_digits_are_where_the_rule_looks() -> None:
    """The formula takes hour, minute, day, month and year out of the stamp's text."""
    rule = google_rules.stale(timedelta(hours=49))
    (value,) = rule["booleanRule"]["condition"]["values"]
    assert value["userEnteredValue"] == (
        "=(NOW()-(DATE(VALUE(MID($A$1;35;4));VALUE(MID($A$1;32;2));VALUE(MID($A$1;29;2)))"
        "+TIME(VALUE(MID($A$1;18;2));VALUE(MID($A$1;21;2));0)))*1440>2940"
    )


def test_a_colour_is_the_same_in_all_of_its_shapes() -> None:
    """32-bit floats, zeros left out, with or without the twin."""
    plain = {"red": 0.7490196228027344, "green": 0.7490196228027344}
    for look in ({"backgroundColor": plain}, {"backgroundColorStyle": {"rgbColor": plain}}):
        assert google_rules.color(look, "backgroundColor") == "BFBF00"
    assert google_rules.color({}, "backgroundColor") == ""
