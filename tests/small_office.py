"""A small office in a folder: a config, a workbook of three schools, and its own templates."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from automator import resources
from automator.core.layout import INPUT_TABS

SCHOOLS = (
    ("TH-A", "Trường Tiểu học A", "TH", "28036", "th-a@truong.example"),
    ("TH-B", "Trường Tiểu học B", "TH", "28036", "th-b@truong.example"),
    ("TH-C", "Trường Tiểu học C", "TH", "28036", "th-c@truong.example"),
)
PLANS = (("TH-A", date(2021, 2, 24), "01/KH", date(2021, 2, 23), "Công an thị trấn"),)
CONFIG = """
[directive]
title = "Công văn"
from = 2021-02-03

[workbook]
path = "so.xlsx"

[mail]
folder = "outbox"
templates = "templates"

[[unit]]
id = "office"
kind = "office"
name = "Phòng Giáo dục và Đào tạo"
emails = ["vanthu@phong.example"]

[[unit]]
id = "28036"
kind = "town"
name = "Ủy ban nhân dân thị trấn"
emails = ["vanthu@thitran.example"]

[[obligation]]
id = "plan"
title = "Kế hoạch"
clause = "8"
tab = "Kế hoạch"
before = 2021-02-25
remind = [5, 1]
chase = [1, 5]
escalate = [3]
"""

Rows = Sequence[Sequence[object]]


def office(folder: Path, change: Mapping[str, str] | None = None) -> Path:
    """Write config, workbook and templates into `folder`; return the config's path."""
    text = CONFIG
    for old, new in (change or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "config.toml").write_text(text, "utf-8")
    workbook(folder / "so.xlsx")
    shutil.copytree(resources.mail_templates(), folder / "templates")
    return folder / "config.toml"


def workbook(
    path: Path,
    *,
    schools: Rows = SCHOOLS,
    plans: Rows = PLANS,
    then: Callable[[Any], None] = lambda _book: None,
) -> None:
    """Write a workbook with every tab, headers in row 1; `then` changes it before it is saved."""
    filled = {"schools": schools, "plans": plans}
    book = Workbook()
    book.remove(book.worksheets[0])
    for tab in INPUT_TABS:
        sheet = book.create_sheet(tab.title)
        sheet.append([column.header for column in tab.columns])
        for row in filled.get(tab.key, ()):
            sheet.append(row)
    then(book)
    book.save(path)
