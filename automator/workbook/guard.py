"""Looks at a workbook's bytes before any parser does: what is no sound .xlsx is refused here.

Every refusal is one English line for the operator, with the path and what to do.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from automator.errors import WorkbookUnreadable

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 400  # sheets of empty formatted rows reach 100; a bomb of zeros 1,000
MIN_RATIO_BYTES = 20 * 1024 * 1024  # below that a high ratio does no harm
MAX_PARTS = 5_000

_CHUNK = 1024 * 1024
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def load(path: Path) -> bytes:
    """Return the bytes of a workbook that may be parsed, read once and read-only.

    Raises WorkbookUnreadable if the file is missing, a directory, empty, too large, no zip,
    truncated, protected by a password, an old .xls, a zip bomb, or no workbook at all.
    """
    data = _bytes(path)
    _check_kind(path, data)
    _check_archive(path, data)
    return data


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise _refusal(path, "it is a folder", "name the .xlsx file itself")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 2**20
            raise _refusal(path, f"it is larger than {limit} MB", "take pictures out of it")
        return path.read_bytes()
    except FileNotFoundError:
        hint = "check [workbook] path, or make one with `automator template`"
        raise _refusal(path, "there is no such file", hint) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal(path, reason.lower(), "check the path and who may read it") from None


def _check_kind(path: Path, data: bytes) -> None:
    if not data:
        hint = "it may still be uploading; otherwise restore it from a copy"
        raise _refusal(path, "it is empty (0 bytes)", hint)
    if data.startswith(_OLE2) and _ENCRYPTED in data:
        hint = "open it in Excel and save it without a password to open"
        raise _refusal(path, "it is password-protected", hint)
    if data.startswith(_OLE2):
        hint = "open it in Excel and save it as .xlsx without a password"
        raise _refusal(path, "it is password-protected or an old .xls workbook", hint)
    if not data.startswith(b"PK"):
        raise _refusal(path, "it is not an .xlsx workbook", "save it as Excel workbook (.xlsx)")


def _check_archive(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        hint = "copy or download it again"
        raise _refusal(path, "it is truncated or damaged (no zip directory)", hint) from None
    _check_sizes(path, parts)
    if any(_overflows(data, part) for part in parts):
        hint = "it looks like a zip bomb: find out who put it there"
        raise _refusal(path, "a part of it is larger than its zip directory says", hint)
    if any(part.flag_bits & 1 for part in parts):
        hint = "save it without a password"
        raise _refusal(path, "it is password-protected", hint)
    if not any(part.filename in _MARKS for part in parts):
        hint = "save it as Excel workbook (.xlsx)"
        raise _refusal(path, "it is a zip file but no workbook", hint)


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    absurd = unpacked > MIN_RATIO_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or absurd or len(parts) > MAX_PARTS:
        size = f"{unpacked // 2**20:,} MB from {packed // 2**10:,} KB in {len(parts):,} parts"
        hint = "it looks like a zip bomb: find out who put it there"
        raise _refusal(path, f"it would unpack to {size}", hint)


def _overflows(data: bytes, part: zipfile.ZipInfo) -> bool:
    """Tell whether a part unpacks to more than the zip's directory declares for it."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return False
    names = data[part.header_offset + 26 : part.header_offset + 30]
    if len(names) < 4:
        return False
    start = part.header_offset + 30 + sum(struct.unpack("<HH", names))
    rest = data[start : start + part.compress_size]
    inflate, seen = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while rest and seen <= part.file_size:
            seen += len(inflate.decompress(rest, _CHUNK))
            rest = inflate.unconsumed_tail
    except zlib.error:
        return False  # a damaged part harms its sheet alone
    return seen > part.file_size


def _refusal(path: Path, reason: str, hint: str) -> WorkbookUnreadable:
    return WorkbookUnreadable(f"cannot read the workbook {path}: {reason}", hint=hint)
