"""Urgent incidents as mails of their own, day and night."""

from collections.abc import Iterable
from dataclasses import replace

from automator.core.alerts import Alert
from automator.core.bounces import anew
from automator.core.finding import Finding
from automator.core.items import notice
from automator.core.lines import incident_view
from automator.core.notice import Notice
from automator.core.people import People
from automator.core.planning import Planning, Silence
from automator.core.urgent import Audience, UrgentStep, urgent_steps
from automator.core.withheld import FOR_OPERATOR, Scene, Withheld, unready


def urgent_mails(desk: Planning) -> tuple[list[Notice], list[tuple[Notice, Withheld]]]:
    """Return the urgent mails that go out now, and those that the operator must let go."""
    scene, assessment = desk.scene, desk.assessment
    findings = {f.key: f for f in assessment.findings if f.instance.incident is not None}
    steps = urgent_steps(
        assessment.incidents.by_code.values(),
        _audiences(desk),
        assessment.receipts,
        scene.memory.told,
        scene.desk.policy,
        scene.desk.calendar,
        scene.now,
    )
    going: list[Notice] = []
    held: list[tuple[Notice, Withheld]] = []
    returned = scene.desk.tellings.returned
    for step in steps:
        if step.key in returned and not step.incident.closed:
            step = replace(step, key=anew(step.key, returned), again=True)  # noqa: PLW2901
        reason = _why_not_urgent(step, scene)
        if reason is not None:
            desk.silent(step.key, reason)
        if reason is None or reason in FOR_OPERATOR:
            made = _urgent_notice(step, findings.get(step.key.instance), desk)
            if reason is None:
                going.append(made)
            else:
                held.append((made, reason))
    return going, held


_ASKED = {
    Withheld.FIRST_RUN: "chờ lần chạy đầu tiên: automator run --first-run",
    Withheld.ADDRESS_NOT_APPROVED: "địa chỉ mới chưa được duyệt: automator contacts approve",
}


def urgent_held(silences: Iterable[Silence], people: People) -> list[Alert]:
    """Return an alert for each urgent mail that waits for the operator alone.

    What else holds one (a secret cell, a ledger that does not fit) has an alert of its own.
    """
    return [
        Alert(
            code="urgent_held",
            subject=f"{s.unit}/{s.role}/{s.instance}/{s.step}",
            line=f"Vụ việc {s.instance.rpartition('/')[2]}, gửi"
            f" {people.addressee(s.unit, s.role)} ({_ASKED[s.reason]})",
        )
        for s in silences
        if s.reason in _ASKED and s.step.startswith("urgent")
    ]


def _why_not_urgent(step: UrgentStep, scene: Scene) -> Withheld | None:
    if step.key in scene.memory.told:
        return Withheld.ALREADY_TOLD
    if step.why_not:
        return Withheld(step.why_not)
    if (reason := scene.out_of_reach(step.key.unit, step.key.role)) is not None:
        return reason
    unsure = step.again and (step.key.unit, step.key.role) in scene.unsure
    if step.key in scene.failed or unsure:
        return Withheld.UNDELIVERABLE
    if step.key.instance in scene.secret:
        return Withheld.BREAKER
    return unready(scene)


def _audiences(desk: Planning) -> dict[str, Audience]:
    people = desk.speech.people
    return {
        code: Audience(
            school=code,
            commune=school.commune_on(people.day),
            police=people.police,
            office=people.office,
        )
        for code, school in people.schools.items()
    }


def _urgent_notice(step: UrgentStep, finding: Finding | None, desk: Planning) -> Notice:
    instance = step.key.instance
    view = incident_view(
        step.incident,
        finding,
        desk.speech,
        need_to_know=step.key.role != "commune",
        acknowledged=desk.assessment.receipts.acknowledged(instance, desk.scene.now),
        step=step.key.step.partition("-again")[0],
    )
    who = (step.key.unit, step.key.role)
    return notice(
        *who, desk.scene.recipients[who], desk.speech, incident=view, incident_keys=(step.key,)
    )
