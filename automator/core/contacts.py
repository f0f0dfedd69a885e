"""E-mail addresses and phone numbers as people type them. Nothing is mended on a guess."""

import re
from functools import lru_cache

from automator.core.problem import Fault, Severity
from automator.core.raw import as_text, is_blank, says_nothing
from automator.core.snapshot import Cell

_ATOM = r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"  # without ! and %: old ways to name a second host
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,24}}|xn--[A-Za-z0-9-]+)")
_WITHIN = re.compile(r"[^\s@<>\"'(),:;]{1,64}@[^\s@<>\"'(),:;]+")
_WIDE = {0xFF20: "@", 0xFF0E: ".", 0xFF1B: ";", 0xFF0C: ",", 0xA0: " ", 0x09: " "}
_WIDE_GONE: dict[int, str | None] = {**_WIDE, **dict.fromkeys((0x200B, 0xFEFF, 0x2060, 0xAD))}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_CELL, _LONGEST_QUOTED = 1000, 120
_LINES = re.compile(r"\r\n|\r|\n")
_AROUND = re.compile(r" *([@.]) *")
_BETWEEN = re.compile(r"[;,\s/]+")
_ANGLED = re.compile(r"[^<>@]*<([^<>]*)>")
_SUSPECT = (  # what the hand slips into -> what it mostly meant
    (re.compile(r"(?:.*\.)?(?:gmai|gmial|gamil|gmal|gmil|gnail|gmaill)\.com"), "gmail.com"),
    (re.compile(r"gmail\.(?:co|cm|con|comm|vn|com\.vn)"), "gmail.com"),
    (re.compile(r"(?:yaho|yahho|yhoo)\.com(?:\.vn)?"), "yahoo.com"),
    (re.compile(r"(?:hotmal|hotmial|hotmai)\.com"), "hotmail.com"),
    (re.compile(r".*\.(?:con|cmo|ocm|comm|vom|xom)"), "….com"),
    (re.compile(r".*\.(?:comvn|con\.vn|cmo\.vn|com\.vm|com\.nv)"), "….com.vn"),
    (re.compile(r".*\.(?:eduvn|edu\.vm|edu\.nv|deu\.vn|eud\.vn)"), "….edu.vn"),
)


def valid_email(text: str) -> bool:
    """Tell whether `text` is one bare address that mail can go to (ASCII, a dotted domain)."""
    local, _, _ = text.partition("@")
    return len(text) <= 254 and len(local) <= 64 and _EMAIL.fullmatch(text) is not None


def masked(address: str) -> str:
    """Return an address that a colleague recognises and a stranger cannot write to."""
    local, _, domain = address.partition("@")
    return f"{local[:2]}***@{domain}"


def masked_within(text: str) -> str:
    """Return a line, such as a server's answer, with the addresses in it masked."""
    return _WITHIN.sub(lambda found: masked(found[0]), text)


def emails(cell: Cell) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Return the addresses of a cell in their order, each once, and what is wrong with others.

    Several may stand in a cell only where every part holds one @. Line breaks between whole
    addresses part them; anywhere else, and with any control character, the cell is refused.
    Codes: bad_email, suspicious_email (the address stands); both warn.
    """
    if is_blank(cell) or says_nothing(as_text(cell)):
        return (), ()
    return _emails(cell if isinstance(cell, str) else as_text(cell))


@lru_cache(maxsize=1 << 14)
def _emails(raw: str) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    if len(raw) > _LONGEST_CELL:
        return (), (_bad_email("quá dài", raw),)
    lines = _LINES.split(raw.translate(_WIDE_GONE).strip())
    if any(_CONTROL.search(line) for line in lines):
        return (), (_bad_email("có ký tự điều khiển", raw),)
    parts = [part for line in lines for part in _parts(line)]
    good = tuple({part.lower(): part for part in reversed(parts) if valid_email(part)}.values())
    good = good[::-1]
    bad = [part for part in parts if not valid_email(part)]
    if len(lines) > 1 and bad:  # a header might hide behind a line break: take none of it
        return (), (_bad_email("có dòng không phải địa chỉ thư", raw),)
    faults = [_bad_email(_why(part), raw) for part in bad]
    return good, tuple(faults + [fault for part in good if (fault := _suspicious(part))])


def _parts(line: str) -> list[str]:
    """Split one line into what stands for an address each; no clean split, one part."""
    tight = _AROUND.sub(r"\1", line).lstrip(" ;,").rstrip(" ;,.")
    angled = _ANGLED.findall(tight) if "<" in tight else []
    if angled and tight.count("@") == len(angled):
        return [_bare(part) for part in angled]
    parts = [part for part in _BETWEEN.split(tight) if part]
    if all(part.count("@") == 1 for part in parts):
        return [_bare(part) for part in parts]
    return [tight]


def _bare(part: str) -> str:
    """Return an address without mailto: and closing stops, its domain in lower case."""
    address = part.lstrip(" ;,<").rstrip(" ;,.>")
    if address[:7].lower() == "mailto:":
        address = address[7:].partition("?")[0]
    local, at, domain = address.partition("@")
    return f"{local}{at}{domain.lower()}"


def _why(part: str) -> str:
    local, at, _ = part.partition("@")
    if not at:
        return "thiếu dấu @"
    if part.count("@") > 1:
        return "có nhiều dấu @"
    if not local.isascii():
        return "có dấu tiếng Việt trước @"
    return "có dấu cách hoặc ký tự không dùng được" if " " in part else "sai cách viết"


def _bad_email(why: str, raw: str) -> Fault:
    message = f"không phải địa chỉ thư điện tử hợp lệ ({why})"
    remedy = "Đề nghị nhập lại, ví dụ thmylac@truong.example; nhiều địa chỉ cách nhau dấu “;”."
    quotable = "@" in raw and len(raw) <= _LONGEST_QUOTED  # words alone may be about a person
    return Fault("bad_email", Severity.WARNS, message, remedy, quotable)


def _suspicious(address: str) -> Fault | None:
    domain = address.partition("@")[2]
    meant = next((right for wrong, right in _SUSPECT if wrong.fullmatch(domain)), None)
    if meant is None or domain == meant:
        return None
    remedy = f"Đề nghị kiểm tra lại phần sau @; có thể là {meant}."
    return Fault("suspicious_email", Severity.WARNS, "địa chỉ thư có thể gõ nhầm", remedy)


_PHONE_NOISE = re.compile(r"[\s.\-()\u2010-\u2015]+")
_COUNTRY = re.compile(r"(?:\+84|0084|84(?=[0-9]{9,10}$))0?")
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LANDLINE = re.compile(r"02[0-9]{9}")  # Long An: 0272 and seven digits
_OLD_MOBILE = re.compile(r"01(?:2[0-9]|6[2-9]|8[68]|99)[0-9]{7}")
_ZERO_LOST = re.compile(r"[35789][0-9]{8}|2[0-9]{9}")
_NEW_PREFIX = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0162": "032", "0163": "033",
    "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


def phone(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return a Vietnamese number as E.164 ("+84912345678"). Never quoted: personal data.

    Codes: phone_zero (corrected: the leading 0 that Excel drops), several_phones (warns, the
    first stands), old_phone, bad_phone (warn, no value).
    """
    shown = as_text(cell)
    if says_nothing(shown):
        return None, None
    number, fault = _one_phone(shown)
    parts = [part for part in re.split(r"[/;,\n]| - | – |\bhoặc\b", shown) if part.strip()]
    if number is not None or len(parts) < 2:
        return number, fault
    found = next((one for part in parts if (one := _one_phone(part)[0])), None)
    remedy = "Đã lấy số đầu tiên; đề nghị mỗi ô chỉ ghi một số điện thoại."
    return (
        (found, _phone_fault("several_phones", "có nhiều số", remedy)) if found else (None, fault)
    )


def _one_phone(shown: str) -> tuple[str | None, Fault | None]:
    digits = _PHONE_NOISE.sub("", shown.lstrip("'"))
    national = _COUNTRY.sub("0", digits, count=1) if _COUNTRY.match(digits) else digits
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return f"+84{national[1:]}", None
    if _ZERO_LOST.fullmatch(national):
        remedy = "Đã thêm số 0 ở đầu; đề nghị định dạng ô là văn bản và nhập lại."
        return f"+84{national}", Fault(
            "phone_zero", Severity.CORRECTED, "số điện thoại mất số 0 ở đầu", remedy, False
        )
    return None, _old_phone(national) if _OLD_MOBILE.fullmatch(national) else _bad_phone()


def _old_phone(national: str) -> Fault:
    old = national[:4]
    new = _NEW_PREFIX.get(old)
    remedy = "Đề nghị nhập số 10 chữ số" + (f" (đầu số {old} nay là {new})." if new else ".")
    return _phone_fault("old_phone", "số di động 11 chữ số cũ", remedy)


def _bad_phone() -> Fault:
    remedy = "Đề nghị nhập lại, ví dụ 0912 345 678 hoặc 0272 3864 215."
    return _phone_fault("bad_phone", "không phải số điện thoại hợp lệ", remedy)


def _phone_fault(code: str, message: str, remedy: str) -> Fault:
    return Fault(code, Severity.WARNS, message, remedy, False)
