"""What every part of an explanation looks at, and how days and cells are written."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from automator.core.case import Case
from automator.core.directive import Obligation
from automator.core.finding import Finding
from automator.core.layout import tab
from automator.core.moment import Moment
from automator.core.register import Row
from automator.report import Report
from automator.wording import day_words

INDENT = " " * 14


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One finding with the case that it was judged on."""

    report: Report
    finding: Finding
    case: Case
    obligation: Obligation

    @classmethod
    def of(cls, report: Report, finding: Finding) -> "View":
        """Take the case of a finding out of the report's files."""
        case = report.outcome.assessment.files.case(finding.instance)
        return cls(report=report, finding=finding, case=case, obligation=case.obligation)

    @property
    def zone(self) -> ZoneInfo:
        """The local zone."""
        return self.report.zone

    def at(self, instant: datetime) -> str:
        """Return an instant to the second where it has any: "Fri 26/02/2021 07:00"."""
        local = instant.astimezone(self.zone)
        return f"{day_words(local.date())} {local:%H:%M:%S}".removesuffix(":00")

    def until(self, due_before: datetime) -> str:
        """Return a half-open end as people count: midnight is the 24:00 of the day before."""
        local = due_before.astimezone(self.zone)
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            return f"24:00 of {day_words(date.fromordinal(local.toordinal() - 1))}"
        return self.at(due_before)

    def moment(self, moment: Moment) -> str:
        """Return what was typed, read as a day or as an instant."""
        return self.at(moment.instant) if moment.timed else day_words(moment.day)

    def place(self, row: Row, column: str) -> str:
        """Return the cell of a row, "Kế hoạch!B3"."""
        cell = self.report.outcome.assessment.register.cell(row.tab, row.number, column)
        return f"{self.title(row)}!{cell}"

    def title(self, row: Row) -> str:
        """Return the title of a row's tab as the workbook has it."""
        titles = self.report.outcome.assessment.register.titles
        return titles.get(row.tab, tab(row.tab).title)


def line(label: str, text: str) -> str:
    """Return a line of two columns."""
    return f"  {label:<12}{text}"


def more(text: str) -> str:
    """Return a line that goes on with what the one above is about."""
    return INDENT + text
