"""A fault in a workbook, with its place and its mend: data, never an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem does to its row."""

    BLOCKS = "blocks"  # the row counts for nothing
    CORRECTED = "corrected"  # read in the only sensible way; the writer may check it
    WARNS = "warns"  # the row counts; the cell does not, or should be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of one cell, row, column or tab.

    `cell` is an A1 name, None for a whole tab; `header` the column's header, "" for a tab.
    `value` is what was typed, and only for dates, numbers, codes and addresses (else None).
    `message` and `remedy` are Vietnamese, for the person who filled in the sheet.
    """

    tab: str
    cell: str | None
    code: str
    severity: Severity
    message: str
    remedy: str
    header: str = ""
    value: str | None = None
    school: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a single cell's parser found wrong, before its place is known.

    `message`: "không phải ngày có thật"; `remedy`: "Đề nghị nhập lại …" with a suggestion if
    there is one; `quotable` says that the raw value may be shown in the tab Lỗi nhập liệu.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    quotable: bool = True
