"""The test server takes writes as Google does, and refuses what Google refuses."""

from typing import Any

import pytest
import requests
from gspread.exceptions import APIError
from sheets_desk import Desk
from sheets_server import WORKER

pytest_plugins = ("sheets_fixtures",)
RED = {"red": 0.1, "green": 0, "blue": 1}
SINGLE = 0.10000000149011612
"""0.1 as a 32-bit float."""


def text(value: str, **more: Any) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": value}, **more}


def update(cells: list[list[dict[str, Any]]], fields: str, **where: Any) -> dict[str, Any]:
    return {"updateCells": {"rows": [{"values": row} for row in cells], "fields": fields, **where}}


def test_cells_are_written_at_a_start(desk: Desk) -> None:
    """A text that looks like a formula stays a text; cells around it stay as they are."""
    start = {"sheetId": desk.tab(), "rowIndex": 1, "columnIndex": 1}
    replies = desk.batch(update([[text("=1+1"), text("b")]], "userEnteredValue", start=start))
    assert replies == [{}]
    assert desk.google.values(desk.book, "Kế hoạch") == [
        ["Trường", "Ngày", "Số"],
        ["", "=1+1", "b"],
    ]
    assert [each.cell for each in desk.google.written] == ["B2", "C2"]


def test_a_range_clears_the_masked_fields_of_cells_not_given(desk: Desk) -> None:
    """The values outside the rows go, the notes stay: they are not in the mask."""
    noted = [[text("a", note="n1"), text("b", note="n2")]]
    start = {"sheetId": desk.tab(), "rowIndex": 1}
    desk.batch(update(noted, "userEnteredValue,note", start=start))
    place = {"sheetId": desk.tab(), "startRowIndex": 1, "endRowIndex": 3}
    desk.batch(update([[text("mới")]], "userEnteredValue", range=place))
    assert desk.google.values(desk.book, "Kế hoạch")[1:] == [["mới"]]
    assert desk.google.cell(desk.book, "Kế hoạch", "B2") == {"note": "n2"}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"updateCells": {"rows": [], "start": {}}},
            "Invalid requests[0].updateCells: At least one field must be listed in 'fields'.",
        ),
        (
            {"updateSheetProperties": {"properties": {"title": "x"}}},
            "Invalid requests[0].updateSheetProperties: At least one field must be listed",
        ),
        (
            {"repeatCell": {"range": {"endRowIndex": 2000}, "cell": {}, "fields": "note"}},
            "range.endRowIndex[2000] is after last row in grid[1000]",
        ),
        (
            update([[{}] * 3], "note", range={"endRowIndex": 1, "endColumnIndex": 2}),
            "Attempting to write column: 2, beyond the last requested column of: 1",
        ),
        (
            update([[{}]], "note", start={"rowIndex": 1000}),
            "GridCoordinate.rowIndex[1000] is after last row in grid[1000]",
        ),
        ({"updateCells": {"fields": "value", "start": {}}}, "Cannot find matching fields"),
        ({"deleteSheet": {"sheetId": 7}}, "Invalid requests[0].deleteSheet: No grid with id: 7"),
        (
            {"addSheet": {"properties": {"title": "kế HOẠCH"}}},
            'A sheet with the name "kế HOẠCH" already exists. Please enter another name.',
        ),
        (
            {
                "insertDimension": {
                    "range": {"dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}
                }
            },
            "range.startIndex must be less than the grid size if inheritFromBefore is false",
        ),
        (
            {"appendDimension": {"dimension": "ROWS", "length": 400_000}},
            "above the limit of 10000000 cells",
        ),
        ({}, "Invalid requests[0]: No request set."),
        ({"paintCells": {}}, "Unknown name \"paintCells\" at 'requests[0]': Cannot find field."),
        (
            {"addSheet": {"properties": {"name": "x"}}},
            "Unknown name \"name\" at 'requests[0].addSheet.properties': Cannot find field.",
        ),
        (
            {"setBasicFilter": {"filter": {"criteria": [0]}}},
            "'requests[0].setBasicFilter.filter.criteria' is no object: [0]",
        ),
        ({"deleteSheet": {"sheetId": "one"}}, "Invalid value at 'requests[0].deleteSheet.sheetId'"),
        (
            {"mergeCells": {"range": {}, "mergeType": "MERGE"}},
            "Invalid value at 'requests[0].mergeCells.mergeType' (TYPE_ENUM)",
        ),
    ],
)
def test_what_google_refuses_is_refused(desk: Desk, request_: dict[str, Any], message: str) -> None:
    """400, in Google's words, and nothing of the batch is done."""
    good = {"addSheet": {"properties": {"title": "Mới"}}}
    assert message in desk.refused(request_)
    assert message.replace("requests[0]", "requests[1]") in desk.refused(good, request_)
    assert desk.google.spreadsheet(desk.book)["sheets"][-1]["properties"]["title"] == "Kế hoạch"


def test_colours_come_back_as_32_bit_floats_with_a_twin(desk: Desk) -> None:
    """Whichever of the two was written, zeros are left out of both."""
    for name, given in (("backgroundColor", RED), ("backgroundColorStyle", {"rgbColor": RED})):
        cell = {"userEnteredFormat": {name: given}}
        place = {"sheetId": desk.tab(), "startRowIndex": 4, "endRowIndex": 5, "endColumnIndex": 1}
        fields = f"userEnteredFormat.{name}"
        desk.batch({"repeatCell": {"range": place, "cell": cell, "fields": fields}})
        assert desk.google.cell(desk.book, "Kế hoạch", "A5")["userEnteredFormat"] == {
            "backgroundColor": {"red": SINGLE, "blue": 1},
            "backgroundColorStyle": {"rgbColor": {"red": SINGLE, "blue": 1}},
        }


def test_sheet_id_zero_is_left_out_of_ranges(desk: Desk) -> None:
    """A range on the first tab has no sheetId, one on another has."""
    for tab in (0, desk.tab()):
        place = {"sheetId": tab, "startRowIndex": 0, "endRowIndex": 1}
        desk.batch({"addProtectedRange": {"protectedRange": {"range": place}}})
    first, second = desk.get("sheets.protectedRanges.range")["sheets"]
    rows = {"startRowIndex": 0, "endRowIndex": 1}
    assert first == {"protectedRanges": [{"range": rows}]}
    assert second == {"protectedRanges": [{"range": {"sheetId": desk.tab(), **rows}}]}


def rule(text_: str, **how: Any) -> dict[str, Any]:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text_}]}
    look = how.pop("format", {"textFormat": {"bold": True}})
    made = {"ranges": [{"sheetId": 0}], "booleanRule": {"condition": condition, "format": look}}
    return {"addConditionalFormatRule": {"rule": made, **how}}


def formulas(desk: Desk) -> list[str]:
    sheet = desk.get("sheets.conditionalFormats.booleanRule.condition.values")["sheets"][0]
    return [
        each["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for each in sheet.get("conditionalFormats", [])
    ]


def test_a_conditional_rule_without_index_goes_to_the_front(desk: Desk) -> None:
    """Rules are known by their place alone, and those after a deleted one move up."""
    desk.batch(rule("=A1=1"), rule("=A1=2"), rule("=A1=3", index=2))
    assert formulas(desk) == ["=A1=2", "=A1=1", "=A1=3"]
    (reply,) = desk.batch({"deleteConditionalFormatRule": {"index": 1}})
    assert reply["deleteConditionalFormatRule"]["rule"]["ranges"] == [{}]
    assert formulas(desk) == ["=A1=2", "=A1=3"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (rule("=IF(A1=1,TRUE,FALSE)"), "Invalid ConditionValue.userEnteredValue: =IF(A1=1,"),
        (rule("A1=1"), "Invalid ConditionValue.userEnteredValue: A1=1"),
        (rule("='Kế hoạch'!A1=1"), "Conditional format rule cannot reference a different sheet."),
        (rule("=A1=1", format={"textFormat": {"fontSize": 9}}), "can only set bold, italic"),
        (
            {
                "setDataValidation": {
                    "range": {"endRowIndex": 1},
                    "rule": {"condition": {"type": "TEXT_STARTS_WITH"}},
                }
            },
            "ConditionType 'TEXT_STARTS_WITH' is not supported for data validation.",
        ),
    ],
)
def test_rules_that_google_refuses(desk: Desk, asked: dict[str, Any], message: str) -> None:
    """In vi_VN a comma parts no arguments, and a format rule sees its own tab only."""
    assert message in desk.refused(asked)


def test_a_semicolon_works_in_every_locale(desk: Desk) -> None:
    """Also beside a decimal comma, and a comma within a text."""
    desk.batch(rule('=IF(A1>1,5;A1="a, b";FALSE)'))
    new = {"properties": {"locale": "en_US"}, "fields": "locale"}
    desk.batch({"updateSpreadsheetProperties": new}, rule("=IF(A1>1;TRUE;FALSE)"))
    assert len(formulas(desk)) == 2


def test_a_new_spreadsheet_is_of_no_place(desk: Desk) -> None:
    """A person's program makes one in Etc/GMT and en_US; a service account cannot make any."""
    refused = desk.raw("POST", "", json={"properties": {"title": "Mới"}})
    assert refused.status_code == 403
    refresh = {"grant_type": "refresh_token", "refresh_token": desk.google.person("antq@x.example")}
    token = desk.worker.session.post(f"{desk.google.url}/token", data=refresh).json()
    header = {"Authorization": f"Bearer {token['access_token']}"}
    url = f"{desk.google.url}/v4/spreadsheets"
    made = requests.post(url, json={}, headers=header, timeout=30).json()
    assert made["properties"]["timeZone"] == "Etc/GMT"
    assert made["properties"]["locale"] == "en_US"
    assert made["sheets"][0]["properties"]["title"] == "Sheet1"


def test_a_template_is_laid_in_one_batch(desk: Desk) -> None:
    """Tabs, drop-downs, frozen rows, widths, filter views, bands: all of it comes back."""
    place = {"sheetId": 5, "startRowIndex": 1, "endRowIndex": 4, "endColumnIndex": 2}
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Có"}]}
    checked = {"condition": condition, "strict": True, "showCustomUi": True}
    grid = {"rowCount": 10, "columnCount": 4, "frozenRowCount": 1}
    properties = {"title": "Mẫu", "sheetId": 5, "hidden": True, "gridProperties": grid}
    criteria = {"condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Mỹ Lạc"}]}}
    spec = {"columnIndex": 1, "filterCriteria": criteria}
    desk.batch(
        {"addSheet": {"properties": properties}},
        {"setDataValidation": {"range": place, "rule": checked}},
        {"addFilterView": {"filter": {"title": "Mỹ Lạc", "range": place, "filterSpecs": [spec]}}},
        {"mergeCells": {"range": {**place, "endRowIndex": 2}, "mergeType": "MERGE_ALL"}},
        {
            "updateDimensionProperties": {
                "range": {"sheetId": 5, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                "properties": {"pixelSize": 250},
                "fields": "pixelSize",
            }
        },
        {"addBanding": {"bandedRange": {"range": place, "rowProperties": {"headerColor": RED}}}},
    )
    sheet = desk.get("sheets", ["'Mẫu'"])["sheets"][0]
    assert sheet["properties"]["hidden"] is True
    assert sheet["properties"]["gridProperties"] == grid
    assert sheet["filterViews"][0]["criteria"]["1"] == criteria
    assert (
        sheet["merges"] == [{"startColumnIndex": 0, **place, "endRowIndex": 2}] or sheet["merges"]
    )
    assert sheet["data"][0]["rowData"][1]["values"][1]["dataValidation"] == checked
    assert [each["pixelSize"] for each in sheet["data"][0]["columnMetadata"]] == [
        100,
        250,
        100,
        100,
    ]
    assert sheet["bandedRanges"][0]["rowProperties"]["headerColorStyle"]["rgbColor"]["blue"] == 1


def test_what_is_false_or_empty_is_not_kept(desk: Desk) -> None:
    """A rule's false is left out, an empty text empties the cell."""
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 1}
    checked = {"condition": {"type": "DATE_IS_VALID"}, "strict": False, "showCustomUi": True}
    desk.batch(
        {"setDataValidation": {"range": place, "rule": checked}},
        update([[text("")]], "userEnteredValue", start={"sheetId": 0}),
    )
    assert desk.google.cell(desk.book, "Trường", "A1") == {
        "dataValidation": {"condition": {"type": "DATE_IS_VALID"}, "showCustomUi": True}
    }
    desk.batch({"setDataValidation": {"range": place}})
    assert desk.google.cell(desk.book, "Trường", "A1") == {}


def test_rows_are_appended_and_ranges_named(desk: Desk) -> None:
    """appendCells goes below the last value; a name is not given twice."""
    cells = {"rows": [{"values": [text("TH-MY-LAC")]}], "fields": "userEnteredValue"}
    name = {"addNamedRange": {"namedRange": {"name": "truong", "range": {"sheetId": desk.tab()}}}}
    desk.batch({"appendCells": {"sheetId": 0, **cells}}, name)
    assert desk.google.values(desk.book, "Trường")[1:] == [["TH-MY-LAC"]]
    assert desk.get("namedRanges.name") == {"namedRanges": [{"name": "truong"}]}
    assert 'A named range with name "truong" already exists.' in desk.refused(name)


def test_ranges_move_with_rows(desk: Desk) -> None:
    """A row deleted above a filter view or inside it shortens it; with its last row it goes."""
    place = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 6}
    (reply,) = desk.batch({"addFilterView": {"filter": {"title": "f", "range": place}}})
    identity = reply["addFilterView"]["filter"]["filterViewId"]
    for start, expected in ((0, (2, 5)), (2, (2, 4)), (2, (2, 3))):
        rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": start + 1}
        desk.batch({"deleteDimension": {"range": rows}})
        (view,) = desk.get("sheets.filterViews")["sheets"][0]["filterViews"]
        assert (view["range"]["startRowIndex"], view["range"]["endRowIndex"]) == expected
    desk.batch({"deleteDimension": {"range": rows}})
    assert desk.get("sheets.filterViews")["sheets"][0] == {}
    assert f"No filter view with id: {identity}" in desk.refused(
        {"deleteFilterView": {"filterId": identity}}
    )


def test_gspread_writes_and_formats(desk: Desk) -> None:
    """gspread's own calls work unpatched: new tab, update, format, freeze, sort, resize, clear."""
    tab = desk.open().add_worksheet("Tình trạng", rows=5, cols=3)
    tab.update([["b", 3, 2.5], ["a", 4, True]], "A2")
    tab.format("A2", {"backgroundColor": {"red": 0.1, "green": 1}})
    tab.freeze(rows=1)
    tab.sort((1, "asc"), range="A2:C3")
    assert tab.get_all_values() == [["", "", ""], ["a", "4", "TRUE"], ["b", "3", "2,5"]]
    assert tab.col_count == 3
    tab.resize(rows=2)
    tab.batch_clear(["B1:B2"])
    assert desk.google.values(desk.book, "Tình trạng") == [[], ["a", "", True]]
    tab.append_row(["c"])
    assert tab.row_values(3) == ["c"]
    desk.open().del_worksheet(tab)
    assert [sheet.title for sheet in desk.open().worksheets()] == ["Trường", "Kế hoạch"]


def test_values_are_typed_as_by_hand_on_demand(desk: Desk) -> None:
    """USER_ENTERED makes numbers, days by the locale, boxes and formulas; RAW keeps texts."""
    tab = desk.open().worksheet("Kế hoạch")
    cells = [["3,5", "24/02/2021", "TRUE", "=A1", "'0909", "x"]]
    tab.update(cells, "A2", value_input_option="USER_ENTERED")
    assert desk.google.values(desk.book, "Kế hoạch")[1] == [3.5, 44251, True, "#NAME?", "0909", "x"]
    tab.update(cells, "A2", value_input_option="RAW")
    assert desk.google.values(desk.book, "Kế hoạch")[1] == cells[0]


def test_a_write_past_its_range_is_refused(desk: Desk) -> None:
    """And so is one without valueInputOption."""
    with pytest.raises(APIError, match=r"Requested writing within range .*, but tried writing to"):
        desk.worker.values_update(
            desk.book, "'Kế hoạch'!A1:B1", {"valueInputOption": "RAW"}, {"values": [[1, 2, 3]]}
        )
    with pytest.raises(APIError, match="valueInputOption"):
        desk.worker.values_update(desk.book, "'Kế hoạch'!A1", {}, {"values": [[1]]})


def test_many_ranges_are_written_at_once(desk: Desk) -> None:
    """None leaves a cell as it is, "" empties it; a bad range undoes the rest."""
    body = {
        "valueInputOption": "RAW",
        "data": [
            {"range": "'Kế hoạch'!A1:C1", "values": [[None, "", "Số hiệu"]]},
            {"range": "'Trường'!A2", "values": [["TH-MY-LAC"]]},
        ],
    }
    answer = desk.worker.values_batch_update(desk.book, body)
    assert (answer["totalUpdatedSheets"], answer["totalUpdatedCells"]) == (2, 4)
    assert desk.google.values(desk.book, "Kế hoạch") == [["Trường", "", "Số hiệu"]]
    body["data"] = [
        {"range": "'Trường'!A2", "values": [["khác"]]},
        {"range": "'Không có'!A1", "values": [[1]]},
    ]
    with pytest.raises(APIError, match=r"Invalid data\[1\]: Unable to parse range"):
        desk.worker.values_batch_update(desk.book, body)
    assert desk.google.values(desk.book, "Trường")[1] == ["TH-MY-LAC"]
    assert WORKER in {each.caller for each in desk.google.written}
