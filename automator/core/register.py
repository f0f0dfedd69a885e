"""What the workbook says, parsed: schools, submissions, incidents, receipts, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from automator.core.moment import Moment
from automator.core.problem import Problem
from automator.core.snapshot import cell_name

Value = str | int | bool | Moment | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row with anything in it. `number` is its 1-based row in the sheet.

    `values` holds the parsed cells by column key (None: blank, bad or absent column).
    `canon` is the row as it is recognised again: every listed cell's text, free text hashed.
    `valid`: no required cell is blank or bad and its school is known. `incomplete`: the keys
    of expected columns that are there and blank or bad.
    """

    tab: str
    number: int
    values: Mapping[str, Value]
    canon: tuple[tuple[str, str], ...]
    school: str | None
    valid: bool
    incomplete: tuple[str, ...] = ()
    secret: bool = False  # marked MẬT: what it would send is held

    def text(self, key: str) -> str:
        """Return a text cell, "" where blank."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def moment(self, key: str) -> Moment | None:
        """Return a day cell, None where blank or bad."""
        value = self.values.get(key)
        return value if isinstance(value, Moment) else None

    def number_of(self, key: str) -> int | None:
        """Return a count cell, None where blank or bad."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def truth(self, key: str) -> bool | None:
        """Return a yes/no cell, None where unknown."""
        value = self.values.get(key)
        return value if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a row of Trường says of a school over days from <= d <= to (None: open).

    What is blank is as in the school itself.
    """

    commune: str
    valid_from: date | None = None
    valid_to: date | None = None
    name: str = ""
    level: str = ""
    emails: tuple[str, ...] = ()
    recipient_title: str = ""
    phone: str = ""
    ministry_code: str = ""

    def covers(self, day: date) -> bool:
        """Tell whether the assignment holds on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """One school with its history, oldest first; it is itself as its last row says.

    A row may lie ahead: whoever shows a name or sends a mail asks for `on` the day.
    """

    code: str
    name: str
    level: str
    assignments: tuple[Assignment, ...]
    emails: tuple[str, ...] = ()
    recipient_title: str = "Hiệu trưởng"
    phone: str = ""
    ministry_code: str = ""

    def commune_on(self, day: date) -> str | None:
        """Return the commune's unit id as at `day`, None where the school is not open."""
        for assignment in self.assignments:
            if assignment.covers(day):
                return assignment.commune
        return None

    def open_on(self, day: date) -> bool:
        """Tell whether the school exists on `day`."""
        return self.commune_on(day) is not None

    def on(self, day: date) -> "School":
        """Return the school with the name, level and addresses of `day`.

        Where it is not open: as it last was before the day, else as it is to open.
        """
        if len(self.assignments) < 2:
            return self
        begun = [a for a in self.assignments if a.valid_from is None or a.valid_from <= day]
        then = begun[-1] if begun else self.assignments[0]
        return replace(
            self,
            name=then.name or self.name,
            level=then.level or self.level,
            emails=then.emails or self.emails,
            recipient_title=then.recipient_title or self.recipient_title,
            phone=then.phone or self.phone,
            ministry_code=then.ministry_code or self.ministry_code,
        )

    @property
    def opens(self) -> date | None:
        """Its first day, None where it has always been there."""
        days = [a.valid_from for a in self.assignments]
        return None if None in days else min((d for d in days if d), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The workbook as values. `rows` by tab key, in sheet order; `read` are the tabs read.

    `unreadable` are tabs (or their required columns) not found; a tab in neither was not
    asked for. `absent` holds per tab the expected columns that are not there at all.
    """

    schools: Mapping[str, School]
    rows: Mapping[str, tuple[Row, ...]]
    read: frozenset[str]
    unreadable: frozenset[str]
    problems: tuple[Problem, ...] = ()
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # tab key -> title as found
    links: Mapping[str, str] = field(default_factory=dict)  # tab key -> link with {cell}

    def cell(self, tab: str, row: int, column: str) -> str:
        """Return the A1 name of a row's cell, of column A where the column is absent."""
        return cell_name(row, self.columns.get(tab, {}).get(column, 0))

    def of(self, tab: str) -> tuple[Row, ...]:
        """Return the rows of a tab (none where it was not read)."""
        return self.rows.get(tab, ())
