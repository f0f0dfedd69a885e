"""A ledger that does not fit: an older copy, or another roster, holds everything and asks."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from command_line import Called, automator
from small_office import SCHOOLS, office, workbook
from sqlalchemy import delete, func, select

from automator.ledger import Ledger, schema

pytest_plugins = ("ledger_fixtures",)

FRIDAY = "2021-02-26T07:00"


class Desk:
    """An office in a folder whose mails go to a folder; its days are runs at 07:00."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = office(folder)

    def run(self, now: str, *more: str) -> Called:
        """Do one run."""
        return self.call("run", "--json", "--now", now, *more)

    def call(self, *arguments: str) -> Called:
        """Call any command with the office's config."""
        return automator(*arguments, "--config", self.config)

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.folder / "automator.db"

    def copy(self) -> Path:
        """Back the ledger up, without its witness."""
        return shutil.copy(self.ledger, self.folder / "copy.db")

    def restore(self) -> None:
        """Put the copy back in its place."""
        shutil.copy(self.folder / "copy.db", self.ledger)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """TH-B and TH-C have sent no plan."""
    return Desk(tmp_path)


@pytest.fixture
def gone_back(desk: Desk) -> Desk:
    """The ledger of the day before the chases is back in its place, in the afternoon."""
    desk.run("2021-02-25T07:00")
    desk.copy()
    assert desk.run(FRIDAY).document["counts"]["sent"] == 2
    desk.restore()
    return desk


def told(called: Called) -> list[tuple[str, str, str]]:
    """Return (unit, role, state) of every message of a run."""
    return sorted((m["unit"], m["role"], m["state"]) for m in called.document["messages"])


def test_an_older_copy_tells_the_operator_alone(gone_back: Desk) -> None:
    """Everything else is held, with the reason; the exit code is 1 and stderr says what to do."""
    called = gone_back.run("2021-02-26T14:00")
    assert told(called) == [
        ("TH-B", "principal", "held"),
        ("TH-C", "principal", "held"),
        ("office", "operator", "sent"),
    ]
    assert called.code == 1
    assert "outbox release ledger" in called.err
    assert called.document["counts"]["withheld"]["ledger_unknown"] == 2


def test_it_is_held_until_somebody_decides(gone_back: Desk) -> None:
    """However many runs there are in between; the operator is told once."""
    gone_back.run("2021-02-26T14:00")
    for now in ("2021-03-01T07:00", "2021-03-02T07:00"):
        assert {state for _, _, state in told(gone_back.run(now))} == {"held"}


def test_status_and_explain_say_so(gone_back: Desk) -> None:
    """Before any run has seen it: reading commands look at the witness too."""
    assert "outbox release ledger" in gone_back.call("status", "--now", "2021-02-26T14:00").out
    said = gone_back.call("explain", "TH-B", "plan", "--now", "2021-02-26T14:00").out
    assert "ledger_unknown, the ledger does not fit the workbook" in said
    waiting = gone_back.call("outbox", "list", "--json", "--now", "2021-02-26T14:00").document
    assert [(w["key"], w["steps"]) for w in waiting["waiting"]] == [("ledger", 2)]


@pytest.mark.parametrize("seen", [True, False], ids=["after-a-run", "before-any-run"])
def test_a_release_lets_it_go_on(gone_back: Desk, seen: bool) -> None:
    """The next run sends, and later ones are not asked again."""
    if seen:
        gone_back.run("2021-02-26T14:00")
    done = gone_back.call("outbox", "release", "ledger", "--now", "2021-02-26T15:00")
    assert (done.code, done.out) == (0, "ledger\n")
    called = gone_back.run("2021-02-26T16:00")
    assert called.code == 0
    assert told(called) == [("TH-B", "principal", "sent"), ("TH-C", "principal", "sent")]
    assert gone_back.run("2021-03-02T07:00").err == ""


def test_what_is_known_to_have_gone_out_can_be_thrown_away_first(gone_back: Desk) -> None:
    """TH-B was chased by the lost run: it is not chased twice."""
    gone_back.run("2021-02-26T14:00")
    held = gone_back.call("outbox", "list", "--json", "--state", "held").document["messages"]
    (code,) = [m["code"] for m in held if m["unit"] == "TH-B"]
    gone_back.call("outbox", "discard", code, "--now", "2021-02-26T15:00")
    gone_back.call("outbox", "release", "ledger", "--now", "2021-02-26T15:00")
    assert told(gone_back.run("2021-02-26T16:00")) == [("TH-C", "principal", "sent")]


def test_the_latest_copy_put_back_ends_it(desk: Desk) -> None:
    """A copy of the last run is no older one: nothing was lost, nobody is asked."""
    desk.run(FRIDAY)
    desk.copy()
    desk.ledger.unlink()
    desk.restore()
    assert (desk.run("2021-02-26T14:00").code, desk.run("2021-03-01T07:00").code) == (0, 0)


def test_a_copy_made_in_the_middle_of_a_run_is_an_older_one(desk: Desk) -> None:
    """Its last run is the last one, but that run had told more by its end."""
    desk.run(FRIDAY)
    witness = desk.folder / "automator.db.run"
    known = json.loads(witness.read_text("utf-8"))
    known["workbooks"]["main"]["told"] += 1
    witness.write_text(json.dumps(known), "utf-8")
    assert desk.run("2021-02-26T14:00").code == 1


def lose(desk: Desk) -> None:
    """The ledger was deleted: the next run begins a new one."""
    desk.ledger.unlink()


def move(desk: Desk) -> None:
    """The ledger of another office lies in its place, which has run less often."""
    other = Desk(_folder(desk.folder / "other"))
    other.run("2021-02-25T07:00")
    shutil.copy(other.ledger, desk.ledger)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def spoil(desk: Desk) -> None:
    """The witness is no file of ours any more, and the ledger an older one."""
    (desk.folder / "automator.db.run").write_text("[]", "utf-8")


@pytest.mark.parametrize("change", [lose, move, spoil])
def test_what_proves_nothing_holds_nothing(desk: Desk, change: Callable[[Desk], None]) -> None:
    """Another ledger, a new one, a witness that nobody can read."""
    desk.run("2021-02-25T07:00")
    desk.run(FRIDAY)
    change(desk)
    called = desk.run("2021-02-26T14:00")
    assert (called.code, "ledger_unknown" in called.out) == (0, False)


def test_a_missing_witness_is_said_and_written(desk: Desk) -> None:
    """It proves nothing, so nothing is held; the next restore will be seen."""
    desk.run("2021-02-25T07:00")
    (desk.folder / "automator.db.run").unlink()
    called = desk.run(FRIDAY)
    assert called.code == 0
    assert "there is no automator.db.run beside the ledger" in called.err
    assert (desk.folder / "automator.db.run").exists()


def test_each_workbook_has_its_own_line(desk: Desk) -> None:
    """One ledger serves many; a run of the one says nothing about the other."""
    desk.run(FRIDAY)
    text = desk.config.read_text("utf-8")
    desk.config.write_text(
        text.replace('path = "so.xlsx"', 'path = "so.xlsx"\nid = "hai"'), "utf-8"
    )
    desk.run(FRIDAY)
    known = json.loads((desk.folder / "automator.db.run").read_text("utf-8"))
    assert sorted(known["workbooks"]) == ["hai", "main"]


# Another roster under the same id.


def another(desk: Desk, same: int) -> None:
    """Give the workbook a roster of which `same` schools were there before."""
    new = [(f"TH-{n}", f"Trường Tiểu học Số {n}", "TH", "28036", f"t{n}@truong.example")
           for n in range(4 - same)]  # fmt: skip
    workbook(desk.folder / "so.xlsx", schools=[*SCHOOLS[:same], *new], plans=())


@pytest.mark.parametrize(("same", "held"), [(1, True), (2, False)])
def test_a_roster_that_shares_under_half_of_its_codes_holds_all(
    desk: Desk, same: int, held: bool
) -> None:
    """Half of them is enough; less is another workbook under the same id."""
    desk.run("2021-02-25T07:00")
    another(desk, same)
    called = desk.run(FRIDAY)
    assert ("under half of its codes" in called.err) is held
    states = {state for _, role, state in told(called) if role != "operator"}
    assert (states <= {"held"}) is held


def test_another_roster_leaves_the_ledger_as_it_is(desk: Desk) -> None:
    """With the right workbook back, the runs go on as if nothing had been."""
    desk.run("2021-02-25T07:00")
    another(desk, 0)
    first, second = desk.run(FRIDAY), desk.run("2021-02-26T08:00")
    assert ("office", "operator", "sent") in told(first)
    assert not [m for m in told(second) if m[2] != "held"]
    workbook(desk.folder / "so.xlsx")
    called = desk.run("2021-02-26T09:00")
    assert [m for m in told(called) if m[2] != "superseded"] == [
        ("TH-B", "principal", "sent"),
        ("TH-C", "principal", "sent"),
    ]
    assert called.code == 0


def test_a_release_takes_the_new_roster_for_its_own(desk: Desk) -> None:
    """The next run tells the new schools, and is not asked again."""
    desk.run("2021-02-25T07:00")
    another(desk, 0)
    assert desk.run(FRIDAY).code == 1
    assert desk.call("outbox", "release", "ledger", "--now", "2021-02-26T08:00").code == 0
    called = desk.run("2021-02-26T09:00")
    assert {(unit, state) for unit, _, state in told(called)} >= {("TH-0", "sent")}
    assert desk.run("2021-02-26T10:00").code == 0


def test_a_servers_ledger_has_its_witness_beside_the_config(tmp_path: Path, postgres: str) -> None:
    """A database that was restored from a dump is known as a file is."""
    name = f"so-{uuid4().hex[:12]}"
    desk = Desk(tmp_path)
    text = desk.config.read_text("utf-8")
    text = text.replace('path = "so.xlsx"', f'path = "so.xlsx"\nid = "{name}"')
    desk.config.write_text(f'{text}\n[ledger]\nurl = "{postgres}"\n', "utf-8")
    desk.run("2021-02-25T07:00")
    desk.run(FRIDAY)
    assert (tmp_path / f"automator-{name}.run").exists()
    with Ledger.open(postgres, name) as ledger, ledger._database.transaction() as connection:
        last = connection.scalar(select(func.max(schema.runs.c.id)))
        for table in (schema.runs, schema.told, schema.steps, schema.messages):
            mine = table.c.workbook == name
            connection.execute(
                delete(table).where(mine, table.c.id == last if table is schema.runs else mine)
            )
    called = desk.run("2021-02-26T14:00")
    assert called.code == 1
    assert "outbox release ledger" in called.err
