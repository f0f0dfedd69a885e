"""One cell -> its value, or what is wrong with it. Blank gives neither; nothing ever raises.

Days are read in `dates`, addresses and phones in `contacts`, schools and units in `schools`.
Faults that quote nothing (`quotable=False`) come from cells that may hold a person's words.
"""

import re
from functools import lru_cache

from automator.core import layout
from automator.core.datefaults import quotable
from automator.core.dates import Ctx, day
from automator.core.names import broken_encoding, key, loose_key
from automator.core.problem import Fault, Severity
from automator.core.raw import as_text, is_blank, plain_dashes, says_nothing
from automator.core.snapshot import Cell

__all__ = [
    "Ctx",
    "choice",
    "code",
    "count",
    "day",
    "incident_code",
    "incident_kind",
    "is_blank",
    "level",
    "text",
    "unreadable",
    "yes_no",
]


def _words(listed: str) -> frozenset[str]:
    return frozenset(key(word) for word in listed.split(";"))


_YES = _words(
    "có;co;x;✓;✔;☑;✅;v;1;đã;da;rồi;roi;đạt;dat;yes;y;true;đúng;"
    "có rồi;đã có;đã báo;đã gửi;có phát sinh"
)
_NO = _words(
    "không;khong;ko;k;hok;kg;0;chưa;chua;no;n;false;sai;"
    "không có;chưa có;chưa báo;chưa gửi;không phát sinh"
)
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#ERROR!", "#SPILL!"}
)
_LARGEST_COUNT = 9_999_999
_CACHE = 1 << 12  # distinct texts of list columns are few


def text(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return a cell's text, cleaned; numbers without ".0", days as dd/mm/yyyy.

    Codes: broken_encoding (warns, the text stands), error_value (warns, counts as blank).
    """
    shown = as_text(cell)
    if shown in _ERRORS:
        return None, _error_value()
    if isinstance(cell, str) and broken_encoding(cell):
        return shown or None, _broken_encoding()
    return shown or None, None


def unreadable(typed: str) -> Fault | None:
    """Return why nothing can be made of a text in any column: a formula's error, an old font.

    Codes as in `text`. It says more than "not in the list" or "not a date".
    """
    if as_text(typed) in _ERRORS:
        return _error_value()
    return _broken_encoding() if broken_encoding(typed) else None


def _error_value() -> Fault:
    remedy = "Đề nghị xóa công thức và nhập lại nội dung."
    return Fault("error_value", Severity.WARNS, "ô đang báo lỗi công thức", remedy, False)


def _broken_encoding() -> Fault:
    remedy = "Đề nghị nhập lại bằng bảng mã Unicode (dựng sẵn)."
    message = "chữ có dấu không đọc được (có thể là bảng mã TCVN3/VNI)"
    return Fault("broken_encoding", Severity.WARNS, message, remedy, False)


def yes_no(cell: Cell) -> tuple[bool | None, Fault | None]:
    """Return whether a cell says yes ("x" too) or no; blank, "-" and "…" are unknown.

    Code: not_yes_no (warns).
    """
    if isinstance(cell, bool):
        return cell, None
    word = key(as_text(cell)).rstrip(" .,;!")
    if word in _YES:
        return True, None
    if word in _NO:
        return False, None
    if says_nothing(word):
        return None, None
    remedy = "Đề nghị ghi “Có” hoặc “Không” (“Chưa”)."
    return None, Fault("not_yes_no", Severity.WARNS, "không rõ là có hay không", remedy, False)


_NUMBER = re.compile(r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,9})(?:\s*([^\W\d_][^0-9]*))?")


def count(cell: Cell) -> tuple[int | None, Fault | None]:
    """Return a whole number of at least 0: "1.234" is 1234, "01 mô hình" is 1 (corrected).

    Codes: not_a_count (warns), words_in_count (corrected).
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _count_number(cell)
    shown = as_text(cell)
    if says_nothing(shown):
        return None, None
    match = _NUMBER.fullmatch(shown) if isinstance(cell, str) else None
    if match is None:
        zero = isinstance(cell, str) and key(shown).rstrip(".") in _NO
        return (0, _words_in_count(0)) if zero else (None, _not_a_count(shown))
    number = int(re.sub(r"[. ]", "", match[1]))
    if number > _LARGEST_COUNT:
        return None, _not_a_count(shown)
    return number, _words_in_count(number) if match[2] else None


def _count_number(number: float) -> tuple[int | None, Fault | None]:
    if 0 <= number <= _LARGEST_COUNT and number == int(number):
        return int(number), None
    return None, _not_a_count(as_text(number))


def _not_a_count(shown: str) -> Fault:
    message = "không phải số nguyên từ 0 trở lên"
    remedy = "Đề nghị nhập lại một số nguyên, ví dụ 120."
    return Fault("not_a_count", Severity.WARNS, message, remedy, quotable(shown))


def _words_in_count(number: int) -> Fault:
    remedy = f"Đã hiểu là {number}; lần sau đề nghị chỉ ghi số."
    return Fault("words_in_count", Severity.CORRECTED, "có chữ trong ô số", remedy, False)


def choice(cell: Cell, choices: tuple[str, ...]) -> tuple[str | None, Fault | None]:
    """Return the choice that a cell names, as the list spells it.

    Codes: several_choices (warns, the first one stands), not_in_list (warns, counts as blank).
    """
    return _choice(as_text(cell), choices)


@lru_cache(maxsize=_CACHE)
def _choice(typed: str, choices: tuple[str, ...]) -> tuple[str | None, Fault | None]:
    return _choose(_list_key(typed), tuple((_list_key(c), c) for c in choices), choices)


Spelling = tuple[str, str]  # how a choice may be typed (key), and what it then is


def _choose(
    typed: str, spellings: tuple[Spelling, ...], offered: tuple[str, ...]
) -> tuple[str | None, Fault | None]:
    if says_nothing(typed):
        return None, None
    exact = next((value for spelling, value in spellings if spelling == typed), None)
    if exact is not None:
        return exact, None
    first = _first_named(typed, spellings)
    return (first, _several_choices()) if first else (None, _not_in_list(typed, offered))


def _list_key(text: str) -> str:
    """Return a key in which the kind of dash, the spaces round it and a final stop are one."""
    return re.sub(r"\s*-\s*", " - ", plain_dashes(key(text))).strip(" .,;")


def _first_named(typed: str, spellings: tuple[Spelling, ...]) -> str | None:
    """Return the first choice named in a multi-select cell; a choice may hold commas itself."""
    places = [
        (found.start(), -len(spelling), value)
        for spelling, value in spellings
        if (found := re.search(rf"(?:^|[,;/|+])\s*{re.escape(spelling)}\s*(?=[,;/|+]|$)", typed))
    ]
    return min(places)[2] if places else None


def _several_choices() -> Fault:
    remedy = "Đã lấy mục đầu tiên; đề nghị mỗi dòng chỉ chọn một mục."
    return Fault("several_choices", Severity.WARNS, "ô chọn nhiều mục", remedy, False)


def _not_in_list(typed: str, offered: tuple[str, ...]) -> Fault:
    near = next((c for c in offered if loose_key(typed) in loose_key(_list_key(c))), None)
    if near and len(typed) > 2:
        remedy = f"Đề nghị chọn trong danh sách; có thể là “{near}”."
    elif len(offered) <= 8:
        remedy = f"Đề nghị chọn một trong các mục: {'; '.join(offered)}."
    else:
        remedy = "Đề nghị chọn trong danh sách của ô."
    return Fault("not_in_list", Severity.WARNS, "không có trong danh sách", remedy, False)


_KINDS: tuple[Spelling, ...] = tuple(
    (_list_key(spelling), code)
    for code, label in layout.INCIDENT_KINDS
    for spelling in (code, label, f"{code} – {label}", f"{label} ({code})")
)
_KIND_CODES = frozenset(code for code, _ in layout.INCIDENT_KINDS)
_CODE_AND_LABEL = re.compile(r"([a-z]{2,4})(?: - |\s*:\s*)[^,;]*")


def incident_kind(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return the code of an incident's kind from its code, its label, or "BLHD – label".

    Codes are stable and labels may be edited: a known code before a dash decides.
    Codes of faults as in `choice`.
    """
    return _incident_kind(as_text(cell))


@lru_cache(maxsize=_CACHE)
def _incident_kind(shown: str) -> tuple[str | None, Fault | None]:
    typed = _list_key(shown)
    match = _CODE_AND_LABEL.fullmatch(typed)
    if match and match[1].upper() in _KIND_CODES:
        return match[1].upper(), None
    return _choose(typed, _KINDS, layout.KIND_CHOICES)


_LEVEL_WORDS = "|".join(("s", *(key(word) for word in ("mức độ", "mức", "cấp độ"))))
_LEVEL = re.compile(rf"(?:(?:{_LEVEL_WORDS})\s*)?([123])(?:(?: - |[.:)]\s*)(.*))?")
_LEVEL_LABELS = tuple(_list_key(label).partition(" - ")[2] for label in layout.SEVERITIES)


def level(cell: Cell) -> tuple[int | None, Fault | None]:
    """Return a severity 1 (gravest) to 3 from "2", S2, "Mức 2" or the label of the list.

    Code: not_in_list (warns, counts as blank).
    """
    return _level(as_text(cell))


@lru_cache(maxsize=_CACHE)
def _level(shown: str) -> tuple[int | None, Fault | None]:
    typed = _list_key(shown)
    if says_nothing(typed):
        return None, None
    match = _LEVEL.fullmatch(typed)
    if match:
        number, label = int(match[1]), match[2] or ""
        if _LEVEL_LABELS[number - 1].startswith(label):
            return number, None
    elif typed in _LEVEL_LABELS:
        return _LEVEL_LABELS.index(typed) + 1, None
    return None, _not_in_list(typed, layout.SEVERITIES)


_CODE = re.compile(r"\w[\w.&+\-]{0,39}")
_INCIDENT_CODE = re.compile(r"[A-Z]{2,4}-[0-9-]{1,12}")


def code(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return a code in upper case without spaces; a number as its digits.

    Code: bad_code (blocks) for what cannot stand in an id, such as "/" or "=".
    """
    typed = _code_text(cell)
    if says_nothing(typed):
        return None, None
    if _CODE.fullmatch(typed) and not isinstance(cell, bool):
        return typed, None
    remedy = "Đề nghị ghi mã bằng chữ, số và dấu gạch nối, ví dụ TH-MY-LAC."
    return None, Fault("bad_code", Severity.BLOCKS, "mã không hợp lệ", remedy, False)


def _code_text(cell: Cell) -> str:
    return plain_dashes("".join(as_text(cell).split())).upper()


def incident_code(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return an incident's code such as VV-2021-014. Code: bad_incident_code (warns)."""
    typed = _code_text(cell)
    if says_nothing(typed):
        return None, None
    if _INCIDENT_CODE.fullmatch(typed):
        return typed, None
    remedy = "Đề nghị để trống hoặc ghi mã như trong tab Tình trạng, ví dụ VV-2021-014."
    message = "mã vụ việc không đúng mẫu"
    return None, Fault("bad_incident_code", Severity.WARNS, message, remedy, False)
