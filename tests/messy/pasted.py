"""Pasted from Word, PDF and old files: letters taken apart, old fonts, invisible signs."""

import unicodedata

from .book import Book, bad

NFD = unicodedata.normalize("NFD", "Trường Tiểu học Mỹ Lạc")
OLD = ("broken_encoding", "warns")


def pasted() -> Book:
    """Return names and days as other programs leave them: most are read, some cannot be."""
    book = Book()
    book.fill(
        "plans",
        # school, sent, number, signed, police, channel, file, note
        (NFD, "ngày 24 tháng 02 năm 2021", "05/KH", "23/02/2021", "Công an xã"),
        (
            "THCS Mỹ\u00a0Lạc\u200b",
            "24/2/21",
            "06/KH",
            "２３／０２／２０２１",
            "Công an xã Ðức Hoà",
        ),
        ("\ufeffTRƯỜNG TIỂU HỌC\nLONG THẠNH", "24.02.2021", "07/KH", "23-02-2021", "Công an xã"),
        ("TH Tân Thành", "'24/02/2021", "08/KH", "8h30 ngày 23/02/2021", "Công an xã"),
        ("TH và THCS Mỹ Thạnh", "2021-02-24", "09/KH", "Thứ Ba, 23/02/2021", "Công an xã"),
        ("mẩu giáo Long Thuận", "24/02/2021 17:00", "10/KH", "23/02/2021", "Công an xã"),
        ("cấp 2 Mỹ Phú", "24–02–2021", "11/KH", "23 tháng 2 năm 2021", "Công an xã"),
        (
            bad("Trường TH Mỹ Lạcc", "school_guessed", "corrected"),
            "25/02/2021",
            "05/KH-2",
            bad("thứ Hai, 23/02/2021", "weekday_differs", "warns"),
            "Công an xã",
        ),
        (bad("TH My Lac", "unknown_school"), "24/02/2021", "1", "23/02/2021", "Công an xã"),
        (bad("TH Long Thành", "unknown_school"), "24/02/2021", "2", "23/02/2021", "Công an xã"),
        (bad("Mỹ Lạc", "ambiguous_school"), "24/02/2021", "3", "23/02/2021", "Công an xã"),
        (
            bad("TH Mỹ Lạc, THCS Mỹ Phú", "several_schools"),
            "24/02/2021",
            "4",
            "23/02/2021",
            "Công an xã",
        ),
        (
            bad("Tr­êng TiÓu häc Mü L¹c", "broken_encoding"),
            bad("ngµy 24 th¸ng 02 n¨m 2021", "broken_encoding"),
            "5",
            "23/02/2021",
            bad("C«ng an x·", *OLD),
        ),
        (
            bad("Tröôøng Tieåu hoïc Myõ Laïc", "broken_encoding"),
            "24/02/2021",
            "6",
            "23/02/2021",
            bad("Coâng an xaõ", *OLD),
            bad("Thö ñieän töû", *OLD),
        ),
        (
            bad("TrýõÌng TiêÒu hoòc MyÞ Laòc", "broken_encoding"),
            "24/02/2021",
            "7",
            "23/02/2021",
            bad("Công an xaÞ", *OLD),
        ),
        (
            bad("Truong Tiêu hoc Mỹ Lac ̣ ̀ ̉", "broken_encoding"),
            "24/02/2021",
            "8",
            "23/02/2021",
            "Công an xã",
            None,
            None,
            bad("Giao duc và Đao tao bao cao ́ ̣", *OLD),
        ),
        (
            bad("Tr??ng Ti?u h?c M? L?c", "broken_encoding"),
            "24/02/2021",
            "9",
            "23/02/2021",
            bad("CÃ´ng an xÃ£", *OLD),
        ),
    )
    book.fill(
        "models",
        # school, name, kind, nature, launched, note
        ("TH-MY-LAC", "Cổng trường an toàn", "tuyên truyền", "DUY TRÌ", "05/09/2012"),
        ("THCS-MY-LAC", "Ba không", bad("Phong ngua", "not_in_list", "warns"), "Mới"),
        ("TH-TAN-THANH", "½ giờ học", "Phòng ngừa tội phạm", bad("M?i, c?a tr??ng", *OLD)),
        (
            "MG-LONG-THUAN",
            "Camera giám sát",
            bad("Tuyên truyền, Phòng ngừa tội phạm", "several_choices", "warns"),
        ),
    )
    book.fill(
        "propaganda",
        # school, form, done, attendance, note
        ("TH-MY-LAC", "Pa nô", "23/02/2021", "1.234"),
        ("TH-TAN-THANH", "Pa nô", "23/02/2021", "01"),
        ("THCS-MY-PHU", "Pa nô", "23/02/2021", bad("120 HS", "words_in_count", "corrected")),
        ("MG-LONG-THUAN", "Pa nô", "23/02/2021", bad("1,5", "not_a_count", "warns")),
        ("TH-LONG-THANH", "Pa nô", "23/02/2021", bad("khoảng 50", "not_a_count", "warns")),
        (
            "THCS-MY-AN",
            bad("#REF!", "error_value"),
            "23/02/2021",
            bad("#N/A", "error_value", "warns"),
        ),
    )
    book.fill(
        "periodic",
        # school, period, sent, any, count, number, note
        ("TH-MY-LAC", "T02/2021", "02/03/2021", "x", 1),
        ("THCS-MY-LAC", "tháng 2 năm 2021", "02/03/2021", "KO", 0),
        ("TH-TAN-THANH", "02/2021", "02/03/2021", "✓", 1),
        ("TH-BINH-AN", "28/02/2021", "02/03/2021", "không phát sinh"),
        ("MG-LONG-THUAN", "Báo cáo tháng 02/2021", "02/03/2021", bad("có lẽ", "not_yes_no")),
        ("THCS-MY-PHU", bad("tháng 2", "bad_period"), "02/03/2021", "không"),
        ("TH-LONG-THANH", bad("13/2021", "bad_period"), "02/03/2021", "hok"),
        ("THCS-MY-AN", "02/2021", "02/03/2021", bad("-", "required_blank")),
    )
    return book.finish()
