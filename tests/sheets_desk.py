"""The worker's desk: one spreadsheet on the test server, and gspread's client before it."""

from dataclasses import dataclass, field
from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from requests import Response
from sheets_server import GOOGLE, WORKER, SheetsServer


@dataclass
class Desk:
    """One spreadsheet with a tab "Trường" (sheetId 0) and a tab "Kế hoạch", for the worker."""

    google: SheetsServer
    worker: HTTPClient
    book: str = field(init=False)

    def __post_init__(self) -> None:
        tabs = {"Trường": [["Mã", "Tên"]], "Kế hoạch": [["Trường", "Ngày", "Số"]]}
        self.book = self.google.create("Sổ theo dõi", tabs, shared_with=[WORKER])

    def batch(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        """Send one batchUpdate; return its replies."""
        answer = self.worker.batch_update(self.book, {"requests": list(requests)})
        return list(answer["replies"])

    def get(self, fields: str = "", ranges: list[str] | None = None) -> dict[str, Any]:
        """Send one spreadsheets.get."""
        params: dict[str, Any] = {"fields": fields} if fields else {}
        return dict(self.worker.fetch_sheet_metadata(self.book, params | {"ranges": ranges or []}))

    def values(self, *ranges: str, **params: str) -> list[dict[str, Any]]:
        """Send one values:batchGet, unformatted unless told otherwise."""
        asked = {"valueRenderOption": "UNFORMATTED_VALUE", **params}
        return list(self.worker.values_batch_get(self.book, list(ranges), asked)["valueRanges"])

    def raw(self, method: str, path: str, **how: Any) -> Response:
        """Send any call below /v4/spreadsheets."""
        return self.worker.session.request(method, f"{GOOGLE}/v4/spreadsheets{path}", **how)

    def open(self) -> gspread.Spreadsheet:
        """Return gspread's own view of the spreadsheet."""
        return gspread.Client(None, self.worker.session).open_by_key(self.book)

    def refused(self, *requests: dict[str, Any]) -> str:
        """Return the message with which a batchUpdate is refused with 400."""
        with pytest.raises(APIError) as refused:
            self.batch(*requests)
        assert refused.value.response.status_code == 400
        assert refused.value.error["status"] == "INVALID_ARGUMENT"
        return str(refused.value.error["message"])

    def tab(self, title: str = "Kế hoạch") -> int:
        """Return a tab's sheetId."""
        return self.google.tab_id(self.book, title)
