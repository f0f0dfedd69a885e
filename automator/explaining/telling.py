"""What was told, what the next run tells, what stays silent and why, what comes later."""

from automator.core.contacts import masked
from automator.core.memory import TellKey
from automator.core.planning import Silence
from automator.core.withheld import Withheld
from automator.explaining.view import View, line, more
from automator.explaining.why_silent import WHY_SILENT

_SAID_ELSEWHERE = frozenset({Withheld.ALREADY_TOLD, Withheld.NEXT_STEP_LATER})
"""Reasons that the lines `told` and `comes` give already, with their instants."""
_CAUSES = {
    "owed": "since it was first owed",
    "deadline": "since its deadline moved",
    "returned": "since the office returned it",
    "withdrawn": "since what spoke for it was withdrawn",
}


def lines(view: View) -> list[str]:
    """Return the episode, what was told in it and before, and what comes."""
    after = [*_going(view), *_silent(view), *_coming(view)]
    return [*_episode(view), *_told(view), *(after or [line("comes", _nothing(view))])]


def _episode(view: View) -> list[str]:
    episode = view.report.outcome.assessment.episodes[view.finding.key]
    cause = _CAUSES.get(episode.cause, episode.cause)
    said = [line("episode", f"{episode.ordinal}, {cause} (seen {view.at(episode.opened)})")]
    if episode.previous_due:
        said.append(more(f"until then it was due until {view.until(episode.previous_due)}"))
    return said


def _to(key: TellKey | Silence, view: View) -> str:
    """Return whom a step is for, with the addresses of now, masked; which of them get nothing."""
    scene, who = view.report.outcome.scene, (key.unit, key.role)
    known = [masked(a) for a in scene.recipients.get(who, ())]
    known += [f"{masked(a)} not approved" for a in scene.unapproved.get(who, ())]
    known += [f"{masked(a)} not allowed" for a in scene.refused.get(who, ())]
    return f"{key.unit} as {key.role} ({', '.join(known) or 'no address'})"


def _told(view: View) -> list[str]:
    told = view.report.outcome.scene.desk.tellings.of_instance.get(view.finding.key, ())
    said: list[str] = []
    for key, one in sorted(told, key=lambda pair: (pair[1].at, pair[0])):
        said.append(line("told", f"{key.step} to {_to(key, view)}"))
        bounced = ", and it bounced" if one.bounced else ""
        said.append(
            more(f"{view.at(one.at)}, episode {key.episode}, message {one.message or '-'}{bounced}")
        )
    return said or [line("told", "nothing yet")]


def _going(view: View) -> list[str]:
    plan = view.report.outcome.plan
    return [
        line("next run", f"tells {key.step} to {_to(key, view)}")
        for notice in plan.notices
        if notice.id not in plan.held
        for key in notice.keys
        if key.instance == view.finding.key
    ]


def _silent(view: View) -> list[str]:
    said: list[str] = []
    for s in view.report.outcome.plan.silences:
        if s.instance != view.finding.key or s.reason in _SAID_ELSEWHERE:
            continue
        why = f"{s.reason.value}, {WHY_SILENT[s.reason]}"
        said.append(line("silent", f"{s.step} to {_to(s, view)}: {why}"))
        if s.reason is Withheld.UNDELIVERABLE:
            said += [more(text) for text in _refused(s, view)]
    return said


def _refused(silence: Silence, view: View) -> list[str]:
    """Return which message the server refused, and with which words."""
    return [
        f"message {draft.id[:8]}: {draft.detail}"
        for draft in view.report.outcome.scene.memory.drafts
        if draft.state == "failed"
        and (draft.unit, draft.role) == (silence.unit, silence.role)
        and any((k.instance, k.step) == (silence.instance, silence.step) for k in draft.keys)
    ]


def _coming(view: View) -> list[str]:
    ahead = [
        c
        for c in view.report.outcome.candidates
        if c.key.instance == view.finding.key and c.up_at > view.report.now
    ]
    return [
        line("comes", f"{c.key.step} to {_to(c.key, view)}, from {view.at(c.up_at)}")
        for c in sorted(ahead, key=lambda c: (c.up_at, c.key))
    ]


def _nothing(view: View) -> str:
    if view.finding.enough and not view.finding.returned_at:
        return "nothing more: it has been received"
    return "nothing for now: the first step has not come up, or the last one has been told"
