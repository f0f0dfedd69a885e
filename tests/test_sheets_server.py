"""The test server answers reads as Google does: gspread and google-auth are the judges."""

from datetime import date, datetime, time

import pytest
from gspread.exceptions import APIError
from sheets_desk import Desk
from sheets_server import WORKER, Failed, Formula

pytest_plugins = ("sheets_fixtures",)


def test_values_come_as_stored(desk: Desk) -> None:
    """A day is a plain number, a box true or false, a failed cell its text, a half a half."""
    noon = datetime.combine(date(2021, 2, 24), time(12))
    row = ["TH", date(2021, 2, 24), noon, time(6), True, Failed("#REF!"), 2.5]
    desk.google.paste(desk.book, "Kế hoạch", "A2", [row])
    (answer,) = desk.values("'Kế hoạch'!A2:Z")
    assert answer["values"] == [["TH", 44251, 44251.5, 0.25, True, "#REF!", 2.5]]


def test_trailing_blanks_are_cut_and_inner_rows_kept(desk: Desk) -> None:
    """Rows are ragged; an empty one in between is []; blanks inside a row are ""."""
    rows = [["a", None, "c", None], [], [None, "b"], [None], ["", None]]
    desk.google.paste(desk.book, "Kế hoạch", "A1", rows)
    desk.google.set(desk.book, "Kế hoạch", "C2", None)
    (answer,) = desk.values("'Kế hoạch'")
    assert answer["values"] == [["a", "", "c"], [], ["", "b"]]


def test_an_empty_range_has_no_values(desk: Desk) -> None:
    """The key is missing, not an empty list."""
    (answer,) = desk.values("'Kế hoạch'!A5:C9")
    assert answer == {"range": "'Kế hoạch'!A5:C9", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "echo"),
    [
        ("'Kế hoạch'", "'Kế hoạch'!A1:Z1000"),
        ("Kế hoạch", "'Kế hoạch'!A1:Z1000"),
        ("'Kế hoạch'!B2:D", "'Kế hoạch'!B2:D1000"),
        ("'Kế hoạch'!B:B", "'Kế hoạch'!B1:B1000"),
        ("'Kế hoạch'!3:4", "'Kế hoạch'!A3:Z4"),
        ("'Kế hoạch'!A1:ZZ5000", "'Kế hoạch'!A1:Z1000"),
        ("'Kế hoạch'!$B$2", "'Kế hoạch'!B2"),
        ("B2", "'Trường'!B2"),
    ],
)
def test_a_range_is_echoed_on_the_grid(desk: Desk, asked: str, echo: str) -> None:
    """Open sides reach the end of the grid, and what is beyond it is cut."""
    assert desk.values(asked)[0]["range"] == echo


def test_a_tab_named_like_a_cell_must_be_quoted(desk: Desk) -> None:
    """T3 without quotes is a cell of the first tab; T3!A1 is no range."""
    desk.google.edit(desk.book, {"addSheet": {"properties": {"title": "T3"}}})
    desk.google.set(desk.book, "T3", "A1", "tháng 3")
    assert desk.values("'T3'!A1")[0]["values"] == [["tháng 3"]]
    assert desk.values("T3")[0]["range"] == "'Trường'!T3"
    with pytest.raises(APIError, match="Unable to parse range: T3!A1"):
        desk.values("T3!A1")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("'Kế hoạch'!A1001:B", "exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("'Kế hoạch'!AA1", "exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("'Không có'!A1", "Unable to parse range: 'Không có'!A1"),
        ("'Kế hoạch'!A0", "Unable to parse range: 'Kế hoạch'!A0"),
    ],
)
def test_a_range_outside_is_an_error(desk: Desk, asked: str, message: str) -> None:
    """One that begins past the grid, and one of no tab, is an error 400."""
    answer = desk.raw("GET", f"/{desk.book}/values:batchGet", params={"ranges": asked})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert message in error["message"]


def test_formatted_values_are_what_people_see(desk: Desk) -> None:
    """Without an option a day is in words, a number in the sheet's locale, a box in capitals."""
    desk.google.paste(desk.book, "Kế hoạch", "A1", [[date(2021, 2, 24), 2.5, False, 7]])
    shown = desk.worker.values_get(desk.book, "'Kế hoạch'")["values"]
    assert shown == [["24/02/2021", "2,5", "FALSE", "7"]]


def test_columns_come_as_lists_on_demand(desk: Desk) -> None:
    """majorDimension COLUMNS turns the rows."""
    desk.google.paste(desk.book, "Kế hoạch", "A1", [["a", "b"], ["c", None]])
    (answer,) = desk.values("'Kế hoạch'!A1:B2", majorDimension="COLUMNS")
    assert answer["values"] == [["a", "c"], ["b"]]


def test_a_formula_gives_its_result(desk: Desk) -> None:
    """The value is what it gives; FORMULA shows the text; one unknown here fails as #NAME?."""
    cells = [Formula("=TODAY()", date(2021, 2, 24)), Formula("=XYZ()")]
    desk.google.paste(desk.book, "Kế hoạch", "A1", [cells])
    assert desk.values("'Kế hoạch'!A1:B1")[0]["values"] == [[44251, "#NAME?"]]
    shown = desk.values("'Kế hoạch'!A1:B1", valueRenderOption="FORMULA")[0]["values"]
    assert shown == [["=TODAY()", "=XYZ()"]]


def test_a_mask_shows_what_it_names(desk: Desk) -> None:
    """sheetId 0 is written out in properties; nothing else comes along."""
    fields = "properties.timeZone,sheets(properties(sheetId,title,gridProperties/rowCount))"
    assert desk.get(fields) == {
        "properties": {"timeZone": "Asia/Ho_Chi_Minh"},
        "sheets": [
            {"properties": {"sheetId": 0, "title": "Trường", "gridProperties": {"rowCount": 1000}}},
            {
                "properties": {
                    "sheetId": desk.tab(),
                    "title": "Kế hoạch",
                    "gridProperties": {"rowCount": 1000},
                }
            },
        ],
    }


def test_a_mask_with_nothing_to_show_answers_empty(desk: Desk) -> None:
    """{} for a message, {} for each element of a list."""
    assert desk.get("namedRanges") == {}
    assert desk.get("sheets.protectedRanges") == {"sheets": [{}, {}]}
    assert desk.get("sheets.data.rowData.values.note", ["'Kế hoạch'!B5:C9"]) == {
        "sheets": [{"data": [{}]}]
    }


def test_an_unknown_field_of_a_mask_is_refused(desk: Desk) -> None:
    """400, and it says which."""
    with pytest.raises(APIError, match=r"Cannot find matching fields for path 'sheets\.titel'"):
        desk.get("sheets.titel")


def test_notes_come_as_google_has_recorded_them(desk: Desk) -> None:
    """Rows and cells up to the last with something in it; the answer is one of gspread's tapes."""
    tab = desk.open().worksheet("Kế hoạch")
    tab.clear()
    tab.update_notes({"A1": "the first time", "B3": "two sheets"})
    answer = desk.get("sheets.data.rowData.values.note", ["'Kế hoạch'"])
    first, last = {"note": "the first time"}, {"note": "two sheets"}
    rows = [{"values": [first]}, {}, {"values": [{}, last]}]
    assert answer["sheets"][0]["data"] == [{"rowData": rows}]
    assert tab.get_note("B3") == "two sheets"


def test_cells_are_shown_with_the_mask_alone(desk: Desk) -> None:
    """Without a mask cells come only if includeGridData says so; startRow 0 is left out."""
    assert "data" not in desk.get()["sheets"][1]
    asked = {"includeGridData": "true", "ranges": "'Kế hoạch'!A1:B2"}
    (sheet,) = desk.worker.fetch_sheet_metadata(desk.book, asked)["sheets"]
    (data,) = sheet["data"]
    assert sorted(data) == ["columnMetadata", "rowData", "rowMetadata"]
    assert data["rowData"][0]["values"][0]["formattedValue"] == "Trường"
    assert data["columnMetadata"] == [{"pixelSize": 100}, {"pixelSize": 100}]


def test_a_query_that_the_api_does_not_know_is_refused(desk: Desk) -> None:
    """Google checks the names and choices of the parameters too."""
    for params in ({"render": "UNFORMATTED_VALUE"}, {"valueRenderOption": "UNFORMATTED"}):
        answer = desk.raw("GET", f"/{desk.book}/values:batchGet", params=params)
        assert answer.status_code == 400


def test_calls_are_counted_and_kept(desk: Desk) -> None:
    """Reads, writes and tokens apart; every answer as it was handed out."""
    desk.values("'Trường'")
    desk.get("sheets.properties.title")
    desk.google.set(desk.book, "Trường", "A1", "Khác")
    calls = desk.google.calls
    assert (calls.tokens, calls.reads, calls.writes) == (1, 2, 0)
    values, tabs = desk.google.handed
    assert (values.kind, tabs.kind) == ("values", "spreadsheet")
    assert values.answer["valueRanges"][0]["values"] == [["Mã", "Tên"]]
    assert desk.google.requests[-1].path == f"/v4/spreadsheets/{desk.book}"
    calls.reset()
    assert calls.reads == 0


def test_a_huge_grid_costs_what_is_used_of_it(desk: Desk) -> None:
    """Ten million cells of which 2,000 are used: only those are kept, and read."""
    rows = [[n, "x"] for n in range(1000)]
    size = {"To": (1_000_000, 10)}
    book = desk.google.create("Sổ to", {"To": rows}, shared_with=[WORKER], sizes=size)
    held = desk.google.api.books[book].tabs[0].cells
    assert sum(map(len, held.values())) == 2000
    desk.google.set(book, "To", "J1000000", "cuối")
    answer = desk.worker.values_batch_get(book, ["'To'!A1:B"])["valueRanges"][0]
    assert (len(answer["values"]), answer["range"]) == (1000, "To!A1:B1000000")
