"""A workbook that LibreOffice opened and saved: other styles, other dates, cached formulas."""

from datetime import date

from .book import Book, bad


def saved() -> Book:
    """Return a workbook with links, formulas, merged cells, comments and a validated list."""
    book = Book()
    book.fill(
        "plans",
        ("TH-MY-LAC", date(2021, 2, 24), "1", date(2021, 2, 23), "Công an xã"),
        ("THCS-MY-LAC", None, "2", date(2021, 2, 23), "Công an xã"),
        (None, date(2021, 2, 24), "3", date(2021, 2, 23), "Công an xã"),
        ("TH-TAN-THANH", bad("02/25/2021", "month_first"), "4", date(2021, 2, 23), "Công an xã"),
        ("THCS-MY-PHU", date(2021, 2, 24), None, date(2021, 2, 23), "Công an xã"),
        (bad("TH Mỹ Phú", "unknown_school"), date(2021, 2, 24), "6", date(2021, 2, 23), "x"),
    )
    sheet = book.sheet("plans")
    sheet["A3"].hyperlink = "https://truong.example/my-lac"
    sheet["B4"] = "=B3+1"  # a formula whose value is a day
    sheet["B4"].number_format = "dd/mm/yyyy"
    sheet["A5"] = '=HYPERLINK("https://truong.example","TH Bình An")'
    sheet["C7"] = "=1/0"
    book.plant("plans", "C7", ("error_value", "warns"))
    book.fill(
        "propaganda",
        ("TH-MY-LAC", "Pa nô", date(2021, 2, 22), 100),
        ("THCS-MY-LAC", "Tờ rơi", "22/02/2021", "1.234"),
        (bad("Tổng cộng", "not_an_entry", "warns"),),
    )
    book.sheet("propaganda")["D5"] = "=SUM(D3:D4)"
    book.sheet("propaganda").merge_cells("A5:C5")
    return book.finish()
