"""A reminder by hand: which instances are meant, and what became of each."""

from dataclasses import dataclass
from typing import Any

from automator import explaining
from automator.core.finding import Status
from automator.core.withheld import Withheld
from automator.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one instance came to: the step that is told, in which state, or why none is."""

    instance: str
    school: str
    step: str
    state: str
    why: str = ""

    @property
    def told(self) -> bool:
        """Whether a step was told, or would be."""
        return not self.why

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = ("instance", "school", "step", "state", "why")
        return {name: getattr(self, name) or None for name in names}


def missing(report: Report) -> frozenset[str]:
    """Return the instances that are missing or were returned: what --all-missing asks for."""
    wanted = (Status.MISSING, Status.RETURNED)
    return frozenset(f.key for f in report.outcome.findings if f.status in wanted)


def named(report: Report, school: str, obligation: str, period: str | None) -> frozenset[str]:
    """Return the instances that the arguments name. Raises ConfigError for none."""
    return frozenset(f.key for f in explaining.find(report, school, obligation, period))


def answers(report: Report, asked: frozenset[str]) -> list[Answer]:
    """Return what became of each instance, in order."""
    return [_answer(report, instance) for instance in sorted(asked)]


def _answer(report: Report, instance: str) -> Answer:
    outcome = report.outcome
    name = outcome.speech.people.unit_name(instance.partition("/")[0])
    for message in report.messages:
        for key in message.keys:
            if key.instance == instance and key.role == "principal":
                return Answer(instance=instance, school=name, step=key.step, state=message.state)
    step, why = _refusal(report, instance)
    return Answer(instance=instance, school=name, step=step, state="", why=why)


_SAYS_MOST = (Withheld.ALREADY_TOLD, Withheld.NEXT_STEP_LATER, Withheld.NEWER_STEP)
"""Reasons that count only where no other is given, the most telling first."""


def _refusal(report: Report, instance: str) -> tuple[str, str]:
    """Return the step that stays silent and the reason's name and words."""
    mine = [
        s for s in report.outcome.plan.silences if (s.instance, s.role) == (instance, "principal")
    ]
    mine.sort(key=lambda s: _SAYS_MOST.index(s.reason) + 1 if s.reason in _SAYS_MOST else 0)
    if not mine:
        return "", "nothing_owed: nothing of it is open"
    return mine[0].step, f"{mine[0].reason.value}: {explaining.WHY_SILENT[mine[0].reason]}"
