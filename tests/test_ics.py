"""The calendar file: RFC 5545, read back by two other parsers and by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from command_line import SAMPLE, Called, automator, sample_config

from automator.pages.ics import Event, to_ical, uid

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2021, 2, 26, 7, tzinfo=HANOI)
PLAN = Event(
    key="TH-MY-LAC/plan",
    at=date(2021, 2, 24),
    summary="Hạn: Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc; dấu phẩy, \\ và xuống dòng",
    description="Hạn: trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021.\nNhắc: 18/02/2021.",
    alarm=datetime(2021, 2, 18, 7, tzinfo=HANOI),
)
TIMED = Event(
    key="TH-MY-LAC/model",
    at=datetime(2021, 12, 31, 17, tzinfo=HANOI),
    summary="Hạn: Mô hình",
    description="",
    alarm=datetime(2021, 12, 6, 7, tzinfo=HANOI),
)


def made(*events: Event) -> bytes:
    """Return a calendar of `events`."""
    return to_ical(events, name="Hạn năm 2021", source="main", now=NOW)


def read(data: bytes) -> list[icalendar.Event]:
    """Return the events as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_a_day_is_an_all_day_event() -> None:
    """The last good day, whole: the end is the day after, which RFC 5545 leaves out."""
    (event,) = read(made(PLAN))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2021, 2, 24), date(2021, 2, 25))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["dtstamp"].dt == datetime(2021, 2, 26, tzinfo=UTC)
    assert str(event["summary"]) == PLAN.summary
    assert str(event["description"]) == PLAN.description


def test_a_cutoff_is_a_time_in_its_zone() -> None:
    """17:00 in Hà Nội, with the zone's rules in the file; a file of days has no zone."""
    data = made(TIMED)
    (event,) = read(data)
    assert event["dtstart"].dt == datetime(2021, 12, 31, 17, tzinfo=HANOI)
    assert event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    (zone,) = icalendar.Calendar.from_ical(data).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"
    assert zone.walk("STANDARD")[0]["tzoffsetto"].td == timedelta(hours=7)
    assert icalendar.Calendar.from_ical(made(PLAN)).walk("VTIMEZONE") == []


@pytest.mark.parametrize(("event", "before"), [(PLAN, (5, 17)), (TIMED, (25, 10))])
def test_the_alarm_is_at_the_first_reminder(event: Event, before: tuple[int, int]) -> None:
    """18/02 07:00 lies five days and 17 hours before 24/02 00:00."""
    (found,) = read(made(event))
    (alarm,) = found.walk("VALARM")
    days, hours = before
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", -timedelta(days=days, hours=hours))


def test_what_is_waived_is_cancelled_and_does_not_ring() -> None:
    """A calendar that holds the event already strikes it out."""
    gone = Event(
        key=PLAN.key,
        at=PLAN.at,
        summary="Được miễn",
        description="",
        alarm=PLAN.alarm,
        cancelled=True,
    )
    (event,) = read(made(gone))
    assert (event["status"], event.walk("VALARM")) == ("CANCELLED", [])


def test_lines_are_folded_at_75_octets_with_crlf() -> None:
    """Vietnamese letters take up to three octets: none is cut in two."""
    data = made(PLAN, TIMED)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)


def test_a_uid_stays_and_names_nobody() -> None:
    """It depends on the workbook and the instance alone."""
    moved = Event(key=PLAN.key, at=date(2021, 3, 3), summary="Hạn", description="")
    (first,), (second,) = read(made(PLAN)), read(made(moved))
    assert first["uid"] == second["uid"] == uid("main", "TH-MY-LAC/plan")
    assert "MY-LAC" not in first["uid"]
    assert uid("other", PLAN.key) != uid("main", PLAN.key)


def test_the_same_calendar_has_the_same_bytes() -> None:
    """Nothing but its input is in it."""
    assert made(PLAN, TIMED) == made(PLAN, TIMED)


def lines_of(path: Path) -> Iterator[str]:
    """Yield the unfolded lines of a calendar file."""
    yield from path.read_bytes().decode("utf-8").replace("\r\n ", "").split("\r\n")


def called(tmp_path: Path, *more: object) -> Called:
    """Call `automator calendar --ics` on the packaged sample."""
    common = ("--now", "2021-02-26T07:00:00+07:00", "--ledger", tmp_path / "no.db")
    return automator("calendar", "--workbook", SAMPLE, *common, *more)


def test_a_school_gets_its_own_calendar(tmp_path: Path) -> None:
    """One event for each of its deadlines, under its name, without steps that go to others."""
    file = tmp_path / "han.ics"
    found = called(tmp_path, "--school", "TH-MY-LAC", "--ics", file)
    assert (found.code, found.out.splitlines()[-1]) == (0, f"the calendar is in {file}")
    events = read(file.read_bytes())
    assert len(events) == 14
    assert len({e["uid"] for e in events}) == 14
    text = "\n".join(lines_of(file))
    assert "X-WR-CALNAME:Hạn gửi Phòng năm 2021 – Trường Tiểu học Mỹ Lạc" in text
    assert "Hạn: trước ngày 25/02/2021\\, tức hết thứ Tư\\, ngày 24/02/2021." in text
    assert "Lãnh đạo" not in text


def test_another_parser_reads_it_too(tmp_path: Path) -> None:
    """vobject finds the same events, days and alarms."""
    file = tmp_path / "han.ics"
    assert called(tmp_path, "--ics", file).code == 0
    parsed = vobject.readOne(file.read_bytes().decode("utf-8"))
    assert len(parsed.vevent_list) == len(read(file.read_bytes()))
    first = parsed.vevent_list[0]
    assert (first.dtstart.value, first.dtend.value) == (date(2021, 2, 24), date(2021, 2, 25))
    assert first.valarm.trigger.value == -timedelta(days=5, hours=17)
    assert first.summary.value == "Hạn: Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc"


def test_a_cutoff_opens_in_another_parser_with_its_zone(tmp_path: Path) -> None:
    """vobject reads the time with the file's own VTIMEZONE: 17:00 at +07:00."""
    config = sample_config(
        tmp_path, {"before = 2021-02-25": 'before = 2021-02-25\ncutoff = "17:00"'}
    )
    file = tmp_path / "han.ics"
    assert called(tmp_path, "--config", config, "--school", "TH-MY-LAC", "--ics", file).code == 0
    parsed = vobject.readOne(file.read_bytes().decode("utf-8"))
    start = parsed.vevent_list[0].dtstart.value
    assert (start.isoformat(), "dtend" in parsed.vevent_list[0].contents) == (
        "2021-02-24T17:00:00+07:00",
        False,
    )


def test_all_schools_share_an_event_unless_a_deadline_moved(tmp_path: Path) -> None:
    """The one with an extension is an event of its own, who is exempt is in none."""
    file = tmp_path / "han.ics"
    called(tmp_path, "--ics", file)
    plans = [e for e in read(file.read_bytes()) if "Kế hoạch" in e["summary"]]
    title = "Hạn: Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc"
    assert [(e["dtstart"].dt.isoformat(), str(e["summary"])) for e in plans] == [
        ("2021-02-24", title),
        ("2021-03-03", f"{title} (1 trường)"),
    ]
    assert "Số trường: 38." in plans[0]["description"]


def test_json_stays_alone_on_stdout(tmp_path: Path) -> None:
    """With --json the document is all that is printed."""
    file = tmp_path / "han.ics"
    assert called(tmp_path, "--json", "--ics", file).document["year"] == 2021
    assert file.exists()


@pytest.mark.parametrize(
    ("target", "said"),
    [("-", "stdout"), ("no/such/han.ics", "its folder is not there"), (".", "it is a folder")],
)
def test_a_file_that_cannot_be_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, said: str
) -> None:
    """Exit 2, before anything is read, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    found = called(tmp_path, "--ics", target)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_calendar_is_not_overwritten(tmp_path: Path) -> None:
    """A workbook named by mistake stays; an older calendar is replaced whole."""
    book, old = tmp_path / "so.xlsx", tmp_path / "han.ics"
    book.write_bytes(b"PK workbook")
    assert called(tmp_path, "--ics", book).code == 2
    assert book.read_bytes() == b"PK workbook"
    old.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert called(tmp_path, "--ics", old).code == 0
    assert len(read(old.read_bytes())) > 10


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk half-way: exit 2, the calendar that was there is whole."""
    old = tmp_path / "han.ics"
    before = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    old.write_bytes(before)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    found = called(tmp_path, "--ics", old)
    assert (found.code, "No space left on device" in found.err) == (2, True)
    assert old.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["han.ics"]
