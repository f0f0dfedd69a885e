"""`automator simulate`: who would get what on which day, and what another config changes."""

import re
from pathlib import Path
from typing import Any

import pytest
from command_line import SAMPLE, Called, automator, sample_config
from small_office import office

DAYS = ("--from", "2021-02-22", "--to", "2021-02-26")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Called:
    """Simulate a week of the sample as a document."""
    folder = tmp_path_factory.mktemp("simulate")
    return automator("simulate", *DAYS, "--json", "--ledger", folder / "none.db")


def _mails(simulation: Any) -> set[tuple[str, str, str, str]]:
    """Return (day, kind, role, unit) of all that goes out."""
    return {
        (p["now"][:10], m["kind"], m["role"], m["unit"])
        for p in simulation["passes"]
        for m in p["mails"]
        if m["held"] is None
    }


def test_each_day_says_who_would_get_what(sample: Called) -> None:
    """A school whose plan has not come is reminded on 24/02 and chased on 26/02."""
    assert (sample.code, sample.err) == (0, "")
    (simulation,) = sample.document["simulations"]
    mine = {m[:3] for m in _mails(simulation) if m[3] == "TH-BINH-THANH"}
    assert mine == {
        ("2021-02-22", "digest", "principal"),  # with the newest step that is up
        ("2021-02-24", "remind", "principal"),
        ("2021-02-26", "chase", "principal"),
    }


def test_each_silence_says_why_once(sample: Called) -> None:
    """A step that stays silent is named with its reason on the first day that it holds."""
    (simulation,) = sample.document["simulations"]
    found = [
        (p["now"][:10], s["instance"], s["step"])
        for p in simulation["passes"]
        for s in p["withheld"]
        if s["reason"] == "no_address" and s["unit"] == "MG-TAN-THANH" and s["step"] != "digest"
    ]
    assert found == [
        ("2021-02-22", "MG-TAN-THANH/plan", "remind-5"),
        ("2021-02-24", "MG-TAN-THANH/plan", "remind-1"),
        ("2021-02-26", "MG-TAN-THANH/plan", "chase-1"),
    ]


def test_the_summary_counts_what_the_days_hold(sample: Called) -> None:
    """The sums of the document are those of its days."""
    (simulation,) = sample.document["simulations"]
    summary = simulation["summary"]
    kinds = sum(p["counts"]["mails"] for p in simulation["passes"])
    assert summary["mails"] == sum(summary["kinds"].values()) == kinds
    assert summary["mails"] == sum(summary["roles"].values())
    assert summary["days"] == 5
    assert sum(not p["watch"] for p in simulation["passes"]) == 5


def test_it_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ledger, no outbox, no status file comes to be."""
    monkeypatch.chdir(tmp_path)
    before = SAMPLE.read_bytes()
    assert automator("simulate", "--from", "2021-02-26", "--to", "2021-02-26").code == 0
    assert list(tmp_path.iterdir()) == []
    assert SAMPLE.read_bytes() == before
    assert not SAMPLE.with_suffix(".tinh-trang.xlsx").exists()


def test_a_person_reads_a_block_a_day() -> None:
    """Each run with something to say is a headline, its mails by kind, its silences, a sum."""
    out = automator("simulate", "--from", "2021-02-25", "--to", "2021-02-26").out
    assert re.search(r"^Fri 26/02/2021 07:00  \d+ mails$", out, flags=re.MULTILINE)
    assert re.search(r"^Thu 25/02/2021 20:10 \(watch\)  2 mails$", out, flags=re.MULTILINE)
    assert re.search(r"^  urgent +duty +1  urgent urgent-report/", out, flags=re.MULTILINE)
    assert re.search(r"^  withheld +no_address +\d+  chase-1 plan: ", out, flags=re.MULTILINE)
    assert re.search(r"^2 days: \d+ mails, 0 held$", out, flags=re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 120


def test_two_configs_show_what_the_second_changes(tmp_path: Path) -> None:
    """A reminder on another day is gone and added; a step that only moves is moved."""
    new = sample_config(
        tmp_path,
        {
            "remind = [5, 1]\nchase = [1, 5]\nescalate = [3]": (
                "remind = [2]\nchase = [1, 5]\nescalate = [3]"
            )
        },
    )
    called = automator(
        *("simulate", *DAYS, "--json", "--workbook", SAMPLE),
        *("--config", _shipped(), "--config", new),
    )
    changes = called.document["difference"]
    seen = {(c["change"], c["step"], c["was"], c["now"]) for c in changes["changes"]}
    assert ("added", "remind-2", None, "2021-02-23") in seen
    assert ("gone", "remind-1", "2021-02-24", None) in seen
    assert {c["kind"] for c in changes["changes"]} == {"remind"}
    both = [s["summary"]["mails"] for s in called.document["simulations"]]
    assert changes["mails"] == both


def _shipped() -> Path:
    from command_line import SAMPLE_CONFIG

    return SAMPLE_CONFIG


def test_two_configs_read_as_lines(tmp_path: Path) -> None:
    """A moved digest is listed with both days; the counts of each kind stand below."""
    new = sample_config(tmp_path, {'digest = "Monday 07:00"': 'digest = "Tuesday 07:00"'})
    out = automator(
        *("simulate", *DAYS, "--workbook", SAMPLE, "--config", _shipped(), "--config", new)
    ).out
    assert "22/02/2021 -> 23/02/2021 week 2021-W07" in out
    assert re.search(r"^mails: \d+ -> \d+$", out, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("--from", "2021-03-02", "--to", "2021-03-01"), "lies after", id="backwards"),
        pytest.param(("--from", "2021-01-01", "--to", "2023-01-02"), "longer than", id="too-long"),
        pytest.param(("--from", "2020-02-29", "--to", "2022-03-01"), "longer than", id="leap-day"),
        pytest.param(("--from", "26/02/2021", "--to", "2021-03-01"), "is not a day", id="no-iso"),
        pytest.param(("--from", "1021-02-01", "--to", "2021-03-01"), "outside", id="no-year"),
    ],
)
def test_a_span_that_is_none_is_refused(arguments: tuple[str, ...], says: str) -> None:
    """Exit 2, with what is wrong."""
    called = automator("simulate", *arguments)
    assert called.code == 2
    assert says in called.err


def test_three_configs_are_refused(tmp_path: Path) -> None:
    """Two can be compared, three cannot."""
    path = office(tmp_path)
    called = automator("simulate", *DAYS, *(("--config", path) * 3))
    assert called.code == 2
    assert "given 3 times" in called.err


def test_from_ledger_begins_with_what_was_told(tmp_path: Path) -> None:
    """What a real run has sent is not sent again; a day before its last run is refused."""
    path = office(tmp_path)
    common = ("--config", path)
    assert automator("run", *common, "--now", "2021-02-24T07:00").code == 0
    days = ("--from", "2021-02-24", "--to", "2021-02-26", "--json")
    anew = automator("simulate", *common, *days).document["simulations"][0]
    known = automator("simulate", *common, *days, "--from-ledger").document["simulations"][0]
    assert {m[:2] for m in _mails(anew) if m[3] == "TH-B"} == {
        ("2021-02-24", "remind"),
        ("2021-02-26", "chase"),
    }
    assert {m[:2] for m in _mails(known) if m[3] == "TH-B"} == {("2021-02-26", "chase")}
    early = automator(
        *("simulate", *common, "--from", "2021-02-23", "--to", "2021-02-26", "--from-ledger")
    )
    assert early.code == 2
    assert "last ran at" in early.err


def test_chases_wait_for_their_own_run(tmp_path: Path) -> None:
    """The office reads the list in the morning; schools are chased by the afternoon's run."""
    path = office(tmp_path, {"[workbook]": '[schedule]\nchase_from = "14:00"\n\n[workbook]'})
    days = ("--from", "2021-02-26", "--to", "2021-02-26", "--json")
    (simulation,) = automator("simulate", "--config", path, *days).document["simulations"]
    chased = {
        (p["now"][11:16], m["role"])
        for p in simulation["passes"]
        for m in p["mails"]
        if m["kind"] == "chase"
    }
    assert chased == {("07:00", "office"), ("14:00", "principal")}
