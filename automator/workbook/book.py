"""What goes into a template besides the layout: rows, units, contents to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from automator.core.snapshot import Cell

Row = tuple[Cell, ...]
"""One row's cells in the order of the layout's columns; shorter ones are blank to the right."""

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
LAST_ROW = 1_000
"""How far drop-downs, checks and colours reach in a tab that is filled in."""
LAST_SCHOOL_ROW = 300

CONTENTS = (
    ("plan", "Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc"),
    ("propaganda", "Hình thức tuyên truyền"),
    ("model", "Mô hình phòng, chống tội phạm và bảo vệ an ninh Tổ quốc"),
    ("urgent-report", "Báo cáo đột xuất"),
    ("periodic-report", "Báo cáo định kỳ"),
)
"""Hard obligations of the 2021 directive, (id, title): what Nội dung offers."""
TASKS: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A template to build. `units` are (id, name) of communes; `rows` stand by tab key.

    `contents` and `tasks` are the (id, title) of hard and soft obligations. `sample` marks
    every sheet as an example.
    """

    contents: tuple[tuple[str, str], ...] = CONTENTS
    tasks: tuple[tuple[str, str], ...] = TASKS
    units: tuple[tuple[str, str], ...] = ()
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    sample: bool = False
    banner: str = ""  # an extra line, in the tab Trường and in the guide
