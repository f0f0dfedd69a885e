"""A year of an office of forty schools: random rows of a seeded generator, each school of a kind.

`punctual` sends everything before its first reminder, `late` some working days after the
deadline, `forgetful` now and then only after a chase, `silent` nothing. The office notes what
arrives, returns some plans, and acknowledges most incidents.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from automator.core.calendar import Calendar
from automator.core.layout import INPUT_TABS, tab
from automator.core.snapshot import Cell, Sheet, Snapshot

CHARACTERS = ("punctual", "late", "forgetful", "silent")
FIRST, LAST = date(2021, 2, 8), date(2021, 12, 31)
PLAN_DUE = date(2021, 2, 24)
COMMUNES = ("28036", "28048", "28066", "28072")
INCIDENT_KINDS = ("BLHD", "TT", "TNGT", "TC", "MXH", "CN", "XH")

Rows = dict[str, list[Mapping[str, Cell]]]


def character(number: int) -> str:
    """Return what kind of school the `number`-th is: 16, 12, 8 and 4 of forty."""
    return (*["punctual"] * 4, *["late"] * 3, *["forgetful"] * 2, "silent")[number % 10]


def code(number: int) -> str:
    """Return the code of the `number`-th school."""
    return f"TH-{number:02}"


def year(calendar: Calendar, schools: int = 40, seed: int = 2021) -> Snapshot:
    """Return the workbook as it stands at the end of the year."""
    random = Random(seed)
    rows: Rows = {layout.key: [] for layout in INPUT_TABS}
    for number in range(schools):
        rows["schools"].append(
            {
                "code": code(number),
                "name": f"Trường Tiểu học Số {number:02}",
                "level": "TH",
                "commune": COMMUNES[number % len(COMMUNES)],
                "email": f"th{number:02}@truong.example",
            }
        )
        if character(number) != "silent":
            _plan(number, rows, random, calendar)
            _once(number, rows, random)
            _reports(number, rows, random, calendar)
    _incidents(rows, random, schools)
    sheets = tuple(_sheet(layout.key, rows[layout.key]) for layout in INPUT_TABS)
    read = datetime.combine(LAST, time(7), calendar.zone)
    return Snapshot(workbook="main", source="bench", taken_at=read, sheets=sheets)


def _plan(number: int, rows: Rows, random: Random, calendar: Calendar) -> None:
    if character(number) == "punctual":
        sent = FIRST + timedelta(days=random.randint(1, 9))
    else:
        slack = (1, 8) if character(number) == "late" else (-4, 12)
        sent = calendar.shift_working_days(PLAN_DUE, random.randint(*slack) or 1)
    _submit_plan(number, sent, 1, rows)
    if character(number) == "forgetful" and random.random() < 0.5:
        returned = calendar.shift_working_days(sent, 3)
        _note(number, "plan", sent, rows, result="Đề nghị bổ sung", returned=returned)
        again = calendar.shift_working_days(returned, random.randint(2, 12))
        _submit_plan(number, again, 2, rows)
        _note(number, "plan", again, rows, result="Đạt")
    else:
        _note(number, "plan", sent, rows, result="Đạt")


def _submit_plan(number: int, sent: date, copy: int, rows: Rows) -> None:
    rows["plans"].append(
        {
            "school": code(number),
            "sent": sent,
            "number": f"{copy:02}/KH-{number}",
            "signed": sent,
            "police": "Công an xã",
        }
    )


def _note(
    number: int, content: str, arrived: Cell, rows: Rows, *, period: Cell = None, **more: Cell
) -> None:
    row: dict[str, Cell] = {"school": code(number), "content": content, "arrived": arrived}
    row["period"] = period
    rows["receipts"].append({**row, **more})


def _once(number: int, rows: Rows, random: Random) -> None:
    """Forms and models: the forgetful ones leave them to the last days of the year."""
    span = (300, 322) if character(number) == "forgetful" else (10, 250)
    done = FIRST + timedelta(days=random.randint(*span))
    rows["propaganda"].append(
        {"school": code(number), "form": "Sinh hoạt dưới cờ", "done": done, "attendance": 300}
    )
    made = FIRST + timedelta(days=random.randint(*span))
    model: dict[str, Cell] = {
        "school": code(number),
        "name": f"Mô hình {number}",
        "kind": "Phòng ngừa tội phạm",
    }
    rows["models"].append({**model, "launched": made})


def _reports(number: int, rows: Rows, random: Random, calendar: Calendar) -> None:
    for month in range(2, 13):
        first = date(2021, month, 28) + timedelta(days=4)
        first = first.replace(day=1)
        due = calendar.next_working_day(first + timedelta(days=4))
        if character(number) == "punctual":
            reminded = calendar.shift_working_days(due + timedelta(days=1), -3)
            sent = min(first, reminded - timedelta(days=1))
        elif character(number) == "late" or random.random() < 0.3:
            sent = calendar.shift_working_days(due, random.randint(1, 7))
        else:
            sent = due - timedelta(days=random.randint(0, 2))
        if character(number) == "forgetful" and random.random() < 0.15:
            continue
        row: dict[str, Cell] = {"school": code(number), "period": f"{month:02}/2021", "sent": sent}
        rows["periodic"].append({**row, "any": "Không", "number": f"{month:02}/BC"})


def _incidents(rows: Rows, random: Random, schools: int) -> None:
    for serial in range(30):
        number = random.randrange(schools)
        day = FIRST + timedelta(days=random.randint(2, 320))
        occurred = datetime.combine(day, time(random.randrange(24), random.randrange(60)))
        known = occurred + timedelta(minutes=random.randint(5, 600))
        level = random.choice((1, 2, 2, 3))
        reported = known + timedelta(hours=random.randint(3, 40))
        wrote = level < 3 and random.random() < 0.8
        name = f"VV-2021-{900 + serial}"
        rows["incidents"].append(
            {
                "school": code(number),
                "kind": random.choice(INCIDENT_KINDS),
                "level": level,
                "occurred": occurred,
                "known": known,
                "place": "Trong trường",
                "told_police": "Có",
                "told_commune": "Có",
                "reported": reported if wrote else None,
                "state": "Đã kết thúc" if wrote else "Đang xử lý",
                "code": name,
            }
        )
        if level < 3 and random.random() < 0.7:
            noted = known + timedelta(minutes=random.randint(5, 240))
            _note(number, "urgent-report", noted, rows, period=name, result="Đã nắm tin")


def _sheet(key: str, rows: Sequence[Mapping[str, Cell]]) -> Sheet:
    layout = tab(key)
    header = tuple(c.header for c in layout.columns)
    cells = [tuple(row.get(c.key) for c in layout.columns) for row in rows]
    return Sheet(title=layout.title, rows=(header, *cells))
