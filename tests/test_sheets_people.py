"""People at work in the sheet: protections hold them as in the browser, and nothing else does."""

import random
import threading
from typing import Any

import pytest
from gspread.exceptions import APIError
from sheets_desk import Desk
from sheets_server import WORKER, ApiError

pytest_plugins = ("sheets_fixtures",)
CLERK = "vanthu@mylac.example"
PLAN = "Kế hoạch"


def protect(desk: Desk, *editors: str, **place: int) -> dict[str, Any]:
    """Return a request that protects a part of Kế hoạch, or all of it."""
    spot = {"sheetId": desk.tab(PLAN), **place}
    return {"addProtectedRange": {"protectedRange": {"range": spot, "editors": {"users": editors}}}}


@pytest.fixture
def shared(desk: Desk) -> Desk:
    """The sheet with three rows, shared with a clerk too."""
    rows = [["Mỹ Lạc", 1], ["An Bình", 2], ["Tân Long", 3]]
    desk.google.share(desk.book, CLERK)
    desk.google.paste(desk.book, PLAN, "A2", rows)
    return desk


def schools(desk: Desk) -> list[Any]:
    return [row[0] if row else None for row in desk.google.values(desk.book, PLAN)]


def test_clerks_type_sort_insert_and_delete(shared: Desk) -> None:
    """What moves are whole rows, drop-downs and notes with them."""
    google, book = shared.google, shared.book
    google.sort_rows(book, PLAN, 0, first=2, by=CLERK)
    assert schools(shared) == ["Trường", "An Bình", "Mỹ Lạc", "Tân Long"]
    google.insert_row(book, PLAN, 3, by=CLERK)
    google.set(book, PLAN, "A3", "Bình An", by=CLERK)
    google.delete_row(book, PLAN, 2, by=CLERK)
    google.move_row(book, PLAN, 4, 6, by=CLERK)
    assert schools(shared) == ["Trường", "Bình An", "Mỹ Lạc", None, None, "Tân Long"]
    google.delete_column(book, PLAN, 0, by=CLERK)
    assert google.values(book, PLAN)[0] == ["Ngày", "Số"]


def test_a_header_can_be_sorted_into_the_rows(shared: Desk) -> None:
    """Nothing but a protection keeps it on top; blanks stay last."""
    shared.google.sort_rows(shared.book, PLAN, 0)
    assert schools(shared) == ["An Bình", "Mỹ Lạc", "Tân Long", "Trường"]


def test_a_protected_header_stays(shared: Desk) -> None:
    """Typing, sorting across and deleting it are refused; all else on the tab is free."""
    shared.batch(protect(shared, WORKER, startRowIndex=0, endRowIndex=1))
    google, book = shared.google, shared.book
    for deed in (
        lambda: google.set(book, PLAN, "B1", "x", by=CLERK),
        lambda: google.sort_rows(book, PLAN, 0, by=CLERK),
        lambda: google.delete_row(book, PLAN, 1, by=CLERK),
        lambda: google.delete_column(book, PLAN, 1, by=CLERK),
        lambda: google.delete_tab(book, PLAN, by=CLERK),
        lambda: google.edit(book, delete_protection(shared), by=CLERK),
    ):
        with pytest.raises(ApiError, match="protected cell or object"):
            deed()
    google.sort_rows(book, PLAN, 0, first=2, by=CLERK)
    google.delete_row(book, PLAN, 3, by=CLERK)
    google.insert_row(book, PLAN, 2, by=CLERK)
    google.rename_tab(book, PLAN, "Kế hoạch 2021", by=CLERK)


def delete_protection(desk: Desk) -> dict[str, Any]:
    (sheet,) = desk.get("sheets.protectedRanges", [f"'{PLAN}'"])["sheets"]
    identity = sheet["protectedRanges"][0]["protectedRangeId"]
    return {"deleteProtectedRange": {"protectedRangeId": identity}}


@pytest.mark.parametrize("code", [400, 403])
def test_an_edit_of_a_protected_cell_is_refused(shared: Desk, code: int) -> None:
    """400 or 403: Google has answered both; by any way of writing, whoever the caller is."""
    shared.google.protected_answers(code)
    shared.google.edit(shared.book, protect(shared, "lanhdao@phong.example"))
    start = {"sheetId": shared.tab(PLAN)}
    cell = {"rows": [{"values": [{"note": "x"}]}], "fields": "note", "start": start}
    for deed in (
        lambda: shared.batch({"updateCells": cell}),
        lambda: shared.open().worksheet(PLAN).update_acell("A1", "x"),
        lambda: shared.open().worksheet(PLAN).clear(),
    ):
        with pytest.raises(APIError, match="trying to edit a protected cell") as refused:
            deed()
        assert refused.value.response.status_code == code


def test_a_protected_tab_keeps_its_own_worker(shared: Desk) -> None:
    """Who protects it may go on writing, the owner may too, a clerk may not even add a row."""
    shared.batch(protect(shared, WORKER))
    shared.open().worksheet(PLAN).update_acell("A1", "của tôi")
    shared.google.set(shared.book, PLAN, "B1", "của chủ sở hữu")
    with pytest.raises(ApiError, match="protected"):
        shared.google.insert_row(shared.book, PLAN, 2, by=CLERK)


def test_without_editors_nothing_is_protected(shared: Desk) -> None:
    """All who may edit the spreadsheet may then edit the range."""
    spot = {"sheetId": shared.tab(PLAN)}
    shared.batch({"addProtectedRange": {"protectedRange": {"range": spot}}})
    shared.google.set(shared.book, PLAN, "A1", "x", by=CLERK)
    assert schools(shared)[0] == "x"


def test_only_a_warning_stops_nobody(shared: Desk) -> None:
    """warningOnly takes no editors."""
    spot = {"range": {"sheetId": shared.tab(PLAN)}, "warningOnly": True}
    shared.batch({"addProtectedRange": {"protectedRange": spot}})
    shared.google.set(shared.book, PLAN, "A1", "x", by=CLERK)
    named = {**spot, "range": {"sheetId": 0}, "editors": {"users": [WORKER]}}
    message = shared.refused({"addProtectedRange": {"protectedRange": named}})
    assert message.endswith("ProtectedRange is warningOnly. Editors cannot be set on it.")


def test_a_second_protection_of_a_whole_tab_is_refused(shared: Desk) -> None:
    """A range within it may be protected too, the tab not twice: look first."""
    shared.batch(protect(shared, WORKER), protect(shared, WORKER, endRowIndex=1))
    assert shared.refused(protect(shared, WORKER)) == (
        'Invalid requests[0].addProtectedRange: Sheet "Kế hoạch" already has sheet protection.'
    )


def test_only_editors_of_a_protection_see_its_editors(shared: Desk) -> None:
    """Others see that it is there and that it is not theirs."""
    shared.google.edit(shared.book, protect(shared, CLERK))
    shared.batch({"addProtectedRange": {"protectedRange": {"range": {}, "editors": {}}}})
    mine, theirs = shared.get("sheets.protectedRanges")["sheets"]
    assert mine["protectedRanges"][0]["editors"] == {"users": [WORKER]}
    assert mine["protectedRanges"][0]["requestingUserCanEdit"] is True
    assert {"editors", "requestingUserCanEdit"} & set(theirs["protectedRanges"][0]) == set()


def test_a_tab_is_copied_with_a_vietnamese_name(shared: Desk) -> None:
    """Its rows and rules come along, its protections do not."""
    shared.batch(protect(shared, WORKER))
    title = shared.google.copy_tab(shared.book, PLAN)
    assert title == "Bản sao của Kế hoạch"
    assert shared.google.values(shared.book, title) == shared.google.values(shared.book, PLAN)
    shared.google.set(shared.book, title, "A1", "x", by=CLERK)
    assert schools(shared)[0] == "Trường"


def test_a_filter_left_on_hides_nothing_from_a_read(shared: Desk) -> None:
    """Nor does a table, nor a hidden tab."""
    spot = {"sheetId": shared.tab(PLAN), "startRowIndex": 0, "endRowIndex": 4, "endColumnIndex": 2}
    hidden = {"hiddenValues": ["Mỹ Lạc"]}
    shared.google.edit(
        shared.book,
        {"setBasicFilter": {"filter": {"range": spot, "criteria": {"0": hidden}}}},
        {"addTable": {"table": {"name": "Bảng1", "range": spot}}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": shared.tab(PLAN), "hidden": True},
                "fields": "hidden",
            }
        },
        by=CLERK,
    )
    (answer,) = shared.values(f"'{PLAN}'!A2:A")
    assert answer["values"] == [["Mỹ Lạc"], ["An Bình"], ["Tân Long"]]
    sheet = shared.get("sheets(basicFilter,tables)")["sheets"][1]
    assert sheet["basicFilter"]["filterSpecs"] == [{"columnIndex": 0, "filterCriteria": hidden}]
    assert sheet["tables"][0]["name"] == "Bảng1"


def test_a_clerk_can_be_quicker_than_a_call(shared: Desk) -> None:
    """What is done between two calls is done by the second."""
    google = shared.google
    google.meanwhile(lambda: google.set(shared.book, PLAN, "A2", "Khác"), nth=2, what="read")
    read = [shared.values(f"'{PLAN}'!A2")[0]["values"] for _ in range(3)]
    assert read == [[["Mỹ Lạc"]], [["Khác"]], [["Khác"]]]


def test_reads_are_whole_while_many_clerks_work(shared: Desk) -> None:
    """A read never sees half of a sort: every row of it is one that somebody wrote."""
    google, book = shared.google, shared.book
    google.paste(book, PLAN, "A2", [[f"Trường {n:02}", n] for n in range(50)])

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(20):
            google.sort_rows(book, PLAN, chance.randrange(2), 2, down=chance.random() < 0.5)
            google.move_row(book, PLAN, chance.randrange(2, 60), 70)
            google.move_row(book, PLAN, 70, 60 + seed)

    clerks = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for clerk in clerks:
        clerk.start()
    for _ in range(10):
        (answer,) = shared.values(f"'{PLAN}'!A2:B")
        assert all(row in ([], [f"Trường {row[1]:02}", row[1]]) for row in answer["values"] if row)
    for clerk in clerks:
        clerk.join()
    assert not google.written
