"""The three calls of the Sheets API that the program makes, through gspread, patiently."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.oauth2.service_account import Credentials
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL

from automator.core.snapshot import Cell
from automator.errors import AutomatorError, PublishFailed, WorkbookUnreadable
from automator.workbook import google_auth, google_faults
from automator.workbook.google_client import Client, mapping, value_ranges
from automator.workbook.retry import Patience

TIMEOUT = (10.0, 60.0)
"""Seconds for a connection, and for each silence of an answer."""
Json = Mapping[str, Any]
_AS_JSON = {"Content-Type": "application/json; charset=UTF-8"}


class TabGone(Exception):
    """A tab that was there a moment ago is not there any more."""


class Unsure(PublishFailed):
    """A write was refused at its second try: the first, of unknown end, may have been done."""


class SheetsApi:
    """One spreadsheet as one service account sees it.

    `endpoint` stands in for Google's address (""): see `google_auth.session`. A call that
    fails is made again as `patience` allows; gspread's own BackOffHTTPClient never gives up.
    """

    def __init__(
        self,
        spreadsheet_id: str,
        account: Credentials,
        *,
        endpoint: str = "",
        patience: Patience | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.id = spreadsheet_id
        self.account = str(account.service_account_email)
        self.link = f"https://docs.google.com/spreadsheets/d/{spreadsheet_id}/edit"
        self._session = google_auth.session(account, endpoint)
        self._client = Client(account, self._session, timeout)
        self._patience = patience or Patience()

    def shape(self, fields: str) -> Json:
        """Return what the spreadsheet is, as far as the mask `fields` goes, without its cells.

        Raises WorkbookUnreadable.
        """
        params = {"fields": fields}
        answer: Json = self._ask(
            lambda: mapping(self._client.fetch_sheet_metadata(self.id, {**params}), "sheets")
        )
        return answer

    def values(self, ranges: Sequence[str]) -> list[list[list[Cell]]]:
        """Return the rows of each range: text, numbers (dates too: serials) and booleans.

        Raises WorkbookUnreadable, and TabGone where a tab is not there any more.
        """
        params = {
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "fields": "valueRanges(range,values)",
        }
        found: list[list[list[Cell]]] = self._ask(
            lambda: value_ranges(self._client.values_batch_get(self.id, list(ranges), {**params}))
        )
        if len(found) != len(ranges):
            msg = f"cannot read {self.link}: Google left {len(ranges) - len(found)} tabs out"
            raise WorkbookUnreadable(msg, hint="it is tried again at the next run")
        return found

    def update(self, requests: Sequence[Json], what: str = "the status") -> None:
        """Carry out `requests`, which write `what`, all or none. Raises PublishFailed, Unsure."""
        # As UTF-8: gspread's own batch_update would escape every Vietnamese letter to six bytes.
        body = json.dumps({"requests": list(requests)}, ensure_ascii=False, separators=(",", ":"))
        url = SPREADSHEET_BATCH_UPDATE_URL % self.id
        tries = 0

        def send() -> Any:
            nonlocal tries
            tries += 1
            done = self._client.request("post", url, data=body.encode(), headers={**_AS_JSON})
            return mapping(done.json(), "spreadsheetId")

        self._call(send, lambda fault: self._unwritten(fault, what, again=tries > 1))

    def rest(self) -> None:
        """Give the connections back; the next call makes new ones."""
        self._session.close()  # type: ignore[no-untyped-call]

    def _ask(self, action: Callable[[], Any]) -> Any:
        return self._call(action, self._unread)

    def _call(self, action: Callable[[], Any], failed: Callable[[BaseException], Exception]) -> Any:
        try:
            return self._patience.call(action, google_faults.transient)
        except google_faults.FAULTS as fault:
            raise failed(fault) from None
        except (ValueError, RecursionError) as fault:  # an answer that is no JSON
            raise failed(fault) from None

    def _unread(self, fault: BaseException) -> Exception:
        if google_faults.unparsable_range(fault):
            return TabGone()
        why = google_faults.explain(fault, self.account)
        return WorkbookUnreadable(f"cannot read {self.link}: {why.reason}", hint=why.hint)

    def _unwritten(self, fault: BaseException, what: str, *, again: bool) -> AutomatorError:
        why = google_faults.explain(fault, self.account, writing=True)
        msg = f"cannot write {what} into {self.link}: {why.reason} ({why.hint})"
        unsure = again and google_faults.refused(fault)
        return (Unsure if unsure else PublishFailed)(msg, hint=why.hint)
