"""Finds sheets whose used area is absurdly large before a dense reader allocates it.

One stray cell in XFD1048576 makes calamine ask for 550 GB and abort the whole process, which
no Python code can catch.
"""

import re
import zipfile

MAX_CELLS = 15_000_000
"""A dense sheet of that many cells takes about half a gigabyte."""

_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_WIDE = re.compile(rb'\br="[A-Z]{3}\d')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")


def oversized(archive: zipfile.ZipFile) -> frozenset[int]:
    """Return the positions (0-based, in workbook order) of sheets too large to read densely.

    Only cells that hold something count: empty formatted ones are skipped by calamine too.
    """
    parts = parts_in_order(archive)
    return frozenset(i for i, name in enumerate(parts) if name and _too_large(archive, name))


def _too_large(archive: zipfile.ZipFile, name: str) -> bool:
    data = archive.read(name)
    rows = max((int(row) for row in _ROW.findall(data)), default=0)
    if rows * (16_384 if _WIDE.search(data) else 702) <= MAX_CELLS:
        return False
    filled = [(column(cell[1]), int(cell[2])) for cell in _CELL.finditer(data)]
    width, height = ([pair[axis] for pair in filled] for axis in (0, 1))
    if not filled:
        return False
    return (max(width) - min(width) + 1) * (max(height) - min(height) + 1) > MAX_CELLS


def column(letters: bytes) -> int:
    """Return the 1-based number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def parts_in_order(archive: zipfile.ZipFile) -> list[str]:
    """Return each sheet's part name in workbook order ("" for one that is not found)."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return []
    targets = {
        _attribute(tag, rb"Id"): _attribute(tag, rb"Target")
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = []
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(tag, rb"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append(part if part in names and _PART.fullmatch(part) else "")
    return found


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return match[1].decode() if match else ""
