"""Tables as they look after months of sorting, cutting, formatting and printing."""

from openpyxl.styles import PatternFill

from automator.core.layout import BANNER, tab

from .book import Book, bad

PLAN = ("23/02/2021", "Công an xã")


def moved() -> Book:
    """Return headers in other rows and orders, rows cleared, summed up, hidden and repeated."""
    book = Book()
    _plans(book)
    _propaganda(book)
    _models(book)
    _incidents(book)
    _periodic(book)
    return book.finish()


def _plans(book: Book) -> None:
    """Sorted with its header: two rows stand above it; rows cleared, hidden, filtered."""
    header = [column.header for column in tab("plans").laid]
    book.write("plans", 1, [BANNER])
    book.write("plans", 2, [bad("TH-BINH-AN", "above_header", "warns"), "22/02/2021", "1", *PLAN])
    book.write(
        "plans", 3, [bad("TH-LONG-THANH", "above_header", "warns"), "22/02/2021", "2", *PLAN]
    )
    book.write("plans", 4, header)
    book.write("plans", 5, ["TH-MY-LAC", "22/02/2021", "3", *PLAN])
    book.write("plans", 6, ["  ", "-", "…", "\u200b"])
    book.write("plans", 7, ["THCS-MY-LAC", "22/02/2021", "4", *PLAN])
    book.write("plans", 9, [bad(header[0], "repeated_header", "warns"), *header[1:]])
    book.write("plans", 10, ["THCS-MY-PHU", "22/02/2021", "5", *PLAN])
    book.write("plans", 11, [bad(BANNER, "not_an_entry", "warns")])
    book.write("plans", 12, ["TH-TAN-THANH", bad("chưa gửi", "not_a_date"), "6", *PLAN])
    sheet = book.sheet("plans")
    sheet.row_dimensions[7].hidden = True
    sheet.row_dimensions[12].hidden = True
    sheet.auto_filter.ref = "A4:H12"
    grey = PatternFill("solid", fgColor="DDDDDD")
    for row in (200, 5000, 1_048_576):
        sheet.cell(row, 2).fill = grey
        sheet.cell(row, 2).number_format = "dd/mm/yyyy"


def _propaganda(book: Book) -> None:
    """Header in row 7 under a letterhead, numbers of columns, a total, notes, a signature."""
    for row, text in enumerate(("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", BANNER, "DANH SÁCH"), start=1):
        book.write("propaganda", row, [text])
    book.sheet("propaganda").merge_cells("A1:E1")
    book.write("propaganda", 5, ["Tháng 02 năm 2021"])
    book.write("propaganda", 7, [column.header for column in tab("propaganda").laid])
    book.write("propaganda", 8, [f"({n})" for n in range(1, 6)])
    book.write("propaganda", 9, ["TH-MY-LAC", "Pa nô", "22/02/2021", 410])
    book.write("propaganda", 10, ["THCS-MY-LAC", "Tờ rơi", "22/02/2021", 90])
    book.write("propaganda", 11, [bad("Tổng cộng", "not_an_entry", "warns"), None, None, 500])
    book.write("propaganda", 12, [bad("Ghi chú: số liệu đến ngày 28/02", "not_an_entry", "warns")])
    book.write(
        "propaganda", 14, [None, None, None, None, bad("Người lập", "not_an_entry", "warns")]
    )


def _models(book: Book) -> None:
    """Columns in another order, with the clerk's own ones, one of them twice."""
    header = [
        *(bad("STT", "unknown_column", "warns"), "Ghi chú", "LOẠI", "Tên  mô hình (*)"),
        *("Mã trường", bad("Người nhập", "unknown_column", "warns"), "Tính chất", "Ngày ra mắt:"),
        bad("Loại", "duplicate_header", "warns"),
    ]
    book.write("models", 3, header)
    book.write("models", 4, [1, None, "Tuyên truyền", "Ba an toàn", "TH-MY-LAC", "văn thư", "Mới"])
    secret = bad("tài liệu MẬT", "secret", "warns")
    named = bad("em Nguyễn Văn An", "personal_data", "warns")
    book.write("models", 5, [2, named, "Tuyên truyền", "Đôi bạn", "THCS-MY-LAC", secret, "Mới"])
    book.write(
        "models", 6, [3, None, bad(None, "expected_blank", "warns"), "Cổng trường", "TH-BINH-AN"]
    )
    book.write("models", 8, [4, None, "Tuyên truyền", "Tự quản", bad(None, "required_blank")])


def _incidents(book: Book) -> None:
    """A header of two rows, its upper cells merged over or down."""
    header = [column.header for column in tab("incidents").laid]
    below = {7: "Đã báo công an xã, thị trấn", 8: "Đã báo UBND xã, thị trấn"}
    upper = [{7: "Đã báo", 8: None}.get(i, text) for i, text in enumerate(header)]
    book.write("incidents", 1, [BANNER])
    book.write("incidents", 2, upper)
    book.write("incidents", 3, [below.get(i) for i in range(len(header))])
    sheet = book.sheet("incidents")
    sheet.merge_cells("H2:I2")
    for letter in "ABCDEFGJKLM":
        sheet.merge_cells(f"{letter}2:{letter}3")
    row = ["TH-MY-LAC", "TC", "S3", "22/02/2021 08:00", None, "Trong trường", 0, "Có", "Chưa"]
    book.write("incidents", 4, row)
    book.write("incidents", 5, ["THCS-MY-LAC"])  # a placeholder is no incident


def _periodic(book: Book) -> None:
    """Totals and a place with a day: the end of a printed form."""
    book.fill(
        "periodic",
        ("TH-MY-LAC", "02/2021", "02/03/2021", "Có", 1),
        (None, None, None, None, bad(1, "not_an_entry", "warns")),
        (
            None,
            None,
            None,
            None,
            None,
            bad("Thủ Thừa, ngày 02 tháng 3 năm 2021", "not_an_entry", "warns"),
        ),
    )
