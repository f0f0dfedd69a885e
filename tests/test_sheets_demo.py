"""The server by itself: anyone can try the Google path without an account."""

import signal
import subprocess
import sys
from pathlib import Path

from builders import REPOSITORY
from command_line import automator
from sheets.redirect import session
from sheets_server import GOOGLE, SheetsServer, demo

from automator.config import load


def test_the_demo_serves_the_sample_workbook(tmp_path: Path) -> None:
    """Its config.toml is the packaged one with the server's spreadsheet in it, and is valid."""
    with SheetsServer() as server:
        text = demo(server, tmp_path)
        workbook = load(tmp_path / "config.toml").workbook
        assert (workbook.source, workbook.api_endpoint) == ("google", server.url)
        assert workbook.credentials is not None
        assert f'spreadsheet_id = "{workbook.spreadsheet_id}"' in text
        url = f"{GOOGLE}/v4/spreadsheets/{workbook.spreadsheet_id}/values/'Trường'"
        rows = session(server.url, workbook.credentials).get(url, timeout=60).json()["values"]
    assert ["TH-MY-LAC"] in [row[:1] for row in rows]


def test_it_runs_from_the_root_of_the_repository(tmp_path: Path) -> None:
    """It prints a config.toml, with which a run goes as the guide says; it ends at Ctrl-C."""
    command = [sys.executable, "-m", "tests.sheets_server", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("# serving at http://127.0.0.1:"):
                break
        config = tmp_path / "config.toml"
        ran = automator("run", "--config", config, "--now", "2021-02-22T07:00")
        doctor = automator("sheet", "doctor", "--config", config)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert (ran.code, doctor.code) == (0, 1), ran.err  # the sample was not laid by install
    assert "docs.google.com/spreadsheets/d/" in ran.out
    assert list((tmp_path / "outbox").glob("*.eml"))
    assert 'source = "google"' in printed
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") in printed
