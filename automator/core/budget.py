"""How much may leave now: the provider's limits on a day, a minute and one domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(hours=24)
MINUTE = 60.0
"""Seconds over which the rates count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the provider allows; None where nothing is set.

    `day`: recipients in any 24 hours. `minute` and `domain_minute`: mails in any 60 seconds,
    all together and to one domain.
    """

    day: int | None = None
    minute: int | None = None
    domain_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that may leave: its id, whether it is urgent, and to whom it goes."""

    id: str
    urgent: bool
    recipients: tuple[str, ...]

    @property
    def domains(self) -> frozenset[str]:
        """The domains of its recipients, in lower case."""
        return frozenset(to.rpartition("@")[2].casefold() for to in self.recipients)


def within(waiting: Sequence[Waiting], limit: int | None, spent: int) -> tuple[Waiting, ...]:
    """Return those that the day's limit still has room for, in their order.

    `spent`: recipients of the last 24 hours. The first that does not fit ends it, so that
    nothing overtakes an urgent mail. A tenth of the limit, one recipient at least, is kept for
    urgent ones. What no day has room for (`too_many`) stays behind and stops nobody.
    """
    if limit is None:
        return tuple(waiting)
    fitting = []
    for one in waiting:
        if too_many(one, limit):
            continue
        spent += len(one.recipients)
        if spent > _share(one, limit):
            break
        fitting.append(one)
    return tuple(fitting)


def too_many(one: Waiting, limit: int) -> bool:
    """Tell whether a message has more recipients than the limit leaves it on any day."""
    return len(one.recipients) > _share(one, limit)


def _share(one: Waiting, limit: int) -> int:
    """Return how much of a day's limit a message may use up."""
    return limit if one.urgent or limit == 1 else limit - -(-limit // 10)


def pause(times: Sequence[float], limit: int | None, now: float) -> float:
    """Return the seconds until one more may leave, 0 where it may now.

    `times`: when the earlier ones left, in order, on the same clock as `now`.
    """
    if limit is None or len(times) < limit:
        return 0.0
    return max(0.0, times[-limit] + MINUTE - now)
