"""Laws of telling, over random rules, rosters, rows and run times."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from builders import HANOI
from histories import History, Run, histories, offices, runs, schools, workbooks
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from automator.core.alerts import AT_ONCE
from automator.core.assess import Rules
from automator.core.deadline import day_zero
from automator.core.finding import OPEN, Finding, Status
from automator.core.notice import MailKind, Notice
from automator.core.withheld import is_day_off, is_quiet

PROFILE = settings.get_profile(settings.get_current_profile_name())
EASY = settings(
    deadline=None,
    max_examples=PROFILE.max_examples if PROFILE.max_examples > 100 else 25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history shrinks for minutes
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
"""`--hypothesis-profile long` plays many more of them."""
LADDER = ("remind", "chase", "escalate")


def action(step: str) -> str:
    """Return what a step does: "chase" of "chase-1"."""
    return step.partition("-")[0]


def no_key_is_told_twice(history: Sequence[Run]) -> None:
    """Neither a step of an episode, nor the first week of a digest."""
    steps: set[Any] = set()
    for run in history:
        for notice in run.sent:
            keys = {*notice.keys, *((notice.unit, notice.role, w) for w in notice.weeks)}
            assert len(keys) == len(notice.keys) + len(notice.weeks)
            assert not steps & keys
            steps |= keys


def reminded_until(found: Finding) -> datetime:
    """Return the deadline; the last good day of a supplement counts whole."""
    due = found.instance.due_before
    if found.due_again is None or found.due_again <= due:
        return due
    return datetime.combine(day_zero(found.due_again, HANOI), time(), HANOI)


def nobody_is_told_of_what_is_solved(history: Sequence[Run]) -> None:
    """A reminder, a chase or an escalation is about a finding that is open in the same run."""
    for run in history:
        findings = {f.key: f for f in run.outcome.findings}
        told = [k for n in run.sent for k in n.keys if action(k.step) in LADDER]
        for key in told:
            found = findings[key.instance]
            assert found.status in OPEN
            assert (action(key.step) != "remind") or run.now < reminded_until(found)


def days_off_and_quiet_hours_are_kept(history: Sequence[Run]) -> None:
    """Nothing but urgent mails, and what the operator must mend before anybody is told right."""
    for run in history:
        law = run.rules
        if is_day_off(run.now, law.calendar) or is_quiet(run.now, law.policy, law.calendar):
            for notice in run.sent:
                codes = {a.code for a in notice.alerts}
                assert notice.kind is MailKind.URGENT or (codes and codes <= AT_ONCE)


def the_recipients_of_a_mail_are_of_one_unit(history: Sequence[Run]) -> None:
    """Every step in a mail is its reader's own, and so is every address."""
    for run in history:
        for notice in run.sent:
            who = (notice.unit, notice.role)
            assert {(k.unit, k.role) for k in notice.keys} <= {who}
            assert notice.recipients
            assert notice.recipients == run.outcome.scene.recipients[who]
            assert about(notice) <= scope(notice, run)


def about(notice: Notice) -> set[str]:
    """Return the schools of which a mail's steps speak, corrections of what was told apart."""
    beside = ("alert", "foreseen", "digest", "urgent-changed", "urgent-withdrawn")
    return {k.instance.partition("/")[0] for k in notice.keys if k.step not in beside}


def scope(notice: Notice, run: Run) -> set[str]:
    """Return the schools of which the reader may hear."""
    schools = run.outcome.assessment.register.schools
    if notice.role == "principal":
        return {notice.unit}
    if notice.role != "commune":
        return set(schools)
    then = {f.instance.school for f in run.outcome.findings if f.instance.commune == notice.unit}
    return then | {s.code for s in run.outcome.speech.people.schools_of(notice.unit)}


def whatever_is_missing_was_told_is_told_or_has_a_reason(history: Sequence[Run]) -> None:
    """No missing finding falls through the rungs: in its own episode it is spoken of."""
    for run in history:
        sent = {k for n in run.sent for k in n.keys}
        after = {(k.instance, k.episode) for k in {*run.before.told, *sent} if speaks(k.step)}
        silent = {s.instance for s in run.outcome.plan.silences if speaks(s.step)}
        for found in run.outcome.findings:
            if found.status is Status.MISSING:
                episode = run.outcome.memory.episodes[found.key].ordinal
                assert found.key in silent or (found.key, episode) in after


def speaks(step: str) -> bool:
    """Tell whether a step speaks of what has not come: of what is reopened, a reminder too."""
    return action(step) in (*LADDER, "reopened")


LAWS = (
    no_key_is_told_twice,
    nobody_is_told_of_what_is_solved,
    days_off_and_quiet_hours_are_kept,
    the_recipients_of_a_mail_are_of_one_unit,
    whatever_is_missing_was_told_is_told_or_has_a_reason,
)


@EASY
@given(histories())
def test_the_laws_of_telling_hold(history: History) -> None:
    """Each law, over the same histories: to play one costs far more than to look at it."""
    played = tuple(history.play())
    for law in LAWS:
        law(played)


@EASY
@given(histories())
def test_a_second_run_at_the_same_instant_tells_nothing(history: History) -> None:
    """Two cron lines at one minute send one mail."""
    doubled = History(
        rules=history.rules,
        instants=[now for now in history.instants for _ in range(2)],
        workbooks=[book for book in history.workbooks for _ in range(2)],
    )
    for number, run in enumerate(doubled.play()):
        assert number % 2 == 0 or not run.sent


def told(history: History) -> set[tuple[str, ...]]:
    """Return who was told which step of what, and the first weeks of digests."""
    found: set[tuple[str, ...]] = set()
    for run in history.play():
        for n in run.sent:
            found |= {
                (k.unit, k.role, k.instance, k.step)
                for k in n.keys
                if k.step not in ("alert", "foreseen")
            }
            found |= {(n.unit, n.role, w) for w in n.weeks[:1]}
    return found


@EASY
@given(offices(streaks=False), schools(), workbooks(), st.data())
def test_who_runs_seldom_tells_nothing_more(
    law: Rules, roster: Sequence[Any], book: Mapping[str, Any], data: st.DataObject
) -> None:
    """With the rows as they are, what skipped days tell is part of what daily runs tell."""
    first, *_ = data.draw(runs(law))
    daily = [first + timedelta(days=n) for n in range(data.draw(st.integers(2, 12)))]
    kept = data.draw(st.lists(st.booleans(), min_size=len(daily), max_size=len(daily)))
    seldom = [now for now, keep in zip(daily, kept, strict=True) if keep]
    books = [{**book, "schools": roster}]
    often = told(History(rules=law, instants=daily, workbooks=books))
    assert told(History(rules=law, instants=seldom, workbooks=books)) <= often
