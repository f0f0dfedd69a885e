"""A Sheets server for a test, and gspread's own client of the worker's account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gspread.http_client import HTTPClient
from sheets.redirect import session
from sheets_desk import Desk
from sheets_server import SheetsServer


@pytest.fixture
def google() -> Iterator[SheetsServer]:
    """A server with nothing in it."""
    with SheetsServer() as server:
        yield server


@pytest.fixture
def worker(google: SheetsServer, tmp_path: Path) -> HTTPClient:
    """gspread's client of the worker's service account, unpatched."""
    return HTTPClient(None, session(google.url, google.key_file(tmp_path)))


@pytest.fixture
def desk(google: SheetsServer, worker: HTTPClient) -> Desk:
    """The worker before a spreadsheet that is shared with it."""
    return Desk(google, worker)
