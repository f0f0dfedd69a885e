"""A simulation for people: a block a run, then what it came to, then what a config changes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from textwrap import wrap

from automator.core.names import sort_key
from automator.core.people import People
from automator.core.planning import Silence
from automator.core.withheld import Withheld
from automator.difference import WORDS, Change, difference
from automator.simulating import Mail, Pass, Simulation
from automator.wording import counted, instant_words

WIDTH = 100
SHOWN = 6
"""Names in a line; more are counted (`--json` has them all)."""
COURSE = frozenset(
    {
        Withheld.ALREADY_TOLD,
        Withheld.NEWER_STEP,
        Withheld.NEXT_STEP_LATER,
        Withheld.NO_CHASE_YET,
    }
)
"""Silences that are the plain course of a ladder: counted at the end, not listed by day."""


def lines(simulations: Sequence[Simulation]) -> Iterator[str]:
    """Yield the lines of one simulation; of two, only what differs between them."""
    if len(simulations) > 1:
        yield from _differences(*simulations)
        return
    simulation = simulations[0]
    for one in simulation.passes:
        yield from _block(one, simulation.people)
    yield from _summary(simulation)


def _block(one: Pass, people: People) -> Iterator[str]:
    silent = [s for s in one.withheld if s.reason not in COURSE]
    if not one.mails and not silent:
        return
    watch = " (watch)" if one.watch else ""
    yield f"{instant_words(one.at)}{watch}  {counted(len(one.sent), 'mail')}"
    yield from _grouped(((_what(m), m.unit) for m in one.sent), people)
    held = ((("held", m.held.value, _told(m)), m.unit) for m in one.mails if m.held)
    yield from _grouped(held, people)
    yield from _grouped(((_why(s), _school(s)) for s in silent), people)
    yield ""


Label = tuple[str, str, str]


def _grouped(found: Iterable[tuple[Label, str]], people: People) -> Iterator[str]:
    """Yield one entry for each label, in the order of their first unit, with the names."""
    groups: dict[Label, list[str]] = defaultdict(list)
    for label, unit in found:
        groups[label].append(unit)
    for (kind, role, what), units in groups.items():
        head = f"  {kind:<9} {role:<14} {len(units):>3}  "
        names = _names(units, people)
        text = f"{what}: {names}" if names else what
        yield from wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _names(units: Iterable[str], people: People) -> str:
    found = {_name(u, people) for u in units} - {""}
    names = sorted(found, key=sort_key)
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _name(unit: str, people: People) -> str:
    """Return the short name of a school or commune; the role says it of the others."""
    if unit in people.schools:
        return people.unit_name(unit).removeprefix("Trường ")
    return people.commune_name(unit) if unit in people.communes else ""


def _what(mail: Mail) -> Label:
    return mail.kind.value, mail.role, _told(mail)


def _told(mail: Mail) -> str:
    """Say what a mail tells, whoever it is to: "week 2021-W08; chase-1 plan"."""
    weeks = [f"week {', '.join(mail.weeks)}"] if mail.weeks else []
    return "; ".join([*weeks, *sorted({_step(k.step, k.instance) for k in mail.keys})])


def _step(step: str, instance: str) -> str:
    """Return a step with the obligation (and period) but without the school."""
    if step in ("alert", "digest"):
        return "/".join(instance.split("/")[1:2])
    return f"{step} {instance.partition('/')[2]}"


def _why(silence: Silence) -> Label:
    return "withheld", silence.reason.value, _step(silence.step, silence.instance)


def _school(silence: Silence) -> str:
    """Return whom a silence is about: the school of a step, else the unit that is not told."""
    if silence.step in ("alert", "digest"):
        return silence.unit
    return silence.instance.partition("/")[0]


def _summary(simulation: Simulation) -> Iterator[str]:
    passes, mails = simulation.passes, simulation.mails
    held = sum(m.held is not None for p in passes for m in p.mails)
    days = (simulation.last - simulation.first).days + 1
    silent = Counter(s.reason.value for p in passes for s in p.withheld)
    roles = Counter(m.role for m in mails)
    yield f"{counted(days, 'day')}: {counted(len(mails), 'mail')}, {held} held"
    for name, counts in (
        ("by kind", simulation.kinds.items()),
        ("by role", sorted(roles.items())),
        ("withheld", sorted(silent.items())),
    ):
        yield from wrap(f"{name}: {_listed(counts)}", WIDTH, subsequent_indent="  ")
    yield f"most mails to one reader on one day, urgent reports apart: {simulation.most_a_day}"


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts) or "none"


def _differences(first: Simulation, second: Simulation) -> Iterator[str]:
    changes = difference(first, second)
    for word in WORDS:
        chosen = [c for c in changes if c.word == word]
        if chosen:
            yield f"{word}: {len(chosen)}"
            yield from _changes(chosen, second.people)
            yield ""
    kinds = dict.fromkeys((*first.kinds, *second.kinds))
    yield f"from {first.config}"
    yield f"to   {second.config}"
    yield f"mails: {len(first.mails)} -> {len(second.mails)}"
    for kind in kinds:
        yield f"  {kind:<9} {first.kinds.get(kind, 0):>5} -> {second.kinds.get(kind, 0):>5}"


def _changes(changes: Sequence[Change], people: People) -> Iterator[str]:
    """Yield the changes by day and step, with the names of those told."""
    groups: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for change in changes:
        first = change.was or change.now
        assert first is not None  # one of the two days is there
        both = f"{_short(change.was)} -> {_short(change.now)}" if change.word == "moved" else ""
        telling = change.telling
        what = _week(telling.instance) or _step(telling.step, telling.instance)
        groups[first, telling.role, f"{both or _short(first)} {what}"].append(telling.unit)
    for (_, role, what), units in sorted(groups.items()):
        head = f"  {role:<10} {len(units):>3}  "
        names = _names(units, people)
        text = f"{what}: {names}" if names else what
        yield from wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _week(instance: str) -> str:
    head, _, week = instance.partition("/")
    return f"week {week}" if head == "digest" else ""
