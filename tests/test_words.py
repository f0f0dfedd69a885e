"""What people read: official Vietnamese."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from automator.core import words
from automator.core.directive import Every, Obligation
from automator.core.finding import Reason, Status
from automator.core.moment import Moment

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NAMED = date(2021, 2, 25)


def obligation(**deadline: object) -> Obligation:
    """Return an obligation with that deadline."""
    return Obligation(id="x", title="Nội dung", clause="8", **deadline)  # type: ignore[arg-type]


PLAN = obligation(before=NAMED)
MODEL = obligation(by=date(2021, 12, 31))
REPORT = obligation(every=Every.MONTH, on=5)
EVENT = obligation(within=timedelta(hours=24))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2021-02-22", "thứ Hai, ngày 22/02/2021"),
        ("2021-02-23", "thứ Ba, ngày 23/02/2021"),
        ("2021-02-24", "thứ Tư, ngày 24/02/2021"),
        ("2021-02-25", "thứ Năm, ngày 25/02/2021"),
        ("2021-02-26", "thứ Sáu, ngày 26/02/2021"),
        ("2021-02-27", "thứ Bảy, ngày 27/02/2021"),
        ("2021-02-28", "Chủ nhật, ngày 28/02/2021"),
        ("2024-02-29", "thứ Năm, ngày 29/02/2024"),
    ],
)
def test_a_day_is_named_with_its_weekday(day: str, text: str) -> None:
    """A weekday saves the reader a look at the calendar."""
    assert words.long_day_words(date.fromisoformat(day)) == text


def test_an_instant_is_told_in_local_time() -> None:
    """An instant kept in UTC reads as the clock on the wall."""
    utc = datetime(2021, 2, 26, 0, 0, tzinfo=UTC)
    assert words.instant_words(utc, HANOI) == "07:00 ngày 26/02/2021"
    assert words.instant_words(utc.astimezone(HANOI)) == "07:00 ngày 26/02/2021"


def test_a_day_without_a_time_is_told_without_one() -> None:
    """Nobody typed 00:00, so nobody reads it."""
    timed = Moment(datetime(2021, 2, 24, 8, 30, tzinfo=HANOI))
    assert words.moment_words(timed) == "08:30 ngày 24/02/2021"
    assert words.moment_words(Moment.of_day(date(2021, 2, 24), HANOI)) == "ngày 24/02/2021"


@pytest.mark.parametrize(
    ("cutoff", "text"),
    [(None, "hết thứ Tư, ngày 24/02/2021"), (time(17), "17:00 thứ Tư, ngày 24/02/2021")],
)
def test_the_last_day_ends_at_24_or_at_the_closing_hour(cutoff: time | None, text: str) -> None:
    """The last good day is told with its end."""
    assert words.last_day_words(date(2021, 2, 24), cutoff) == text


@pytest.mark.parametrize(
    ("duty", "due_before", "extended", "text"),
    [
        pytest.param(PLAN, "2021-02-25T00:00", False,
                     "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021", id="before"),
        pytest.param(PLAN, "2021-02-24T17:00", False,
                     "trước ngày 25/02/2021, tức chậm nhất 17:00 thứ Tư, ngày 24/02/2021",
                     id="before-closing-hour"),
        pytest.param(MODEL, "2022-01-01T00:00", False,
                     "chậm nhất hết thứ Sáu, ngày 31/12/2021", id="by"),
        pytest.param(MODEL, "2021-12-31T17:00", False,
                     "chậm nhất 17:00 thứ Sáu, ngày 31/12/2021", id="by-closing-hour"),
        pytest.param(REPORT, "2021-03-06T00:00", False,
                     "chậm nhất hết thứ Sáu, ngày 05/03/2021", id="recurring"),
        pytest.param(EVENT, "2021-02-26T08:30", False,
                     "chậm nhất 08:30 ngày 26/02/2021", id="event"),
        pytest.param(EVENT, "2021-02-26T00:00", False,
                     "chậm nhất 24:00 ngày 25/02/2021", id="event-at-midnight"),
        pytest.param(PLAN, "2021-03-02T00:00", True,
                     "gia hạn đến hết thứ Hai, ngày 01/03/2021", id="extended"),
        pytest.param(PLAN, "2021-03-01T17:00", True,
                     "gia hạn đến 17:00 thứ Hai, ngày 01/03/2021", id="extended-closing-hour"),
        pytest.param(PLAN, "2021-03-02T00:00", False,
                     "chậm nhất hết thứ Hai, ngày 01/03/2021", id="moved"),
    ],
)  # fmt: skip
def test_a_deadline_always_names_its_last_day(
    duty: Obligation, due_before: str, extended: bool, text: str
) -> None:
    """ "Trước ngày" is read in two ways, so the resolved last day stands beside it."""
    due = datetime.fromisoformat(due_before).replace(tzinfo=HANOI)
    assert words.due_words(duty, due, HANOI, extended=extended) == text
    assert words.due_words(duty, due.astimezone(UTC), HANOI, extended=extended) == text


@pytest.mark.parametrize(
    ("status", "text", "neutral"),
    [
        (Status.UPCOMING, "Chưa đến hạn", "Chưa nhận"),
        (Status.DUE, "Chưa nhận – sắp đến hạn", "Chưa nhận"),
        (Status.MISSING, "Chưa nhận", "Chưa nhận"),
        (Status.ON_TIME, "Đã nhận đúng hạn", "Đã nhận"),
        (Status.LATE, "Đã nhận sau hạn", "Đã nhận"),
        (Status.RETURNED, "Đề nghị bổ sung", "Cần bổ sung"),
        (Status.EXEMPT, "Được miễn", "Được miễn"),
        (Status.UNKNOWN, "Chưa đọc được sổ", "Chưa đọc được sổ"),
    ],
)
def test_every_status_has_its_words(status: Status, text: str, neutral: str) -> None:
    """Where all schools read it, on time and late are the same: received."""
    assert (words.status_words(status), words.neutral_words(status)) == (text, neutral)


@pytest.mark.parametrize(
    ("status", "reasons", "today", "text"),
    [
        (Status.MISSING, (), "2021-02-25", "Chưa nhận (ngày mốc 25/02)"),
        (Status.MISSING, (Reason.NAMED_DAY,), "2021-02-25", "Chưa nhận (ngày mốc 25/02)"),
        (Status.MISSING, (), "2021-02-26", "Chưa nhận"),
        (Status.DUE, (), "2021-02-24", "Chưa nhận – sắp đến hạn"),
        (Status.LATE, (Reason.NAMED_DAY,), "2021-03-09", "Đã nhận sau hạn (ngày mốc 25/02)"),
        (Status.LATE, (), "2021-02-25", "Đã nhận sau hạn"),
        (Status.MISSING, (Reason.PARTIAL,), "2021-03-09", "Chưa nhận đủ"),
        (Status.DUE, (Reason.PARTIAL,), "2021-02-24", "Chưa nhận đủ – sắp đến hạn"),
        (Status.ON_TIME, (Reason.INCOMPLETE,), "2021-02-25", "Đã nhận đúng hạn"),
    ],
)
def test_the_named_day_and_a_part_are_told(
    status: Status, reasons: tuple[Reason, ...], today: str, text: str
) -> None:
    """On the named day itself nobody is simply late; one of two is not nothing."""
    day = date.fromisoformat(today)
    assert words.status_words(status, reasons, named=NAMED, today=day) == text


def test_every_reason_has_its_words() -> None:
    """The list of reasons is complete, and each reads as a remark, not as an accusation."""
    found = [words.reason_words(reason, have=1, need=2, named=NAMED) for reason in Reason]
    assert found == [
        "Còn thiếu thông tin",
        "Mới có 1/2",
        "Trong thời gian châm chước",
        "Trong ngày mốc 25/02",
        "Được gia hạn",
        "Nhà trường đã ghi, chờ Phòng xác nhận",
        "Ngày ghi sớm hơn ngày hệ thống thấy dòng",
        "Có điều chỉnh thông tin sau hạn",
        "Dòng đã ghi không còn trong sổ",
        "Có nhiều dòng cho cùng một nội dung",
    ]
    assert words.reason_words(Reason.NAMED_DAY) == "Trong ngày mốc"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.925, "92,5%"),
        (0.29, "29%"),
        (2 / 3, "66,7%"),
        (3999 / 4000, "99,9%"),
    ],
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, text: str) -> None:
    """While one school is missing it does not read 100%; nothing expected is no zero."""
    assert words.percent_words(share) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "00"), (1, "01"), (12, "12"), (120, "120"), (1234, "1.234")]
)
def test_counts_have_two_digits(number: int, text: str) -> None:
    """An office writes 01, so that nothing can be put in front."""
    assert words.count_words(number) == text


def test_no_word_blames_and_all_are_nfc() -> None:
    """The office says what it has not received, never that a school has not handed in."""
    told = [words.status_words(status) for status in Status]
    told += [words.neutral_words(status) for status in Status]
    told += [words.reason_words(reason) for reason in Reason]
    assert not [text for text in told if "nộp" in text.lower()]
    assert all(unicodedata.is_normalized("NFC", text) for text in told)
