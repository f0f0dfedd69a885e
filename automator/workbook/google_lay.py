"""The requests that make a tab which is not there yet: grid, texts, header, looks of columns."""

from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell

from automator.core.layout import GUIDE, Column, Tab, Writer
from automator.workbook import colors, guide, rules, styles, tab_sheet
from automator.workbook.book import HEADER_ROW, LAST_ROW, Book
from automator.workbook.google_live import LiveTab
from automator.workbook.google_publish import rgb, widths, wrap
from automator.workbook.google_shape import GoogleTab
from automator.workbook.google_wish import Request
from automator.workbook.worker_pages import Head

WORKER_ROWS = 100
"""The grid of a new worker tab; it grows by itself."""
_GUIDE_WIDTHS = (Head("", 30), Head("", 62), Head("", 46))
_FORMATS = {
    styles.DAY: {"type": "DATE", "pattern": styles.DAY},
    styles.DAY_TIME: {"type": "DATE_TIME", "pattern": styles.DAY_TIME},
    styles.TEXT: {"type": "TEXT"},
    styles.COUNT: {"type": "NUMBER", "pattern": styles.COUNT},
}
_LOOK = "userEnteredValue,note,userEnteredFormat"


def planned(tab: Tab, number: int, heads: Sequence[Head]) -> LiveTab:
    """Return a tab to be made, with the id `number`, as it will stand; `heads`: a worker's."""
    rows, columns, frozen = LAST_ROW, len(tab.laid), HEADER_ROW
    if tab is GUIDE:
        rows, columns, frozen = 300, len(_GUIDE_WIDTHS), 0
    elif heads:
        rows, columns, frozen = WORKER_ROWS, len(heads), 2
    return LiveTab(
        id=number,
        title=tab.title,
        rows=rows,
        columns=columns,
        frozen=frozen,
        hidden=tab.hidden,
        fresh=True,
    )


def added(tab: Tab, live: LiveTab, index: int) -> Request:
    """Return the request for a tab at its place among the others."""
    grid = {"rowCount": live.rows, "columnCount": live.columns, "frozenRowCount": live.frozen}
    return {
        "addSheet": {
            "properties": {
                "sheetId": live.id,
                "title": live.title,
                "index": index,
                "gridProperties": {k: v for k, v in grid.items() if v},
                "hidden": live.hidden,
                "tabColorStyle": rgb(_color(tab)),
            }
        }
    }


def _color(tab: Tab) -> str:
    if tab.writer is Writer.NOBODY:
        return colors.TAB_GUIDE
    return tab_sheet.TAB_COLORS.get(tab.writer, colors.TAB_WORKER)


def filled(tab: Tab, live: LiveTab, book: Book, heads: Sequence[Head]) -> Iterator[Request]:
    """Yield what a new tab is filled with: a guide, the top of an input tab, a worker's widths."""
    if tab is GUIDE:
        yield from _guide(live, book)
    elif heads:
        yield from widths(_shape(live), heads)
        yield wrap(_shape(live), len(heads))
    else:
        yield from _top(tab, live, book)
        for place, column in enumerate(tab.laid):
            yield from column_requests(tab, column, live, HEADER_ROW, place)


def resized(live: LiveTab, *, rows: int = 0, columns: int = 0, frozen: int = 0) -> Request:
    """Return the request for another size or more frozen rows (0: as it is)."""
    wanted = {"rowCount": rows, "columnCount": columns, "frozenRowCount": frozen}
    grid = {k: v for k, v in wanted.items() if v}
    properties = {"sheetId": live.id, "gridProperties": grid}
    mask = f"gridProperties({','.join(grid)})"
    return {"updateSheetProperties": {"properties": properties, "fields": mask}}


def _shape(live: LiveTab) -> GoogleTab:
    return GoogleTab(id=live.id, title=live.title)


def _top(tab: Tab, live: LiveTab, book: Book) -> Iterator[Request]:
    """Yield the lines above the header; not merged, as Google then refuses to sort and freeze."""
    urgent = _look(colors.DARK_RED, colors.RED, bold=True)
    plain = _look(colors.INK, "", bold=False)
    rows = [
        {"values": [{"userEnteredValue": {"stringValue": text}, "userEnteredFormat": look}]}
        for text, look in zip(tab_sheet.above(tab, book), (urgent, plain), strict=True)
    ]
    yield _cells(live, 0, 0, rows)


def column_requests(
    tab: Tab, column: Column, live: LiveTab, header_row: int, place: int
) -> Iterator[Request]:
    """Yield a new column's header (1-based row) with its note, its width, and its cells' look."""
    look = _look(styles.NEED_INKS[column.need], styles.NEED_FILLS[column.need], bold=True)
    look |= {"wrapStrategy": "WRAP", "horizontalAlignment": "CENTER", "verticalAlignment": "MIDDLE"}
    head = {
        "userEnteredValue": {"stringValue": column.header},
        "userEnteredFormat": look,
        "note": rules.prompt(column),
    }
    yield _cells(live, header_row - 1, place, [{"values": [head]}])
    span = {"sheetId": live.id, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    yield {
        "updateDimensionProperties": {
            "range": span,
            "properties": {"pixelSize": (column.width + 2) * 8},
            "fields": "pixelSize",
        }
    }
    yield {
        "repeatCell": {
            "range": {
                "sheetId": live.id,
                "startRowIndex": header_row,
                "startColumnIndex": place,
                "endColumnIndex": place + 1,
            },
            "cell": {
                "userEnteredFormat": {
                    "numberFormat": shown(tab, column),
                    "wrapStrategy": "WRAP",
                    "verticalAlignment": "TOP",
                }
            },
            "fields": "userEnteredFormat(numberFormat,wrapStrategy,verticalAlignment)",
        }
    }


def shown(tab: Tab, column: Column) -> dict[str, str]:
    """Return the number format of a column.

    As text, Google neither turns 02/2021 into a day nor drops the first 0 of a telephone.
    """
    return _FORMATS[tab_sheet.number_format(tab, column)]


def formatted(
    tab: Tab, column: Column, live: LiveTab, rows: tuple[int, int], place: int
) -> Request:
    """Return the request for the number format of a column's rows, (first, end) from 0."""
    return {
        "repeatCell": {
            "range": {
                "sheetId": live.id,
                "startRowIndex": rows[0],
                "endRowIndex": rows[1],
                "startColumnIndex": place,
                "endColumnIndex": place + 1,
            },
            "cell": {"userEnteredFormat": {"numberFormat": shown(tab, column)}},
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def noted(live: LiveTab, header_row: int, place: int, column: Column) -> Request:
    """Return the request for a header's note."""
    rows = [{"values": [{"note": rules.prompt(column)}]}]
    return _cells(live, header_row - 1, place, rows, "note")


def _cells(
    live: LiveTab, row: int, column: int, rows: Sequence[Request], mask: str = _LOOK
) -> Request:
    start = {"sheetId": live.id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"rows": list(rows), "fields": mask, "start": start}}


def _look(ink: str, paper: str, *, bold: bool) -> Request:
    text = {"foregroundColorStyle": rgb(ink), "bold": bold}
    return {"textFormat": text, **({"backgroundColorStyle": rgb(paper)} if paper else {})}


def _guide(live: LiveTab, book: Book) -> Iterator[Request]:
    """Yield the guide as the .xlsx has it, cell by cell."""
    sheet = Workbook().worksheets[0]
    sheet.title = GUIDE.title
    guide.build(sheet, book)
    yield from widths(_shape(live), _GUIDE_WIDTHS)
    lines = {each.min_row for each in sheet.merged_cells.ranges}
    rows = [
        {"values": [_copied(c, wide=c.row in lines) for c in row if isinstance(c, Cell)]}
        for row in sheet.rows
    ]
    yield _cells(live, 0, 0, rows)


def _copied(cell: Cell, *, wide: bool) -> Request:
    if cell.value is None:
        return {}
    paper = str(cell.fill.start_color.rgb)[-6:] if cell.fill.fill_type else ""
    look = _look(str(cell.font.color.rgb)[-6:], paper, bold=bool(cell.font.b))
    look["wrapStrategy"] = "OVERFLOW_CELL" if wide else "WRAP"
    look["verticalAlignment"] = "TOP"
    return {"userEnteredValue": {"stringValue": str(cell.value)}, "userEnteredFormat": look}
