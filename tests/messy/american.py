"""Days as an Excel with American settings, a Macintosh and a pasted format leave them."""

from datetime import date, datetime, time

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .book import SCHOOLS, Book, bad

TRUE_DAYS = (3, 4, 5, 8, 9, 10, 11, 12)  # of February, typed day first into an American Excel


def american() -> Book:
    """Return tabs whose formats died: texts, serials, days turned round, days that never were."""
    book = Book()
    turned = []
    for (code, *_), day in zip(SCHOOLS, TRUE_DAYS, strict=False):
        read = date(2021, day, 2)
        ahead = read > date(2021, 3, 8)
        turned.append((code, "Pa nô", bad(read, "future", "warns") if ahead else read, 100))
    book.fill("propaganda", *turned, ("TH-BINH-AN", "Tờ rơi", "18/02/2021", 90))
    book.plant("propaganda", "", ("days_swapped", "warns"))
    rest = ("Công an xã",)
    book.fill(
        "plans",
        # school, sent, number, signed, police
        ("TH-MY-LAC", datetime(2021, 2, 24), "1", 44250, *rest),  # noqa: DTZ001 - a cell
        ("THCS-MY-LAC", 44251, "2", 44250.5, *rest),
        ("TH-LONG-THANH", bad("44251", "serial_text", "corrected"), "3", "2/23/21 x", *rest),
        ("TH-TAN-THANH", bad("02/25/2021", "month_first"), "4", "23/02/2021", *rest),
        ("THTHCS-MY-THANH", bad("2/25/21 8:30", "month_first"), "5", "23/02/2021", *rest),
        ("MG-LONG-THUAN", bad("31/02/2021", "not_a_date"), "6", "23/02/2021", *rest),
        ("THCS-MY-PHU", bad("29/02/2021", "not_a_date"), "7", "23/02/2021", *rest),
        ("TH-THU-THUA", bad(date(2020, 2, 24), "out_of_window"), "8", "23/02/2021", *rest),
        ("TH-BINH-AN", bad("24/02/2051", "out_of_window"), "9", "23/02/2021", *rest),
        ("THCS-MY-AN", bad("24/02", "no_year"), "10", "23/02/2021", *rest),
        ("TH-MY-LAC", bad("02/2021", "no_day"), "11", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(time(8, 30), "no_day"), "12", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(2021, "not_a_date"), "13", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(20210224, "not_a_date"), "14", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(24.02, "not_a_date"), "15", "23/02/2021", *rest),
        ("TH-MY-LAC", bad("24/02/2021 25:70", "bad_time"), "16", "23/02/2021", *rest),
        ("TH-MY-LAC", bad("24/02/2021 - 26/02/2021", "several_dates"), "17", "8/2/21", *rest),
        ("TH-MY-LAC", bad("đã gửi 24/02/2021", "not_a_date"), "18", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(date(2021, 4, 1), "future", "warns"), "19", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(True, "not_a_date"), "20", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(None, "required_blank"), "21", "23/02/2021", *rest),
        ("TH-MY-LAC", bad(1e300, "not_a_date"), "22", "23/02/2021", *rest),
    )
    book.plant("plans", "D5", ("not_a_date", "warns"))
    book.fill(
        "periodic",
        # school, period, sent, any, count
        ("TH-MY-LAC", date(2021, 2, 1), date(2021, 3, 2), True, 1),
        ("THCS-MY-LAC", 44228, date(2021, 3, 2), False, 0),
        ("TH-LONG-THANH", "2021-02", "2021-03-02T08:00", 0, "không có"),
    )
    book.plant("periodic", "E5", ("words_in_count", "corrected"))
    return book.finish()


def mac_1904() -> Book:
    """Return a workbook that counts its days from 1904: real dates, serials, a text."""
    book = Book()
    book.xlsx.epoch = CALENDAR_MAC_1904
    book.fill(
        "plans",
        ("TH-MY-LAC", date(2021, 2, 24), "1", date(2021, 2, 23), "Công an xã"),
        ("THCS-MY-LAC", 42789, "2", 42788, "Công an xã"),
        ("TH-TAN-THANH", "24/02/2021", "3", "23/02/2021", "Công an xã"),
        (
            "TH-LONG-THANH",
            bad("42789", "serial_text", "corrected"),
            "4",
            date(2021, 2, 23),
            "Công an xã",
        ),
        # A serial of the other date system is four years and a day late.
        ("THCS-MY-PHU", bad(44251, "out_of_window"), "5", date(2021, 2, 23), "Công an xã"),
    )
    book.fill("periodic", ("TH-MY-LAC", 42766, date(2021, 3, 2), "Không", 0))
    return book.finish()
