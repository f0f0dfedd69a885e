"""A plan's notices as messages; what cannot be rendered is on record, and the operator hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automator.core.alerts import Alert
from automator.core.broken import too_many
from automator.core.message import Message
from automator.core.notice import MailKind, Notice
from automator.core.plan import Plan
from automator.core.turn import Outcome
from automator.errors import TemplateBroken

if TYPE_CHECKING:
    from automator.mail.render import Renderer

Keep = Callable[[Message], Message]
"""Puts a rendered message where it does not fill the memory, and returns its head."""

Progress = Callable[[str, int, int], None]
"""Told as long work goes on: what is being done, how much of it, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The head of a message for each notice, in order: its body is where `render` kept it.

    `broken`: by id, why one of them has no body.
    """

    messages: tuple[Message, ...]
    broken: Mapping[str, str]

    def held(self, outcome: Outcome, share: float) -> dict[str, str]:
        """Return by id why the others must not go out, where so much broke that none is safe."""
        schools = outcome.assessment.register.schools
        judged = {f.instance.school for f in outcome.findings if f.broken}
        why = ""
        if too_many(len(self.broken), len(self.messages), share):
            why = "templates"
        elif too_many(len(judged), len(schools), share):
            why = "broken"
        return {
            m.id: why
            for m in self.messages
            if why and m.id not in self.broken and m.kind != MailKind.ALERT.value
        }


def render(
    plan: Plan,
    renderer: "Renderer",
    progress: Progress,
    keep: Keep,
    known: Sequence[Message] = (),
) -> Rendered:
    """Return the heads of the messages of `plan`; `known` are kept already, and the same."""
    done = {m.id: m for m in known}
    messages: list[Message] = []
    broken: dict[str, str] = {}
    for count, notice in enumerate(plan.notices):
        progress("mails", count, len(plan.notices))
        if notice.id in plan.broken:
            broken[notice.id] = "broken: " + "; ".join(sorted({f.where for f in plan.faults}))
            messages.append(_empty(notice))
            continue
        try:
            messages.append(done.get(notice.id) or keep(renderer.render(notice)))
        except TemplateBroken as fault:
            broken[notice.id] = f"template: {fault.message}"
            messages.append(_empty(notice))
    progress("mails", len(plan.notices), len(plan.notices))
    return Rendered(messages=tuple(messages), broken=broken)


def unrendered(outcome: Outcome, rendered: Rendered) -> tuple[Alert, ...]:
    """Return what the operator must hear of in this run: mails that have no body."""
    people = outcome.speech.people
    return tuple(
        Alert(
            code="failed",
            subject=m.id,
            line=f"{people.addressee(m.unit, m.role)} (mã thư {m.id[:8]})",
        )
        for m in rendered.messages
        if m.id in rendered.broken and m.id not in outcome.plan.broken and m.role != "operator"
    )


def _empty(notice: Notice) -> Message:
    return Message(
        id=notice.id,
        unit=notice.unit,
        role=notice.role,
        kind=notice.kind.value,
        recipients=notice.recipients,
        subject="",
        text="",
        html="",
        message_id=f"<{notice.id}@automator.example>",
        at=notice.now,
        keys=notice.keys,
        weeks=notice.weeks,
    )
