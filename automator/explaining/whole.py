"""All parts of an explanation, in the order in which one asks."""

from automator.core.finding import Finding
from automator.core.lines import finding_line
from automator.explaining import deadline, rows, telling, verdict
from automator.explaining.view import View, line, more
from automator.report import Report


def lines(report: Report, finding: Finding) -> list[str]:
    """Return the whole reasoning of one finding, a line a thought."""
    view = View.of(report, finding)
    return [
        *_head(view),
        *deadline.lines(view),
        *rows.lines(view),
        *verdict.lines(view),
        *telling.lines(view),
    ]


def _head(view: View) -> list[str]:
    finding, speech = view.finding, view.report.outcome.speech
    reasons = ", ".join(r.value for r in finding.reasons) or "no reasons"
    shown = finding_line(finding, speech)
    received = f", {shown.received_words}" if shown.received_words else ""
    period = speech.period(finding.instance)
    figures = f"; {period.figures_words}" if period and period.figures_words else ""
    about = " ".join(p for p in (shown.title, shown.period_words) if p)
    said = [
        f"{finding.key}: {finding.status.value} ({reasons})",
        line("as at", view.at(view.report.now)),
        line("school", f"{shown.school_name} ({shown.commune_name})"),
        line("obligation", f"{about} (clause {view.obligation.clause}{figures})"),
        line("in words", f"{shown.status_words}{received}"),
    ]
    return [*said, *map(more, shown.reason_words)]
