"""A workbook in which faults are planted where they are typed: `bad(value, code, severity)`."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import BANNER, INPUT_TABS, tab
from automator.core.snapshot import cell_name
from automator.workbook.saving import to_bytes

NOW = "2021-03-08T09:00:00"
"""When the workbooks are read: days run from 05/12/2020 to 08/03/2022."""
HEADER = ("tab", "cell", "code", "severity")
SCHOOLS = (
    ("TH-MY-LAC", "Trường Tiểu học Mỹ Lạc", "TH", "28048"),
    ("THCS-MY-LAC", "Trường Trung học cơ sở Mỹ Lạc", "THCS", "28048"),
    ("TH-LONG-THANH", "Trường Tiểu học Long Thạnh", "TH", "28039"),
    ("TH-TAN-THANH", "Trường Tiểu học Tân Thành", "TH", "28042"),
    ("THTHCS-MY-THANH", "Trường Tiểu học và Trung học cơ sở Mỹ Thạnh", "TH&THCS", "28051"),
    ("MG-LONG-THUAN", "Trường Mẫu giáo Long Thuận", "MG", "28045"),
    ("THCS-MY-PHU", "Trường Trung học cơ sở Mỹ Phú", "THCS", "28066"),
    ("TH-THU-THUA", "Trường Tiểu học Thị trấn Thủ Thừa", "TH", "28036"),
    ("TH-BINH-AN", "Trường Tiểu học Bình An", "TH", "28054"),
    ("THCS-MY-AN", "Trường Trung học cơ sở Mỹ An", "THCS", "28060"),
)
Fault = tuple[str, str]  # code, severity


@dataclass(frozen=True)
class Bad:
    """A cell with its faults."""

    value: Any
    faults: tuple[Fault, ...]


def bad(value: Any, code: str, severity: str = "blocks", *more: Fault) -> Bad:
    """Return a cell that is at fault."""
    return Bad(value, ((code, severity), *more))


class Book:
    """A workbook under construction, and the faults planted so far."""

    def __init__(self) -> None:
        self.xlsx = Workbook()
        self.xlsx.remove(self.xlsx.worksheets[0])
        self.faults: list[tuple[str, str, str, str]] = []

    def sheet(self, key: str) -> Worksheet:
        """Return a tab's sheet, made when first asked for, still without a header."""
        title = tab(key).title
        if title not in self.xlsx.sheetnames:
            self.xlsx.create_sheet(title)
        return self.xlsx[title]

    def write(self, key: str, row: int, cells: Sequence[Any]) -> None:
        """Write one row; what is `Bad` in it is planted at its cell."""
        sheet = self.sheet(key)
        for index, cell in enumerate(cells):
            value = cell.value if isinstance(cell, Bad) else cell
            if isinstance(value, str) and value.startswith("="):
                sheet.cell(row, index + 1).value = value
                sheet.cell(row, index + 1).data_type = "s"  # the text, as pasted, no formula
            elif value is not None:
                sheet.cell(row, index + 1, value)
            if isinstance(cell, Bad):
                self.plant(key, cell_name(row, index), *cell.faults)

    def plant(self, key: str, cell: str, *faults: Fault) -> None:
        """Note what must be reported at a cell, "" for a whole tab."""
        self.faults += [(tab(key).title, cell, code, severity) for code, severity in faults]

    def fill(self, key: str, *rows: Sequence[Any]) -> None:
        """Write a banner, the header in row 2, and the rows below it."""
        self.write(key, 1, [BANNER])
        self.write(key, 2, [column.header for column in tab(key).laid])
        for number, cells in enumerate(rows, start=3):
            self.write(key, number, cells)

    def finish(self) -> "Book":
        """Give every tab that is not there its header, and the roster its schools."""
        for layout in INPUT_TABS:
            if layout.title not in self.xlsx.sheetnames:
                rows = SCHOOLS if layout.key == "schools" else ()
                self.fill(layout.key, *((*row, f"{row[0].lower()}@truong.example") for row in rows))
        return self

    def to_bytes(self) -> bytes:
        """Return the .xlsx: same script, same bytes."""
        return to_bytes(self.xlsx)

    def manifest(self) -> str:
        """Return the planted faults as CSV, sorted."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([HEADER, *sorted(self.faults)])
        return out.getvalue()
