"""An independent, plain judge: dicts, tuples and one loop over schools and deadlines.

It reaches the statuses and reasons of the design's table from the rows of `bench.plain` and
shares no rule with the core, of which it uses the working days alone.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time

from automator.core.assess import Rules
from bench.plain import Event, Noted, Place, Plain, Sent
from bench.slots import DAY, Slot, end, slot, slots
from bench.verdict import Verdict, verdict

Key = tuple[str, str, str]  # school, obligation, period or incident ("" for none)
ACKNOWLEDGED, RETURNED, MISTAKEN, CLOSED = (
    "Đã nắm tin",
    "Đề nghị bổ sung",
    "Nhập nhầm",
    "Đã kết thúc",
)


class Reference:
    """The rows, the obligations, and the loop."""

    def __init__(self, rows: Plain, rules: Rules, now: datetime) -> None:
        self.rows, self.calendar, self.policy, self.now = rows, rules.calendar, rules.policy, now
        self.obligations = {o.id: o for o in rules.directive.hard}
        self.sent: dict[Key, list[Sent]] = {}
        self.noted: dict[Key, list[Noted]] = {}
        self.withdrawn: dict[Key, datetime] = {}
        self.waived: dict[tuple[str, str], list[tuple[str | None, date, date]]] = {}
        self.moved: dict[tuple[str, str, str], date] = {}
        self.moved_slots: dict[tuple[str, str, date], Slot] = {}

    def judge(self) -> dict[str, Verdict]:
        """Return status and reasons by full instance key: what is timed."""
        self._index_sent()
        self._index_noted()
        self._index_decisions()
        verdicts: dict[str, Verdict] = {}
        owed = [s for o in self.obligations.values() for s in slots(o, self.calendar, self.now)]
        for school, level, places in self.rows.schools:
            for usual in owed:
                obligation, period, covers, _, _, _ = usual
                commune = _commune(places, covers)
                levels = obligation.applies_to.levels
                if commune is None or (levels and level not in levels):
                    continue
                moved = self._moved(usual, school, commune)
                due = (moved or usual).due if period else None
                waived = self.waived.get((school, obligation.id))
                name = f"{school}/{obligation.id}" + (f"/{period}" if period else "")
                verdicts[name] = self._verdict(
                    moved or usual,
                    (school, obligation.id, period),
                    bool(waived and _covered(waived, period, due, self.now)),
                    moved is not None,
                    None,
                )
        verdicts.update(self._events())
        return verdicts

    def _verdict(
        self, at: Slot, key: Key, exempt: bool, extended: bool, event: Event | None
    ) -> Verdict:
        now = self.now
        sent = [_report(event)] if event else self.sent.get(key, [])
        return verdict(
            at,
            [s for s in sent if s.claim and s.claim[0] <= now],
            [r for r in self.noted.get(key, ()) if r.arrived[0] <= now],
            self.withdrawn.get(key),
            exempt,
            extended,
            event,
            self.policy.backdate_tolerance,
            now,
        )

    def _moved(self, usual: Slot, school: str, commune: str) -> Slot | None:
        """Return the deadline that an extension gives, if one gives a later one."""
        obligation, period, covers, due, _, _ = usual
        days: list[date] = []
        for scope in ("*", school, commune):
            day = self.moved.get((scope, obligation.id, period))
            if day:
                days.append(day)
        if not days:
            return None
        key = (obligation.id, period, max(days))
        if key not in self.moved_slots:
            later = end(max(days), obligation, self.calendar)
            self.moved_slots[key] = slot(obligation, period, covers, later, self.calendar)
        moved = self.moved_slots[key]
        return moved if moved.due > due else None

    def _events(self) -> Iterator[tuple[str, Verdict]]:
        """Yield the verdict of each incident that is owed a report."""
        places = {code: spans for code, _, spans in self.rows.schools}
        for obligation in self.obligations.values():
            if obligation.within is None:
                continue
            for event in self.rows.events:
                since = self._urgent_since(event)
                if since is None or event.state == MISTAKEN:
                    continue
                commune = _commune(places[event.school], since.date())
                if commune is None:
                    continue
                start = event.known or event.occurred
                begun = event.first_seen
                if start:
                    begun = start[0] if start[2] else start[0] + DAY
                due = begun + obligation.within
                usual = slot(obligation, "", due.date(), due, self.calendar)
                self.moved_slots.clear()  # no two events share a deadline
                moved = self._moved(usual, event.school, commune)
                waived = self.waived.get((event.school, obligation.id), [])
                yield (
                    f"{event.school}/{obligation.id}/{event.code}",
                    self._verdict(
                        moved or usual,
                        (event.school, obligation.id, event.code),
                        _covered(waived, event.code, (moved or usual).due, self.now),
                        moved is not None,
                        event,
                    ),
                )

    def _urgent_since(self, event: Event) -> datetime | None:
        """Return from when a report is owed, None if it is not."""
        level, since = event.level, event.first_seen
        if level is None:
            since += self.policy.settle
            level = 2 if since <= self.now else None
        came = [m[0] for m in (event.known, event.occurred) if m]
        if level not in (1, 2) or (came and min(came) > self.now):
            return None
        at = event.known or event.occurred
        if at and at[2]:
            since = max(since, at[0])
        return min(since, self.now)

    def _index_sent(self) -> None:
        """Index the schools' rows by instance; a row speaks for every obligation of its tab."""
        of_tab: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for o in self.obligations.values():
            of_tab[o.tab].append((o.id, o.every is not None))
        self.sent, self.withdrawn = defaultdict(list), {}
        for row in self.rows.sent:
            tab, school, period, claim, _, _, _, _, _, _, _, since, settled = row
            if claim is None:
                continue
            for obligation, recurs in of_tab[tab]:
                key = (school, obligation, period if recurs else "")
                if not settled or since is None:
                    self.sent[key].append(row)
                elif claim[0] <= since:
                    self.withdrawn[key] = max(since, self.withdrawn.get(key, since))
        for same in self.sent.values():
            if len(same) > 1:
                same.sort(key=_by_claim)

    def _index_noted(self) -> None:
        """Index the office's rows; one without a period where one is needed means none."""
        ongoing: dict[str, list[str]] = defaultdict(list)
        for event in self.rows.events:
            if event.state not in (MISTAKEN, CLOSED):
                ongoing[event.school].append(event.code)
        self.noted = defaultdict(list)
        for row in self.rows.noted:
            school, content, period, _, result, _, _, _, _, _, code, since, settled = row
            obligation = self.obligations[content]
            if obligation.within is not None:
                codes = ongoing[school]
                period = period or code or (codes[0] if len(codes) == 1 else "")
            elif obligation.every is None:
                period = ""
            if not period and (obligation.within is not None or obligation.every is not None):
                continue
            key = (school, content, period)
            if since is not None and settled:
                if result not in (ACKNOWLEDGED, RETURNED):
                    self.withdrawn[key] = max(since, self.withdrawn.get(key, since))
            elif result != ACKNOWLEDGED and (since is None or result != RETURNED):
                self.noted[key].append(row)
        for same in self.noted.values():
            if len(same) > 1:
                same.sort(key=_by_arrival)

    def _index_decisions(self) -> None:
        self.waived, self.moved, self.moved_slots = defaultdict(list), {}, {}
        for school, obligation, period, first, last in self.rows.waivers:
            self.waived[school, obligation].append((period, first, last))
        for scope, obligation, period, day in self.rows.extensions:
            key = (scope.partition(":")[2] or scope, obligation, period or "")
            self.moved[key] = max(day, self.moved.get(key, day))


Order = tuple[datetime, bool, tuple[object, ...], int]


def _by_claim(row: Sent) -> Order:
    assert row.claim is not None
    return row.claim[0], row.claim[2], row.order, row.number


def _by_arrival(row: Noted) -> Order:
    return row.arrived[0], row.arrived[2], row.order, row.number


def _commune(places: list[Place], day: date) -> str | None:
    for commune, first, last in places:
        if first <= day <= last:
            return commune
    return None


def _covered(
    waived: list[tuple[str | None, date, date]], part: str, due: datetime | None, now: datetime
) -> bool:
    """Tell whether a waiver holds: of what is owed once today, else where it is due.

    What is due at 24:00 of the last day is due on that day, and so is what is due at its 00:00.
    """
    for narrowed, first, last in waived:
        if due is None:
            if first <= now.date() <= last:
                return True
        elif narrowed in (None, part):
            day = due.date()
            on_its_eve = due.time() == time() and day > date.min and day - DAY == last
            if first <= day and (day <= last or on_its_eve):
                return True
    return False


def _report(event: Event) -> Sent:
    """Return the written report of an incident as a row that was sent."""
    return Sent(
        "incidents",
        event.school,
        event.code,
        event.reported,
        "",
        event.incomplete,
        (),
        event.number,
        event.observed,
        event.claims,
        event.edited_at,
        None,
        False,
    )
