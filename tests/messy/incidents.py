"""Incidents typed in a hurry, and what the office and the operator wrote about them."""

from .book import Book, bad

BOTH = ("Có", "Có")
TWICE = bad("VV-2021-001", "duplicate_incident_code", "warns")


def incidents() -> Book:
    """Return a tab Vụ việc, receipts, waivers and extensions with every fault of theirs."""
    book = Book()
    at = "24/02/2021 08:00"
    book.fill(
        "incidents",
        # school, kind, level, occurred, known, place, affected, police, commune, reported, …
        (
            *("TH-MY-LAC", "TC – Trộm cắp, mất tài sản", 3, at, None, "trong trường", "01", *BOTH),
            *(None, None, None, "vv – 2021 – 007"),
        ),
        (
            "TH-MY-LAC",
            bad("BLHD, MT", "several_choices", "warns"),
            "S3",
            at,
            None,
            None,
            2,
            "x",
            "x",
        ),
        ("TH-TAN-THANH", bad("đánh nhau", "not_in_list", "warns"), 3, at, None, None, 2, *BOTH),
        ("THCS-MY-LAC", "BLHD", bad("nặng", "not_in_list", "warns"), at, None, None, 1, *BOTH),
        ("THCS-MY-PHU", "TNGT", bad("4", "not_in_list", "warns"), at, None, None, 1, *BOTH),
        ("THCS-MY-AN", "TC", 3, at, None, bad("nhà em An, ấp 3", "not_in_list", "warns"), 0, *BOTH),
        ("TH-BINH-AN", "TC", 3, at, None, None, bad("vài em", "not_a_count", "warns"), *BOTH),
        ("TH-BINH-AN", "DN", 3, bad("31/02/2021", "not_a_date", "warns"), None, None, 0, *BOTH),
        (
            *("TH-LONG-THANH", "TC", 3, bad("24/03/2021", "future", "warns")),
            *(
                None,
                None,
                0,
                bad("?", "expected_blank", "warns"),
                bad("chắc rồi", "not_yes_no", "warns"),
            ),
        ),
        (
            *("MG-LONG-THUAN", bad(None, "expected_blank", "warns"), 3, at),
            *(bad("8h30", "no_day", "warns"), None, None, *BOTH),
        ),
        (
            *("THTHCS-MY-THANH", "VK", "3 – Thông thường: đưa vào báo cáo kỳ", at, at),
            *("Trước cổng trường", 0, *BOTH, None, "01/BC", "Đang xử lý", TWICE),
        ),
        (
            *("THTHCS-MY-THANH", "CN", 3, at, at, "Trên mạng", 0, *BOTH, None, None, "Nhập nhầm"),
            TWICE,
        ),
        (
            *("THCS-MY-AN", "DB", 3, at, at, None, 0, *BOTH, None),
            *(bad("MẬT", "secret", "warns"), None, bad("vụ 5", "bad_incident_code", "warns")),
        ),
        (bad("TH Ngôi Sao", "unknown_school"), "TC", 3, at, None, None, 0, *BOTH),
        (bad(None, "required_blank"), "TC", 3, at, None, None, 0, *BOTH),
        ("TH-THU-THUA",),  # a placeholder
    )
    book.fill(
        "receipts",
        # What the office noted: school, content, period, arrived …
        ("TH-MY-LAC", "plan", None, "24/02/2021", "1", "Đạt"),
        ("TH-MY-LAC", bad("việc khác", "unknown_content"), None, "24/02/2021"),
        ("THCS-MY-LAC", "Báo cáo định kỳ", bad(None, "period_needed"), "02/03/2021"),
        ("THCS-MY-PHU", "periodic-report", bad("tháng 2", "bad_period"), "02/03/2021"),
        ("TH-MY-LAC", "Báo cáo đột xuất", "vv-2021-007", "25/02/2021", None, "đã nắm tin"),
        (
            "TH-TAN-THANH",
            "plan",
            None,
            bad("24/02/2020", "out_of_window"),
            None,
            bad("Tốt", "not_in_list", "warns"),
        ),
        (
            *("TH-BINH-AN", "plan", None, "23/02/2021", "2", "Đề nghị bổ sung", "24/02/2021"),
            bad(
                "Em Trần Thị Bé, lớp 5A, gọi 0912 345 678",
                "personal_data",
                "warns",
                *[("personal_data", "warns")] * 2,
            ),
        ),
    )
    book.fill(
        "waivers",
        # school, content, period, from, to, reason
        ("TH-LONG-THANH", "model", None, "01/02/2021", "30/06/2021", "sửa chữa"),
        (
            "TH-LONG-THANH",
            "propaganda",
            None,
            "01/03/2021",
            bad("01/02/2021", "days_inverted"),
            "bão",
        ),
        (
            *("TH-THU-THUA", "plan", None, "01/02/2021"),
            *(bad("31/02/2021", "not_a_date", "warns", ("waiver_unclear", "blocks")), "lũ"),
        ),
        ("TH-THU-THUA", "plan", None, None, None, bad(None, "required_blank")),
    )
    book.fill(
        "extensions",
        # scope, content, period, new last day, reason
        ("xã Mỹ Lạc", "plan", None, bad("20/02/2021", "extension_too_early"), "nhầm"),
        (bad("xã Long Thành", "unknown_school"), "plan", None, "03/03/2021", "lũ"),
        ("TH-TAN-THANH", "periodic-report", bad(None, "period_needed"), "10/03/2021", "lũ"),
    )
    return book.finish()
