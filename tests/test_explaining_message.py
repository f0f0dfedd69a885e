"""`explain --message`: the phone call "why did I get this?", answered from the mail's code."""

import sqlite3
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from command_line import Called, automator
from mail_office import MailOffice, mail_office
from small_office import PLANS, workbook

LATER = "2021-03-05T08:00"
SENT_PLAN = ("TH-B", "03/03/2021", "02/KH", "02/03/2021", "Công an thị trấn")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """TH-B was chased on 26/02, escalated on 02/03, and sent its plan on 03/03."""
    with mail_office(tmp_path) as office:
        office.run("2021-02-26T07:00:00+07:00", "--first-run")
        office.run("2021-03-02T07:00:00+07:00")
        workbook(tmp_path / "so.xlsx", plans=[*PLANS, SENT_PLAN])
        office.run("2021-03-03T07:00:00+07:00")
        yield office


def asked(desk: MailOffice, code: str, *more: str, now: str = LATER) -> Called:
    """Ask why a mail came."""
    call = ("explain", "--message", code, "--now", now, "--config", str(desk.config), *more)
    return automator(*call)


def code_of(desk: MailOffice, step: str, unit: str = "TH-B") -> str:
    """Return the code of the mail to a unit that told a step."""
    listed = automator("outbox", "list", "--state", "sent", "--json", "--config", desk.config)
    return next(
        str(m["code"])
        for m in listed.document["messages"]
        if m["unit"] == unit and step in [k["step"] for k in m["steps"]]
    )


def test_a_chase_is_explained(desk: MailOffice) -> None:
    """Whom, when, to which addresses (masked), why, what was known then, and what came since."""
    code = code_of(desk, "chase-1")
    lines = [line.strip() for line in asked(desk, code).out.splitlines()]
    told = [line for line in lines if line.startswith("since: escalate-3 told to office as leader")]
    assert lines[0] == f"message {code} (chase): sent Fri 26/02/2021 07:00"
    for line in (
        "to          th***@truong.example",
        (
            "reader      Trường Tiểu học B (TH-B) as principal: the school itself, at its addresses"
            " in the tab Trường"
        ),
        "step        chase-1 of TH-B/plan: chases 1 working day after the deadline",
        "Trường Tiểu học B: Kế hoạch",
        "deadline: trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021",
        "then: missing: Chưa nhận; no row",
        "now: late: Đã nhận sau hạn (ngày 03/03/2021); Kế hoạch!A3",
    ):
        assert line in lines
    assert len(told) == 1
    assert "th-b@" not in "".join(lines)


def test_the_document_holds_the_same(desk: MailOffice) -> None:
    """What was known then and now are findings as the contract names them."""
    document = asked(desk, code_of(desk, "chase-1"), "--json").document
    (step,) = document["steps"]
    assert (step["then"]["status"], step["now"]["status"]) == ("missing", "late")
    assert step["then"]["rows"] == []
    assert document["message"]["state"] == "sent"
    assert document["message"]["addresses"] == ["th***@truong.example"]


@pytest.mark.parametrize("table", ["bodies", "messages"])
def test_a_pruned_mail_is_explained_from_what_it_told(desk: MailOffice, table: str) -> None:
    """The keys outlive pruning: unit, role, when and which steps are known for good."""
    code = code_of(desk, "chase-1")
    raw = sqlite3.connect(desk.folder / "automator.db")
    raw.execute(f"DELETE FROM {table} WHERE 1")
    raw.commit()
    raw.close()
    called = asked(desk, code)
    assert called.code == 0
    assert "chase-1 of TH-B/plan" in called.out
    assert ": sent Fri 26/02/2021 07:00" in called.out
    shown = automator("outbox", "show", code, "--config", desk.config)
    assert (shown.code, "not kept any more" in shown.out) == (0, True)
    page = automator("outbox", "show", code, "--html", "x", "--config", desk.config)
    assert (page.code, "is not kept" in page.err) == (2, True)


def test_a_code_that_two_mails_share_lists_them(desk: MailOffice) -> None:
    """Eight digits may collide in years of mails: more digits tell them apart."""
    code = code_of(desk, "chase-1")
    raw = sqlite3.connect(desk.folder / "automator.db")
    raw.execute("UPDATE told SET message = ? WHERE step = 'escalate-3'", [f"{code}{'0' * 24}"])
    raw.commit()
    raw.close()
    called = asked(desk, code)
    assert called.code == 2
    assert f"the code {code} names 2 messages" in called.err
    assert f"{code}00000000  sent  office as leader" in called.err
    assert asked(desk, f"{code}0000").code == 0


def test_the_mail_is_explained_without_the_workbook(desk: MailOffice) -> None:
    """What the ledger knows is said; exit 3 says that the rest is missing."""
    code = code_of(desk, "chase-1")
    (desk.folder / "so.xlsx").write_bytes(b"no workbook")
    called = asked(desk, code)
    assert called.code == 3
    assert "chase-1 of TH-B/plan" in called.out
    assert "then:" not in called.out


def test_an_alert_says_whether_it_goes_on(desk: MailOffice) -> None:
    """The operator asks, too: the address is mended, the next run has told it."""
    desk.server.manners.recipients["th-c@truong.example"] = "550 no such user"
    desk.run("2021-03-04T07:00:00+07:00")
    desk.run("2021-03-04T08:00:00+07:00")
    code = code_of(desk, "alert", unit="office")
    called = asked(desk, code, now="2021-03-04T09:00")
    assert "alert       failed: Thư không gửi được" in called.out
    assert "it goes on" in called.out
    sent = [*PLANS, SENT_PLAN, ("TH-C", "04/03/2021", "03/KH", "04/03/2021", "Công an thị trấn")]
    workbook(desk.folder / "so.xlsx", plans=sent)
    desk.run("2021-03-04T09:00:00+07:00")
    desk.run("2021-03-04T10:00:00+07:00")
    assert "it is over" in asked(desk, code, now="2021-03-04T11:00").out


def test_neither_a_code_nor_a_school(desk: MailOffice) -> None:
    """A usage error that names both ways."""
    called = automator("explain", "--config", desk.config)
    assert (called.code, "--message CODE" in called.err) == (2, True)


def test_every_mail_of_the_sample_names_its_code_in_both_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alerts, urgent mails, digests, lists: each can be asked about, and no two are alike."""
    monkeypatch.chdir(tmp_path)
    for now in ("2021-02-26", "2021-03-01", "2021-03-02", "2021-04-20"):
        automator("run", "--now", f"{now}T07:00:00+07:00")
    listed = automator("outbox", "list", "--state", "sent", "--json").document["messages"]
    codes = {m["code"]: m["kind"] for m in listed}
    assert len(codes) == len(listed)
    assert set(codes.values()) >= {"alert", "urgent", "digest", "escalate", "chase", "received"}
    for path in sorted((tmp_path / "outbox").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        code = str(mail["Message-ID"])[1:9]
        assert code in codes
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            assert f"Mã thư: {code}" in part.get_content()
