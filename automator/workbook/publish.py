"""Writes what a run found into a workbook beside the source: Tình trạng and Lỗi nhập liệu."""

from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.publication import Publication
from automator.errors import PublishFailed
from automator.workbook import colors, styles
from automator.workbook.saving import to_bytes, write_atomically
from automator.workbook.worker_pages import (
    RATES_TITLE,
    Page,
    faults_page,
    rates_page,
    status_page,
)
from automator.workbook.worker_tabs import Looks, banner, table


def publish(publication: Publication, path: Path) -> None:
    """Replace the workbook at `path` by what `publication` says, whole or not at all.

    The same publication gives the same bytes. Raises PublishFailed if `path` is not writable.
    """
    data = to_bytes(build(publication))
    try:
        write_atomically(path, data)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        msg = f"cannot write the status workbook {path}: {reason}"
        hint = "close it where it is open, and check who may write the folder"
        raise PublishFailed(msg, hint=hint) from None


def build(publication: Publication) -> Workbook:
    """Return the status workbook of a publication."""
    pages = [status_page(publication), faults_page(publication)]
    if publication.mode == "all" and publication.rates:
        pages.insert(1, rates_page(publication, RATES_TITLE))
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        _lay(book.create_sheet(page.title), page)
    return book


def _colour(cell: Cell, paper: str, ink: str) -> None:
    cell.fill = styles.fill(paper)
    cell.font = styles.font(12, ink, bold=True)


def _lay(sheet: Worksheet, page: Page) -> None:
    top = banner(sheet, page.lines, len(page.heads))
    table(sheet, top, page.heads, page.rows)
    looks = Looks()
    for (row, column), (paper, ink) in page.colors.items():
        cell = styles.cell_at(sheet, top + 1 + row, column + 1)
        coloured = partial(_colour, cell, paper, ink)
        looks.give(cell, (paper, ink), coloured)
    for (row, column), link in page.links.items():
        styles.cell_at(sheet, top + 1 + row, column + 1).hyperlink = link
    sheet.sheet_properties.tabColor = colors.TAB_WORKER
    styles.protect(sheet, work=False)
