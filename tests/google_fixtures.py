"""The fixture of an office on a Google Sheet: name this module in `pytest_plugins`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google_office import Offices
from sheets_server import SheetsServer


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    """A server for the test, and offices on it."""
    with SheetsServer() as server:
        yield Offices(server, tmp_path, monkeypatch)
