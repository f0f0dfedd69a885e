"""A roster that grew for years: addresses, telephones, codes and histories at fault."""

from datetime import date

from .book import Book, bad

NO_ADDRESS = ("no_address", "warns")
C = "28048"


def roster() -> Book:
    """Return a tab Trường with every fault of addresses, telephones, codes and days."""
    book = Book()
    good = "a@truong.example"
    book.fill(
        "schools",
        # code, name, level, commune, e-mail, others, title, telephone, ministry, from, to
        ("TH-A", "Trường TH A", "TH", C, " a @ truong . example ; ", None, None, "0912 345 678"),
        (
            "TH-B",
            "Trường TH B",
            "TH",
            "xã Mỹ Lạc",
            "mailto:b@truong.example",
            None,
            None,
            272386421,
        ),
        (
            "TH-C",
            "Trường TH C",
            "TH",
            C,
            "c＠truong.example, d@truong.example",
            None,
            None,
            "+84 912 345 678",
        ),
        (
            "TH-D",
            "Trường TH D",
            "TH",
            C,
            "a@truong.example\nb@truong.example",
            None,
            None,
            "(0272) 3864 215",
        ),
        (
            "TH-E",
            "Trường TH E",
            "TH",
            C,
            bad("hiệutrưởng@truong.example", "bad_email", "warns", NO_ADDRESS),
        ),
        ("TH-F", "Trường TH F", "TH", C, bad("f@truong", "bad_email", "warns", NO_ADDRESS)),
        (
            "TH-G",
            "Trường TH G",
            "TH",
            C,
            bad("g@x.vn\r\nBcc: h@y.vn", "bad_email", "warns", NO_ADDRESS),
        ),
        (
            "TH-H",
            "Trường TH H",
            "TH",
            C,
            bad("hieu truong @gmail .com", "bad_email", "warns", NO_ADDRESS),
        ),
        ("TH-I", "Trường TH I", "TH", C, bad("i@gmai.com", "suspicious_email", "warns")),
        ("TH-K", "Trường TH K", "TH", C, bad("k@truong.edu.vm", "suspicious_email", "warns")),
        ("TH-L", "Trường TH L", "TH", C, good, bad("không có thư", "bad_email", "warns")),
        ("TH-M", "Trường TH M", "TH", C, bad(None, *NO_ADDRESS)),
        (
            "TH-N",
            "Trường TH N",
            "TH",
            C,
            good,
            None,
            None,
            bad(912345678, "phone_zero", "corrected"),
        ),
        (
            "TH-O",
            "Trường TH O",
            "TH",
            C,
            good,
            None,
            None,
            bad("01681234567", "old_phone", "warns"),
        ),
        ("TH-P", "Trường TH P", "TH", C, good, None, None, bad("113", "bad_phone", "warns")),
        (
            "TH-Q",
            "Trường TH Q",
            "TH",
            C,
            good,
            None,
            None,
            bad("0912345678 / 0272 3864 215", "several_phones", "warns"),
        ),
        (bad("TH-A", "duplicate_school"), "Trường TH A (cũ)", "TH", C, good),
        ("TH-R", "Trường TH R", "TH", C, good, None, None, None, None, None, "14/02/2021"),
        ("TH-R", "Trường TH R", "TH", "28066", good, None, None, None, None, "15/02/2021"),
        ("TH-S", "Trường TH S", "TH", C, good, None, None, None, None, None, "15/02/2021"),
        (
            bad("TH-S", "duplicate_school"),
            "Trường TH S",
            "TH",
            "28066",
            good,
            None,
            None,
            None,
            None,
            "15/02/2021",
        ),
        ("TH-T", "Trường TH T", "TH", bad("xã Không Có", "unknown_unit"), good),
        ("TH-U", "Trường TH U", "TH", bad("xã Thủ Thừa", "unit_guessed", "corrected"), good),
        (bad("TH/V", "bad_code"), "Trường TH V", "TH", C, good),
        (bad(None, "required_blank"), "Trường TH X", "TH", C, good),
        ("TH-Y", bad(None, "required_blank"), "TH", C, good),
        ("TH-Z", "Trường TH Z", bad(None, "required_blank"), C, good),
        ("TH-OLD", "Trường TH Cũ", "TH", C, good, None, None, None, None, None, date(2020, 12, 31)),
        (
            "TH-W",
            "Trường TH W",
            "TH",
            C,
            good,
            None,
            None,
            None,
            79000123.0,
            bad("31/02/2021", "not_a_date", "warns"),
        ),
        (bad("Tổng cộng", "not_an_entry", "warns"), 27),
    )
    book.plant("schools", "H4", ("bad_phone", "warns"))
    book.fill(
        "plans",
        # A school by the ministry's code, by name, by a code in small letters; one that is closed.
        ("79000123", "24/02/2021", "1", "23/02/2021", "Công an xã"),
        (79000123, "24/02/2021", "2", "23/02/2021", "Công an xã"),
        ("th-a", "24/02/2021", "3", "23/02/2021", "Công an xã"),
        ("TH-OLD", "24/02/2021", "4", "23/02/2021", "Công an xã"),
        (bad("TH-V", "unknown_school"), "24/02/2021", "5", "23/02/2021", "Công an xã"),
    )
    return book.finish()
