"""Drop-downs, checks with a Vietnamese prompt, and colours of a tab that people fill in."""

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import (
    INCIDENTS,
    RECIPIENT_TITLES,
    SCHOOLS,
    Column,
    Kind,
    Need,
    Tab,
)
from automator.workbook import colors, styles
from automator.workbook.book import FIRST_ROW, LAST_ROW, LAST_SCHOOL_ROW, Book

Ranges = dict[tuple[str, ...], str]

_INLINE_LIMIT = 250
_FIRST_DAY, _LAST_DAY = "32874", "73415"  # 01/01/1990 and 31/12/2100 as Excel's day numbers
_OPEN_LISTS = frozenset({"level", "kind", "recipient_title"})
"""Columns whose cell may hold something beside the list (a code, a digit): Excel only warns."""
_PROMPTS = {
    Kind.CODE: "Chữ in hoa không dấu, số và gạch nối, ví dụ TH-MY-LAC.",
    Kind.EMAILS: "Một hoặc nhiều địa chỉ, cách nhau bằng dấu chấm phẩy.",
    Kind.PHONE: "Số điện thoại cơ quan.",
    Kind.UNIT: "Chọn xã, thị trấn trong danh sách.",
    Kind.CONTENT: "Chọn trong danh sách.",
    Kind.COUNT: "Số nguyên, từ 0 trở lên.",
    Kind.PERIOD_OR_CODE: "Kỳ (02/2021) hoặc mã vụ việc.",
    Kind.PERIOD: "Tháng/năm, ví dụ 02/2021.",
    Kind.TEXT: "Ghi ngắn gọn.",
    Kind.FREE: "Ghi ngắn gọn; không ghi tên, lớp, ngày sinh của học sinh.",
}


def add_inputs(sheet: Worksheet, tab: Tab, book: Book, ranges: Ranges) -> None:
    """Give each column its prompt, and its list or check where it has one."""
    for number, column in enumerate(tab.laid, start=1):
        rule = _rule(tab, column, book, ranges)
        letter = get_column_letter(number)
        rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
        rule.promptTitle = column.header[:32]
        rule.prompt = prompt(column)[:255]
        rule.showInputMessage = bool(rule.prompt)
        sheet.add_data_validation(rule)


def _rule(tab: Tab, column: Column, book: Book, ranges: Ranges) -> DataValidation:
    if column.kind is Kind.DAY:
        return _days()
    if column.kind is Kind.COUNT:
        return _counts()
    source = _source(tab, column, book, ranges)
    if not source:
        return DataValidation(allow_blank=True)
    return _listed(source, stop=closed(column))


def _days() -> DataValidation:
    # A warning only: days typed as text ("25/2/21") are understood, and a clerk may insist.
    return DataValidation(
        type="date",
        operator="between",
        formula1=_FIRST_DAY,
        formula2=_LAST_DAY,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle="Ngày chưa đúng",
        error="Đề nghị ghi ngày/tháng/năm, ví dụ 24/02/2021. Có giữ nguyên ô này không?",
    )


def _counts() -> DataValidation:
    return DataValidation(
        type="whole",
        operator="greaterThanOrEqual",
        formula1="0",
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle="Số chưa đúng",
        error="Đề nghị ghi một số nguyên, từ 0 trở lên. Có giữ nguyên ô này không?",
    )


def _listed(source: str, *, stop: bool) -> DataValidation:
    question = "" if stop else " Có giữ nguyên ô này không?"
    return DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        errorStyle="stop" if stop else "warning",
        showErrorMessage=True,
        errorTitle="Không có trong danh sách",
        error=f"Đề nghị chọn một giá trị trong danh sách của ô.{question}",
    )


def prompt(column: Column) -> str:
    """Return what a cell of the column tells whoever fills it in."""
    return column.prompt or _PROMPTS.get(column.kind, "")


def closed(column: Column) -> bool:
    """Tell whether a cell of the column may hold nothing beside its list."""
    return column.kind in (Kind.CHOICE, Kind.YES_NO) and column.key not in _OPEN_LISTS


def _source(tab: Tab, column: Column, book: Book, ranges: Ranges) -> str:
    """Return a list's source: a range, the choices themselves, or "" where there is none."""
    if column.kind in (Kind.SCHOOL, Kind.SCOPE):
        return _school_names()
    choices = offered(tab, column, book)
    if choices in ranges:
        return ranges[choices]
    inline = ",".join(choices)
    if not choices or len(inline) > _INLINE_LIMIT or any("," in choice for choice in choices):
        return ""
    return f'"{inline}"'


def offered(tab: Tab, column: Column, book: Book) -> tuple[str, ...]:
    """Return what a cell of the column offers to choose from, none where it has no list."""
    if column.kind is Kind.CONTENT:
        listed = book.tasks if column.key == "task" else book.contents
        return tuple(title for _, title in listed)
    if column.kind is Kind.UNIT:
        return tuple(name for _, name in book.units)
    if tab is SCHOOLS and column.key == "recipient_title":
        return RECIPIENT_TITLES
    return column.choices


def _school_names() -> str:
    keys = [column.key for column in SCHOOLS.columns]
    letter = get_column_letter(keys.index("name") + 1)
    return f"'{SCHOOLS.title}'!${letter}${FIRST_ROW}:${letter}${LAST_SCHOOL_ROW}"


@dataclass(frozen=True, slots=True)
class Shade:
    """A column's colour while a condition holds: {first} and {cell} stand for cells of the row.

    `paper` and `ink` as RRGGBB ("": as it is).
    """

    column: str
    condition: str
    paper: str
    ink: str = ""


def shades(tab: Tab) -> Iterator[Shade]:
    """Yield blank needed cells of a begun row, and the level and state of an incident."""
    for column in tab.laid[1:]:
        if column.need is not Need.OPTIONAL:
            paper = colors.RED if column.need is Need.REQUIRED else colors.AMBER
            yield Shade(column.key, "AND(LEN(TRIM({first}))>0,LEN(TRIM({cell}))=0)", paper)
    if tab is INCIDENTS:
        yield Shade("level", 'LEFT({cell},1)="1"', "F8B4B4", colors.DARK_RED)
        yield Shade("level", 'LEFT({cell},1)="2"', "FCD9B6", "833C0B")
        yield Shade("state", '{cell}="Đang xử lý"', colors.AMBER, colors.DARK_AMBER)
        yield Shade("state", '{cell}="Đã kết thúc"', colors.GREEN, colors.DARK_GREEN)
        yield Shade("state", '{cell}="Nhập nhầm"', colors.GREY, colors.INK)


def add_colors(sheet: Worksheet, tab: Tab) -> None:
    """Give the tab its `shades`."""
    keys = [column.key for column in tab.laid]
    for shade in shades(tab):
        letter = get_column_letter(keys.index(shade.column) + 1)
        formula = shade.condition.format(first=f"$A{FIRST_ROW}", cell=f"{letter}{FIRST_ROW}")
        _color(sheet, letter, formula, shade.paper, shade.ink)


def _color(sheet: Worksheet, letter: str, formula: str, paper: str, ink: str = "") -> None:
    style = DifferentialStyle(
        fill=styles.rule_fill(paper), font=styles.rule_font(ink) if ink else None
    )
    rule = Rule(type="expression", formula=[formula], dxf=style)
    sheet.conditional_formatting.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}", rule)
