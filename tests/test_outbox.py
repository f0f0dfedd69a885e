"""The outbox by hand, against a real mail server: list, show, retry, discard."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Called, automator
from mail_office import MailOffice, mail_office
from small_office import PLANS, SCHOOLS, workbook
from smtp_server import Manners

REFUSED = "550 5.1.1 no such user"
LATER = "451 4.7.1 try again later"
TH_B, TH_C = "th-b@truong.example", "th-c@truong.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """An office that mails over SMTP; TH-B and TH-C have sent no plan."""
    with mail_office(tmp_path) as office:
        yield office


def outbox(desk: MailOffice, *arguments: object) -> Called:
    """Call `automator outbox` with the office's config."""
    return automator("outbox", *arguments, "--config", desk.config)


def listed(desk: MailOffice, *arguments: object) -> dict[str, dict[str, object]]:
    """Return the messages of `outbox list --json` by unit."""
    called = outbox(desk, "list", "--json", "--now", "2021-02-26T08:00", *arguments)
    assert called.code == 0, called.err
    return {m["unit"]: m for m in called.document["messages"]}


def refuse(desk: MailOffice, answer: str, address: str = TH_B) -> None:
    """Let the server answer so for one address."""
    desk.server.manners.recipients[address] = answer


def accept(desk: MailOffice) -> None:
    """Let the server take every address."""
    desk.server.manners.recipients.clear()


def code_of(desk: MailOffice, unit: str = "TH-B") -> str:
    """Return the code of the message to a unit that is not sent."""
    return str(listed(desk)[unit]["code"])


def test_a_new_ledgers_held_mails_say_what_to_do(desk: MailOffice) -> None:
    """The first run over SMTP holds everything; the list names the way on."""
    assert desk.run().code == 1
    found = listed(desk)
    assert {m["detail"] for m in found.values()} == {"first_run"}
    assert found["TH-B"]["advice"] == "if the plan is right: automator run --first-run"
    plain = outbox(desk, "list", "--now", "2021-02-26T08:00")
    assert "held\tTH-B/principal" in plain.out


def test_a_refused_mail_is_listed_and_waits(desk: MailOffice) -> None:
    """Later runs leave it alone, count its step as undeliverable, and say so by exit code 1."""
    refuse(desk, REFUSED)
    assert desk.run("2021-02-26T07:00:00+07:00", "--first-run").code == 1
    message = listed(desk)["TH-B"]
    assert (message["state"], message["addresses"]) == ("failed", ["th***@truong.example"])
    assert "no such user" in str(message["detail"])
    accept(desk)
    again = desk.run("2021-02-26T09:00:00+07:00")
    assert again.code == 1
    assert "steps that wait for another address: 1" in again.err
    assert again.document["counts"]["withheld"]["undeliverable"] == 1
    assert TH_B not in desk.arrived()


def test_a_servers_answer_shows_no_address_whole(tmp_path: Path) -> None:
    """Tables and documents end up in logs and with cron: what the server quotes is masked too."""
    whole = "th-b@truong.example"
    manners = Manners(recipients={whole: f"550 5.1.1 <{whole}>: unknown"})
    with mail_office(tmp_path, manners=manners) as desk:
        run = desk.run("2021-02-26T07:00:00+07:00", "--first-run")
        shown = [run, desk.call("outbox", "list"), desk.call("outbox", "list", "--json")]
        shown.append(desk.call("run", "--now", "2021-02-26T07:10:00+07:00"))
    assert all(whole not in called.out + called.err for called in shown)
    told = [m["detail"] for m in run.document["messages"] if m["unit"] == "TH-B"]
    masked = "th***@truong.example"
    assert told == [f"{masked}: 550 5.1.1 <{masked}>: unknown"]


def test_retry_frees_the_steps_for_the_next_run(desk: MailOffice) -> None:
    """By itself it sends nothing; the next run plans anew, and the mail arrives once."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    accept(desk)
    code = code_of(desk)
    done = outbox(desk, "retry", code, "--now", "2021-02-26T08:00")
    assert (done.code, done.out.split("\t")[:2]) == (0, [code, "TH-B/principal"])
    assert TH_B not in desk.arrived()
    assert listed(desk)["TH-B"]["state"] == "queued"
    assert desk.run("2021-02-26T09:00:00+07:00").code == 0
    desk.run("2021-02-26T10:00:00+07:00")
    assert desk.arrived().count(TH_B) == 1


def test_retry_failed_takes_them_all(desk: MailOffice) -> None:
    """After a server's fault one command frees the whole list."""
    refuse(desk, REFUSED)
    refuse(desk, REFUSED, TH_C)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    accept(desk)
    assert len(outbox(desk, "retry", "--failed").out.splitlines()) == 2
    desk.run("2021-02-26T09:00:00+07:00")
    assert (desk.arrived().count(TH_B), desk.arrived().count(TH_C)) == (1, 1)


def test_a_changed_address_frees_a_refused_mail(desk: MailOffice) -> None:
    """The step is told to the new address once that is approved; the refused one is not tried."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    moved = [(*s[:4], "moi@truong.example") if s[0] == "TH-B" else s for s in SCHOOLS]
    workbook(desk.folder / "so.xlsx", schools=moved)
    assert desk.run("2021-02-26T08:00:00+07:00").document["counts"]["held"] == 1
    approve = ("contacts", "approve", "TH-B", "--config", desk.config)
    assert automator(*approve, "--now", "2021-02-26T08:30").code == 0
    desk.run("2021-02-26T09:00:00+07:00")
    assert desk.arrived().count("moi@truong.example") == 1
    assert TH_B not in desk.arrived()


def test_a_changed_template_frees_a_refused_mail(desk: MailOffice) -> None:
    """A server that refused the words of a mail is asked again once they are others."""
    refuse(desk, "554 5.7.1 message looks like spam")
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    accept(desk)
    desk.run("2021-02-26T08:00:00+07:00")
    assert TH_B not in desk.arrived()
    template = desk.folder / "templates" / "base.txt.j2"
    template.write_text(template.read_text("utf-8") + "\n", "utf-8")
    assert desk.run("2021-02-26T09:00:00+07:00").code == 0
    assert desk.arrived().count(TH_B) == 1


def test_explain_names_the_refused_mail(desk: MailOffice) -> None:
    """Its code and the server's words stand beside the step that waits."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    asked = ("explain", "TH-B", "plan", "--now", "2021-02-26T08:00", "--config", desk.config)
    said = automator(*asked).out
    assert "silent      chase-1 to TH-B as principal (th***@truong.example): undeliverable" in said
    assert f"message {code_of(desk)}: " in said
    assert "no such user" in said


def test_a_mail_that_cannot_be_rendered_is_tried_by_every_run(desk: MailOffice) -> None:
    """The list names the template; the first run after it is mended sends the mail."""
    template = desk.folder / "templates" / "ladder.txt.j2"
    good = template.read_text("utf-8")
    template.write_text("{% if notice.unit == 'TH-B' %}{{ nothing }}{% endif %}" + good, "utf-8")
    assert desk.run("2021-02-26T07:00:00+07:00", "--first-run").code == 1
    message = listed(desk)["TH-B"]
    assert message["state"] == "failed"
    assert "ladder.txt.j2" in str(message["detail"])
    assert message["advice"] == "mend the template; the next run tries anew"
    assert desk.arrived().count(TH_C) == 1
    template.write_text(good, "utf-8")
    assert desk.run("2021-02-26T09:00:00+07:00").code == 0
    assert desk.arrived().count(TH_B) == 1


def test_the_operators_own_refused_mail_makes_no_chain(desk: MailOffice) -> None:
    """Who cannot be reached is not written to about it, run after run."""
    refuse(desk, REFUSED, "vanthu@phong.example")
    desk.run("2021-02-26T07:00:00+07:00")
    refuse(desk, REFUSED)
    for hour in ("08", "09", "10"):
        desk.run(f"2021-02-26T{hour}:00:00+07:00", "--first-run")
    rows = automator("outbox", "list", "--json", "--state", "failed", "--config", desk.config)
    alerts = [m for m in rows.document["messages"] if m["role"] == "operator"]
    assert len(alerts) <= 2


def test_one_units_refused_mail_blocks_no_other(desk: MailOffice) -> None:
    """TH-C is chased in the same run, and TH-B's own next step is tried in its time."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    assert desk.arrived().count(TH_C) == 1
    accept(desk)
    desk.run("2021-03-04T07:00:00+07:00")
    assert TH_B in desk.arrived()


def test_a_refused_mail_whose_matter_is_over_is_dropped(desk: MailOffice) -> None:
    """The plan came: nobody waits for the address any more, and nothing failed is left."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    sent = [*PLANS, ("TH-B", "26/02/2021", "02/KH", "26/02/2021", "Công an thị trấn")]
    workbook(desk.folder / "so.xlsx", plans=sent)
    assert desk.run("2021-02-26T09:00:00+07:00").code == 0
    assert "TH-B" not in listed(desk)
    assert listed(desk, "--state", "superseded")["TH-B"]["state"] == "superseded"


def test_what_is_thrown_away_is_never_told(desk: MailOffice) -> None:
    """Not under the same id nor in another mail; the next rung goes out as ever."""
    refuse(desk, LATER)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    accept(desk)
    code = code_of(desk)
    assert outbox(desk, "discard", code, "--now", "2021-02-26T08:00").code == 0
    again = desk.run("2021-02-26T13:00:00+07:00")
    assert again.code == 0
    assert TH_B not in desk.arrived()
    mine = [w for w in again.document["withheld"] if w["instance"] == "TH-B/plan"]
    assert {"unit": "TH-B", "role": "principal", "instance": "TH-B/plan", "step": "chase-1",
            "reason": "undeliverable"} in mine  # fmt: skip
    assert listed(desk, "--state", "discarded")["TH-B"]["code"] == code
    desk.run("2021-03-04T07:00:00+07:00")
    steps = [k["step"] for k in listed(desk, "--state", "sent")["TH-B"]["steps"]]  # type: ignore[attr-defined]
    assert "chase-1" not in steps


def test_a_week_that_is_thrown_away_is_not_told_later(desk: MailOffice) -> None:
    """The next summary covers its own week only."""
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    refuse(desk, LATER)
    desk.run("2021-03-01T07:00:00+07:00")
    code = code_of(desk)
    outbox(desk, "discard", code, "--now", "2021-03-01T08:00")
    accept(desk)
    desk.run("2021-03-02T07:00:00+07:00")
    assert TH_B not in desk.arrived()[3:]
    done = desk.run("2021-03-08T07:00:00+07:00").document
    assert [m["weeks"] for m in done["messages"] if m["unit"] == "TH-B"] == [["2021-W09"]]


def test_what_was_sent_is_neither_tried_again_nor_thrown_away(desk: MailOffice) -> None:
    """A usage error that changes nothing, also where other codes of the call are good."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    sent = str(listed(desk, "--state", "sent")["TH-C"]["code"])
    for command in ("retry", "discard"):
        called = outbox(desk, command, code_of(desk), sent)
        assert called.code == 2
        assert f"message {sent} is sent" in called.err
    assert listed(desk)["TH-B"]["state"] == "failed"


def test_who_did_it_and_when_is_on_record(desk: MailOffice) -> None:
    """`show` says it a year later."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    code = code_of(desk)
    outbox(desk, "retry", code, "--now", "2021-02-26T08:00")
    outbox(desk, "discard", code, "--now", "2021-02-26T09:00")
    acts = outbox(desk, "show", code, "--json").document["acts"]
    assert [(a["act"], a["at"]) for a in acts] == [
        ("retry", "2021-02-26T08:00:00+07:00"),
        ("discard", "2021-02-26T09:00:00+07:00"),
    ]
    assert all(a["who"] for a in acts)


def test_show_prints_a_mail_and_writes_it_to_files(desk: MailOffice) -> None:
    """The operator sees the addresses, the text, and may open the page or the mail."""
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    code = str(listed(desk, "--state", "sent")["TH-B"]["code"])
    page, mail = desk.folder / "thu.html", desk.folder / "thu.eml"
    called = outbox(desk, "show", code, "--html", page, "--eml", mail)
    assert called.code == 0
    assert f"To: {TH_B}" in called.out
    assert "state: sent" in called.out
    assert f"Mã thư: {code}" in called.out
    assert f"Mã thư: {code}" in page.read_text("utf-8")
    assert b"Message-ID: <" + code.encode() in mail.read_bytes()


def test_a_code_may_be_written_as_people_do(desk: MailOffice) -> None:
    """In capitals, with blanks, as the footer has it, or as the Message-ID of the mail's source."""
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    message = listed(desk, "--state", "sent")["TH-B"]
    code, whole = str(message["code"]), str(message["id"])
    spoken = (code.upper(), f" {code[:4]} {code[4:]} ", f"Mã thư: {code}.")
    for typed in (*spoken, f"<{whole}@phong.example>", whole):
        assert outbox(desk, "show", typed).code == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("ffffffff", "the ledger has no message ffffffff", id="unknown"),
        pytest.param("ab", "'ab' is no code of a mail", id="too-short"),
        pytest.param("../etc", "is no code of a mail", id="no-code"),
    ],
)
def test_a_code_that_names_nothing(desk: MailOffice, code: str, words: str) -> None:
    """Exit 2, with where to look."""
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    for call in (("outbox", "show", code), ("explain", "--message", code)):
        called = automator(*call, "--config", desk.config)
        assert (called.code, words in called.err, "hint:" in called.err) == (2, True, True)


def test_the_list_is_there_when_the_workbook_is_not(desk: MailOffice) -> None:
    """What is not sent is known to the ledger alone."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    (desk.folder / "so.xlsx").write_bytes(b"no workbook")
    called = outbox(desk, "list", "--now", "2021-02-26T08:00")
    assert called.code == 3
    assert "failed\tTH-B/principal" in called.out
    assert json.loads(outbox(desk, "list", "--json", "--state", "failed").out)["messages"]


def test_a_code_longer_than_any_id(desk: MailOffice) -> None:
    """What no id can be is no code, and no fault of the ledger."""
    desk.run("2021-02-26T07:00:00+07:00")
    called = outbox(desk, "show", "x" * 100_000)
    assert called.code == 2
    assert "is no code of a mail" in called.err


@pytest.mark.parametrize("command", [("retry", "1cd64bad"), ("discard", "--state", "failed")])
def test_a_slip_in_the_ledgers_path_makes_no_ledger(
    desk: MailOffice, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Where there is no ledger there is nothing to try again; none is made (exit 5)."""
    called = outbox(desk, *command, "--ledger", tmp_path / "slip.db")
    assert (called.code, called.out) == (5, "")
    assert "there is no ledger at" in called.err
    assert not list(tmp_path.glob("slip.db*"))


def test_release_all_of_nothing_writes_nothing(desk: MailOffice, tmp_path: Path) -> None:
    """Where nothing waits it says so; a ledger that is not there yet is not made."""
    early = ("--now", "2021-02-20T07:00:00+07:00", "--ledger", tmp_path / "slip.db")
    called = outbox(desk, "release", "--all", *early)
    assert (called.code, called.out) == (0, "")
    assert called.err == "automator: nothing waits for a decision\n"
    assert not list(tmp_path.glob("slip.db*"))


def test_decisions_are_not_earlier_than_the_last_run(desk: MailOffice) -> None:
    """What is tried again or thrown away is so after the run that saw it: exit 2 else."""
    refuse(desk, REFUSED)
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    early = ("--now", "2021-02-25T07:00:00+07:00")
    for command in ("retry", "discard"):
        called = outbox(desk, command, code_of(desk), *early)
        assert called.code == 2
        assert "is earlier" in called.err
