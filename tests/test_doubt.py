"""Mail whose answer was lost: looked up where sent mail lies, or sent once more as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from imap_server import SENT, ImapServer
from imap_server import USER as IMAP_USER
from imap_server import running as imap_running
from mail_office import MailOffice, mail_office
from openpyxl import load_workbook
from smtp_server import OK, Manners

B, C, OPERATOR = "th-b@truong.example", "th-c@truong.example", "vanthu@phong.example"
DAY = "2021-02-26T07:"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[MailOffice]:
    """Two schools are chased on 26 February; the server cuts each line after the final dot."""
    with mail_office(tmp_path, manners=Manners(body="cut")) as made:
        yield made


@pytest.fixture
def sent(office: MailOffice) -> Iterator[ImapServer]:
    """The office's mailbox, with what its server has sent in the folder Sent."""
    with imap_running() as server:
        office.server.box.file = lambda mail: server.append(SENT, mail)
        keys = f'host = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        keys += f'user = "{IMAP_USER}"\npassword_file = "password"\n'
        with office.config.open("a", encoding="utf-8") as file:
            file.write(f"\n[mail.imap]\n{keys}")
        yield server


def copies(office: MailOffice, address: str) -> list[bytes]:
    """Return the mails that the server took for an address, as they came."""
    mails = office.server.box.mails
    return [bytes(m.original_content or b"") for m in mails if address in m.rcpt_tos]


def told_operator(office: MailOffice) -> list[str]:
    """Return the texts of the mails to the operator, on one line each."""
    found = [m for m in office.parsed() if OPERATOR in str(m["To"])]
    bodies = (m.get_body(("plain",)) for m in found)
    return [" ".join(body.get_content().split()) for body in bodies if body is not None]


def test_what_is_in_doubt_goes_out_once_more_as_it_was(office: MailOffice) -> None:
    """Byte for byte under the same Message-ID, whatever the config says by now."""
    first = office.run(DAY + "00", "--first-run")
    assert first.code == 1
    assert first.document["counts"]["in_doubt"] == 2
    config = office.config.read_text("utf-8")
    office.config.write_text(
        config.replace('from = "antq@', 'reply_to = "khac@x.example"\nfrom = "antq@'), "utf-8"
    )
    office.server.manners.body = OK
    second = office.run(DAY + "10")
    assert second.code == 0
    for address in (B, C):
        before, again = copies(office, address)
        assert before == again
    assert {office.states()[a] for a in (B, C)} == {"sent"}
    assert "Thư được gửi lại một lần" in told_operator(office)[-1]
    third = office.run(DAY + "20")
    assert (len(copies(office, B)), third.code) == (2, 0)


def test_there_is_no_third_time(office: MailOffice) -> None:
    """Cut off twice, it waits for the operator, who throws it away or asks its reader."""
    for minute in ("00", "10", "20", "30"):
        report = office.run(DAY + minute, "--first-run")
        assert report.code == 1
    assert (len(copies(office, B)), len(copies(office, C))) == (2, 2)
    assert report.document["counts"]["in_doubt"] >= 2
    office.server.manners.body = OK
    office.run(DAY + "40")
    assert len(copies(office, B)) == 2
    code = next(m["id"][:8] for m in report.document["messages"] if m["unit"] == "TH-B")
    listed = office.call("outbox", "list", "--now", DAY + "50")
    assert code in listed.out
    assert office.call("outbox", "discard", code, "--now", DAY + "50").code == 0
    assert office.states()[B] == "discarded"


def test_what_lies_in_the_sent_folder_was_sent(office: MailOffice, sent: ImapServer) -> None:
    """Nothing goes out twice where somebody can be asked."""
    assert office.run(DAY + "00", "--first-run").code == 1
    office.server.manners.body = OK
    assert office.run(DAY + "10").code == 0
    assert (len(copies(office, B)), len(copies(office, C))) == (1, 1)
    assert {office.states()[a] for a in (B, C)} == {"sent"}
    assert len(sent.mails(SENT)) == len(office.server.box.mails)


def test_what_does_not_lie_there_goes_out_however_often(
    office: MailOffice, sent: ImapServer
) -> None:
    """A server that loses what it takes has not sent it."""
    office.server.box.file = None
    for minute in ("00", "10", "20"):
        office.run(DAY + minute, "--first-run")
    assert len(copies(office, B)) == 3
    office.server.manners.body = OK
    office.run(DAY + "30")
    assert office.states()[B] == "sent"
    assert len(set(copies(office, B))) == 1
    assert not sent.mails(SENT)


def test_a_mailbox_that_cannot_be_asked_stops_no_run(office: MailOffice, sent: ImapServer) -> None:
    """It is as if there were none, and the run says so."""
    (office.folder / "password").write_text("khac", "utf-8")
    office.server.manners.password = "khac"
    office.run(DAY + "00", "--first-run")
    office.server.manners.body = OK
    report = office.run(DAY + "10")
    assert "refused the login" in report.err
    assert report.code == 1
    assert len(copies(office, B)) == 2
    assert len(sent.mails(SENT)) > 0


def test_a_solved_matter_is_not_told_again(office: MailOffice) -> None:
    """What is in doubt is never sent when the plan no longer holds it; its steps count as told."""
    office.run(DAY + "00", "--first-run")
    book = load_workbook(office.folder / "so.xlsx")
    row = [c.value for c in book["Kế hoạch"][2]]
    book["Kế hoạch"].append(["TH-B", *row[1:]])
    book.save(office.folder / "so.xlsx")
    office.server.manners.body = OK
    report = office.run(DAY + "40")
    first, *rest = copies(office, B)
    assert first not in rest
    assert ["Đã nhận" in str(m["Subject"]) for m in office.parsed() if m["To"] == B] == [
        False,
        True,
    ]
    assert len(set(copies(office, C))) == 1
    assert len(copies(office, C)) == 2
    assert report.document["counts"]["in_doubt"] == 1
    assert report.code == 1
    assert "Thư chưa rõ đã đến nơi hay chưa" in told_operator(office)[-1]


def test_one_that_is_put_off_stays_in_doubt_and_is_tried_again(office: MailOffice) -> None:
    """The second copy was not taken; the first may have been: under one id it ends."""
    office.run(DAY + "00", "--first-run")
    office.server.manners.body = "451 later"
    office.run(DAY + "10")
    assert office.states()[B] == "in_doubt"
    office.server.manners.body = OK
    office.run(DAY + "11")
    assert len(copies(office, B)) == 1
    assert office.run(DAY + "30").code == 0
    assert len(copies(office, B)) == 2
    assert len(set(copies(office, B))) == 1


def test_a_dry_run_asks_nobody_and_sends_nothing(office: MailOffice, sent: ImapServer) -> None:
    """It only reads the ledger."""
    office.run(DAY + "00", "--first-run")
    office.server.manners.body = OK
    before = office.states()
    assert office.run(DAY + "10", "--dry-run").code == 0
    assert office.states() == before
    assert len(copies(office, B)) == 1
