"""Deadlines that an edit of the configuration moved for many schools at once: asked about."""

from collections.abc import Iterable, Mapping

from automator.core.decisions import FEW
from automator.core.finding import Instance
from automator.core.memory import Episode


def moved_for_many(
    instances: Iterable[Instance],
    episodes: Mapping[str, Episode],
    released: frozenset[str],
    schools: int,
    share: float,
) -> Mapping[str, str]:
    """Return by full instance key the decision that it waits for, "moved/plan/2021-02-26T07:00".

    An extension is approved where it is given; what is left was moved by an edit of config
    (or by an extension that went away). One read moves it for more than `share` of the
    schools, and for more than three: the operator is asked before anybody hears of it.
    """
    groups: dict[str, list[Instance]] = {}
    for instance in instances:
        episode = episodes.get(instance.full_key)
        if episode is None or episode.previous_due is None or instance.extended:
            continue
        if episode.cause == "deadline":
            day = f"{episode.opened:%Y-%m-%dT%H:%M}"
            groups.setdefault(f"moved/{instance.obligation}/{day}", []).append(instance)
    return {
        instance.full_key: key
        for key, group in groups.items()
        if key not in released and _many(group, schools, share)
        for instance in group
    }


def _many(group: Iterable[Instance], schools: int, share: float) -> bool:
    moved = len({i.school for i in group})
    return moved > FEW and moved > share * schools
