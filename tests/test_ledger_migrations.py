"""An older ledger is brought up to date: its rows stay, its shape is that of a new one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledger_samples import HANOI, NOW, begin, key, message, states
from old_ledgers import DUMPS, content, pour, restore, shape
from small_office import office
from sqlalchemy import create_engine, text

from automator.errors import LedgerUnusable
from automator.ledger import Ledger, revisions, schema
from automator.ledger.database import Database, reading, writing
from automator.ledger.upgrades import migrate

pytest_plugins = ("ledger_fixtures",)

BASE = {"v1": 1, "v2": 2, "v2-claims": 2, "v3": 3}


def looked_at(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the shape and the content of a file."""
    database = reading(path)
    with database.transaction() as connection:
        return shape(connection), content(connection)


def fresh(tmp_path: Path) -> dict[str, Any]:
    """Return the shape of a new ledger."""
    with Ledger.open(str(tmp_path / "fresh.sqlite"), "main"):
        pass
    return looked_at(tmp_path / "fresh.sqlite")[0]


def kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Assert that all rows of an older ledger are there, and what is new in them is blank."""
    for name, rows in before.items():
        if name == "meta":
            continue
        assert len(rows) == len(after[name]), name
        for old, new in zip(rows, after[name], strict=True):
            assert {column: new[column] for column in old} == old
            assert all(new[column] in (None, "", "[]") for column in new.keys() - old.keys())


def test_every_older_version_is_on_record() -> None:
    """A version that has no recorded ledger would not be tested below."""
    assert sorted(BASE) == sorted(DUMPS)
    assert set(BASE.values()) == set(range(1, schema.VERSION))


@pytest.mark.parametrize("name", DUMPS)
def test_an_old_ledger_gets_the_shape_of_a_new_one(tmp_path: Path, name: str) -> None:
    """Columns, types, keys, indexes and constraints; its rows stay as they were."""
    path = restore(name, tmp_path / "old.sqlite")
    before = looked_at(path)[1]
    with Ledger.open(str(path), "main") as ledger:
        assert ledger.pending(NOW) == ("m-queued",)
        assert len(ledger.memory(HANOI).sightings) == 3
    found, after = looked_at(path)
    assert found == fresh(tmp_path)
    kept(before, after)
    assert {row["value"] for row in after["meta"] if row["name"] == "schema_version"} == {
        str(schema.VERSION)
    }


@pytest.mark.parametrize("name", DUMPS)
def test_alembic_finds_no_difference(tmp_path: Path, name: str) -> None:
    """Its own comparison with the tables of the program agrees."""
    path = restore(name, tmp_path / "old.sqlite")
    with Ledger.open(str(path), "main"):
        pass
    with reading(path).transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


@pytest.mark.parametrize("name", DUMPS)
def test_reading_an_old_ledger_leaves_it_as_it_is(tmp_path: Path, name: str) -> None:
    """`status` shows what there is; not a byte changes."""
    path = restore(name, tmp_path / "old.sqlite")
    before = path.read_bytes()
    with Ledger.open(str(path), "main", readonly=True) as ledger:
        memory = ledger.memory(HANOI)
        assert len(memory.sightings) == 3
        assert len(memory.told) == 2  # one is in doubt
        assert states(ledger)["m-held"] == "held"
        assert ledger.body("m-held").text == "dòng 1\nnăm 'nay' \"x\""
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", DUMPS)
def test_an_old_ledger_goes_on(tmp_path: Path, name: str) -> None:
    """What was told stays told, and the next run sends what waited; the other workbook too."""
    path = restore(name, tmp_path / "old.sqlite")
    for workbook in ("main", "khac"):
        with Ledger.open(str(path), workbook) as ledger, ledger.lock():
            told = set(ledger.memory(HANOI).told)
            begin(ledger, message("m-new", key("escalate-3")), now=ledger.last_run().now)  # type: ignore[union-attr]
            assert ledger.claim("m-new")
            assert ledger.memory(HANOI).told.keys() >= told


def made_from_nothing(database: Database) -> None:
    """Let the revisions alone make the tables."""
    with database.rebuilding() as connection:
        migrate(connection, 0, schema.VERSION)


def test_the_revisions_alone_make_the_tables(tmp_path: Path) -> None:
    """From an empty database to the present: the same as a new ledger."""
    made_from_nothing(writing(tmp_path / "made.sqlite"))
    assert looked_at(tmp_path / "made.sqlite")[0] == fresh(tmp_path)


@pytest.mark.parametrize("name", ["v1", "v2", "v3"])
def test_a_revision_makes_what_the_program_of_its_day_made(tmp_path: Path, name: str) -> None:
    """Each step by itself leads to the shape on record."""
    database = writing(tmp_path / "made.sqlite")
    with database.rebuilding() as connection:
        migrate(connection, 0, BASE[name])
    assert (
        looked_at(tmp_path / "made.sqlite")[0]
        == looked_at(restore(name, tmp_path / "recorded.sqlite"))[0]
    )


@pytest.mark.parametrize("name", DUMPS)
def test_an_old_ledger_on_a_server_gets_the_shape_of_a_new_one(
    tmp_path: Path, empty_server: str, name: str
) -> None:
    """PostgreSQL: tables of that version, the rows on record, then opened to write."""
    rows = looked_at(restore(name, tmp_path / "old.sqlite"))[1]
    server = create_engine(empty_server)
    with server.begin() as connection:
        migrate(connection, 0, BASE[name])
        if name == "v2-claims":
            for column in ("level_blank_since VARCHAR(32)", "claims TEXT NOT NULL"):
                connection.execute(text(f"ALTER TABLE sightings ADD COLUMN {column}"))
        pour(rows, connection)
    with Ledger.open(empty_server, "main") as ledger:
        assert ledger.pending(NOW) == ("m-queued",)
    with server.connect() as connection:
        found, after = shape(connection), content(connection)
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    kept(rows, after)
    with server.begin() as connection:
        schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)
        assert found == shape(connection)
    server.dispose()


def test_the_chain_has_one_end() -> None:
    """Alembic itself reads the modules: each follows the one before it, up to this version."""
    folder = str(Path(revisions.__file__).parent)
    script = ScriptDirectory(folder, version_locations=[folder])
    assert script.get_heads() == [str(schema.VERSION)]
    chain = [revision.revision for revision in script.walk_revisions()]
    assert chain == [str(n) for n in range(schema.VERSION, 0, -1)]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them or none, though SQLite has made tables and rebuilt others by then."""
    from automator.ledger.revisions import version_4

    path = restore("v1", tmp_path / "old.sqlite")
    before = looked_at(path)
    monkeypatch.setattr(version_4, "_acts", lambda: version_4.op.execute("no such statement"))
    with pytest.raises(LedgerUnusable, match="syntax error"):
        Ledger.open(str(path), "main")
    assert looked_at(path) == before
    monkeypatch.undo()
    with Ledger.open(str(path), "main") as ledger:
        assert ledger.pending(NOW) == ("m-queued",)


def test_a_rebuilt_table_takes_no_rows_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages have parts in other tables that go with them when they are deleted: not here."""
    from automator.ledger.revisions import version_4

    def rebuild() -> None:
        with version_4.op.batch_alter_table("messages", recreate="always"):
            pass

    path = restore("v3", tmp_path / "old.sqlite")
    before = looked_at(path)[1]
    acts = version_4._acts
    monkeypatch.setattr(version_4, "_acts", lambda: (rebuild(), acts()))
    with Ledger.open(str(path), "main"):
        pass
    after = looked_at(path)[1]
    assert [len(after[n]) for n in ("steps", "bodies")] == [
        len(before[n]) for n in ("steps", "bodies")
    ]


def test_a_reference_that_leads_nowhere_stops_it(tmp_path: Path) -> None:
    """What was damaged by hand is not made worse."""
    path = restore("v3", tmp_path / "old.sqlite")
    raw = writing(path)
    with raw.rebuilding() as connection:
        connection.execute(text("DELETE FROM messages WHERE id = 'm-held'"))
    raw.close()
    before = looked_at(path)
    with pytest.raises(LedgerUnusable, match="refers to no row of messages") as caught:
        Ledger.open(str(path), "main")
    assert caught.value.exit_code == 5
    assert looked_at(path) == before


PROBE = """
import sys
from automator.cli.app import main

try:
    main(["run", "--config", sys.argv[1], "--now", "2021-02-26T07:00:00+07:00"])
finally:
    print(*sorted({"alembic", "mako"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(("old", "loaded"), [("", "\n"), ("v3", "alembic mako\n")])
def test_alembic_is_loaded_for_an_old_ledger_only(tmp_path: Path, old: str, loaded: str) -> None:
    """`automator run` on a ledger that is new, or up to date, does without."""
    config = office(tmp_path, {"[workbook]": '[workbook]\nid = "so"'})
    if old:
        restore(old, tmp_path / "automator.db")
    for expected in (loaded, "\n"):
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(config)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.stderr == expected
