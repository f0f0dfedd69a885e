"""Workbooks of any size from a seed: two reads of the same rows, a few of them changed between.

About twenty rows a school. Cells are what the reader of an .xlsx hands over: mostly real dates
and codes, some typed texts, serials, names of schools, slips of the hand, blanks and "-".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from automator.core.layout import INPUT_TABS, tab
from automator.core.snapshot import Cell, Sheet, Snapshot
from bench.office import FIRST_READ, LEVELS, MEASURED_READ, OBLIGATIONS, communes

Record = dict[str, Cell]
Book = dict[str, list[Record]]
_TYPES = {"MN": "Trường Mầm non", "TH": "Trường Tiểu học", "THCS": "Trường Trung học cơ sở"}
_SYLLABLES = (
    *("An", "Bình", "Châu", "Đông", "Giang", "Hòa", "Khánh", "Long", "Mỹ", "Nhị", "Phú"),
    *("Quý", "Sơn", "Tân", "Thạnh", "Thuận", "Trung", "Vĩnh", "Xuân", "Lạc", "Hưng", "Đức"),
)
_FORMS = ("Sinh hoạt dưới cờ", "Tờ rơi", "Phát thanh", "Hội thi", "Trang mạng", "Nói chuyện")
_MODELS = ("Cổng trường an toàn", "Tự quản", "Camera an ninh", "Tiếng kẻng", "Gia đình")
_NOTES = ("đã gửi qua bưu điện", "gửi lần 2", "bổ sung sau", "xin ghi nhận", "-")
_FIRST_DAY, _LAST_DAY = date(2021, 2, 4), FIRST_READ.date()
_EPOCH = date(1899, 12, 30)
_CHANGED, _TAKEN_AWAY, _LATER = 0.01, 0.002, 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The same workbook at three reads: at the second some rows are gone already."""

    first: Snapshot
    second: Snapshot
    measured: Snapshot


def reads(schools: int, seed: int = 2021) -> Reads:
    """Return the reads of an office with so many schools; the same seed gives the same cells."""
    random = Random(seed)
    roster = [_school(n, schools, random) for n in range(schools)]
    book: Book = {t.key: [] for t in INPUT_TABS}
    book["schools"] = [row for rows in roster for row in rows]
    for rows in roster:
        _fill(rows[0], book, random)
    _decide(roster, schools, book)
    for key in book:
        if key != "schools":
            random.shuffle(book[key])
    first, second, measured = _histories(book, random)
    return Reads(
        first=_snapshot(first, FIRST_READ),
        second=_snapshot(second, FIRST_READ + timedelta(days=1)),
        measured=_snapshot(measured, MEASURED_READ),
    )


def _school(number: int, schools: int, random: Random) -> list[Record]:
    """Return the row of a school, two where it moved to another commune in mid-year."""
    level = LEVELS[number % len(LEVELS)]
    units = communes(schools)
    size = len(_SYLLABLES)
    words = (number // size**2 % size, number // size % size, number % size)
    row: Record = {
        "code": f"{level}-{number:05}",
        "name": f"{_TYPES[level]} {' '.join(_SYLLABLES[w] for w in words)}",
        "level": level,
        "commune": units[number % len(units)],
        "email": f"{level.lower()}{number:05}@truong.example" if random.random() > 0.02 else None,
        "phone": "0912 345 678",
    }
    lot = random.random()
    if lot < 0.01:
        row["valid_from"] = datetime(2021, 3, 15)
    elif lot < 0.02:
        row["valid_to"] = datetime(2021, 5, 20)
    elif lot < 0.03:
        moved = {**row, "commune": units[(number + 1) % len(units)], "valid_from": "01/04/2021"}
        return [{**row, "valid_to": "31/03/2021"}, moved]
    return [row]


def _fill(school: Record, book: Book, random: Random) -> None:
    """Add the rows of one school to every tab, about twenty."""
    for _ in range(random.choice((0, 1, 2, 2, 3))):
        book["plans"].append(_plan(school, random))
    for _ in range(random.choice((2, 4, 5, 6, 7))):
        book["propaganda"].append(_form(school, random))
    for _ in range(random.choice((2, 3, 4, 5))):
        book["models"].append(_model(school, random))
    for month in range(2, 7):
        for _ in range(random.choice((0, 1, 1, 1, 1, 2))):
            book["periodic"].append(_report(school, month, random))
    for _ in range(random.choice((3, 4, 5, 6))):
        book["receipts"].append(_receipt(school, random))
    if random.random() < 0.3:
        book["incidents"].append(_incident(school, random))
        book["receipts"].append(
            {**_receipt(school, random), "content": "urgent-report", "period": None}
        )


def _named(school: Record, random: Random) -> Cell:
    """Return how a clerk names the school: by code, by name, seldom with a slip or not at all."""
    lot = random.random()
    name = str(school["name"])
    if lot < 0.6:
        return school["code"]
    if lot < 0.995:
        return name
    return name[:-1] if lot < 0.996 else (None if lot < 0.998 else "Trường không có")


def _day(random: Random, first: date = _FIRST_DAY, last: date = _LAST_DAY) -> date:
    return first + timedelta(days=random.randrange((last - first).days))


def _typed(day: date, random: Random) -> Cell:
    """Return a day as a cell holds it: a real date, a text, a serial; seldom what is none."""
    lot = random.random()
    if lot < 0.6:
        return datetime.combine(day, time())
    if lot < 0.8:
        return f"{day:%d/%m/%Y}"
    if lot < 0.9:
        return f"{day.day}-{day.month}-{day:%y}"
    if lot < 0.95:
        return (day - _EPOCH).days
    if lot < 0.99:
        return f"{day:%d/%m/%Y} 09:{random.randrange(60):02}"
    return "31/02/2021" if lot < 0.995 else None


def _often(value: Cell, random: Random, share: float = 0.9) -> Cell:
    return value if random.random() < share else None


def _note(random: Random) -> Cell:
    return random.choice(_NOTES) if random.random() < 0.2 else None


def _plan(school: Record, random: Random) -> Record:
    sent = _day(random)
    return {
        "school": _named(school, random),
        "sent": _typed(sent, random),
        "number": _often(f"{random.randrange(1, 99):02}/KH", random),
        "signed": _often(_typed(sent - timedelta(days=2), random), random),
        "police": _often("Công an xã", random),
        "channel": _often("Thư điện tử", random),
        "note": _note(random),
    }


def _form(school: Record, random: Random) -> Record:
    return {
        "school": _named(school, random),
        "form": random.choice(_FORMS),
        "done": _often(_typed(_day(random), random), random),
        "attendance": random.choice((120, "1.234", "85 em", None)),
        "note": _note(random),
    }


def _model(school: Record, random: Random) -> Record:
    return {
        "school": _named(school, random),
        "name": random.choice(_MODELS),
        "kind": _often("Tuyên truyền", random),
        "nature": random.choice(("Mới", "Duy trì", None)),
        "launched": _often(_typed(_day(random), random), random, 0.5),
        "note": _note(random),
    }


def _report(school: Record, month: int, random: Random) -> Record:
    sent = _day(random, date(2021, month, 25), date(2021, month, 25) + timedelta(days=16))
    named: Cell = random.choice((f"{month:02}/2021", f"T{month}/2021", datetime(2021, month, 1)))
    return {
        "school": _named(school, random),
        "period": named if random.random() > 0.005 else f"tháng {month}",
        "sent": _typed(sent, random),
        "any": random.choice(("Không", "Không", "x", "Có")),
        "count": random.choice((0, None, "2")),
        "note": _note(random),
    }


def _receipt(school: Record, random: Random) -> Record:
    obligation = random.choice([o for o in OBLIGATIONS if o.within is None])
    periods = {"month": "0{}/2021", "quarter": "Quý I/2021", "week": "W23/2021"}
    every = obligation.every.value if obligation.every else ""
    result = random.choice(("Đạt", "Đạt", "Đạt", None, "Đề nghị bổ sung"))
    arrived = _day(random)
    back = arrived + timedelta(days=random.randrange(1, 9))
    return {
        "school": _named(school, random),
        "content": obligation.id if random.random() < 0.7 else obligation.title,
        "period": periods.get(every, "").format(random.randrange(2, 7)) or None,
        "arrived": _typed(arrived, random),
        "result": result,
        "returned": _often(_typed(back, random), random) if result == "Đề nghị bổ sung" else None,
        "note": _note(random),
    }


def _incident(school: Record, random: Random) -> Record:
    day = _day(random)
    at = datetime.combine(day, time(random.randrange(7, 17)))
    report = at + timedelta(hours=random.randrange(1, 60))
    return {
        "school": school["code"],
        "kind": _often("BLHD – Bạo lực học đường, đánh nhau", random),
        "level": random.choice((1, 2, 2, 3, None)),
        "occurred": at,
        "known": random.choice((at + timedelta(hours=1), None, f"{day:%d/%m/%Y}")),
        "told_police": _often("Có", random),
        "told_commune": _often("Chưa", random),
        "reported": _often(report, random, 0.7),
        "state": random.choice(("Đang xử lý", "Đã kết thúc", None, "Nhập nhầm")),
    }


def _decide(roster: list[list[Record]], schools: int, book: Book) -> None:
    """Waive and extend for a few schools and one commune: not so many that it must be approved."""
    for n in range(0, schools, 50):
        book["waivers"].append(
            {
                "school": roster[n][0]["code"],
                "content": OBLIGATIONS[n // 50 % len(OBLIGATIONS)].id,
                "valid_from": "01/02/2021",
                "valid_to": None if n % 100 else "31/12/2021",
                "reason": "Sửa chữa trường",
            }
        )
    for n in range(7, schools, 100):
        book["extensions"].append(_extension(roster[n][0]["code"], n // 100))
    for n in range(len(OBLIGATIONS)):
        book["extensions"].append(_extension(communes(schools)[3], n))


def _extension(scope: Cell, turn: int) -> Record:
    obligation = OBLIGATIONS[turn % len(OBLIGATIONS)]
    return {
        "scope": scope,
        "content": obligation.id,
        "period": "05/2021" if obligation.every else None,
        "last_day": "10/06/2021" if turn % 3 else "30/06/2021",
        "reason": "Bão",
    }


def _histories(book: Book, random: Random) -> tuple[Book, Book, Book]:
    """Return the rows of the three reads: some are taken away, typed later, or edited."""
    first: Book = {"schools": book["schools"]}
    second, measured = dict(first), dict(first)
    for key, rows in book.items():
        if key == "schools":
            continue
        fixed = key in ("incidents", "waivers", "extensions")
        lots = [1.0 if fixed else random.random() for _ in rows]
        early = [(r, lot) for r, lot in zip(rows, lots, strict=True) if lot >= _LATER]
        kept = [(r, lot) for r, lot in early if lot >= _LATER + _TAKEN_AWAY]
        first[key] = [r for r, _ in early]
        second[key] = [r for r, _ in kept]
        late = [r for r, lot in zip(rows, lots, strict=True) if lot < _LATER]
        measured[key] = late + [_edited(r, key, lot) for r, lot in kept]
    return first, second, measured


def _edited(row: Record, key: str, lot: float) -> Record:
    if lot >= _LATER + _TAKEN_AWAY + _CHANGED:
        return row
    change: Mapping[str, Record] = {
        "plans": {"number": "99/KH"},
        "propaganda": {"done": "01/06/2021"},
        "models": {"kind": "Phòng ngừa tội phạm"},
        "periodic": {"any": "Có", "count": 3},
        "receipts": {"result": "Đạt", "returned": None},
    }
    return {**row, **change.get(key, {})}


def _snapshot(book: Book, at: datetime) -> Snapshot:
    sheets: list[Sheet] = []
    for layout in INPUT_TABS:
        columns = tab(layout.key).columns
        cells = [tuple(row.get(c.key) for c in columns) for row in book[layout.key]]
        header = tuple(c.header for c in columns)
        sheets.append(Sheet(title=layout.title, rows=(("SỔ CHÍNH",), header, *cells)))
    return Snapshot(workbook="bench", source="bench", taken_at=at, sheets=tuple(sheets))


def count(snapshot: Snapshot) -> int:
    """Return how many rows the snapshot holds beside the roster."""
    roster = tab("schools").title
    return sum(len(s.rows) - 2 for s in snapshot.sheets if s.title != roster)
