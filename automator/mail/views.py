"""What the templates print beside the notice itself: choices, groups, words of the frame."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from automator.core.directive import Directive, Unit
from automator.core.notice import (
    Digest,
    FindingLine,
    IncidentView,
    Item,
    MailKind,
    Notice,
    RateLine,
    SoftLine,
)
from automator.core.problem import Problem
from automator.mail.filters import web_link

OUTSIDERS = frozenset({"commune", "police"})
"""Roles that have no business in the schools' workbook: their mails do not link to it."""
MOST_PROBLEMS = 5
MOST_LINES = 60
"""Findings that a digest lists by name; a longer list is read in the tab Tình trạng."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGroup:
    """Items of one obligation and period, in the order of the notice."""

    title: str
    period_words: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Findings of one obligation, period and status; `more` of them are not listed."""

    title: str
    period_words: str
    status: str
    status_words: str
    lines: tuple[FindingLine, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneGroup:
    """One obligation (its newest period) over the communes."""

    title: str
    period_words: str
    rates: tuple[RateLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a template sees beside `notice`, ready to print.

    `phong` is how sentences name the office ("Phòng"); `directive` names the công văn without
    inventing a number or a day; `code` is the mail's code for a call on the phone.
    """

    phong: str
    directive: str
    code: str
    link: str
    week: str
    week_label: str
    items: tuple[ItemGroup, ...]
    foreseen: tuple[ItemGroup, ...]
    schools: int
    problems: tuple[Problem, ...]
    more_problems: int
    lines: tuple[LineGroup, ...]
    more_lines: int
    communes: tuple[CommuneGroup, ...]
    incidents: tuple[IncidentView, ...]
    restricted: int
    incident_fields: tuple[tuple[str, str], ...]
    incident_link: str
    soft: tuple[SoftLine, ...]


def view(notice: Notice, *, directive: Directive, office: Unit, link: str) -> View:
    """Return what the templates print for `notice`, which is clean already."""
    digest = notice.digest
    incidents = digest.incidents if digest else ()
    listed = digest.attention if digest else ()
    return View(
        phong=office_words(office),
        directive=directive_words(directive, office),
        code=notice.id[:8],
        link="" if notice.role in OUTSIDERS or has_own_link(notice) else link,
        week=week_words(digest.weeks, digest.first_day, digest.last_day) if digest else "",
        week_label=week_label(digest.weeks) if digest else "",
        items=item_groups(notice.items),
        foreseen=item_groups(notice.foreseen),
        schools=len({item.school for item in notice.items}),
        problems=notice.problems[:MOST_PROBLEMS],
        more_problems=max(0, len(notice.problems) - MOST_PROBLEMS),
        lines=line_groups(listed),
        more_lines=max(0, len(listed) - MOST_LINES),
        communes=commune_groups(digest) if digest else (),
        incidents=tuple(i for i in incidents if not i.restricted),
        restricted=sum(1 for i in incidents if i.restricted),
        incident_fields=incident_fields(notice) if notice.incident else (),
        incident_link=incident_link(notice),
        soft=soft_lines(digest) if digest else (),
    )


def template_name(notice: Notice) -> str:
    """Return the stem of the templates for `notice`: its subject, html and text."""
    if notice.kind is MailKind.ALERT:
        return "alert"
    if notice.incident is not None:
        return "urgent"
    if notice.digest is not None:
        return f"digest_{notice.digest.audience}"
    if notice.foreseen:
        return "foreseen"
    if notice.items and all(item.action == "escalate" for item in notice.items):
        return "escalate"
    return "ladder"


def office_words(office: Unit) -> str:
    """Return how a sentence names the office: "Phòng" where it is one, else its full name."""
    return "Phòng" if office.name.casefold().startswith("phòng ") else office.name


def directive_words(directive: Directive, office: Unit) -> str:
    """Return "Công văn (số …, ngày …) của Phòng về việc …"; blanks of the original stay out."""
    subject = re.sub(r"^(v/v|về việc)\s+", "", directive.subject.strip(), flags=re.IGNORECASE)
    number = directive.number.strip()
    words = "Công văn"
    if number and not number.startswith("/"):
        words += f" số {number}"
        if directive.issued.strip():
            words += f" ngày {directive.issued.strip()}"
    issuer = directive.issuer.strip()
    words += f" của {issuer if issuer and issuer != office.name else office_words(office)}"
    return f"{words} về việc {subject}" if subject else words


def week_words(weeks: tuple[str, ...], first: date, last: date) -> str:
    """Return "Tuần 08/2021 (từ 22/02 đến 28/02/2021)", both days whatever the number."""
    return f"{week_label(weeks)} (từ {first:%d/%m} đến {last:%d/%m/%Y})".strip()


def week_label(weeks: tuple[str, ...]) -> str:
    """Return "Tuần 08/2021", or "Tuần 07/2021 – 08/2021" of several ISO weeks."""
    labels = [f"{week[-2:]}/{week[:4]}" for week in sorted(weeks)]
    if not labels:
        return "Tuần"
    return f"Tuần {labels[0]}" if len(labels) == 1 else f"Tuần {labels[0]} – {labels[-1]}"


def level_words(incident: IncidentView) -> str:
    """Return "1 – Khẩn: gọi điện ngay", whether the label came with its digit or not."""
    label = incident.level_label
    return label if not label or label[0].isdigit() else f"{incident.level} – {label}"


def incident_link(notice: Notice) -> str:
    """Return the link to the incident's row, "" for who has no business in the workbook."""
    incident = notice.incident
    if incident is None or incident.restricted or notice.role in OUTSIDERS:
        return ""
    return web_link(incident.link)


def incident_fields(notice: Notice) -> tuple[tuple[str, str], ...]:
    """Return label and value of all that an urgent mail says of an incident; blanks stay out.

    Of a restricted one only what needs no need to know: code, level, times and state.
    """
    incident = notice.incident
    assert incident is not None
    told = {
        "Mã vụ việc": incident.code,
        "Mức độ": level_words(incident),
        "Trường": incident.school_name,
        "Địa bàn": incident.commune_name,
        "Loại": incident.kind_label,
        "Địa điểm": incident.place,
        "Số người bị ảnh hưởng": "" if incident.affected is None else str(incident.affected),
        "Xảy ra lúc": incident.occurred_words,
        "Nhà trường biết lúc": incident.known_words,
        "Đã báo công an": incident.told_police,
        "Đã báo Ủy ban nhân dân": incident.told_commune,
        "Tình trạng": incident.state,
        "Báo cáo bằng văn bản": incident.reported_words or incident.report_due_words,
        "Xác nhận của Phòng": "Đã nắm tin" if incident.acknowledged else "Chưa xác nhận",
        "Trong sổ": "" if notice.role in OUTSIDERS else incident.where,
    }
    hidden = ("Trường", "Loại", "Địa điểm", "Số người bị ảnh hưởng", "Trong sổ")
    return tuple(
        (label, value)
        for label, value in told.items()
        if value and not (incident.restricted and label in hidden)
    )


def has_own_link(notice: Notice) -> bool:
    """Tell whether the one matter of `notice` links to its own row: a second link would confuse."""
    if notice.incident is not None:
        return bool(incident_link(notice))
    only = notice.items[0] if len(notice.items) == 1 else None
    return only is not None and bool(web_link(only.link)) and not notice.problems


def soft_lines(digest: Digest) -> tuple[SoftLine, ...]:
    """Return the soft duties to list: none before anybody has noted one.

    A school reads only those that it has noted; what it has not is no fault.
    """
    if not any(line.done for line in digest.soft):
        return ()
    return tuple(line for line in digest.soft if line.done or digest.audience != "principal")


def item_groups(items: tuple[Item, ...]) -> tuple[ItemGroup, ...]:
    """Return the items by obligation and period, in the order in which each first comes."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.title, item.period_words), []).append(item)
    return tuple(
        ItemGroup(title=title, period_words=period, items=tuple(of))
        for (title, period), of in groups.items()
    )


def line_groups(lines: tuple[FindingLine, ...]) -> tuple[LineGroup, ...]:
    """Return findings by obligation, period and status; at most `MOST_LINES` are listed."""
    groups: dict[tuple[str, str, str, str], list[FindingLine]] = {}
    for line in lines:
        key = (line.title, line.period_words, line.status, line.status_words)
        groups.setdefault(key, []).append(line)
    out, room = [], MOST_LINES
    for (title, period, status, words), of in groups.items():
        out.append(
            LineGroup(
                title=title,
                period_words=period,
                status=status,
                status_words=words,
                lines=tuple(of[:room]),
                count=len(of),
            )
        )
        room -= min(room, len(of))
    return tuple(out)


def commune_groups(digest: Digest) -> tuple[CommuneGroup, ...]:
    """Return per obligation its newest period over the communes, where anything was expected."""
    due = [rate for rate in digest.by_commune if rate.expected]
    by_obligation = sorted(due, key=lambda rate: rate.obligation)
    groups = {}
    for obligation, rates in groupby(by_obligation, key=lambda rate: rate.obligation):
        of = tuple(rates)
        newest = max(rate.period or "" for rate in of)
        groups[obligation] = tuple(rate for rate in of if (rate.period or "") == newest)
    order = dict.fromkeys(rate.obligation for rate in due)
    return tuple(
        CommuneGroup(
            title=groups[key][0].title, period_words=groups[key][0].period_words, rates=groups[key]
        )
        for key in order
    )
