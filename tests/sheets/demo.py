"""The server by itself, with the sample workbook in it."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from .cells import Value

SAMPLE = "so-theo-doi-mau.xlsx"
WORKBOOK = re.compile(r"^\[workbook\]\n.*?(?=^#|^\[)", re.DOTALL | re.MULTILINE)


def sheets(path: Path) -> dict[str, list[list[Value]]]:
    """Return the tabs of an .xlsx file, all their values in order."""
    book = load_workbook(path, read_only=True, data_only=True)
    found = {
        sheet.title: [[_value(v) for v in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }
    book.close()
    return found


def _value(value: object) -> Value:
    if isinstance(value, CellRichText):
        return str(value)
    return value  # type: ignore[return-value] # what openpyxl reads of a cell is a Value


def config(packaged: str, endpoint: str, spreadsheet_id: str, key_file: Path) -> str:
    """Return the packaged config.toml with the server's spreadsheet as its workbook."""
    table = (
        f'[workbook]\nsource = "google"\nspreadsheet_id = "{spreadsheet_id}"\n'
        f'credentials = "{key_file.name}"\napi_endpoint = "{endpoint}"\npublish = "all"\n\n'
    )
    text, times = WORKBOOK.subn(lambda _: table, packaged, count=1)
    assert times == 1, "the packaged config.toml has a section [workbook]"
    return text


def folder(arguments: Sequence[str]) -> Path:
    """Return the folder that is named, made if need be, or a new temporary one."""
    if not arguments:
        return Path(tempfile.mkdtemp(prefix="automator-google-"))
    Path(arguments[0]).mkdir(parents=True, exist_ok=True)
    return Path(arguments[0]).resolve()
