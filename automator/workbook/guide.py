"""The tab Hướng dẫn: how to fill in each tab, and the lists that the drop-downs refer to."""

from collections.abc import Iterator, Mapping

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import (
    BANNER,
    KIND_CHOICES,
    LEVELS,
    SEVERITIES,
    TABS,
    URGENT_LINE,
    Need,
    Tab,
    Writer,
)
from automator.workbook import colors, guide_text, styles
from automator.workbook.book import Book

_WIDTHS = {"A": 30, "B": 62, "C": 46}
_LAST = 3

Ranges = Mapping[tuple[str, ...], str]
"""Where a list of choices stands: the choices, and an absolute reference to them."""


def build(sheet: Worksheet, book: Book) -> Ranges:
    """Write the guide; return where each list too long for a cell's own rule stands."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    writer = _Writer(sheet)
    _opening(writer, book)
    _tabs(writer)
    _help(writer)
    ranges = _lists(writer, book)
    sheet.sheet_view.showGridLines = False
    styles.print_setup(sheet, landscape=False)
    styles.protect(sheet, work=False)
    return ranges


class _Writer:
    """Writes one line after the other, in the house style."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.row = 0

    def line(
        self,
        text: str,
        size: int = 12,
        color: str = colors.INK,
        paper: str = "",
        *,
        bold: bool = False,
    ) -> None:
        """Write a line over the whole width, as high as its text needs."""
        self.row += 1
        cell = self.sheet.cell(self.row, 1, text)
        cell.font = styles.font(size, color, bold=bold)
        cell.alignment = styles.align(vertical="center")
        if paper:
            cell.fill = styles.fill(paper)
        self.sheet.merge_cells(
            start_row=self.row, end_row=self.row, start_column=1, end_column=_LAST
        )
        width = sum(_WIDTHS.values())
        self.sheet.row_dimensions[self.row].height = styles.height([(text, width)], size) + 2

    def heading(self, text: str) -> None:
        """Write a heading with room above it."""
        self.row += 1
        self.line(text, size=13, color=colors.WHITE, bold=True, paper=colors.NAVY)

    def cells(self, *texts: str, head: bool = False, need: Need | None = None) -> None:
        """Write one row of a table; `need` colours its first cell as the column's header."""
        self.row += 1
        for column, text in enumerate(texts, start=1):
            cell = self.sheet.cell(self.row, column, text)
            cell.font = styles.font(12, bold=head)
            cell.alignment = styles.align()
            cell.border = styles.GRID
            if head:
                cell.fill = styles.fill(colors.GREY)
        if need is not None:
            first = self.sheet.cell(self.row, 1)
            first.fill = styles.fill(styles.NEED_FILLS[need])
            first.font = styles.font(12, styles.NEED_INKS[need], bold=True)
        pairs = zip(texts, _WIDTHS.values(), strict=False)
        self.sheet.row_dimensions[self.row].height = styles.height(pairs)


def _opening(writer: _Writer, book: Book) -> None:
    writer.line(guide_text.TITLE, size=16, color=colors.NAVY, bold=True)
    writer.line(BANNER, color=colors.DARK_RED, bold=True, paper=colors.RED)
    writer.line(
        URGENT_LINE.replace("thư này", "sổ này"), color=colors.DARK_RED, bold=True, paper=colors.RED
    )
    if book.banner:
        writer.line(book.banner, color=colors.DARK_AMBER, bold=True, paper=colors.AMBER)
    writer.heading("1. Cách ghi chung")
    for text in guide_text.GENERAL:
        writer.line(f"• {text}")
    for need, meaning in guide_text.NEEDS.items():
        writer.cells(guide_text.NEED_NAMES[need], meaning, need=need)
    writer.heading("2. Tuyệt đối không ghi")
    for text in guide_text.NEVER:
        writer.line(f"• {text}")


def _tabs(writer: _Writer) -> None:
    shown = [t for t in TABS if t.writer in (Writer.SCHOOLS, Writer.OFFICE)]
    for number, tab in enumerate(shown, start=3):
        writer.heading(f"{number}. Tab {tab.title}{_aside(tab)}")
        for text in (tab.about, *guide_text.TABS.get(tab.key, ())):
            writer.line(text)
        writer.cells("Cột", "Cách ghi", "Ví dụ", head=True)
        for header, how, example, need in _columns(tab):
            writer.cells(header, how, example, need=need)


def _aside(tab: Tab) -> str:
    if tab.hidden:
        return " (đang ẩn; Phòng mở khi cần)"
    return " (Phòng ghi)" if tab.writer is Writer.OFFICE else ""


def _columns(tab: Tab) -> Iterator[tuple[str, str, str, Need]]:
    for column in tab.laid:
        how, example = guide_text.how_to(tab, column)
        yield column.header, how, example, column.need


def _help(writer: _Writer) -> None:
    writer.heading("Hai tab Tình trạng và Lỗi nhập liệu")
    for text in guide_text.WORKER:
        writer.line(f"• {text}")
    writer.heading("Cần hỏi, cần giúp")
    for text in guide_text.HELP:
        writer.line(f"• {text}")


def _lists(writer: _Writer, book: Book) -> Ranges:
    writer.sheet.row_breaks.append(Break(id=writer.row))
    writer.heading("Các danh mục để chọn")
    contents = tuple(title for _, title in book.contents)
    lists: list[tuple[str, tuple[str, ...]]] = [
        ("Nội dung (tab Phòng tiếp nhận)", contents),
        ("Mức độ (tab Vụ việc)", SEVERITIES),
        ("Loại vụ việc (tab Vụ việc)", KIND_CHOICES),
        ("Nhiệm vụ (tab Nhiệm vụ khác)", tuple(title for _, title in book.tasks)),
        ("Xã, thị trấn", tuple(name for _, name in book.units)),
        ("Cấp học", LEVELS),
    ]
    return {choices: _list(writer, title, choices) for title, choices in lists if choices}


def _list(writer: _Writer, title: str, choices: tuple[str, ...]) -> str:
    writer.row += 1
    writer.cells(title, "Giá trị", head=True)
    first = writer.row + 1
    for number, choice in enumerate(choices, start=1):
        writer.cells(str(number), choice)
    return f"'{writer.sheet.title}'!$B${first}:$B${writer.row}"
