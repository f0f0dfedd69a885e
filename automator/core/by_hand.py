"""Decisions by hand join those of the configuration: waivers, extensions, pauses."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from automator.core.decisions import Decisions, Extension, Waiver
from automator.core.directive import LOCAL_AUTHORITIES, Directive
from automator.core.given import Given
from automator.core.pauses import Pause
from automator.core.problem import Problem, Severity
from automator.core.readers import EVERYONE
from automator.core.register import School


def with_given(base: Decisions, given: Iterable[Given]) -> Decisions:
    """Return `base` (of the configuration) with what was given by hand and still stands."""
    standing = [g for g in given if g.stands]
    return replace(
        base,
        waivers=(*base.waivers, *(_waiver(g) for g in standing if g.kind == "waive")),
        extensions=(*base.extensions, *(_extension(g) for g in standing if g.kind == "extend")),
        pauses=(*base.pauses, *(_pause(g) for g in standing if g.kind == "pause")),
    )


def _waiver(given: Given) -> Waiver:
    return Waiver(
        school=given.scope.removeprefix("school:"),
        obligation=given.obligation,
        period=given.period or None,
        valid_from=given.first_day,
        valid_to=given.last_day,
        reason=given.reason,
        source=given.source,
    )


def _extension(given: Given) -> Extension:
    assert given.last_day is not None
    return Extension(
        scope=given.scope,
        obligation=given.obligation,
        last_day=given.last_day,
        period=given.period or None,
        reason=given.reason,
        source=given.source,
    )


def _pause(given: Given) -> Pause:
    assert given.until is not None
    return Pause(
        scope=given.scope,
        obligation=given.obligation or None,
        until=given.until,
        reason=given.reason,
        source=given.source,
    )


def unknown_scopes(
    given: Decisions, schools: Mapping[str, School], directive: Directive
) -> list[Problem]:
    """Return a problem for each decision about a school or commune that there is not.

    `given` are those of the configuration and by hand: rows of the workbook are checked there.
    """
    areas = {u.id for u in directive.units if u.kind in LOCAL_AUTHORITIES}
    known = {EVERYONE, *(f"school:{code}" for code in schools), *(f"unit:{a}" for a in areas)}
    scopes = [(f"school:{w.school}", w.source) for w in given.waivers]
    scopes += [(e.scope, e.source) for e in given.extensions]
    scopes += [(p.scope, p.source) for p in given.pauses]
    return [_unknown(scope, source) for scope, source in scopes if scope not in known]


def _unknown(scope: str, source: str) -> Problem:
    tab, _, cell = source.rpartition(" ")
    name = scope.partition(":")[2]
    return Problem(
        tab=tab,
        cell=cell,
        code="unknown_scope",
        severity=Severity.BLOCKS,
        message=f"quyết định về “{name}”, không có trong danh sách trường và đơn vị",
        remedy="Đề nghị ghi đúng mã trường hoặc mã xã, hoặc thu hồi quyết định này.",
        value=name,
    )
