"""Mail that comes back: believed of our own mails alone, told once, and never sent there again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imap_server
import pytest
from command_line import Called, automator
from dsn_samples import notice
from imap_server import ImapServer
from mail_office import MailOffice, mail_office
from small_office import SCHOOLS, workbook
from smtp_server import Manners, free_port

FEB_26, MAR_1, MAR_2, MAR_4 = (
    f"2021-{day}T07:00:00+07:00" for day in ("02-26", "03-01", "03-02", "03-04")
)
FEB_26_NOON = "2021-02-26T12:00:00+07:00"
B, C = "th-b@truong.example", "th-c@truong.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An office over SMTP with the mailbox of its sender."""

    office: MailOffice
    inbox: ImapServer

    def comes_back(self, to: str, kind: str = "postfix", about: str = "") -> None:
        """Put a notice into the inbox about the mail to `about` (default: to that address)."""
        self.inbox.append("INBOX", notice(kind, self.message_id(about or to), to))

    def message_id(self, to: str) -> str:
        """Return the Message-ID of the last mail to an address."""
        mails = zip(self.office.server.box.mails, self.office.parsed(), strict=True)
        return next(
            str(mime["Message-ID"]) for seen, mime in reversed(list(mails)) if to in seen.rcpt_tos
        )

    def bounces(self, *more: str, now: str = FEB_26_NOON) -> Called:
        """Call `automator bounces`."""
        return automator("bounces", "--config", self.office.config, "--now", now, *more)

    def run(self, now: str, *more: str) -> Any:
        """Do a run and return its document."""
        return self.office.run(now, *more).document

    def known(self) -> list[tuple[str, str, bool]]:
        """Return address, fate and whether it was cleared, of all that came back."""
        found = self.bounces("--list", "--json").document["bounces"]
        return [(b["address"], b["fate"], b["cleared_at"] is not None) for b in found]

    def steps(self, document: Any, unit: str) -> list[str]:
        """Return the steps that a run told a unit."""
        mails = [m for m in document["messages"] if m["unit"] == unit and m["state"] == "sent"]
        return [s["step"] for m in mails for s in m["steps"]]

    def silent(self, document: Any, unit: str) -> dict[str, str]:
        """Return why steps to a unit are withheld, those of its ladder that are not up apart."""
        found = [w for w in document["withheld"] if w["unit"] == unit]
        return {w["step"]: w["reason"] for w in found if w["reason"] != "next_step_later"}


@contextmanager
def desk(folder: Path, **mail: object) -> Iterator[Desk]:
    """Give an office that has sent its first chases, on 26 February."""
    with imap_server.running() as inbox:
        imap = {"host": "127.0.0.1", "port": inbox.port, "security": "none"}
        with mail_office(folder, mail={"imap": imap, **mail}) as office:
            office.run(FEB_26, "--first-run")
            yield Desk(office=office, inbox=inbox)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    """Return an office that has sent its first chases, on 26 February."""
    with desk(tmp_path) as found:
        yield found


@pytest.mark.parametrize("kind", ["postfix", "exim", "exchange", "gmail"])
def test_dead_address_is_mailed_no_more(office: Desk, kind: str) -> None:
    """The next run tells the other schools, the operator, and not the dead address."""
    office.comes_back(B, kind)
    assert office.bounces().code == 0
    before = len(office.office.arrived())
    document = office.run(MAR_4)
    later = office.office.arrived()[before:]
    assert B not in later
    assert C in later
    assert office.silent(document, "TH-B") == {
        "chase-1-again": "newer_step",
        "chase-5": "bounced",
        "digest": "bounced",
    }


def test_the_operator_hears_of_it_once(office: Desk) -> None:
    """One mail names the school and the address; the run after it is silent about it."""
    office.comes_back(B)
    first, second = office.run(MAR_1), office.run(MAR_2)
    told = [[s["instance"] for m in d["messages"] for s in m["steps"]] for d in (first, second)]
    assert [sum("alert/bounced" in i for i in instances) for instances in told] == [1, 0]
    alert = next(
        m for m in office.office.parsed() if "vanthu@phong.example" in m["To"] and B in text(m)
    )
    assert "Trường Tiểu học B" in text(alert)
    assert B not in str(first["messages"])


def text(mail: Any) -> str:
    """Return the text of a mail."""
    return str(mail.get_body(("plain",)).get_content())


def test_it_is_shown_beside_the_school(office: Desk) -> None:
    """A Problem that warns, at the cell of the address; it stands in no other mail."""
    office.comes_back(B)
    document = office.run(MAR_1)
    (problem,) = [p for p in document["problems"] if p["code"] == "bounced"]
    assert (problem["tab"], problem["cell"], problem["school"]) == ("Trường", "E3", "TH-B")
    assert (problem["severity"], problem["value"]) == ("warns", B)
    assert B not in problem["message"] + problem["remedy"]
    others = [m for m in office.office.parsed() if "vanthu@phong.example" not in m["To"]]
    assert not [m for m in others if B in text(m)]


def test_a_chase_that_came_back_is_not_reported_to_the_leader(office: Desk) -> None:
    """Nobody is reported for not having answered what never arrived."""
    office.comes_back(B)
    document = office.run(MAR_2)
    escalated = [
        s["instance"] for m in document["messages"] for s in m["steps"] if s["step"] == "escalate-3"
    ]
    assert escalated == ["TH-C/plan"]


def test_mended_address_gets_what_came_back(office: Desk) -> None:
    """A new address in the sheet is not dead: once approved it gets the chase, by another name."""
    office.comes_back(B)
    mended = ("TH-B", "Trường Tiểu học B", "TH", "28036", "moi@truong.example")
    rows = (SCHOOLS[0], mended, SCHOOLS[2])
    workbook(office.office.folder / "so.xlsx", schools=rows)
    held = office.run(FEB_26_NOON)
    assert office.silent(held, "TH-B") == {"chase-1-again": "address_not_approved"}
    approve = ("contacts", "approve", "TH-B", "--config", office.office.config)
    assert automator(*approve, "--now", FEB_26_NOON).code == 0
    document = office.run(MAR_1)
    assert "chase-1-again" in office.steps(document, "TH-B")
    assert "moi@truong.example" in office.office.arrived()
    assert office.steps(office.run(MAR_2), "TH-B") == []


def test_the_other_address_of_the_school_still_gets_its_mail(tmp_path: Path) -> None:
    """Of two addresses one is dead: the mail goes to the other alone, and it counts as told."""
    two = f"{B}; hieutruong@truong.example"
    rows = [SCHOOLS[0], ("TH-B", "Trường Tiểu học B", "TH", "28036", two)]
    with imap_server.running() as inbox:
        imap = {"host": "127.0.0.1", "port": inbox.port, "security": "none"}
        with mail_office(tmp_path, mail={"imap": imap}, schools=rows) as made:
            made.run(FEB_26, "--first-run")
            office = Desk(office=made, inbox=inbox)
            office.comes_back(B)
            before = len(made.arrived())
            document = office.run(MAR_4)
            assert office.steps(document, "TH-B") == ["chase-5"]
            later = made.arrived()[before:]
            assert "hieutruong@truong.example" in later
            assert B not in later


def test_recipient_whom_the_server_does_not_know(tmp_path: Path) -> None:
    """Refused at hand-over while the other was taken: dead as well, and needs no mailbox."""
    two = f"{B}; hieutruong@truong.example"
    rows = [SCHOOLS[0], ("TH-B", "Trường Tiểu học B", "TH", "28036", two)]
    manners = Manners(recipients={B: "550 5.1.1 no such user"})
    with mail_office(tmp_path, schools=rows, manners=manners) as made:
        made.run(FEB_26, "--first-run")
        listed = automator("bounces", "--list", "--json", "--config", made.config).document
        (found,) = listed["bounces"]
        assert (found["address"], found["fate"], found["status"]) == (B, "dead", "5.1.1")
        document = made.run(MAR_1).document
        assert [p["value"] for p in document["problems"] if p["code"] == "bounced"] == [B]
        mails = [m for m in document["messages"] if m["unit"] == "TH-B"]
        assert [[a["state"] for a in m["addresses"]] for m in mails] == [["ok"]]


def test_the_mail_itself_shows_it(office: Desk) -> None:
    """`outbox show` says of a mail from whom it came back, and with which words."""
    office.comes_back(B)
    office.bounces()
    code = office.bounces("--list", "--json").document["bounces"][0]["message"]
    show = ("outbox", "show", code[:12], "--config", office.office.config)
    (found,) = automator(*show, "--json").document["bounced"]
    assert (found["address"], found["fate"], found["status"]) == (B, "dead", "5.1.1")
    assert f"dead: {B} 5.1.1 550 5.1.1" in automator(*show).out


def test_reading_twice_changes_nothing(office: Desk) -> None:
    """The second look at the same mailbox finds nothing new, and marks nothing as read."""
    office.comes_back(B)
    first, second = office.bounces("--json").document, office.bounces("--json").document
    assert [b["address"] for b in first["bounces"]] == [B]
    assert second["bounces"] == []
    assert office.inbox.seen("INBOX") == 0


def test_dry_run_writes_nothing(office: Desk) -> None:
    """What is new is shown, and is new the next time as well."""
    office.comes_back(B)
    assert office.bounces("--dry-run", "--json").document["bounces"][0]["address"] == B
    assert office.known() == []


@pytest.mark.parametrize(
    ("to", "about"),
    [
        pytest.param(B, "<gia-mao@phong.example>", id="no-mail-of-ours"),
        pytest.param("vanthu@thitran.example", "", id="not-its-recipient"),
        pytest.param("la@khac.example", "", id="a-stranger"),
    ],
)
def test_forged_notice_is_not_believed(office: Desk, to: str, about: str) -> None:
    """Only a mail of ours can come back, and only from an address that it went to."""
    office.inbox.append("INBOX", notice("postfix", about or office.message_id(B), to))
    assert office.bounces().code == 0
    assert office.known() == []


@pytest.mark.parametrize("kind", ["out-of-office", "read-receipt"])
def test_automatic_reply_is_not_a_notice(office: Desk, kind: str) -> None:
    """A holiday reply quotes what it likes."""
    office.comes_back(B, kind)
    office.bounces()
    assert office.known() == []


def test_delay_is_noted_and_changes_nothing(office: Desk) -> None:
    """The servers still try: the address is mailed as before; a failure later counts."""
    chase = office.message_id(B)
    office.comes_back(B, "postfix-delayed")
    office.bounces()
    assert office.known() == [(B, "delayed", False)]
    assert "alert/bounced" not in str(office.run(MAR_1))
    office.inbox.append("INBOX", notice("postfix", chase, B))
    office.bounces(now=MAR_1)
    assert office.known() == [(B, "dead", False)]


def test_refusal_of_the_mail_leaves_the_address_alive(office: Desk) -> None:
    """Refused as spam: that chase counts as not arrived, the next one is tried."""
    office.comes_back(B, "policy")
    first = office.run(MAR_1)
    assert office.silent(first, "TH-B") == {"chase-1-again": "undeliverable"}
    assert "alert/bounced" not in str(first)
    assert office.steps(office.run(MAR_4), "TH-B") == ["chase-5"]


def test_operator_clears_an_address(office: Desk) -> None:
    """It is on record who did; the old notice says nothing any more, and the mail goes anew."""
    office.comes_back(B)
    office.bounces()
    called = office.bounces("--clear", B.upper())
    assert (called.code, called.out.startswith(f"{B.upper()} is mailed again")) == (0, True)
    office.bounces()
    assert office.known() == [(B, "dead", True)]
    assert office.bounces("--list", "--json").document["bounces"][0]["cleared_by"]
    assert office.steps(office.run(MAR_1), "TH-B") == ["chase-1-again"]


def test_cleared_address_that_fails_again_is_dead_again(office: Desk) -> None:
    """A new mail that comes back counts."""
    office.comes_back(B)
    office.bounces()
    office.bounces("--clear", B)
    office.run(MAR_1)
    office.comes_back(B)
    office.bounces(now=MAR_1)
    assert sorted(office.known()) == [(B, "dead", False), (B, "dead", True)]
    assert office.silent(office.run(MAR_2), "TH-B")["chase-1-again-2"] == "bounced"


def test_clearing_what_nothing_stands_against(office: Desk) -> None:
    """A slip of the finger is named."""
    called = office.bounces("--clear", "khac@truong.example")
    assert (called.code, "nothing stands against" in called.err) == (2, True)


def test_the_past_did_not_know(office: Desk) -> None:
    """`status` of an earlier instant shows no bounce that was read later."""
    office.comes_back(B)
    office.bounces(now=MAR_1)
    office.run(MAR_1)
    past, present = (
        automator("status", "--config", office.office.config, "--now", now, "--json").document
        for now in (FEB_26_NOON, MAR_1)
    )
    assert [p["code"] for d in (past, present) for p in d["problems"]].count("bounced") == 1


def test_a_run_reads_the_mailbox_itself(office: Desk) -> None:
    """No other command is needed: the daily run finds what came back."""
    office.comes_back(B)
    office.run(MAR_1)
    assert office.known() == [(B, "dead", False)]


def test_a_mailbox_that_is_down_stops_no_run(tmp_path: Path) -> None:
    """The mails go out; the operator reads on stderr that nobody looked."""
    nowhere = {"host": "127.0.0.1", "port": free_port(), "security": "none"}
    with mail_office(tmp_path, mail={"imap": nowhere}) as made:
        called = made.run(FEB_26, "--first-run")
        assert C in made.arrived()
        assert "no look for undeliverable mail" in called.err
        assert automator("bounces", "--config", made.config, "--now", FEB_26).code == 2


def test_without_a_mailbox(tmp_path: Path) -> None:
    """The command says what is missing; listing works."""
    with mail_office(tmp_path) as made:
        made.run(FEB_26, "--first-run")
        called = automator("bounces", "--config", made.config, "--now", FEB_26)
        assert (called.code, "[mail.imap] is not set" in called.err) == (2, True)
        assert automator("bounces", "--list", "--config", made.config).code == 0


def test_ten_thousand_other_mails(office: Desk) -> None:
    """Among many others, and in a huge notice, what came back is found."""
    for n in range(300):
        office.inbox.append("INBOX", f"Subject: Thư {n}\r\n\r\nChào.\r\n".encode())
    huge = notice("postfix", office.message_id(B), B) + b"QUJD" * 500_000
    office.inbox.append("INBOX", huge)
    office.bounces()
    assert office.known() == [(B, "dead", False)]
