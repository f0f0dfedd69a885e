"""The test server speaks the Sheets API as Google does: gspread and google-auth are the judges."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import gspread
import pytest
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from gspread.http_client import HTTPClient
from sheets_server import GOOGLE, WORKER, Redirect, SheetsServer

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)


@pytest.fixture
def google() -> Iterator[SheetsServer]:
    with SheetsServer() as server:
        yield server


def session(google: SheetsServer, folder: Path, **how: Any) -> AuthorizedSession:
    """Return a session of the service account, its calls taken to the server."""
    scopes = how.pop("scopes", SCOPES)
    key = google.key_file(folder, **how)
    credentials = service_account.Credentials.from_service_account_file(str(key), scopes=scopes)
    made = AuthorizedSession(credentials)
    made.mount(GOOGLE, Redirect(google.url))
    return made


def client(google: SheetsServer, folder: Path, **how: Any) -> HTTPClient:
    """Return gspread's client of the service account."""
    return HTTPClient(None, session(google, folder, **how))


def test_gspread_reads_what_is_there(google: SheetsServer, tmp_path: Path) -> None:
    """A day is a plain number, trailing blanks are cut, an empty row in between is []."""
    rows = [["Trường", "Ngày", None], [], ["TH Mỹ Lạc", date(2021, 2, 24), True, ""], [None]]
    book = google.create("Sổ", {"Kế hoạch": rows}, shared_with=[WORKER])
    answer = client(google, tmp_path).values_batch_get(
        book, ["'Kế hoạch'"], {"valueRenderOption": "UNFORMATTED_VALUE"}
    )
    assert answer["valueRanges"] == [
        {
            "range": "'Kế hoạch'!A1:Z1000",
            "majorDimension": "ROWS",
            "values": [["Trường", "Ngày"], [], ["TH Mỹ Lạc", 44251, True]],
        }
    ]
    assert (google.calls.tokens, google.calls.reads, google.calls.writes) == (1, 1, 0)


def test_gspread_works_unpatched(google: SheetsServer, tmp_path: Path) -> None:
    """gspread opens, adds a tab, writes, formats and reads back over the wire."""
    book = google.create("Sổ", {"Trang tính1": []}, shared_with=[WORKER])
    opened = gspread.Client(None, session(google, tmp_path)).open_by_key(book)
    tab = opened.add_worksheet("Tình trạng", rows=5, cols=3)
    tab.update([["Đã nhận", 3, 2.5]], "A2")
    tab.format("A2", {"backgroundColor": {"red": 0.1, "green": 1}})
    assert tab.get_all_values() == [["", "", ""], ["Đã nhận", "3", "2,5"]]
    assert google.values(book, "Tình trạng") == [[], ["Đã nhận", 3, 2.5]]
