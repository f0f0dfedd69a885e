"""The headers that arrive at a real server: no robot answers, and a mailbox shows conversations."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from mail_office import MailOffice, mail_office
from mail_samples import DIRECTIVE, OFFICE, SAMPLES, TEMPLATES, ZONE, renderer

from automator.mail.render import Renderer

B, C = "th-b@truong.example", "th-c@truong.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailOffice]:
    """An office that has chased on 26 February and on 4 March."""
    with mail_office(tmp_path_factory.mktemp("office")) as made:
        assert made.run("2021-02-26T07:00", "--first-run").code == 0
        assert made.run("2021-03-04T07:00").code == 0
        yield made


def to(office: MailOffice, address: str) -> list[EmailMessage]:
    """Return the mails that reached `address`."""
    return [mail for mail in office.parsed() if mail["To"] == address]


def test_each_mail_says_who_sends_and_who_is_to_be_answered(office: MailOffice) -> None:
    """Display name, Reply-To, Date of the run, and a way to the operator."""
    for mail in office.parsed():
        (sender,) = mail["From"].addresses
        assert sender.addr_spec == "antq@phong.example"
        assert "".join(sender.display_name.split()) == "PhòngGiáodụcvàĐàotạo"
        assert mail["Reply-To"] == "vanthu@phong.example"
        assert parsedate_to_datetime(mail["Date"]).date() in {date(2021, 2, 26), date(2021, 3, 4)}
        assert mail["List-Id"] == "<nhac-viec.phong.example>"
        assert mail["List-Unsubscribe"] == "<mailto:vanthu@phong.example?subject=unsubscribe>"
        assert not mail.defects


def test_each_mail_says_that_a_machine_sent_it(office: MailOffice) -> None:
    """RFC 3834 and Exchange: no absence note comes back."""
    for mail in office.parsed():
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["X-Auto-Response-Suppress"] == "All"


def test_message_ids_come_from_the_key_and_are_each_their_own(office: MailOffice) -> None:
    """The footer's code is the beginning of the id."""
    ids = [str(mail["Message-ID"]) for mail in office.parsed()]
    assert len(set(ids)) == len(ids) >= 4
    assert all(re.fullmatch(r"<[0-9a-f]{32}@phong\.example>", each) for each in ids)


def test_mails_to_one_school_are_one_conversation(office: MailOffice) -> None:
    """The same root in References and In-Reply-To; another school has another one."""
    mails = to(office, B)
    assert len(mails) == 2
    (root,) = {str(mail["References"]) for mail in mails}
    assert {str(mail["In-Reply-To"]) for mail in mails} == {root}
    assert re.fullmatch(r"<[0-9a-f]{32}@phong\.example>", root)
    assert root not in {str(mail["References"]) for mail in to(office, C)}


def test_every_line_is_short_and_ascii(office: MailOffice) -> None:
    """998 octets at most, as they came over the line."""
    for content in office.contents():
        assert content.isascii()
        assert max(map(len, content.split(b"\r\n"))) <= 998


def test_an_incident_is_a_conversation_of_its_own() -> None:
    """Its mails have one root, whatever kind they are; the ladder of the school has another."""
    shown = renderer()

    def root(name: str, thread: str) -> str:
        return shown.render(replace(SAMPLES[name], thread=thread)).references

    incident = "urgent/VV-2021-014"
    assert root("urgent_duty", incident) == root("urgent_withdrawn", incident)
    assert root("urgent_duty", incident) != root("urgent_duty", "urgent/VV-2021-015")
    assert root("urgent_duty", incident) != root("chase", "principal/TH-MY-LAC")


def test_another_directive_begins_another_conversation() -> None:
    """Next year's mails to a school do not hang below those of this year."""

    def root(starts: date) -> str:
        directive = replace(DIRECTIVE, starts=starts)
        made = Renderer(TEMPLATES, directive=directive, office=OFFICE, zone=ZONE)
        return made.render(SAMPLES["chase"]).references

    assert root(date(2021, 2, 3)) == root(date(2021, 2, 3)) != root(date(2022, 2, 3))
