"""What the rules of silence look at, put together from one assessment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from automator.core.assess import Assessment, Rules
from automator.core.bounces import came_back, reach
from automator.core.breaker import Suspicion
from automator.core.deadline import close_at
from automator.core.memory import Memory, TellKey, week_key
from automator.core.moved import moved_for_many
from automator.core.people import People, people
from automator.core.pinned import trusted
from automator.core.steps import Desk, Tellings
from automator.core.withheld import Scene


def scene_of(
    memory: Memory,
    fresh: Assessment,
    rules: Rules,
    now: datetime,
    stale: frozenset[str],
    not_asked: frozenset[str],
    doubt: frozenset[str],
    both: frozenset[TellKey] | None,
    suspicions: Sequence[Suspicion],
) -> Scene:
    """Return what the rules look at; `both` is None unless the breaker tripped."""
    there = people_of(fresh, rules, now)
    known = trusted(there.recipients(), memory.contacts, rules.policy.allow_domains)
    reached = reach(known.recipients, memory.bounces)
    desk = Desk(
        directive=rules.directive,
        policy=rules.policy,
        calendar=rules.calendar,
        office=there.office,
        episodes=fresh.episodes,
        tellings=Tellings.of(memory.told, came_back(memory)),
        now=now,
        police=there.police,
        schools=fresh.register.schools,
        asked=rules.asked,
    )
    return Scene(
        desk=desk,
        memory=memory,
        schools=fresh.register.schools,
        recipients=reached.recipients,
        bounced=reached.bounced,
        unsure=reached.unsure,
        unapproved=known.unapproved,
        refused=known.refused,
        not_asked=not_asked,
        stale=stale,
        doubtful=doubt,
        both_plans=both,
        suspicious=frozenset(s.tab for s in suspicions),
        failed=_undeliverable(memory, reached.recipients, rules.templates) | memory.discarded,
        secret=_secret(fresh),
        chasing_closed=_closings(fresh, rules),
        pauses=fresh.decisions.pauses,
        moved=moved_for_many(
            fresh.instances,
            fresh.episodes,
            memory.released,
            len(there.schools_of(None)),
            rules.policy.share,
        ),
    )


def _undeliverable(
    memory: Memory, recipients: Mapping[tuple[str, str], tuple[str, ...]], templates: str
) -> frozenset[TellKey]:
    """Return the steps, and weeks as steps, that the server refused for good.

    Until the addresses or the templates are others. What broke on our side is tried anew.
    """
    found: set[TellKey] = set()
    for draft in memory.drafts:
        if draft.state != "failed" or draft.detail.startswith(("template", "broken")):
            continue
        moved = draft.recipients and draft.recipients != recipients.get((draft.unit, draft.role))
        mended = templates and draft.templates and templates != draft.templates
        if not (moved or mended):
            found |= {*draft.keys, *(week_key(draft.unit, draft.role, w) for w in draft.weeks)}
    return frozenset(found)


def _secret(fresh: Assessment) -> frozenset[str]:
    marked = {
        (row.tab, row.number) for rows in fresh.register.rows.values() for row in rows if row.secret
    }
    if not marked:
        return frozenset()
    places = {f"{fresh.register.titles.get(t, t)}!A{n}" for t, n in marked}
    keys = {f.key for f in fresh.findings if places & set(f.rows)}
    keys |= {
        f"{i.school}/urgent-report/{code}"
        for code, i in fresh.incidents.by_code.items()
        if i.row is not None and (i.row.tab, i.row.number) in marked
    }
    return frozenset(keys)


def _closings(fresh: Assessment, rules: Rules) -> Mapping[str, datetime]:
    """Return from when each recurring instance is chased no more: by default the next due."""
    dues: dict[str, list[datetime]] = {}
    for instance in fresh.instances:
        if instance.period is not None:
            dues.setdefault(instance.obligation, []).append(instance.original_due)
    ordered = {k: sorted(set(v)) for k, v in dues.items()}
    found: dict[str, datetime] = {}
    for instance in fresh.instances:
        obligation = rules.directive.obligation(instance.obligation)
        if obligation is None or (obligation.every is None and obligation.close_after is None):
            continue
        later = (d for d in ordered.get(instance.obligation, ()) if d > instance.due_before)
        closing = close_at(obligation, instance.due_before, next(later, None), rules.calendar)
        if closing is not None:
            found[instance.full_key] = closing
    return found


def people_of(fresh: Assessment, rules: Rules, now: datetime) -> People:
    """Return who is there on the day of `now`."""
    day = now.astimezone(rules.calendar.zone).date()
    return people(rules.directive, fresh.register.schools, day)
