"""The bench's plain loop and the core agree on every instance; nothing is timed here."""

import gc

from automator.collector import collector_paused
from bench import judge, office, rows


def test_the_reference_loop_judges_as_the_core_does() -> None:
    """Statuses and reasons of forty schools are those that an independent loop reaches."""
    figures = judge.measure(40, repeat=1)
    assert figures.wrong == []
    assert figures.instances > 40 * 20 - 20


def test_a_difference_is_said() -> None:
    """An instance that the two judge differently is named with both verdicts."""
    found = {"A/plan": ("late", ()), "B/plan": ("due", ())}
    expected = {"A/plan": ("late", ("edited",)), "B/plan": ("due", ())}
    assert judge.differences(found, expected) == [
        "A/plan: judged ('late', ()), reference ('late', ('edited',))"
    ]


def test_the_same_seed_gives_the_same_rows() -> None:
    """A bench that is run again measures the same cells."""
    assert rows.reads(8, seed=7) == rows.reads(8, seed=7)


def test_the_office_owes_twenty_obligations() -> None:
    """The size that the targets speak of."""
    assert len(office.OBLIGATIONS) == 20


def test_the_collector_is_paused_and_goes_on() -> None:
    """A pause within a pause does not switch the collector on too early."""
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
