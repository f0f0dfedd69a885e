"""Every column's reader, given anything at all: it never raises, and never reads what is not."""

from datetime import date
from functools import cache

import pytest
from builders import HANOI, THREE, at, rules, sheet
from hypothesis import given
from hypothesis import strategies as st

from automator.core.layout import INPUT_TABS, SCHOOLS, Column, Kind, Tab
from automator.core.locate import locate_columns
from automator.core.problem import Severity
from automator.core.readers import Context, Reader, contents, readers
from automator.core.register import Assignment, School
from automator.core.schools import RosterIndex
from automator.core.snapshot import Cell
from automator.core.units import AreaIndex

COLUMNS = [
    pytest.param(tab, column, id=f"{tab.key}-{column.key}")
    for tab in INPUT_TABS
    for column in tab.columns
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789/-.: hTngàyáămkỳquýtuần", max_size=25),
    st.sampled_from(["#N/A", "=1+1", "TiÕng ViÖt", "\u202e1", "{{ x }}", "x" * 32767, "9" * 5000]),
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


def _school(code: str, name: str) -> School:
    return School(code=code, name=name, level="TH", assignments=(Assignment(commune="28036"),))


@cache
def readers_of(tab: Tab) -> dict[str, Reader]:
    directive = rules().directive
    located, _ = locate_columns(tab, sheet(tab.key, ()))
    assert located is not None
    context = Context(
        directive=directive,
        zone=HANOI,
        now=at("2021-03-08"),
        date_1904=False,
        schools=RosterIndex([_school(str(s["code"]), str(s["name"])) for s in THREE]),
        units=AreaIndex(directive.units),
        contents=contents(directive),
    )
    return readers(located, context)


@pytest.mark.parametrize(("tab", "column"), COLUMNS)
@given(CELLS)
def test_any_cell(tab: Tab, column: Column, cell: Cell) -> None:
    """Nothing raises; a value that blocks is no value; every fault says what to do."""
    value, faults = readers_of(tab)[column.key](cell)
    for fault in faults:
        assert fault.message
        assert fault.remedy.endswith(".")
        assert value in (None, ()) or fault.severity is not Severity.BLOCKS


@pytest.mark.parametrize(("tab", "column"), COLUMNS)
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_a_failed_formula(tab: Tab, column: Column, error: str) -> None:
    """Whatever the column holds, the fault names the formula, not the list or the calendar."""
    value, faults = readers_of(tab)[column.key](error)
    assert (value in (None, ()), [f.code for f in faults]) == (True, ["error_value"])


@pytest.mark.parametrize(
    ("tab", "column"), [c for c in COLUMNS if c.values[1].kind is not Kind.FREE]
)
def test_an_old_font(tab: Tab, column: Column) -> None:
    """What cannot be read because of its encoding says so; a text stands as it is."""
    value, faults = readers_of(tab)[column.key]("Tr­êng TiÓu häc Mü L¹c, huyÖn Thñ Thõa")
    assert [f.code for f in faults] == ["broken_encoding"]
    assert (value in (None, ())) is (column.kind not in (Kind.TEXT, Kind.PERIOD_OR_CODE)) or (
        tab.key,
        column.key,
    ) == ("extensions", "period")


def test_dates_of_other_centuries() -> None:
    """A year before 1900 or after 2100 is no day of a school, and no exception."""
    read = readers_of(SCHOOLS)["valid_from"]
    for day in (date.min, date(1899, 12, 31), date(2101, 1, 1), date.max):
        assert [f.code for f in read(day)[1]] == ["out_of_window"]
