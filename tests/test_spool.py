"""The bytes of a mail are made once, kept out of memory, and leave as they were made."""

import errno
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from ledger_samples import HANOI, at, begin, key, message, states
from mail_office import mail_office
from mail_samples import SAMPLES, SETTINGS, renderer

from automator.core.message import Attachment, Message, State
from automator.errors import LedgerUnusable
from automator.ledger import Ledger
from automator.mail.mime import build, built, envelope
from automator.spool import Spool

B = "th-b@truong.example"
FILE = Attachment(name="Hạn gửi.ics", media_type="text/calendar", content=b"BEGIN:VCALENDAR\r\n")


def made(name: str = "digest_office") -> Message:
    """Return a sample with an attachment and its bytes."""
    return built(replace(renderer().render(SAMPLES[name]), attachments=(FILE,)), SETTINGS)


def test_a_spool_gives_back_what_it_took() -> None:
    """In the order that is asked for, byte for byte; its head has no body."""
    messages = [built(renderer().render(sample), SETTINGS) for sample in SAMPLES.values()]
    with Spool(lambda m: built(m, SETTINGS)) as spool:
        heads = [spool.keep(replace(m, mime=b"")) for m in messages]
        assert {(h.text, h.html, h.mime) for h in heads} == {("", "", b"")}
        back = list(spool.whole(reversed(heads)))
    assert [m.mime for m in back] == [m.mime for m in reversed(messages)]
    assert [m.subject for m in back] == [m.subject for m in reversed(messages)]


def test_what_no_server_would_take_stays_whole() -> None:
    """It is on record with its text, and fails when it is to be sent."""
    bad = replace(renderer().render(SAMPLES["chase"]), recipients=("không phải địa chỉ",))
    with Spool(lambda m: built(m, SETTINGS)) as spool:
        assert list(spool.whole([spool.keep(bad)])) == [bad]


def test_no_room_for_the_mails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk ends the run before anything is sent, with exit code 5 and one clear line."""

    class Full:
        def seek(self, *_: int) -> int:
            return 0

        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            """Nothing to let go of."""

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda **_: Full())
    with (
        Spool(lambda m: built(m, SETTINGS)) as spool,
        pytest.raises(LedgerUnusable, match=r"cannot be kept in .*: No space left") as caught,
    ):
        spool.keep(renderer().render(SAMPLES["chase"]))
    assert "TMPDIR" in caught.value.hint


def test_a_message_is_stored_once_and_comes_back_whole(tmp_path: Path) -> None:
    """Text, page and attachments are read from the bytes that leave."""
    stored = made()
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        begin(ledger, stored)
        found = ledger.body(stored.id)
        leaving = ledger.settle_and_claim(None, stored.id)
    assert found.mime == stored.mime
    assert (found.text, found.html.rstrip(), found.attachments) == (
        stored.text,
        stored.html.rstrip(),
        (FILE,),
    )
    assert leaving is not None
    assert (leaving.mime, leaving.recipients, leaving.message_id, leaving.at) == (
        stored.mime,
        stored.recipients,
        stored.message_id,
        stored.at,
    )


def test_built_bytes_outlive_a_change_of_the_settings() -> None:
    """Sender, answers and the test address are those of the day on which the mail was made."""
    stored = made()
    later = replace(SETTINGS, sender="khac@phong.example", sender_name="Phòng khác")
    assert build(stored, later) == stored.mime
    assert envelope(stored, later) == list(stored.recipients)


def test_a_redirected_mail_does_not_reach_its_true_reader_later() -> None:
    """Nor does a true one get out while all is redirected."""
    trying = replace(SETTINGS, redirect_to="thu@phong.example")
    chase = renderer().render(SAMPLES["chase"])
    assert envelope(built(chase, trying), SETTINGS) == ["thu@phong.example"]
    assert envelope(built(chase, SETTINGS), trying) == ["thu@phong.example"]


def test_many_recipients_are_read_back_from_a_folded_header() -> None:
    """Each of them, whole."""
    many = tuple(f"mot-dia-chi-that-la-dai-{n}@truong-tieu-hoc.example" for n in range(9))
    message = built(replace(renderer().render(SAMPLES["chase"]), recipients=many), SETTINGS)
    assert envelope(message, SETTINGS) == list(many)


def test_a_plan_is_written_from_messages_that_come_one_by_one(tmp_path: Path) -> None:
    """More than are in memory together; what is dropped or held beside them is."""
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        begin(ledger, message("old", key("remind-5")), message("asks", key("remind-1")))
        many = (message(f"m-{n:03}", key(f"chase-{n}")) for n in range(250))
        begin(
            ledger,
            *many,
            now=at("2021-02-26 07:10"),
            superseded=("old", "m-007"),
            held={"asks": "breaker", "m-003": "breaker"},
        )
        found = states(ledger)
        assert ledger.pending()[:3] == ("m-000", "m-001", "m-002")
        assert len(ledger.memory(HANOI).drafts) == 251
    assert (found["old"], found["asks"], found["m-003"]) == ("superseded", "held", "held")
    assert sum(state == "queued" for state in found.values()) == 249


def test_a_run_sends_the_bytes_that_it_stored(tmp_path: Path) -> None:
    """What `outbox show` reads is what arrived."""
    with mail_office(tmp_path) as office:
        assert office.run("2021-02-26T07:00", "--first-run").code == 0
        with Ledger.open(str(tmp_path / "automator.db"), "main", readonly=True) as ledger:
            rows = ledger.message_rows(states=[State.SENT])
            stored = {row.recipients[0]: ledger.body(row.id).mime for row in rows}
        assert {_to(mail): mail for mail in office.contents()} == stored
        assert B in stored


def _to(content: bytes) -> Any:
    return str(message_from_bytes(content, policy=default)["To"])
