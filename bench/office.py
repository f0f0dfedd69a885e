"""An office with twenty obligations, of which each school owes about twenty instances.

`before` and `by`, closing hours, grace, several forms owed, months, a quarter and weeks, some
for one level only, reports of events: every kind that judging knows.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from automator.core.assess import Rules
from automator.core.calendar import Calendar
from automator.core.directive import (
    AppliesTo,
    Directive,
    Every,
    Ladder,
    Obligation,
    Offset,
    Policy,
    Shift,
    Span,
    Unit,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_READ = datetime(2021, 6, 10, 7, tzinfo=HANOI)  # Thursday
SECOND_READ = datetime(2021, 6, 11, 7, tzinfo=HANOI)
MEASURED_READ = datetime(2021, 6, 14, 7, tzinfo=HANOI)  # Monday: every digest is due
LEVELS = ("MN", "TH", "THCS")
_STEPS = Ladder(remind=(Offset(5), Offset(1)), chase=(Offset(1), Offset(5)), escalate=(Offset(3),))
_HOURS = Ladder(
    remind=(Offset(6, hours=True),),
    chase=(Offset(1, hours=True), Offset(24, hours=True)),
    escalate=(Offset(24, hours=True),),
)
_UNITS = (
    Unit(id="office", kind="office", name="Phòng Giáo dục", emails=("phong@phong.example",)),
    Unit(id="police", kind="police", name="Công an huyện", emails=("ca@congan.example",)),
)


def _once(name: str, tab: str, **more: object) -> Obligation:
    return Obligation(id=name, title=f"Nội dung {name}", clause="8", tab=tab, ladder=_STEPS, **more)  # type: ignore[arg-type]


def _each(name: str, every: Every, first: date, last: date, **more: object) -> Obligation:
    given = {"on": 5, "shift": Shift.NEXT, **more}
    return _once(name, "periodic", every=every, starts=first, ends=last, **given)


def _only(*levels: str) -> AppliesTo:
    return AppliesTo(levels=levels)


_DAY = date
OBLIGATIONS = (
    _once("plan", "plans", before=_DAY(2021, 2, 25), confirm=True),
    _once("traffic-plan", "plans", by=_DAY(2021, 3, 31)),
    _once("fire-plan", "plans", by=_DAY(2021, 4, 30), cutoff=time(17)),
    _once("summer-plan", "plans", before=_DAY(2021, 6, 20)),
    _once("next-plan", "plans", by=_DAY(2021, 12, 31)),
    _once("form", "propaganda", by=_DAY(2021, 5, 31), grace=Span(10, "working days")),
    _once("two-forms", "propaganda", by=_DAY(2021, 4, 15), at_least=2),
    _once("three-forms", "propaganda", before=_DAY(2021, 5, 1), at_least=3),
    _once("form-of-the-year", "propaganda", by=_DAY(2021, 12, 31)),
    _once("model", "models", by=_DAY(2021, 5, 15), grace=Span(20, "days")),
    _once("two-models", "models", by=_DAY(2021, 6, 18), at_least=2),
    _once("pupils-model", "models", by=_DAY(2021, 4, 1), applies_to=_only("TH", "THCS")),
    Obligation(
        id="urgent-report",
        title="Báo cáo đột xuất",
        clause="8",
        tab="incidents",
        within=timedelta(hours=24),
        ladder=_HOURS,
    ),
    _each("periodic-report", Every.MONTH, _DAY(2021, 2, 1), _DAY(2021, 5, 31)),
    _each("summer-report", Every.MONTH, _DAY(2021, 4, 1), _DAY(2021, 6, 30), excepted=("2021-04",)),
    _each(
        "nursery-report", Every.MONTH, _DAY(2021, 3, 1), _DAY(2021, 4, 30), applies_to=_only("MN")
    ),
    _each(
        "pupils-report",
        Every.MONTH,
        _DAY(2021, 4, 1),
        _DAY(2021, 5, 31),
        applies_to=_only("TH"),
        shift=Shift.PREVIOUS,
    ),
    _each(
        "exam-report", Every.MONTH, _DAY(2021, 5, 1), _DAY(2021, 5, 31), applies_to=_only("THCS")
    ),
    _each("quarter-report", Every.QUARTER, _DAY(2021, 2, 3), _DAY(2021, 3, 31), on=10),
    _each(
        "weekly-report",
        Every.WEEK,
        _DAY(2021, 6, 7),
        _DAY(2021, 6, 13),
        applies_to=_only("THCS"),
        on=1,
    ),
)


def communes(schools: int) -> list[str]:
    """Return the ids of the communes of so many schools, twenty of them each."""
    return [f"{20_000 + n}" for n in range(max(8, schools // 20))]


def rules(schools: int) -> Rules:
    """Return the office's rules; the backlog of a new ledger is sent without being asked."""
    units = tuple(
        Unit(id=c, kind="commune", name=f"Ủy ban nhân dân xã Số {c}", emails=(f"{c}@xa.example",))
        for c in communes(schools)
    )
    directive = Directive(
        title="Công văn",
        year=2021,
        starts=date(2021, 2, 3),
        obligations=OBLIGATIONS,
        units=(*_UNITS, *units),
    )
    policy = Policy(backfill="send")
    return Rules(directive=directive, policy=policy, calendar=Calendar(zone=HANOI))
