"""Find tabs by name and columns by header, in any order, in the first ten rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from automator.core.layout import HEADER_SEARCH_ROWS, INPUT_TABS, TABS, Column, Need, Tab
from automator.core.names import header_key, key
from automator.core.problem import Problem, Severity
from automator.core.snapshot import Cell, Sheet, Snapshot, cell_name

OPTIONAL_TABS = frozenset({"tasks", "waivers", "extensions"})
"""Tabs that an office may do without: they hold decisions that few take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A readable tab: its sheet, the 1-based header row, and where each column stands.

    `columns` maps column keys to 0-based positions; `absent` are the expected columns that
    are not there; `others` are positions of columns that the layout does not know.
    """

    tab: Tab
    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    absent: tuple[str, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """All tabs of one read: the readable ones, the unreadable ones, and what was wrong.

    `restored` are those of `found` that were not read but hold their last good rows;
    `date_1904` as in the snapshot.
    """

    found: Mapping[str, Located]
    unreadable: frozenset[str]
    problems: tuple[Problem, ...]
    restored: frozenset[str] = frozenset()
    date_1904: bool = False


def locate(snapshot: Snapshot) -> Location:
    """Return where each asked tab of the snapshot stands. A bad tab never stops the others."""
    asked = [t for t in INPUT_TABS if snapshot.asked is None or t.key in snapshot.asked]
    found: dict[str, Located] = {}
    problems: list[Problem] = list(snapshot.problems)
    unreadable: set[str] = set()
    for tab in asked:
        sheet, faults = _sheet(snapshot, tab)
        problems += faults
        located = None
        if sheet is not None:
            located, faults = locate_columns(tab, sheet)
            problems += faults
        if located is None:
            unreadable.add(tab.key)
        else:
            found[tab.key] = located
    problems += _unknown_tabs(snapshot)
    return Location(
        found=found,
        unreadable=frozenset(unreadable),
        problems=tuple(problems),
        date_1904=snapshot.date_1904,
    )


def _sheet(snapshot: Snapshot, tab: Tab) -> tuple[Sheet | None, list[Problem]]:
    wanted = key(tab.title)
    same = [s for s in snapshot.sheets if key(s.title) == wanted]
    if not same:
        return None, [_missing_tab(tab, snapshot.sheets)]
    if len(same) == 1:
        return same[0], []
    return same[0], [
        Problem(
            tab=tab.title,
            cell=None,
            code="duplicate_tab",
            severity=Severity.WARNS,
            message=f"có {len(same)} tab cùng tên “{tab.title}”; chỉ đọc tab đứng trước",
            remedy="Đề nghị xóa hoặc đổi tên tab thừa.",
        )
    ]


def _unknown_tabs(snapshot: Snapshot) -> list[Problem]:
    known = {key(tab.title) for tab in TABS}
    expected = ", ".join(f"“{tab.title}”" for tab in INPUT_TABS)
    return [
        Problem(
            tab=sheet.title,
            cell=None,
            code="unknown_tab",
            severity=Severity.WARNS,
            message=f"tab “{sheet.title}” không thuộc sổ; các tab được đọc: {expected}",
            remedy="Đề nghị xóa tab này nếu là bản sao, hoặc đặt lại tên đúng.",
        )
        for sheet in snapshot.sheets
        if key(sheet.title) not in known and sheet.rows
    ]


def _missing_tab(tab: Tab, sheets: Iterable[Sheet]) -> Problem:
    titles = ", ".join(f"“{s.title}”" for s in sheets) or "không có tab nào"
    return Problem(
        tab=tab.title,
        cell=None,
        code="missing_tab",
        severity=Severity.WARNS if tab.key in OPTIONAL_TABS else Severity.BLOCKS,
        message=f"không tìm thấy tab “{tab.title}”; sổ đang có: {titles}",
        remedy=f"Đề nghị đặt lại tên tab là “{tab.title}” hoặc lấy lại tab từ sổ mẫu.",
    )


def locate_columns(tab: Tab, sheet: Sheet) -> tuple[Located | None, list[Problem]]:
    """Return where the columns of `tab` stand in `sheet`, None if a required one is missing."""
    best_row, best, header = find_header(tab, sheet)
    missing = [c for c in tab.columns if c.key not in best and c.need is not Need.OPTIONAL]
    problems = [_missing_column(tab, c, header, best_row) for c in missing]
    if any(c.need is Need.REQUIRED for c in missing):
        return None, [p for p in problems if p.severity is Severity.BLOCKS]
    taken = set(best.values())
    problems += _duplicates(tab, header, best, best_row)
    problems += _unknown_columns(tab, header, best, best_row)
    others = tuple(i for i in range(max((len(r) for r in sheet.rows), default=0)) if i not in taken)
    located = Located(
        tab=tab,
        sheet=sheet,
        header_row=best_row,
        columns=best,
        absent=tuple(c.key for c in missing),
        others=others,
    )
    return located, problems


def find_header(tab: Tab, sheet: Sheet) -> tuple[int, dict[str, int], tuple[Cell, ...]]:
    """Return the header's last row (0: none), where each column stands, and its cells.

    A header may take two rows, "Ngày" over "Ngày gửi" and "Ngày ký", other cells merged
    downwards: the lower cell counts, else the upper one.
    """
    best_row, best, header = 0, dict[str, int](), tuple[Cell, ...]()
    upper: tuple[Cell, ...] = ()
    for number, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS], start=1):
        for cells in (row, _over(upper, row)):
            columns = _match(tab, cells)
            if len(columns) > len(best):
                best_row, best, header = number, columns, cells
        upper = row
    return best_row, best, header


def _over(upper: tuple[Cell, ...], lower: tuple[Cell, ...]) -> tuple[Cell, ...]:
    pairs = zip_longest(upper, lower)
    return tuple(b if b is not None else a for a, b in pairs)


def _match(tab: Tab, row: tuple[Cell, ...]) -> dict[str, int]:
    at: dict[str, int] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and cell:
            at.setdefault(header_key(cell), index)
    if not at:
        return {}  # a blank row: a sheet has many above and below its header
    found: dict[str, int] = {}
    taken: set[int] = set()
    for names in ([(c, c.header) for c in tab.columns], _aliases(tab)):
        for column, name in names:
            index_or_none = at.get(header_key(name))
            if column.key not in found and index_or_none is not None and index_or_none not in taken:
                found[column.key] = index_or_none
                taken.add(index_or_none)
    return found


def _aliases(tab: Tab) -> list[tuple[Column, str]]:
    return [(c, alias) for c in tab.columns for alias in c.aliases]


def _missing_column(tab: Tab, column: Column, header: tuple[Cell, ...], header_row: int) -> Problem:
    seen = ", ".join(f"“{cell}”" for cell in header if isinstance(cell, str) and cell.strip())
    where = f"hàng {header_row}: {seen}" if header_row else "không có hàng tiêu đề nào phù hợp"
    required = column.need is Need.REQUIRED
    return Problem(
        tab=tab.title,
        cell=None,
        code="missing_column",
        severity=Severity.BLOCKS if required else Severity.WARNS,
        header=column.header,
        message=f"không tìm thấy cột “{column.header}”; đang thấy {where}",
        remedy=f"Đề nghị đặt lại tiêu đề cột là “{column.header}” trong mười hàng đầu.",
    )


def _duplicates(
    tab: Tab, header: tuple[Cell, ...], columns: Mapping[str, int], header_row: int
) -> list[Problem]:
    by_position = {index: k for k, index in columns.items()}
    first = {header_key(str(header[i])): k for i, k in by_position.items()}
    return [
        Problem(
            tab=tab.title,
            cell=cell_name(header_row, index),
            code="duplicate_header",
            severity=Severity.WARNS,
            header=tab.column(first[header_key(cell)]).header,
            message="tiêu đề cột lặp lại; chỉ đọc cột đứng trước",
            remedy="Đề nghị xóa hoặc đổi tên cột thừa.",
        )
        for index, cell in enumerate(header)
        if isinstance(cell, str) and index not in by_position and header_key(cell) in first
    ]


def _unknown_columns(
    tab: Tab, header: tuple[Cell, ...], columns: Mapping[str, int], header_row: int
) -> list[Problem]:
    taken = set(columns.values())
    known = {header_key(name) for c in tab.columns for name in (c.header, *c.aliases)}
    missing = ", ".join(f"“{c.header}”" for c in tab.laid if c.key not in columns)
    return [
        Problem(
            tab=tab.title,
            cell=cell_name(header_row, index),
            code="unknown_column",
            severity=Severity.WARNS,
            message="cột này không thuộc sổ, không được đọc"
            + (f"; các cột chưa thấy: {missing}" if missing else ""),
            remedy="Đề nghị đặt lại tiêu đề nếu là cột của sổ; nếu không, có thể để nguyên.",
        )
        for index, cell in enumerate(header)
        if isinstance(cell, str)
        and index not in taken
        and header_key(cell)
        and header_key(cell) not in known
    ]
