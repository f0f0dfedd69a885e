"""Which workbook config names, opened: an .xlsx or a Google Sheet, incidents apart or not."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config import Config, WorkbookConfig
    from automator.workbook.base import Workbook
    from automator.workbook.retry import Sleep


def open_workbook(
    config: "Config", environ: Mapping[str, str] | None = None, *, sleep: "Sleep | None" = None
) -> "Workbook":
    """Return the workbook that config names; nothing is read yet but a key file.

    `sleep` waits between tries of a server that is busy (None: really). Raises ConfigError
    for one that cannot be opened as the config says.
    """
    env = os.environ if environ is None else environ
    main = _opened(config.workbook, "workbook", config, env, sleep)
    if config.workbook.incidents is None:
        return main
    from automator.workbook.apart import WithIncidentsApart

    apart = _opened(config.workbook.incidents, "workbook.incidents", config, env, sleep)
    return WithIncidentsApart(main, apart)


def sheet_link(where: "WorkbookConfig") -> str:
    """Return the address at which people open the workbook, "" for a file."""
    known = where.source == "google" and where.spreadsheet_id
    return f"https://docs.google.com/spreadsheets/d/{where.spreadsheet_id}/edit" if known else ""


def _opened(
    where: "WorkbookConfig",
    table: str,
    config: "Config",
    environ: Mapping[str, str],
    sleep: "Sleep | None",
) -> "Workbook":
    if where.source == "google":
        return _google(where, table, config, environ, sleep)
    if where.path is None:
        msg = f"[{table}] names no file"
        raise ConfigError(msg, hint=f'set source = "xlsx" and path in [{table}]')
    from automator.workbook.xlsx import XlsxWorkbook

    status = where.status_path or where.path.with_suffix(".tinh-trang.xlsx")
    return XlsxWorkbook(where.path, where.id, status)


def _google(
    where: "WorkbookConfig",
    table: str,
    config: "Config",
    environ: Mapping[str, str],
    sleep: "Sleep | None",
) -> "Workbook":
    """Return a Google Sheet; that of incidents uses the main one's key unless it has its own."""
    from automator.workbook import google_auth
    from automator.workbook.google import GoogleWorkbook
    from automator.workbook.google_api import SheetsApi
    from automator.workbook.retry import Patience

    key = google_auth.key_path(where.credentials or config.workbook.credentials, environ, table)
    api = SheetsApi(
        where.spreadsheet_id,
        google_auth.credentials(key),
        endpoint=where.api_endpoint or config.workbook.api_endpoint,
        patience=Patience(sleep),
    )
    return GoogleWorkbook(api, where.id, config.zone, config.calendar.country)
