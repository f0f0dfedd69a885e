"""Writes what a run found into a workbook beside the source: Tình trạng and Lỗi nhập liệu."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.finding import Status
from automator.core.layout import FAULTS, STATUS, TABS
from automator.core.names import sort_key
from automator.core.notice import RateLine
from automator.core.problem import Problem, Severity
from automator.core.publication import Publication, StatusRow
from automator.core.words import neutral_words
from automator.errors import PublishFailed
from automator.workbook import styles
from automator.workbook.saving import to_bytes, write_atomically
from automator.workbook.worker_tabs import (
    FAULT_HEADS,
    NEUTRAL_HEADS,
    RATE_HEADS,
    STATUS_HEADS,
    Value,
    banner,
    table,
)

RATES_TITLE = "Tổng hợp"
NO_FAULT = "Không có lỗi nhập liệu."
SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.BLOCKS: "Chưa tính dòng này",
    Severity.WARNS: "Cần xem lại",
    Severity.CORRECTED: "Đã hiểu, nên sửa",
}
NEUTRAL_WORDS: Mapping[str, str] = {
    s.value: neutral_words(s) for s in Status if s not in (Status.EXEMPT, Status.UNKNOWN)
}
"""What schools may read of each other; what is not here (exempt, unknown) is left out."""
COLORS: Mapping[str, tuple[str, str]] = {
    "on_time": (styles.GREEN, styles.DARK_GREEN),
    "late": (styles.AMBER, styles.DARK_AMBER),
    "returned": (styles.AMBER, styles.DARK_AMBER),
    "due": (styles.AMBER, styles.DARK_AMBER),
    "missing": (styles.RED, styles.DARK_RED),
    "Đã nhận": (styles.GREEN, styles.DARK_GREEN),
    "Cần bổ sung": (styles.AMBER, styles.DARK_AMBER),
}
"""Fill and ink of the cell Tình trạng, by status code or neutral word; others are grey."""
_STATE_COLUMN = 6


def publish(publication: Publication, path: Path) -> None:
    """Replace the workbook at `path` by what `publication` says, whole or not at all.

    The same publication gives the same bytes. Raises PublishFailed if `path` is not writable.
    """
    data = to_bytes(build(publication))
    try:
        write_atomically(path, data)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        msg = f"cannot write the status workbook {path}: {reason}"
        hint = "close it where it is open, and check who may write the folder"
        raise PublishFailed(msg, hint=hint) from None


def build(publication: Publication) -> Workbook:
    """Return the status workbook of a publication."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = STATUS.title
    if publication.mode == "counts":
        _rates(sheet, publication)
    else:
        _status(sheet, publication)
    if publication.mode == "all" and publication.rates:
        _rates(book.create_sheet(RATES_TITLE), publication)
    _faults(book.create_sheet(FAULTS.title), publication)
    for each in book.worksheets:
        each.sheet_properties.tabColor = styles.TAB_WORKER
        styles.protect(each, work=False)
    return book


def _status(sheet: Worksheet, publication: Publication) -> None:
    neutral = publication.mode != "all"
    heads = NEUTRAL_HEADS if neutral else STATUS_HEADS
    rows = _sorted(publication.rows, neutral=neutral)
    top = banner(sheet, _lines(publication), len(heads))
    table(sheet, top, heads, [_cells(row, publication.now, neutral=neutral) for row in rows])
    for number, row in enumerate(rows, start=top + 1):
        _color(sheet, number, NEUTRAL_WORDS[row.status] if neutral else row.status)
        if row.link.startswith("https://"):
            sheet.cell(number, len(heads)).hyperlink = row.link


def _sorted(rows: Sequence[StatusRow], *, neutral: bool) -> list[StatusRow]:
    shown = [row for row in rows if not neutral or row.status in NEUTRAL_WORDS]
    order = {title: place for place, title in enumerate(dict.fromkeys(r.title for r in rows))}
    return sorted(
        shown,
        key=lambda r: (
            sort_key(r.commune_name),
            sort_key(r.school_name),
            r.school,
            order[r.title],
            r.period_words,
            r.where,
        ),
    )


def _cells(row: StatusRow, now: datetime, *, neutral: bool) -> tuple[Value, ...]:
    start = (row.commune_name, row.school_name, row.title, row.period_words, row.due_words)
    if neutral:
        return (*start, NEUTRAL_WORDS[row.status], row.where)
    since = row.since.astimezone(now.tzinfo).replace(tzinfo=None) if row.since else None
    return (
        *start,
        row.status_words,
        since,
        "; ".join(row.reasons),
        row.received_words,
        row.next_words,
        row.last_notice,
        row.where,
    )


def _color(sheet: Worksheet, number: int, status: str) -> None:
    paper, ink = COLORS.get(status, (styles.GREY, styles.INK))
    cell = sheet.cell(number, _STATE_COLUMN)
    cell.fill = styles.fill(paper)
    cell.font = styles.font(12, ink, bold=True)


def _rates(sheet: Worksheet, publication: Publication) -> None:
    top = banner(sheet, _lines(publication), len(RATE_HEADS))
    table(sheet, top, RATE_HEADS, [_rate(line) for line in publication.rates])


def _rate(line: RateLine) -> tuple[Value, ...]:
    return (
        line.unit_name,
        line.title,
        line.period_words,
        line.due_words,
        line.expected,
        line.on_time,
        line.late,
        line.returned,
        line.missing,
        line.open,
        line.open_received,
        "–" if line.completeness is None else float(line.completeness),
        "–" if line.timeliness is None else float(line.timeliness),
    )


def _faults(sheet: Worksheet, publication: Publication) -> None:
    lines = [_stamp(publication.now)]
    if not publication.problems:
        lines.append(NO_FAULT)
    top = banner(sheet, lines, len(FAULT_HEADS))
    quoting = publication.mode != "counts"  # a value may name a school
    faults = _ordered(publication.problems)
    table(sheet, top, FAULT_HEADS, [_fault(p, quoting=quoting) for p in faults])


def _ordered(problems: Sequence[Problem]) -> list[Problem]:
    place = {tab.title: i for i, tab in enumerate(TABS)}
    return sorted(
        problems,
        key=lambda p: (
            place.get(p.tab, len(place)),
            p.tab,
            p.row or 0,
            len(p.cell or ""),
            p.cell or "",
            p.code,
            p.message,
        ),
    )


def _fault(problem: Problem, *, quoting: bool) -> tuple[Value, ...]:
    return (
        problem.tab,
        problem.cell or "",
        problem.header,
        (quoting and problem.value) or "",
        problem.message,
        problem.remedy,
        SEVERITY_WORDS[problem.severity],
    )


def _lines(publication: Publication) -> list[str]:
    return [_stamp(publication.now), *publication.banner]


def _stamp(now: datetime) -> str:
    return f"Số liệu tính đến {now:%H:%M} ngày {now:%d/%m/%Y}"
