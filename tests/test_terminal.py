"""The tables that a person sees on a terminal, wide and narrow."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from automator import worker
from automator.cli import terminal
from automator.config import load


def _shown(folder: Path, width: int, *, colour: bool = False) -> str:
    config = load(cwd=folder)
    now = datetime(2021, 2, 26, 7, tzinfo=config.zone)
    report = worker.look(config, now, worker.Options())
    out = io.StringIO()
    terminal.show(report, Console(file=out, width=width, force_terminal=colour))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_tables_fit_and_break_no_date(tmp_path: Path, width: int) -> None:
    """On 80 columns too no line is longer than the terminal, and days stay in one piece."""
    shown = _shown(tmp_path, width)
    assert max(map(len, shown.splitlines())) <= width
    assert shown.count("24/02/2021") >= 2
    assert "an ninh Tổ quốc – hạn cuối 24/02/2021" in shown


def test_schools_are_told_apart_by_colour(tmp_path: Path) -> None:
    """Missing is red, late is yellow, and the place in the workbook stands beside."""
    lines = _shown(tmp_path, 120, colour=True).splitlines()
    assert any("Mẫu giáo Bình An" in li and "\x1b[1;31mChưa nhận" in li for li in lines)
    late = next(li for li in lines if "Trung học cơ sở Mỹ Lạc" in li)
    assert "\x1b[33mĐã nhận sau hạn" in late
    assert "Kế hoạch!A31" in late


def test_what_was_extended_names_its_own_day(tmp_path: Path) -> None:
    """A row whose last day is not that of the title says so."""
    shown = " ".join(_shown(tmp_path, 200).split())
    assert "Chưa nhận – sắp đến hạn; được gia hạn; hạn cuối 03/03/2021" in shown
