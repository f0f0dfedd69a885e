"""The two tabs that the worker writes: their columns, and how a sheet shows a table of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from automator.workbook import styles

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


def put(cell: Cell, value: Value) -> None:
    """Write a value that can never become a formula: text stays text, even "=1+1"."""
    if isinstance(value, str):
        cell.value = _writable(value)
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@" and value != ""
    else:
        cell.value = value


def banner(sheet: Worksheet, lines: Sequence[str], width: int) -> int:
    """Write lines merged over `width` columns from row 1 on; return the next free row.

    The first line is the title of the sheet, the others are notes.
    """
    for row, line in enumerate(lines, start=1):
        cell = styles.cell_at(sheet, row, 1)
        put(cell, line)
        cell.font = styles.font(14 if row == 1 else 12, styles.NAVY, bold=row == 1)
        cell.alignment = styles.align(vertical="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        sheet.row_dimensions[row].height = 24 if row == 1 else 20
    return len(lines) + 1


def table(
    sheet: Worksheet, top: int, heads: Sequence[Head], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a table with its header in row `top`, frozen, filtered, ready to print."""
    _header(sheet, top, heads)
    last = top
    for last, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            _body(styles.cell_at(sheet, last, column), value)
        texts = ((v, h.width) for v, h in zip(values, heads, strict=False) if isinstance(v, str))
        sheet.row_dimensions[last].height = styles.height(texts)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heads))}{last}"
    styles.print_setup(sheet, f"{top}:{top}")


def _header(sheet: Worksheet, top: int, heads: Sequence[Head]) -> None:
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(top, column, head.title)
        cell.font = styles.font(12, styles.WHITE, bold=True)
        cell.fill = styles.fill(styles.NAVY)
        cell.alignment = styles.align("center", "center")
        cell.border = styles.GRID
        sheet.column_dimensions[get_column_letter(column)].width = head.width
    sheet.row_dimensions[top].height = 34


def _body(cell: Cell, value: Value) -> None:
    put(cell, value)
    cell.font = styles.font(12)
    cell.border = styles.GRID
    number = isinstance(value, int | float)
    cell.alignment = styles.align("center" if number else "left")
    if isinstance(value, datetime):
        cell.number_format = styles.DAY_TIME
    elif isinstance(value, float):
        cell.number_format = "0%"


def _writable(text: str) -> str:
    """Drop the control characters that no workbook can hold; cut at a cell's limit."""
    kept = "".join(c for c in text if c >= " " or c in "\t\n")
    return kept[:32_000]
