"""The ledger of one workbook: what was seen, judged and told, kept through any crash."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from automator.core.bounces import Returned
from automator.core.budget import Waiting
from automator.core.given import Given
from automator.core.memory import Bounce, Memory, Restored
from automator.core.message import Ended, Message, State
from automator.core.unknown import RELEASE
from automator.errors import LedgerUnusable, RunTooEarly
from automator.ledger import acts, bounces, hand, lock, moves, pins, prune, reports, runs, witness
from automator.ledger.bodies import find_message, load_message
from automator.ledger.database import Database
from automator.ledger.load import load_memory
from automator.ledger.opening import open_reading, open_writing
from automator.ledger.planning import Planning
from automator.ledger.records import MessageRow, RunRecord
from automator.ledger.save import arm, release, save_memory


class Ledger:
    """The memory of one workbook in a database. Every method is one transaction.

    Made by `open`; may be used by several threads. Each method raises LedgerUnusable for
    what the database cannot do, and then has changed nothing.
    """

    def __init__(self, database: Database, workbook: str, *, readonly: bool, armed: bool) -> None:
        self._database = database
        self._readonly = readonly
        self._armed = armed
        self.workbook = workbook

    @classmethod
    def open(
        cls, target: str, workbook: str, *, readonly: bool = False, armed: bool = True
    ) -> Self:
        """Open the ledger at `target`: a file's path or an SQLAlchemy URL.

        Creates the tables where there are none, and the workbook's row, which takes `armed`
        then and never again. With `readonly` nothing is created or changed, and a ledger
        that does not exist is an empty one.
        """
        database = open_reading(target) if readonly else open_writing(target, workbook, armed=armed)
        return cls(database, workbook, readonly=readonly, armed=armed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back. The ledger may still be used; it connects anew."""
        self._database.close()

    def lock(self) -> AbstractContextManager[None]:
        """Hold the ledger for one run. Raises LeaseHeld (on entering) if another holds it."""
        self._must_write()
        return lock.held(self._database, self.workbook)

    def memory(self, zone: ZoneInfo, until: datetime | None = None) -> Memory:
        """Return everything that is known of the workbook, its instants in `zone`.

        With `until` the digest weeks and the mails of the day are those sent by then; the
        rest carries its instants, and `look_back.as_of` chooses.
        """
        with self._read() as connection:
            return load_memory(connection, self.workbook, zone, armed=self._armed, until=until)

    def recover(self, now: datetime) -> tuple[str, ...]:
        """Put in doubt, since `now`, what a dead run left in `sending`; return the ids."""
        with self._write() as connection:
            return moves.recover(connection, self.workbook, now)

    def begin(
        self,
        run: RunRecord,
        memory: Memory,
        messages: Iterable[Message],
        held: Mapping[str, str],
        superseded: Collection[str],
        *,
        failed: Mapping[str, str] | None = None,
        again: Collection[str] = (),
    ) -> int:
        """Commit a run before anything is sent; return its id.

        The tables take what `memory` holds. `messages` are taken one by one, so that they need
        not all be in memory. They are inserted, and drafts with the same
        id refreshed and queued (superseded ones again, failed ones if their recipients
        changed or they had no body); sent, doubted and discarded ones stay as they are.
        `held` and `failed` (rendering broke) say why by id. `superseded` are dropped drafts.
        `again` are messages in doubt that this run hands over once more, as they are.
        Raises RunTooEarly if a later run is on record.
        """
        targets = {name: (State.HELD, why) for name, why in held.items()}
        targets |= {name: (State.FAILED, why) for name, why in (failed or {}).items()}
        with self._write() as connection:
            last = runs.latest(connection, self.workbook)
            if last is not None and run.now < last:
                raise RunTooEarly(run.now, last)
            run_id = runs.begin(connection, self.workbook, run)
            save_memory(connection, self.workbook, memory)
            planning = Planning(connection, self.workbook, run_id, run.now)
            planned = planning.write(messages, targets)
            moves.repeat(connection, self.workbook, again, run_id)
            planning.drop(set(superseded) - planned)
            planning.hold({name: why for name, why in held.items() if name not in planned})
        return run_id

    def pending(self, now: datetime | None = None) -> tuple[str, ...]:
        """Return the ids that the last run planned and `now` allows, urgent ones first.

        Without `now`: at the instant of that run.
        """
        return tuple(one.id for one in self.waiting(now))

    def waiting(self, now: datetime | None = None) -> tuple[Waiting, ...]:
        """Return what `pending` names, with who gets it."""
        with self._read() as connection:
            at = now or runs.latest(connection, self.workbook)
            return () if at is None else moves.waiting(connection, self.workbook, at)

    def recipients_since(self, since: datetime) -> int:
        """Return to how many recipients mail went, or may have gone, after `since`."""
        with self._read() as connection:
            return moves.recipients_since(connection, self.workbook, since)

    def body(self, message: str) -> Message:
        """Return a stored message whole. Raises LedgerUnusable if there is none."""
        with self._read() as connection:
            return load_message(connection, self.workbook, message)

    def kept(self, message: str) -> Message | None:
        """Return a stored message whole, None where its body is not kept (any more)."""
        with self._read() as connection:
            return find_message(connection, self.workbook, message)

    @contextmanager
    def many_writes(self) -> Iterator[None]:
        """Keep one connection for the many short transactions of the block."""
        with self._database.keeping():
            yield

    def claim(self, message: str) -> bool:
        """Take a message to hand it over; False if it is not there to send (any more)."""
        with self._write() as connection:
            return moves.claim(connection, self.workbook, message) is not None

    def settle_and_claim(self, ended: Ended | None, then: str | None) -> Message | None:
        """Write down how one message ended and take the next, in one commit; return that one.

        It comes as a transport needs it (`bodies.leaving`). None: `then` is None, or not there to
        send (any more). Raises IllegalMove if `ended` was not being sent; then nothing is taken.
        """
        with self.settling_and_claiming(ended, then) as taken:
            return taken

    @contextmanager
    def settling_and_claiming(
        self, ended: Ended | None, then: str | None
    ) -> Iterator[Message | None]:
        """As `settle_and_claim`, but the commit comes at the end of the block.

        Until then nothing is on record, and no one else can write.
        """
        with self._write() as connection:
            if ended is not None:
                moves.settle(connection, self.workbook, ended)
            yield None if then is None else moves.claim(connection, self.workbook, then)

    def doubted(self) -> Mapping[str, str]:
        """Return the Message-ID of each message in doubt, by id."""
        with self._read() as connection:
            return moves.doubted(connection, self.workbook)

    def confirm(self, messages: Collection[str]) -> None:
        """Write down that messages in doubt were sent: they lie where sent mail does."""
        with self._write() as connection:
            for message in sorted(messages):
                moves.confirm(connection, self.workbook, message)

    def put_back(self, message: str, why: str) -> None:
        """Queue a claimed message again that surely never left. Raises IllegalMove."""
        with self._write() as connection:
            moves.put_back(connection, self.workbook, message, why)

    def settle(
        self,
        message: str,
        state: State,
        at: datetime,
        detail: str = "",
        refused: Sequence[str] = (),
    ) -> None:
        """Write down how a claimed message ended: sent, deferred, failed or in doubt, at `at`.

        Sent: its steps and weeks are told. Deferred: its unit and role are left alone for
        5 minutes, doubling to 6 hours. Raises IllegalMove if it was not being sent.
        """
        ended = Ended(id=message, state=state, at=at, detail=detail, refused=tuple(refused))
        with self._write() as connection:
            moves.settle(connection, self.workbook, ended)

    @property
    def path(self) -> Path | None:
        """The file of the ledger, None for a server's database."""
        return self._database.path

    def behind(self, path: Path, zone: ZoneInfo) -> Restored | None:
        """Return how the ledger has gone back behind its witness at `path`, None if not."""
        with self._read() as connection:
            name = witness.uid(connection)
            now = witness.stand(connection, self.workbook)
        return witness.gone_back(now, witness.seen(path, name, self.workbook), zone)

    def mark_restored(self, found: Restored) -> None:
        """Remember that the ledger has gone back, until "ledger" is released."""
        with self._write() as connection:
            witness.set_mark(connection, self.workbook, found)

    def testify(self, path: Path) -> None:
        """Let the witness at `path` know how far the ledger has come. Raises OSError."""
        with self._read() as connection:
            name = witness.uid(connection)
            now = witness.stand(connection, self.workbook)
        if now is not None:
            witness.testify(path, name, self.workbook, now)

    def end(self, run: int, counts: Mapping[str, Any], at: datetime) -> None:
        """Write down that a run came to its end. Raises LedgerUnusable for an unknown one."""
        with self._write() as connection:
            runs.end(connection, self.workbook, run, counts, at)

    def last_run(self) -> RunRecord | None:
        """Return the last run of the workbook, None before the first."""
        with self._read() as connection:
            return runs.last(connection, self.workbook)

    def release(self, keys: Collection[str], at: datetime | None = None, who: str = "") -> None:
        """Remember what the operator decided to let go ("breaker/plans", "old_duty/…").

        With `at` it is on record who did so.
        """
        with self._write() as connection:
            release(connection, self.workbook, keys)
            if RELEASE in keys:
                witness.clear_mark(connection, self.workbook)
            if at is not None:
                by = acts.Act(at=at, act="release", subject="", who=who)
                acts.record(connection, self.workbook, keys, by)

    def approve(self, wanted: Mapping[str, tuple[str, ...]], at: datetime, who: str) -> None:
        """Let mail go to these (folded) addresses of schools and, of those schools, no other."""
        with self._write() as connection:
            pins.approve(connection, self.workbook, pins.approved(wanted, at, who))

    def decide(self, wish: Given) -> tuple[Given, bool]:
        """Write a decision by hand down; return it with its id, and whether it is new.

        The same decision twice, while the first stands, is one.
        """
        with self._write() as connection:
            return hand.add(connection, self.workbook, wish)

    def revoke(self, decision: int, at: datetime, who: str) -> bool:
        """Revoke a decision by hand; False if there is none of that id that stands."""
        with self._write() as connection:
            return hand.revoke(connection, self.workbook, decision, at, who)

    def believed(self, returned: Sequence[Returned], at: datetime) -> tuple[Bounce, ...]:
        """Return what `returned` would do if it were noted at `at`; nothing is written."""
        with self._read() as connection:
            return bounces.believed(connection, self.workbook, returned, at)

    def note_returned(self, returned: Sequence[Returned], at: datetime) -> tuple[Bounce, ...]:
        """Write down which mails of ours came back, read at `at`; return what is new.

        Believed is only what names a mail that was sent, and an address that it went to. The
        steps of a mail that reached nobody count as bounced. Twice the same changes nothing.
        """
        with self._write() as connection:
            return bounces.note(connection, self.workbook, returned, at)

    def clear_bounces(self, address: str, at: datetime, who: str) -> int:
        """Take an address for good again; return how many mails had come back from it."""
        with self._write() as connection:
            return bounces.clear(connection, self.workbook, address, at, who)

    def arm(self) -> None:
        """Let a new ledger's mails go out from the next plan on."""
        with self._write() as connection:
            arm(connection, self.workbook)

    def prunable(self) -> datetime | None:
        """Return the latest instant before which it may be pruned (UTC); None: no run yet."""
        with self._read() as connection:
            return prune.latest_cutoff(connection, self.workbook)

    def prune(self, before: datetime, *, only_count: bool = False) -> prune.Pruned:
        """Take mails and runs out that came to their end before an instant; count them.

        What was told, and all that a run reads, stays. The file keeps its size: `compact`.
        """
        if only_count:
            with self._read() as connection:
                return prune.count(connection, self.workbook, before)
        with self._write() as connection:
            return prune.prune(connection, self.workbook, before)

    def compact(self) -> str:
        """Give the room of what was pruned back to the disk; return why it could not, or ""."""
        self._must_write()
        return self._database.compact()

    def messages_of(self, run: int) -> tuple[MessageRow, ...]:
        """Return the messages that a run planned, or dropped, with their state now."""
        return self.message_rows(run=run)

    def message_rows(
        self,
        *,
        ids: Collection[str] | None = None,
        states: Collection[State] | None = None,
        run: int | None = None,
        prefix: str | None = None,
    ) -> tuple[MessageRow, ...]:
        """Return the messages that meet all that is given, urgent ones first.

        `prefix`: how the id begins, as the footer of a mail names it.
        """
        with self._read() as connection:
            return reports.message_rows(
                connection, self.workbook, ids=ids, states=states, run=run, prefix=prefix
            )

    def told_rows(self, prefix: str) -> tuple[MessageRow, ...]:
        """Return the messages whose ids begin so by what they told: pruned ones are among them."""
        with self._read() as connection:
            return reports.told_rows(connection, self.workbook, prefix)

    def retry(self, messages: Collection[str], at: datetime, who: str) -> None:
        """Free failed messages, and those deferred from their back-off, for the next plan.

        Nothing is sent by it. Raises IllegalMove, and changes nothing, if one is in another
        state.
        """
        with self._write() as connection:
            by = acts.Act(at=at, act="retry", subject="", who=who)
            acts.retry(connection, self.workbook, messages, by)

    def discard(self, messages: Collection[str], at: datetime, who: str) -> None:
        """Throw messages away for good: their steps and weeks are never told.

        Raises IllegalMove, and changes nothing, if one was sent or is no longer in the plan.
        """
        with self._write() as connection:
            by = acts.Act(at=at, act="discard", subject="", who=who)
            acts.discard(connection, self.workbook, messages, by)

    def history(self, subject: str) -> tuple[acts.Act, ...]:
        """Return what was done by hand to a message, or to a decision that waited."""
        with self._read() as connection:
            return acts.load(connection, self.workbook, subject)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """Give a connection for rows that become values: one that cannot is a fault too."""
        with self._database.values() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        self._must_write()
        with self._database.transaction() as connection:
            yield connection

    def _must_write(self) -> None:
        if self._readonly:
            msg = f"the ledger {self._database.name} was opened to read only"
            raise LedgerUnusable(msg)
