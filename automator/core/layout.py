"""Tabs, columns and accepted headers: the one description that templates, parser and docs use.

The names are promises to people who fill in workbooks; add to them, never rename.
"""

from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """How much a row depends on a column."""

    REQUIRED = "*"  # without it the row counts for nothing
    EXPECTED = "+"  # left blank, the row counts and its finding is `incomplete`
    OPTIONAL = ""


class Kind(StrEnum):
    """What a cell of a column holds."""

    SCHOOL = "school"  # code, name or ministry's code of a school
    SCOPE = "scope"  # a school, a unit, or "tất cả"
    DAY = "day"  # a day, or a day with a time
    PERIOD = "period"  # a period of a recurring obligation
    PERIOD_OR_CODE = "period_or_code"  # a period, or an incident's code
    CONTENT = "content"  # an obligation's id or title
    CHOICE = "choice"  # one of a list
    YES_NO = "yes_no"
    COUNT = "count"  # a whole number of at least 0
    TEXT = "text"  # short text: names, numbers of documents
    CODE = "code"
    EMAILS = "emails"
    PHONE = "phone"
    UNIT = "unit"  # id or name of a commune, town or ward
    FREE = "free"  # free text: never leaves the workbook


class Writer(StrEnum):
    """Who writes a tab."""

    SCHOOLS = "schools"
    OFFICE = "office"
    OPERATOR = "operator"
    WORKER = "worker"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key in code, its header, what a cell holds and how to fill it in.

    `laid` is False for one that templates leave out: a form makes it.
    """

    key: str
    header: str
    kind: Kind
    need: Need = Need.OPTIONAL
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    prompt: str = ""
    width: int = 16
    laid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab. `natural_key`: columns by which an edited row is recognised after equal content."""

    key: str
    title: str
    writer: Writer
    columns: tuple[Column, ...] = ()
    hidden: bool = False
    natural_key: tuple[str, ...] = ()
    about: str = ""

    @property
    def laid(self) -> tuple[Column, ...]:
        """The columns that a template has."""
        return tuple(c for c in self.columns if c.laid)

    def column(self, key: str) -> Column:
        """Return the column named `key`; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


LEVELS = ("MN", "MG", "TH", "THCS", "TH&THCS", "THPT", "THCS&THPT", "GDTX")
CHANNELS = ("Phần mềm QLVB", "Thư điện tử", "Bản giấy")
MODEL_KINDS = ("Tuyên truyền", "Phòng ngừa tội phạm", "Phát hiện tội phạm", "Truy bắt tội phạm")
MODEL_NATURES = ("Mới", "Duy trì", "Nhân rộng")
SEVERITIES = (
    "1 – Khẩn: gọi điện ngay",
    "2 – Nghiêm trọng, phức tạp: báo cáo đột xuất",
    "3 – Thông thường: đưa vào báo cáo kỳ",
)
PLACES = ("Trong trường", "Trước cổng trường", "Trên đường đi học", "Trên mạng", "Nơi khác")
STATES = ("Đang xử lý", "Đã kết thúc", "Nhập nhầm")
REPORTED = ("Có", "Chưa")
OCCURRED = ("Không", "Có")
RESULTS = ("Đã nắm tin", "Đạt", "Đề nghị bổ sung")
RECIPIENT_TITLES = ("Hiệu trưởng", "Phó Hiệu trưởng phụ trách")
INCIDENT_KINDS = (
    ("BLHD", "Bạo lực học đường, đánh nhau"),
    ("XH", "Xâm hại, quấy rối trẻ em"),
    ("TT", "Tai nạn thương tích"),
    ("DN", "Đuối nước"),
    ("TNGT", "Tai nạn giao thông, tụ tập trước cổng trường"),
    ("MT", "Ma túy, thuốc lá điện tử, chất cấm"),
    ("NDTP", "Ngộ độc thực phẩm"),
    ("DB", "Dịch bệnh"),
    ("TC", "Trộm cắp, mất tài sản"),
    ("XN", "Người lạ xâm nhập, gây rối"),
    ("CN", "Cháy nổ, pháo"),
    ("VK", "Vũ khí, hung khí"),
    ("MXH", "Tin sai sự thật, lừa đảo, bắt nạt mạng"),
    ("BH", "Bỏ học, mất liên lạc, tự hại"),
    ("TTND", "Thiên tai"),
    ("KH", "Khác"),
)
SENSITIVE_KINDS = frozenset({"XH", "MT", "BH"})
"""Kinds that only those who need to know see (abuse, drugs, self-harm)."""
KIND_CHOICES = tuple(f"{code} – {label}" for code, label in INCIDENT_KINDS)
URGENT_LINE = (
    "Việc khẩn: gọi ngay công an xã, thị trấn (hoặc 113) và lãnh đạo Phòng; "
    "thư này không thay cho điện thoại."
)
BANNER = (
    "SỔ CHÍNH: chỉ nhập tại liên kết trong thư của Phòng. Không ghi tên học sinh. "
    "Không nhập nội dung thuộc bí mật nhà nước."
)
HEADER_SEARCH_ROWS = 10
DAY_PROMPT = "Ngày/tháng/năm, ví dụ 24/02/2021."


def _school() -> Column:
    return Column(
        key="school",
        header="Trường",
        kind=Kind.SCHOOL,
        need=Need.REQUIRED,
        aliases=("Mã trường", "Tên trường"),
        prompt="Chọn tên trường trong danh sách (hoặc ghi mã trường).",
        width=30,
    )


def _day(key: str, header: str, need: Need = Need.OPTIONAL, prompt: str = DAY_PROMPT) -> Column:
    return Column(key=key, header=header, kind=Kind.DAY, need=need, prompt=prompt, width=14)


def _text(key: str, header: str, need: Need = Need.OPTIONAL, width: int = 18) -> Column:
    return Column(key=key, header=header, kind=Kind.TEXT, need=need, width=width)


def _choice(
    key: str, header: str, choices: tuple[str, ...], need: Need = Need.OPTIONAL, width: int = 18
) -> Column:
    return Column(
        key=key,
        header=header,
        kind=Kind.CHOICE,
        need=need,
        choices=choices,
        prompt="Chọn trong danh sách.",
        width=width,
    )


def _note(key: str = "note", header: str = "Ghi chú") -> Column:
    prompt = "Không ghi tên, lớp, ngày sinh của học sinh."
    return Column(key=key, header=header, kind=Kind.FREE, prompt=prompt, width=28)


def _content() -> Column:
    return Column(key="content", header="Nội dung", kind=Kind.CONTENT, need=Need.REQUIRED, width=30)


GUIDE = Tab(key="guide", title="Hướng dẫn", writer=Writer.NOBODY)
SCHOOLS = Tab(
    key="schools",
    title="Trường",
    writer=Writer.OPERATOR,
    hidden=True,
    natural_key=("code",),
    about="Danh sách trường; do người vận hành cập nhật.",
    columns=(
        Column(key="code", header="Mã trường", kind=Kind.CODE, need=Need.REQUIRED, width=18),
        _text("name", "Tên trường", Need.REQUIRED, 34),
        _choice("level", "Cấp học", LEVELS, Need.REQUIRED, 12),
        Column(
            key="commune",
            header="Xã, thị trấn",
            kind=Kind.UNIT,
            need=Need.REQUIRED,
            aliases=("Xã, phường", "Xã, phường, thị trấn", "Xã/thị trấn"),
            width=20,
        ),
        Column(key="email", header="Email", kind=Kind.EMAILS, width=34),
        Column(key="other_emails", header="Email khác", kind=Kind.EMAILS, width=28),
        _text("recipient_title", "Chức danh người nhận", width=22),
        Column(key="phone", header="Điện thoại", kind=Kind.PHONE, width=16),
        Column(key="ministry_code", header="Mã CSDL ngành", kind=Kind.CODE, width=16),
        _day("valid_from", "Từ ngày"),
        _day("valid_to", "Đến ngày"),
    ),
)
PLANS = Tab(
    key="plans",
    title="Kế hoạch",
    writer=Writer.SCHOOLS,
    natural_key=("school", "number"),
    about="Mỗi trường một dòng khi đã gửi kế hoạch về Phòng.",
    columns=(
        _school(),
        _day("sent", "Ngày gửi", Need.REQUIRED),
        _text("number", "Số, ký hiệu", Need.EXPECTED),
        _day("signed", "Ngày ký", Need.EXPECTED),
        _text("police", "Công an phối hợp", Need.EXPECTED, 24),
        _choice("channel", "Hình thức gửi", CHANNELS),
        _text("file", "Tệp", width=24),
        _note(),
    ),
)
PROPAGANDA = Tab(
    key="propaganda",
    title="Tuyên truyền",
    writer=Writer.SCHOOLS,
    natural_key=("school", "form"),
    about="Mỗi hình thức tuyên truyền một dòng; ít nhất 01 hình thức.",
    columns=(
        _school(),
        _text("form", "Hình thức", Need.REQUIRED, 34),
        _day("done", "Ngày thực hiện", Need.EXPECTED),
        Column(key="attendance", header="Số người dự", kind=Kind.COUNT, width=13),
        _note(),
    ),
)
MODELS = Tab(
    key="models",
    title="Mô hình",
    writer=Writer.SCHOOLS,
    natural_key=("school", "name"),
    about="Mỗi mô hình một dòng; ít nhất 01 mô hình.",
    columns=(
        _school(),
        _text("name", "Tên mô hình", Need.REQUIRED, 36),
        _choice("kind", "Loại", MODEL_KINDS, Need.EXPECTED, 22),
        _choice("nature", "Tính chất", MODEL_NATURES, width=14),
        _day("launched", "Ngày ra mắt"),
        _note(),
    ),
)
INCIDENTS = Tab(
    key="incidents",
    title="Vụ việc",
    writer=Writer.SCHOOLS,
    natural_key=("school", "kind", "occurred"),
    about="Mỗi vụ việc một dòng. Không kể diễn biến ở đây: diễn biến ghi trong báo cáo đã ký.",
    columns=(
        _school(),
        Column(
            key="kind",
            header="Loại",
            kind=Kind.CHOICE,
            need=Need.EXPECTED,
            choices=KIND_CHOICES,
            prompt="Chọn trong danh sách.",
            width=30,
        ),
        _choice("level", "Mức độ", SEVERITIES, Need.EXPECTED, 30),
        _day("occurred", "Xảy ra lúc", Need.EXPECTED, "Ngày và giờ, ví dụ 24/02/2021 08:30."),
        _day("known", "Nhà trường biết lúc", prompt="Ngày và giờ, ví dụ 24/02/2021 08:30."),
        _choice("place", "Địa điểm", PLACES, width=20),
        Column(key="affected", header="Số người bị ảnh hưởng", kind=Kind.COUNT, width=13),
        _choice("told_police", "Đã báo công an xã, thị trấn", REPORTED, Need.EXPECTED, 15),
        _choice("told_commune", "Đã báo UBND xã, thị trấn", REPORTED, Need.EXPECTED, 15),
        _day("reported", "Gửi báo cáo lúc", prompt="Ngày và giờ, ví dụ 24/02/2021 08:30."),
        _text("report_number", "Số báo cáo"),
        _choice("state", "Tình trạng", STATES, width=16),
        Column(key="code", header="Mã vụ việc", kind=Kind.CODE, width=16),
        Column(
            key="stamped",
            header="Dấu thời gian",
            kind=Kind.DAY,
            aliases=("Timestamp",),
            laid=False,  # the first column of what a Google Form collects
        ),
    ),
)
PERIODIC = Tab(
    key="periodic",
    title="Báo cáo định kỳ",
    writer=Writer.SCHOOLS,
    natural_key=("school", "period"),
    about="Mỗi kỳ một dòng, kể cả khi không phát sinh vụ việc.",
    columns=(
        _school(),
        Column(
            key="period",
            header="Kỳ",
            kind=Kind.PERIOD,
            need=Need.REQUIRED,
            prompt="Tháng/năm, ví dụ 02/2021.",
            width=12,
        ),
        _day("sent", "Ngày gửi", Need.REQUIRED),
        Column(
            key="any",
            header="Phát sinh",
            kind=Kind.YES_NO,
            need=Need.REQUIRED,
            choices=OCCURRED,
            prompt="Không / Có.",
            width=12,
        ),
        Column(key="count", header="Số vụ", kind=Kind.COUNT, width=10),
        _text("number", "Số, ký hiệu"),
        _note(),
    ),
)
TASKS = Tab(
    key="tasks",
    title="Nhiệm vụ khác",
    writer=Writer.SCHOOLS,
    hidden=True,
    natural_key=("school", "task"),
    about="Các nhiệm vụ khác của công văn; ghi khi đã thực hiện.",
    columns=(
        _school(),
        Column(key="task", header="Nhiệm vụ", kind=Kind.CONTENT, need=Need.REQUIRED, width=44),
        _day("done", "Ngày thực hiện"),
        Column(key="result", header="Kết quả", kind=Kind.FREE, width=28),
        _note(),
    ),
)
RECEIPTS = Tab(
    key="receipts",
    title="Phòng tiếp nhận",
    writer=Writer.OFFICE,
    natural_key=("school", "content", "period", "arrived"),
    about="Phòng ghi ngày văn bản đến; ngày này quyết định đúng hạn hay trễ hạn.",
    columns=(
        _school(),
        _content(),
        Column(key="period", header="Kỳ hoặc mã vụ việc", kind=Kind.PERIOD_OR_CODE, width=18),
        _day("arrived", "Ngày đến", Need.REQUIRED),
        _text("number", "Số, ký hiệu"),
        _choice("result", "Kết quả", RESULTS),
        _day("returned", "Ngày trả"),
        _note(),
    ),
)
WAIVERS = Tab(
    key="waivers",
    title="Miễn trừ",
    writer=Writer.OPERATOR,
    hidden=True,
    natural_key=("school", "content", "period"),
    about="Trường được miễn một nội dung trong một thời gian.",
    columns=(
        _school(),
        _content(),
        Column(key="period", header="Kỳ hoặc mã vụ việc", kind=Kind.PERIOD_OR_CODE, width=18),
        _day("valid_from", "Từ ngày"),
        _day("valid_to", "Đến ngày"),
        Column(key="reason", header="Lý do", kind=Kind.FREE, need=Need.REQUIRED, width=34),
    ),
)
EXTENSIONS = Tab(
    key="extensions",
    title="Gia hạn",
    writer=Writer.OPERATOR,
    hidden=True,
    natural_key=("scope", "content", "period"),
    about="Hạn mới là ngày cuối cùng còn được tính đúng hạn.",
    columns=(
        Column(
            key="scope",
            header="Áp dụng cho",
            kind=Kind.SCOPE,
            need=Need.REQUIRED,
            prompt="Trường, xã, thị trấn, hoặc “tất cả”.",
            width=30,
        ),
        _content(),
        Column(key="period", header="Kỳ", kind=Kind.PERIOD, width=12),
        _day("last_day", "Hạn mới", Need.REQUIRED),
        Column(key="reason", header="Lý do", kind=Kind.FREE, need=Need.REQUIRED, width=34),
    ),
)
STATUS = Tab(key="status", title="Tình trạng", writer=Writer.WORKER)
FAULTS = Tab(key="faults", title="Lỗi nhập liệu", writer=Writer.WORKER)

TABS: tuple[Tab, ...] = (
    GUIDE,
    PLANS,
    PROPAGANDA,
    MODELS,
    INCIDENTS,
    PERIODIC,
    TASKS,
    RECEIPTS,
    SCHOOLS,
    WAIVERS,
    EXTENSIONS,
    STATUS,
    FAULTS,
)
"""Every tab, in the order in which a template shows them."""
_BY_KEY = {tab.key: tab for tab in TABS}
INPUT_TABS: tuple[Tab, ...] = tuple(tab for tab in TABS if tab.columns)
"""The tabs that the worker reads."""


def tab(key: str) -> Tab:
    """Return the tab named `key`; KeyError if there is none."""
    return _BY_KEY[key]
