"""What the tables of a report hold, whoever prints them."""

from collections.abc import Sequence
from dataclasses import dataclass

from automator.core import words
from automator.core.contacts import masked, masked_within
from automator.core.finding import Finding, Status
from automator.core.lines import finding_line, rate_line
from automator.core.names import sort_key
from automator.core.problem import Problem, Severity
from automator.report import Report, Sent

FOLLOWED = (Status.MISSING, Status.RETURNED, Status.LATE, Status.DUE, Status.UNKNOWN)
"""What a person should look at, the gravest first."""
SHOWN_PROBLEMS = 12
_GRAVITY = (Severity.BLOCKS, Severity.WARNS, Severity.CORRECTED)

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A titled table of text."""

    title: str
    header: tuple[str, ...]
    rows: Rows


def all_of(report: Report) -> list[Table]:
    """Return the tables of a report in the order in which they are read."""
    return [
        Table(title=rates_title(report), header=RATE_HEADER, rows=rates(report)),
        Table(title="Nội dung cần theo dõi", header=FINDING_HEADER, rows=_findings(report)),
        Table(title="Thư", header=MAIL_HEADER, rows=[_mail(m, report) for m in report.messages]),
        Table(title="Lỗi nhập liệu", header=PROBLEM_HEADER, rows=_problems(report)),
    ]


RATE_HEADER = ("Nội dung", "Kỳ", "Hạn cuối", "Đúng hạn", "Sau hạn", "Bổ sung", "Chưa nhận", "Tỷ lệ")
FINDING_HEADER = ("Trường", "Nội dung", "Tình trạng", "Hạn cuối", "Ghi chú", "Dòng")
MAIL_HEADER = ("Loại", "Vai trò", "Nơi nhận", "Địa chỉ", "Tiêu đề", "Trạng thái")
PROBLEM_HEADER = ("Tab", "Ô", "Mã lỗi", "Lỗi")


def rates_title(report: Report) -> str:
    """Return the title of the summary: as at when."""
    return f"Tổng hợp, {words.instant_words(report.now, report.zone)}"


def rates(report: Report) -> Rows:
    """Return the counts of the whole office, an obligation (and period) a row."""
    office = report.outcome.speech.people.office
    days = _last_days(report)
    rows: Rows = []
    for rate in report.outcome.rates:
        if rate.unit != office:
            continue
        line = rate_line(rate, report.outcome.speech)
        waiting = f"{rate.open_received}/{rate.open} đã nhận" if rate.open else ""
        share = words.percent_words(rate.completeness) if rate.expected else waiting or "–"
        counts = (rate.on_time, rate.late, rate.returned, rate.missing)
        day = days.get((rate.obligation, rate.period), "")
        rows.append((line.title, line.period_words, day, *map(str, counts), share))
    return rows


def _last_days(report: Report) -> dict[tuple[str, str | None], str]:
    """Return the last good day of each obligation and period, where it is one for all."""
    found: dict[tuple[str, str | None], str] = {}
    for finding in report.outcome.findings:
        instance = finding.instance
        if not instance.extended and instance.incident is None:
            at = (instance.obligation, instance.period)
            found.setdefault(at, words.day_words(finding.last_day))
    return found


def followed(report: Report) -> list[Finding]:
    """Return the findings that a person should look at: by status, deadline, school."""
    chosen = [f for f in report.outcome.findings if f.status in FOLLOWED]
    people = report.outcome.speech.people
    return sorted(
        chosen,
        key=lambda f: (
            FOLLOWED.index(f.status),
            f.instance.due_before,
            f.instance.obligation,
            sort_key(people.unit_name(f.instance.school)),
        ),
    )


def _findings(report: Report) -> Rows:
    rows: Rows = []
    for finding in followed(report):
        line = finding_line(finding, report.outcome.speech)
        rows.append(
            (
                line.school_name,
                f"{line.title} {line.period_words}".strip(),
                line.status_words,
                words.day_words(finding.last_day),
                "; ".join(line.reason_words),
                ", ".join(finding.rows),
            )
        )
    return rows


def addresses(message: Sent) -> str:
    """Return the addresses of a message, masked: tables end up in logs."""
    return ", ".join(masked(a) for a in message.recipients)


def state(message: Sent) -> str:
    """Return the state of a message, with why where it did not go out."""
    return message.state + (f" ({masked_within(message.detail)})" if message.detail else "")


def _mail(message: Sent, report: Report) -> tuple[str, ...]:
    name = report.outcome.speech.people.unit_name(message.unit)
    who = (message.kind, message.role, name, addresses(message))
    return (*who, message.subject, state(message))


def to_mend(report: Report) -> Sequence[Problem]:
    """Return the faults that someone may mend now, the gravest first.

    What is dated later than the report is only counted.
    """
    found = [p for p in report.outcome.problems if p.code != "future"]
    return sorted(found, key=lambda p: _GRAVITY.index(p.severity))


def fault(problem: Problem) -> str:
    """Return one fault in words."""
    return f"{problem.header}: {problem.message}" if problem.header else problem.message


def _problems(report: Report) -> Rows:
    mend = to_mend(report)
    rows: Rows = [(p.tab, p.cell or "", p.code, fault(p)) for p in mend[:SHOWN_PROBLEMS]]
    if len(mend) > SHOWN_PROBLEMS:
        rows.append(("…", "", "", f"và {len(mend) - SHOWN_PROBLEMS} lỗi khác"))
    return rows
