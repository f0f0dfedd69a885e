"""Reports for people: rich tables on a terminal, plain tab-separated lines in a pipe."""

import json
import sys
from collections import Counter
from collections.abc import Sequence

from automator.cli import tables
from automator.core.finding import Status
from automator.report import Report, document
from automator.wording import counted, day_words, instant_words


def print_json(report: Report) -> None:
    """Print the document of the contract, UTF-8, on stdout."""
    print(json.dumps(document(report), ensure_ascii=False, indent=1))


def print_report(report: Report) -> None:
    """Print what a run (or a look) came to: rates, open findings, mails, problems."""
    if sys.stdout.isatty():
        from rich.console import Console

        from automator.cli import terminal

        terminal.show(report, Console())
    else:
        _plain(tables.all_of(report))
    for line in (*closing(report), *coming(report)):
        print(line)


def print_tables(found: Sequence[tables.Table]) -> None:
    """Print tables of any kind: for a person on a terminal, else tab-separated."""
    if sys.stdout.isatty():
        from rich.console import Console

        from automator.cli import terminal

        for table in found:
            terminal.show_table(table, Console())
    else:
        _plain(found)


def _plain(found: Sequence[tables.Table]) -> None:
    for table in found:
        if table.rows:
            print(f"# {table.title}")
            print("\t".join(table.header))
            for row in table.rows:
                print("\t".join(" ".join(cell.split()) for cell in row))
            print()


def closing(report: Report) -> list[str]:
    """Return the last lines: what was counted, and where the mails and the status are."""
    outcome = report.outcome
    statuses = Counter(f.status for f in outcome.findings)
    counted = ", ".join(f"{statuses[s]} {s.value}" for s in Status if statuses[s]) or "none"
    states = ", ".join(f"{n} {s}" for s, n in sorted(report.states.items())) or "none"
    withheld = ", ".join(f"{n} {reason}" for reason, n in outcome.plan.counts().items()) or "none"
    ahead = sum(p.code == "future" for p in outcome.problems)
    lines = [
        f"schools: {len(outcome.assessment.register.schools)}; findings: {counted}",
        f"mails: {states}; withheld: {withheld}",
        f"problems: {len(outcome.problems)}" + (f" ({ahead} dated later)" if ahead else ""),
    ]
    if report.unknown:
        lines.append(report.unknown)
    if report.outbox:
        lines.append(f"mails are in {report.outbox} (open {report.outbox}/index.html)")
    if report.published:
        lines.append(f"status tabs are in {report.published}")
    return lines


def coming(report: Report) -> list[str]:
    """Return what comes next, if nothing more comes in: runs, steps by day, digests by role."""
    ahead = report.ahead
    if ahead is None:
        return []
    minutes = ahead.watch.total_seconds() / 60
    runs = f"next run: {instant_words(ahead.daily)}, of the digests: {instant_words(ahead.digest)}"
    lines = [
        "",
        f"{runs}, of the watch: every {minutes:g} min",
        "next steps, with the workbook as it is:",
    ]
    for day in ahead.days:
        steps = ", ".join(f"{n} {step}" for step, n in day.steps.items()) or "none"
        held = f"; {counted(day.held, 'mail')} held" if day.held else ""
        lines.append(f"  {day_words(day.day)}  {counted(day.mails, 'mail')}: {steps}{held}")
    lines.append("digests:")
    for digest in ahead.digests:
        following = instant_words(digest.next) if digest.next else "not in these days"
        lines.append(f"  {digest.role:<9} last {digest.last or 'none yet'}, next {following}")
    return lines
