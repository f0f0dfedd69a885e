"""The mails say what they must and nothing that a cell could smuggle in."""

import re
import shutil
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from builders import shipped
from mail_samples import (
    DIRECTIVE,
    INCIDENT,
    OFFICE,
    SAMPLES,
    SHEET,
    TEMPLATES,
    ZONE,
    item,
    notice,
    problem,
    rendered,
    renderer,
)

from automator.core.layout import URGENT_LINE
from automator.core.message import Message
from automator.core.notice import MailKind, Notice
from automator.errors import TemplateBroken
from automator.mail.clean import clean_subject, clean_text, cleaned, wrap_text
from automator.mail.filters import lower_first, web_link
from automator.mail.render import Renderer
from automator.mail.views import directive_words, office_words, week_words

MESSAGES = rendered()
every_sample = pytest.mark.parametrize("name", SAMPLES)
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% for x in y %}\r\nBcc: all@x.example\x00\u202e&\"'"


class Words(HTMLParser):
    """Collects what a reader of the html part sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.tags: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self._hidden = tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag not in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)


def words(html: str) -> str:
    """Return the visible text of an html part on one line."""
    parser = Words()
    parser.feed(html)
    return " ".join(" ".join(parser.seen).split())


def flat(text: str) -> str:
    """Return a text part on one line: wrapping says nothing."""
    return " ".join(text.split())


def everywhere(value: Any, text: str) -> Any:
    """Return a copy of a value with `text` behind every text in it (ids and codes aside)."""
    kept = ("id", "action", "audience", "obligation", "role", "step", "status", "kind", "weeks")
    if type(value) is str:
        return value + text if value else value
    if isinstance(value, tuple):
        return tuple(everywhere(part, text) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in kept}
        return replace(value, **{n: everywhere(p, text) for n, p in parts.items()})
    return value


def render(**changes: object) -> Message:
    """Return the mail of the first chase with changes of its item."""
    step = item("chase-1", days_late=1, **changes)
    return renderer().render(notice(MailKind.CHASE, "2021-02-26T07:00", step))


@every_sample
def test_every_sample_says_the_same_in_both_parts(name: str) -> None:
    """The text part is no poorer than the html part: footer, code and addressee are in both."""
    message, sample = MESSAGES[name], SAMPLES[name]
    for part in (words(message.html), flat(message.text)):
        assert "Thư nhắc việc tự động, không thay thế văn bản chính thức của Phòng." in part
        assert f"Mã thư: {sample.id[:8]}" in part
        assert f"Kính gửi: {sample.addressee}." in part
        assert OFFICE.name in part


@every_sample
def test_text_part_has_no_markup_and_short_lines(name: str) -> None:
    """The text part is for eyes: no tags, no entities, wrapped, no long gaps."""
    text = MESSAGES[name].text
    assert not re.search(r"<[a-z/!]|&[a-z]+;|\{\{|\{%", text)
    assert "\n\n\n" not in text
    assert all(len(line) <= 76 for line in text.splitlines() if "://" not in line)


@every_sample
def test_html_part_needs_nothing_from_outside(name: str) -> None:
    """The html part is Vietnamese, loads nothing, and links only to the workbook."""
    html = MESSAGES[name].html
    assert '<html lang="vi">' in html
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|@import|src=", html)
    assert all(link.startswith(SHEET) for link in re.findall(r'href="([^"]*)"', html))


@every_sample
def test_no_mail_accuses_or_poses_as_an_official_letter(name: str) -> None:
    """Words of section 6b: never "nộp", no national motto, no number, no undefined text."""
    seen = words(MESSAGES[name].html) + MESSAGES[name].text + MESSAGES[name].subject
    for word in ("nộp", "CỘNG HÒA", "Số: /", "Trả lại", "Nghĩa vụ", "None", "Undefined", "chỉ thị"):
        assert word not in seen


@every_sample
def test_no_mail_shows_what_was_typed(name: str) -> None:
    """`Problem.value` stays in the workbook."""
    assert "31/02/2021" not in MESSAGES[name].html + MESSAGES[name].text


@every_sample
def test_antq_is_written_out_first(name: str) -> None:
    """The abbreviation comes only behind its full form, and never in a subject."""
    message = MESSAGES[name]
    assert "ANTQ" not in message.subject
    for part in (words(message.html), flat(message.text)):
        before, found, _ = part.partition("ANTQ")
        assert not found or "bảo vệ an ninh Tổ quốc" in before


@every_sample
def test_message_carries_the_identity_of_its_notice(name: str) -> None:
    """Ids, keys, recipients and time are the notice's; a thread has one root."""
    message, sample = MESSAGES[name], SAMPLES[name]
    assert message.id == sample.id
    assert message.message_id == f"<{sample.id}@automator.example>"
    assert re.fullmatch(r"<[0-9a-f]{32}@automator\.example>", message.references)
    assert (message.at, message.keys) == (sample.now, sample.keys)
    assert (message.recipients, message.kind) == (sample.recipients, sample.kind.value)


@every_sample
def test_hostile_cells_stay_text(name: str) -> None:
    """Markup, template code, line breaks and controls in any field are shown, never obeyed."""
    hostile = everywhere(SAMPLES[name], HOSTILE)
    message = renderer().render(replace(hostile, recipients=SAMPLES[name].recipients))
    parser = Words()
    parser.feed(message.html)
    assert "script" not in parser.tags
    assert "<script>alert(1)</script>{{ 7*7 }}{% for x in y %}" in words(message.html)
    assert "49" not in words(message.html).replace("149", "")
    assert message.subject.isprintable()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", message.html + message.text)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        (
            "remind",
            (
                "[Nhắc hạn] Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021"
                " – hạn cuối hết thứ Tư, ngày 24/02/2021"
            ),
        ),
        (
            "remind_last_day",
            (
                "[Nhắc hạn] Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021"
                " – hôm nay là ngày cuối (24/02/2021)"
            ),
        ),
        (
            "chase_again",
            (
                "[Nhắc lần 2] Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021"
                " – Trường Tiểu học Mỹ Lạc"
            ),
        ),
        (
            "received",
            (
                "[Đã nhận] Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021"
                " – Trường Tiểu học Mỹ Lạc (sau hạn)"
            ),
        ),
        ("several", "[Nhắc lần 2] 2 nội dung cần theo dõi – Trường Tiểu học Mỹ Lạc"),
        (
            "escalate",
            (
                "[Báo cáo Lãnh đạo] Chưa nhận được (hoặc bản bổ sung) kế hoạch phong trào toàn dân"
                " bảo vệ an ninh Tổ quốc năm 2021 của 2 trường"
            ),
        ),
        ("urgent_duty", "[Khẩn] Vụ việc mã VV-2021-014, mức độ 1 – đề nghị xử lý ngay"),
        ("urgent_withdrawn", "[Đính chính] Vụ việc mã VV-2021-014: rút thông tin đã gửi"),
        (
            "digest_commune",
            "[Tuần 08/2021] Tình hình phong trào bảo vệ an ninh Tổ quốc tại các trường – xã Mỹ Lạc",
        ),
        ("alert", "[Vận hành] 2 việc cần người vận hành xử lý"),
    ],
)
def test_subject(name: str, subject: str) -> None:
    """A subject says what it is about and who, in the words of the office."""
    assert MESSAGES[name].subject == subject


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("remind", "thời gian còn lại là 5 ngày làm việc"),
        ("remind_last_day", "hôm nay là ngày cuối"),
        ("chase", "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021"),
        ("chase", "Công văn của Phòng về việc triển khai thực hiện công tác phong trào"),
        ("chase", "và 3 ô khác"),
        (
            "chase",
            (
                "Tab Kế hoạch, ô C5 (Ngày gửi): không phải ngày có thật. "
                "Đề nghị nhập lại ngày/tháng/năm, ví dụ 24/02/2021."
            ),
        ),
        ("chase_again", "Phòng đã có thư nhắc ngày 26/02/2021."),
        ("received", "Việc nhắc đối với nội dung này được kết thúc."),
        (
            "received",
            (
                "Phòng đã ghi nhận kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021; "
                "đề nghị bổ sung: Công an phối hợp."
            ),
        ),
        ("changed", "trước ngày 20/02/2021"),
        ("reopened", "ngày nhận lần đầu vẫn được giữ nguyên"),
        ("escalate", "Bộ phận tổng hợp kính báo cáo"),
        ("escalate", "Kính trình Lãnh đạo xem xét"),
        ("escalate", "26/02/2021, 04/03/2021"),
        ("digest_principal", "Báo cáo của kỳ gần nhất chưa nhận được."),
        ("digest_office", "33/40 trường báo không phát sinh, 7 trường chưa báo."),
        ("digest_office", "số liệu theo lần đọc trước"),
        ("digest_leader", "Kính trình Lãnh đạo"),
        ("digest_leader", "0/40 trường đã ghi nhận"),
        ("digest_police", "82,5%"),
        (
            "digest_commune",
            "01 vụ việc hạn chế thông tin; đề nghị trao đổi trực tiếp với Phòng.",
        ),
        (
            "urgent_commune",
            "01 vụ việc hạn chế thông tin; đề nghị trao đổi trực tiếp với Phòng.",
        ),
        ("urgent_principal", "Gửi báo cáo bằng văn bản chậm nhất 20:30 ngày 28/02/2021"),
        ("urgent_changed", "Tình trạng: Đang xử lý → Đã kết thúc"),
        ("alert", "Đổi lại tên cột thành “Ngày gửi” rồi chạy lại."),
    ],
)
def test_sentence_stands_in_both_parts(name: str, sentence: str) -> None:
    """What the reader must know is in the html and in the text part."""
    assert sentence in words(MESSAGES[name].html)
    assert sentence in flat(MESSAGES[name].text)


@pytest.mark.parametrize("name", [n for n in SAMPLES if n.startswith("urgent")])
def test_urgent_mail_begins_with_the_telephone(name: str) -> None:
    """Before anything else an urgent mail says to call."""
    message = MESSAGES[name]
    assert flat(message.text).startswith(URGENT_LINE)
    assert words(message.html).index(URGENT_LINE) < words(message.html).index("Kính gửi")


@every_sample
def test_subject_never_joins_a_school_and_a_kind(name: str) -> None:
    """Who sees only the inbox learns of no incident at a school."""
    if SAMPLES[name].incident is not None:
        assert INCIDENT.kind_label not in MESSAGES[name].subject
        assert INCIDENT.school_name not in MESSAGES[name].subject


def test_restricted_incident_shows_no_kind_place_or_school() -> None:
    """Even where the view still carried them, a restricted incident keeps them back."""
    leaky = replace(INCIDENT, restricted=True, kind_label="Xâm hại", where="Vụ việc, dòng 12")
    sample = replace(SAMPLES["urgent_commune"], incident=leaky)
    message = renderer().render(sample)
    for secret in ("Xâm hại", "Trong trường", INCIDENT.school_name, "dòng 12"):
        assert secret not in message.html + message.text


def test_commune_and_police_get_no_link_to_the_workbook() -> None:
    """Who does not fill in the workbook is not led into it."""
    for name in ("digest_commune", "digest_police", "urgent_commune", "urgent_police"):
        assert SHEET not in MESSAGES[name].html + MESSAGES[name].text


def test_digest_shows_what_to_do_first() -> None:
    """The steps that a digest takes in stand above its numbers."""
    seen = words(MESSAGES["digest_leader"].html)
    assert seen.index("Việc cần làm") < seen.index("Số liệu tổng hợp")
    assert seen.index("Trường Mẫu giáo Tân Long") < seen.index("Số liệu tổng hợp")


def test_office_choice_is_not_laid_on_the_directive() -> None:
    """A day that the office chose is the office's: the directive is not named for it."""
    message = render(office_choice=True)
    assert "thời hạn theo lịch của Phòng" in flat(message.text)
    assert "Công văn" not in message.text


def test_returned_is_never_called_not_received() -> None:
    """What came and was returned waits for its supplement."""
    text = flat(render(status="returned").text)
    assert "chưa nhận được bản bổ sung của nhà trường" in text
    assert "chưa nhận được nội dung này" not in text


def test_withdrawn_row_is_asked_after_not_accused() -> None:
    """A row that vanished is asked after: somebody may have sorted the sheet."""
    step = item("reopened", status="missing", reasons=("withdrawn",))
    text = renderer().render(notice(MailKind.CHANGED, "2021-03-01T07:00", step)).text
    assert "không còn trong sổ theo dõi" in flat(text)
    assert "chủ động rút" in flat(text)


def test_number_of_the_directive_is_never_invented() -> None:
    """Blank in the original, it stays blank; filled in, it is quoted."""
    assert directive_words(DIRECTIVE, OFFICE).startswith("Công văn của Phòng về việc triển khai")
    numbered = replace(DIRECTIVE, number="87/PGDDĐT", issued="05/02/2021")
    assert directive_words(numbered, OFFICE).startswith(
        "Công văn số 87/PGDDĐT ngày 05/02/2021 của Phòng"
    )
    assert "số" not in directive_words(replace(DIRECTIVE, number="/PGDDĐT"), OFFICE)[:15]


def test_another_office_is_named_in_full() -> None:
    """No word of the 2021 set-up is in the templates: another office has another name."""
    office = replace(OFFICE, name="Ủy ban nhân dân xã Mỹ An")
    assert office_words(office) == "Ủy ban nhân dân xã Mỹ An"
    other = Renderer(TEMPLATES, directive=DIRECTIVE, office=office, zone=ZONE)
    text = flat(other.render(SAMPLES["remind"]).text)
    assert "của Ủy ban nhân dân xã Mỹ An." in text
    assert "huyện" not in text.replace(DIRECTIVE.issuer, "")


def test_week_always_prints_both_days() -> None:
    """A week's number alone is read in two ways; its days are not."""
    digest = SAMPLES["digest_office"].digest
    assert digest is not None
    assert week_words(digest.weeks, digest.first_day, digest.last_day) == (
        "Tuần 08/2021 (từ 22/02 đến 28/02/2021)"
    )


def test_quiet_week_before_any_report_is_no_all_clear() -> None:
    """With no period due, silence is said to be silence."""
    sample = SAMPLES["digest_office"]
    assert sample.digest is not None
    digest = replace(sample.digest, no_incident=0, silent=0)
    assert "chưa đến hạn kỳ báo cáo nào" in flat(
        renderer().render(replace(sample, digest=digest)).text
    )


def test_soft_duties_are_never_held_against_a_school() -> None:
    """A principal reads what was noted; the office reads in one line that nothing was."""
    soft = SAMPLES["digest_leader"].digest.soft  # type: ignore[union-attr]
    own = SAMPLES["digest_principal"]
    assert own.digest is not None
    seen = flat(renderer().render(replace(own, digest=replace(own.digest, soft=soft))).text)
    assert f"{soft[0].title} (mục 1): đã ghi nhận" in seen
    assert soft[1].title not in seen
    office = SAMPLES["digest_office"]
    assert office.digest is not None
    none = replace(office.digest, soft=tuple(replace(line, done=0) for line in soft))
    text = flat(renderer().render(replace(office, digest=none)).text)
    assert "Chưa trường nào ghi vào tab Nhiệm vụ khác (2 nhiệm vụ đang theo dõi)." in text


def test_long_list_of_a_digest_ends_with_a_count() -> None:
    """Two hundred late schools do not make a mail of two hundred lines."""
    sample = SAMPLES["digest_office"]
    assert sample.digest is not None
    many = tuple(
        replace(sample.digest.attention[0], school=f"S{n}", school_name=f"Trường {n:03}.")
        for n in range(200)
    )
    message = renderer().render(replace(sample, digest=replace(sample.digest, attention=many)))
    assert message.text.count("Trường 0") == 60
    assert "và 140 trường hợp khác" in flat(message.text)
    assert "(200 trường)" in flat(message.text)


def test_same_notice_gives_the_same_bytes() -> None:
    """Rendering is a function of the notice."""
    for name, sample in SAMPLES.items():
        assert renderer().render(sample) == MESSAGES[name]


def broken(tmp_path: Path, text: str, name: str = "ladder.html.j2") -> str:
    """Return what the operator reads when one template holds `text`."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateBroken) as caught:
        renderer(folder).render(SAMPLES["chase"])
    assert renderer(folder).render(SAMPLES["alert"])
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("one\n{{ notice.nobody }}", "ladder.html.j2, line 2", id="no-such-field"),
        pytest.param("one\n\n{{ nobody }}", "line 3: 'nobody' is undefined", id="undefined"),
        pytest.param("one\n{% if %}", "ladder.html.j2, line 2", id="syntax"),
        pytest.param("{{ 1 / 0 }}", "ladder.html.j2, line 1", id="division"),
        pytest.param("{{ ''.__class__.__mro__ }}", "ladder.html.j2, line 1", id="sandbox"),
        pytest.param("{{ notice.items.append(1) }}", "ladder.html.j2", id="immutable"),
        pytest.param('{% include "gone.j2" %}', "gone.j2", id="missing-include"),
        pytest.param('{% extends "ladder.html.j2" %}', "ladder.html.j2", id="endless"),
        pytest.param("{{ range(999999999) | list }}", "ladder.html.j2, line 1", id="range"),
    ],
)
def test_broken_template_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    """A fault in one template names it, its line and its kind; other mails still go."""
    assert says in broken(tmp_path, text)


def test_missing_template_folder_is_a_broken_template(tmp_path: Path) -> None:
    """Without templates there is a clear sentence, not a traceback."""
    with pytest.raises(TemplateBroken, match=r"ladder\.subject\.j2"):
        renderer(tmp_path / "nowhere").render(SAMPLES["chase"])


def test_template_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    """A template saved in another encoding is named."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    (folder / "ladder.txt.j2").write_bytes("Kính gửi".encode("utf-16"))
    with pytest.raises(TemplateBroken, match="ladder"):
        renderer(folder).render(SAMPLES["chase"])


def test_notice_without_anything_still_renders() -> None:
    """A notice of cells only has no items: it is a plain mail."""
    sample = notice(MailKind.REMIND, "2021-02-20T07:00", problems=(problem(5),))
    message = renderer().render(sample)
    assert "ô C5" in message.text
    assert message.subject


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Trường\r\nBcc: x@y.example", "Trường Bcc: x@y.example"),
        ("a\x00b\tc", "a b c"),
        ("Tiê\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        ("ab\u202ecd\u200b\ufeff", "abcd"),
        ("a\u2028b", "a b"),
        ("\ud800", "\ufffd"),
        ("  a \u00a0 b  ", "a b"),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    """One line, NFC, nothing that turns or hides text."""
    assert clean_text(raw) == clean


def test_long_text_is_cut_with_a_mark() -> None:
    """A cell of 32,767 characters is no mail of that length."""
    assert clean_text("x" * 32767) == "x" * 1999 + "…"
    assert len(clean_subject("x " * 500)) <= 180


def test_wrap_keeps_links_and_indents() -> None:
    """A link is never broken, a bullet's second line stands under its first."""
    link = "https://sheets.example/" + "a" * 90
    lines = wrap_text(f"- {'từ ' * 30}\n  {link}\n\n\n\nend").splitlines()
    assert lines[1].startswith("  từ")
    assert f"  {link}" in lines
    assert lines[-2:] == ["", "end"]


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://sheets.example/a#gid=1", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//sheets.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_links_are_links(link: str, kept: bool) -> None:
    """Anything but http(s) to a host is no link."""
    assert web_link(link) == (link if kept else "")


def test_lower_first_keeps_abbreviations() -> None:
    """A title inside a sentence loses its capital, an abbreviation does not."""
    assert lower_first("Kế hoạch năm 2021") == "kế hoạch năm 2021"
    assert lower_first("ANTQ năm 2021") == "ANTQ năm 2021"


def test_notice_type_is_what_the_samples_hold() -> None:
    """Every kind of mail has a sample."""
    assert all(isinstance(sample, Notice) for sample in SAMPLES.values())
    assert {sample.kind for sample in SAMPLES.values()} == set(MailKind)


def test_cleaning_leaves_a_memo_alone() -> None:
    """A value that keeps a memo of its own (no field of its making) is cleaned all the same."""
    directive = replace(shipped().directive, title="Công\u200b văn")
    assert directive.obligation("plan") is not None  # fills the memo
    assert cleaned(directive).title == "Công văn"
