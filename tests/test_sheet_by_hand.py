"""Install on sheets that people had filled in their own way before."""

from typing import Any

import pytest
from builders import plan
from command_line import automator
from google_office import Office, Offices, tabs
from test_sheet_install import call, titles

pytest_plugins = ("google_fixtures",)

PLAN = "Kế hoạch"
SENT = [plan("TH-01", "24/02/2021")]


def merged(office: Office, first: int, end: int, tab: str = PLAN) -> None:
    """Merge the cells of column A from row `first` (0-based) to before `end`."""
    area = {"sheetId": office.server.tab_id(office.book, tab), "endColumnIndex": 1}
    area |= {"startRowIndex": first, "endRowIndex": end}
    office.server.edit(office.book, {"mergeCells": {"range": area}})


def values(office: Office, tab: str = PLAN) -> list[list[Any]]:
    return office.server.values(office.book, tab)


def test_a_header_merged_with_the_row_below_stops_nothing(offices: Offices) -> None:
    """Google freezes no half of a cell: a person is asked, and everything else is done."""
    office = offices.open(tabs(plans=SENT))
    merged(office, 1, 3)
    done = call(office, "install")
    assert (done.code, office.asked) == (0, (1, 1))
    assert "by hand: Kế hoạch: row 2, the header, is not frozen: take apart" in done.err
    assert "Kế hoạch: row 2, the header, is not protected" in done.out


def test_a_worker_tab_merged_across_its_header(offices: Offices) -> None:
    """It is taken apart before its header is frozen; the run writes."""
    office = offices.open({**tabs(plans=SENT), "Tình trạng": [["cũ"], [], [], [], ["cũ"]]})
    merged(office, 0, 5, "Tình trạng")
    assert office.run("2021-02-22T07:00").warnings == ()
    assert office.shown()[0] == ["Số liệu tính đến 07:00 ngày 22/02/2021"]


def test_more_rows_than_the_template_has(offices: Offices) -> None:
    """Checks and colours reach as far as the rows; a second install changes nothing."""
    office = offices.open(tabs(plans=SENT * 1_200))
    assert call(office, "install").code == 0
    last = office.server.cell(office.book, PLAN, "B1202")
    assert last["dataValidation"]["condition"]["type"] == "DATE_IS_VALID"
    assert (call(office, "install").code, office.asked) == (0, (1, 0))
    assert call(office, "doctor").code == 0


@pytest.mark.parametrize("far", ["J900", "SK4"])
def test_a_column_goes_beside_the_others(offices: Offices, far: str) -> None:
    """Not behind a stray cell far to the right, and never over one."""
    content = tabs(plans=SENT)
    content[PLAN] = [row[:7] for row in content[PLAN]]
    office = offices.open(content)
    grid = {"sheetId": office.server.tab_id(office.book, PLAN)}
    grid["gridProperties"] = {"columnCount": 600}  # type: ignore[assignment]
    wide = {"properties": grid, "fields": "gridProperties.columnCount"}
    office.server.edit(office.book, {"updateSheetProperties": wide})
    office.server.set(office.book, PLAN, far, "x")
    done = call(office, "install")
    assert "Kế hoạch: there is no column Ghi chú: add it in H2" in done.out
    assert values(office)[1][7] == "Ghi chú"
    assert (call(office, "doctor").code, office.asked) == (0, (1, 0))


def test_a_stray_cell_keeps_its_column(offices: Offices) -> None:
    """The next column is taken that is blank from top to bottom."""
    content = tabs(plans=SENT)
    content[PLAN] = [row[:6] for row in content[PLAN]]
    office = offices.open(content)
    office.server.set(office.book, PLAN, "H9", "x")
    call(office, "install")
    assert values(office)[1][6:] == ["Tệp", "", "Ghi chú"]
    assert values(office)[8][7] == "x"


def test_two_tabs_of_one_name_are_named(offices: Offices) -> None:
    """The second is not read: the doctor says so, a person mends it."""
    office = offices.open({**tabs(plans=SENT), "kế  HOẠCH": [["Trường", "Ngày gửi"]]})
    call(office, "install")
    done = call(office, "doctor")
    assert done.code == 1
    assert done.out == (
        "kế  HOẠCH: another tab before it is called Kế hoạch too: this one is not read\n"
    )


def test_a_shared_sheet_without_the_tab_of_incidents(offices: Offices) -> None:
    """Where incidents are apart none is laid: schools would write there, and nobody read it."""
    office = offices.open({"Nháp": []})
    call(office, "install")
    assert "Vụ việc" in titles(office)
    office = offices.open({"Nháp": []})
    call(office, "doctor")
    file = office.folder / "config.toml"
    apart = '[workbook.incidents]\nsource = "google"\nspreadsheet_id = "1AbC"\n'
    file.write_text(f"{file.read_text('utf-8')}\n{apart}", "utf-8")
    assert automator("sheet", "install", "--config", file).code == 0
    assert "Vụ việc" not in titles(office)
    assert "Kế hoạch" in titles(office)
    assert automator("sheet", "doctor", "--config", file).code == 0
