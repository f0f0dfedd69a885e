"""Rich tables for a person: one for each thing that is owed, calm colours, no repetition."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from automator.cli import tables
from automator.core import words
from automator.core.finding import Finding, Status
from automator.core.lines import finding_line
from automator.report import Report

STYLES = {
    Status.MISSING: "bold red",
    Status.RETURNED: "magenta",
    Status.LATE: "yellow",
    Status.DUE: "cyan",
    Status.UNKNOWN: "dim",
}
STATE_STYLES = {"sent": "green", "held": "yellow", "deferred": "yellow", "failed": "bold red"}
_NAMED_DAY = "Trong ngày mốc"  # the words of the status say it already


def show(report: Report, console: Console) -> None:
    """Print the tables of a report on a terminal."""
    for table in (_rates(report), *_findings(report), _mails(report), _problems(report)):
        if table.row_count:
            console.print(table)
            console.print()


def show_table(table: tables.Table, console: Console) -> None:
    """Print one table on a terminal; columns without a word in them are left out."""
    kept = [n for n, _ in enumerate(table.header) if any(row[n] for row in table.rows)]
    names = [table.header[n] for n in kept]
    drawn = _table(table.title, *names, folds=names)
    for row in table.rows:
        drawn.add_row(*(escape(row[n]) for n in kept))
    if drawn.row_count:
        console.print(drawn)


def _table(
    title: str, *columns: str, folds: Sequence[str] = (), right: Sequence[str] = ()
) -> Table:
    """Return an empty table; only the columns of `folds` give way on a narrow terminal."""
    table = Table(
        title=Text(title, style="bold"),
        title_justify="left",
        header_style="dim",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in columns:
        table.add_column(
            name, no_wrap=name not in folds, justify="right" if name in right else "left"
        )
    return table


def _rates(report: Report) -> Table:
    columns = ("Hạn cuối", "Đúng hạn", "Sau hạn", "Bổ sung", "Chưa nhận", "Đã nhận")
    table = _table(
        tables.rates_title(report), "Nội dung", *columns, folds=("Nội dung",), right=columns[1:]
    )
    for name, period, *cells, share in tables.rates(report):
        whole = escape(f"{name} – {period}" if period else name)
        table.add_row(whole, *cells, share.split(" ")[0])
    return table


def _findings(report: Report) -> Iterable[Table]:
    """Yield one table for each obligation and deadline; the title says what rows would repeat."""
    owed = sorted(
        tables.followed(report),
        key=lambda f: (f.instance.original_due, f.instance.obligation, f.instance.period or ""),
    )
    groups = groupby(owed, key=lambda f: (f.instance.obligation, f.instance.period))
    for _, found in groups:
        yield _owed(list(found), report)


def _owed(found: Sequence[Finding], report: Report) -> Table:
    speech = report.outcome.speech
    lines = [finding_line(f, speech) for f in found]
    common = Counter(line.last_day for line in lines).most_common(1)[0][0]
    one_off = found[0].instance.incident is None
    head = [lines[0].title, lines[0].period_words if one_off else ""]
    head += [f"hạn cuối {words.day_words(common)}"] if one_off else []
    table = _table(
        " – ".join(filter(None, head)),
        *("Trường", "Xã, thị trấn", "Tình trạng", "Dòng"),
        folds=("Trường", "Tình trạng"),
    )
    for finding, line in zip(found, lines, strict=True):
        other_day = line.last_day != common or not one_off
        notes = [note for note in line.reason_words if note != _NAMED_DAY]
        said = [line.status_words, *(note[:1].lower() + note[1:] for note in notes)]
        said += [f"hạn cuối {words.day_words(line.last_day)}"] if other_day else []
        about = f"{finding.instance.incident}: " if finding.instance.incident else ""
        table.add_row(
            escape(line.school_name.removeprefix("Trường ")),
            escape(line.commune_name),
            Text(about + "; ".join(said), style=STYLES[finding.status]),
            escape(finding.rows[0] if finding.rows else ""),
        )
    return table


def _mails(report: Report) -> Table:
    columns = ("Loại", "Vai trò", "Nơi nhận", "Địa chỉ", "Trạng thái")
    table = _table("Thư", *columns, folds=("Nơi nhận", "Trạng thái"))
    for message in report.messages:
        table.add_row(
            message.kind,
            message.role,
            escape(report.outcome.speech.people.unit_name(message.unit)),
            escape(tables.addresses(message)),
            Text(tables.state(message), style=STATE_STYLES.get(message.state, "")),
        )
    return table


def _problems(report: Report) -> Table:
    table = _table("Lỗi nhập liệu", "Tab", "Ô", "Lỗi", folds=("Lỗi",))
    mend = tables.to_mend(report)
    for problem in mend[: tables.SHOWN_PROBLEMS]:
        table.add_row(escape(problem.tab), problem.cell or "", escape(tables.fault(problem)))
    if len(mend) > tables.SHOWN_PROBLEMS:
        table.add_row("…", "", f"và {len(mend) - tables.SHOWN_PROBLEMS} lỗi khác")
    return table
