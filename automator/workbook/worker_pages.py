"""What the two worker tabs say, as plain values: an .xlsx and a Google Sheet show the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from automator.core.finding import Status
from automator.core.layout import FAULTS, STATUS, TABS
from automator.core.names import sort_key
from automator.core.notice import RateLine
from automator.core.problem import Problem, Severity
from automator.core.publication import Publication, StatusRow
from automator.core.words import neutral_words
from automator.workbook import colors

Value = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Head:
    """A column that the worker writes: its header and its width in characters."""

    title: str
    width: int


STATUS_HEADS = (
    Head("Xã, thị trấn", 20),
    Head("Trường", 30),
    Head("Nội dung", 34),
    Head("Kỳ", 14),
    Head("Hạn", 26),
    Head("Tình trạng", 22),
    Head("Từ lúc", 17),
    Head("Ghi chú", 32),
    Head("Ngày nhận", 18),
    Head("Việc tiếp theo", 26),
    Head("Thư gần nhất", 20),
    Head("Dòng", 18),
)
NEUTRAL_HEADS = (*STATUS_HEADS[:6], STATUS_HEADS[-1])
RATE_HEADS = (
    Head("Đơn vị", 34),
    Head("Nội dung", 34),
    Head("Kỳ", 14),
    Head("Hạn", 26),
    Head("Phải có", 10),
    Head("Đúng hạn", 10),
    Head("Trễ hạn", 10),
    Head("Cần bổ sung", 10),
    Head("Chưa nhận", 10),
    Head("Còn trong hạn", 11),
    Head("Đã nhận trong hạn", 12),
    Head("Tỷ lệ đã nhận", 11),
    Head("Tỷ lệ đúng hạn", 11),
)
FAULT_HEADS = (
    Head("Tab", 18),
    Head("Ô", 8),
    Head("Cột", 24),
    Head("Giá trị", 20),
    Head("Lỗi", 40),
    Head("Cách sửa", 46),
    Head("Mức", 16),
)
BLANK_STATUS_NOTE = (
    "Bảng này do hệ thống theo dõi lập, thầy cô không cần nhập. "
    "Bản mới nhất nằm trong tệp “… .tinh-trang.xlsx” cạnh sổ."
)
BLANK_FAULTS_NOTE = (
    "Danh sách ô cần sửa do hệ thống theo dõi lập, thầy cô không cần nhập. "
    "Sửa xong ở tab tương ứng, dòng lỗi tự mất trong lần đọc sau."
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
    "on_time": (colors.GREEN, colors.DARK_GREEN),
    "late": (colors.AMBER, colors.DARK_AMBER),
    "returned": (colors.AMBER, colors.DARK_AMBER),
    "due": (colors.AMBER, colors.DARK_AMBER),
    "missing": (colors.RED, colors.DARK_RED),
    "Đã nhận": (colors.GREEN, colors.DARK_GREEN),
    "Cần bổ sung": (colors.AMBER, colors.DARK_AMBER),
}
"""Fill and ink of the cell Tình trạng, by status code or neutral word; others are grey."""
STATE_COLUMN = 5  # 0-based


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One worker tab: lines above the header (the stamp first), the header, the rows.

    `colors` (fill, ink) and `links` go to cells by (row of `rows`, column), both 0-based.
    A `datetime` is naive local time; a `float` is a share of 1.
    """

    title: str
    lines: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: tuple[tuple[Value, ...], ...]
    colors: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


def status_page(publication: Publication) -> Page:
    """Return the tab Tình trạng: a row per school and duty, or with "counts" the rates."""
    if publication.mode == "counts":
        return rates_page(publication, STATUS.title)
    neutral = publication.mode != "all"
    heads = NEUTRAL_HEADS if neutral else STATUS_HEADS
    rows = _sorted(publication.rows, neutral=neutral)
    shown = [NEUTRAL_WORDS[row.status] if neutral else row.status for row in rows]
    grey = (colors.GREY, colors.INK)
    last = len(heads) - 1
    return Page(
        title=STATUS.title,
        lines=_lines(publication),
        heads=heads,
        rows=tuple(_cells(row, publication.now, neutral=neutral) for row in rows),
        colors={(i, STATE_COLUMN): COLORS.get(word, grey) for i, word in enumerate(shown)},
        links={(i, last): r.link for i, r in enumerate(rows) if r.link.startswith("https://")},
    )


def rates_page(publication: Publication, title: str) -> Page:
    """Return the table of rates, which names no school."""
    rows = tuple(_rate(line) for line in publication.rates)
    return Page(title=title, lines=_lines(publication), heads=RATE_HEADS, rows=rows)


def faults_page(publication: Publication) -> Page:
    """Return the tab Lỗi nhập liệu: each fault with its cell and its mend."""
    none = () if publication.problems else (NO_FAULT,)
    quoting = publication.mode != "counts"  # a value may name a school
    return Page(
        title=FAULTS.title,
        lines=(stamp(publication.now), *none),
        heads=FAULT_HEADS,
        rows=tuple(_fault(p, quoting=quoting) for p in _ordered(publication.problems)),
    )


def writable(text: str) -> str:
    """Drop the control characters that no workbook can hold; cut at a cell's limit."""
    kept = "".join(c for c in text if c >= " " or c in "\t\n")
    return kept[:32_000]


def stamp(now: datetime) -> str:
    """Return the line that says how old a page is (`now` in the zone that people live in)."""
    return f"Số liệu tính đến {now:%H:%M} ngày {now:%d/%m/%Y}"


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


def _lines(publication: Publication) -> tuple[str, ...]:
    return (stamp(publication.now), *publication.banner)
