"""The tabs that the worker writes, from the same findings as every mail."""

from collections.abc import Mapping

from automator.core import words
from automator.core.deadline import last_day
from automator.core.finding import Finding, Reason, Status
from automator.core.lines import finding_line, rate_line
from automator.core.memory import TellKey, Told
from automator.core.plan import banner
from automator.core.publication import Publication, StatusRow
from automator.core.steps import Candidate
from automator.core.turn import Outcome

_ACTIONS = {
    "remind": "nhắc trước hạn",
    "chase": "nhắc sau hạn",
    "escalate": "báo cáo Lãnh đạo Phòng",
}
_NOT_SHOWN = frozenset({"future"})


def publication(
    outcome: Outcome, workbook: str, mode: str, told: Mapping[TellKey, Told]
) -> Publication:
    """Return what is published of an outcome. `told`: what has been sent by now."""
    nexts = _next_steps(outcome)
    last = _last_notices(told)
    return Publication(
        workbook=workbook,
        now=outcome.scene.now.astimezone(outcome.speech.calendar.zone),
        mode=mode,
        rows=tuple(
            _row(f, outcome, nexts=nexts, last=last if mode == "all" else {})
            for f in outcome.findings
        ),
        problems=tuple(p for p in outcome.problems if p.code not in _NOT_SHOWN),
        rates=tuple(rate_line(r, outcome.speech) for r in outcome.rates),
        banner=banner(outcome.scene),
    )


def _next_steps(outcome: Outcome) -> dict[str, Candidate]:
    """Return for each instance the next step that is not up yet."""
    found: dict[str, Candidate] = {}
    for candidate in outcome.candidates:
        if candidate.up_at > outcome.scene.now:
            known = found.get(candidate.key.instance)
            if known is None or candidate.up_at < known.up_at:
                found[candidate.key.instance] = candidate
    return found


def _last_notices(told: Mapping[TellKey, Told]) -> dict[str, tuple[TellKey, Told]]:
    found: dict[str, tuple[TellKey, Told]] = {}
    for key, value in told.items():
        known = found.get(key.instance)
        if known is None or value.at >= known[1].at:
            found[key.instance] = (key, value)
    return found


def _row(
    finding: Finding,
    outcome: Outcome,
    *,
    nexts: Mapping[str, Candidate],
    last: Mapping[str, tuple[TellKey, Told]],
) -> StatusRow:
    speech = outcome.speech
    line = finding_line(finding, speech)
    judged = outcome.memory.judged.get(finding.key)
    tab = speech.obligation(finding.instance.obligation).tab
    row = int(finding.rows[0].rsplit("A", 1)[1]) if finding.rows else 0
    return StatusRow(
        school=line.school,
        school_name=line.school_name,
        commune_name=line.commune_name,
        title=line.title,
        period_words=line.period_words,
        due_words=line.due_words,
        status=line.status,
        status_words=line.status_words,
        since=judged.since if judged else None,
        reasons=_reasons(finding, line.reason_words),
        received_words=line.received_words,
        next_words=_next(finding, nexts.get(finding.key), outcome),
        last_notice=_notice(last.get(finding.key), outcome),
        where=finding.rows[0] if finding.rows else "",
        link=speech.link(tab, row) if row else "",
    )


def _reasons(finding: Finding, said: tuple[str, ...]) -> tuple[str, ...]:
    if Reason.INCOMPLETE not in finding.reasons or not finding.missing_columns:
        return said
    return (*said, "Đề nghị bổ sung: " + ", ".join(finding.missing_columns))


def _next(finding: Finding, step: Candidate | None, outcome: Outcome) -> str:
    if step is not None and step.action in _ACTIONS:
        day = step.up_at.astimezone(outcome.speech.calendar.zone).date()
        return f"{words.day_words(day)}: {_ACTIONS[step.action]}"
    if finding.status is Status.RETURNED and finding.due_again is not None:
        day = last_day(finding.due_again, outcome.speech.calendar.zone)
        return f"bổ sung chậm nhất {words.last_day_words(day)}"  # the whole day, as mails say
    return ""


def _notice(last: tuple[TellKey, Told] | None, outcome: Outcome) -> str:
    if last is None:
        return ""
    at = last[1].at.astimezone(outcome.speech.calendar.zone)
    state = "bị trả lại" if last[1].bounced else "đã gửi"
    return f"đã nhắc {at:%d/%m %H:%M} – {state}"
