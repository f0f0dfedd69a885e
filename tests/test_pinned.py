"""Pinned addresses: a school's mail goes where it went, until somebody says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import MY_LAC, MY_PHU, THREE, Story, at, changed_rules, incident, silence, steps
from hypothesis import given
from hypothesis import strategies as st

from automator.core import pinned
from automator.core.look_back import as_of
from automator.core.memory import Contact, Memory
from automator.core.snapshot import Cell
from automator.core.turn import Outcome
from automator.deciding import waiting

PLAN = f"{MY_LAC}/plan"
OLD, NEW, OTHER = "th-my-lac@truong.example", "moi@truong.example", "khac@hop-thu.example"


def roster(email: Cell = OLD, other: Cell = None, **more: Cell) -> list[dict[str, Cell]]:
    """Return three schools, the first with these addresses."""
    return [{**THREE[0], "email": email, "other_emails": other, **more}, *THREE[1:]]


def mails(outcome: Outcome, unit: str = MY_LAC) -> list[tuple[str, ...]]:
    """Return the recipients of each mail that goes to a unit."""
    held = outcome.plan.held
    return [n.recipients for n in outcome.plan.notices if n.unit == unit and n.id not in held]


def approved(memory: Memory, *addresses: str) -> Memory:
    """Return the memory once the operator has approved a school's addresses."""
    contact = Contact(
        addresses=pinned.as_pinned(addresses), approved_at=at("2021-02-26T08:00"), approved_by="an"
    )
    return replace(memory, contacts={**memory.contacts, MY_LAC: contact})


def alerts(outcome: Outcome) -> list[str]:
    """Return the codes of what the operator is told now."""
    return [a.code for n in outcome.plan.notices for a in n.alerts]


def after_first_sight(*domains: str, **book: Any) -> Story:
    """Return a story in which the addresses of the roster were seen and pinned."""
    story = Story(law=changed_rules(policy={"allow_domains": domains}))
    story.read("2021-02-18", **book)
    return story


def test_what_stands_at_first_sight_is_pinned() -> None:
    """Both columns, folded; nobody has approved it by name."""
    story = after_first_sight(schools=roster("TH-My-Lac@Truong.example", "khac@hop-thu.example"))
    assert story.memory.contacts[MY_LAC] == Contact(
        addresses=(OTHER, OLD), approved_at=at("2021-02-18"), approved_by=""
    )


def test_a_changed_address_gets_nothing_until_it_is_approved() -> None:
    """The chase is held, named for the operator, and goes out once the address is approved."""
    story = after_first_sight()
    outcome = story.read("2021-02-26", schools=roster(NEW))
    assert mails(outcome) == []
    assert silence(outcome, PLAN, "chase-1") == "address_not_approved"
    assert "address_not_approved" in outcome.plan.held.values()
    story.memory = approved(story.memory, NEW)
    assert mails(story.read("2021-02-26T09:00", schools=roster(NEW))) == [(NEW,)]


def test_no_held_mail_carries_an_address_that_is_not_approved() -> None:
    """Whatever becomes of a stored mail, there is nobody in it to send it to."""
    outcome = after_first_sight().read("2021-02-26", schools=roster(NEW))
    held = [n for n in outcome.plan.notices if n.id in outcome.plan.held]
    assert [n.recipients for n in held] == [()]


def test_an_added_address_waits_while_the_known_one_is_mailed() -> None:
    """The school hears; only the newcomer does not."""
    outcome = after_first_sight().read("2021-02-26", schools=roster(OLD, NEW))
    assert mails(outcome) == [(OLD,)]
    assert [w.key for w in waiting(outcome)] == [f"address/{MY_LAC}"]


def test_a_removed_address_needs_no_approval() -> None:
    """It is no longer mailed, the one that is left is."""
    story = after_first_sight(schools=roster(OLD, OTHER))
    outcome = story.read("2021-02-26", schools=roster(OTHER))
    assert mails(outcome) == [(OTHER,)]
    assert waiting(outcome) == ()


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("TH-MY-LAC@TRUONG.EXAMPLE", id="capitals"),
        pytest.param(" th-my-lac@truong.example ;", id="blanks-and-a-semicolon"),
        pytest.param("th-my-lac @ truong.example", id="blanks-inside"),
        pytest.param("mailto:th-my-lac@truong.example", id="mailto"),
        pytest.param("Trường Mỹ Lạc <th-my-lac@truong.example>", id="a-name-before-it"),
    ],
)
def test_another_spelling_is_no_change(typed: str) -> None:
    """Case and blanks do not make another mailbox."""
    outcome = after_first_sight().read("2021-02-26", schools=roster(typed))
    assert [tuple(a.lower() for a in to) for to in mails(outcome)] == [(OLD,)]


def test_a_school_that_joins_later_is_pinned_then() -> None:
    """The tab Trường is the operator's own: what stands there at first sight is trusted."""
    story = after_first_sight(schools=THREE[1:])
    assert mails(story.read("2021-02-26", schools=THREE)) == [(OLD,)]
    assert MY_LAC in story.memory.contacts


def test_a_first_address_that_is_filled_in_later_needs_no_approval() -> None:
    """There was nothing to change; from then on it is pinned."""
    story = after_first_sight(schools=roster(None))
    assert MY_LAC not in story.memory.contacts
    assert mails(story.read("2021-02-26", schools=roster(OLD))) == [(OLD,)]
    assert mails(story.read("2021-03-04", schools=roster(NEW))) == []


def test_an_address_taken_out_and_replaced_is_a_change() -> None:
    """A blank cell in between does not make the next address a first one."""
    story = after_first_sight()
    story.read("2021-02-19", schools=roster(None))
    outcome = story.read("2021-02-26", schools=roster(NEW))
    assert silence(outcome, PLAN, "chase-1") == "address_not_approved"


def test_what_was_replaced_with_approval_is_a_change_when_it_comes_back() -> None:
    """Approved is what stood there then, not all that ever did."""
    story = after_first_sight()
    story.memory = approved(story.memory, NEW)
    assert mails(story.read("2021-02-26", schools=roster(OLD))) == []


def test_a_school_that_was_out_of_the_roster_keeps_its_pin() -> None:
    """Taking a row out and putting it back with another address changes the address."""
    story = after_first_sight()
    story.read("2021-02-19", schools=THREE[1:])
    assert mails(story.read("2021-02-26", schools=roster(NEW))) == []


def test_a_column_that_was_sorted_alone_reaches_no_wrong_school() -> None:
    """Every address then stands beside another school: none is mailed, each is asked about."""
    shifted = [
        {**row, "email": THREE[(n + 1) % len(THREE)]["email"]} for n, row in enumerate(THREE)
    ]
    outcome = after_first_sight().read("2021-02-26", schools=shifted)
    assert not [role for _, role, _ in steps(outcome) if role == "principal"]
    assert len(waiting(outcome)) == len(THREE)


def test_a_roster_that_is_not_believed_pins_nothing() -> None:
    """A ledger of an older version has no pins; a roster that shrank gives it none."""
    more = [{**THREE[0], "code": f"TH-{n}", "email": f"th-{n}@truong.example"} for n in range(12)]
    story = after_first_sight(schools=more)
    story.memory = replace(story.memory, contacts={})
    outcome = story.read("2021-02-19", schools=[{**more[0], "email": NEW}])
    assert [s.tab for s in outcome.suspicions] == ["schools"]
    assert story.memory.contacts == {}


def test_an_urgent_mail_waits_too_and_the_office_on_duty_hears() -> None:
    """Nobody learns of an incident by changing a cell."""
    happened = (incident(MY_LAC, "26/02/2021 06:00"),)
    outcome = after_first_sight().read(
        "2021-02-26", schools=roster(NEW), incidents=happened, plans=()
    )
    urgent = {(u, r) for u, r, step in steps(outcome) if step == "urgent"}
    assert urgent == {("office", "duty")}
    held = {(n.unit, n.role) for n in outcome.plan.notices if n.id in outcome.plan.held}
    assert (MY_LAC, "principal") in held


def test_a_weekly_summary_waits_for_the_address() -> None:
    """It goes out with the weeks that it owes once the address is approved."""
    story = after_first_sight()
    outcome = story.read("2021-03-01", schools=roster(NEW))
    assert silence(outcome, "digest/2021-W07", "digest") is not None
    story.memory = approved(story.memory, NEW)
    sent = story.read("2021-03-01T09:00", schools=roster(NEW)).plan.notices
    assert [n.weeks for n in sent if n.unit == MY_LAC] == [("2021-W07", "2021-W08")]


def test_the_operator_is_told_once_for_each_change_with_masked_addresses() -> None:
    """A third address while the second waits is news; a mail shows none of them."""
    story = after_first_sight()
    first = story.read("2021-02-19", schools=roster(NEW))
    assert "address" in alerts(first)
    (line,) = [x for n in first.plan.notices for a in n.alerts for x in a.lines if "→" in x]
    assert line == "Trường Tiểu học Mỹ Lạc: th***@truong.example → mo***@truong.example"
    assert "address" not in alerts(story.read("2021-02-22", schools=roster(NEW)))
    assert "address" in alerts(story.read("2021-02-23", schools=roster(OTHER)))


def test_an_address_of_a_row_ahead_is_asked_about_before_its_day() -> None:
    """The operator has time to approve it; what holds today is mailed today."""
    rows = [
        {**THREE[0], "valid_to": "28/02/2021"},
        {**THREE[0], "email": NEW, "valid_from": "01/03/2021"},
        *THREE[1:],
    ]
    outcome = after_first_sight().read("2021-02-26", schools=rows)
    assert mails(outcome) == [(OLD,)]
    assert [w.key for w in waiting(outcome)] == [f"address/{MY_LAC}"]


def test_looking_back_knows_no_later_pin() -> None:
    """What was seen or approved after the asked instant counts for nothing."""
    story = after_first_sight()
    story.memory = approved(story.memory, NEW)
    then = as_of(replace(story.memory, last_run=at("2021-02-26")), at("2021-02-20"))
    assert MY_LAC not in then.contacts
    assert MY_PHU in then.contacts


DOMAINS = ("truong.example", "hop-thu.example", "gmail.com")
ADDRESSES = st.sampled_from([f"{name}@{domain}" for name in "ab" for domain in DOMAINS])
CELLS = st.lists(ADDRESSES, max_size=2, unique=True).map(lambda found: "; ".join(found) or None)
EDITS = st.lists(
    st.tuples(st.sampled_from([MY_LAC, MY_PHU]), CELLS, CELLS, st.booleans()), max_size=8
)
ALLOWED = st.sampled_from([(), ("truong.example",), ("truong.example", "gmail.com")])


def _seen(row: dict[str, Cell]) -> set[str]:
    cells = [row[column] for column in ("email", "other_emails")]
    return {a for cell in cells if isinstance(cell, str) for a in cell.split("; ")}


@given(edits=EDITS, domains=ALLOWED)
def test_no_mail_goes_where_nobody_said_it_may(
    edits: Sequence[tuple[str, Cell, Cell, bool]], domains: tuple[str, ...]
) -> None:
    """Over any edits, first sight, an approval or the domain stands behind every recipient."""
    story = Story(law=changed_rules(policy={"allow_domains": domains}))
    rows = {str(row["code"]): {**row, "other_emails": None} for row in THREE[:2]}
    good: dict[str, set[str]] = {}
    for day, (code, email, other, approve) in enumerate([(MY_LAC, OLD, None, False), *edits]):
        rows[code] |= {"email": email, "other_emails": other}
        for unit, row in rows.items():
            if unit not in good and _seen(row):
                good[unit] = _seen(row)
        outcome = story.read(f"2021-03-{day + 1:02}", schools=[*rows.values(), THREE[2]])
        mailed = {(n.unit, to) for n in outcome.plan.notices for to in n.recipients}
        mailed |= {
            (unit, to) for (unit, _), to_all in outcome.scene.recipients.items() for to in to_all
        }
        for unit, to in mailed:
            domain = to.rpartition("@")[2]
            assert not domains or domain in domains
            vouched = domain in domains and domain != "gmail.com"
            assert vouched or unit not in rows or to in good[unit]
        if approve and _seen(rows[code]):
            good[code] = _seen(rows[code])
            contact = Contact(addresses=pinned.as_pinned(good[code]), approved_at=at("2021-02-01"))
            story.memory = replace(story.memory, contacts={**story.memory.contacts, code: contact})


@pytest.mark.parametrize(
    ("address", "domains", "goes", "needs_no_approval"),
    [
        pytest.param("a@phong.example", (), True, False, id="none-named"),
        pytest.param("a@phong.example", ("phong.example",), True, True, id="the-domain"),
        pytest.param("a@c1.phong.example", ("phong.example",), True, True, id="a-sub-domain"),
        pytest.param("a@xphong.example", ("phong.example",), False, False, id="only-the-ending"),
        pytest.param("a@example", ("phong.example",), False, False, id="a-parent"),
        pytest.param("a@PHONG.example", ("phong.example",), True, True, id="capitals"),
        pytest.param("a@gmail.com", ("gmail.com",), True, False, id="a-public-one"),
        pytest.param("a@phong.example@evil.example", ("phong.example",), False, False, id="two-at"),
    ],
)
def test_domains(
    address: str, domains: tuple[str, ...], goes: bool, needs_no_approval: bool
) -> None:
    """A domain stands for itself and what lies below it; a public one vouches for nobody."""
    assert pinned.allowed(address, domains) is goes
    assert pinned.vouched(address, domains) is needs_no_approval


def test_of_two_addresses_the_allowed_one_gets_the_mail() -> None:
    """The other is refused, and the operator hears which."""
    story = after_first_sight("truong.example", "pgd-thuthua.example", schools=roster(OLD, OTHER))
    outcome = story.read("2021-02-26", schools=roster(OLD, OTHER))
    assert mails(outcome) == [(OLD,)]
    asked = story.memory.alerts
    assert [k.split("/")[2] for k in asked if k.startswith("alert/domain/TH")] == [MY_LAC]


def test_officials_of_another_domain_are_refused_too() -> None:
    """`allow_domains` says where mail may go, whoever is meant."""
    story = Story(law=changed_rules(policy={"allow_domains": ("truong.example",)}))
    outcome = story.read("2021-03-01")
    assert {n.role for n in outcome.plan.notices} == {"principal"}
    assert outcome.plan.counts()["domain_not_allowed"] > 0
