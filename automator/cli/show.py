"""Reports for people: rich tables on a terminal, plain tab-separated lines in a pipe."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from automator.core import words
from automator.core.finding import Finding, Status
from automator.core.lines import finding_line, rate_line
from automator.core.names import sort_key
from automator.report import Report, document, masked

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {"missing": "bold red", "late": "yellow", "returned": "magenta", "due": "cyan"}
_TOLD = ("missing", "returned", "late", "due", "unknown")
_SHOWN_PROBLEMS = 12


def print_json(report: Report) -> None:
    """Print the document of the contract, UTF-8, on stdout."""
    print(json.dumps(document(report), ensure_ascii=False, indent=1))


def print_report(report: Report) -> None:
    """Print what a run (or a look) came to: rates, open findings, mails, problems."""
    on_terminal = sys.stdout.isatty()
    for title, header, rows in _tables(report):
        if rows:
            (_rich if on_terminal else _plain)(title, header, rows)
    for line in _closing(report):
        print(line)


Rows = list[tuple[str, ...]]


def _tables(report: Report) -> Iterable[tuple[str, tuple[str, ...], Rows]]:
    at = words.instant_words(report.now, report.zone)
    yield f"Tổng hợp, {at}", _RATE_HEADER, _rates(report)
    yield "Nội dung cần theo dõi", _FINDING_HEADER, _findings(report)
    yield "Thư", _MAIL_HEADER, _mails(report)
    yield "Lỗi nhập liệu", _PROBLEM_HEADER, _problems(report)


_RATE_HEADER = ("Nội dung", "Kỳ", "Hạn", "Đúng hạn", "Sau hạn", "Bổ sung", "Chưa nhận", "Tỷ lệ")
_FINDING_HEADER = ("Trường", "Nội dung", "Tình trạng", "Hạn cuối", "Ghi chú", "Dòng")
_MAIL_HEADER = ("Loại", "Vai trò", "Nơi nhận", "Địa chỉ", "Tiêu đề", "Trạng thái")
_PROBLEM_HEADER = ("Tab", "Ô", "Mã lỗi", "Lỗi")


def _rates(report: Report) -> Rows:
    office = report.outcome.speech.people.office
    dues: dict[tuple[str, str | None], str] = {}
    for finding in report.outcome.findings:
        at = (finding.instance.obligation, finding.instance.period)
        if at not in dues and not finding.instance.extended and finding.instance.incident is None:
            dues[at] = words.until_words(finding.instance.due_before, report.zone)
    rows: Rows = []
    for rate in report.outcome.rates:
        if rate.unit != office:
            continue
        line = rate_line(rate, report.outcome.speech)
        waiting = f"{rate.open_received}/{rate.open} đã nhận" if rate.open else ""
        share = words.percent_words(rate.completeness) if rate.expected else waiting or "–"
        rows.append(
            (
                line.title,
                line.period_words,
                dues.get((rate.obligation, rate.period), ""),
                str(rate.on_time),
                str(rate.late),
                str(rate.returned),
                str(rate.missing),
                share,
            )
        )
    return rows


def _findings(report: Report) -> Rows:
    chosen = [f for f in report.outcome.findings if f.status.value in _TOLD]
    chosen.sort(key=lambda f: _urgency(f, report))
    rows: Rows = []
    for finding in chosen:
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


def _urgency(finding: Finding, report: Report) -> tuple[object, ...]:
    name = report.outcome.speech.people.unit_name(finding.instance.school)
    return (
        _TOLD.index(finding.status.value),
        finding.instance.due_before,
        finding.instance.obligation,
        sort_key(name),
    )


def _mails(report: Report) -> Rows:
    return [
        (
            m.kind,
            m.role,
            report.outcome.speech.people.unit_name(m.unit),
            ", ".join(masked(a) for a in m.recipients),
            m.subject,
            m.state + (f" ({m.detail})" if m.detail else ""),
        )
        for m in report.messages
    ]


def _problems(report: Report) -> Rows:
    """The faults that someone may mend now; what lies ahead of `now` is only counted."""
    mend = [p for p in report.outcome.problems if p.code != "future"]
    rows: Rows = [
        (p.tab, p.cell or "", p.code, f"{p.header}: {p.message}" if p.header else p.message)
        for p in mend[:_SHOWN_PROBLEMS]
    ]
    if len(mend) > _SHOWN_PROBLEMS:
        rows.append(("…", "", "", f"và {len(mend) - _SHOWN_PROBLEMS} lỗi khác"))
    return rows


def _closing(report: Report) -> list[str]:
    outcome = report.outcome
    statuses = Counter(f.status for f in outcome.findings)
    counted = ", ".join(f"{statuses[s]} {s.value}" for s in Status if statuses[s])
    states = ", ".join(f"{n} {s}" for s, n in sorted(report.states.items())) or "none"
    withheld = ", ".join(f"{n} {reason}" for reason, n in outcome.plan.counts().items()) or "none"
    ahead = sum(p.code == "future" for p in outcome.problems)
    lines = [
        f"schools: {len(outcome.assessment.register.schools)}; findings: {counted}",
        f"mails: {states}; withheld: {withheld}",
        f"problems: {len(outcome.problems)}" + (f" ({ahead} dated later)" if ahead else ""),
    ]
    if report.outbox:
        lines.append(f"mails are in {report.outbox} (open {report.outbox}/index.html)")
    if report.published:
        lines.append(f"status tabs are in {report.published}")
    return lines


def _rich(title: str, header: Sequence[str], rows: Rows) -> None:
    from rich.console import Console

    Console().print(_table(title, header, rows))


def _table(title: str, header: Sequence[str], rows: Rows) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", expand=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        style = next((s for key, s in _STYLES.items() if _is(row, key)), None)
        table.add_row(*(escape(cell) for cell in row), style=style)
    return table


def _is(row: tuple[str, ...], status: str) -> bool:
    said = {
        "missing": "Chưa nhận",
        "late": "Đã nhận sau hạn",
        "returned": "Đề nghị bổ sung",
        "due": "Chưa nhận – sắp đến hạn",
    }
    return len(row) > 2 and (row[2] == said[status] or row[2].startswith(said[status] + " ("))


def _plain(title: str, header: Sequence[str], rows: Rows) -> None:
    print(f"# {title}")
    print("\t".join(header))
    for row in rows:
        print("\t".join(_one_line(cell) for cell in row))
    print()


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
