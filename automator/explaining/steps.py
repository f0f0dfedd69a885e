"""Steps and readers in words, for those who have only the mail in their hands."""

import re

from automator.core.turn import Outcome

_READERS = {
    "principal": "the school itself, at its addresses in the tab Trường",
    "commune": "the local authority, for the schools of its area",
    "police": "the police, for what concerns them",
    "office": "the office, for all schools",
    "leader": "the office's leader, to whom is reported what a chase did not bring",
    "duty": "the office's duty, for urgent incidents",
    "operator": "the operator, for what only the operator can mend",
}
_STEPS = {
    "received": "thanks for what came after a chase",
    "changed": "the deadline has moved",
    "reopened": "it is owed again: the office returned it, or what spoke for it was withdrawn",
    "urgent": "an urgent incident, told at once",
    "urgent-leader": "nobody had acknowledged the incident in time",
    "urgent-changed": "level or state of the incident changed",
    "urgent-withdrawn": "the incident was entered by mistake, or its row is gone",
    "foreseen": "the list of the day's chases, for the office to read first",
}
_RUNGS = {
    "remind": "reminds {span} before the deadline",
    "chase": "chases {span} after the deadline",
    "escalate": "reports to the next level, {span} after the deadline",
}


def in_words(step: str) -> str:
    """Return what a step is: "chase-1" chases 1 working day after the deadline."""
    found = re.fullmatch(r"(remind|chase|escalate)-(\d+)(h?)", step)
    if found is None:
        return _STEPS.get(step, step)
    action, number, hours = found.groups()
    unit = "h" if hours else " working day" + ("" if number == "1" else "s")
    return _RUNGS[action].format(span=f"{number}{unit}")


def reader(unit: str, role: str, outcome: Outcome | None) -> str:
    """Return who reads in that role, and why it is theirs."""
    name = outcome.speech.people.unit_name(unit) if outcome else unit
    return f"{name} ({unit}) as {role}: {_READERS.get(role, role)}"
