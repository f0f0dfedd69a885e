"""What only the operator can mend: conditions, each told once while it lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from automator.core.breaker import Suspicion
from automator.core.broken import Broken
from automator.core.layout import tab
from automator.core.memory import Episode, TellKey
from automator.core.notice import AlertItem
from automator.core.problem import Problem

AT_ONCE = frozenset(
    {
        *("unreadable_workbook", "unreadable_tab", "breaker", "doubtful", "restored", "another"),
        "urgent_held",
    }
)
"""Alerts that go out on days off and in quiet hours too: until mended, nobody is told right."""

IN_ANY_RUN = frozenset({"restored", "another", "urgent_held"})
"""Alerts of watch passes and reminders by hand too: not even an urgent mail goes out meanwhile."""

SETTINGS = frozenset({"time_zone_differs", "locale_differs"})
"""Codes of problems of a whole Google Sheet that only the operator can mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One running condition: its kind, its subject (what it is about), one line in words."""

    code: str
    subject: str
    line: str

    @property
    def instance(self) -> str:
        """The key under which it is remembered."""
        return f"alert/{self.code}/{self.subject}"


_TEXTS: Mapping[str, tuple[str, str, str]] = {
    "unreadable_workbook": (
        "Không đọc được sổ",
        "Lần chạy này chưa kết luận và chưa gửi thư nào khác; hệ thống tự đọc lại ở lần chạy sau.",
        "Đề nghị kiểm tra sổ, quyền truy cập và kết nối mạng.",
    ),
    "restored": (
        "Sổ nhớ là một bản cũ",
        "Chưa gửi thư nào khác, kể cả thư khẩn: hệ thống không biết các thư đã gửi sau bản này.",
        (
            "Đề nghị khôi phục bản mới nhất; nếu dùng tiếp bản này, chạy automator outbox release"
            " ledger sau khi bỏ các thư đã gửi (automator outbox discard)."
        ),
    ),
    "another": (
        "Danh sách trường khác hẳn lần đọc trước",
        "Chưa gửi thư nào khác, kể cả thư khẩn: có thể hệ thống đang đọc nhầm sổ.",
        (
            "Đề nghị kiểm tra đường dẫn và mã sổ trong tệp cấu hình; nếu đúng là sổ này, chạy"
            " automator outbox release ledger."
        ),
    ),
    "urgent_held": (
        "Thư khẩn chưa được gửi",
        "Các thư khẩn sau đang chờ người vận hành cho phép.",
        "Đề nghị gọi điện ngay cho nơi nhận; xem automator outbox list và quyết định.",
    ),
    "unreadable_tab": (
        "Không đọc được tab của sổ",
        "Số liệu đọc được lần gần nhất vẫn được dùng; thư nhắc về các nội dung này tạm dừng.",
        "Đề nghị mở sổ, đặt lại tên tab và tiêu đề cột như dưới đây.",
    ),
    "breaker": (
        "Số liệu mới thay đổi bất thường",
        "Thư do riêng số liệu mới gây ra được giữ lại; tổng hợp dùng số liệu tin cậy gần nhất.",
        "Đề nghị kiểm tra và khôi phục sổ; nếu số liệu mới là đúng, chạy automator outbox release.",
    ),
    "doubtful": (
        "Lần đọc đầu tiên có tab chưa đáng tin",
        "Chưa gửi thư nhắc và chưa tổng hợp các nội dung của tab này.",
        "Đề nghị kiểm tra tab; nếu đúng như vậy, chạy automator outbox release.",
    ),
    "old_duty": (
        "Nội dung quá hạn đã lâu trước khi hệ thống theo dõi",
        "Hệ thống không tự nhắc các nội dung này.",
        "Nếu vẫn cần nhắc các trường sau, chạy automator outbox release.",
    ),
    "no_address": (
        "Trường, đơn vị chưa có địa chỉ thư điện tử",
        "Các đơn vị sau vẫn được theo dõi nhưng không nhận được thư.",
        "Đề nghị bổ sung địa chỉ trong tab Trường hoặc trong tệp cấu hình.",
    ),
    "address": (
        "Địa chỉ thư của trường đã thay đổi",
        "Chưa gửi thư nào đến địa chỉ mới; địa chỉ đã duyệt còn trong sổ vẫn nhận thư.",
        (
            "Đề nghị gọi điện hỏi lại trường; nếu đúng, chạy automator contacts approve (xem địa"
            " chỉ đầy đủ: automator contacts list)."
        ),
    ),
    "domain": (
        "Địa chỉ thư ngoài các tên miền được phép",
        "Không gửi thư đến các địa chỉ sau.",
        "Đề nghị dùng địa chỉ khác, hoặc bổ sung tên miền vào allow_domains của tệp cấu hình.",
    ),
    "bounced": (
        "Địa chỉ thư không nhận được thư",
        "Thư gửi tới các địa chỉ sau bị trả lại; hệ thống không gửi tới đó nữa.",
        "Đề nghị sửa địa chỉ; nếu vẫn dùng được, chạy automator bounces --clear ĐỊA_CHỈ.",
    ),
    "wide": (
        "Miễn trừ, gia hạn cho nhiều trường",
        "Các dòng sau cùng liên quan đến nhiều trường nên chưa được áp dụng.",
        "Nếu đúng, chạy automator outbox release decisions; nếu không đúng, xóa các dòng đó.",
    ),
    "moved": (
        "Hạn thay đổi cho nhiều trường",
        "Chưa gửi thư nào về hạn mới của các nội dung sau.",
        "Nếu đúng, chạy automator outbox release; nếu không đúng, sửa lại tệp cấu hình.",
    ),
    "waiver": (
        "Miễn trừ đang ghi trong sổ",
        "Các trường sau được miễn một nội dung.",
        "Đề nghị kiểm tra; nếu không đúng, xóa dòng trong tab Miễn trừ.",
    ),
    "extension": (
        "Gia hạn đang ghi trong sổ",
        "Hạn mới được áp dụng như sau.",
        "Đề nghị kiểm tra; nếu không đúng, xóa dòng trong tab Gia hạn.",
    ),
    "unknown_scope": (
        "Quyết định về trường, đơn vị không có trong danh sách",
        "Các quyết định sau không được áp dụng cho trường nào.",
        "Đề nghị sửa mã trường, mã xã trong tệp cấu hình, hoặc thu hồi quyết định.",
    ),
    "ending": (
        "Quyết định sắp hết hiệu lực",
        "Nếu số liệu không thay đổi, hệ thống tiếp tục nhắc như sau.",
        "Nếu cần kéo dài, đề nghị quyết định lại trước ngày đó.",
    ),
    "secret": (
        "Ô có dấu chỉ độ mật",
        "Thư về các dòng này được giữ lại.",
        "Đề nghị xóa nội dung thuộc bí mật nhà nước khỏi sổ.",
    ),
    "in_doubt": (
        "Thư chưa rõ đã đến nơi hay chưa",
        "Kết nối bị ngắt sau khi đã chuyển thư; hệ thống không tự gửi lại các thư sau.",
        (
            "Đề nghị tìm trong hộp thư đã gửi theo mã thư; nếu chưa có, liên hệ nơi nhận."
            " Khi đã rõ, chạy automator outbox discard kèm mã thư."
        ),
    ),
    "sent_again": (
        "Thư được gửi lại một lần",
        "Lần gửi trước bị ngắt, chưa rõ thư đã đến nơi hay chưa; hệ thống gửi lại đúng thư đó.",
        "Không cần làm gì thêm; nơi nhận có thể nhận được hai bản giống nhau.",
    ),
    "broken": (
        "Lỗi của chương trình khi xử lý một số trường",
        "Chưa kết luận và chưa gửi thư về các nội dung sau; các trường khác không bị ảnh hưởng.",
        "Đề nghị chuyển các dòng dưới đây cho người phát triển chương trình.",
    ),
    "failed": (
        "Thư không gửi được",
        "Máy chủ thư đã từ chối các thư sau; hệ thống không tự gửi lại.",
        (
            "Đề nghị kiểm tra địa chỉ nhận. Khi địa chỉ thay đổi, thư được gửi lại; nếu do máy chủ"
            " thư, chạy automator outbox retry kèm mã thư."
        ),
    ),
    "deferred": (
        "Thư chưa đến được nơi nhận trong 48 giờ",
        "Máy chủ thư tạm từ chối các thư sau; mỗi lần chạy hệ thống vẫn gửi lại.",
        "Đề nghị kiểm tra địa chỉ nhận, hộp thư đầy, hoặc liên hệ đơn vị bằng cách khác.",
    ),
    "settings": (
        "Cài đặt của bảng tính khác với hệ thống",
        "Ngày nhập vào bảng tính có thể bị hiểu sai.",
        "Đề nghị chỉnh cài đặt như dưới đây, rồi kiểm tra các ngày đã nhập.",
    ),
    "calendar": (
        "Lịch nghỉ lễ chưa có năm cần dùng",
        "Ngày nghỉ của các năm sau chưa được biết; chỉ thứ Bảy, Chủ nhật được tính là ngày nghỉ.",
        "Đề nghị bổ sung ngày nghỉ trong mục [calendar] của tệp cấu hình.",
    ),
    "first_run": (
        "Lần chạy đầu tiên qua máy chủ thư",
        "Chưa thư nào được gửi cho trường và cơ quan; dự kiến gửi như sau.",
        "Nếu đúng, chạy lại với tùy chọn --first-run.",
    ),
}


def item(code: str, alerts: Iterable[Alert]) -> AlertItem:
    """Return the alerts of one code as one item of the operator's mail."""
    title, detail, remedy = _TEXTS[code]
    return AlertItem(
        code=code,
        title=title,
        detail=detail,
        remedy=remedy,
        lines=tuple(a.line for a in alerts),
    )


def order() -> tuple[str, ...]:
    """Return the codes in the order of the operator's mail, the gravest first."""
    return tuple(_TEXTS)


def of_problems(problems: Iterable[Problem]) -> list[Alert]:
    """Return alerts for tabs that cannot be read, settings that differ, and secret cells."""
    found: list[Alert] = []
    for problem in problems:
        if problem.cell is None and problem.severity.value == "blocks":
            subject = f"{problem.tab}/{problem.header or problem.code}"
            line = f"Tab {problem.tab}: {problem.message}. {problem.remedy}"
            found.append(Alert(code="unreadable_tab", subject=subject, line=line))
        if problem.code in SETTINGS:
            line = f"{problem.message[:1].upper()}{problem.message[1:]}. {problem.remedy}"
            found.append(Alert(code="settings", subject=problem.code, line=line))
        if problem.code == "secret":
            where = f"Tab {problem.tab}, ô {problem.cell}"
            found.append(Alert(code="secret", subject=f"{problem.tab}/{problem.cell}", line=where))
    return found


def of_lost_tabs(tabs: Iterable[str]) -> list[Alert]:
    """Return one alert per tab of decisions that was there and cannot be read any more."""
    return [
        Alert(
            code="unreadable_tab",
            subject=f"{tab(key).title}/lost",
            line=f"Tab {tab(key).title}: trước đây có, nay không đọc được.",
        )
        for key in sorted(tabs)
    ]


def of_faults(faults: Iterable[Broken]) -> list[Alert]:
    """Return one alert per unit or instance on which our own code broke."""
    return [Alert(code="broken", subject=f.subject, line=f"{f.subject}: {f.where}") for f in faults]


def of_suspicions(suspicions: Iterable[Suspicion]) -> list[Alert]:
    """Return one alert per suspicious tab, with its numbers."""
    found: list[Alert] = []
    for s in suspicions:
        title = tab(s.tab).title
        line = (
            f"Tab {title}: số dòng hợp lệ giảm từ {s.before} xuống {s.now}"
            if s.code == "shrunk"
            else f"Tab {title}: {s.now} trường sẽ bị nhắc chỉ vì số liệu mới"
        )
        found.append(Alert(code="breaker", subject=s.tab, line=line))
    return found


def running(
    before: Mapping[str, Episode], alerts: Iterable[Alert], now: datetime, *, whole: bool = True
) -> dict[str, Episode]:
    """Return the episodes of alerts: one that ended keeps its ordinal, to begin anew later.

    A condition that is over has `cause` "over"; when it comes back its ordinal grows. A turn
    that did not look at the `whole` workbook ends none.
    """
    current = {a.instance for a in alerts}
    after: dict[str, Episode] = {}
    for instance in sorted(current | set(before)):
        old = before.get(instance)
        if instance not in current and old is not None:
            after[instance] = (
                old
                if old.cause == "over" or not whole
                else Episode(
                    ordinal=old.ordinal, due_before=old.due_before, opened=now, cause="over"
                )
            )
        elif old is None:
            after[instance] = Episode(ordinal=1, due_before=now, opened=now)
        elif old.cause == "over":
            after[instance] = Episode(ordinal=old.ordinal + 1, due_before=now, opened=now)
        else:
            after[instance] = old
    return after


def alert_key(alert: Alert, office: str, episodes: Mapping[str, Episode]) -> TellKey:
    """Return the key that makes an alert unique while its condition lasts."""
    return TellKey(
        unit=office,
        role="operator",
        instance=alert.instance,
        episode=episodes[alert.instance].ordinal,
        step="alert",
    )
