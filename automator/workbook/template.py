"""Builds the workbooks that schools fill in, from the layout: one blank, one with a sample."""

from pathlib import Path

from openpyxl import Workbook

from automator.core.layout import FAULTS, GUIDE, INPUT_TABS, STATUS, TABS
from automator.workbook import colors, guide, sample, styles, tab_sheet
from automator.workbook.book import CONTENTS, TASKS, Book, Row
from automator.workbook.saving import to_bytes, write_atomically
from automator.workbook.worker_pages import (
    BLANK_FAULTS_NOTE,
    BLANK_STATUS_NOTE,
    FAULT_HEADS,
    STATUS_HEADS,
)
from automator.workbook.worker_tabs import banner, table


def build_blank(
    path: Path,
    *,
    schools: tuple[Row, ...] = (),
    units: tuple[tuple[str, str], ...] = sample.UNITS,
    contents: tuple[tuple[str, str], ...] = CONTENTS,
    tasks: tuple[tuple[str, str], ...] = TASKS,
) -> None:
    """Write a blank workbook to `path`, replacing what is there.

    `schools` are rows of the tab Trường in the order of its columns; `units` (id, name) are
    offered as communes; `contents` and `tasks` (id, title) as obligations. Raises OSError.
    """
    book = Book(contents=contents, tasks=tasks, units=units, rows={"schools": schools})
    write_atomically(path, workbook_bytes(book))


def build_sample(path: Path) -> None:
    """Write the sample of February and March 2021 to `path`. Raises OSError."""
    write_atomically(path, workbook_bytes(sample.book()))


def workbook_bytes(book: Book) -> bytes:
    """Return a template as .xlsx; the same book gives the same bytes."""
    made = Workbook()
    made.remove(made.worksheets[0])
    sheets = {tab.key: made.create_sheet(tab.title) for tab in TABS}
    guide_sheet = sheets[GUIDE.key]
    ranges = dict(guide.build(guide_sheet, book))
    guide_sheet.sheet_properties.tabColor = colors.TAB_GUIDE
    for tab in INPUT_TABS:
        tab_sheet.build(sheets[tab.key], tab, book, ranges)
    for tab, heads, note in (
        (STATUS, STATUS_HEADS, BLANK_STATUS_NOTE),
        (FAULTS, FAULT_HEADS, BLANK_FAULTS_NOTE),
    ):
        sheet = sheets[tab.key]
        table(sheet, banner(sheet, (tab.title, note), len(heads)), heads, ())
        styles.protect(sheet, work=False)
        sheet.sheet_properties.tabColor = colors.TAB_WORKER
    made.active = 0
    return to_bytes(made)


def blank_book() -> Book:
    """Return the blank template that ships with the program."""
    return Book(units=sample.UNITS)
