"""A few weeks of the bench's office: the laws of telling hold there, and its table adds up."""

import pytest

from bench.simulate import Figures, measure, table


@pytest.fixture(scope="module")
def weeks() -> Figures:
    """Simulate the first seven weeks: the plan's whole ladder and the first monthly report."""
    return measure(days=49)


def test_who_is_punctual_hears_once_a_week(weeks: Figures) -> None:
    """A principal who sends everything before the first reminder gets the digest and no more."""
    assert [(m.unit, m.at.isoformat(), m.kind) for m in weeks.needless] == []
    heard = [m.at.isocalendar()[:2] for m in weeks.simulation.mails if m.unit == "TH-00"]
    assert len(heard) == len(set(heard)) > 3


def test_nobody_gets_two_mails_a_day(weeks: Figures) -> None:
    """All that is due on a day goes into one mail; urgent reports come when they come."""
    assert weeks.simulation.most_a_day == 1


def test_the_silent_climb_the_ladder(weeks: Figures) -> None:
    """A school that sends nothing is reminded twice, chased twice and escalated once a duty."""
    steps = [
        k.step
        for m in weeks.simulation.mails
        for k in m.keys
        if k.instance == "TH-09/plan" and m.at.date() >= weeks.simulation.first
    ]
    assert steps == ["remind-5", "remind-1", "chase-1", "escalate-3", "chase-5"]


def test_table_holds_every_mail(weeks: Figures) -> None:
    """The months and kinds of the table add up to the mails."""
    cells = [int(n) for line in table(weeks.simulation)[1:] for n in line.split()[1:]]
    assert sum(cells) == len(weeks.simulation.mails)
