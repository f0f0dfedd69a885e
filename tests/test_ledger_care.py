"""`automator ledger backup|verify|export`: whole copies, honest verdicts, every row as a line."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from command_line import Called, automator
from ledger_samples import HANOI, NOW, begin, key, message, states
from old_ledgers import restore

from automator.core.message import State
from automator.errors import LedgerUnusable
from automator.ledger import Ledger
from automator.ledger.backup import backup
from automator.ledger.export import export
from automator.ledger.verify import CHECKS, verify

pytest_plugins = ("ledger_fixtures",)


def filled(ledger: Ledger) -> None:
    """Write a sent, a held and a doubted message and a digest."""
    begin(
        ledger,
        message("m-sent", key("chase-1")),
        message("m-held", key("chase-5", "TH-HELD"), unit="TH-HELD", text="Kính gửi: bí mật"),
        message("m-doubt", key("chase-5", "TH-DOUBT"), unit="TH-DOUBT"),
        message("m-week", unit="office", role="office", kind="digest", weeks=("2021-W08",)),
        held={"m-held": "first_run"},
    )
    assert ledger.claim("m-doubt")
    ledger.recover(NOW)
    for name in ("m-sent", "m-week"):
        assert ledger.claim(name)
        ledger.settle(name, State.SENT, NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A filled ledger in a file."""
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        filled(ledger)
    return tmp_path / "ledger.sqlite"


def called(path: Path, *arguments: object) -> Called:
    """Call `automator ledger` on a ledger, with the packaged configuration."""
    return automator("ledger", *arguments, "--ledger", path)


def change(path: Path, statement: str) -> None:
    """Change a ledger by hand, past the constraints."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA ignore_check_constraints=ON")
    raw.execute(statement)
    raw.commit()
    raw.close()


def test_a_backup_is_a_ledger(target: str, workbook: str, tmp_path: Path) -> None:
    """It holds what the ledger holds, and goes on where that stood; from a server too."""
    with Ledger.open(target, workbook) as ledger:
        filled(ledger)
        memory, stood = ledger.memory(HANOI), states(ledger)
        size = backup(target, workbook, tmp_path / "copy.sqlite")
    assert size == (tmp_path / "copy.sqlite").stat().st_size
    assert verify(str(tmp_path / "copy.sqlite"), workbook, HANOI).faults == ()
    with Ledger.open(str(tmp_path / "copy.sqlite"), workbook) as copy:
        assert (copy.memory(HANOI), states(copy)) == (memory, stood)
        assert copy.body("m-held").text == "Kính gửi: bí mật"
        begin(copy, message("m-next", key("escalate-3")), now=NOW + timedelta(days=1))
        assert copy.claim("m-next")


def test_a_backup_of_a_server_has_one_workbook(target: str, workbook: str, tmp_path: Path) -> None:
    """The rows of others stay where they are; a file is copied with all of them."""
    other = f"so-{uuid4().hex[:12]}"
    for name in (workbook, other):
        with Ledger.open(target, name) as ledger:
            filled(ledger)
    backup(target, workbook, tmp_path / "copy.sqlite")
    with Ledger.open(str(tmp_path / "copy.sqlite"), other, readonly=True) as copy:
        assert len(states(copy)) == (0 if "://" in target else 4)


def test_a_backup_while_a_run_writes_is_of_one_instant(path: Path, tmp_path: Path) -> None:
    """What is not committed is not in it, and the run is not held up."""
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        with ledger._database.transaction() as connection:
            connection.exec_driver_sql("DELETE FROM told")
            assert called(path, "backup", tmp_path / "copy.sqlite").code == 0
        assert len(ledger.memory(HANOI).told) == 1
    with Ledger.open(str(tmp_path / "copy.sqlite"), "main", readonly=True) as copy:
        assert len(copy.memory(HANOI).told) == 2


def test_a_backup_is_one_file_that_only_its_owner_reads(path: Path, tmp_path: Path) -> None:
    """It holds addresses. Nothing else is left in the folder."""
    folder = tmp_path / "copies"
    folder.mkdir()
    done = called(path, "backup", folder / "so.sqlite")
    assert (done.code, done.out) == (0, f"{folder}/so.sqlite\n")
    (found,) = folder.iterdir()
    assert found.stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_only_when_asked(path: Path, tmp_path: Path) -> None:
    """And never the ledger itself, nor a file that belongs to it."""
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(b"der letzte Stand")
    refused = called(path, "backup", copy)
    assert (refused.code, copy.read_bytes()) == (2, b"der letzte Stand")
    assert called(path, "backup", copy, "--force").code == 0
    assert verify(str(copy), "main", HANOI).faults == ()
    for own in ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite.lock"):
        refused = called(path, "backup", tmp_path / own, "--force")
        assert (refused.code, "belongs to the ledger itself" in refused.err) == (2, True)
    assert called(path, "backup", tmp_path / "no" / "copy.sqlite").code == 2
    assert called(path, "backup", tmp_path, "--force").code == 2


def test_a_damaged_ledger_takes_no_backups_place(path: Path, tmp_path: Path) -> None:
    """The last good copy stays, in spite of --force: exit code 5."""
    copy = tmp_path / "copy.sqlite"
    assert called(path, "backup", copy).code == 0
    good = copy.read_bytes()
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 3000] = b"\xff" * 3000
    path.write_bytes(whole)
    refused = called(path, "backup", copy, "--force")
    assert (refused.code, copy.read_bytes()) == (5, good)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.sqlite", "ledger.sqlite"]


@pytest.mark.parametrize("command", ["backup", "verify", "export"])
def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path, command: str) -> None:
    """Exit code 5, in one line with a hint."""
    more = [tmp_path / "copy.sqlite"] if command == "backup" else []
    refused = called(tmp_path / "no.sqlite", command, *more)
    assert (refused.code, refused.out) == (5, "")
    assert "there is no ledger at" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_a_sound_ledger_is_said_to_be_so(path: Path) -> None:
    """A line for each thing that was looked at; nothing is changed."""
    before = path.read_bytes()
    done = called(path, "verify")
    assert (done.code, done.err, path.read_bytes()) == (0, "", before)
    looked_at = ["file", *(code for code, _ in CHECKS), "memory"]
    assert done.out.split() == [word for code in looked_at for word in ("ok", code)]
    document = called(path, "verify", "--json").document
    assert (document["sound"], document["faults"], document["notes"]) == (True, [], [])
    assert document["checked"] == looked_at


@pytest.mark.parametrize(
    ("statement", "code", "line"),
    [
        pytest.param(
            "UPDATE messages SET state = 'gone' WHERE id = 'm-held'",
            "states",
            "message m-held stands in 'gone', which is no state",
            id="state",
        ),
        pytest.param(
            "DELETE FROM told",
            "sent",
            "message m-sent was sent, but chase-1 of TH-MY-LAC/plan does not count as told",
            id="sent-not-told",
        ),
        pytest.param(
            "DELETE FROM digest_weeks",
            "weeks",
            "message m-week was sent, but its summary of 2021-W08 does not count as told",
            id="week-not-told",
        ),
        pytest.param(
            "UPDATE messages SET state = 'queued' WHERE id = 'm-week'",
            "told",
            "message m-week counts as told, but is queued",
            id="told-not-sent",
        ),
        pytest.param(
            "DELETE FROM bodies WHERE message = 'm-held'",
            "bodies",
            "message m-held is held, but has no body",
            id="no-body",
        ),
        pytest.param(
            "DELETE FROM runs",
            "numbers",
            "message m-doubt names run 1, which is not there",
            id="no-run",
        ),
        pytest.param(
            "DELETE FROM messages WHERE id = 'm-sent'",
            "references",
            "row 1 of attachments refers to no row of messages",
            id="no-message",
        ),
        pytest.param(
            "UPDATE messages SET recipients = '[' WHERE id = 'm-held'",
            "memory",
            "cannot be read: Expecting value",
            id="no-json",
        ),
    ],
)
def test_what_must_not_be_is_named(path: Path, statement: str, code: str, line: str) -> None:
    """Exit code 5, and the row by its name."""
    change(path, statement)
    done = called(path, "verify")
    assert done.code == 5
    assert any(row.startswith(f"FAULT  {code}: ") and line in row for row in done.out.splitlines())
    faults = called(path, "verify", "--json").document["faults"]
    assert code in {fault["code"] for fault in faults}


def test_a_damaged_file_is_named(path: Path) -> None:
    """What SQLite finds wrong; nothing else is looked at then."""
    whole = bytearray(path.read_bytes())
    whole[-4096 * 3 : -4096 * 2] = b"\xff" * 4096
    path.write_bytes(whole)
    done = called(path, "verify")
    assert done.code == 5
    assert "FAULT  file: " in done.out or "cannot be used" in done.err


def test_a_mail_that_was_being_sent_is_no_fault(path: Path) -> None:
    """The next run looks after it. While a run goes on it is nothing to speak of."""
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        begin(ledger, message("m-due", key("remind-1")))
        assert ledger.claim("m-due")
        assert called(path, "verify", "--json").document["notes"] == []
    done = called(path, "verify")
    assert done.code == 0
    assert "note   sending: 1 of the mails was being sent when a run died" in done.out


def test_the_lock_of_a_server_is_seen_too(target: str, workbook: str) -> None:
    """A run that goes on is no dead one, on either database."""
    with Ledger.open(target, workbook) as ledger:
        begin(ledger, message("m-due", key("remind-1")))
        with ledger.lock():
            assert ledger.claim("m-due")
            assert verify(target, workbook, HANOI).notes == ()
        assert [code for code, _ in verify(target, workbook, HANOI).notes] == ["sending"]


def test_an_older_ledger_can_be_looked_over(tmp_path: Path) -> None:
    """It is sound, and the next run brings it up to date; export waits for that."""
    path = restore("v1", tmp_path / "old.sqlite")
    done = called(path, "verify")
    assert done.code == 0
    assert "note   version: version 1: the next run brings it up to 4" in done.out
    assert called(path, "backup", tmp_path / "copy.sqlite").code == 0
    refused = called(path, "export")
    assert (refused.code, refused.out) == (5, "")


def rows(lines: list[str], table: str) -> list[dict[str, object]]:
    """Return the rows of one table of an export."""
    return [row for row in map(json.loads, lines) if row["table"] == table]


def test_an_export_has_every_row_of_its_workbook(target: str, workbook: str) -> None:
    """And of no other; values as JSON has them, without what the mails say."""
    for name in (workbook, f"so-{uuid4().hex[:12]}"):
        with Ledger.open(target, name) as ledger:
            filled(ledger)
    lines = list(export(target, workbook))
    assert json.loads(lines[0]) == {
        "table": "ledger",
        "schema": 1,
        "version": 4,
        "workbook": workbook,
    }
    (told,) = rows(lines, "told")
    assert told == {
        "table": "told",
        "unit": "TH-MY-LAC",
        "role": "principal",
        "instance": "TH-MY-LAC/plan",
        "episode": 1,
        "step": "chase-1",
        "at": "2021-02-26T00:00:00+00:00",
        "message": "m-sent",
        "bounced": False,
    }
    heads = rows(lines, "messages")
    assert [(head["id"], head["state"]) for head in heads] == [
        ("m-doubt", "in_doubt"),
        ("m-held", "held"),
        ("m-sent", "sent"),
        ("m-week", "sent"),
    ]
    assert heads[0]["recipients"] == ["hieutruong@my-lac.example"]
    assert rows(lines, "bodies") == rows(lines, "attachments") == []
    assert "bí mật" not in "".join(lines)
    whole = list(export(target, workbook, bodies=True))
    assert len(rows(whole, "bodies")) == len(rows(whole, "attachments")) == 4
    assert rows(whole, "attachments")[0]["content"] == "AP8="
    assert whole == list(export(target, workbook, bodies=True))


def test_an_export_goes_to_stdout_or_to_a_file(path: Path, tmp_path: Path) -> None:
    """The same lines; a file is never half written, nor overwritten unasked."""
    shown = called(path, "export")
    file = tmp_path / "rows.jsonl"
    assert called(path, "export", file).code == shown.code == 0
    assert file.read_text("utf-8") == shown.out
    assert called(path, "export", file).code == 2
    change(path, "UPDATE messages SET at = 'gestern'")
    assert called(path, "export", file, "--force").code == 5
    assert file.read_text("utf-8") == shown.out


def test_a_value_that_cannot_be_read_stops_an_export(path: Path) -> None:
    """In one line, as everywhere."""
    change(path, "UPDATE runs SET now = 'gestern'")
    with pytest.raises(LedgerUnusable, match="cannot be read"):
        list(export(str(path), "main"))
