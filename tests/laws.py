"""Random directives and workbooks for property tests: every kind of deadline, every tab."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from builders import HANOI, MY_LAC, MY_PHU, TAN_LONG, rules
from hypothesis import strategies as st

from automator.core.assess import Rules
from automator.core.directive import (
    Every,
    Expected,
    Obligation,
    Reckoning,
    Shift,
    Span,
)
from automator.core.snapshot import Cell

FIRST, LAST = datetime(2021, 1, 28, tzinfo=HANOI), datetime(2022, 3, 1, tzinfo=HANOI)
CUTOFFS = st.sampled_from([None, time(11, 30), time(17)])
GRACES = st.sampled_from([None, Span(2, "working days"), Span(1, "days"), Span(6, "hours")])
DAYS = st.dates(date(2021, 2, 3), date(2021, 12, 31))


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """An instant of the year, often the very start of a day or a second before it."""
    at = draw(st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
    midnight = datetime.combine(at.date(), time())
    edges = (at.replace(microsecond=0), midnight, midnight - timedelta(seconds=1))
    return draw(st.sampled_from(edges)).replace(tzinfo=HANOI)


@st.composite
def laws(draw: st.DrawFn) -> Rules:
    """The shipped rules with each obligation's deadline drawn anew, of its own kind."""
    base = rules()
    changed = tuple(_changed(draw, o) if o.hard else o for o in base.directive.obligations)
    policy = replace(base.policy, settle=timedelta(minutes=draw(st.sampled_from([0, 30]))))
    return replace(base, directive=replace(base.directive, obligations=changed), policy=policy)


def _changed(draw: st.DrawFn, obligation: Obligation) -> Obligation:
    to: dict[str, Any] = {"cutoff": draw(CUTOFFS), "grace": draw(GRACES)}
    if obligation.within is not None:
        to["within"] = timedelta(hours=draw(st.sampled_from([1, 24, 100])))
        to["of"] = draw(st.sampled_from(["known_at", "occurred_at"]))
        del to["cutoff"]
    elif obligation.every is not None:
        to |= {
            "every": draw(st.sampled_from(Every)),
            "periods": draw(st.sampled_from(Reckoning)),
            "on": draw(st.integers(1, 31)),
            "shift": draw(st.sampled_from(Shift)),
            "expected_when": draw(st.sampled_from(Expected)),
            "ends": draw(st.none() | DAYS),
        }
    else:
        day, before = draw(DAYS), draw(st.booleans())
        to |= {"before": day if before else None, "by": None if before else day}
        to["confirm"] = draw(st.booleans())
    if obligation.id in ("propaganda", "model"):
        to["at_least"] = draw(st.integers(1, 2))
    return replace(obligation, **to)


def _cell(*values: Cell) -> st.SearchStrategy[Cell]:
    return st.sampled_from(values)


SCHOOLS = _cell(MY_LAC, MY_LAC, MY_PHU, TAN_LONG, "Trường Tiểu học Mỹ Lạc", "Trường không có", None)
TYPED = DAYS.map(lambda d: f"{d:%d/%m/%Y}") | _cell(
    None, "24/02/2021 23:59:59", "25/02/2021", "31/02/2021", "05/03/2021 08:00", "24/02/2020"
)
PERIODS = _cell(None, "02/2021", "T03/2021", "quý I/2021", "2021", "tuần 8/2021", "24/02/2021")
CODES = _cell(None, "VV-2021-001", "VV-2021-002", "TML-01", "mã")
CONTENTS = _cell(*(o.id for o in rules().directive.hard), "việc khác", None)
LINES: Mapping[str, Mapping[str, st.SearchStrategy[Cell]]] = {
    "plans": {"sent": TYPED, "number": _cell("05/KH", "06/KH", None), "signed": TYPED},
    "propaganda": {"form": _cell("Phát thanh", "Tọa đàm", "phát  thanh", None), "done": TYPED},
    "models": {"name": _cell("Cổng trường", "Camera"), "kind": _cell("Tuyên truyền", "x", None)},
    "periodic": {"period": PERIODS, "sent": TYPED, "any": _cell("Không", "Có", None)},
    "incidents": {
        "kind": _cell("TC", "MT", None),
        "level": _cell(1, "2", 3, None, "cao"),
        "occurred": TYPED,
        "known": TYPED,
        "reported": TYPED,
        "state": _cell(None, "Đang xử lý", "Đã kết thúc", "Nhập nhầm"),
        "code": CODES,
    },
    "receipts": {
        "content": CONTENTS,
        "period": PERIODS | CODES,
        "arrived": TYPED,
        "result": _cell(None, "Đạt", "Đề nghị bổ sung", "Đã nắm tin"),
        "returned": TYPED,
    },
    "waivers": {
        "content": CONTENTS,
        "period": PERIODS | CODES,
        "valid_from": TYPED,
        "valid_to": TYPED,
        "reason": _cell("có lý do"),
    },
    "extensions": {
        "scope": _cell(MY_LAC, "28066", "tất cả"),
        "content": CONTENTS,
        "period": PERIODS,
        "last_day": TYPED,
        "reason": _cell("có lý do"),
    },
}
Books = dict[str, list[dict[str, Cell]]]


def lines(tab: str) -> st.SearchStrategy[list[dict[str, Cell]]]:
    """Up to four rows of one tab."""
    school = {} if tab == "extensions" else {"school": SCHOOLS}
    return st.lists(st.fixed_dictionaries({**school, **LINES[tab]}), max_size=4)


def books(*without: str) -> st.SearchStrategy[Books]:
    """Rows of every tab but those of `without`."""
    return st.fixed_dictionaries({t: lines(t) for t in LINES if t not in without})


@st.composite
def rosters(draw: st.DrawFn) -> Sequence[dict[str, Cell]]:
    """Schools that open, close and move: the days of each are cut into one history."""
    rows: list[dict[str, Cell]] = []
    for number in range(draw(st.integers(1, 6))):
        cuts = sorted(set(draw(st.lists(DAYS, max_size=3))))
        opens = draw(st.none() | st.just(date(2020, 9, 1)))
        for start, end in zip([opens, *cuts], [*cuts, None], strict=True):
            last = end - timedelta(days=1) if end else draw(st.none() | st.just(date(2021, 12, 1)))
            if last and start and last < start:
                continue
            rows.append(
                {
                    "code": f"TH-{number:02}",
                    "name": f"Trường Tiểu học Số {number:02}",
                    "level": "TH",
                    "commune": draw(st.sampled_from(["28036", "28048", "28066"])),
                    "valid_from": f"{start:%d/%m/%Y}" if start else None,
                    "valid_to": f"{last:%d/%m/%Y}" if last else None,
                }
            )
    return rows
