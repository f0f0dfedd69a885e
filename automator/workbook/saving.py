"""Turns an openpyxl workbook into bytes that depend on its content alone, and writes them."""

import io
import os
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

_ZIP_EPOCH = (2021, 2, 3, 0, 0, 0)
_DOCUMENT_EPOCH = datetime(2021, 2, 3)  # noqa: DTZ001 - document properties hold naive UTC
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CORE = "docProps/core.xml"


def to_bytes(book: Workbook) -> bytes:
    """Return the .xlsx of `book`: same content, same bytes (no time of saving, fixed order)."""
    book.properties.created = _DOCUMENT_EPOCH
    book.properties.creator = "Automator"
    saved = io.BytesIO()
    book.save(saved)
    return _without_times(saved.getvalue())


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path` whole or not at all: a reader sees the old file or the new one.

    Raises OSError if the folder cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(path))
        os.replace(name, path)  # noqa: PTH105 - Path.replace hides that this is the atomic step
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Keep the permissions of the file that is replaced; a new one is group-readable."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o644


def _without_times(data: bytes) -> bytes:
    stamp = _DOCUMENT_EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            if part.filename == _CORE:
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = zipfile.ZipInfo(part.filename, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every machine
            target.writestr(entry, content, compresslevel=9)
    return result.getvalue()
