"""The models of config.toml -> the frozen values of the core. Nothing can be wrong any more."""

from collections.abc import Mapping
from dataclasses import replace

from automator.config.ladders import ladder_of, over
from automator.config.model import (
    CalendarTable,
    File,
    ObligationTable,
    ScheduleTable,
    UnitTable,
)
from automator.config.values import Schedule
from automator.core.calendar import ONE_DAY, Calendar, start_of_day
from automator.core.decisions import Decisions, Extension, Waiver
from automator.core.directive import (
    LOCAL_AUTHORITIES,
    AppliesTo,
    Directive,
    Every,
    Expected,
    Ladder,
    Obligation,
    Policy,
    Reckoning,
    Shift,
    Unit,
)
from automator.core.names import key
from automator.core.pauses import Pause

_AS_IT_IS = (
    *("id", "title", "clause", "office_choice", "action", "before", "by", "within", "cutoff"),
    *("grace", "on", "ends", "close_after", "of", "at_least", "confirm"),
)
_EVERYONE = frozenset({"*", key("tất cả")})


def directive(file: File) -> Directive:
    """Return the directive with its obligations and units, in the order of the file."""
    table = file.directive
    return Directive(
        title=table.title,
        subject=table.subject,
        issuer=table.issuer,
        number=table.number,
        issued=table.issued,
        year=table.year or table.starts.year,
        starts=table.starts,
        obligations=tuple(_obligation(each, file) for each in file.obligation),
        units=tuple(_unit(each) for each in file.unit),
    )


def _obligation(table: ObligationTable, file: File) -> Obligation:
    applies = table.applies_to
    return Obligation(
        **{name: getattr(table, name) for name in _AS_IT_IS},
        tab=table.tab or "",
        hard=table.strength == "hard",
        every=Every(table.every) if table.every else None,
        periods=Reckoning(table.periods or file.calendar.periods),
        shift=Shift(table.shift),
        expected_when=Expected(table.expected_when),
        excepted=tuple(table.excepted),
        event_levels=tuple(table.event_levels),
        starts=table.starts or file.directive.starts,
        applies_to=AppliesTo(
            levels=tuple(applies.levels),
            communes=tuple(applies.communes),
            schools=tuple(applies.schools),
        ),
        ladder=ladder_of(table),
        reopen=over(_reopen(file), table.reopen) if table.reopen else None,
        escalate_streak={int(n): role for n, role in sorted(table.escalate_streak.items())},
    )


def _reopen(file: File) -> Ladder:
    own = file.policy.reopen
    return over(Policy().reopen, own) if own else Policy().reopen


def _unit(table: UnitTable) -> Unit:
    emails = tuple(table.emails)
    is_office = table.kind == "office"

    def office(own: list[str]) -> tuple[str, ...]:
        return tuple(own) or emails if is_office else ()

    return Unit(
        id=table.id,
        kind=table.kind,
        name=table.name,
        emails=emails,
        leader_emails=office(table.leader_emails),
        duty_emails=office(table.duty_emails),
        operator_emails=office(table.operator_emails),
        phone=table.phone,
        valid_from=table.valid_from,
        valid_to=table.valid_to,
    )


def policy(file: File, publish: str) -> Policy:
    """Return the policy: what the file sets, over the defaults of the core."""
    table = file.policy
    own = {name: getattr(table, name) for name in table.model_fields_set - {"reopen"}}
    weekday, at = file.schedule.digest
    return replace(
        Policy(),
        **own,
        reopen=_reopen(file),
        digest_weekday=weekday,
        digest_at=at,
        publish=publish,
        chase_from=file.schedule.chase_from,
        allow_domains=tuple(file.mail.allow_domains),
    )


def calendar(table: CalendarTable) -> Calendar:
    """Return the calendar: the package's holidays of the country, and what overrides them."""
    return Calendar(
        zone=table.timezone,
        off=frozenset(table.off),
        work=frozenset(table.work),
        breaks=tuple(sorted((each.starts, each.ends) for each in table.school_breaks)),
        country=table.country,
    )


def decisions(file: File) -> Decisions:
    """Return the decisions of the file, pointing at obligations by id."""
    ids = {key(name): each.id for each in file.obligation for name in (each.title, each.id)}
    waivers = tuple(
        Waiver(
            school=each.school,
            obligation=ids[key(each.content)],
            period=each.period,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            reason=each.reason,
            source=f"config.toml waiver[{number}]",
        )
        for number, each in enumerate(file.waiver, start=1)
    )
    extensions = tuple(
        Extension(
            scope=_scope(each.scope, file),
            obligation=ids[key(each.content)],
            last_day=each.last_day,
            period=each.period,
            reason=each.reason,
            source=f"config.toml extension[{number}]",
        )
        for number, each in enumerate(file.extension, start=1)
    )
    return Decisions(waivers=waivers, extensions=extensions, pauses=_pauses(file, ids))


def _pauses(file: File, ids: Mapping[str, str]) -> tuple[Pause, ...]:
    """Return the pauses of the file: whole days, the last one to its 24:00."""
    zone = file.calendar.timezone
    return tuple(
        Pause(
            scope=_scope(each.scope, file),
            obligation=ids[key(each.content)] if each.content else None,
            begins=start_of_day(each.starts, zone) if each.starts else None,
            until=start_of_day(each.until + ONE_DAY, zone),
            reason=each.reason,
            source=f"config.toml pause[{number}]",
        )
        for number, each in enumerate(file.pause, start=1)
    )


def _scope(scope: str, file: File) -> str:
    """Return a scope as the core names it: everyone, a local authority, else a school."""
    if key(scope) in _EVERYONE:
        return "*"
    local = {each.id for each in file.unit if each.kind in LOCAL_AUTHORITIES}
    return f"unit:{scope}" if scope in local else f"school:{scope}"


def schedule(table: ScheduleTable) -> Schedule:
    """Return when the worker runs."""
    weekday, at = table.digest
    return Schedule(
        daily=table.daily,
        digest_weekday=weekday,
        digest_at=at,
        watch=table.watch,
        chase_from=table.chase_from,
    )
