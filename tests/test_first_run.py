"""The first run of a new ledger over SMTP, against a real server: the operator alone is mailed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Called, automator
from mail_office import MAIL, MailOffice, mail_office
from small_office import workbook

OPERATOR = "vanthu@phong.example"
NIGHT, MORNING = "2021-02-28T22:00:00+07:00", "2021-03-01T07:00:00+07:00"
URGENT = """
[[obligation]]
id = "urgent-report"
title = "Báo cáo đột xuất"
tab = "Vụ việc"
within = "24h"
"""


def incident(book: Any) -> None:
    """Enter an incident of level 1 of TH-B."""
    columns = {"Trường": "TH-B", "Loại": "TC", "Mức độ": 1, "Xảy ra lúc": "28/02/2021 21:00"}
    page = book["Vụ việc"]
    header = [str(cell.value).rstrip("*+ ") for cell in page[1]]
    page.append([columns.get(name) for name in header])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """An office on a new ledger; TH-B and TH-C have sent no plan, TH-B has an incident."""
    with mail_office(tmp_path) as office:
        config = office.config.read_text("utf-8")
        assert MAIL not in config
        office.config.write_text(config + URGENT, "utf-8")
        workbook(tmp_path / "so.xlsx", then=incident)
        yield office


def waiting(desk: MailOffice, now: str) -> Called:
    """Call `automator outbox list`."""
    return automator("outbox", "list", "--json", "--config", desk.config, "--now", now)


def texts(desk: MailOffice) -> str:
    """Return the text parts of all that has arrived, on one line."""
    parts = [mail.get_body(("plain",)) for mail in desk.parsed()]
    return " ".join(" ".join(str(p.get_content()).split()) for p in parts if p is not None)


def test_nothing_but_the_plan_to_the_operator(desk: MailOffice) -> None:
    """Chases, summaries and urgent mails are held, and he reads all of them in his mail."""
    called = desk.run(MORNING)
    assert called.code == 1
    assert set(desk.arrived()) == {OPERATOR}
    read = texts(desk)
    assert "Hiệu trưởng Trường Tiểu học C: Kế hoạch (chase-1)" in read
    assert "Vụ việc VV-2021-001, gửi Hiệu trưởng Trường Tiểu học B" in read
    assert "automator run --first-run" in read
    held = {m["detail"] for m in waiting(desk, MORNING).document["messages"]}
    assert held == {"first_run"}


def test_an_urgent_mail_is_held_at_night_and_he_hears_at_once(desk: MailOffice) -> None:
    """A watch pass on a new ledger mails nobody else, and is not silent about it."""
    desk.run(NIGHT, "--watch")
    assert set(desk.arrived()) == {OPERATOR}
    assert "Thư khẩn chưa được gửi" in texts(desk)
    desk.run("2021-02-28T22:10:00+07:00", "--watch")
    assert len(desk.arrived()) == 1


def test_first_run_lets_go_what_still_holds_once(desk: MailOffice) -> None:
    """Each reader gets his mail, and the next run has nothing more to say."""
    desk.run(NIGHT, "--watch")
    desk.server.box.mails.clear()
    desk.run("2021-02-28T22:20:00+07:00", "--watch", "--first-run")
    urgent = [s for s in desk.subjects() if s.startswith("[Khẩn]")]
    assert len(urgent) == 2
    assert "th-b@truong.example" in desk.arrived()
    desk.server.box.mails.clear()
    desk.run(MORNING)
    urgent = [s for s in desk.subjects() if s.startswith("[Khẩn]")]
    assert [s.rpartition(" – ")[2] for s in urgent] == ["chưa xác nhận đã nắm tin"]  # the leader
    assert desk.arrived().count("th-c@truong.example") == 1


def test_an_urgent_mail_to_a_changed_address_is_said_at_once(tmp_path: Path) -> None:
    """The office rings the school up: its new address may be somebody else's."""
    with mail_office(tmp_path) as desk:
        desk.config.write_text(desk.config.read_text("utf-8") + URGENT, "utf-8")
        desk.run("2021-02-25T07:00:00+07:00", "--first-run")
        desk.server.box.mails.clear()
        moved = (("TH-B", "Trường Tiểu học B", "TH", "28036", "moi@hop-thu.example"),)
        workbook(tmp_path / "so.xlsx", schools=moved, then=incident)
        desk.run(NIGHT, "--watch")
        assert "moi@hop-thu.example" not in desk.arrived()
        assert "địa chỉ mới chưa được duyệt: automator contacts approve" in texts(desk)
