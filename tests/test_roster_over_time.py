"""Schools and communes that change over time: names, levels, codes that live on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import MY_LAC, MY_PHU, THREE, Story, changed_rules, finding, problems, rules, school
from command_line import automator
from small_office import office, workbook

from automator.core.assess import Rules
from automator.core.directive import AppliesTo, Unit
from automator.core.snapshot import Cell
from automator.core.turn import Outcome

OLD, NEW = "Trường Tiểu học Tân Thành B", "Trường Tiểu học Mỹ Thạnh B"
UNTIL, SINCE = "31/03/2021", "01/04/2021"
RENAMED = (
    school("B", OLD, "TH", "28048", valid_to=UNTIL, email="cu@truong.example"),
    school("B", NEW, "TH", "28066", valid_from=SINCE, email="moi@truong.example"),
)
TWO_OF_A_NAME = (
    school("J", "Trường TH Hai tên", "TH", "28048", valid_to=UNTIL),
    school("K", "Trường TH Hai tên", "TH", "28048", valid_from=SINCE),
)


def report(name: str, period: str = "02/2021", sent: str = "04/03/2021") -> dict[str, Cell]:
    """Return a row of Báo cáo định kỳ."""
    return {"school": name, "period": period, "sent": sent, "any": "Không"}


def statuses(outcome: Outcome, instance: str) -> dict[str, str]:
    """Return the status of an instance by school."""
    return {
        f.instance.school: f.status.value for f in outcome.findings if f.instance.key == instance
    }


def test_a_renaming_entered_in_advance_takes_nothing_away() -> None:
    """What stands under the old name stays received when the row of the new name is added."""
    story, rows = Story(), (report(OLD),)
    before = story.read("2021-03-08", schools=[school("B", OLD, "TH", "28048")], periodic=rows)
    ahead = story.read("2021-03-25", schools=RENAMED, periodic=rows)
    after = story.read("2021-04-08", schools=RENAMED, periodic=rows)
    for outcome in (before, ahead, after):
        assert statuses(outcome, "periodic-report/2021-02") == {"B": "on_time"}
        assert problems(outcome) == []


@pytest.mark.parametrize("name", [OLD, NEW, "TH Tân Thành B", "B"])
def test_every_name_of_a_school_means_it(name: str) -> None:
    """Clerks go on typing the old name for a while, and the new one early."""
    outcome = Story().read("2021-05-07", schools=RENAMED, periodic=[report(name)])
    assert statuses(outcome, "periodic-report/2021-02") == {"B": "on_time"}
    assert problems(outcome) == []


@pytest.mark.parametrize(
    ("now", "name", "address"),
    [
        pytest.param("2021-03-25", OLD, "cu@truong.example", id="before"),
        pytest.param("2021-04-01", NEW, "moi@truong.example", id="from-the-day"),
    ],
)
def test_a_mail_names_a_school_as_of_today(now: str, name: str, address: str) -> None:
    """A future name and a future address are not used before their day."""
    people = Story().read(now, schools=RENAMED).speech.people
    assert people.unit_name("B") == name
    assert people.recipients()["B", "principal"] == (address,)


def test_a_name_of_two_codes_goes_by_the_day_of_the_row() -> None:
    """The period says which of two schools that followed each other is meant."""
    rows = [
        report("TH Hai tên", "02/2021", "04/03/2021"),
        report("TH Hai tên", "03/2021", "05/04/2021"),
        report("TH Hai tên", "04/2021", "04/05/2021"),
    ]
    outcome = Story().read("2021-05-07", schools=TWO_OF_A_NAME, periodic=rows)
    assert problems(outcome) == []
    assert statuses(outcome, "periodic-report/2021-03") == {"J": "on_time"}
    assert statuses(outcome, "periodic-report/2021-04") == {"K": "on_time"}


@pytest.mark.parametrize(
    ("done", "found"),
    [
        pytest.param("15/03/2021", [], id="one-on-that-day"),
        pytest.param(None, [("Tuyên truyền", "A3", "ambiguous_school", "blocks")], id="no-day"),
    ],
)
def test_a_name_of_two_codes_needs_a_day(
    done: Cell, found: list[tuple[str, str, str, str]]
) -> None:
    """Without a day nothing tells the two schools apart."""
    row = {"school": "TH Hai tên", "form": "Sinh hoạt dưới cờ", "done": done}
    outcome = Story().read("2021-05-07", schools=TWO_OF_A_NAME, propaganda=[row])
    assert [p for p in problems(outcome) if p[2] == "ambiguous_school"] == found


def test_a_level_counts_as_at_the_day_of_the_roster() -> None:
    """A school that became TH&THCS in April owed in February what a TH owes."""
    law = changed_rules("periodic-report", applies_to=AppliesTo(levels=("TH",)))
    rows = (
        school("B", OLD, "TH", "28048", valid_to=UNTIL),
        school("B", OLD, "TH&THCS", "28048", valid_from=SINCE),
    )
    outcome = Story(law=law).read("2021-05-07", schools=rows)
    owed = {f.instance.period for f in outcome.findings if f.instance.period}
    assert owed == {"2021-02", "2021-03"}


def test_nothing_begins_before_a_school_opens() -> None:
    """The plan of a school that opens on 10/02 is not there on the 9th."""
    rows = [*THREE, school("E", "Trường THCS Mới", "THCS", "28051", valid_from="10/02/2021")]
    before = Story().read("2021-02-09", schools=rows)
    assert "E" not in {f.instance.school for f in before.findings}
    opened = finding(Story().read("2021-02-10", schools=rows), "E/plan")
    assert opened.instance.begins.isoformat() == "2021-02-10T00:00:00+07:00"


def renamed_communes() -> Rules:
    """Return rules in which 28060 ends, and 28066 takes over its name, on 31/03/2021."""
    over, then = date(2021, 3, 31), date(2021, 4, 1)
    base = rules()
    kept = [u for u in base.directive.units if u.id not in ("28060", "28066")]
    names = {"28060": "xã Mỹ An", "28066": "xã Mỹ Phú"}
    areas = [
        Unit(id=i, kind="commune", name=f"Ủy ban nhân dân {n}", valid_to=over)
        for i, n in names.items()
    ]
    later = Unit(id="28066", kind="commune", name="Ủy ban nhân dân xã Mỹ An", valid_from=then)
    return replace(base, directive=replace(base.directive, units=(*kept, *areas, later)))


@pytest.mark.parametrize(
    ("days", "commune"),
    [
        pytest.param({"valid_from": SINCE}, "28066", id="after"),
        pytest.param({"valid_to": UNTIL}, "28060", id="before"),
        pytest.param({"valid_from": "01/09/2020", "valid_to": "15/03/2021"}, "28060", id="within"),
        pytest.param({}, None, id="no-days"),
        pytest.param({"valid_from": "01/03/2021"}, None, id="both"),
    ],
)
def test_a_commune_is_the_one_of_that_name_on_the_days_of_the_row(
    days: Mapping[str, Cell], commune: str | None
) -> None:
    """A name that passed to another code means the one that bore it; else it is a Problem."""
    rows = [*THREE, school("D", "Trường TH D", "TH", "xã Mỹ An", **days)]
    outcome = Story(law=renamed_communes()).read("2021-05-07", schools=rows)
    found = outcome.assessment.register.schools.get("D")
    assert [a.commune for a in found.assignments] == [commune] if found else commune is None
    told = [p.remedy for p in outcome.problems if p.code == "ambiguous_unit"]
    labels = "Ủy ban nhân dân xã Mỹ An (mã 28060); Ủy ban nhân dân xã Mỹ An (mã 28066)"
    assert told == ([] if commune else [f"Đề nghị ghi mã hoặc tên đầy đủ: {labels}."])


def test_communes_that_are_no_more_keep_their_rates() -> None:
    """The communes of a period sum up to the office, also after some were merged."""
    rows = [
        *THREE,
        school("D", "Trường TH D", "TH", "28060", valid_to=UNTIL),
        school("D", "Trường TH D", "TH", "28066", valid_from=SINCE),
    ]
    outcome = Story(law=renamed_communes()).read("2021-05-07", schools=rows)
    of = {(r.unit, r.period): r for r in outcome.rates if r.obligation == "periodic-report"}
    assert {p: of["28060", p].expected for u, p in of if u == "28060"} == {
        "2021-02": 1,
        "2021-03": 1,
    }
    for period in ("2021-02", "2021-03", "2021-04"):
        communes = sum(r.expected for (u, p), r in of.items() if p == period and u != "office")
        assert communes == of["office", period].expected == 4
    assert outcome.speech.people.unit_name("28060") == "Ủy ban nhân dân xã Mỹ An"


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("TH", "TH"),
        ("thcs", "THCS"),
        ("Tiểu học", "TH"),
        ("Cấp Tiểu học", "TH"),
        ("Trung học cơ sở", "THCS"),
        ("cấp 2", "THCS"),
        ("TH-THCS", "TH&THCS"),
        ("TH/THCS", "TH&THCS"),
        ("Tiểu học và THCS", "TH&THCS"),
        ("cấp 1-2", "TH&THCS"),
        ("Mầm non", "MN"),
        ("THPT", "THPT"),
        ("GDTX", "GDTX"),
    ],
)
def test_levels_as_people_write_them(typed: str, level: str) -> None:
    """Levels in full, with another sign between them or in small letters are understood."""
    outcome = Story().read("2021-02-10", schools=[{**THREE[0], "level": typed}])
    assert outcome.assessment.register.schools[MY_LAC].level == level
    assert problems(outcome) == []


@pytest.mark.parametrize("typed", ["xyz", "TH Mỹ Lạc", "Đại học", "5"])
def test_what_is_no_level_blocks_the_row(typed: str) -> None:
    """A level that nobody knows would quietly free a school of what is asked of levels."""
    outcome = Story().read("2021-02-10", schools=[{**THREE[0], "level": typed}, THREE[1]])
    assert set(outcome.assessment.register.schools) == {MY_PHU}
    assert problems(outcome) == [("Trường", "C3", "not_in_list", "blocks")]
    assert "MN; MG; TH; THCS; TH&THCS" in outcome.problems[0].remedy


HISTORY = (
    ("B", OLD, "TH", "28036", "b@truong.example", *[None] * 4, None, date(2021, 3, 31)),
    ("B", NEW, "TH", "28036", "b@truong.example", *[None] * 4, date(2021, 4, 1), None),
    ("E", "Trường THCS Mới", "THCS", "28036", "e@truong.example", *[None] * 4, date(2021, 2, 20)),
)


@pytest.mark.parametrize("name", [OLD, NEW])
def test_the_command_line_knows_every_name_of_a_school(tmp_path: Path, name: str) -> None:
    """`calendar --school` takes the old name of a school as well as the new one."""
    config = office(tmp_path)
    workbook(tmp_path / "so.xlsx", schools=HISTORY, plans=())
    called = automator("calendar", "--config", config, "--school", name, "--json")
    assert (called.code, called.err) == (0, "")
    assert [d["instance"] for d in called.document["deadlines"]] == ["plan"]


def test_explain_says_when_a_school_opens(tmp_path: Path) -> None:
    """Who asks about a school that is not there yet hears its first day."""
    config = office(tmp_path)
    workbook(tmp_path / "so.xlsx", schools=HISTORY, plans=())
    called = automator("explain", "--config", config, "--now", "2021-02-10T08:00", "E", "plan")
    assert called.code == 2
    assert "the school opens on" in called.err
