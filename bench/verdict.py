"""The design's table over one instance's rows, as plainly as it can be written."""

from datetime import date, datetime, timedelta

from automator.core.directive import Obligation
from bench.plain import At, Event, Noted, Sent
from bench.slots import Slot

Verdict = tuple[str, tuple[str, ...]]


def verdict(
    slot: Slot,
    sent: list[Sent],
    noted: list[Noted],
    withdrawn: datetime | None,
    exempt: bool,
    extended: bool,
    event: Event | None,
    tolerance: timedelta,
    now: datetime,
) -> Verdict:
    """Return status and reasons of one instance; the rows are those that have come by `now`."""
    need = slot.obligation.at_least
    have = len({s.identity for s in sent}) if need > 1 else len(sent)
    have = max(have, 1 if noted else 0)
    received = _received(sent, noted, need) if have >= need else None
    returned = _returned(sent, noted, now) if received and noted else None
    if exempt:
        status = "exempt"
    elif received and returned:
        status = "returned"
    elif received:
        status = "on_time" if received[0] < slot.due else "late"
    elif now >= slot.due:
        status = "missing"
    else:
        status = "due" if slot.remind_from <= now else "upcoming"
    reasons: list[str] = []
    if _incomplete(sent, need, event):
        reasons.append("incomplete")
    if 0 < have < need:
        reasons.append("partial")
    reasons += _of_the_deadline(slot, status, received, extended, now)
    if slot.obligation.confirm and status in ("on_time", "late", "returned") and not noted:
        reasons.append("unconfirmed")
    if status == "on_time" and not noted and received:
        speaking = [s for s in sent if s.claim == received]
        if speaking and all(_came_later(s, slot.due, tolerance) for s in speaking):
            reasons.append("backdated")
    for row in sent:
        if row.edited_at and row.edited_at >= slot.due:
            reasons.append("edited")
            break
    if withdrawn and have < need:
        reasons.append("withdrawn")
    if len(sent) > 1 and _repeated(sent, noted, slot.obligation):
        reasons.append("duplicate")
    return status, tuple(reasons)


def _came_later(row: Sent, due: datetime, tolerance: timedelta) -> bool:
    """Tell whether its first claim on time was not there yet when it should have been."""
    for claim, lacked in row.claims:
        if claim < due:
            return lacked is not None and lacked >= due and lacked - claim > tolerance
    return False


def _of_the_deadline(
    slot: Slot, status: str, received: At | None, extended: bool, now: datetime
) -> list[str]:
    reasons: list[str] = []
    named = slot.obligation.before
    if slot.obligation.grace and status in ("late", "missing"):
        at = received[0] if received else now
        if at < slot.tolerated_until:
            reasons.append("in_grace")
    if named and received and not extended and status in ("late", "returned"):  # noqa: SIM102
        if received[1] == named:
            reasons.append("named_day")
    if extended:
        reasons.append("extended")
    return reasons


def _incomplete(sent: list[Sent], need: int, event: Event | None) -> bool:
    if event:
        return event.incomplete
    complete = 0
    for row in sent:
        complete += not row.incomplete
    return bool(sent) and complete < min(need, len(sent))


def _received(sent: list[Sent], noted: list[Noted], need: int) -> At | None:
    """Return when it was enough: the office's day where it noted one."""
    if len(noted) >= need:
        return noted[need - 1].arrived
    if need == 1:
        return sent[0].claim
    known: set[str] = set()
    for row in sent:
        known.add(row.identity)
        if len(known) == need:
            return row.claim
    return sent[-1].claim


def _returned(sent: list[Sent], noted: list[Noted], now: datetime) -> At | None:
    """Return when the office gave it back, if nothing newer came."""
    back: Noted | None = None
    for row in noted:
        if row.returned and row.returned[0] <= now:
            later = (row.returned[0], row.result_since)
            if back is None or not back.returned or later > (back.returned[0], back.result_since):
                back = row
    if back is None or back.returned is None:
        return None
    for row in noted:
        if row is back or row.returned is not None:
            continue
        if _newer(row.arrived, row.observed, back):
            return None
        same_day = row.arrived[1] == back.returned[1]
        if same_day and row.result == "Đạt" and row.observed >= back.result_since:
            return None
    for one in sent:
        if one.claim and one.gone_since is None and _newer(one.claim, one.observed, back):
            return None
    return back.returned


def _newer(at: At, observed: datetime | None, back: Noted) -> bool:
    assert back.returned is not None
    instant, day, timed = back.returned
    if at[2] and timed:
        return at[0] > instant
    if at[1] != day:
        return at[1] > day
    return observed is not None and observed > back.result_since


def _repeated(sent: list[Sent], noted: list[Noted], obligation: Obligation) -> bool:
    """Tell whether two rows say the same and no return lies between them."""
    by_day = obligation.tab == "propaganda" and obligation.at_least == 1
    before: dict[tuple[str, date | None], date] = {}
    backs = [r.returned[1] for r in noted if r.returned]
    for row in sent:
        assert row.claim is not None
        day = row.claim[1]
        same = (row.identity, day if by_day else None)
        other = before.get(same)
        if other is not None and not any(other <= back <= day for back in backs):
            return True
        before[same] = day
    return False
