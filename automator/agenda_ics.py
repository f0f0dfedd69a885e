"""The agenda as a calendar file: what each event says, and the file on the disk."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path

from automator.agenda import Agenda, due_words, title, when
from automator.core import words
from automator.core.agenda import Deadline, Group
from automator.errors import ConfigError
from automator.pages.ics import Event, to_ical

FEW = 5
"""So many schools an event still names; of more it gives the number."""
_BEGINS = b"BEGIN:VCALENDAR"


def save(agenda: Agenda, path: Path, *, source: str, daily: time) -> None:
    """Write the agenda to `path`, whole or not at all; an older calendar there is replaced.

    `source`: the workbook's id; `daily`: the local time at which reminders go out. Raises
    ConfigError (exit 2) where it cannot be written, or where something else stands.
    """
    check_target(path)
    whose = agenda.whose
    data = to_ical(
        events(agenda, daily),
        name=f"Hạn gửi Phòng năm {agenda.year} – {whose}",
        source=source,
        now=agenda.now,
    )
    from automator.workbook.saving import write_atomically

    try:
        write_atomically(path, data)
    except OSError as fault:
        raise _unwritable(path, fault) from fault


def check_target(path: Path) -> None:
    """Raise ConfigError where no calendar may be put: nothing but a calendar is replaced."""
    if str(path) == "-":
        msg = "--ics - is not possible: the answer on stdout is the list"
        raise ConfigError(msg, hint="name a file, such as --ics han-2021.ics")
    try:
        if path.is_dir() or not path.parent.is_dir():
            what = "it is a folder" if path.is_dir() else "its folder is not there"
            msg = f"--ics {path} cannot be written: {what}"
            raise ConfigError(msg, hint="name a file in a folder that is there")
        if path.exists():
            with path.open("rb") as file:
                start = file.read(len(_BEGINS)).upper()
            if start not in (_BEGINS, b""):
                msg = f"--ics {path} holds something else than a calendar; it stays as it is"
                raise ConfigError(msg, hint="name another file")
    except OSError as fault:
        raise _unwritable(path, fault) from fault


def _unwritable(path: Path, fault: OSError) -> ConfigError:
    msg = f"--ics {path} cannot be written: {fault.strerror or fault}"
    return ConfigError(msg, hint="name a file that you may write")


def events(agenda: Agenda, daily: time) -> Iterator[Event]:
    """Yield an event for each deadline; what a school is exempt from is cancelled.

    In the calendar of all schools the deadline that most of them have keeps the instance's
    name; the others, moved by extensions, are events of their own.
    """
    most = _largest(agenda)
    for group in agenda.groups:
        one, key = group.deadline, group.deadline.instance.key
        if agenda.school is not None:
            key = one.instance.full_key
        elif one.exempt:
            continue
        elif most[key] is not group:
            key = f"{key}/{one.last_day.isoformat()}"
        yield Event(
            key=key,
            at=_at(one),
            summary=_summary(group, agenda, part=most.get(key) is not group),
            description="\n".join(_description(group, agenda)),
            alarm=_alarm(one, daily),
            cancelled=one.exempt,
        )


def _largest(agenda: Agenda) -> Mapping[str, Group]:
    """Return by instance the group of most schools that owe it (the earliest, where equal)."""
    found: dict[str, Group] = {}
    for group in agenda.groups:
        key = group.deadline.instance.key
        before = found.get(key)
        if group.deadline.exempt:
            continue
        if before is None or len(group.schools) > len(before.schools):
            found[key] = group
    return found


def _at(one: Deadline) -> date | datetime:
    return one.instance.due_before if one.is_timed else one.last_day


def _alarm(one: Deadline, daily: time) -> datetime | None:
    """Return when the first reminder goes out: on its day with the daily run."""
    at = one.first_reminder
    if at is None:
        return None
    return datetime.combine(at.date(), daily, at.tzinfo) if at.time() == time() else at


def _summary(group: Group, agenda: Agenda, *, part: bool) -> str:
    one = group.deadline
    head = "Được miễn" if one.exempt else "Hạn"
    count = f" ({len(group.schools)} trường)" if agenda.school is None and part else ""
    return f"{head}: {title(one)}{count}"


def _description(group: Group, agenda: Agenda) -> Iterator[str]:
    """Yield what the event says: for a school what it owes, for the office its steps too."""
    one, speech = group.deadline, agenda.speech
    yield f"Hạn: {due_words(one, speech)}."
    if one.period and one.period.figures_words:
        yield f"Kỳ báo cáo: {one.period.words} ({one.period.figures_words})."
    if one.obligation.action:
        yield f"Nội dung: {one.obligation.action}."
    if one.obligation.clause and not one.obligation.office_choice:
        clause = one.obligation.clause.replace("; ", " và ")
        yield f"Căn cứ: {speech.directive.title}, mục {clause}."
    else:
        yield "Căn cứ: thời hạn theo lịch của Phòng."
    if one.first_reminder and not one.exempt:
        yield f"Nhắc lần đầu: {when(one.first_reminder)}."
    if agenda.school is None:
        if one.escalations:
            days = ", ".join(map(when, one.escalations))
            yield f"Báo cáo Lãnh đạo Phòng nếu chưa nhận được: {days}."
        names = [speech.people.unit_name(code) for code in group.schools]
        listed = f" ({'; '.join(names)})" if len(names) <= FEW else ""
        yield f"Số trường: {words.count_words(len(names))}{listed}."
