"""What the worker writes into a Google Sheet: its two tabs, what has changed, in one request."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import FORTY, at, plan, school
from google_office import WORKER_TABS, Office, Offices, sample, tabs
from openpyxl import load_workbook
from sheets_server import WORKER
from test_publish import FULL, row

from automator import sources, worker
from automator.core.publication import Publication
from automator.core.status import publication
from automator.errors import PublishFailed
from automator.workbook.google_cells import rectangles
from automator.workbook.publish import publish as publish_xlsx

pytest_plugins = ("google_fixtures",)

LATE = [plan(f"TH-{n:02}", "24/02/2021") for n in range(1, 11)]


def publish(office: Office, what: Publication) -> str:
    office.server.calls.reset()
    office.server.written.clear()
    return sources.open_workbook(office.config).publish(what)


def written(office: Office) -> list[tuple[str, str]]:
    """Return (tab, cell) of all that the worker has changed."""
    return [(w.tab, w.cell) for w in office.server.written if w.caller == WORKER]


@pytest.mark.parametrize("mode", ["all", "neutral", "counts"])
def test_a_sheet_shows_what_a_file_shows(offices: Offices, tmp_path: Path, mode: str) -> None:
    """The same two tabs, cell by cell, for each mode."""
    office = offices.open(tabs())
    what = replace(FULL, mode=mode)
    publish(office, what)
    publish_xlsx(what, tmp_path / "s.xlsx")
    book = load_workbook(tmp_path / "s.xlsx")
    for title in WORKER_TABS:
        theirs = [[_plain(v) for v in r] for r in book[title].iter_rows(values_only=True)]
        assert _padded(office.shown(title), len(theirs[-1])) == theirs


def _plain(value: Any) -> Any:
    return "serial" if hasattr(value, "year") else "" if value is None else value


def _padded(rows: list[list[Any]], width: int) -> list[list[Any]]:
    shown = [[v if not isinstance(v, float) or v < 40_000 else "serial" for v in r] for r in rows]
    return [[*r, *[""] * (width - len(r))] for r in shown]


def test_forty_schools_are_two_reads_and_one_write(offices: Offices) -> None:
    """The first run makes, protects and fills both tabs in one request."""
    office = offices.open(tabs(plans=LATE))
    report = office.run("2021-02-26")
    assert (office.asked, report.warnings) == ((2, 1), ())
    assert report.published == (
        f"https://docs.google.com/spreadsheets/d/{office.book}/edit"
        f"#gid={office.server.tab_id(office.book, 'Tình trạng')}"
    )
    shown = [r[5] for r in office.shown()[2:]]
    assert set(shown) <= {"Đã nhận", "Chưa nhận", "Cần bổ sung"}
    assert shown.count("Đã nhận") == 10


def test_four_thousand_schools_are_two_reads_and_one_write(offices: Offices) -> None:
    """However long the tab, it is one request, and the grid grows with it; then the stamp alone."""
    many = [school(f"TH-{n:04}", f"Trường Số {n:04}", "TH", "28036") for n in range(4000)]
    office = offices.open(tabs(many))
    report = office.run("2021-02-03")
    assert office.asked == (2, 1)
    assert len(office.server.requests[-1].body["requests"]) < 40
    assert len(office.shown()) > 12_000
    same = publication(report.outcome, "main", "neutral", {})
    publish(office, replace(same, now=at("2021-02-03T07:10")))
    assert office.asked == (2, 1)
    assert written(office) == [(title, "A1") for title in WORKER_TABS]


def test_nothing_changed_writes_the_stamp_alone(offices: Offices) -> None:
    """Ten minutes later only "Số liệu tính đến" is another."""
    office = offices.open(tabs(plans=LATE))
    office.run("2021-02-26")
    office.server.written.clear()
    office.run("2021-02-26T07:10")
    assert office.asked == (2, 1)
    assert written(office) == [(title, "A1") for title in WORKER_TABS]
    assert office.shown()[0] == ["Số liệu tính đến 07:10 ngày 26/02/2021"]


@pytest.mark.parametrize("watch", [False, True], ids=["same-now", "watch"])
def test_a_run_that_changes_nothing_writes_nothing(offices: Offices, watch: bool) -> None:
    """The same instant again, and a watch pass: two reads, no write."""
    office = offices.open(tabs(plans=LATE))
    office.run("2021-02-26")
    office.run("2021-02-26T07:10" if watch else "2021-02-26", watch=watch)
    assert office.asked == (2, 0)


def test_only_changed_cells_are_written(offices: Offices) -> None:
    """A school that has sent its plan changes its own line and the stamps."""
    office = offices.open(tabs(plans=LATE))
    office.run("2021-02-26")
    before = office.shown()
    office.server.written.clear()
    cells = [plan("TH-11", "24/02/2021")[k] for k in ("school", "sent", "number")]
    office.server.paste(office.book, "Kế hoạch", "A13", [cells])
    office.run("2021-02-26T07:10")
    after = office.shown()
    (line,) = [n for n in range(1, len(after)) if before[n] != after[n]]
    place = [(t, c) for t, c in written(office) if c != "A1" and t == "Tình trạng"]
    assert (before[line][5], after[line][5], after[line][6]) == (
        "Chưa nhận",
        "Đã nhận",
        "Kế hoạch!A13",
    )
    assert place == [("Tình trạng", f"F{line + 1}"), ("Tình trạng", f"G{line + 1}")]


def test_no_other_tab_is_ever_written(offices: Offices) -> None:
    """Whatever happens in a month, the schools' cells are as they were."""
    office = offices.open(sample(), publish="all")
    before = {t: office.server.values(office.book, t) for t in sample()}
    for day in ("2021-02-05", "2021-02-22", "2021-02-26", "2021-03-08"):
        office.run(day)
    assert {t: office.server.values(office.book, t) for t in sample()} == before
    assert {w.tab for w in office.server.written} == set(WORKER_TABS)


def test_worker_tabs_are_protected_once(offices: Offices) -> None:
    """From everybody else; a second protection of a tab would be refused."""
    office = offices.open({**tabs(), "Tình trạng": []})
    for day in ("2021-02-05", "2021-02-08"):
        office.run(day)
    sheets = office.server.spreadsheet(office.book)["sheets"]
    found = {s["properties"]["title"]: s.get("protectedRanges", []) for s in sheets}
    assert {t: len(found[t]) for t in found if found[t]} == dict.fromkeys(WORKER_TABS, 1)
    assert found["Tình trạng"][0]["editors"]["users"] == [WORKER]


def test_colours_follow_the_status(offices: Offices) -> None:
    """Green for what came; the colour goes when the line goes."""
    office = offices.open(tabs())
    publish(office, FULL)
    good = office.server.cell(office.book, "Tình trạng", "F4")["userEnteredFormat"]
    assert good["backgroundColorStyle"]["rgbColor"]["green"] == pytest.approx(0xEF / 255)
    publish(office, replace(FULL, rows=()))
    assert "userEnteredValue" not in office.server.cell(office.book, "Tình trạng", "F4")
    gone = office.server.cell(office.book, "Tình trạng", "F4").get("userEnteredFormat", {})
    assert "backgroundColorStyle" not in gone


def test_a_line_links_to_its_row(offices: Offices) -> None:
    """As a link of the cell, not as a formula."""
    office = offices.open(tabs())
    link = "https://docs.google.com/spreadsheets/d/x/edit#gid=1&range=A5"
    publish(office, replace(FULL, rows=(replace(row("A", "missing", "Chưa nhận"), link=link),)))
    cell = office.server.cell(office.book, "Tình trạng", "L4")
    assert cell["userEnteredValue"] == {"stringValue": "Kế hoạch!A5"}
    assert cell["userEnteredFormat"]["textFormat"]["link"] == {"uri": link}


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "'a", "2021-02-24", "TRUE", "007"])
def test_text_stays_text(offices: Offices, text: str) -> None:
    """Nothing that a school typed becomes a formula, a number or a day; nor is it written again."""
    office = offices.open(tabs())
    evil = replace(row("A", "missing", text), school_name=text, last_notice=text)
    what = replace(FULL, rows=(evil,), banner=(text,))
    publish(office, what)
    assert office.server.cell(office.book, "Tình trạng", "B4")["userEnteredValue"] == {
        "stringValue": text
    }
    publish(office, what)
    assert office.server.calls.writes == 0


def test_a_small_grid_grows_and_keeps_its_header_frozen(offices: Offices) -> None:
    """A tab of three rows and two columns takes 200 lines; a banner moves the frozen rows."""
    office = offices.open({**tabs(), "Tình trạng": [["cũ"]]}, sizes={"Tình trạng": (3, 2)})
    rows = tuple(row(f"S{n:03}", "missing", "Chưa nhận") for n in range(200))
    publish(office, replace(FULL, rows=rows))
    (grid,) = [
        s["properties"]["gridProperties"]
        for s in office.server.spreadsheet(office.book)["sheets"]
        if s["properties"]["title"] == "Tình trạng"
    ]
    assert (grid["rowCount"] >= 203, grid["columnCount"], grid["frozenRowCount"]) == (True, 12, 3)
    publish(office, replace(FULL, rows=rows, banner=()))
    assert office.server.calls.writes == 1
    assert office.shown()[1][0] == "Xã, thị trấn"


def test_merged_cells_are_taken_apart(offices: Offices) -> None:
    """A tab that came with an uploaded .xlsx has a merged banner, which would hide the header."""
    office = offices.open({**tabs(), "Tình trạng": [["cũ"], ["cũ"]]})
    area = {"sheetId": office.server.tab_id(office.book, "Tình trạng"), "endRowIndex": 4}
    merge = {"range": {**area, "endColumnIndex": 7}, "mergeType": "MERGE_ROWS"}
    office.server.edit(office.book, {"mergeCells": merge})
    publish(office, FULL)
    sheets = office.server.spreadsheet(office.book)["sheets"]
    assert not [s for s in sheets if s.get("merges")]
    assert office.shown()[2][:2] == ["Xã, thị trấn", "Trường"]
    publish(office, FULL)
    assert office.server.calls.writes == 0


def test_fewer_rows_leave_nothing_behind(offices: Offices) -> None:
    """What is no longer true is cleared, in both tabs."""
    office = offices.open(tabs())
    publish(office, FULL)
    publish(office, replace(FULL, rows=FULL.rows[:1], problems=()))
    assert len(office.shown()) == 4
    assert office.shown("Lỗi nhập liệu")[1:] == [
        ["Không có lỗi nhập liệu."],
        ["Tab", "Ô", "Cột", "Giá trị", "Lỗi", "Cách sửa", "Mức"],
    ]


def test_a_tab_protected_from_the_worker(offices: Offices) -> None:
    """Mail goes out, exit 1, and the operator reads who must be let in."""
    office = offices.open({**tabs(), "Tình trạng": []})
    area = {"range": {"sheetId": office.server.tab_id(office.book, "Tình trạng")}}
    protected = {**area, "editors": {"users": ["chu-so@phong.example"]}}
    office.server.edit(office.book, {"addProtectedRange": {"protectedRange": protected}})
    report = office.run("2021-02-26")
    assert (report.exit_code, report.states["sent"] > 0) == (1, True)
    assert WORKER in report.warnings[0]


def test_a_sheet_shared_for_reading(offices: Offices) -> None:
    """It can be judged; the status cannot be written, and how to mend it is said."""
    office = offices.open(tabs(), shared_with=[])
    office.server.share(office.book, WORKER, "reader")
    report = office.run("2021-02-26")
    assert report.exit_code == 1
    assert f"share it with {WORKER} as Editor" in report.warnings[0]
    with pytest.raises(PublishFailed):
        publish(office, FULL)


def test_google_is_neutral_by_default(offices: Offices) -> None:
    """Schools that see each other's lines read three words and no dates of reminders."""
    office = offices.open(tabs(FORTY[:3]))
    office.run("2021-02-26")
    assert office.shown()[1] == [
        "Xã, thị trấn",
        "Trường",
        "Nội dung",
        "Kỳ",
        "Hạn",
        "Tình trạng",
        "Dòng",
    ]


@pytest.mark.parametrize(
    ("changed", "blank", "found"),
    [
        pytest.param(["10", "10"], ["00", "00"], [(0, 2, 0, 1)], id="a-column"),
        pytest.param(["101"], ["010"], [(0, 1, 0, 3)], id="over-a-blank"),
        pytest.param(["101"], ["000"], [(0, 1, 0, 1), (0, 1, 2, 3)], id="not-over-a-cell"),
        pytest.param(["100", "101"], ["011", "010"], [(0, 2, 0, 3)], id="ragged"),
        pytest.param(["1000"], ["0111"], [(0, 1, 0, 1)], id="stamp"),
        pytest.param(["00"], ["01"], [], id="nothing"),
    ],
)
def test_rectangles(
    changed: list[str], blank: list[str], found: list[tuple[int, int, int, int]]
) -> None:
    """They hold every changed cell, blanks that stay blank, and nothing else."""

    def bits(rows: list[str]) -> list[list[bool]]:
        return [[c == "1" for c in r] for r in rows]

    assert sorted(rectangles(bits(changed), bits(blank))) == found


def test_the_worker_wires_it(offices: Offices) -> None:
    """`open_workbook` hands out the sheet that config names."""
    office = offices.open(tabs())
    assert type(worker.open_workbook(office.config)).__name__ == "GoogleWorkbook"
