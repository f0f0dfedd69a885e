"""What waits for the operator: the keys by which the next plan may be let go."""

from dataclasses import dataclass

from automator.core.layout import tab
from automator.core.pinned import pending
from automator.core.steps import Candidate
from automator.core.turn import Outcome
from automator.core.unknown import RELEASE
from automator.core.withheld import ANOTHER, RESTORED, Scene, Withheld, lasting
from automator.errors import ConfigError

DECISIONS = "decisions"
_STRANGE = {
    RESTORED: "the ledger is an older copy: what was told since is not known",
    ANOTHER: "the roster shares under half of its codes with the last read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One decision: its key for `outbox release`, what it is about, how many steps wait."""

    key: str
    about: str
    steps: int
    releases: tuple[str, ...] = ()  # what is remembered if it is let go; () is the key itself


def waiting(outcome: Outcome) -> tuple[Waiting, ...]:
    """Return the open decisions of an outcome, by key."""
    scene = outcome.scene
    found: dict[str, Waiting] = {}
    tabs = {o.id: o.tab for o in scene.desk.directive.hard}
    moved = scene.moved
    held = [(c.key.instance, why) for c in outcome.candidates if (why := _decided(c, scene))]
    for kind, keys in (("breaker", scene.suspicious), ("doubtful", scene.doubtful)):
        for key in keys:
            steps = sum(
                why is Withheld.BREAKER
                and instance not in moved
                and tabs.get(_obligation(instance)) == key
                for instance, why in held
            )
            name = f"{kind}/{key}"
            found[name] = Waiting(
                key=name, about=f"the rows of the tab {tab(key).title}", steps=steps
            )
    for instance, why in held:
        if why is Withheld.OLD_DUTY:
            name = f"old_duty/{instance}"
            about = f"{instance}, long past when it was first seen"
        elif instance in moved:
            name = moved[instance]
            about = f"the deadline of {_obligation(instance)}, moved for many schools"
        else:
            continue
        steps = found[name].steps + 1 if name in found else 1
        found[name] = Waiting(key=name, about=about, steps=steps)
    decided = outcome.assessment.decisions.waiting
    if decided:
        about = f"{len(decided)} waivers and extensions that together cover many schools"
        found[DECISIONS] = Waiting(key=DECISIONS, about=about, steps=0, releases=decided)
    found |= {w.key: w for w in _addresses(outcome)}
    if scene.unknown:
        steps = sum(s.reason is Withheld.LEDGER_UNKNOWN for s in outcome.plan.silences)
        found[RELEASE] = Waiting(key=RELEASE, about=_STRANGE[scene.unknown], steps=steps)
    return tuple(found[k] for k in sorted(found))


def _addresses(outcome: Outcome) -> list[Waiting]:
    """Return a decision for each school whose new address nobody has approved."""
    scene = outcome.scene
    domains, day = scene.desk.policy.allow_domains, outcome.speech.people.day
    silent = {
        (c.key.unit, c.key)
        for c in outcome.candidates
        if lasting(c, scene) is Withheld.ADDRESS_NOT_APPROVED
    }
    return [
        Waiting(
            key=f"address/{code}",
            about=f"the new address of {code}: {', '.join(new)}",
            steps=sum(unit == code for unit, _ in silent),
        )
        for code, new in pending(scene.schools, scene.memory.contacts, domains, day).items()
    ]


def _decided(candidate: Candidate, scene: Scene) -> Withheld | None:
    """Return for which decision a step waits, whatever the hour; None for any other reason."""
    why = lasting(candidate, scene)
    return why if why in (Withheld.BREAKER, Withheld.OLD_DUTY) else None


def _obligation(instance: str) -> str:
    return instance.split("/")[1] if "/" in instance else instance


def chosen(open_ones: tuple[Waiting, ...], keys: list[str], *, everything: bool) -> list[str]:
    """Return the keys to release. Raises ConfigError for one that does not wait."""
    known = {w.key: w.releases or (w.key,) for w in open_ones}
    keys = list(known) if everything else keys
    for key in keys:
        if key not in known:
            msg = f"nothing waits under {key!r}"
            raise ConfigError(msg, hint="waiting: " + (", ".join(known) or "nothing"))
    return [name for key in keys for name in known[key]]
