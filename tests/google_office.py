"""An office whose workbook is a Google Sheet on the test server: runs, mails, what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import FORTY, REPOSITORY, Rows, at, sheet, shipped
from sheets.cells import Value
from sheets.demo import sheets
from sheets_server import WORKER, SheetsServer

from automator import sources, worker
from automator.config import Config
from automator.config.values import WorkbookConfig
from automator.core.layout import INPUT_TABS
from automator.report import Report

SAMPLE = REPOSITORY / "sheet_templates" / "so-theo-doi-mau.xlsx"
WORKER_TABS = ("Tình trạng", "Lỗi nhập liệu")


@cache
def sample() -> Mapping[str, Sequence[Sequence[Value]]]:
    """Return the packaged sample's tabs without the worker's."""
    return {k: v for k, v in sheets(SAMPLE).items() if k not in WORKER_TABS}


def tabs(schools: Rows = FORTY, **rows: Rows) -> dict[str, list[list[Any]]]:
    """Return the tabs of a workbook as `builders.workbook` lays them out."""
    found = {"schools": schools, **rows}
    return {t.title: [list(r) for r in sheet(t.key, found.get(t.key, ())).rows] for t in INPUT_TABS}


@dataclass
class Office:
    """One spreadsheet, the config that reads it, and how long its worker has waited."""

    server: SheetsServer
    folder: Path
    config: Config
    naps: list[float] = field(default_factory=list)

    @property
    def book(self) -> str:
        return self.config.workbook.spreadsheet_id

    def run(self, when: str, *, watch: bool = False) -> Report:
        """Do one run; the server's counts begin anew."""
        self.server.calls.reset()
        return worker.run(self.config, at(when), worker.Options(watch=watch))

    @property
    def account(self) -> str:
        return WORKER

    @property
    def asked(self) -> tuple[int, int]:
        """How many reads and writes the last run made."""
        return self.server.calls.reads, self.server.calls.writes

    def mails(self) -> list[str]:
        """Return every mail in the outbox as its readers see it: to whom, subject, texts."""
        return [_read(p.read_bytes()) for p in sorted((self.folder / "outbox").glob("*.eml"))]

    def shown(self, tab: str = "Tình trạng") -> list[list[Any]]:
        """Return what the worker has written into one of its tabs."""
        return self.server.values(self.book, tab)


def _read(data: bytes) -> str:
    mail = message_from_bytes(data, policy=default)
    parts = [p.get_content() for p in mail.walk() if p.get_content_maintype() == "text"]
    return "\n".join([str(mail["To"]), str(mail["Subject"]), *parts])


class Offices:
    """Makes offices on one server."""

    def __init__(self, server: SheetsServer, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.server = server
        self._folder = folder
        self._patch = patch

    def open(
        self,
        content: Mapping[str, Sequence[Sequence[Value]]],
        *,
        publish: str = "neutral",
        **more: Any,
    ) -> Office:
        """Make a spreadsheet of `content`, shared with the worker, and its office."""
        book = self.server.create("Sổ", content, **{"shared_with": [WORKER], **more})
        where = WorkbookConfig(
            id="main",
            source="google",
            spreadsheet_id=book,
            credentials=self.server.key_file(self._folder),
            api_endpoint=self.server.url,
            publish=publish,
        )
        base = shipped()
        config = replace(
            base,
            workbook=where,
            ledger=str(self._folder / "ledger.db"),
            mail=replace(base.mail, transport="folder", folder=self._folder / "outbox"),
        )
        office = Office(self.server, self._folder, config)
        self._patch.setattr(
            worker,
            "open_workbook",
            lambda config: sources.open_workbook(config, sleep=office.naps.append),
        )
        return office
