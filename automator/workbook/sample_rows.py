"""What the sample's schools and office wrote in February and March 2021.

Planted faults, eight, of the kinds that people make:
 1. THTHCS-MY-THANH, plan: last year's date, 24/02/2020
 2. THCS-BINH-THANH, plan: a day typed as text, 25/2/21 (understood)
 3. MG-HOA-BINH, plan: the other tone style, "MG Hoà Bình" (understood)
 4. TH-MY-LAC, receipt of the report: "TH Mỹ Lạc" in decomposed letters (understood)
 5. MG-LONG-THANH, propaganda: a day that does not exist, 31/02/2021
 6. propaganda: a school that the roster does not know, Trường Tiểu học Mỹ Lộc
 7. THCS-MY-AN, model: a day in American order, 02/18/2021
 8. TH-MY-LAC, incident: a place that is not in the list
"""

from datetime import date, datetime

from automator.core.layout import (
    CHANNELS,
    MODEL_KINDS,
    MODEL_NATURES,
    PLACES,
    RESULTS,
    SEVERITIES,
    STATES,
)
from automator.core.snapshot import Cell

_QLVB, _EMAIL, _PAPER = CHANNELS
_SPREAD, _PREVENT, _DETECT, _ = MODEL_KINDS
_NEW, _KEPT, _WIDER = MODEL_NATURES
_ACK, _GOOD, _SUPPLEMENT = RESULTS
_OPEN, _CLOSED, _MISTAKEN = STATES
_S1, _S2, _S3 = SEVERITIES
_INSIDE, _GATE, _WAY, _ONLINE, _ELSEWHERE = PLACES


def _feb(day: int, hour: int = -1, minute: int = 0) -> date:
    return date(2021, 2, day) if hour < 0 else _at(2, day, hour, minute)


def _mar(day: int, hour: int = -1, minute: int = 0) -> date:
    return date(2021, 3, day) if hour < 0 else _at(3, day, hour, minute)


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2021, month, day, hour, minute)  # noqa: DTZ001 - a workbook holds local time


PLANS: tuple[tuple[str, Cell, str, Cell, str], ...] = (
    # school, sent, number without its suffix ("" blank), signed, channel
    ("TH-THU-THUA", _feb(8), "05", _feb(8), _QLVB),
    ("THCS-MY-PHU", _feb(8), "04", _feb(5), _QLVB),
    ("TH-MY-LAC", _feb(9), "06", _feb(8), _QLVB),
    ("THCS-THU-THUA", _feb(9), "07", _feb(9), _QLVB),
    ("MN-THU-THUA", _feb(9), "03", _feb(9), _EMAIL),
    ("TH-NHI-THANH", _feb(9), "05", _feb(8), _EMAIL),
    ("TH-LONG-THANH", _feb(17), "08", _feb(17), _QLVB),  # no police named: expected and blank
    ("THCS-NHI-THANH", _feb(18), "09", _feb(17), _QLVB),  # returned, not mended
    ("MG Hoà Bình", _feb(18), "04", _feb(18), _EMAIL),
    ("THCS-LONG-THANH", _feb(19), "06", _feb(18), _QLVB),
    ("TH-BINH-AN", _feb(19), "07", _feb(19), _QLVB),  # returned on 22/02 …
    ("TH-MY-PHU", _feb(19), "05", _feb(19), _PAPER),
    ("MG-LONG-THUAN", _feb(22), "02", _feb(19), _PAPER),
    ("MG-MY-LAC", _feb(22), "", None, _PAPER),
    ("TH-MY-AN", _feb(22), "06", _feb(22), _QLVB),
    ("TH-LONG-THUAN", _feb(23), "08", _feb(22), _QLVB),
    ("THCS-BINH-AN", _feb(23), "11", _feb(23), _QLVB),
    ("MG-BINH-THANH", _feb(23), "03", None, _PAPER),
    ("TH-BINH-AN", _feb(24), "09", _feb(24), _QLVB),  # … and sent again
    ("MN-NHI-THANH", _feb(24), "05", _feb(24), _PAPER),  # reached the office on 26/02
    ("THTHCS-MY-THANH", date(2020, 2, 24), "10", _feb(23), _QLVB),
    ("THTHCS-TAN-LONG", _feb(24), "12", _feb(24), _QLVB),
    ("THCS-MY-AN", _feb(24), "08", _feb(23), _EMAIL),
    ("TH-TAN-LONG-B", _feb(24), "04", _feb(24), _PAPER),
    ("TH-TAN-THANH", _feb(25), "07", _feb(24), _QLVB),
    ("THCS-BINH-THANH", "25/2/21", "09", _feb(24), _QLVB),
    ("MG-MY-AN", _feb(25), "03", _feb(25), _EMAIL),
    ("THCS-MY-LAC", _feb(26), "10", _feb(25), _QLVB),
    ("TH-TAN-LONG", _mar(1), "06", _mar(1), _PAPER),
    ("MG-LONG-THANH", _mar(2), "04", _mar(1), _EMAIL),
    ("MG-MY-PHU", _mar(2), "05", _mar(2), _PAPER),  # has an extension to 03/03
    ("TH-BINH-THANH", _mar(3), "08", _mar(2), _QLVB),
    ("MN-HUONG-DUONG", _mar(4), "03", _mar(4), _EMAIL),
)
WITHOUT_POLICE = frozenset({"TH-LONG-THANH", "MG-MY-LAC"})
"""Schools whose plan names no police unit."""

PLAN_RECEIPTS: tuple[tuple[str, Cell, str, str, Cell], ...] = (
    # school, arrived, number, result, when it was returned
    ("TH-THU-THUA", _feb(8), "05", _GOOD, None),
    ("THCS-MY-PHU", _feb(9), "04", _GOOD, None),
    ("TH-MY-LAC", _feb(9), "06", _GOOD, None),
    ("THCS-THU-THUA", _feb(9), "07", _GOOD, None),
    ("MN-THU-THUA", _feb(9), "03", _GOOD, None),
    ("TH-NHI-THANH", _feb(17), "05", _GOOD, None),
    ("TH-LONG-THANH", _feb(17), "08", "", None),
    ("THCS-NHI-THANH", _feb(18), "09", _SUPPLEMENT, _feb(23)),
    ("MG-HOA-BINH", _feb(18), "04", _GOOD, None),
    ("THCS-LONG-THANH", _feb(19), "06", _GOOD, None),
    ("TH-BINH-AN", _feb(19), "07", _SUPPLEMENT, _feb(22)),
    ("TH-MY-PHU", _feb(22), "05", _GOOD, None),
    ("MG-LONG-THUAN", _feb(22), "02", _GOOD, None),
    ("MG-MY-LAC", _feb(22), "", "", None),
    ("TH-MY-AN", _feb(22), "06", _GOOD, None),
    ("THCS-LONG-THUAN", _feb(23), "07", _GOOD, None),  # the school has no row of its own
    ("TH-LONG-THUAN", _feb(23), "08", _GOOD, None),
    ("THCS-BINH-AN", _feb(23), "11", _GOOD, None),
    ("TH-BINH-AN", _feb(24), "09", _GOOD, None),
    ("THTHCS-TAN-LONG", _feb(24), "12", _GOOD, None),
    ("THCS-MY-AN", _feb(24), "08", "", None),
    ("TH-TAN-THANH", _feb(25), "07", _GOOD, None),
    ("THCS-BINH-THANH", _feb(25), "09", _GOOD, None),
    ("MN-NHI-THANH", _feb(26), "05", _GOOD, None),
    ("THCS-MY-LAC", _feb(26), "10", _GOOD, None),
    ("TH-TAN-LONG", _mar(1), "06", _GOOD, None),
    ("MG-LONG-THANH", _mar(2), "04", _GOOD, None),
    ("MG-MY-PHU", _mar(2), "05", _GOOD, None),
    ("TH-BINH-THANH", _mar(4), "08", _GOOD, None),
)

PROPAGANDA: tuple[tuple[str, str, Cell, Cell], ...] = (
    # school, form, done, attendance
    ("MN-THU-THUA", "Bảng tin cổng trường: phòng cháy, không đốt pháo dịp Tết", _feb(8), None),
    ("TH-THU-THUA", "Thông báo đến cha mẹ học sinh: không mua bán, sử dụng pháo", _feb(8), 620),
    ("THCS-THU-THUA", "Bài viết trên trang thông tin: cảnh giác tin giả", _feb(9), None),
    ("TH-MY-LAC", "Thông báo đến cha mẹ học sinh: phòng, chống Covid-19 theo 5K", _feb(9), 410),
    ("THCS-MY-PHU", "Họp trực tuyến toàn trường: quán triệt công văn của Phòng", _feb(18), 38),
    ("TH-NHI-THANH", "Pa nô trước cổng trường về trật tự, an toàn giao thông", _feb(18), None),
    ("THCS-LONG-THANH", "Họp hội đồng: phổ biến kế hoạch phong trào", _feb(19), 34),
    ("TH-LONG-THUAN", "Tin nhắn nhóm lớp: nhận biết tin sai sự thật", _feb(19), 355),
    ("MG-HOA-BINH", "Bảng tin: số điện thoại cần gọi khi có việc khẩn", _feb(22), None),
    ("TH-BINH-AN", "Họp hội đồng: phổ biến kế hoạch phong trào", _feb(22), 31),
    ("THCS-BINH-AN", "Tờ rơi về phòng, chống tội phạm lừa đảo qua mạng", _feb(23), 480),
    ("TH-MY-AN", "Pa nô “5 tự” trước cổng trường", _feb(23), None),
    ("THCS-NHI-THANH", "Bài viết trên trang thông tin: tố giác tội phạm", _feb(24), None),
    ("MG-LONG-THANH", "Bảng tin: an toàn khi đưa đón trẻ", "31/02/2021", None),
    ("TH-MY-PHU", "Sinh hoạt dưới cờ: an toàn giao thông trước cổng trường", _mar(1), 390),
    ("TH-LONG-THANH", "Sinh hoạt dưới cờ: phòng, chống Covid-19", _mar(1), 345),
    ("THTHCS-TAN-LONG", "Sinh hoạt dưới cờ: không bạo lực học đường", _mar(1), 520),
    ("Trường Tiểu học Mỹ Lộc", "Phát thanh măng non: giữ gìn trật tự công cộng", _mar(1), 300),
    ("TH-TAN-THANH", "Phát thanh măng non: an toàn giao thông", _mar(2), 260),
    ("THCS-BINH-THANH", "Phát thanh học đường: tác hại của ma túy", _mar(3), 415),
    ("MN-NHI-THANH", "Họp cha mẹ học sinh: an toàn khi đưa đón trẻ", _mar(5), 180),
    ("MG-MY-LAC", "Họp cha mẹ học sinh: phòng, chống xâm hại trẻ em", _mar(6), 95),
    ("THTHCS-MY-THANH", "Sinh hoạt dưới cờ: sử dụng mạng an toàn", _mar(8), 470),
    ("THCS-MY-AN", "Nói chuyện chuyên đề cùng công an xã", _mar(8), 365),
    ("TH-TAN-LONG", "Phát thanh măng non: đuối nước và cách phòng tránh", _mar(9), 240),
    ("MG-LONG-THUAN", "Bảng tin: phòng cháy, chữa cháy", _mar(10), None),
    ("THCS-LONG-THUAN", "Sinh hoạt dưới cờ: “3 tự” trong giáo viên, học sinh", _mar(15), 330),
    ("THCS-MY-LAC", "Hội thi tìm hiểu pháp luật", _mar(15), 280),
    ("MG-MY-AN", "Bảng tin: không để người lạ đón trẻ", None, None),
    ("TH-BINH-THANH", "Sinh hoạt dưới cờ: phòng, chống đuối nước", _mar(22), 310),
)

MODELS: tuple[tuple[str, str, str, str, Cell], ...] = (
    # school, name, kind ("" blank), nature, launched
    ("TH-THU-THUA", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", _PREVENT, _KEPT,
     date(2019, 9, 5)),
    ("THCS-THU-THUA", "Trường học 2 không", _PREVENT, _KEPT, date(2018, 9, 5)),
    ("MN-THU-THUA", "Camera an ninh", _DETECT, _KEPT, date(2020, 10, 1)),
    ("TH-MY-LAC", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", _PREVENT, _WIDER,
     date(2020, 9, 7)),
    ("THCS-MY-PHU", "Trường học không có tội phạm và tệ nạn ma túy", _PREVENT, _KEPT,
     date(2019, 11, 15)),
    ("TH-NHI-THANH", "Tiếng loa an ninh, trật tự", _SPREAD, _NEW, _feb(22)),
    ("THCS-LONG-THANH", "3 Tự: tự phòng, tự quản, tự báo cáo", _PREVENT, _NEW, _feb(24)),
    ("TH-LONG-THANH", "Camera an ninh", _DETECT, _NEW, _mar(1)),
    ("TH-LONG-THUAN", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", _PREVENT, _KEPT,
     date(2019, 9, 5)),
    ("TH-BINH-AN", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", "", _KEPT,
     date(2020, 9, 7)),
    ("THCS-BINH-AN", "Phòng, chống tội phạm, tệ nạn xã hội xâm nhập học đường", _PREVENT, _KEPT,
     date(2018, 10, 10)),
    ("MG-HOA-BINH", "5 An", _PREVENT, _NEW, _mar(5)),
    ("TH-MY-AN", "Tiếng loa an ninh, trật tự", _SPREAD, _NEW, _mar(8)),
    ("THCS-MY-AN", "Trường học 2 không", _PREVENT, _NEW, "02/18/2021"),
    ("THCS-NHI-THANH", "Móc khóa tiếp nhận thông tin an ninh, trật tự", _DETECT, _WIDER,
     date(2020, 12, 1)),
    ("TH-MY-PHU", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", _PREVENT, _KEPT,
     date(2019, 9, 5)),
    ("THTHCS-TAN-LONG", "3 Tự: tự phòng, tự quản, tự báo cáo", _PREVENT, _NEW, _mar(8)),
    ("THCS-BINH-THANH", "Trường học không có tội phạm và tệ nạn ma túy", _PREVENT, _KEPT,
     date(2019, 10, 1)),
    ("TH-TAN-THANH", "Đảm bảo trật tự, an toàn giao thông trước cổng trường", _PREVENT, _WIDER,
     date(2020, 9, 7)),
    ("MN-NHI-THANH", "Camera an ninh", _DETECT, _KEPT, date(2020, 8, 20)),
    ("THTHCS-MY-THANH", "Trường học 2 không", _PREVENT, _NEW, _mar(10)),
    ("THCS-LONG-THUAN", "3 Tự: tự phòng, tự quản, tự báo cáo", _PREVENT, _NEW, _mar(15)),
    ("THCS-MY-LAC", "Trường học không có tội phạm và tệ nạn ma túy", "", "", None),
    ("TH-TAN-LONG", "Tiếng loa an ninh, trật tự", _SPREAD, _NEW, _mar(15)),
)  # fmt: skip

INCIDENTS: tuple[tuple[Cell, ...], ...] = (
    # school, kind, level, occurred, known, place, affected, told_police, told_commune,
    # reported, number, state, code
    ("TH-TAN-THANH", "CN", _S3, _feb(3, 20, 15), _feb(4, 7), _GATE, 0, "Có", "Có", None, "",
     _CLOSED, ""),
    ("THCS-NHI-THANH", "TC", _S2, _feb(8, 23, 30), _feb(9, 6, 45), _INSIDE, 0, "Có", "Có",
     _feb(9, 15), "12", _CLOSED, "NT-2021-01"),
    ("MN-THU-THUA", "MXH", _S2, _feb(17, 10), _feb(17, 11, 30), _ONLINE, 0, "Có", "Có",
     _feb(17, 16), "06", _CLOSED, "TT-2021-01"),
    ("TH-MY-AN", "XN", _S3, _feb(19, 14, 20), _feb(19, 14, 30), _INSIDE, 0, "Có", "Chưa", None,
     "", _CLOSED, ""),
    # reported after more than 24 hours
    ("THCS-MY-PHU", "CN", _S2, _feb(22, 21), _feb(23, 6, 50), _GATE, 1, "Có", "Có",
     _feb(24, 15, 30), "09", _CLOSED, "MP-2021-01"),
    ("TH-LONG-THUAN", "TC", _S2, _feb(23, 7), _feb(23, 7, 10), _INSIDE, 0, "Chưa", "Chưa", None,
     "", _MISTAKEN, ""),
    # still open, and never acknowledged by the office
    ("TH-BINH-AN", "TC", _S2, _feb(25, 19, 40), _feb(25, 20, 10), _INSIDE, 0, "Có", "Chưa", None,
     "", _OPEN, ""),
    ("MG-HOA-BINH", "CN", _S1, _feb(26, 4, 30), _feb(26, 5, 10), _INSIDE, 0, "Có", "Có", None, "",
     _OPEN, ""),
    ("THTHCS-TAN-LONG", "BLHD", _S2, _mar(3, 16, 45), _mar(3, 17), _GATE, 2, "Có", "Có",
     _mar(4, 9), "14", _CLOSED, "TL-2021-01"),
    ("THCS-THU-THUA", "TNGT", _S3, _mar(5, 6, 50), _mar(5, 7, 5), _WAY, 1, "Có", "Chưa", None, "",
     _CLOSED, ""),
    # no level yet
    ("TH-THU-THUA", "MXH", "", _mar(9, 20), _mar(10, 7, 15), _ONLINE, 1, "Chưa", "Chưa", None, "",
     _OPEN, ""),
    ("THCS-BINH-AN", "BLHD", _S2, _mar(12, 11, 20), _mar(12, 11, 25), _GATE, 3, "Có", "Có",
     _mar(12, 17), "15", _OPEN, "BA-2021-02"),
    ("TH-MY-LAC", "TNGT", _S3, _mar(15, 16, 55), _mar(15, 17), "Cổng sau", 1, "Có", "Có", None,
     "", _CLOSED, ""),
    ("THCS-LONG-THANH", "MT", _S2, _mar(18, 9, 10), _mar(18, 9, 10), _INSIDE, 2, "Có", "Có",
     _mar(19, 7, 30), "16", _OPEN, "LT-2021-01"),
    ("THCS-LONG-THUAN", "TT", _S3, _mar(20, 10), _mar(20, 10, 5), _INSIDE, 1, "Chưa", "Chưa",
     None, "", _CLOSED, ""),
)  # fmt: skip
INCIDENT_RECEIPTS: tuple[tuple[str, str, Cell, str], ...] = (
    # school, code ("" : its only open incident), arrived, result
    ("THCS-NHI-THANH", "NT-2021-01", _feb(9, 7, 30), _ACK),
    ("THCS-NHI-THANH", "NT-2021-01", _feb(9, 15), _GOOD),
    ("MN-THU-THUA", "TT-2021-01", _feb(17, 13, 30), _ACK),
    ("THCS-MY-PHU", "MP-2021-01", _feb(23, 7, 20), _ACK),
    ("MG-HOA-BINH", "", _feb(26, 7, 30), _ACK),
    ("THTHCS-TAN-LONG", "TL-2021-01", _mar(3, 17, 30), _ACK),
    ("THTHCS-TAN-LONG", "TL-2021-01", _mar(4, 9), _GOOD),
    ("THCS-BINH-AN", "BA-2021-02", _mar(12, 13, 45), _ACK),
    ("THCS-LONG-THANH", "LT-2021-01", _mar(18, 10), _ACK),
)

PERIODIC: tuple[tuple[str, str, Cell, str, Cell, str], ...] = (
    # school, period, sent, any, count, number
    ("TH-THU-THUA", "02/2021", _mar(1), "Không", None, "11"),
    ("THCS-THU-THUA", "02/2021", _mar(1), "Không", None, "14"),
    ("TH-MY-LAC", "02/2021", _mar(1), "Không", None, "10"),
    ("THCS-NHI-THANH", "02/2021", _mar(1), "Có", 1, "15"),
    ("TH-LONG-THANH", "02/2021", _mar(2), "Không", None, "12"),
    ("MN-THU-THUA", "02/2021", _mar(2), "Có", 1, "08"),
    ("THCS-MY-PHU", "T02/2021", _mar(2), "Có", 1, "11"),
    ("TH-NHI-THANH", "02/2021", _mar(2), "Không", None, "09"),
    ("MG-HOA-BINH", "02/2021", _mar(2), "Có", 1, "07"),
    ("THCS-LONG-THANH", "02/2021", _mar(2), "Không", None, "10"),
    ("MG-LONG-THUAN", "02/2021", _mar(3), "Không", None, "05"),
    ("TH-LONG-THUAN", "02/2021", _mar(3), "Không", None, "13"),
    ("THCS-LONG-THUAN", "02/2021", _mar(3), "Không", None, "12"),
    ("TH-TAN-THANH", "02/2021", _mar(3), "Có", 1, "10"),
    ("MG-MY-LAC", "02/2021", _mar(3), "Không", None, ""),
    ("TH-BINH-AN", "02/2021", _mar(3), "Có", 1, "13"),
    ("THCS-BINH-AN", "T02/2021", _mar(3), "Không", None, "14"),
    ("MN-NHI-THANH", "02/2021", _mar(4), "Không", None, "08"),
    ("TH-MY-AN", "02/2021", _mar(4), "Có", 1, "11"),
    ("THCS-MY-AN", "02/2021", _mar(4), "Không", None, "13"),
    ("MG-BINH-THANH", "02/2021", _mar(4), "Không", None, "06"),
    ("THCS-BINH-THANH", "02/2021", _mar(4), "Không", None, "12"),
    ("TH-MY-PHU", "02/2021", _mar(4), "Không", None, "09"),
    ("MG-MY-THANH", "02/2021", _mar(4), "Không", None, "04"),
    ("THTHCS-MY-THANH", "02/2021", _mar(5), "Không", None, "16"),
    ("TH-TAN-LONG", "02/2021", _mar(5), "Không", None, "09"),
    ("THTHCS-TAN-LONG", "02/2021", _mar(5), "Không", None, "15"),
    ("MG-LONG-THANH", "02/2021", _mar(5), "Không", None, "07"),
    ("MG-MY-PHU", "02/2021", _mar(5), "Không", None, "08"),
    ("MG-MY-AN", "02/2021", _mar(8), "Không", None, "06"),
    ("THCS-MY-LAC", "02/2021", _mar(8), "Không", None, "13"),
    ("MN-HUONG-DUONG", "02/2021", _mar(9), "Không", None, "06"),
    ("TH-BINH-THANH", "02/2021", _mar(10), "Không", None, "11"),
)
PERIODIC_RECEIPTS: tuple[tuple[str, str, Cell, str], ...] = (
    # school, period, arrived, result
    ("TH-THU-THUA", "02/2021", _mar(1), _GOOD),
    ("THCS-THU-THUA", "02/2021", _mar(2), _GOOD),
    ("TH Mỹ Lạc", "02/2021", _mar(2), _GOOD),  # written in decomposed letters by `sample`
    ("THCS-NHI-THANH", "02/2021", _mar(2), _GOOD),
    ("THCS-MY-PHU", "02/2021", _mar(3), _GOOD),
    ("TH-BINH-AN", "02/2021", _mar(4), _GOOD),
    ("MG-MY-AN", "02/2021", _mar(8), _GOOD),
    ("TH-BINH-THANH", "02/2021", _mar(11), _GOOD),
)

WAIVERS: tuple[tuple[Cell, ...], ...] = (
    # school, obligation, period, from, to, reason
    ("MG-MY-THANH", "plan", None, _feb(3), date(2021, 12, 31),
     "Thực hiện chung kế hoạch của cụm trường trong thời gian sửa chữa cơ sở"),
)  # fmt: skip
EXTENSIONS: tuple[tuple[Cell, ...], ...] = (
    # school, obligation, period, last good day, reason
    ("MG-MY-PHU", "plan", None, _mar(3), "Trường đang kiện toàn Ban chỉ đạo"),
)
