"""The words of the tab Hướng dẫn."""

from collections.abc import Mapping

from automator.core.layout import DAY_PROMPT, Column, Kind, Need, Tab

TITLE = "SỔ THEO DÕI PHONG TRÀO TOÀN DÂN BẢO VỆ AN NINH TỔ QUỐC – HƯỚNG DẪN GHI"

GENERAL = (
    "Mỗi việc ghi một dòng, bắt đầu từ dòng trống đầu tiên dưới hàng tiêu đề.",
    "Cột Trường: chọn tên trường trong danh sách; có thể ghi mã trường.",
    "Ngày ghi theo thứ tự ngày/tháng/năm, ví dụ 24/02/2021. Ngày kèm giờ: 24/02/2021 08:30.",
    (
        "Thầy cô được sắp xếp, lọc, chèn, xóa dòng. Không đổi tên tab và tên cột; hàng tiêu đề "
        "đã được khóa."
    ),
    "Ghi nhầm thì sửa ngay tại ô đó; không cần xóa cả dòng rồi ghi lại.",
    "Màu của tiêu đề cho biết cột nào phải ghi:",
)
NEED_NAMES: Mapping[Need, str] = {
    Need.REQUIRED: "Bắt buộc",
    Need.EXPECTED: "Cần có",
    Need.OPTIONAL: "Nếu có",
}
NEEDS: Mapping[Need, str] = {
    Need.REQUIRED: "Thiếu ô này thì dòng chưa được tính.",
    Need.EXPECTED: "Thiếu ô này thì dòng vẫn được tính; Phòng đề nghị bổ sung.",
    Need.OPTIONAL: "Ghi khi có thông tin.",
}
NEVER = (
    "Họ tên, lớp, ngày sinh, địa chỉ, hình ảnh của học sinh, kể cả viết tắt (N.V.A., lớp 7A2).",
    "Số căn cước, số điện thoại của học sinh và cha mẹ học sinh.",
    "Diễn biến vụ việc: diễn biến chỉ ghi trong báo cáo đã ký gửi Phòng.",
    "Nội dung thuộc bí mật nhà nước (tài liệu đóng dấu MẬT, TỐI MẬT, TUYỆT MẬT).",
)
TABS: Mapping[str, tuple[str, ...]] = {
    "plans": (
        (
            "Hạn: trước ngày 25/02/2021, tức là chậm nhất hết thứ Tư, ngày 24/02/2021. Ngày Phòng "
            "ghi ở tab Phòng tiếp nhận là ngày quyết định."
        ),
        "Được đề nghị bổ sung: gửi lại kế hoạch và ghi thêm một dòng mới.",
    ),
    "propaganda": (
        "Ví dụ: phát thanh măng non, sinh hoạt dưới cờ, bài viết trên trang thông tin của trường.",
    ),
    "models": ("Mô hình đã có từ những năm trước vẫn được tính nếu còn duy trì.",),
    "incidents": (
        (
            "Việc khẩn: gọi điện trước, ghi vào đây sau. Ghi nhầm: chọn Tình trạng “Nhập nhầm”, "
            "không xóa dòng."
        ),
        (
            "Mức 1 và mức 2: gửi báo cáo đột xuất bằng văn bản trong 24 giờ từ khi nhà trường biết "
            "(thời gian do Phòng quy định). Mức 3: đưa vào báo cáo định kỳ."
        ),
    ),
    "periodic": (
        "Không có vụ việc vẫn ghi một dòng với Phát sinh “Không”.",
        "Kỳ theo tháng và hạn ngày 05 tháng sau do Phòng quy định.",
    ),
    "receipts": (
        (
            "Tab này do Phòng ghi. “Đã nắm tin” là đã biết vụ việc; “Đạt” là đã nhận và đủ "
            "nội dung; “Đề nghị bổ sung” phải kèm Ngày trả."
        ),
    ),
}
WORKER = (
    "Hệ thống theo dõi đọc sổ hằng ngày và lập hai bảng này; thầy cô không cần nhập.",
    "Lỗi nhập liệu nêu rõ tab, ô, lỗi và cách sửa. Sửa xong, dòng lỗi tự mất ở lần đọc sau.",
)
HELP = (
    (
        "Về nội dung báo cáo: trả lời thư nhắc của Phòng, hoặc gọi bộ phận tổng hợp của Phòng theo "
        "số ghi trong thư."
    ),
    "Trường mới, đổi tên, đổi địa chỉ thư điện tử: báo người vận hành sổ ở Phòng.",
    "Việc khẩn: không chờ sổ này; gọi ngay công an xã, thị trấn (hoặc 113) và lãnh đạo Phòng.",
)

_BY_KIND: Mapping[Kind, tuple[str, str]] = {
    Kind.SCHOOL: ("Chọn tên trường trong danh sách, hoặc ghi mã trường.", "Trường Tiểu học Mỹ Lạc"),
    Kind.DAY: (DAY_PROMPT, "24/02/2021"),
    Kind.PERIOD: ("Tháng/năm của kỳ báo cáo.", "02/2021"),
    Kind.PERIOD_OR_CODE: ("Kỳ của báo cáo định kỳ, hoặc mã của vụ việc.", "02/2021"),
    Kind.CONTENT: ("Chọn trong danh sách.", "Báo cáo định kỳ"),
    Kind.COUNT: ("Số nguyên, từ 0 trở lên.", "120"),
    Kind.FREE: ("Ghi ngắn gọn; không ghi thông tin của học sinh.", ""),
}
_BY_COLUMN: Mapping[tuple[str, str], tuple[str, str]] = {
    ("plans", "sent"): ("Ngày trường gửi kế hoạch về Phòng.", "24/02/2021"),
    ("plans", "number"): ("Số và ký hiệu của kế hoạch.", "05/KH-THML"),
    ("plans", "signed"): ("Ngày ghi trên kế hoạch.", "23/02/2021"),
    ("plans", "police"): ("Đơn vị công an cùng xây dựng kế hoạch.", "Công an xã Mỹ Lạc"),
    ("plans", "file"): ("Tên tệp đã gửi.", "KH-ANTQ-2021.pdf"),
    ("propaganda", "form"): ("Tên hình thức.", "Sinh hoạt dưới cờ về an toàn giao thông"),
    ("propaganda", "done"): ("Ngày làm; ghi ngày đầu nếu kéo dài.", "08/03/2021"),
    ("models", "name"): ("Tên mô hình.", "Trường học không có tội phạm và tệ nạn ma túy"),
    ("models", "launched"): ("Ngày ra mắt, năm nào cũng được.", "05/09/2019"),
    ("incidents", "kind"): ("Chọn trong danh mục ở cuối trang.", "TC – Trộm cắp, mất tài sản"),
    ("incidents", "occurred"): ("Ngày và giờ xảy ra.", "24/02/2021 08:30"),
    ("incidents", "known"): ("Ngày và giờ nhà trường biết; từ lúc này tính 24 giờ.",
                             "24/02/2021 09:00"),
    ("incidents", "affected"): ("Chỉ ghi số người.", "2"),
    ("incidents", "reported"): ("Lúc gửi báo cáo bằng văn bản về Phòng.", "24/02/2021 15:30"),
    ("incidents", "report_number"): ("Số và ký hiệu của báo cáo.", "12/BC-THML"),
    ("incidents", "code"): ("Để trống: hệ thống cho mã. Trường có mã riêng thì ghi.", "ML-2021-01"),
    ("periodic", "sent"): ("Ngày trường gửi báo cáo về Phòng.", "03/03/2021"),
    ("periodic", "count"): ("Số vụ trong kỳ, khi có phát sinh.", "1"),
    ("periodic", "number"): ("Số và ký hiệu của báo cáo.", "15/BC-THML"),
    ("tasks", "task"): ("Chọn trong danh sách, hoặc ghi tên nhiệm vụ.", ""),
    ("receipts", "arrived"): ("Ngày văn bản đến Phòng.", "24/02/2021"),
    ("receipts", "number"): ("Số và ký hiệu của văn bản đến.", "05/KH-THML"),
    ("receipts", "returned"): ("Ngày Phòng đề nghị bổ sung.", "26/02/2021"),
}  # fmt: skip


def how_to(tab: Tab, column: Column) -> tuple[str, str]:
    """Return how to fill in a column, and an example ("" where none helps)."""
    special = _BY_COLUMN.get((tab.key, column.key))
    if special is not None:
        return special
    if column.choices:
        listed = " / ".join(column.choices)
        short = len(listed) <= 110
        how = f"Chọn một: {listed}." if short else "Chọn trong danh mục ở cuối trang."
        return how, column.choices[0]
    how, example = _BY_KIND.get(column.kind, ("", ""))
    return column.prompt or how, example
