"""Four runs on the sample over one ledger: the full list of mails, and what they look like.

tests/data/sample_messages.txt holds every message: one mail too many fails. After a change that
is meant, write it anew with `SAMPLE_MESSAGES=write pytest tests/test_sample_runs.py` and read
the difference line by line: each line is a mail that somebody gets.
"""

import email
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import SAMPLE, Called, automator, automator_command

MESSAGES = Path(__file__).parent / "data" / "sample_messages.txt"
DAYS = ("2021-02-24", "2021-02-26", "2021-03-01", "2021-03-05")
OFFICE = "vanthu@pgd-thuthua.example"


def _run(folder: Path, now: str, *more: object) -> Called:
    return automator(
        *("run", "--json", "--now", now, "--workbook", folder / "so.xlsx"),
        *("--ledger", folder / "ledger.db", "--outbox", folder / "outbox", *more),
    )


class Runs:
    """The folder of the four runs, the documents they printed, and those of their repetition."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(SAMPLE, folder / "so.xlsx")
        self.before = _signature(folder / "so.xlsx")
        self.calls: list[Called] = []
        self.again: list[Called] = []
        for day in DAYS:
            self.calls.append(_run(folder, f"{day}T07:00:00"))
            self.again.append(_run(folder, f"{day}T07:00:00"))

    def mails(self) -> list[EmailMessage]:
        """Return every .eml as a mail program reads it."""
        paths = sorted((self.folder / "outbox").glob("*.eml"))
        return [_parsed(path.read_bytes()) for path in paths]


def _signature(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=default)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Run the sample on the four days, each day twice."""
    return Runs(tmp_path_factory.mktemp("sample"))


def _lines(document: Any) -> Iterable[str]:
    messages = document["messages"]
    yield f"== {document['now']}: {len(messages)} messages"
    for m in messages:
        said = [f"week {week}" for week in m["weeks"]]
        said += [f"{s['instance']} {s['step']} #{s['episode']}" for s in m["steps"]]
        yield f"{m['kind']:<9}{m['role']:<10}{m['unit']:<16} {'; '.join(said)} ({m['state']})"
    yield ""


def test_messages_are_those_of_the_list(runs: Runs) -> None:
    """Unit, role, kind and steps of every mail of the four days are as committed."""
    found = "\n".join(line for call in runs.calls for line in _lines(call.document))
    if os.environ.get("SAMPLE_MESSAGES") == "write":
        MESSAGES.write_text(found, "utf-8")
    assert found.splitlines() == MESSAGES.read_text("utf-8").splitlines()


def test_runs_end_well_and_quietly(runs: Runs) -> None:
    """Every run delivers all it planned: exit 0, and nothing on stderr."""
    assert [(c.code, c.err) for c in runs.calls] == [(0, "")] * len(DAYS)


def test_second_run_at_the_same_now_sends_nothing(runs: Runs) -> None:
    """The same run twice has sent 0, plans no message, and judges the same."""
    for first, second in zip(runs.calls, runs.again, strict=True):
        assert second.code == 0
        assert second.document["counts"]["sent"] == 0
        assert second.document["messages"] == []
        assert second.document["findings"] == first.document["findings"]


def test_source_workbook_is_never_written(runs: Runs) -> None:
    """Bytes and modification time of the schools' workbook stay as they were."""
    assert _signature(runs.folder / "so.xlsx") == runs.before


def test_every_mail_parses_without_defects(runs: Runs) -> None:
    """A mail program finds nothing to repair in any part of any mail."""
    mails = runs.mails()
    assert len(mails) == sum(c.document["counts"]["sent"] for c in runs.calls)
    for mail in mails:
        parts = list(mail.walk())
        assert [part.defects for part in parts] == [[]] * len(parts), mail["Subject"]
        assert all(not value.defects for value in mail.values()), mail["Subject"]


def test_every_mail_says_what_it_is(runs: Runs) -> None:
    """It is marked as generated, dated by the run, answered to the office, unique."""
    mails = runs.mails()
    for mail in mails:
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Reply-To"].addresses[0].addr_spec == OFFICE
        assert parsedate_to_datetime(mail["Date"]).isoformat()[:10] in DAYS
        assert re.fullmatch(r"<[0-9a-f]{32}@[a-z.-]+>", mail["Message-ID"])
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def test_every_mail_has_a_text_part_without_markup(runs: Runs) -> None:
    """Who reads mail as text gets the whole notice, and no tag or entity of the other part."""
    for mail in runs.mails():
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        content = text.get_content()
        assert "Kính gửi" in content
        assert not re.search(r"</?[a-z]+[^>\n]*>|&[a-z]+;|&#|\{[{%]|None\b", content), content


def test_recipients_of_a_mail_belong_to_one_unit(runs: Runs) -> None:
    """Nobody sees who else was told: the addresses of a mail are those of its unit alone."""
    units = {_masks(m): m["unit"] for c in runs.calls for m in c.document["messages"]}
    by_subject = {
        m["subject"]: len(m["addresses"]) for c in runs.calls for m in c.document["messages"]
    }
    assert set(by_subject.values()) == {1, 2}  # two schools have a second address
    for mail in runs.mails():
        assert mail["Cc"] is None
        assert mail["Bcc"] is None
        addresses = [a.addr_spec for a in mail["To"].addresses]
        masks = tuple(f"{a[:2]}***@{a.partition('@')[2]}" for a in addresses)
        assert masks in units, addresses


def _masks(message: Any) -> tuple[str, ...]:
    return tuple(a["masked"] for a in message["addresses"])


def test_real_process_refuses_a_run_before_the_last(runs: Runs) -> None:
    """A run earlier than the ledger's last is exit 2 and one clear sentence, and sends nothing."""
    before = sorted((runs.folder / "outbox").iterdir())
    done = subprocess.run(
        [
            *(*automator_command(), "run", "--now", "2021-03-04T07:00:00+07:00"),
            *("--workbook", "so.xlsx", "--ledger", "ledger.db", "--outbox", "outbox"),
        ],
        cwd=runs.folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "automator: this ledger last ran at 2021-03-05T07:00:00+07:00; "
        "a run at 2021-03-04T07:00:00+07:00 is earlier\n"
    )
    assert sorted((runs.folder / "outbox").iterdir()) == before


def test_real_process_runs_the_sample(tmp_path: Path) -> None:
    """The README's command, in a process and a folder of its own, prints where all is."""
    done = subprocess.run(
        [*automator_command(), "run", "--now", "2021-02-26T07:00:00+07:00"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"open {tmp_path}/outbox/index.html" in done.stdout
    assert f"{tmp_path}/so-theo-doi-mau.tinh-trang.xlsx" in done.stdout
    assert "Trường Mẫu giáo Bình An" in done.stdout
    assert {p.name for p in tmp_path.iterdir()} == {
        "automator.db",
        "automator.db.lock",
        "automator.db.run",
        "outbox",
        "so-theo-doi-mau.tinh-trang.xlsx",
    }


def _plans(now: str, folder: Path) -> dict[str, str]:
    called = automator("run", "--json", "--now", now, "--ledger", folder / "l", "--outbox", folder)
    assert called.code == 0
    findings = json.loads(called.out)["findings"]
    return {f["school"]: f["status"] for f in findings if f["obligation"] == "plan"}


def test_no_plan_is_missing_in_the_last_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until 24/02 is over, nobody's plan is missing."""
    monkeypatch.chdir(tmp_path)
    plans = _plans("2021-02-24T23:59:59+07:00", tmp_path)
    assert len(plans) == 40
    assert "missing" not in plans.values()


def test_plans_without_a_valid_row_are_missing_from_midnight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 25/02 00:00 every school without a plan by then, waiver or extension is missing."""
    monkeypatch.chdir(tmp_path)
    plans = _plans("2021-02-25T00:00:00+07:00", tmp_path)
    assert sorted(school for school, status in plans.items() if status == "missing") == [
        "MG-BINH-AN",
        "MG-LONG-THANH",
        "MG-TAN-LONG",
        "MG-TAN-THANH",
        "MN-HUONG-DUONG",
        "TH-BINH-THANH",
        "TH-NHI-THANH-B",
        "TH-TAN-LONG",
        "TH-THU-THUA-2",
        "THCS-MY-LAC",
        "THCS-TAN-THANH",
        "THTHCS-MY-THANH",
    ]
    assert plans["MG-MY-THANH"] == "exempt"
    assert plans["MG-MY-PHU"] == "due"  # its extension ends on 03/03
