"""Rows of a table that are no entries: totals, notes and signatures below it, column numbers."""

import re
from collections.abc import Mapping
from functools import lru_cache

from automator.core.layout import Kind, Tab
from automator.core.locate import Located
from automator.core.names import clean, key
from automator.core.problem import Problem, Severity
from automator.core.snapshot import Cell, cell_name

_LONGEST_NAME = 90  # no school is called that
_TOTAL = re.compile(
    "(?:{})(?: (?:{}))?[\\s0-9:.,]*(?:{})?".format(
        "|".join(key(word) for word in ("tổng cộng", "tổng số", "tổng", "cộng", "total")),
        "|".join(key(word) for word in ("số", "chung", "toàn huyện", "cả huyện")),
        key("trường"),
    )
)
_NOTE = re.compile(
    r"[*(\s-]*(?:{})(?![^\W_])".format(
        "|".join(
            key(word)
            for word in (
                *("ghi chú", "lưu ý", "chú ý", "chú thích", "hướng dẫn", "nơi nhận", "người lập"),
                *("hiệu trưởng", "thủ trưởng", "lãnh đạo", "kế toán", "văn thư", "ký tên", "hết"),
                *("danh sách này", "sổ chính"),
            )
        )
    )
)
_SIGNED = re.compile(
    "(?:.*,)?\\s*{} .{{1,6}} {} .{{1,6}} {} .{{1,6}}".format(
        *(key(word) for word in ("ngày", "tháng", "năm"))
    )
)
_NUMBERED = re.compile(r"\(?([0-9]{1,2})\)?")
_WHO = frozenset({"school", "code", "scope"})


def numbers_columns(located: Located, number: int) -> bool:
    """Tell whether a row only numbers the columns, "(1) (2) (3)", right below the header."""
    if not located.header_row < number <= located.header_row + 2:
        return False
    cells = [cell for cell in located.sheet.rows[number - 1] if cell is not None]
    found = [int(m[1]) for cell in cells if (m := _NUMBERED.fullmatch(clean(str(cell))))]
    return (
        len(found) == len(cells) >= 3
        and found[0] <= 2
        and found == list(range(found[0], found[0] + len(found)))
    )


def is_aside(tab: Tab, raw: Mapping[str, Cell]) -> bool:
    """Tell whether a row is a total, or a note or signature below the table.

    `raw` are its filled cells by column key; a school or a day among them makes it an entry.
    """
    who = raw.get("school") or raw.get("code") or raw.get("scope")
    if isinstance(who, str) and _is_total(who):
        return True
    if len(raw) == 1 and _is_note(tab, *next(iter(raw.items()))):
        return True
    return who is None and all(tab.column(k).kind is Kind.COUNT for k in raw)


@lru_cache(maxsize=1 << 14)  # two hundred thousand rows name the same few schools
def _is_total(who: str) -> bool:
    return _TOTAL.fullmatch(key(who)) is not None


def _is_note(tab: Tab, column: str, cell: Cell) -> bool:
    if not isinstance(cell, str) or tab.column(column).kind is Kind.DAY:
        return False
    text = key(cell)
    if _NOTE.match(text) or _SIGNED.fullmatch(text):
        return True
    return column in _WHO and len(text) > _LONGEST_NAME


def aside(located: Located, number: int) -> Problem:
    """Return the warning that a row is left out; its own cells are quoted nowhere."""
    row = located.sheet.rows[number - 1]
    first = next(i for i, cell in enumerate(row) if cell is not None and cell != "")
    return Problem(
        tab=located.sheet.title,
        cell=cell_name(number, first),
        code="not_an_entry",
        severity=Severity.WARNS,
        message="hàng này là tổng cộng hoặc ghi chú, không được tính",
        remedy="Đề nghị để tổng cộng và ghi chú ngoài bảng; nếu là dòng nhập, ghi tên trường.",
        row=number,
    )
