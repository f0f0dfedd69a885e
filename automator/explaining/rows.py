"""The rows found, cell by cell, and the two clocks of each."""

from automator import fault_words
from automator.core.evidence import Submission
from automator.core.finding import Finding
from automator.core.layout import INCIDENTS, RECEIPTS, Column, Kind, Need, tab
from automator.core.problem import Problem
from automator.core.reasons import appeared_late
from automator.core.receipts import ACKNOWLEDGED, Receipt
from automator.core.register import Row
from automator.explaining.view import View, line, more
from automator.report import Report
from automator.wording import in_words

_MEANS = {Kind.SCHOOL: "names the school", Kind.PERIOD: "names this period"}
_CLAIM = {
    "plans": "sent",
    "periodic": "sent",
    "propaganda": "done",
    "models": "launched",
    "incidents": "reported",
}


def lines(view: View) -> list[str]:
    """Return every row that speaks, or would, for the instance, and its problems."""
    sent = view.report.outcome.assessment.files.evidence.of_instance.get(view.finding.key, ())
    said = [text for s in sent for text in _submission(s, view)]
    if view.case.about is not None and not sent:
        said += _cells(view.case.about, view)
    said += _incident(view)
    said += [text for row in _worthless(view) for text in _cells(row, view)]
    said = said or [line("rows", "none of the school for this")]
    if not view.case.readable:
        said.append(line("tab", "never readable so far: nobody knows what stands in it"))
    said += [text for r in _receipts(view) for text in _receipt(r, view)]
    return [*said, *_problems(view)]


def _incident(view: View) -> list[str]:
    """Return what else is known of an incident: the level in force and who noted it."""
    outcome, code = view.report.outcome, view.finding.instance.incident
    incident = outcome.assessment.incidents.by_code.get(code or "")
    if incident is None:
        return []
    noted = outcome.assessment.receipts.acknowledged(view.finding.key, view.report.now)
    since = incident.sighting.urgent_since
    said = (
        f"level {incident.level or 'blank'}, owes a report since {view.at(since)}" if since else ""
    )
    office = "acknowledged by the office" if noted else "not acknowledged by the office yet"
    return [line("incident", f"{said}, {office}")]


def _submission(submission: Submission, view: View) -> list[str]:
    row, said = submission.row, _cells(submission.row, view)
    if submission.gone:
        said.append(more("not there at this read; it counts until a second read agrees"))
    elif submission.sighting.lapse is not None:
        said.append(more(_LAPSED))
    if submission.claim.instant > view.report.now:
        return [*said, more(f"dated ahead: it counts from {view.at(submission.claim.instant)} on")]
    late = submission.claim.instant >= view.finding.instance.due_before
    typed = row.moment(_CLAIM[row.tab]) is not None
    claimed = view.moment(submission.claim) if typed else "no day typed: first sight counts"
    said.append(more(f"claimed: {claimed}, {'after' if late else 'before'} the deadline"))
    return [*said, *_observed(submission, view)]


_LAPSED = "a required cell is blank or bad at this read; as it was, until a second read agrees"


def _observed(submission: Submission, view: View) -> list[str]:
    """Return the second clock: when the worker first saw the row, and what that means."""
    sighting = submission.sighting
    if sighting.observed is None:
        return []
    seen = f"observed: first read complete {view.at(sighting.observed)}"
    if sighting.unseen_until is None:
        return [more(seen), more("that was the first good read of the tab: the claim is trusted")]
    tolerance = in_words(view.report.outcome.scene.desk.policy.backdate_tolerance)
    late = appeared_late(submission, view.case, view.report.outcome.assessment.files.court)
    far = "both" if late else "not both"
    verdict = "backdated unless the office has it" if late else "not backdated"
    said = [
        more(seen),
        more(f"last good read without it {view.at(sighting.unseen_until)}, which is {far}"),
        more(f"after the deadline and more than {tolerance} after the claim: {verdict}"),
    ]
    if sighting.edited_at is not None:
        after = sighting.edited_at >= view.finding.instance.due_before
        when = "after the deadline: edited" if after else "before the deadline"
        said.append(
            more(f"required or expected cells changed {view.at(sighting.edited_at)}, {when}")
        )
    return said


def _cells(row: Row, view: View) -> list[str]:
    """Return what each required or expected cell counted for; days alone are quoted."""
    register = view.report.outcome.assessment.register
    absent = register.absent.get(row.tab, ())
    said: list[str] = []
    for column in tab(row.tab).columns:
        counts = column.need is not Need.OPTIONAL or column.key == _CLAIM.get(row.tab)
        if column.kind is Kind.FREE or column.key in absent or not counts:
            continue
        said.append(f"{view.place(row, column.key)} {column.header}: {_counted(row, column, view)}")
    kind = "row" if row.valid else "no row"
    head = f"{view.title(row)}, row {row.number}"
    worth = "counts" if row.valid else "counts for nothing, a required cell is blank or bad"
    return [line(kind, f"{head}: {worth}"), *map(more, said)]


def _counted(row: Row, column: Column, view: View) -> str:
    moment, need = row.moment(column.key), column.need
    claim = column.key == _CLAIM.get(row.tab)
    if moment is not None:
        return view.moment(moment) + (", the day that it claims" if claim else "")
    if row.values.get(column.key) is not None:
        return _MEANS.get(column.kind, "filled in")
    if need is Need.REQUIRED:
        return "blank or bad, so the row counts for nothing"
    if need is Need.EXPECTED:
        return "blank or bad, so the row is incomplete"
    return "blank: no report so far" if row.tab == INCIDENTS.key else "blank"


def _worthless(view: View) -> list[Row]:
    """Return the rows of the school in that tab that count for nothing at all."""
    register = view.report.outcome.assessment.register
    if view.obligation.within is not None:
        return []
    label = view.finding.instance.period
    sent = view.report.outcome.assessment.files.evidence.of_instance.get(view.finding.key, ())
    standing = {s.row.number for s in sent if not s.gone}
    return [
        row
        for row in register.of(view.obligation.tab)
        if row.school == view.finding.instance.school
        and not row.valid
        and row.number not in standing  # as it was before a cell of it was spoilt
        and (label is None or row.text("period") in ("", label))
    ]


def _receipts(view: View) -> tuple[Receipt, ...]:
    return view.report.outcome.assessment.receipts.of_instance.get(view.finding.key, ())


def _receipt(receipt: Receipt, view: View) -> list[str]:
    """Return one row of the office, in its order of arrival."""
    arrived = f"{view.place(receipt.row, 'arrived')} Ngày đến {view.moment(receipt.arrived)}"
    result = receipt.result or "no Kết quả"
    said = [line("office", f"{arrived}, {result}")]
    if receipt.gone:
        said.append(more("not there at this read; it counts until a second read agrees"))
    if receipt.arrived.instant > view.report.now:
        said.append(more("dated ahead: it does not count yet"))
    elif receipt.result == ACKNOWLEDGED:
        said.append(more("acknowledges the incident; it is no receipt of the report"))
    if receipt.returned is not None:
        typed = receipt.row.moment("returned") is not None
        cell = view.place(receipt.row, "returned")
        how = f"{cell} Ngày trả" if typed else f"{cell} is blank, the read that saw it:"
        ahead = "; dated ahead, not yet" if receipt.returned.instant > view.report.now else ""
        said.append(more(f"returned: {how} {view.moment(receipt.returned)}{ahead}"))
    return said


def of_finding(report: Report, finding: Finding) -> list[Problem]:
    """Return the problems of the school in the tabs where its evidence stands."""
    obligation = report.outcome.speech.obligation(finding.instance.obligation)
    tabs = {RECEIPTS.title, tab(obligation.tab).title} if obligation.tab else {RECEIPTS.title}
    return [
        p for p in report.outcome.problems if p.school == finding.instance.school and p.tab in tabs
    ]


def _problems(view: View) -> list[str]:
    return [line("problem", fault_words.line(p)) for p in of_finding(view.report, view.finding)]
