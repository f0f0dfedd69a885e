"""Messages and plans for the tests of the ledger."""

from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.memory import Memory, TellKey
from automator.core.message import Attachment, Message
from automator.ledger import Ledger, RunRecord

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """Return a local instant: "2021-02-26 07:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


NOW = at("2021-02-26 07:00")


def key(step: str = "chase-1", school: str = "TH-MY-LAC", episode: int = 1) -> TellKey:
    """Return a told key of a principal."""
    return TellKey(
        unit=school, role="principal", instance=f"{school}/plan", episode=episode, step=step
    )


def message(
    name: str,
    *keys: TellKey,
    unit: str = "TH-MY-LAC",
    role: str = "principal",
    kind: str = "chase",
    weeks: tuple[str, ...] = (),
    to: tuple[str, ...] = ("hieutruong@my-lac.example",),
    text: str = "Kính gửi: Hiệu trưởng",
) -> Message:
    """Return a rendered message with an attachment."""
    return Message(
        id=name,
        unit=unit,
        role=role,
        kind=kind,
        recipients=to,
        subject="Đề nghị gửi kế hoạch",
        text=text,
        html=f"<p>{text}</p>",
        message_id=f"<{name}@automator.example>",
        at=NOW,
        keys=keys,
        weeks=weeks,
        references="<goc@automator.example>",
        attachments=(
            Attachment(name="Hạn gửi.ics", media_type="text/calendar", content=b"\x00\xff"),
        ),
    )


def begin(ledger: Ledger, *messages: Message, now: datetime = NOW, **more: object) -> int:
    """Begin a run that plans `messages`; `more` may hold held, superseded, failed, memory."""
    given = {"memory": Memory(), "held": {}, "superseded": ()} | more
    return ledger.begin(RunRecord(now=now), messages=messages, **given)  # type: ignore[arg-type]


def states(ledger: Ledger) -> dict[str, str]:
    """Return the state of every message by id."""
    return {row.id: row.state.value for row in ledger.message_rows()}
