"""Finds the cells in which a formula fails: calamine reads them as blank, a person reads #REF!."""

import re
import zipfile
from collections.abc import Mapping

from automator.workbook import extent

_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>(#[A-Z0-9/!?]{2,12})<",
    re.DOTALL,
)

Errors = Mapping[tuple[int, int], str]
"""What stands in a cell that is at fault, "#N/A", by its 0-based row and column."""


def errors(archive: zipfile.ZipFile) -> dict[int, Errors]:
    """Return the failed cells of each sheet that has some, by its position in the workbook."""
    found: dict[int, Errors] = {}
    for position, name in enumerate(extent.parts_in_order(archive)):
        data = archive.read(name) if name else b""
        if b't="e"' in data:
            found[position] = {
                (int(row) - 1, extent.column(letters) - 1): text.decode()
                for letters, row, text in _CELL.findall(data)
            }
    return found
