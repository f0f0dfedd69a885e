"""Clerks at work on a workbook: they type, mend, sort, cut, paste and clear, as a seed says."""

from collections.abc import Callable, Mapping
from random import Random

SCHOOLS: Mapping[str, str] = {
    **{f"TH-{n:02}": f"TH-{n:02}" for n in range(1, 9)},
    **{f"Trường Tiểu học Số {n:02}": f"TH-{n:02}" for n in range(1, 9)},
}
"""How a school is named in a cell -> its code."""
TABS = ("plans", "propaganda", "incidents", "periodic", "receipts")
_NAMES = (*SCHOOLS, *[code for code in SCHOOLS if code.startswith("TH-")] * 2, "Ngôi Sao Xanh")
_DAYS = ("20/02/2021", "22/02/2021", "24/02/2021", "26/02/2021", "01/03/2021", "xx/02")
_HOURS = ("21/02/2021 08:00", "22/02/2021 09:30", "22/02/2021 14:00", "23/02/2021 10:00")
CELLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "plans": {
        "school": _NAMES,
        "sent": _DAYS,
        "number": ("05/KH", "07/KH", "12/KH-TH"),
        "signed": ("19/02/2021", "21/02/2021"),
        "police": ("Công an xã", "Công an thị trấn"),
        "channel": ("Bản giấy", "Thư điện tử"),
        "file": ("ke-hoach.pdf", "kh.pdf"),
    },
    "propaganda": {
        "school": _NAMES,
        "form": ("Tọa đàm", "Phát thanh", "Sân khấu hóa"),
        "done": _DAYS,
        "attendance": ("120", "300"),
    },
    "incidents": {
        "school": _NAMES,
        "kind": ("TC", "TNGT", "CN"),
        "level": ("1", "2", "3", "3"),
        "occurred": _HOURS,
        "place": ("Trong trường", "Nơi khác"),
        "affected": ("0", "2"),
        "told_police": ("Có", "Chưa"),
        "told_commune": ("Có", "Chưa"),
        "reported": ("23/02/2021 09:00", "24/02/2021 16:00", "25/02/2021 08:00"),
        "state": ("Đang xử lý", "Đã kết thúc", "Nhập nhầm"),
        "code": ("TML-01", "TML-02", "TML-03"),
    },
    "periodic": {
        "school": _NAMES,
        "period": ("02/2021", "03/2021", "04/2021"),
        "sent": _DAYS,
        "any": ("Không", "Có"),
        "count": ("0", "1"),
        "number": ("11/BC", "14/BC"),
    },
    "receipts": {
        "school": _NAMES,
        "content": ("plan", "periodic-report", "propaganda", "urgent-report"),
        "period": ("02/2021", "03/2021", "VV-2021-001", "TML-01"),
        "arrived": _DAYS,
        "number": ("05/KH", "11/BC"),
        "result": ("Đạt", "Đề nghị bổ sung", "Đã nắm tin"),
        "returned": ("26/02/2021", "01/03/2021"),
    },
}
_ALWAYS = 0.9  # how often a new row has one of the first cells of its tab
_SOMETIMES = 0.4

Row = dict[str, str]


class Clerks:
    """The rows of each tab as they stand (an empty one is a blank row), and what was cut."""

    def __init__(self, random: Random, rows: int) -> None:
        """Fill every tab with its share of `rows`."""
        self._random = random
        self.tabs: dict[str, list[Row]] = {tab: [] for tab in TABS}
        self._cut: list[tuple[int, str, Row]] = []  # when to paste, where, what
        self._reads = 0
        for n in range(rows):
            tab = TABS[n % len(TABS)]
            self.tabs[tab].append(self._typed(tab))

    def work(self) -> None:
        """Do a few things before the next read."""
        self._reads += 1
        for due, tab, row in [cut for cut in self._cut if cut[0] <= self._reads]:
            self._cut.remove((due, tab, row))
            self.tabs[tab].insert(self._random.randint(0, len(self.tabs[tab])), row)
        for _ in range(self._random.randint(0, 6)):
            tab = self._random.choice(TABS)
            self._random.choice(_DEEDS)(self, tab, self.tabs[tab])

    def _typed(self, tab: str) -> Row:
        columns = CELLS[tab]
        row: Row = {}
        for place, (column, texts) in enumerate(columns.items()):
            often = _ALWAYS if place < 4 else _SOMETIMES
            if self._random.random() < often:
                row[column] = self._random.choice(texts)
        return row

    def _any(self, rows: list[Row]) -> int:
        return self._random.randrange(len(rows))

    def _insert(self, tab: str, rows: list[Row]) -> None:
        rows.insert(self._random.randint(0, len(rows)), self._typed(tab))

    def _edit(self, tab: str, rows: list[Row]) -> None:
        if rows:
            column = self._random.choice(list(CELLS[tab]))
            rows[self._any(rows)][column] = self._random.choice(CELLS[tab][column])

    def _clear(self, tab: str, rows: list[Row]) -> None:
        if rows:
            rows[self._any(rows)].pop(self._random.choice(list(CELLS[tab])), None)

    def _mend_school(self, tab: str, rows: list[Row]) -> None:
        if rows:
            rows[self._any(rows)]["school"] = self._random.choice(_NAMES)

    def _sort(self, tab: str, rows: list[Row]) -> None:
        column = self._random.choice(list(CELLS[tab]))
        rows.sort(key=lambda row: row.get(column, ""), reverse=self._random.random() < 0.5)

    def _delete(self, tab: str, rows: list[Row]) -> None:
        if rows:
            del rows[self._any(rows)]

    def _cut_row(self, tab: str, rows: list[Row]) -> None:
        if rows:
            row = rows.pop(self._any(rows))
            self._cut.append((self._reads + self._random.randint(1, 4), tab, row))

    def _copy(self, tab: str, rows: list[Row]) -> None:
        if rows:
            rows.append(dict(rows[self._any(rows)]))

    def _place_holder(self, tab: str, rows: list[Row]) -> None:
        rows.append({"school": self._random.choice(_NAMES)})

    def _fill_in(self, tab: str, rows: list[Row]) -> None:
        for row in rows:
            if set(row) == {"school"}:
                row.update({**self._typed(tab), "school": row["school"]})
                return

    def _blank(self, tab: str, rows: list[Row]) -> None:
        if rows:
            rows[self._any(rows)].clear()


_DEEDS: tuple[Callable[[Clerks, str, list[Row]], None], ...] = (
    Clerks._insert,
    Clerks._insert,
    Clerks._edit,
    Clerks._edit,
    Clerks._edit,
    Clerks._clear,
    Clerks._mend_school,
    Clerks._sort,
    Clerks._delete,
    Clerks._cut_row,
    Clerks._copy,
    Clerks._place_holder,
    Clerks._fill_in,
    Clerks._blank,
)
