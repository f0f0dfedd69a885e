"""Waive, extend and pause from the command line: what they say, refuse, write and change."""

from pathlib import Path
from typing import Any

import pytest
from command_line import SAMPLE, Called, automator, sample_config
from small_office import office, workbook

from automator.ledger import Ledger

NOW = "2021-02-22T09:00"
CHECKED = "automator.db"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with an office of three schools, one of which has sent its plan."""
    office(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str, now: str = NOW) -> Called:
    return automator(*arguments, "--now", now)


def findings(now: str = NOW) -> dict[str, Any]:
    called = automator("status", "--json", "--now", now)
    assert called.code == 0, called.err
    return {f["school"]: f for f in called.document["findings"]}


def reasons(now: str) -> dict[str, str]:
    """Return why the chase of each school is withheld at `now`."""
    document = automator("run", "--dry-run", "--json", "--now", now).document
    return {
        s["unit"]: s["reason"]
        for s in document["withheld"]
        if s["role"] == "principal" and s["step"] == "chase-1"
    }


def test_an_extension_moves_the_deadline_of_all_and_says_whose() -> None:
    """One line an instance, old day and new day in words; the status follows."""
    called = call("extend", "all", "plan", "05/03/2021", "--reason", "dịch")
    assert called.code == 0, called.err
    first, *rest = called.out.splitlines()
    assert first == "extend #1: * plan; changes 3 instances of 3 schools"
    assert rest[1] == (
        "TH-B/plan\tTrường Tiểu học B\thết thứ Tư, ngày 24/02/2021 → hết thứ Sáu, ngày 05/03/2021"
    )
    assert {f["last_day"] for f in findings().values()} == {"2021-03-05"}


@pytest.mark.parametrize(
    ("scope", "schools"),
    [
        pytest.param("TH-B", {"TH-B"}, id="a-code"),
        pytest.param("Trường Tiểu học B", {"TH-B"}, id="a-name"),
        pytest.param("28036", {"TH-A", "TH-B", "TH-C"}, id="a-commune"),
        pytest.param("Ủy ban nhân dân thị trấn", {"TH-A", "TH-B", "TH-C"}, id="a-commune-by-name"),
        pytest.param("tất cả", {"TH-A", "TH-B", "TH-C"}, id="all-in-vietnamese"),
    ],
)
def test_a_scope_is_a_school_a_commune_or_all(scope: str, schools: set[str]) -> None:
    """By code, id or name."""
    called = call("extend", scope, "Kế hoạch", "2021-03-05", "--reason", "dịch", "--json")
    assert called.code == 0, called.err
    assert {c["instance"].partition("/")[0] for c in called.document["changes"]} == schools


def test_the_latest_extension_wins() -> None:
    """A second one that is earlier than the first changes nothing."""
    call("extend", "all", "plan", "10/03/2021", "--reason", "dịch")
    called = call("extend", "TH-B", "plan", "05/03/2021", "--reason", "dịch")
    assert called.out == "extend #2: school:TH-B plan; changes 0 instances of 0 schools\n"
    assert findings()["TH-B"]["last_day"] == "2021-03-10"


def test_a_waiver_exempts_a_school_in_its_days() -> None:
    """Both ends inclusive; outside of them the plan is owed."""
    days = ("--from", "01/03/2021", "--until", "2021-03-05")
    called = call("waive", "TH-B", "plan", *days, "--reason", "sửa trường")
    assert called.code == 0, called.err
    assert called.out.splitlines()[1].endswith("→ Được miễn (từ ngày 01/03/2021)")
    stands = [findings(f"{day}T09:00")["TH-B"]["status"] for day in (
        "2021-02-28", "2021-03-01", "2021-03-05", "2021-03-06",
    )]  # fmt: skip
    assert stands == ["missing", "exempt", "exempt", "missing"]


def test_a_pause_silences_its_scope_until_its_end() -> None:
    """Others are told; judging goes on; after the end the chase goes out."""
    called = call("pause", "TH-B", "plan", "--until", "26/02/2021", "--reason", "tang lễ")
    assert called.code == 0, called.err
    waits = "remind-5, remind-1 → tạm dừng đến hết thứ Sáu, ngày 26/02/2021"
    assert f"TH-B/plan\tTrường Tiểu học B\t{waits}" in called.out
    assert reasons("2021-02-26T07:00")["TH-B"] == "paused"
    assert reasons("2021-02-26T07:00").get("TH-C") != "paused"
    assert findings("2021-02-26T07:00")["TH-B"]["status"] == "missing"
    assert reasons("2021-03-01T07:00").get("TH-B") != "paused"


def test_a_pause_of_everything_takes_the_digests_along() -> None:
    """A Monday under a pause of all is silent but for the operator."""
    call("pause", "--until", "05/03/2021", "--reason", "Tết")
    document = automator("run", "--dry-run", "--json", "--now", "2021-03-01T07:00").document
    assert {m["role"] for m in document["messages"]} <= {"operator"}
    assert {w["reason"] for w in document["withheld"] if w["step"] == "digest"} == {"paused"}


REFUSED = [
    pytest.param(["pause", "all", "--reason", "x"], "a pause needs an end", id="endless-pause"),
    pytest.param(
        ["pause", "all", "--until", "21/02/2021", "--reason", "x"], "is over already", id="over"
    ),
    pytest.param(["waive", "TH-B", "plan"], "a waiver needs a reason", id="no-reason"),
    pytest.param(
        ["extend", "TH-B", "plan", "20/02/2021", "--reason", "x"],
        "20/02/2021 is earlier than the last good day of TH-B/plan, 24/02/2021",
        id="earlier",
    ),
    pytest.param(
        ["extend", "TH-B", "plan", "24/02/2021", "--reason", "x"], "is no later than", id="same-day"
    ),
    pytest.param(
        ["extend", "TH-B", "plan", "31/02/2021", "--reason", "x"], "is no day", id="no-such-day"
    ),
    pytest.param(
        ["extend", "TH-X", "plan", "05/03/2021", "--reason", "x"],
        "no school and no commune 'TH-X'",
        id="no-such-scope",
    ),
    pytest.param(["waive", "TH-X", "plan", "--reason", "x"], "no school 'TH-X'", id="no-school"),
    pytest.param(
        ["waive", "TH-B", "plans", "--reason", "x"], "no hard obligation", id="no-obligation"
    ),
    pytest.param(
        ["waive", "TH-B", "plan", "--period", "02/2021", "--reason", "x"],
        "owed once",
        id="a-period-of-what-has-none",
    ),
    pytest.param(
        ["waive", "TH-B", "plan", "--from", "5/3/2021", "--until", "1/3/2021", "--reason", "x"],
        "lies before the first",
        id="backwards",
    ),
    pytest.param(["waive", "TH-B", "--reason", "x"], "OBLIGATION is missing", id="half-a-call"),
    pytest.param(["waive", "--revoke", "9"], "has no decision #9", id="revoking-nothing"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_what_cannot_be_meant_is_refused(here: Path, arguments: list[str], words: str) -> None:
    """Exit code 2, one line that says why, nothing written."""
    called = call(*arguments)
    assert (called.code, called.out) == (2, "")
    assert words in called.err
    assert not (here / CHECKED).exists()


def test_a_recurring_obligation_is_extended_for_one_period(tmp_path: Path) -> None:
    """Without its period the extension is refused; a period to come is known already."""
    config = str(sample_config(tmp_path, {}))
    sample = ("--config", config, "--workbook", str(SAMPLE), "--ledger", "sample.db")
    no_period = call("extend", "all", "periodic-report", "10/06/2021", "--reason", "x", *sample)
    assert no_period.code == 2
    assert "which period" in no_period.err
    may = ("extend", "all", "periodic-report", "10/06/2021", "--period", "05/2021")
    called = call(*may, "--reason", "x", "--json", *sample)
    assert called.code == 0, called.err
    assert {c["instance"].partition("/")[2] for c in called.document["changes"]} == {
        "periodic-report/2021-05"
    }


def test_a_dry_run_writes_nothing(here: Path) -> None:
    """It prints the same instances."""
    called = call("extend", "all", "plan", "05/03/2021", "--reason", "dịch", "--dry-run")
    assert called.out.startswith("extend: * plan; changes 3 instances")
    assert "nothing was written" in called.err
    assert not (here / CHECKED).exists()


def test_the_same_decision_twice_is_one() -> None:
    """The second call says so and changes nothing."""
    for _ in range(2):
        called = call("waive", "TH-B", "plan", "--reason", "mới")
        assert called.code == 0
    assert "#1 stands already" in called.err
    assert len(call("waive", "--list", "--json").document["decisions"]) == 1


def test_a_decision_is_listed_and_revoked() -> None:
    """Revoked, it changes things back, stays on record, and may be revoked twice."""
    call("waive", "TH-B", "plan", "--reason", "mới")
    listed = call("waive", "--list").out.strip().split("\t")
    assert listed[:4] == ["#1", "stands", "school:TH-B", "plan"]
    revoked = call("waive", "--revoke", "1")
    assert revoked.out.splitlines()[1].endswith("Được miễn → Chưa nhận – sắp đến hạn")
    assert findings()["TH-B"]["status"] == "due"
    again = call("waive", "--revoke", "1")
    assert (again.code, "was revoked before" in again.err) == (0, True)
    assert "revoked by" in call("waive", "--list").out


def test_a_number_of_another_kind_is_not_revoked() -> None:
    """The line names the command that would."""
    call("pause", "all", "--until", "26/02/2021", "--reason", "x")
    called = call("waive", "--revoke", "1")
    assert called.code == 2
    assert "automator pause --revoke 1" in called.err


def test_the_list_shows_every_source(here: Path) -> None:
    """Decisions of the workbook and of config.toml stand beside those by hand."""
    waiver = '\n[[waiver]]\nschool = "TH-C"\ncontent = "plan"\nreason = "lũ"\n'
    config = here / "config.toml"
    config.write_text(config.read_text("utf-8") + waiver, "utf-8")
    workbook(
        here / "so.xlsx",
        then=lambda book: book["Miễn trừ"].append(["TH-A", "plan", None, None, None, "mới"]),
    )
    call("waive", "TH-B", "plan", "--reason", "sửa")
    found = call("waive", "--list", "--json").document["decisions"]
    assert {(d["scope"], d["source"]) for d in found} == {
        ("school:TH-C", "config.toml waiver[1]"),
        ("school:TH-B", "Sổ nhớ #1"),
        ("school:TH-A", "Miễn trừ!A2"),
    }


def test_a_run_that_holds_the_lock_is_not_disturbed(here: Path) -> None:
    """Exit code 4, and nothing is written."""
    with Ledger.open(str(here / CHECKED), "main") as ledger, ledger.lock():
        called = call("waive", "TH-B", "plan", "--reason", "mới")
    assert called.code == 4
    assert call("waive", "--list").out == ""


def test_a_decision_before_the_last_run_is_refused() -> None:
    """Time does not run backwards: it would not have been known then."""
    assert call("run", now="2021-02-23T07:00").code == 0
    assert call("waive", "TH-B", "plan", "--reason", "mới").code == 2


def test_the_workbook_is_not_written(here: Path) -> None:
    """Decisions by hand live in the ledger."""
    before = (here / "so.xlsx").read_bytes()
    call("extend", "all", "plan", "05/03/2021", "--reason", "dịch")
    assert (here / "so.xlsx").read_bytes() == before


def test_those_who_heard_the_old_day_hear_the_new_one() -> None:
    """An extension by hand for all needs no approval: the next run tells it."""
    assert call("run", now="2021-02-18T07:00").code == 0
    call("extend", "all", "plan", "05/03/2021", "--reason", "dịch", now="2021-02-18T09:00")
    document = automator("run", "--json", "--now", "2021-02-19T07:00").document
    told = {s["instance"]: s["step"] for m in document["messages"] for s in m["steps"]}
    assert told["TH-B/plan"] == "changed"
    assert document["counts"]["held"] == 0


def test_a_school_that_there_is_not_is_named_to_the_operator(here: Path) -> None:
    """A wrong code in config.toml waives nobody: a problem, and a line in the next alert."""
    waiver = '\n[[waiver]]\nschool = "TH-X"\ncontent = "plan"\nreason = "lũ"\n'
    config = here / "config.toml"
    config.write_text(config.read_text("utf-8") + waiver, "utf-8")
    document = automator("run", "--json", "--now", "2021-02-18T07:00").document
    faults = [(p["tab"], p["cell"], p["value"]) for p in document["problems"]]
    assert ("config.toml", "waiver[1]", "TH-X") in faults
    alert = next(m for m in document["messages"] if m["kind"] == "alert")
    assert "alert/unknown_scope/TH-X" in {s["instance"] for s in alert["steps"]}
