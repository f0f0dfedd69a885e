"""The command line on the sample: what it prints, and what it leaves alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import SAMPLE, automator, automator_command, sample_config
from openpyxl import load_workbook
from other_layout import lay_out_anew

from automator.workbook.template import build_blank

FEB_26 = ("--now", "2021-02-26T07:00:00+07:00")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def _findings(*arguments: object) -> list[Any]:
    called = automator("status", "--json", *FEB_26, *arguments)
    assert called.code == 0, called.err
    found: list[Any] = called.document["findings"]
    return [{k: v for k, v in f.items() if k != "rows"} for f in found]


def test_workbook_of_another_layout_gives_the_same_findings(here: Path) -> None:
    """Order and writing of columns and tabs, the header's row, an extra column: all the same."""
    lay_out_anew(SAMPLE, here / "other.xlsx")
    assert _findings("--workbook", "other.xlsx") == _findings()


def test_workbook_of_another_layout_gives_the_same_mails(here: Path) -> None:
    """Who is told what depends on the rows, not on where they stand."""
    lay_out_anew(SAMPLE, here / "other.xlsx")
    told = [
        [(m["id"], m["kind"], m["subject"]) for m in document["messages"]]
        for document in (
            automator("run", "--dry-run", "--json", *FEB_26, "--workbook", path).document
            for path in (SAMPLE, "other.xlsx")
        )
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(("status",), id="status"),
        pytest.param(("status", "--json"), id="status-json"),
        pytest.param(("run", "--dry-run"), id="dry-run"),
        pytest.param(("explain", "TH Mỹ Lạc", "plan"), id="explain"),
    ],
)
def test_reading_commands_write_nothing(here: Path, call: tuple[str, ...]) -> None:
    """No ledger, no outbox, no status file comes to be."""
    called = automator(*call, *FEB_26)
    assert (called.code, called.err) == (0, "")
    assert called.out
    assert _files(here) == []


def test_reading_commands_leave_a_ledger_as_it_is(here: Path) -> None:
    """Not a byte of an existing ledger changes, and nothing is made beside it."""
    automator("run", *FEB_26)
    before = {p: (here / p).read_bytes() for p in _files(here) if (here / p).is_file()}
    for call in (("status",), ("run", "--dry-run"), ("explain", "TH-MY-LAC", "plan")):
        assert automator(*call, "--now", "2021-03-01T07:00").code == 0
    assert {p: (here / p).read_bytes() for p in _files(here) if (here / p).is_file()} == before


def test_status_ignores_what_was_seen_after_its_now() -> None:
    """Looking back gives what one would have seen then, whatever came later."""
    call = ("status", "--json", "--now", "2021-02-24T08:00:00+07:00")
    automator("run", "--now", "2021-02-24T07:00:00+07:00")
    then = automator(*call).document
    automator("run", "--now", "2021-03-01T07:00:00+07:00")
    assert automator(*call).document == then


def test_dry_run_says_what_the_run_does() -> None:
    """The messages of a dry run are those that the run at the same instant sends."""
    dry = automator("run", "--dry-run", "--json", *FEB_26).document
    real = automator("run", "--json", *FEB_26).document
    assert (dry["run"], dry["dry_run"], real["dry_run"]) == (None, True, False)
    assert {m["state"] for m in dry["messages"]} == {"queued"}
    keep = ("id", "unit", "role", "kind", "subject", "steps", "addresses")
    assert [{k: m[k] for k in keep} for m in dry["messages"]] == [
        {k: m[k] for k in keep} for m in real["messages"]
    ]


def test_instant_without_offset_is_the_offices() -> None:
    """--now without an offset is in the zone of config, not of the machine."""
    documents = [
        automator("status", "--json", "--now", now).document
        for now in ("2021-02-26T07:00", "2021-02-26T00:00:00+00:00")
    ]
    assert documents[0] == documents[1]
    assert documents[0]["now"] == "2021-02-26T07:00:00+07:00"


def test_paths_of_config_start_at_its_folder_those_of_flags_here(here: Path) -> None:
    """A cron line may call from anywhere; a person at a prompt means what is here."""
    office = here / "office"
    office.mkdir()
    shutil.copy(SAMPLE, office / "so.xlsx")
    config = sample_config(office, {"sheet_templates/so-theo-doi-mau.xlsx": "so.xlsx"})
    assert automator("run", "--config", config, "--outbox", "thu", *FEB_26).code == 0
    assert {p.name for p in here.iterdir()} == {"office", "thu"}
    assert {p.name for p in office.iterdir()} == {
        "automator.db",
        "automator.db.lock",
        "automator.db.run",
        "config.toml",
        "so.tinh-trang.xlsx",
        "so.xlsx",
    }


def test_config_of_the_working_directory_comes_first(here: Path) -> None:
    """./config.toml is used without a flag; the packaged one only where there is none."""
    sample_config(here, {"[policy]": "[policy]\nunknown = 1"})
    called = automator("status", *FEB_26)
    assert called.code == 2
    assert "policy.unknown" in called.err


def test_pipe_gets_plain_lines() -> None:
    """What a script reads has no colours and no boxes: tab-separated lines under a title."""
    out = automator("run", *FEB_26).out
    assert "\x1b" not in out
    assert "│" not in out
    assert "# Nội dung cần theo dõi\n" in out
    row = next(line for line in out.splitlines() if line.startswith("Trường Mẫu giáo Bình An\t"))
    assert row.split("\t")[1:4] == [
        "Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "Chưa nhận",
        "24/02/2021",
    ]


def test_addresses_are_masked() -> None:
    """Neither tables nor JSON hold a whole address: they end up in logs."""
    for form in ((), ("--json",)):
        out = automator("run", "--dry-run", *form, *FEB_26).out
        assert "***@thuthua.example" in out
        assert "mg-binhan@" not in out


@pytest.mark.parametrize("school", ["TH-MY-LAC", "th-my-lac", "TH Mỹ Lạc", "Tiểu học Mỹ Lạc"])
def test_explain_finds_a_school_as_people_say_it(school: str) -> None:
    """Code or name, as the workbook takes it."""
    called = automator("explain", school, "plan", *FEB_26)
    assert called.code == 0
    assert called.out.startswith("TH-MY-LAC/plan: on_time (no reasons)\n")
    assert "received    Tue 09/02/2021, by the office's row" in called.out


def test_explain_says_what_was_told_and_what_comes() -> None:
    """A principal on the phone: what was sent when, and what is next."""
    automator("run", *FEB_26)
    out = automator("explain", "TH-NHI-THANH-B", "plan", "--now", "2021-02-27").out
    reader = "TH-NHI-THANH-B as principal (th***@thuthua.example)"
    assert (
        f"  told        chase-1 to {reader}\n              Fri 26/02/2021 07:00, episode 1" in out
    )
    assert f"  comes       chase-5 to {reader}, from Thu 04/03/2021 00:00" in out


def test_explain_as_json_holds_the_same_finding() -> None:
    """The finding of `explain --json` is that of `status --json`."""
    call = ("TH-NHI-THANH-B", "plan", "--json", *FEB_26)
    explained = automator("explain", *call).document
    whole = automator("status", "--json", *FEB_26).document
    assert explained["findings"] == [
        f for f in whole["findings"] if (f["school"], f["instance"]) == ("TH-NHI-THANH-B", "plan")
    ]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param(("TH-XYZ", "plan"), "no school 'TH-XYZ'", id="school"),
        pytest.param(("TH-MY-LAC", "plans"), "one of: plan, propaganda", id="obligation"),
        pytest.param(
            ("TH-MY-LAC", "periodic-report", "--period", "01/2021"),
            "instances: periodic-report/2021-02",
            id="period",
        ),
    ],
)
def test_explain_names_what_there_is(call: tuple[str, ...], said: str) -> None:
    """A name that is not known is exit 2, with those that are."""
    called = automator("explain", *call, *FEB_26)
    assert (called.code, called.out) == (2, "")
    assert said in called.err


def test_template_builds_both_workbooks(here: Path) -> None:
    """Without arguments the blank one and the sample are built here, ready to be filled in."""
    called = automator("template")
    assert (called.code, called.out) == (0, "so-theo-doi.xlsx\nso-theo-doi-mau.xlsx\n")
    assert _files(here) == ["so-theo-doi-mau.xlsx", "so-theo-doi.xlsx"]
    assert "Kế hoạch" in load_workbook(here / "so-theo-doi.xlsx").sheetnames


def test_template_refuses_to_overwrite(here: Path) -> None:
    """A workbook that schools may have filled in is not overwritten but by --force."""
    (here / "so-theo-doi.xlsx").write_bytes(b"filled in")
    called = automator("template")
    assert (called.code, called.out) == (2, "")
    assert "so-theo-doi.xlsx is there already" in called.err
    assert _files(here) == ["so-theo-doi.xlsx"]
    assert (here / "so-theo-doi.xlsx").read_bytes() == b"filled in"
    assert automator("template", "so-theo-doi.xlsx", "--force").code == 0


def test_blank_template_asks_for_schools(here: Path) -> None:
    """The blank workbook is read without a fault; it only has no school yet (exit 3)."""
    build_blank(here / "so.xlsx")
    called = automator("run", "--workbook", "so.xlsx", *FEB_26)
    assert called.code == 3
    assert "no school in the tab Trường" in called.err


def _imported(code: str) -> list[str]:
    heavy = "('sqlalchemy', 'openpyxl', 'pydantic', 'jinja2', 'rich.table', 'python_calamine')"
    probe = f"import sys, json; {code}; print(json.dumps([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_help_loads_nothing_heavy() -> None:
    """`automator --help` answers at once: no database, workbook or validation is imported."""
    code = (
        "from automator.cli.app import app; "
        "from typer.testing import CliRunner; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0"
    )
    assert _imported(code) == []


def test_version_is_printed() -> None:
    """--version prints the version and nothing else."""
    from automator import __version__

    assert automator("--version").out == f"{__version__}\n"


def test_reader_that_goes_away_is_no_error(here: Path) -> None:
    """`automator status | head -1` ends quietly."""
    command = " ".join(f'"{part}"' for part in automator_command())
    done = subprocess.run(
        ["bash", "-c", f"{command} status --json {' '.join(FEB_26)} | head -1"],
        cwd=here,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("{\n", "")
