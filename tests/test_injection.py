"""No cell of a workbook becomes a header, a recipient, an element or a link of a mail."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import MY_LAC, MY_PHU, THREE, at, incident, plan, rules, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail_office import MailOffice, mail_office
from mail_samples import SAMPLES, SETTINGS, SHEET, renderer
from mail_shape import Element, check, elements
from small_office import workbook as write_workbook

from automator.core.layout import INPUT_TABS, SCHOOLS, tab
from automator.core.memory import Memory
from automator.core.snapshot import Cell
from automator.core.turn import turn
from automator.mail.mime import build

MONDAY = "2021-03-01"
TRUSTING = Memory(released=frozenset(f"doubtful/{t.key}" for t in INPUT_TABS))
BASE: Mapping[str, list[dict[str, Cell]]] = {
    "schools": [dict(row) for row in THREE],
    "plans": [plan(MY_PHU, "26/02/2021"), plan(MY_LAC, "31/02/2021")],
    "propaganda": [{"school": MY_LAC, "form": "Phát thanh", "done": "20/02/2021"}],
    "models": [{"school": MY_LAC, "name": "Cổng trường", "kind": "Tuyên truyền"}],
    "incidents": [incident(MY_LAC, "01/03/2021 06:00", 1), incident(MY_PHU, "28/02/2021", 3)],
    "periodic": [{"school": MY_PHU, "period": "02/2021", "sent": "01/03/2021", "any": "Không"}],
    "tasks": [{"school": MY_LAC, "task": "việc khác", "done": "20/02/2021", "result": "xong"}],
    "receipts": [
        {"school": MY_PHU, "content": "plan", "arrived": "26/02/2021", "result": "Đề nghị bổ sung"}
    ],
    "waivers": [{"school": MY_LAC, "content": "model", "reason": "mới"}],
    "extensions": [
        {"scope": MY_LAC, "content": "plan", "last_day": "26/02/2021", "reason": "dịch"}
    ],
}
PLACES = [
    (name, n, c.key) for name in BASE for n in range(len(BASE[name])) for c in tab(name).columns
]
NASTY = (
    *("\r\nBcc: all@x.example\r\n\r\n", "\nTo: b@x.example", "\r", "\x0b", "\x00"),
    *("\u2028", "\x85", "\t", "\u202e", "\u2066", "\u200b", "\ud800"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><a href="//x.example">'),
    *("<!--", "<![CDATA[", "</td></tr></table>", "&lt;b&gt;", "&#x3c;b>", "' onclick='x"),
    *("{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "{#", "${x}", "%s", "{0.__class__}"),
    *("javascript:alert(1)", "https://x.example/a", '=HYPERLINK("https://x.example")', "<style>"),
    *("a@x.example", "a@x.example\nBcc: b@x.example", ", b@x.example", "<b@x.example>"),
    *("=?utf-8?q?=0d=0aBcc:_b@x.example?=", "01/03/2021", "1", "TH-MY-LAC", "x" * 300),
)
TEXTS = st.lists(st.sampled_from(NASTY) | st.text(max_size=4), min_size=1, max_size=4).map("".join)
RENDERER = renderer()
PROFILE = settings.get_profile(settings.get_current_profile_name())
EXAMPLES = settings(
    deadline=None,
    max_examples=PROFILE.max_examples if PROFILE.max_examples > 100 else 20,
    suppress_health_check=[HealthCheck.too_slow],
)


@cache
def known() -> set[Element]:
    """Return every element that the templates make of harmless samples."""
    made = [RENDERER.render(sample).html for sample in SAMPLES.values()]
    made += [content for _, content in mails({})]
    return {one for html in made for one in elements(html).found}


def mails(spoilt: Mapping[tuple[str, int, str], str]) -> Iterator[tuple[Any, str]]:
    """Give each mail of a Monday with its html; `spoilt` cells hold other text."""
    rows = {name: [dict(row) for row in found] for name, found in BASE.items()}
    for (name, number, column), text in spoilt.items():
        rows[name][number][column] = text
    snapshot = workbook(at(MONDAY), **rows)  # type: ignore[arg-type]
    for notice in turn(TRUSTING, snapshot, rules(), at(MONDAY)).plan.notices:
        message = RENDERER.render(notice)
        yield message, message.html


def test_the_harmless_workbook_makes_mails_of_every_kind() -> None:
    """What the cells below spoil: urgent ones, alerts, summaries, and steps of the ladder."""
    found = [message for message, _ in mails({})]
    assert {message.kind for message in found} >= {"urgent", "alert", "digest"}
    steps = {key.step for message in found for key in message.keys}
    assert steps >= {"chase-1", "reopened", "urgent", "alert"}


@EXAMPLES
@given(spoilt=st.dictionaries(st.sampled_from(PLACES), TEXTS, min_size=1, max_size=3))
def test_any_text_in_any_cell_stays_text(spoilt: Mapping[tuple[str, int, str], str]) -> None:
    """Our headers once each, the plan's recipients, the templates' elements, the sheet's links."""
    for message, _ in mails(spoilt):
        if message.recipients:
            content = build(message, SETTINGS)
            assert isinstance(content, bytes), content
            check(content, message.recipients, known(), SHEET)


@pytest.mark.parametrize("nasty", NASTY)
def test_each_nasty_text_in_a_school_name(nasty: str) -> None:
    """A name comes into subjects, greetings, lists and alerts."""
    column = ("schools", 0, "name")
    for message, _ in mails({column: f"Trường Tiểu học Mỹ Lạc {nasty}"}):
        content = build(message, SETTINGS)
        assert isinstance(content, bytes), content
        check(content, message.recipients, known(), SHEET)


EVERY = '<b>{{ 7 * 7 }}\nBcc: b@x.example\n\u2028\u202e"><a href="//x.example">=1+1'


def spoil(book: Any) -> None:
    """Append to every tab of a workbook rows of attacking text, with and without a school."""
    for layout in INPUT_TABS:
        page = book[layout.title]
        for who in ("TH-B", EVERY):
            row = [f"{column.header}{EVERY}" for column in layout.columns]
            if layout.key != SCHOOLS.key:
                row[0] = who
            page.append(row)
    page = book[SCHOOLS.title]
    page.append(["TH-D", f"Trường Tiểu học D {EVERY}", "TH", "28036", "th-d@truong.example"])
    page.append(
        ["TH-E", "Trường Tiểu học E", "TH", "28036", "th-e@truong.example\nBcc: b@x.example"]
    )
    for row in page.iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """An office that mails over SMTP, its ledger armed."""
    with mail_office(tmp_path) as office:
        office.run("2021-02-24T07:00:00+07:00", "--first-run")
        office.server.box.mails.clear()
        yield office


def test_a_spoilt_workbook_over_a_real_server(desk: MailOffice) -> None:
    """Whatever stands in every tab, the server is told of known addresses only."""
    write_workbook(desk.folder / "so.xlsx", then=spoil)
    called = desk.run("2021-03-01T07:00:00+07:00")
    assert called.code in (0, 1), called.err
    assert "Traceback" not in called.err
    ours = {f"th-{letter}@truong.example" for letter in "abcd"}
    ours |= {"vanthu@phong.example", "vanthu@thitran.example"}
    assert desk.arrived()
    assert set(desk.arrived()) <= ours
    assert "th-d@truong.example" in desk.arrived()
    for mail, content in zip(desk.server.box.mails, desk.contents(), strict=True):
        check(content, mail.rcpt_tos, known(), "")
