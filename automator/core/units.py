"""Communes, towns and wards as people name them: by id, in full, or by the place alone."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from rapidfuzz import fuzz, process

from automator.core.directive import LOCAL_AUTHORITIES, Unit
from automator.core.lookup import Index, Match, code_key, without_district
from automator.core.names import clean, key, loose_key
from automator.core.problem import Fault, Severity

_NEAREST = 3
AMBIGUOUS_UNIT = "ambiguous_unit"
_AUTHORITY = re.compile(r"^(?:(?:ủy|uỷ|uy) ban (?:nhân dân|nhan dan)|ubnd)\s+", re.IGNORECASE)
_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"(?:thị trấn|thi tran|tt)\s+|tt\.\s*", "thị trấn"),
        (r"(?:xã|xa)\s+|x\.\s*", "xã"),
        (r"(?:phường|phuong)\s+|p\.\s*", "phường"),
    )
)


def place_name(unit_name: str) -> str:
    """Return a commune without its authority: "Ủy ban nhân dân xã Mỹ Lạc" is "xã Mỹ Lạc"."""
    place = _AUTHORITY.sub("", clean(unit_name))
    return place if place != clean(unit_name) else unit_name


def _unit_canon(name: str) -> tuple[str, str]:
    """Return the kind of place ("" where none is written) and the key of its name."""
    rest = without_district(place_name(clean(name)))
    for pattern, kind in _KINDS:
        match = pattern.match(rest)
        if match and rest[match.end() :]:
            return kind, key(rest[match.end() :])
    return "", key(rest)


class UnitIndex(Index):
    """Resolves communes, towns and wards. Built once from (id, full official name).

    UBND and the kind of place may be left out. Codes of faults: unknown_unit, ambiguous_unit
    (block); unit_guessed (corrected: another kind of place was written).
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, _Named] = defaultdict(dict)
        self._by_canon: dict[tuple[str, str], _Named] = defaultdict(dict)
        self._by_rest: dict[str, _Named] = defaultdict(dict)
        for unit, name in entries:
            self._add(unit, name)
        self._loose = {u: loose_key(_unit_canon(n)[1]) for u, n in self._names.items()}

    def _add(self, unit: str, name: str) -> None:
        kind, rest = _unit_canon(name)
        self._names.setdefault(unit, clean(name))
        self._by_id[code_key(unit)] = unit
        for named in (self._by_name[key(name)], self._by_canon[kind, rest], self._by_rest[rest]):
            named.setdefault(unit, clean(name))

    def _resolve(self, text: str) -> Match:
        unit = self._by_id.get(code_key(text))
        if unit is not None:
            return Match(code=unit)
        kind, rest = _unit_canon(text)
        for fits in (self._by_name.get(key(text)), self._by_canon.get((kind, rest))):
            if fits:
                return self._settled(fits, other_kind=False)
        others = self._by_rest.get(rest)
        return self._settled(others, other_kind=bool(kind)) if others else self._unknown(text)

    def _settled(self, fits: "_Named", *, other_kind: bool) -> Match:
        if len(fits) > 1:
            twins = len(set(fits.values())) < len(fits)
            labels = [f"{n} (mã {u})" if twins else n for u, n in sorted(fits.items())]
            remedy = f"Đề nghị ghi mã hoặc tên đầy đủ: {'; '.join(labels)}."
            return _unit_fault("ambiguous_unit", "có nhiều đơn vị phù hợp", remedy)
        unit, name = next(iter(fits.items()))
        if not other_kind:
            return Match(code=unit)
        remedy = f"Đã hiểu là {place_name(name)}; đề nghị kiểm tra lại."
        message = "tên đơn vị ghi chưa đúng danh sách"
        return Match(
            code=unit, fault=Fault("unit_guessed", Severity.CORRECTED, message, remedy, False)
        )

    def _unknown(self, text: str) -> Match:
        typed = loose_key(_unit_canon(text)[1])
        near = process.extract(typed, self._loose, scorer=fuzz.ratio, limit=_NEAREST)
        remedy = "Đề nghị ghi đúng tên xã, phường, thị trấn"
        places = "; ".join(place_name(self._names[n[2]]) for n in near)
        remedy += f"; gần giống: {places}." if places else "."
        return _unit_fault("unknown_unit", "không tìm thấy đơn vị này", remedy)


_Named = dict[str, str]
"""Unit ids -> the name by which each was found."""


class AreaIndex(UnitIndex):
    """Resolves the local authorities of a directive, by every name that their ids have had."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(u for u in units if u.kind in LOCAL_AUTHORITIES)
        super().__init__((u.id, u.name) for u in self._units)

    def resolve_within(self, text: str, first: date, last: date) -> Match:
        """Return what a name means from `first` to `last`, both inclusive.

        Units that exist on all these days go before those that exist on some of them.
        """
        for there in (
            [u for u in self._units if u.valid_on(first) and u.valid_on(last)],
            [u for u in self._units if _overlap(u, first, last)],
        ):
            found = UnitIndex((u.id, u.name) for u in there).resolve(text)
            if found.code is not None or (found.fault and found.fault.code == AMBIGUOUS_UNIT):
                return found
        return self.resolve(text)


def _overlap(unit: Unit, first: date, last: date) -> bool:
    return (unit.valid_from or date.min) <= last and first <= (unit.valid_to or date.max)


def _unit_fault(code: str, message: str, remedy: str) -> Match:
    return Match(code=None, fault=Fault(code, Severity.BLOCKS, message, remedy, False))
