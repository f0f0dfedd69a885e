"""A plan that only a damaged workbook explains is not told; a mended one goes out by itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from builders import FORTY, Rows, Story, finding, plan, silence, steps

from automator.core.memory import Memory
from automator.core.snapshot import Sheet
from automator.core.turn import Outcome

SCHOOLS = tuple(str(row["code"]) for row in FORTY)
ALL_SENT: Rows = tuple(plan(code, "24/02/2021") for code in SCHOOLS)
HALF_SENT: Rows = ALL_SENT[:20]
APPROVED = Memory(released=frozenset({"approved/extension/*/plan//2021-03-05"}))
"""The operator has approved one extension for all schools."""


def emptied(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=sheet.rows[:2])


def renamed(sheet: Sheet) -> Sheet:
    header = tuple("Ngày nộp" if cell == "Ngày gửi" else cell for cell in sheet.rows[1])
    return replace(sheet, rows=(sheet.rows[0], header, *sheet.rows[2:]))


def dates_cleared(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=(*sheet.rows[:2], *((r[0], None, *r[2:]) for r in sheet.rows[2:])))


def last_years(sheet: Sheet) -> Sheet:
    old = [(r[0], "24/02/2020", "03/KH", "20/02/2020", *r[4:]) for r in sheet.rows[2:]]
    return replace(sheet, rows=(*sheet.rows[:2], *old))


DAMAGES = [
    pytest.param(emptied, id="emptied"),
    pytest.param(dates_cleared, id="dates-cleared"),
    pytest.param(last_years, id="last-years"),
    pytest.param(renamed, id="header-renamed"),
    pytest.param(lambda _: None, id="tab-deleted"),
]
Damage = Callable[[Sheet], Sheet | None]


def read_damaged(told: Story, when: str, damage: Damage | None) -> Outcome:
    """Read the forty schools at `when` with a damaged plan tab; None: half the roster is gone."""
    if damage is None:
        return told.read(when, schools=FORTY[:20], plans=ALL_SENT)
    return told.read(when, schools=FORTY, plans=ALL_SENT, mend={"plans": damage})


def late_steps(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return every chase and escalation that goes out, of whatever duty."""
    return [s for s in steps(outcome) if s[2].startswith(("chase", "escalate"))]


def story() -> Story:
    """Return a story in which all forty schools had sent their plan in time."""
    told = Story()
    told.read("2021-02-25T07:00", schools=FORTY, plans=ALL_SENT)
    return told


def chased(outcome: Outcome) -> set[str]:
    """Return the schools that are told of their plan after its deadline."""
    codes = [school.code for school in outcome.assessment.register.schools.values()]
    return {c for c in codes if any("chase" in step for _, _, step in steps(outcome, f"{c}/plan"))}


def alerts(outcome: Outcome) -> list[str]:
    return [a.code for n in outcome.plan.notices for a in n.alerts]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_tab_chases_nobody(damage: Damage) -> None:
    """Not at the first read, nor at a second one `settle` later, nor on the next working day."""
    told = story()
    for when in ("2021-02-26T07:00", "2021-02-26T08:00", "2021-03-01T07:00"):
        outcome = told.read(when, schools=FORTY, plans=ALL_SENT, mend={"plans": damage})
        assert chased(outcome) == set()
        assert finding(outcome, "TH-01/plan").status.value == "on_time"


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_tab_is_told_to_the_operator_once(damage: Damage) -> None:
    """One alert while it lasts, in the run that found it."""
    told = story()
    first = told.read("2021-02-26T07:00", schools=FORTY, plans=ALL_SENT, mend={"plans": damage})
    second = told.read("2021-02-26T08:00", schools=FORTY, plans=ALL_SENT, mend={"plans": damage})
    assert len(alerts(first)) == 1
    assert alerts(second) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_mended_tab_is_judged_again(damage: Damage) -> None:
    """The sheet closes the breaker by itself; nobody counts as withdrawn or backdated."""
    told = story()
    for when in ("2021-02-26T07:00", "2021-02-26T08:00"):
        told.read(when, schools=FORTY, plans=ALL_SENT, mend={"plans": damage})
    outcome = told.read("2021-03-01T07:00", schools=FORTY, plans=ALL_SENT[:39])
    assert outcome.suspicions == ()
    assert finding(outcome, "TH-01/plan").reasons == ("unconfirmed",)
    later = told.read("2021-03-01T08:00", schools=FORTY, plans=ALL_SENT[:39])
    assert finding(later, "TH-40/plan").status.value == "missing"


@pytest.mark.parametrize("damage", [*DAMAGES, pytest.param(None, id="roster-halved")])
def test_a_digest_monday_over_two_reads(damage: Damage | None) -> None:
    """Damaged at 07:00 and, `settle` later, at 07:30: one alert, right digests, no chase at all."""
    told = story()
    first = read_damaged(told, "2021-03-01T07:00", damage)
    second = read_damaged(told, "2021-03-01T07:30", damage)
    assert late_steps(first) == late_steps(second) == []
    assert (len(alerts(first)), alerts(second)) == (1, [])
    digests = [n.digest for n in first.plan.notices if n.digest is not None]
    assert [d.schools for d in digests if d.audience == "office"] == [40, 40]
    lines = [x for d in digests for x in (*d.lines, *d.attention) if x.obligation == "plan"]
    assert {x.status for x in lines} == {"on_time"}
    assert all(d.stale for d in digests)
    assert [n for n in second.plan.notices if n.digest is not None] == []
    assert {f.status.value for f in second.findings if f.instance.obligation == "plan"} == {
        "on_time"
    }


def test_numbers_stand_in_the_alert() -> None:
    """The operator reads which tab it is and how much it shrank."""
    told = story()
    outcome = told.read("2021-02-26", schools=FORTY, plans=ALL_SENT[:30])
    lines = [line for n in outcome.plan.notices for a in n.alerts for line in a.lines]
    assert lines == ["Tab Kế hoạch: số dòng hợp lệ giảm từ 40 xuống 30"]


@pytest.mark.parametrize(
    ("before", "left", "trips"),
    [
        pytest.param(40, 32, False, id="a-fifth"),
        pytest.param(40, 31, True, id="more-than-a-fifth"),
        pytest.param(30, 24, False, id="a-fifth-of-thirty"),
        pytest.param(30, 23, True, id="more-than-a-fifth-of-thirty"),
        pytest.param(10, 7, False, id="three-are-few"),
        pytest.param(10, 6, True, id="four-are-not"),
    ],
)
def test_the_share_is_exact(before: int, left: int, trips: bool) -> None:
    """A fifth of the rows may vanish, or three; one more is asked about."""
    told = Story()
    told.read("2021-02-25", schools=FORTY, plans=ALL_SENT[:before])
    outcome = told.read("2021-02-26", schools=FORTY, plans=ALL_SENT[:left])
    assert [(s.before, s.now) for s in outcome.suspicions] == [(before, left)] * trips


@pytest.mark.parametrize(
    ("lost", "trips"),
    [pytest.param(8, False, id="a-fifth"), pytest.param(9, True, id="more-than-a-fifth")],
)
def test_schools_told_anew_are_counted(lost: int, trips: bool) -> None:
    """As many rows as before, but some schools pasted over others: each lost one counts."""
    pasted = (*ALL_SENT[lost:], *ALL_SENT[lost : 2 * lost])
    outcome = story().read("2021-02-26", schools=FORTY, plans=pasted)
    assert [(s.code, s.now) for s in outcome.suspicions] == [("burst", lost)] * trips


def test_a_roster_cut_in_half_keeps_its_schools() -> None:
    """Twenty of forty schools gone at once are not believed."""
    told = story()
    for when in ("2021-02-26T07:00", "2021-02-26T08:00"):
        outcome = told.read(when, schools=FORTY[:20], plans=ALL_SENT)
        assert len(outcome.assessment.register.schools) == 40
        assert [(s.tab, s.before, s.now) for s in outcome.suspicions] == [("schools", 40, 20)]


def test_new_codes_for_every_school_chase_nobody() -> None:
    """A roster of the same length whose codes all changed explains forty chases alone."""
    told = story()
    others = [{**row, "code": f"X-{n:02}"} for n, row in enumerate(FORTY)]
    for when in ("2021-02-26T07:00", "2021-02-26T08:00"):
        outcome = told.read(when, schools=others, plans=ALL_SENT)
        assert chased(outcome) == set()


def test_an_emptied_tab_of_receipts_chases_nobody() -> None:
    """What the office alone had noted stands until the operator looks."""
    receipts = [
        {"school": code, "content": "plan", "arrived": "24/02/2021", "result": "Đạt"}
        for code in SCHOOLS[:15]
    ]
    told = Story()
    told.read("2021-02-25", schools=FORTY, plans=ALL_SENT[15:], receipts=receipts)
    for when in ("2021-02-26T07:00", "2021-02-26T08:00", "2021-03-01T07:00"):
        outcome = told.read(when, schools=FORTY, plans=ALL_SENT[15:])
        assert chased(outcome) == set()
        assert finding(outcome, "TH-01/plan").status.value == "on_time"
    assert [s.tab for s in outcome.suspicions] == ["receipts"]


def test_an_emptied_tab_of_extensions_chases_nobody() -> None:
    """Forty schools told a later day are not chased because a row was deleted."""
    extension = {
        "scope": "tất cả",
        "content": "plan",
        "last_day": "05/03/2021",
        "reason": "mưa bão",
    }
    told = Story(memory=APPROVED)
    told.read("2021-02-25", schools=FORTY, extensions=[extension])
    outcome = told.read("2021-02-26", schools=FORTY)
    assert chased(outcome) == set()
    assert [s.tab for s in outcome.suspicions] == ["extensions"]


def test_steps_of_both_plans_still_go_out() -> None:
    """Who had sent nothing before the damage either is chased as usual."""
    told = Story()
    told.read("2021-02-25", schools=FORTY, plans=ALL_SENT[:38])
    outcome = told.read("2021-02-26", schools=FORTY)
    assert chased(outcome) == {"TH-39", "TH-40"}


def test_as_many_rows_of_fewer_schools_are_noticed() -> None:
    """Twenty schools pasted over twenty others: the count is the same, the plan is not."""
    told = story()
    pasted = [plan(code, "24/02/2021") for code in SCHOOLS[:20] for _ in range(2)]
    for when in ("2021-02-26T07:00", "2021-02-26T08:00"):
        outcome = told.read(when, schools=FORTY, plans=pasted)
        assert [(s.tab, s.code, s.now) for s in outcome.suspicions] == [("plans", "burst", 20)]
        assert chased(outcome) == set()


def test_what_vanishes_on_a_day_off_is_noticed_too() -> None:
    """Nothing is told on a Saturday; what it read is still not taken for good."""
    extension = {"scope": "tất cả", "content": "plan", "last_day": "05/03/2021", "reason": "bão"}
    told = Story(memory=APPROVED)
    told.read("2021-02-25", schools=FORTY, extensions=[extension])
    for when in ("2021-02-27T07:00", "2021-02-27T08:00", "2021-03-02T07:00"):
        outcome = told.read(when, schools=FORTY)
        assert [s.tab for s in outcome.suspicions] == ["extensions"]
        assert chased(outcome) == set()


def test_thanks_and_urgent_mails_pass() -> None:
    """A tripped breaker holds no thanks for what the last good rows hold."""
    told = Story()
    told.read("2021-02-26", schools=FORTY, plans=ALL_SENT[:39])
    told.read("2021-03-01T07:00", schools=FORTY, plans=ALL_SENT)
    happened = {"school": "TH-01", "level": 1, "occurred": "01/03/2021 08:00", "kind": "CN"}
    outcome = told.read("2021-03-01T09:00", schools=FORTY, incidents=[happened])
    assert [s.tab for s in outcome.suspicions] == ["plans"]
    assert steps(outcome, "TH-01/urgent-report/VV-2021-001") == [
        ("TH-01", "principal", "urgent"),
        ("office", "duty", "urgent"),
    ]


def test_a_digest_says_which_rows_it_uses() -> None:
    """On a digest day the last good rows stand, under a banner."""
    told = story()
    outcome = told.read("2021-03-01", schools=FORTY, mend={"plans": emptied})
    digests = [n.digest for n in outcome.plan.notices if n.digest is not None]
    assert digests
    assert {d.stale for d in digests} == {
        ("Tab Kế hoạch thay đổi bất thường; dùng số liệu tin cậy gần nhất.",)
    }
    assert {line.status for d in digests for line in d.lines if line.obligation == "plan"} == {
        "on_time"
    }


def test_a_busy_night_is_no_damage() -> None:
    """Fifteen of forty schools answer overnight: nothing is suspicious, the rest is chased."""
    told = Story()
    told.read("2021-02-24", schools=FORTY, plans=HALF_SENT)
    outcome = told.read("2021-02-26", schools=FORTY, plans=ALL_SENT[:35])
    assert outcome.suspicions == ()
    assert chased(outcome) == {"TH-36", "TH-37", "TH-38", "TH-39", "TH-40"}


def test_fifteen_answers_to_a_chase_are_no_damage() -> None:
    """Twenty are chased on Friday, fifteen answer by Monday: they are thanked, five go on."""
    answers = [plan(code, "26/02/2021") for code in SCHOOLS[20:35]]
    told = Story()
    told.read("2021-02-24", schools=FORTY, plans=HALF_SENT)
    assert len(chased(told.read("2021-02-26", schools=FORTY, plans=HALF_SENT))) == 20
    monday = told.read("2021-03-01", schools=FORTY, plans=[*HALF_SENT, *answers])
    assert (monday.suspicions, alerts(monday)) == ((), [])
    thanked = [unit for unit, _, step in steps(monday) if step == "received"]
    assert thanked == list(SCHOOLS[20:35])
    tuesday = told.read("2021-03-02", schools=FORTY, plans=[*HALF_SENT, *answers])
    escalated = {k.instance for n in tuesday.plan.notices for k in n.keys if k.role == "leader"}
    assert escalated == {f"{code}/plan" for code in SCHOOLS[35:]}


def test_a_deadline_that_passes_is_no_damage() -> None:
    """Time alone may make twenty schools late: the same rows explain both plans."""
    told = Story()
    told.read("2021-02-24", schools=FORTY, plans=HALF_SENT)
    outcome = told.read("2021-02-26", schools=FORTY, plans=HALF_SENT)
    assert outcome.suspicions == ()
    assert len(chased(outcome)) == 20


def test_sorting_is_no_damage() -> None:
    """The same rows in another order are the same rows."""
    told = story()
    outcome = told.read("2021-02-26", schools=FORTY, plans=ALL_SENT[::-1])
    assert outcome.suspicions == ()
    assert finding(outcome, "TH-01/plan").reasons == ("unconfirmed",)


def test_what_the_operator_releases_is_believed() -> None:
    """After a release the new rows count, once two reads agree that the old ones are gone."""
    told = story()
    told.read("2021-02-26T07:00", schools=FORTY)
    told.memory = replace(told.memory, released=frozenset({"breaker/plans"}))
    told.read("2021-02-26T08:00", schools=FORTY)
    outcome = told.read("2021-02-26T09:00", schools=FORTY)
    assert len(chased(outcome)) == 0  # what is withdrawn is due again, and not chased yet
    assert finding(outcome, "TH-01/plan").reasons == ("withdrawn",)


# A first read has no last good rows to compare with.


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        pytest.param(emptied, "missing", id="emptied"),
        pytest.param(dates_cleared, "missing", id="dates-cleared"),
        pytest.param(last_years, "missing", id="last-years"),
        pytest.param(renamed, "unknown", id="header-renamed"),
        pytest.param(lambda _: None, "unknown", id="tab-deleted"),
    ],
)
def test_a_damaged_tab_at_a_first_read_tells_nobody(damage: Damage, status: str) -> None:
    """No step and no digest line until the operator has looked, at no later read either."""
    told = Story()
    for when in ("2021-03-01T07:00", "2021-03-01T08:00", "2021-03-08T07:00"):
        outcome = told.read(when, schools=FORTY, plans=ALL_SENT, mend={"plans": damage})
        digests = [n.digest for n in outcome.plan.notices if n.digest is not None]
        lines = [x for d in digests for x in (*d.lines, *d.attention) if x.obligation == "plan"]
        assert chased(outcome) == set()
        assert lines == []
        assert finding(outcome, "TH-01/plan").status.value == status


def test_an_empty_tab_before_its_first_chase_is_believed() -> None:
    """At the start nobody has sent anything: the reminders go out."""
    outcome = Story().read("2021-02-24", schools=FORTY)
    assert len(steps(outcome)) == 40
    assert silence(outcome, "TH-01/plan", "remind-1") is None


def test_a_doubtful_tab_that_is_released_chases() -> None:
    """If the operator says that nobody sent anything, everybody hears of it."""
    told = Story()
    told.read("2021-02-26T07:00", schools=FORTY)
    told.memory = replace(told.memory, released=frozenset({"doubtful/plans"}))
    assert len(chased(told.read("2021-02-26T08:00", schools=FORTY))) == 40


def test_a_tab_with_the_schools_filled_in_is_believed() -> None:
    """An office may prepare a row for each school: nobody has claimed anything yet."""
    prepared = [{"school": code} for code in SCHOOLS]
    outcome = Story().read("2021-02-24", schools=FORTY, plans=prepared)
    assert outcome.scene.doubtful == frozenset()
    assert len(steps(outcome)) == 40
