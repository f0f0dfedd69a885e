"""`automator remind`: the next step now, through the same guards, counted as that step."""

from pathlib import Path

import pytest
from command_line import Called, automator
from small_office import office

Told = list[tuple[str | None, ...]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with an office of three schools, one of which has sent its plan."""
    office(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def remind(now: str, *arguments: str) -> Called:
    return automator("remind", *(arguments or ("TH-B", "plan")), "--json", "--now", now)


def answers(called: Called) -> Told:
    """Return (instance, step, state, reason) of each instance that was asked for."""
    assert called.code == 0, called.err
    return [
        (a["instance"], a["step"], a["state"], a["why"] and a["why"].partition(":")[0])
        for a in called.document["asked"]
    ]


def run(now: str) -> set[tuple[str, str]]:
    """Do the daily run; return the steps about plans that it told the schools."""
    document = automator("run", "--json", "--now", now).document
    return {
        (s["instance"], s["step"])
        for m in document["messages"]
        if m["role"] == "principal"
        for s in m["steps"]
    }


def test_the_step_that_is_due_is_told() -> None:
    """Before the daily run has told it: then the run is silent about it."""
    assert answers(remind("2021-02-18T06:30")) == [("TH-B/plan", "remind-5", "sent", None)]
    assert ("TH-B/plan", "remind-5") not in run("2021-02-18T07:00")


def test_the_next_step_is_told_ahead_of_its_day_and_counts() -> None:
    """Its own day has nothing left to tell."""
    assert ("TH-B/plan", "remind-5") in run("2021-02-18T07:00")
    assert answers(remind("2021-02-19T09:00")) == [("TH-B/plan", "remind-1", "sent", None)]
    told = run("2021-02-24T07:00")
    assert ("TH-B/plan", "remind-1") not in told
    assert ("TH-C/plan", "remind-1") in told


def test_a_duty_whose_first_reminder_is_ahead_may_be_told() -> None:
    """The first step comes early."""
    assert answers(remind("2021-02-09T09:00")) == [("TH-B/plan", "remind-5", "sent", None)]


def test_asking_twice_on_a_day_tells_once() -> None:
    """Never two steps of a ladder on one day."""
    remind("2021-02-18T09:00")
    for hour in ("09:00", "15:00"):
        assert answers(remind(f"2021-02-18T{hour}")) == [
            ("TH-B/plan", "remind-5", None, "already_told")
        ]


@pytest.mark.parametrize(
    ("now", "why"),
    [
        pytest.param("2021-02-20T09:00", "day_off", id="a-saturday"),
        pytest.param("2021-02-18T21:00", "quiet_hours", id="evening"),
    ],
)
def test_nothing_is_forced(here: Path, now: str, why: str) -> None:
    """What a rule refuses is printed with its reason."""
    assert answers(remind(now)) == [("TH-B/plan", "remind-5", None, why)]
    assert list((here / "outbox").glob("*.eml")) == []


def test_the_daily_cap_holds(here: Path) -> None:
    """A school that has had its mails of the day gets no more."""
    config = here / "config.toml"
    text = config.read_text("utf-8") + "\n[policy]\ndaily_cap = 1\n"
    config.write_text(text.replace("remind = [5, 1]", "remind = [5, 4, 1]"), "utf-8")
    run("2021-02-22T07:00")  # a Monday: the school has its weekly summary
    assert [a[3] for a in answers(remind("2021-02-22T09:00"))] == ["already_told"]
    run("2021-02-23T07:00")
    automator(
        "pause", "TH-B", "--until", "24/02/2021", "--reason", "x", "--now", "2021-02-23T08:00"
    )
    assert [a[3] for a in answers(remind("2021-02-23T09:00"))] == ["paused"]


def test_no_chase_before_the_deadline() -> None:
    """With every reminder told and the day not over, there is nothing true to say."""
    run("2021-02-24T07:00")
    assert answers(remind("2021-02-24T09:00")) == [("TH-B/plan", "remind-1", None, "already_told")]


def test_all_that_is_missing_is_chased_and_nobody_else() -> None:
    """The school that has sent its plan hears nothing; nor do commune and leader."""
    called = remind("2021-02-26T09:00", "--all-missing")
    assert answers(called) == [
        ("TH-B/plan", "chase-1", "sent", None),
        ("TH-C/plan", "chase-1", "sent", None),
    ]
    assert {m["unit"] for m in called.document["messages"]} == {"TH-B", "TH-C"}


def test_an_asked_chase_lets_the_escalation_follow() -> None:
    """It counts as the chase that an escalation needs."""
    run("2021-02-18T07:00")
    assert answers(remind("2021-02-25T09:00")) == [("TH-B/plan", "chase-1", "sent", None)]
    document = automator("run", "--json", "--now", "2021-03-02T07:00").document
    steps = {(s["instance"], s["step"]) for m in document["messages"] for s in m["steps"]}
    assert ("TH-B/plan", "escalate-3") in steps
    assert ("TH-C/plan", "escalate-3") not in steps


def test_what_has_come_is_not_asked_for() -> None:
    """There is nothing to tell a school that has sent its plan."""
    assert answers(remind("2021-02-26T09:00", "TH-A", "plan")) == [
        ("TH-A/plan", None, None, "nothing_owed")
    ]


def test_a_dry_run_sends_nothing(here: Path) -> None:
    """It says what would be told."""
    called = remind("2021-02-18T09:00", "TH-B", "plan", "--dry-run")
    assert answers(called) == [("TH-B/plan", "remind-5", "queued", None)]
    assert not (here / "automator.db").exists()


def test_a_reminder_leaves_the_other_mails_to_the_daily_run() -> None:
    """Only what was asked for goes out; what else is due is told by the next run."""
    assert [m["unit"] for m in remind("2021-02-18T06:30").document["messages"]] == ["TH-B"]
    assert ("TH-C/plan", "remind-5") in run("2021-02-18T07:00")


@pytest.mark.parametrize(
    "arguments",
    [[], ["TH-B"], ["TH-B", "plan", "--all-missing"], ["TH-X", "plan"], ["TH-B", "plans"]],
)
def test_a_call_that_means_nothing_is_refused(arguments: list[str]) -> None:
    """Exit code 2, nothing on stdout."""
    called = automator("remind", *arguments, "--now", "2021-02-18T09:00")
    assert (called.code, called.out) == (2, "")
