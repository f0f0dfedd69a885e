"""Cells become text and come back as they were."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.snapshot import Cell
from automator.ledger.codec import dump, dump_cells, load_cells

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes().map(lambda cell: cell.replace(fold=0)),  # a workbook knows no folds
    st.times().map(lambda cell: cell.replace(fold=0)),
    st.timedeltas(),
)


@given(st.lists(st.lists(CELLS, max_size=4).map(tuple), max_size=4).map(tuple))
def test_every_cell_comes_back_as_it_was(rows: tuple[tuple[Cell, ...], ...]) -> None:
    """The value and its type survive; NaN is compared by its text."""
    back = load_cells(dump_cells(rows))
    assert [[(type(c), repr(c)) for c in row] for row in back] == [
        [(type(c), repr(c)) for c in row] for row in rows
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param("Mỹ Lạc", '[["Mỹ Lạc"]]', id="vietnamese-stays-readable"),
        pytest.param(
            datetime.fromisoformat("2021-02-25"),
            '[[{"datetime":"2021-02-25T00:00:00"}]]',
            id="datetime",
        ),
        pytest.param(date(2021, 2, 25), '[[{"date":"2021-02-25"}]]', id="date"),
        pytest.param(time(7, 30), '[[{"time":"07:30:00"}]]', id="time"),
        pytest.param(timedelta(hours=25), '[[{"span":[1,3600,0]}]]', id="span"),
        pytest.param(1, "[[1]]", id="int"),
        pytest.param(1.0, "[[1.0]]", id="float"),
        pytest.param(True, "[[true]]", id="bool"),
        pytest.param(float("-inf"), '[[{"float":"-inf"}]]', id="infinite"),
        pytest.param("\ud800", '[["\\ud800"]]', id="half-a-character"),
    ],
)
def test_cells_as_text(cell: Cell, text: str) -> None:
    """What is stored can be read by a person and by any JSON parser."""
    assert dump_cells(((cell,),)) == text
    assert load_cells(text) == ((cell,),)


def test_numbers_that_json_lacks_are_refused_elsewhere() -> None:
    """Only cells may be NaN: a count that is one is a fault of ours."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump(float("nan"))
