"""Consecutive periods for which nothing came: one line to read, told the higher the longer."""

from collections.abc import Iterable, Mapping, Sequence

from automator.core.finding import Finding, Status
from automator.core.periods import parse_label, range_words

SKIPPED = frozenset({Status.EXEMPT})
"""Statuses of periods that neither lengthen a streak nor end it."""


def streaks(findings: Iterable[Finding]) -> Mapping[str, tuple[str, ...]]:
    """Return for each open recurring finding the labels of its streak, the oldest first.

    A streak is the missing periods right before it, and its own; a period that expected
    nothing, or that a waiver covers, does not end it.
    """
    lines: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.instance.period is not None:
            owed = (finding.instance.school, finding.instance.obligation)
            lines.setdefault(owed, []).append(finding)
    found: dict[str, tuple[str, ...]] = {}
    for line in lines.values():
        run: tuple[str, ...] = ()
        for finding in sorted(line, key=_by_label):
            if finding.status in SKIPPED:
                continue
            label = finding.instance.period or ""
            if finding.status in (Status.MISSING, Status.DUE, Status.UPCOMING):
                found[finding.key] = (*run, label)
            run = (*run, label) if finding.status is Status.MISSING else ()
    return found


def _by_label(finding: Finding) -> str:
    return finding.instance.period or ""


def streak_words(labels: Sequence[str]) -> str:
    """Return periods in words, consecutive ones as a range: "tháng 3–5/2021, tháng 09/2021"."""
    runs: list[list[str]] = []
    for label in labels:
        period = parse_label(label)
        last = parse_label(runs[-1][-1]) if runs else None
        if period and last and (period.first - last.last).days == 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    said: list[str] = []
    for run in runs:
        first, last = parse_label(run[0]), parse_label(run[-1])
        said.append(range_words(first, last) if first and last else run[0])
    return ", ".join(said)
