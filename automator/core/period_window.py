"""Is a period one that anybody asks for? A year typed wrong must not be dropped in silence."""

from collections.abc import Sequence
from datetime import date, timedelta

from automator.core.directive import Directive, Obligation
from automator.core.periods import Period, parse_label, period_number
from automator.core.problem import Fault, Severity

AHEAD = timedelta(days=365)
"""So far ahead a report, a waiver or an extension is believed where the duty has no end."""


def unasked(
    label: str, obligations: Sequence[Obligation], directive: Directive, today: date
) -> Fault | None:
    """Return the fault of a period that none of `obligations` asks for, None if one does.

    Outside the days on which they are in force it blocks, with the same period of a year
    within them as a suggestion; a period that config excepts only warns.
    """
    excepted = False
    for obligation in obligations:
        period = _period(label, obligation)
        if period is None:
            continue
        if label in obligation.excepted:
            excepted = True
        elif _asked(period, obligation, directive, today):
            return None
    if excepted:
        return Fault(
            "period_not_asked",
            Severity.WARNS,
            "kỳ này không yêu cầu báo cáo",
            "Đề nghị kiểm tra lại kỳ.",
        )
    if not obligations:
        return None
    meant = _meant(label, obligations, directive, today)
    hint = f" Có phải {meant}?" if meant else ""
    return Fault(
        "period_not_asked",
        Severity.BLOCKS,
        "không phải kỳ đang theo dõi",
        f"Đề nghị kiểm tra lại kỳ và năm.{hint}",
    )


def ignored() -> Fault:
    """Return the fault of a period beside an obligation that is owed once."""
    return Fault(
        "period_ignored",
        Severity.WARNS,
        "nội dung này không có kỳ, ô này không được dùng",
        "Đề nghị để trống ô này.",
    )


def _period(label: str, obligation: Obligation) -> Period | None:
    """Return the period of `label`, None where the obligation has others."""
    period = parse_label(label, obligation.periods)
    return period if period is not None and period.every is obligation.every else None


def _asked(period: Period, obligation: Obligation, directive: Directive, today: date) -> bool:
    first = obligation.starts or directive.starts
    last = obligation.ends or today + AHEAD
    return period.first <= last and first <= period.last


def _meant(label: str, obligations: Sequence[Obligation], directive: Directive, today: date) -> str:
    """Return in words the period of the same number in the newest year that asks for it."""
    for obligation in obligations:
        typed = _period(label, obligation)
        if typed is None or obligation.every is None:
            continue
        for year in (today.year, today.year - 1):
            near = period_number(obligation.every, year, typed.number, obligation.periods)
            if near and near.first <= today and _asked(near, obligation, directive, today):
                return near.words
    return ""
