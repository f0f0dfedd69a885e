"""`automator contacts` and `allow_domains`, through the command line and a real mail server."""

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from command_line import SAMPLE, Called, automator, sample_config
from mail_office import MAIL, MailOffice, mail_office
from old_ledgers import DUMPS, restore
from small_office import SCHOOLS, office, workbook

from automator import giving
from automator.config import load
from automator.ledger import Ledger

TH_B, NEW = "th-b@truong.example", "moi@hop-thu.example"
MOVED = [(*s[:4], NEW) if s[0] == "TH-B" else s for s in SCHOOLS]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """An office whose ledger has seen the three schools and is armed; nothing was due yet."""
    with mail_office(tmp_path) as office:
        assert office.run("2021-02-25T07:00:00+07:00", "--first-run").code == 0
        office.server.box.mails.clear()
        yield office


def contacts(desk: MailOffice, *arguments: object, now: str = "2021-02-26T08:00") -> Called:
    """Call `automator contacts` with the office's config."""
    return automator("contacts", *arguments, "--config", desk.config, "--now", now)


def change(desk: MailOffice) -> None:
    """Give TH-B another address in the sheet, and let a run see it."""
    workbook(desk.folder / "so.xlsx", schools=MOVED)
    assert desk.run("2021-02-26T07:00:00+07:00").code == 1


def test_a_changed_address_is_held_listed_approved_and_mailed(desk: MailOffice) -> None:
    """Nothing leaves for the new address before the operator has said that it is right."""
    change(desk)
    assert NEW not in desk.arrived()
    assert TH_B not in desk.arrived()
    listed = contacts(desk, "list", "--pending")
    assert listed.code == 0
    assert [line.split("\t")[:3] for line in listed.out.splitlines()] == [
        ["TH-B", "pending", NEW],
        ["TH-B", "former", TH_B],
    ]
    done = contacts(desk, "approve", "TH-B", "--json")
    assert [c["school"] for c in done.document["contacts"]] == ["TH-B"]
    desk.run("2021-02-26T09:00:00+07:00")
    assert desk.arrived().count(NEW) == 1


def test_a_slip_in_the_ledgers_path_makes_no_ledger(desk: MailOffice, tmp_path: Path) -> None:
    """Approving ends with 5; a list says that no run is known, on stderr."""
    approved = contacts(desk, "approve", "--all", "--ledger", tmp_path / "slip.db")
    assert (approved.code, approved.out) == (5, "")
    assert "there is no ledger at" in approved.err
    listed = contacts(desk, "list", "--ledger", tmp_path / "slip.db")
    assert (listed.code, "there is no ledger at" in listed.err) == (0, True)
    assert not list(tmp_path.glob("slip.db*"))


def test_who_approved_and_when_is_on_record(desk: MailOffice) -> None:
    """`contacts show` names the account; before that nobody has approved anything."""
    before = contacts(desk, "show", "TH-B", "--json").document["contacts"][0]
    assert (before["approved_by"], before["approved_at"]) == (None, "2021-02-25T07:00:00+07:00")
    change(desk)
    contacts(desk, "approve", "TH-B")
    after = contacts(desk, "show", "Trường Tiểu học B", "--json").document["contacts"][0]
    assert after == {
        "school": "TH-B",
        "name": "Trường Tiểu học B",
        "addresses": [{"address": NEW, "state": "pinned", "also": []}],
        "approved_at": "2021-02-26T08:00:00+07:00",
        "approved_by": giving.account(),
    }


def test_explain_says_which_address_waits(desk: MailOffice) -> None:
    """Whoever asks why nothing came reads it, masked."""
    change(desk)
    common = ("--config", desk.config, "--now", "2021-02-26T08:00")
    said = automator("explain", "TH-B", "plan", *common).out
    assert "chase-1 to TH-B as principal (mo***@hop-thu.example not approved)" in said
    assert "address_not_approved, the address has changed and is not approved" in said


def test_outbox_release_approves_it_as_well(desk: MailOffice) -> None:
    """The list of what waits has a key for it; releasing the key is the same decision."""
    change(desk)
    common = ("--config", desk.config, "--now", "2021-02-26T08:00")
    waiting = json.loads(automator("outbox", "list", "--json", *common).out)
    assert [w["key"] for w in waiting["waiting"]] == ["address/TH-B"]
    assert [m["advice"] for m in waiting["messages"]] == ["automator contacts approve"]
    assert automator("outbox", "release", "address/TH-B", *common).out == "address/TH-B\n"
    assert desk.run("2021-02-26T09:00:00+07:00").code == 0
    assert desk.arrived().count(NEW) == 1


def test_only_what_was_looked_at_is_approved(desk: MailOffice) -> None:
    """A third address that comes after the approval is a change again."""
    change(desk)
    contacts(desk, "approve", "--all")
    third = [(*s[:4], "ba@hop-thu.example") if s[0] == "TH-B" else s for s in SCHOOLS]
    workbook(desk.folder / "so.xlsx", schools=third)
    assert desk.run("2021-02-26T09:00:00+07:00").code == 1
    assert "ba@hop-thu.example" not in desk.arrived()


def test_the_operators_mail_shows_no_whole_address(desk: MailOffice) -> None:
    """It says whose address has changed, masked, and which command shows it."""
    change(desk)
    (alert,) = [m for m in desk.parsed() if "Vận hành" in str(m["Subject"])]
    text = " ".join(alert.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert "th***@truong.example → mo***@hop-thu.example" in text
    assert NEW not in text
    assert "automator contacts approve" in text


def test_approving_twice_or_nothing_does_no_harm(desk: MailOffice) -> None:
    """The second time nothing waits; that is said, and it is no error."""
    change(desk)
    assert contacts(desk, "approve", "TH-B").out != ""
    again = contacts(desk, "approve", "TH-B")
    assert (again.code, again.out) == (0, "")
    assert "nothing waits" in again.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("approve",), 2, id="nobody-named"),
        pytest.param(("approve", "TH-X"), 2, id="no-such-school"),
        pytest.param(("show", "TH-X"), 2, id="nothing-to-show"),
    ],
)
def test_bad_calls_are_refused(desk: MailOffice, arguments: tuple[str, ...], code: int) -> None:
    """A slip approves nothing."""
    assert contacts(desk, *arguments).code == code


def test_an_approval_before_the_last_run_is_refused(desk: MailOffice) -> None:
    """Time does not run backwards in the ledger."""
    change(desk)
    called = contacts(desk, "approve", "TH-B", now="2021-02-26T06:00")
    assert called.code == 2
    assert "pending" in contacts(desk, "list", "--pending").out


def test_an_approval_waits_for_a_running_run(desk: MailOffice) -> None:
    """While a run holds the lock nothing is approved under its feet."""
    change(desk)
    with Ledger.open(str(desk.folder / "automator.db"), "main") as ledger, ledger.lock():
        assert contacts(desk, "approve", "TH-B").code == 4


def test_a_domain_that_is_not_allowed_gets_no_mail(tmp_path: Path) -> None:
    """Not even at first sight; the reason is in the JSON, the other schools hear as ever."""
    with mail_office(tmp_path, schools=MOVED) as desk:
        allow(desk, "truong.example", "phong.example", "thitran.example")
        called = desk.run("2021-02-26T07:00:00+07:00", "--first-run")
        reasons = {w["reason"] for w in called.document["withheld"] if w["unit"] == "TH-B"}
        assert "domain_not_allowed" in reasons
        assert desk.arrived().count("th-c@truong.example") == 1
        assert NEW not in desk.arrived()


def test_an_allowed_domain_needs_no_approval(tmp_path: Path) -> None:
    """Who gives mailboxes in the school's own domain vouches for them."""
    with mail_office(tmp_path) as desk:
        allow(desk, "truong.example", "hop-thu.example", "phong.example", "thitran.example")
        desk.run("2021-02-25T07:00:00+07:00", "--first-run")
        workbook(desk.folder / "so.xlsx", schools=MOVED)
        assert desk.run("2021-02-26T07:00:00+07:00").code == 0
        assert desk.arrived().count(NEW) == 1


def test_an_operator_who_cannot_be_reached_is_told_on_stderr(tmp_path: Path) -> None:
    """Where his own domain is not allowed no alert would ever arrive: the run says so."""
    with mail_office(tmp_path) as desk:
        allow(desk, "truong.example")
        called = desk.run("2021-02-26T07:00:00+07:00", "--first-run")
        assert called.code == 1
        assert "no alert reaches the operator" in called.err


def test_a_redirected_mail_needs_no_allowed_domain(tmp_path: Path) -> None:
    """`redirect_to` is the operator's own word; whom it stands for is still looked at."""
    keys = {"redirect_to": "thu@noi-khac.example"}
    with mail_office(tmp_path, mail=keys, schools=MOVED) as desk:
        allow(desk, "truong.example", "phong.example", "thitran.example")
        desk.run("2021-02-26T07:00:00+07:00", "--first-run")
        assert set(desk.arrived()) == {"thu@noi-khac.example"}
        subjects = "\n".join(desk.subjects())
        assert "th-c@truong.example" in subjects
        assert NEW not in subjects
        for mail in desk.parsed():
            assert [a.addr_spec for a in mail["To"].addresses] == ["thu@noi-khac.example"]
            assert not {"Cc", "Bcc"} & set(mail.keys())


def test_a_redirected_mail_in_a_folder_names_the_redirect_alone(tmp_path: Path) -> None:
    """The files that a trial leaves behind can be sent on to nobody else by mistake."""
    path = office(tmp_path, {MAIL: f'{MAIL}redirect_to = "thu@noi-khac.example"\n'})
    automator("run", "--config", path, "--now", "2021-02-26T07:00:00+07:00")
    files = sorted((tmp_path / "outbox").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert {str(mail["To"]) for mail in mails} == {"thu@noi-khac.example"}
    assert any("thay cho th-c@truong.example" in str(mail["Subject"]) for mail in mails)


def allow(desk: MailOffice, *domains: str) -> None:
    """List domains in the office's config."""
    text = desk.config.read_text("utf-8")
    line = f"[mail]\nallow_domains = {json.dumps(domains)}\n"
    desk.config.write_text(text.replace("[mail]\n", line), "utf-8")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("@Truong.Example", "truong.example", id="an-at-and-capitals"),
        pytest.param("trường.example", "xn--trng-rib8295b.example", id="vietnamese-letters"),
    ],
)
def test_a_domain_may_be_written_as_people_read_it(
    tmp_path: Path, written: str, meant: str
) -> None:
    """In the program it is as addresses have it: lower case, ASCII."""
    path = office(tmp_path, {"[mail]\n": f'[mail]\nallow_domains = ["{written}"]\n'})
    config = load(path)
    assert config.mail.allow_domains == config.policy.allow_domains == (meant,)


@pytest.mark.parametrize("written", ["truong", "a@truong.example", "*.example", "a b.example", ""])
def test_what_is_no_domain_is_refused(tmp_path: Path, written: str) -> None:
    """With its key, before anything is read."""
    path = office(tmp_path, {"[mail]\n": f'[mail]\nallow_domains = ["{written}"]\n'})
    called = automator("status", "--config", path)
    assert called.code == 2
    assert "mail.allow_domains" in called.err


@pytest.mark.parametrize("version", DUMPS)
def test_a_ledger_of_an_older_version_pins_what_its_next_run_reads(
    tmp_path: Path, version: str
) -> None:
    """Nobody has to approve forty schools after an update; before that run nothing is pinned."""
    old = restore(version, tmp_path / "old.db")
    where = ("--config", sample_config(tmp_path, {}), "--workbook", SAMPLE, "--ledger", old)
    now = ("--now", "2021-12-20T08:00:00+07:00")
    before = automator("contacts", "list", "--json", *where, *now)
    assert before.code == 0, before.err
    assert {a["state"] for c in before.document["contacts"] for a in c["addresses"]} == {"first"}
    ran = automator("run", "--outbox", tmp_path / "outbox", *where, *now)
    assert ran.code in (0, 1), ran.err
    after = automator("contacts", "list", "--json", *where, *now).document["contacts"]
    assert {a["state"] for c in after for a in c["addresses"]} == {"pinned"}
    assert {c["approved_by"] for c in after} == {None}
