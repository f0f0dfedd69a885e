"""The list of today's chases that the office reads before `chase_from`."""

from collections.abc import Collection

from automator.core.memory import TellKey
from automator.core.planning import Planning, Who
from automator.core.withheld import Withheld, capped


def foreseen_key(desk: Planning, digests: Collection[Who]) -> tuple[TellKey, ...]:
    """Return the key of today's list of foreseen chases, () where the office has read it."""
    scene, office = desk.scene, desk.speech.people.office
    if not desk.foreseen:
        return ()
    today = scene.now.astimezone(desk.speech.calendar.zone).date()
    key = TellKey(
        unit=office,
        role="office",
        instance=f"foreseen/{today.isoformat()}",
        episode=1,
        step="foreseen",
    )
    who = (office, "office")
    if key in scene.memory.told:
        reason = Withheld.ALREADY_TOLD
    elif (lost := scene.out_of_reach(*who)) is not None:
        reason = lost
    elif key in scene.failed:
        reason = Withheld.UNDELIVERABLE
    elif capped(*who, scene) and who not in digests:
        reason = Withheld.DAILY_CAP
    else:
        return (key,)
    desk.silent(key, reason)
    return ()
