"""Notices built by hand, one of every kind: what the mails are tested and looked at with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from automator.core.directive import Directive, Obligation, Unit
from automator.core.memory import TellKey
from automator.core.message import Message
from automator.core.notice import (
    AlertItem,
    Digest,
    FindingLine,
    IncidentView,
    Item,
    MailKind,
    Notice,
    RateLine,
    SoftLine,
)
from automator.core.problem import Problem, Severity
from automator.mail.base import MailSettings
from automator.mail.render import Renderer

TEMPLATES = Path(__file__).parent.parent / "mail_templates"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHEET = "https://sheets.example/so-theo-doi"
OFFICE = Unit(
    id="office",
    kind="office",
    name="Phòng Giáo dục và Đào tạo huyện Thủ Thừa",
    emails=("phong@thuthua.example",),
    phone="(0272) 0000 000",
)
DIRECTIVE = Directive(
    title="Công văn triển khai phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021",
    subject=("triển khai thực hiện công tác phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021"),
    issuer="Phòng Giáo dục và Đào tạo huyện Thủ Thừa",
    year=2021,
    starts=date(2021, 2, 3),
    obligations=(
        Obligation(
            id="plan",
            title="Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2021",
            clause="8",
            tab="plans",
            action="xây dựng kế hoạch cụ thể và gửi kế hoạch về Phòng",
            before=date(2021, 2, 25),
        ),
    ),
    units=(OFFICE,),
)
SETTINGS = MailSettings(
    sender="nhac-viec@thuthua.example",
    sender_name="Phòng Giáo dục và Đào tạo huyện Thủ Thừa",
    reply_to="phong@thuthua.example",
    operator="van-hanh@thuthua.example",
)
SCHOOL = ("TH-MY-LAC", "Trường Tiểu học Mỹ Lạc", "Ủy ban nhân dân xã Mỹ Lạc")
PLAN = DIRECTIVE.obligations[0].title
PLAN_DUE = "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021"
PERIODIC = "Báo cáo định kỳ tình hình an ninh, trật tự"


def at(text: str) -> datetime:
    """Return a local instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def item(step: str, *, role: str = "principal", **changes: object) -> Item:
    """Return the plan of TH Mỹ Lạc at one step of its ladder."""
    base = Item(
        key=TellKey(unit=SCHOOL[0], role=role, instance=f"{SCHOOL[0]}/plan", episode=1, step=step),
        action=step.split("-", maxsplit=1)[0],
        obligation="plan",
        title=PLAN,
        period_words="",
        school=SCHOOL[0],
        school_name=SCHOOL[1],
        commune_name="xã Mỹ Lạc",
        status="due" if step.startswith("remind") else "missing",
        reasons=(),
        due_words=PLAN_DUE,
        last_day=date(2021, 2, 24),
        last_day_words="hết thứ Tư, ngày 24/02/2021",
        clause="8",
        tab="Kế hoạch",
        link=f"{SHEET}#gid=2&range=A5",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


PERIODIC_ITEM = item(
    "chase-1",
    obligation="periodic-report",
    title=PERIODIC,
    period_words="tháng 02/2021",
    due_words="chậm nhất hết thứ Sáu, ngày 05/03/2021",
    last_day=date(2021, 3, 5),
    last_day_words="hết thứ Sáu, ngày 05/03/2021",
    days_late=1,
    clause="",
    office_choice=True,
    tab="Báo cáo định kỳ",
    link=f"{SHEET}#gid=6",
)


def notice(kind: MailKind, now: str, *items: Item, **changes: object) -> Notice:
    """Return a notice to the principal of TH Mỹ Lạc, at a local time."""
    base = Notice(
        id="",
        unit=SCHOOL[0],
        role="principal",
        kind=kind,
        addressee=f"Hiệu trưởng {SCHOOL[1]}",
        unit_name=SCHOOL[1],
        recipients=("th-my-lac@truong.example",),
        now=at(now),
        items=items,
        keys=tuple(i.key for i in items),
        thread=f"principal/{SCHOOL[0]}",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def problem(row: int, **changes: object) -> Problem:
    """Return a cell of the tab Kế hoạch that holds no real day."""
    base = Problem(
        tab="Kế hoạch",
        cell=f"C{row}",
        code="bad_day",
        severity=Severity.BLOCKS,
        message="không phải ngày có thật",
        remedy="Đề nghị nhập lại ngày/tháng/năm, ví dụ 24/02/2021.",
        header="Ngày gửi",
        value="31/02/2021",
        school=SCHOOL[0],
        row=row,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


INCIDENT = IncidentView(
    code="VV-2021-014",
    level=1,
    level_label="1 – Khẩn: gọi điện ngay",
    kind_label="Người lạ xâm nhập, gây rối",
    place="Trong trường",
    affected=0,
    state="Đang xử lý",
    school=SCHOOL[0],
    school_name=SCHOOL[1],
    commune_name="xã Mỹ Lạc",
    occurred_words="20:15 ngày 27/02/2021",
    known_words="20:30 ngày 27/02/2021",
    report_due_words="chậm nhất 20:30 ngày 28/02/2021",
    told_police="Có",
    told_commune="Chưa",
    step="urgent",
    blank=("Đã báo UBND xã, thị trấn",),
    where="Vụ việc, dòng 12",
    link=f"{SHEET}#gid=5&range=A12",
)
QUIET = replace(
    INCIDENT,
    code="VV-2021-009",
    level=3,
    level_label="3 – Thông thường: đưa vào báo cáo kỳ",
    kind_label="Cháy nổ, pháo",
    place="Trước cổng trường",
    affected=None,
    state="Đã kết thúc",
    school="THCS-MY-PHU",
    school_name="Trường Trung học cơ sở Mỹ Phú",
    commune_name="xã Mỹ Phú",
    report_due_words="",
    step="",
    blank=(),
)
RESTRICTED = replace(
    INCIDENT,
    code="VV-2021-011",
    level=2,
    level_label="2 – Nghiêm trọng, phức tạp: báo cáo đột xuất",
    kind_label="",
    place="",
    affected=None,
    school_name="",
    restricted=True,
    where="",
    blank=(),
    link="",
)


def rate(obligation: str, title: str, numbers: tuple[int, ...], **changes: object) -> RateLine:
    """Return a line of a table; `numbers`: expected, on time, late, missing."""
    expected, on_time, late, missing = numbers
    base = RateLine(
        unit="office",
        unit_name=OFFICE.name,
        obligation=obligation,
        title=title,
        period=None,
        period_words="",
        due_words=PLAN_DUE,
        expected=expected,
        on_time=on_time,
        late=late,
        returned=0,
        missing=missing,
        open=0,
        open_received=0,
        completeness=(on_time + late) / expected if expected else None,
        timeliness=on_time / expected if expected else None,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


RATES = (
    rate("plan", PLAN, (40, 31, 2, 7), named_day=1, extended=1, returned=1),
    rate(
        "propaganda",
        "Hình thức tuyên truyền (ít nhất 01)",
        (0, 0, 0, 0),
        due_words="chậm nhất hết thứ Sáu, ngày 31/12/2021",
        open=40,
        open_received=12,
    ),
    rate(
        "model",
        "Mô hình phòng, chống tội phạm và bảo vệ an ninh Tổ quốc (ít nhất 01)",
        (0, 0, 0, 0),
        due_words="chậm nhất hết thứ Sáu, ngày 31/12/2021",
        open=40,
        open_received=9,
    ),
    rate("urgent-report", "Báo cáo đột xuất", (3, 2, 1, 0), due_words=""),
    rate(
        "periodic-report",
        PERIODIC,
        (0, 0, 0, 0),
        period="2021-02",
        period_words="tháng 02/2021",
        due_words="chậm nhất hết thứ Sáu, ngày 05/03/2021",
        open=40,
        open_received=6,
    ),
)
COMMUNES = (
    ("thị trấn Thủ Thừa", (6, 5, 1, 0)),
    ("xã Long Thạnh", (3, 3, 0, 0)),
    ("xã Mỹ Lạc", (4, 2, 0, 2)),
    ("xã Mỹ Phú", (3, 2, 0, 1)),
    ("xã Tân Long", (2, 0, 1, 1)),
)


def line(status: str, words: str, **changes: object) -> FindingLine:
    """Return one finding in words."""
    base = FindingLine(
        school=SCHOOL[0],
        school_name=SCHOOL[1],
        commune_name="xã Mỹ Lạc",
        obligation="plan",
        title=PLAN,
        period_words="",
        status=status,
        status_words=words,
        reason_words=(),
        due_words=PLAN_DUE,
        last_day=date(2021, 2, 24),
        days_late=3 if status == "missing" else 0,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


ATTENTION = (
    line("missing", "Chưa nhận"),
    line(
        "missing",
        "Chưa nhận",
        school="THCS-MY-PHU",
        school_name="Trường Trung học cơ sở Mỹ Phú",
        commune_name="xã Mỹ Phú",
    ),
    line(
        "returned",
        "Đề nghị bổ sung",
        school="MG-TAN-LONG",
        school_name="Trường Mẫu giáo Tân Long",
        commune_name="xã Tân Long",
        reason_words=("thời hạn bổ sung: hết thứ Hai, ngày 08/03/2021",),
    ),
)
OWN_LINES = (
    line("missing", "Chưa nhận"),
    line(
        "on_time",
        "Đã nhận đúng hạn",
        obligation="propaganda",
        title="Hình thức tuyên truyền (ít nhất 01)",
        due_words="chậm nhất hết thứ Sáu, ngày 31/12/2021",
        received_words="ngày 20/02/2021",
    ),
    line(
        "upcoming",
        "Chưa đến hạn",
        obligation="model",
        title="Mô hình phòng, chống tội phạm (ít nhất 01)",
        due_words="chậm nhất hết thứ Sáu, ngày 31/12/2021",
    ),
)
DIGEST = Digest(
    audience="office",
    scope_name="huyện Thủ Thừa",
    schools=40,
    weeks=("2021-W08",),
    first_day=date(2021, 2, 22),
    last_day=date(2021, 2, 28),
    rates=RATES,
    by_commune=tuple(
        rate("plan", PLAN, numbers, unit=name, unit_name=f"Ủy ban nhân dân {name}")
        for name, numbers in COMMUNES
    ),
    lines=(),
    attention=ATTENTION,
    incidents=(replace(INCIDENT, step=""), QUIET),
    incidents_total=2,
    incidents_by_level=(1, 0, 1),
    asked=40,
    no_incident=0,
    silent=0,
    soft=(
        SoftLine(
            title="Quán triệt các văn bản chỉ đạo về bảo đảm an ninh, trật tự",
            clause="1",
            done=12,
            schools=40,
        ),
        SoftLine(title="Ngày hội toàn dân bảo vệ an ninh Tổ quốc", clause="4", done=0, schools=40),
    ),
    todo=("02 dòng trong tab Phòng tiếp nhận chưa ghi Kết quả.",),
)
SILENT = replace(PERIODIC_ITEM, period_words="tháng 04/2021", range_words="tháng 2–4")
SILENT_LONG = replace(
    SILENT,
    key=replace(SILENT.key, unit="28048", role="commune", step="escalate-5"),
    action="escalate",
    days_late=5,
    earlier=(at("2021-05-07T07:00"),),
)
ESCALATED = (
    item(
        "escalate-3",
        role="leader",
        days_late=4,
        earlier=(at("2021-02-26T07:00"), at("2021-03-04T07:00")),
    ),
    item(
        "escalate-3",
        role="leader",
        school="MG-TAN-LONG",
        school_name="Trường Mẫu giáo Tân Long",
        commune_name="xã Tân Long",
        status="returned",
        days_late=1,
        earlier=(at("2021-02-26T07:00"),),
    ),
)
ALERTS = (
    AlertItem(
        code="unreadable_tab",
        title="Không đọc được tab Kế hoạch",
        detail="Không thấy cột “Ngày gửi”; hàng tiêu đề có: Trường, Ngay gui di, Số, ký hiệu.",
        remedy="Đổi lại tên cột thành “Ngày gửi” rồi chạy lại.",
        lines=("Dòng đọc được lần cuối: 07:00 ngày 25/02/2021", "Số dòng khi đó: 33"),
    ),
    AlertItem(
        code="no_address",
        title="01 trường chưa có địa chỉ thư",
        detail="Thư gửi các trường này được giữ lại.",
        remedy="Ghi địa chỉ vào cột Email của tab Trường.",
        lines=("Trường Mầm non Thủ Thừa",),
    ),
)


def _official(role: str, unit: str, name: str) -> dict[str, object]:
    """Return what addresses a notice to an official."""
    return {
        "unit": unit,
        "role": role,
        "addressee": name,
        "unit_name": name,
        "recipients": (f"{role}@co-quan.example",),
        "thread": f"{role}/{unit}",
    }


LEADER = _official("leader", "office", f"Lãnh đạo {OFFICE.name}")
OFFICE_TO = _official("office", "office", f"Bộ phận tổng hợp, {OFFICE.name}")
DUTY = _official("duty", "office", f"Bộ phận trực, {OFFICE.name}")
OPERATOR = _official("operator", "office", "Người vận hành")
COMMUNE = _official("commune", "28048", "Ủy ban nhân dân xã Mỹ Lạc")
POLICE = _official("police", "police", "Công an huyện Thủ Thừa")


def _ladder() -> dict[str, Notice]:
    """Return what a principal may be told on the ladder."""
    told = (at("2021-02-26T07:00"),)
    reopened = item(
        "reopened", status="returned", due_words="chậm nhất hết thứ Hai, ngày 08/03/2021"
    )
    changed = item("changed", previous_due_words="trước ngày 20/02/2021", status="upcoming")
    received = item(
        "received",
        status="late",
        days_late=2,
        received_words="ngày 26/02/2021",
        number="12/KH-THML",
        missing=("Công an phối hợp",),
    )
    chase, second = item("chase-1", days_late=1), item("chase-5", days_late=5, earlier=told)
    faults = tuple(problem(row) for row in range(5, 13))
    kinds = MailKind
    return {
        "remind": notice(kinds.REMIND, "2021-02-18T07:00", item("remind-5", days_left=5)),
        "remind_last_day": notice(kinds.REMIND, "2021-02-24T07:00", item("remind-1")),
        "chase": notice(kinds.CHASE, "2021-02-26T07:00", chase, problems=faults),
        "chase_again": notice(kinds.CHASE, "2021-03-04T07:00", second),
        "received": notice(kinds.RECEIVED, "2021-02-27T07:00", received),
        "changed": notice(kinds.CHANGED, "2021-02-19T07:00", changed),
        "reopened": notice(kinds.CHANGED, "2021-03-01T07:00", reopened),
        "several": notice(
            kinds.CHASE, "2021-03-08T07:00", second, PERIODIC_ITEM, problems=faults[:1]
        ),
        "range": notice(kinds.CHASE, "2021-05-07T07:00", SILENT),
        "escalate": notice(kinds.ESCALATE, "2021-03-05T07:00", *ESCALATED, **LEADER),
        "escalate_commune": notice(kinds.ESCALATE, "2021-05-13T07:00", SILENT_LONG, **COMMUNE),
        "foreseen": notice(
            kinds.CHASE,
            "2021-05-07T07:00",
            **OFFICE_TO,
            foreseen=(chase, second, SILENT),
            foreseen_from="14 giờ 00",
        ),
    }


def _digests() -> dict[str, Notice]:
    """Return the weekly summary of every audience."""
    own = replace(
        DIGEST,
        audience="principal",
        schools=1,
        rates=(),
        by_commune=(),
        lines=OWN_LINES,
        attention=(),
        incidents=(),
        incidents_total=0,
        incidents_by_level=(0, 0, 0),
        asked=1,
        silent=1,
        soft=(),
        todo=("Ghi 01 mô hình vào tab Mô hình.",),
    )
    commune = replace(
        DIGEST,
        audience="commune",
        scope_name="xã Mỹ Lạc",
        schools=4,
        by_commune=(),
        attention=ATTENTION[:1],
        incidents=(replace(INCIDENT, step=""), RESTRICTED),
        incidents_by_level=(1, 1, 0),
        asked=4,
        soft=(),
        todo=(),
    )
    police = replace(DIGEST, audience="police", attention=(), names=False, soft=(), todo=())
    empty = replace(
        DIGEST,
        incidents=(),
        incidents_total=0,
        incidents_by_level=(0, 0, 0),
        no_incident=33,
        silent=7,
        stale=(
            "Tab Kế hoạch không đọc được từ 07:00 ngày 28/02/2021: số liệu theo lần đọc trước.",
        ),
    )
    now, weeks = "2021-03-01T07:00", DIGEST.weeks
    kind = MailKind.DIGEST
    return {
        "digest_principal": notice(
            kind, now, item("chase-1", days_late=3), digest=own, weeks=weeks
        ),
        "digest_commune": notice(kind, now, digest=commune, weeks=weeks, **COMMUNE),
        "digest_police": notice(kind, now, digest=police, weeks=weeks, **POLICE),
        "digest_office": notice(kind, now, digest=empty, weeks=weeks, **OFFICE_TO),
        "digest_leader": notice(kind, now, *ESCALATED, digest=DIGEST, weeks=weeks, **LEADER),
    }


def _urgent() -> dict[str, Notice]:
    """Return the urgent mails to each reader."""
    now, kind = "2021-02-27T20:40", MailKind.URGENT
    thread = {"thread": f"urgent/{INCIDENT.code}"}
    late = replace(INCIDENT, step="urgent-leader")
    changed = replace(
        INCIDENT, step="urgent-changed", changes=("Tình trạng: Đang xử lý → Đã kết thúc",)
    )
    withdrawn = replace(INCIDENT, step="urgent-withdrawn", changes=("Nhà trường ghi: Nhập nhầm",))
    seen = replace(INCIDENT, acknowledged=True, blank=(), link="")
    return {
        "urgent_principal": notice(kind, now, incident=INCIDENT, **thread),
        "urgent_duty": notice(kind, now, incident=INCIDENT, **(DUTY | thread)),
        "urgent_leader": notice(kind, now, incident=late, **(LEADER | thread)),
        "urgent_commune": notice(kind, now, incident=RESTRICTED, **(COMMUNE | thread)),
        "urgent_police": notice(kind, now, incident=seen, **(POLICE | thread)),
        "urgent_changed": notice(kind, now, incident=changed, **thread),
        "urgent_withdrawn": notice(kind, now, incident=withdrawn, **thread),
    }


def _numbered(notices: dict[str, Notice]) -> dict[str, Notice]:
    """Give every sample an id of its own, the same in every run."""
    return {
        name: replace(made, id=f"{place:08x}{'5a' * 12}")
        for place, (name, made) in enumerate(notices.items(), 0x1D3F6E10)
    }


SAMPLES: dict[str, Notice] = _numbered(
    _ladder()
    | _digests()
    | _urgent()
    | {
        "alert": notice(MailKind.ALERT, "2021-02-26T07:00", alerts=ALERTS, **OPERATOR),
        "alert_one": notice(MailKind.ALERT, "2021-02-26T07:00", alerts=ALERTS[1:], **OPERATOR),
    }
)


def renderer(folder: Path = TEMPLATES) -> Renderer:
    """Return a renderer with the shipped templates, or those of `folder`."""
    return Renderer(folder, directive=DIRECTIVE, office=OFFICE, zone=ZONE, sheet_link=SHEET)


def later(made: Notice, by: timedelta) -> Notice:
    """Return the same notice of another moment."""
    return replace(made, now=made.now + by)


@cache
def rendered() -> Mapping[str, Message]:
    """Return every sample as a mail, by name: rendered once for all the modules that ask."""
    shown = renderer()
    return {name: shown.render(sample) for name, sample in SAMPLES.items()}
