"""Cells that attack: formulas, HTML, templates, floods of text, controls, marks of direction."""

from .book import Book, bad

FLOOD = "Lời khai của học sinh. " * 1424  # as long as a cell may be
MARKS = "a" + "\u0301\u0323" * 16_000
HEADER_SPLIT = "a@x.vn\nBcc: b@y.vn"


def hostile() -> Book:
    """Return a workbook in which every cell that takes text holds something nasty."""
    book = Book()
    rest = ("24/02/2021", "Công an xã")
    book.fill(
        "plans",
        # school, sent, number, signed, police, channel, file, note
        ("TH-MY-LAC", "24/02/2021", "=1+1", "23/02/2021", '=HYPERLINK("http://x.example")'),
        ("THCS-MY-LAC", "24/02/2021", "+cmd|' /C calc'!A0", "23/02/2021", "@SUM(1)", "Bản giấy"),
        ("TH-TAN-THANH", "24/02/2021", "<script>alert(1)</script>", "23/02/2021", "<b>Công an</b>"),
        ("TH-BINH-AN", "24/02/2021", "{{ 7 * 7 }}", "23/02/2021", "{% include '/etc/passwd' %}"),
        (
            "THCS-MY-PHU",
            "24/02/2021",
            "😀" * 40,
            "23/02/2021",
            "\u202eix gna gnôC",
            None,
            None,
            FLOOD,
        ),
        ("THCS-MY-AN", "24/02/2021", MARKS, "23/02/2021", "x" * 32767),
        (bad("=TH-MY-LAC", "unknown_school"), "24/02/2021", "1", *rest),
        (bad("{{ school }}", "unknown_school"), "24/02/2021", "2", *rest),
        (bad("<img src=x onerror=alert(1)>", "unknown_school"), "24/02/2021", "3", *rest),
        (bad("'; DROP TABLE told; --", "unknown_school"), "24/02/2021", "4", *rest),
        (bad("\u202eTH Mỹ Lạc", "unknown_school"), "24/02/2021", "5", *rest),
        (bad(12.5, "unknown_school"), bad("=NOW()", "not_a_date"), "6", *rest),
        (
            bad(True, "unknown_school"),
            bad("😀", "not_a_date"),
            7,
            bad(False, "not_a_date", "warns"),
            8,
        ),
        (bad("x" * 40, "unknown_school"), bad("9" * 5000, "not_a_date"), 0.1, *rest),
        (
            "TH-THU-THUA",
            bad("24/02/2021\t{{x}}", "not_a_date"),
            "9",
            *rest,
            bad("=1", "not_in_list", "warns"),
        ),
        (
            "TH-THU-THUA",
            bad("24\u202e/02/2021", "not_a_date"),
            "10",
            *rest,
            bad("<b>", "not_in_list", "warns"),
        ),
        (
            bad("#N/A", "error_value"),
            bad("#VALUE!", "error_value"),
            bad("#REF!", "error_value", "warns"),
            *rest,
        ),
        (bad("\ufffdTH M\ufffd L\ufffdc", "broken_encoding"), "24/02/2021", "11", *rest),
    )
    book.fill(
        "schools",
        # code, name, level, commune, e-mail, others, title, telephone, ministry's code
        *(
            (code, name, level, unit, f"{code.lower()}@truong.example")
            for code, name, level, unit in (
                ("TH-MY-LAC", "Trường <b>TH</b> {{ 1 }} Mỹ Lạc", "TH", "28048"),
                ("THCS-MY-LAC", "=THCS Mỹ Lạc", "THCS", "28048"),
                ("TH-TAN-THANH", "TH Tân Thành\u202e", "TH", "28042"),
                ("TH-BINH-AN", "TH Bình An 😀", "TH", "28054"),
                ("THCS-MY-PHU", "THCS Mỹ Phú {% raw %}", "THCS", "28066"),
                ("THCS-MY-AN", "THCS Mỹ An " + "dài " * 300, "THCS", "28060"),
                ("TH-THU-THUA", "TH Thủ Thừa", "TH", "28036"),
            )
        ),
        (bad("=1+1", "bad_code"), "TH Một", "TH", "28036", "mot@truong.example"),
        (
            *(
                "TH-HAI",
                "TH Hai",
                "TH",
                "28036",
                bad(HEADER_SPLIT, "bad_email", "warns", ("no_address", "warns")),
            ),
            *(
                bad("<a x@y.vn {{ 1 }}", "bad_email", "warns"),
                "{{ x }}",
                bad("=1", "bad_phone", "warns"),
                bad("<b>", "bad_code", "warns"),
            ),
        ),
        (bad("A" * 41, "bad_code"), "TH Ba", "TH", "28036", "ba@truong.example"),
        ("TH-BON", "TH Bốn", bad("<i>", "not_in_list"), "28036", "bon@truong.example"),
    )
    book.fill(
        "incidents",
        # school, kind, level, occurred, known, place, affected, police, commune, …, state, code
        (
            *(
                "TH-MY-LAC",
                bad("<b>TC</b>", "not_in_list", "warns"),
                bad("{{ 1 }}", "not_in_list", "warns"),
            ),
            *(
                "24/02/2021 08:00",
                None,
                bad("=A1", "not_in_list", "warns"),
                bad(-5, "not_a_count", "warns"),
            ),
            *(
                bad("<x>", "not_yes_no", "warns"),
                "Có",
                None,
                "=1",
                bad("{%", "not_in_list", "warns"),
            ),
            bad("VV-2021-<b>", "bad_incident_code", "warns"),
        ),
    )
    book.fill(
        "periodic",
        (
            "TH-MY-LAC",
            bad("{{ 1 }}", "bad_period"),
            "02/03/2021",
            bad("=1", "not_yes_no"),
            bad(1e300, "not_a_count", "warns"),
        ),
        (
            "TH-MY-LAC",
            bad("#REF!", "error_value"),
            "02/03/2021",
            "Không",
            bad("9" * 400, "not_a_count", "warns"),
        ),
    )
    return book.finish()
