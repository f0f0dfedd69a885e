"""The sample's communes and schools. The schools are made up: this is no official list."""

UNITS = (
    ("28036", "thị trấn Thủ Thừa"),
    ("28039", "xã Long Thạnh"),
    ("28042", "xã Tân Thành"),
    ("28045", "xã Long Thuận"),
    ("28048", "xã Mỹ Lạc"),
    ("28051", "xã Mỹ Thạnh"),
    ("28054", "xã Bình An"),
    ("28057", "xã Nhị Thành"),
    ("28060", "xã Mỹ An"),
    ("28063", "xã Bình Thạnh"),
    ("28066", "xã Mỹ Phú"),
    ("28072", "xã Tân Long"),
)
"""Communes of Thủ Thừa in 2021 by official code."""

_MG, _MN = "Trường Mẫu giáo", "Trường Mầm non"
_TH, _THCS = "Trường Tiểu học", "Trường Trung học cơ sở"
_BOTH = "Trường Tiểu học và Trung học cơ sở"

SCHOOLS = (  # code, name, level, commune
    ("MN-THU-THUA", f"{_MN} Thủ Thừa", "MN", "28036"),
    ("MG-HOA-BINH", f"{_MG} Hòa Bình", "MG", "28036"),
    ("TH-THU-THUA", f"{_TH} Thị trấn Thủ Thừa", "TH", "28036"),
    ("TH-THU-THUA-2", f"{_TH} Thị trấn Thủ Thừa 2", "TH", "28036"),
    ("THCS-THU-THUA", f"{_THCS} Thị trấn Thủ Thừa", "THCS", "28036"),
    ("MG-LONG-THANH", f"{_MG} Long Thạnh", "MG", "28039"),
    ("TH-LONG-THANH", f"{_TH} Long Thạnh", "TH", "28039"),
    ("THCS-LONG-THANH", f"{_THCS} Long Thạnh", "THCS", "28039"),
    ("MG-TAN-THANH", f"{_MG} Tân Thành", "MG", "28042"),
    ("TH-TAN-THANH", f"{_TH} Tân Thành", "TH", "28042"),
    ("THCS-TAN-THANH", f"{_THCS} Tân Thành", "THCS", "28042"),
    ("MG-LONG-THUAN", f"{_MG} Long Thuận", "MG", "28045"),
    ("TH-LONG-THUAN", f"{_TH} Long Thuận", "TH", "28045"),
    ("THCS-LONG-THUAN", f"{_THCS} Long Thuận", "THCS", "28045"),
    ("MG-MY-LAC", f"{_MG} Mỹ Lạc", "MG", "28048"),
    ("TH-MY-LAC", f"{_TH} Mỹ Lạc", "TH", "28048"),
    ("THCS-MY-LAC", f"{_THCS} Mỹ Lạc", "THCS", "28048"),
    ("MG-MY-THANH", f"{_MG} Mỹ Thạnh", "MG", "28051"),
    ("THTHCS-MY-THANH", f"{_BOTH} Mỹ Thạnh", "TH&THCS", "28051"),
    ("MG-BINH-AN", f"{_MG} Bình An", "MG", "28054"),
    ("TH-BINH-AN", f"{_TH} Bình An", "TH", "28054"),
    ("THCS-BINH-AN", f"{_THCS} Bình An", "THCS", "28054"),
    ("MN-NHI-THANH", f"{_MN} Nhị Thành", "MN", "28057"),
    ("TH-NHI-THANH", f"{_TH} Nhị Thành", "TH", "28057"),
    ("TH-NHI-THANH-B", f"{_TH} Nhị Thành B", "TH", "28057"),
    ("THCS-NHI-THANH", f"{_THCS} Nhị Thành", "THCS", "28057"),
    ("MG-MY-AN", f"{_MG} Mỹ An", "MG", "28060"),
    ("TH-MY-AN", f"{_TH} Mỹ An", "TH", "28060"),
    ("THCS-MY-AN", f"{_THCS} Mỹ An", "THCS", "28060"),
    ("MG-BINH-THANH", f"{_MG} Bình Thạnh", "MG", "28063"),
    ("MN-HUONG-DUONG", f"{_MN} Hướng Dương", "MN", "28063"),
    ("TH-BINH-THANH", f"{_TH} Bình Thạnh", "TH", "28063"),
    ("THCS-BINH-THANH", f"{_THCS} Bình Thạnh", "THCS", "28063"),
    ("MG-MY-PHU", f"{_MG} Mỹ Phú", "MG", "28066"),
    ("TH-MY-PHU", f"{_TH} Mỹ Phú", "TH", "28066"),
    ("THCS-MY-PHU", f"{_THCS} Mỹ Phú", "THCS", "28066"),
    ("MG-TAN-LONG", f"{_MG} Tân Long", "MG", "28072"),
    ("TH-TAN-LONG", f"{_TH} Tân Long", "TH", "28072"),
    ("TH-TAN-LONG-B", f"{_TH} Tân Long B", "TH", "28072"),
    ("THTHCS-TAN-LONG", f"{_BOTH} Tân Long", "TH&THCS", "28072"),
)
WITHOUT_ADDRESS = frozenset({"MG-TAN-THANH", "TH-TAN-LONG-B"})
SECOND_ADDRESS = frozenset({"TH-MY-LAC", "THCS-THU-THUA"})
DEPUTY = frozenset({"TH-NHI-THANH-B"})  # led by a Phó Hiệu trưởng phụ trách
