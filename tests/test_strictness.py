"""How strict each deadline is, to the second, and that people read it so everywhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from automator.core.assess import Rules
from automator.core.decisions import Decisions, Extension
from automator.core.directive import Every, Ladder, Reckoning, Shift, Span
from automator.core.snapshot import Cell
from automator.core.status import publication
from automator.explaining import lines
from automator.report import Report
from tests.builders import (
    HANOI,
    MY_LAC,
    Rows,
    Story,
    at,
    changed_rules,
    finding,
    incident,
    plan,
    verdict,
)

SECOND = timedelta(seconds=1)
PLAN = f"{MY_LAC}/plan"
BY = changed_rules("plan", before=None, by=date(2021, 2, 25))
EVENT = f"{MY_LAC}/urgent-report/VV-2021-001"


def extended(law: Rules, obligation: str, to: date, period: str | None = None) -> Rules:
    """Return rules with an extension for everybody."""
    one = Extension(scope="*", obligation=obligation, last_day=to, period=period)
    return replace(law, given=Decisions(extensions=(one,)))


def every(kind: Every, on: int, **more: object) -> Rules:
    """Return rules whose periodic report recurs otherwise, never shifted."""
    return changed_rules("periodic-report", every=kind, on=on, shift=Shift.NONE, **more)


REPORT = f"{MY_LAC}/periodic-report"
DEADLINES: Mapping[str, tuple[Rules, str, str]] = {
    "before": (changed_rules(), PLAN, "2021-02-25T00:00:00"),
    "before-cutoff": (changed_rules("plan", cutoff=time(17)), PLAN, "2021-02-24T17:00:00"),
    "by": (BY, PLAN, "2021-02-26T00:00:00"),
    "by-cutoff": (
        changed_rules("plan", before=None, by=date(2021, 2, 25), cutoff=time(16, 30)),
        PLAN,
        "2021-02-25T16:30:00",
    ),
    "grace-moves-nothing": (
        changed_rules("plan", grace=Span(2, "working days")),
        PLAN,
        "2021-02-25T00:00:00",
    ),
    "week": (every(Every.WEEK, 3), f"{REPORT}/2021-W08", "2021-03-04T00:00:00"),
    "month": (every(Every.MONTH, 5), f"{REPORT}/2021-02", "2021-03-06T00:00:00"),
    "month-cutoff": (
        every(Every.MONTH, 5, cutoff=time(17)),
        f"{REPORT}/2021-02",
        "2021-03-05T17:00:00",
    ),
    "month-nd09": (
        every(Every.MONTH, 20, periods=Reckoning.ND09),
        f"{REPORT}/2021-03",
        "2021-03-21T00:00:00",
    ),
    "quarter": (every(Every.QUARTER, 10), f"{REPORT}/2021-Q1", "2021-04-11T00:00:00"),
    "half-year": (every(Every.HALF_YEAR, 10), f"{REPORT}/2021-H1", "2021-07-11T00:00:00"),
    "year": (every(Every.YEAR, 15), f"{REPORT}/2021", "2022-01-16T00:00:00"),
    "within": (changed_rules(), EVENT, "2021-02-26T08:30:00"),
    "extension": (
        extended(changed_rules(), "plan", date(2021, 3, 3)),
        PLAN,
        "2021-03-04T00:00:00",
    ),
    "extension-cutoff": (
        extended(changed_rules("plan", cutoff=time(17)), "plan", date(2021, 3, 3)),
        PLAN,
        "2021-03-03T17:00:00",
    ),
    "extension-of-a-period": (
        extended(every(Every.MONTH, 5), "periodic-report", date(2021, 3, 9), "2021-02"),
        f"{REPORT}/2021-02",
        "2021-03-10T00:00:00",
    ),
}
ACCIDENT: Rows = (incident(MY_LAC, "25/02/2021 08:00", known="25/02/2021 08:30"),)


def claim(key: str, when: datetime) -> dict[str, Rows]:
    """Return the row that satisfies an instance, received at `when`."""
    sent: Cell = f"{when:%d/%m/%Y %H:%M:%S}"
    if key == PLAN:
        return {"plans": (plan(MY_LAC, sent),)}
    if key == EVENT:
        return {"incidents": ({**ACCIDENT[0], "reported": sent},)}
    period = key.rpartition("/")[2]
    return {"periodic": ({"school": MY_LAC, "period": period, "sent": sent, "any": "Không"},)}


@pytest.mark.parametrize("name", DEADLINES)
def test_what_is_open_is_missing_from_its_deadline_on(name: str) -> None:
    """One second before it is not, at the instant and a second after it is."""
    law, key, text = DEADLINES[name]
    due = at(text)
    found = [
        verdict(
            Story(law=law).read(now.isoformat(), incidents=ACCIDENT if key == EVENT else ()), key
        ).split()[0]
        for now in (due - SECOND, due, due + SECOND)
    ]
    assert found == ["due", "missing", "missing"]


@pytest.mark.parametrize("name", DEADLINES)
def test_what_came_is_late_from_its_deadline_on(name: str) -> None:
    """Received one second before it is on time; at the instant and a second after, late."""
    law, key, text = DEADLINES[name]
    due = at(text)
    read = (due + timedelta(days=1)).isoformat()
    found = [
        verdict(Story(law=law).read(read, **claim(key, when)), key).split()[0]
        for when in (due - SECOND, due, due + SECOND)
    ]
    assert found == ["on_time", "late", "late"]


@pytest.mark.parametrize(
    ("now", "said", "escalates"),
    [
        ("2021-02-24T23:59:59", "due", False),
        ("2021-02-25T00:00:00", "missing in_grace", False),
        ("2021-03-04T23:59:59", "missing in_grace", False),
        ("2021-03-05T00:00:00", "missing", True),
        ("2021-03-05T00:00:01", "missing", True),
    ],
)
def test_grace_ends_on_the_second(now: str, said: str, escalates: bool) -> None:
    """Six working days of tolerance: marked until they end, and nothing goes to the leader."""
    law = changed_rules("plan", grace=Span(6, "working days"))
    outcome = Story(law=law).read(now)
    assert verdict(outcome, PLAN) == said
    up = [c for c in outcome.candidates if c.action == "escalate" and c.up_at <= at(now)]
    assert any(c.key.instance == PLAN for c in up) is escalates


TEXTS = {
    "before": (changed_rules(), "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021"),
    "before-cutoff": (
        changed_rules("plan", cutoff=time(17)),
        "trước ngày 25/02/2021, tức chậm nhất 17:00 thứ Tư, ngày 24/02/2021",
    ),
    "by": (BY, "chậm nhất hết thứ Năm, ngày 25/02/2021"),
    "extension": (
        extended(changed_rules(), "plan", date(2021, 3, 1)),
        "gia hạn đến hết thứ Hai, ngày 01/03/2021",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_people_read_the_same_deadline_everywhere(name: str) -> None:
    """Mail, Tình trạng and `explain` say it in one way, always with the last good day."""
    law, text = TEXTS[name]
    outcome = Story(law=law).read("2021-02-23")
    mails = {i.due_words for n in outcome.plan.notices for i in n.items if i.obligation == "plan"}
    table = publication(outcome, "main", "all", outcome.memory.told)
    shown = {r.due_words for r in table.rows if r.title.startswith("Kế hoạch")}
    report = Report(
        outcome=outcome, now=at("2021-02-23"), zone=HANOI, run=None, dry_run=True, messages=()
    )
    explained = "\n".join(lines(report, finding(outcome, PLAN)))
    assert (mails, shown) == ({text}, {text})
    assert f"  deadline    {text}\n" in explained


def test_a_supplement_has_its_last_day_whole_everywhere() -> None:
    """Five working days from a return end with a day, not at the minute of the read."""
    story = Story(law=changed_rules("plan", reopen=Ladder()))
    story.read("2021-02-24T09:30", plans=[plan(MY_LAC, "23/02/2021")])
    office: Rows = (
        {
            "school": MY_LAC,
            "content": "plan",
            "arrived": "23/02/2021",
            "result": "Đề nghị bổ sung",
            "returned": "24/02/2021 09:15",
        },
    )
    outcome = story.read("2021-02-24T10:00", plans=[plan(MY_LAC, "23/02/2021")], receipts=office)
    mails = {i.due_words for n in outcome.plan.notices for i in n.items if i.obligation == "plan"}
    table = publication(outcome, "main", "all", outcome.memory.told)
    shown = [r.next_words for r in table.rows if r.status == "returned"]
    assert mails == {"chậm nhất hết thứ Tư, ngày 03/03/2021"}
    assert shown == ["bổ sung chậm nhất hết thứ Tư, ngày 03/03/2021"]
