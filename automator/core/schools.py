"""Which school, or which unit, does a cell name? By code, then by name; never by a bare guess."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from rapidfuzz import fuzz, process

from automator.core.lookup import Index, Match, code_key, without_district
from automator.core.names import clean, key, loose_key
from automator.core.problem import Fault, Severity
from automator.core.raw import plain_dashes
from automator.core.register import School
from automator.core.schoolnames import canon, full_school_name, mentions_type, split_name
from automator.core.typos import is_slip, run_together
from automator.core.units import UnitIndex, place_name

__all__ = ["Match", "RosterIndex", "SchoolIndex", "UnitIndex", "full_school_name", "place_name"]

AMBIGUOUS_SCHOOL = "ambiguous_school"
_LIKENESS = 80  # of 100: below it two names are not alike
_MARGIN = 6  # by how much the best must beat the second
_NEAREST = 3
_SHORTLIST = 12  # ranked again: of names alike, one of the same type is nearer
_SAME_TYPE = 15
_PLACE = re.compile(r"^(?:xã|thị trấn|phường)\s+", re.IGNORECASE)
_LOOKS_LIKE_CODE = re.compile(r"[A-Z0-9][A-Z0-9.&+\-]*[0-9\-][A-Z0-9.&+\-]*")


class SchoolIndex(Index):
    """Resolves the schools of one roster. Built once from (code, name, ministry's code).

    A code may come with several names: each of them means it, and the first is shown.
    Order: code, ministry's code, name, type and name, then a certain slip of the hand.
    Codes of faults: unknown_school, ambiguous_school, several_schools (block);
    school_guessed (corrected).
    """

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        self._by_code: dict[str, set[str]] = defaultdict(set)
        self._by_ministry: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_canon: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_type: dict[str, _Peers] = defaultdict(_Peers)
        self._kinds: dict[tuple[str, str], str] = {}  # by code and name
        self._loose: dict[tuple[str, str], str] = {}
        for code, name, ministry in entries:
            self._add(code, name, ministry)

    def _add(self, code: str, name: str, ministry: str) -> None:
        self._names.setdefault(code, clean(name))
        self._by_code[code_key(code)].add(code)
        if code_key(ministry):
            self._by_ministry[code_key(ministry).lstrip("0")].add(code)
        self._by_name[key(name)].add(code)
        self._by_canon[canon(name)].add(code)
        kind, rest = split_name(name)
        self._by_type[kind].add(code, rest)
        self._kinds[code, name] = kind
        self._loose[code, name] = loose_key(rest)

    def _resolve(self, text: str) -> Match:
        for codes in self._exact(text):
            if codes:
                return self._settled(text, codes)
        return self._with_code_in_front(text) or self._guess(text)

    def _exact(self, text: str) -> Iterable[set[str]]:
        code = code_key(text)
        yield self._by_code.get(code, set())
        yield self._by_ministry.get(code.lstrip("0"), set()) if code.strip("0") else set()
        yield self._by_name.get(key(text), set())
        yield self._by_canon.get(canon(text), set())

    def _settled(self, text: str, codes: set[str]) -> Match:
        if len(codes) == 1:
            return Match(code=next(iter(codes)))
        return Match(code=None, fault=_ambiguous_school(text, self._labels(sorted(codes))))

    def _with_code_in_front(self, text: str) -> Match | None:
        """Read "TH-MY-LAC – Trường Tiểu học Mỹ Lạc": both halves must mean the same school."""
        head, dash, tail = plain_dashes(text).partition(" - ")
        codes = self._by_code.get(code_key(head), set()) if dash else set()
        if len(codes) != 1:
            return None
        agree = codes & (
            self._by_name.get(key(tail), set()) | self._by_canon.get(canon(tail), set())
        )
        return Match(code=next(iter(agree))) if agree else None

    def _guess(self, text: str) -> Match:
        kind, rest = split_name(text)
        if not kind:
            return self._without_type(text, key(rest))
        if mentions_type(rest) and re.search(r"[,;+&/]", rest):
            return Match(code=None, fault=_several_schools())
        peers = self._by_type.get(kind, _Peers())
        for found in (peers.by_place(rest), peers.by_spaces(rest), peers.by_slip(rest)):
            if len(found) == 1:
                code = next(iter(found))
                return Match(code=code, fault=_school_guessed(self._names[code]))
            if found:
                return Match(code=None, fault=_ambiguous_school(text, self._labels(sorted(found))))
        return self._unknown(text)

    def _without_type(self, text: str, rest: str) -> Match:
        """A name without its type is nobody's: TH and THCS Mỹ Lạc may both be meant."""
        fits = sorted({c for p in self._by_type.values() for c in p.names.get(rest, ())})
        if len(fits) > 1:
            return Match(code=None, fault=_ambiguous_school(text, self._labels(fits[:_NEAREST])))
        return self._unknown(text)

    def _unknown(self, text: str) -> Match:
        kind, rest = split_name(text)
        near = process.extract(loose_key(rest), self._loose, scorer=fuzz.ratio, limit=_SHORTLIST)
        ranked = sorted(
            near, key=lambda n: (-n[1] - _SAME_TYPE * (self._kinds[n[2]] == kind), n[2])
        )
        codes = list(dict.fromkeys(code for _, _, (code, _) in ranked))
        labels = self._labels(codes[:_NEAREST])
        return Match(code=None, fault=_unknown_school(text, labels))

    def _labels(self, codes: list[str]) -> list[str]:
        names = [self._names[code] for code in codes]
        twins = len(set(names)) < len(names)
        return [f"{n} (mã {c})" if twins else n for n, c in zip(names, codes, strict=True)]


class RosterIndex(SchoolIndex):
    """Resolves the schools of a register by every name that they have had or are to have.

    `day`: its names are shown (None: those of the last rows).
    """

    def __init__(self, schools: Iterable[School], day: date | None = None) -> None:
        self._schools = {school.code: school for school in schools}
        shown = [s.on(day) if day else s for s in self._schools.values()]
        past = [(s, a) for s in self._schools.values() for a in s.assignments if a.name]
        entries = [(s.code, s.name, s.ministry_code) for s in shown]
        entries += [(s.code, a.name, a.ministry_code) for s, a in past]
        super().__init__(dict.fromkeys(entries))

    def resolve_on(self, text: str, day: date) -> str | None:
        """Return the one school that bore the name on `day`; None if none or several did."""
        meant = canon(text)
        bearers = {
            code
            for code in self._by_canon.get(meant, ())
            for then in self._schools[code].assignments
            if then.covers(day) and meant == canon(then.name or self._schools[code].name)
        }
        return next(iter(bearers)) if len(bearers) == 1 else None


class _Peers:
    """The schools of one type, by the rest of their names; several codes are several schools."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = defaultdict(set)
        self._places: dict[str, set[str]] = defaultdict(set)
        self._together: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)

    def add(self, code: str, rest: str) -> None:
        self.names[key(rest)].add(code)
        self._places[_bare_place(rest)].add(code)
        self._together[run_together(rest), _lone_letters(rest)].add(code)
        self._loose[loose_key(rest)].add(key(rest))

    def by_place(self, rest: str) -> set[str]:
        """Match without "xã", "thị trấn", or a trailing ", huyện …"."""
        return self._places.get(_bare_place(rest), set())

    def by_spaces(self, rest: str) -> set[str]:
        """Match a name whose words run together.

        A lone letter must stand alone: "Nhị Thànhb" may be a slip for Nhị Thành as well as
        Nhị Thành B.
        """
        return self._together.get((run_together(rest), _lone_letters(rest)), set())

    def by_slip(self, rest: str) -> set[str]:
        """Match a clear slip of the hand, far likelier than any other name of this type."""
        typed = key(rest)
        near = process.extract(
            typed, list(self.names), scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=2
        )
        if not near or not is_slip(typed, near[0][0]):
            return set()
        best, score, _ = near[0]
        if len(near) > 1 and score - near[1][1] < _MARGIN:
            return set()
        alone = len(self._loose[loose_key(best)]) == 1
        return self.names[best] if alone else set()  # Long Thạnh, Long Thành: never choose


def _lone_letters(rest: str) -> int:
    return sum(len(word) == 1 and word.isalpha() for word in clean(rest).split())


def _bare_place(rest: str) -> str:
    return key(_PLACE.sub("", without_district(clean(rest))))


def _listed(labels: list[str]) -> str:
    return "; ".join(labels)


def _unknown_school(text: str, near: list[str]) -> Fault:
    remedy = "Đề nghị chọn tên trường trong danh sách"
    remedy += f"; gần giống: {_listed(near)}." if near else "."
    quotable = _LOOKS_LIKE_CODE.fullmatch(text) is not None
    message = "không tìm thấy trường này trong danh sách"
    return Fault("unknown_school", Severity.BLOCKS, message, remedy, quotable)


def _ambiguous_school(text: str, fits: list[str]) -> Fault:
    remedy = f"Đề nghị ghi mã trường hoặc chọn đúng tên: {_listed(fits)}."
    quotable = _LOOKS_LIKE_CODE.fullmatch(text) is not None
    return Fault("ambiguous_school", Severity.BLOCKS, "có nhiều trường phù hợp", remedy, quotable)


def _several_schools() -> Fault:
    remedy = "Đề nghị ghi mỗi trường một dòng."
    return Fault("several_schools", Severity.BLOCKS, "có nhiều trường trong một ô", remedy, False)


def _school_guessed(name: str) -> Fault:
    remedy = f"Đã hiểu là {name}; đề nghị kiểm tra và chọn tên trong danh sách."
    message = "tên trường ghi chưa đúng danh sách"
    return Fault("school_guessed", Severity.CORRECTED, message, remedy, False)
