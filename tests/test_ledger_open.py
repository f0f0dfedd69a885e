"""Opening a ledger: what is none is refused in one line, and left as it is."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from ledger_samples import HANOI, NOW, begin, key, message

from automator.core.memory import Memory
from automator.core.message import State
from automator.errors import LedgerUnusable
from automator.ledger import Ledger

pytest_plugins = ("ledger_fixtures",)


def written(path: Path) -> None:
    """Write a ledger with one message."""
    with Ledger.open(str(path), "main") as ledger:
        begin(ledger, message("m-1", key()))


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {found.name: found.read_bytes() for found in folder.iterdir() if found.is_file()}


def refusal(target: str, *, readonly: bool) -> str:
    """Return the one line that refuses `target` (exit 5)."""
    with pytest.raises(LedgerUnusable) as caught:
        Ledger.open(target, "main", readonly=readonly)
    assert caught.value.exit_code == 5
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("readonly", [False, True], ids=["to-write", "to-read"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Kinh gui: Hieu truong\n" * 100, id="text"),
        pytest.param(b"\x00" * 5000, id="zeros"),
        pytest.param(b"PK", id="two-bytes"),
    ],
)
def test_a_file_that_is_no_database_is_left_alone(
    tmp_path: Path, content: bytes, readonly: bool
) -> None:
    """Whatever it is, it is not ours."""
    (tmp_path / "ledger.sqlite").write_bytes(content)
    line = refusal(str(tmp_path / "ledger.sqlite"), readonly=readonly)
    assert line.endswith("is no ledger: it is not an SQLite database")
    assert bytes_of(tmp_path) == {"ledger.sqlite": content}


@pytest.mark.parametrize("readonly", [False, True], ids=["to-write", "to-read"])
def test_a_torn_ledger_is_refused(tmp_path: Path, readonly: bool) -> None:
    """A copy that was cut short has a good head and nothing behind it."""
    path = tmp_path / "ledger.sqlite"
    written(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 20_000)
    assert "cannot be used: " in refusal(str(path), readonly=readonly)


@pytest.mark.parametrize("readonly", [False, True], ids=["to-write", "to-read"])
def test_the_database_of_another_program_is_left_alone(tmp_path: Path, readonly: bool) -> None:
    """Not even its journal mode changes."""
    path = tmp_path / "contacts.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE contacts (name TEXT)")
    other.close()
    before = bytes_of(tmp_path)
    assert refusal(str(path), readonly=readonly).endswith("the database of another program")
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("readonly", [False, True], ids=["to-write", "to-read"])
@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("5", "has version 5, this program knows 4"),
        ("0", "has version 0, this program knows 4"),
        ("x", "does not say which version it has"),
    ],
)
def test_a_ledger_of_another_version_is_left_alone(
    tmp_path: Path, version: str, words: str, readonly: bool
) -> None:
    """A newer program may have put a meaning into it that this one does not know."""
    path = tmp_path / "ledger.sqlite"
    written(path)
    raw = sqlite3.connect(path)
    raw.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", [version])
    raw.commit()
    raw.close()
    before = bytes_of(tmp_path)
    assert words in refusal(str(path), readonly=readonly)
    assert bytes_of(tmp_path) == before


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    """The line says that it is one."""
    assert refusal(str(tmp_path), readonly=False) == f"the ledger {tmp_path} is a folder"
    assert refusal(str(tmp_path), readonly=True) == f"the ledger {tmp_path} is a folder"


def test_a_missing_folder_is_not_created(tmp_path: Path) -> None:
    """A typing error in a path should not grow a tree."""
    line = refusal(str(tmp_path / "no" / "ledger.sqlite"), readonly=False)
    assert line.startswith("the folder of the ledger")
    assert bytes_of(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The path stands in the line."""
    tmp_path.chmod(0o500)
    assert str(tmp_path) in refusal(str(tmp_path / "ledger.sqlite"), readonly=False)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param("mysql://root:geheim@localhost/x", "cannot be kept in mysql", id="mysql"),
        pytest.param("sqlite://", "cannot be kept in sqlite", id="memory"),
        pytest.param("sqlite:///:memory:", "cannot be kept in sqlite", id="memory-by-name"),
        pytest.param("postgresql+nodriver://u:geheim@h/x", "is not installed", id="no-driver"),
        pytest.param("://", "cannot be understood", id="no-url"),
        pytest.param("postgresql://u:geheim@h:port/x", "cannot be understood", id="no-port"),
        pytest.param("postgresql://u@127.0.0.1:1/x?password=geheim", "cannot be used", id="option"),
        pytest.param("postgresql+psycopg://u:geheim@127.0.0.1:1/x", "refused", id="no-server"),
        pytest.param("ledger\0.sqlite", "cannot be used", id="no-path"),
        pytest.param("x" * 300, "cannot be used", id="too-long"),
    ],
)
def test_what_cannot_hold_a_ledger_is_refused(target: str, words: str) -> None:
    """Without showing a password."""
    line = refusal(target, readonly=False)
    assert words in line
    assert "geheim" not in line


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    """Spaces, accents and the signs of a URL."""
    path = tmp_path / "sổ theo dõi 100%?#&=.sqlite"
    written(path)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    with Ledger.open(str(path), "main", readonly=True) as ledger:
        assert len(ledger.memory(HANOI).drafts) == 1


def test_a_file_may_be_named_by_a_url(tmp_path: Path) -> None:
    """As it may in config.toml."""
    written(tmp_path / "ledger.sqlite")
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite", "main") as ledger:
        assert ledger.pending() == ("m-1",)


def test_many_may_create_it_at_once(tmp_path: Path) -> None:
    """One creates the tables, the others find them."""
    path = str(tmp_path / "ledger.sqlite")
    ready = Barrier(4)

    def create(number: int) -> bool:
        ready.wait()
        with Ledger.open(path, f"so-{number}", armed=False) as ledger:
            return ledger.memory(HANOI).armed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(create, range(4))) == [False] * 4


def test_a_full_disk_stops_a_run_before_anything_is_sent(tmp_path: Path) -> None:
    """No mail without a record: the commit fails whole, in one line."""
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        begin(ledger)
        with ledger._database.transaction() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerUnusable, match="full") as caught:
            begin(ledger, message("m-1", key(), text="x" * 50_000))
        assert caught.value.exit_code == 5
        assert ledger.pending() == ()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE messages SET recipients = '['", id="json"),
        pytest.param("UPDATE messages SET since = 'gestern'", id="instant"),
        pytest.param("UPDATE messages SET recipients = 7", id="type"),
    ],
)
def test_a_value_that_cannot_be_read_is_a_fault_of_the_ledger(
    tmp_path: Path, statement: str
) -> None:
    """Changed by hand, it is refused in one line."""
    path = tmp_path / "ledger.sqlite"
    written(path)
    raw = sqlite3.connect(path)
    raw.execute(statement)
    raw.commit()
    raw.close()
    with Ledger.open(str(path), "main") as ledger, pytest.raises(LedgerUnusable):
        ledger.message_rows()


def test_the_file_is_durable(tmp_path: Path) -> None:
    """Each commit is on the disk, and readers do not stop the writer."""
    written(tmp_path / "ledger.sqlite")
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite"), "main")
    with ledger, ledger._database.transaction() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1]


def test_reading_what_does_not_exist_creates_nothing(tmp_path: Path) -> None:
    """It is an empty memory, in a folder that may not exist either."""
    for path in (tmp_path / "ledger.sqlite", tmp_path / "no" / "ledger.sqlite"):
        with Ledger.open(str(path), "main", readonly=True, armed=False) as ledger:
            assert ledger.memory(HANOI) == Memory(armed=False)
            assert ledger.pending() == ()
            assert ledger.last_run() is None
            assert ledger.message_rows() == ()
    assert list(tmp_path.iterdir()) == []


def test_reading_changes_nothing(tmp_path: Path) -> None:
    """No file is touched, none appears: not beside a ledger at rest, not while it is written."""
    path = tmp_path / "ledger.sqlite"
    written(path)
    at_rest = bytes_of(tmp_path)
    with Ledger.open(str(path), "main", readonly=True) as ledger:
        assert [draft.id for draft in ledger.memory(HANOI).drafts] == ["m-1"]
        assert ledger.body("m-1") == message("m-1", key())
        assert bytes_of(tmp_path) == at_rest
    with Ledger.open(str(path), "main") as writer:
        assert writer.claim("m-1")
        busy = set(bytes_of(tmp_path))
        with Ledger.open(str(path), "main", readonly=True) as ledger:
            assert [row.state for row in ledger.message_rows()] == [State.SENDING]
        assert set(bytes_of(tmp_path)) == busy
        writer.settle("m-1", State.SENT, NOW)
        with Ledger.open(str(path), "main", readonly=True) as ledger:
            assert set(ledger.memory(HANOI).told) == {key()}


def test_a_reader_sees_a_workbook_that_is_new_as_empty(target: str, workbook: str) -> None:
    """A ledger that others use knows nothing of it, and learns nothing."""
    with Ledger.open(target, "khac") as ledger:
        ledger.arm()
    with Ledger.open(target, workbook, readonly=True, armed=False) as ledger:
        assert ledger.memory(HANOI) == Memory(armed=False)


def test_who_opened_to_read_cannot_write(target: str, workbook: str) -> None:
    """Every writing method says so before it does anything."""
    with Ledger.open(target, workbook) as ledger:
        begin(ledger, message("m-1", key()))
    with Ledger.open(target, workbook, readonly=True) as ledger:
        for write in (
            ledger.lock,
            ledger.arm,
            lambda: ledger.claim("m-1"),
            lambda: ledger.recover(NOW),
            lambda: begin(ledger),
            lambda: ledger.release(["x"]),
        ):
            with pytest.raises(LedgerUnusable, match="opened to read only"):
                write()
