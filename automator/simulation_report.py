"""The document that `simulate --json` prints; docs/simulate.md describes it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from automator.core.planning import Silence
from automator.difference import WORDS, Change, difference
from automator.simulating import Mail, Pass, Simulation

SCHEMA = 1


def document(simulations: Sequence[Simulation]) -> dict[str, Any]:
    """Return the document of one simulation, or of two and what differs between them."""
    first = simulations[0]
    return {
        "schema": SCHEMA,
        "from": first.first.isoformat(),
        "to": first.last.isoformat(),
        "simulations": [_simulation(s) for s in simulations],
        "difference": _difference(*simulations) if len(simulations) > 1 else None,
    }


def _simulation(simulation: Simulation) -> dict[str, Any]:
    mails = simulation.mails
    return {
        "config": simulation.config,
        "passes": [_pass(p) for p in simulation.passes],
        "summary": {
            "passes": len(simulation.passes),
            "days": (simulation.last - simulation.first).days + 1,
            "mails": len(mails),
            "kinds": dict(simulation.kinds),
            "roles": dict(sorted(Counter(m.role for m in mails).items())),
            "held": sum(m.held is not None for p in simulation.passes for m in p.mails),
            "withheld": _reasons(s for p in simulation.passes for s in p.withheld),
            "most_a_day": simulation.most_a_day,
        },
    }


def _reasons(silences: Iterable[Silence]) -> dict[str, int]:
    return dict(sorted(Counter(s.reason.value for s in silences).items()))


def _pass(one: Pass) -> dict[str, Any]:
    return {
        "now": one.at.isoformat(),
        "watch": one.watch,
        "mails": [_mail(m) for m in one.mails],
        "withheld": [
            {
                "unit": s.unit,
                "role": s.role,
                "instance": s.instance,
                "step": s.step,
                "reason": s.reason.value,
            }
            for s in one.withheld
        ],
        "counts": {
            "mails": len(one.sent),
            "held": len(one.mails) - len(one.sent),
            "withheld": dict(one.reasons),
        },
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "unit": mail.unit,
        "role": mail.role,
        "kind": mail.kind.value,
        "steps": [
            {"instance": k.instance, "step": k.step, "episode": k.episode} for k in mail.keys
        ],
        "weeks": list(mail.weeks),
        "held": mail.held.value if mail.held else None,
    }


def _difference(first: Simulation, second: Simulation) -> dict[str, Any]:
    changes = difference(first, second)
    kinds = sorted({c.telling.kind for c in changes})
    return {
        "mails": [len(first.mails), len(second.mails)],
        "kinds": {
            kind: {w: sum(c.word == w and c.telling.kind == kind for c in changes) for w in WORDS}
            for kind in kinds
        },
        "changes": [_change(c) for c in changes],
    }


def _change(change: Change) -> dict[str, Any]:
    telling = change.telling
    return {
        "change": change.word,
        "kind": telling.kind,
        "unit": telling.unit,
        "role": telling.role,
        "instance": telling.instance,
        "step": telling.step,
        "episode": telling.episode,
        "was": change.was.isoformat() if change.was else None,
        "now": change.now.isoformat() if change.now else None,
    }
