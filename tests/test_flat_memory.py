"""However many mails wait: only the ones on their way are in memory."""

import subprocess
import sys
from pathlib import Path

QUEUE_AND_DRAIN = '''
"""Queues and drains so many messages of some 20 KB; prints how many left, and the peak in KB."""
import resource, sys
from dataclasses import replace
from pathlib import Path
from automator.core.memory import Memory
from automator.delivery import deliver
from automator.ledger import Ledger, RunRecord
from automator.spool import Spool
from ledger_samples import NOW, key, message
from sqlalchemy import Pool, event

@event.listens_for(Pool, "checkout")
def hurry(connection, *_):
    connection.execute("PRAGMA synchronous=OFF")  # nothing here outlives the test

count, folder = int(sys.argv[1]), Path(sys.argv[2])

class Drain:
    """Takes every message and forgets it."""
    taken = 0
    def connect(self): pass
    def check(self): pass
    def close(self): pass
    def send(self, message, handing_over=None, meanwhile=None):
        assert len(message.mime) > 20_000
        self.taken += 1

def built(made):
    return replace(made, mime=f"{made.id:>64}".encode() * 320)

def rendered(n):
    unit = f"TH-{n:05}"
    return message(f"{n:032x}", key(school=unit), unit=unit, text="x" * 12_000)

drain = Drain()
with Ledger.open(str(folder / "ledger.sqlite"), "main") as ledger, Spool(built) as spool:
    heads = tuple(spool.keep(rendered(n)) for n in range(count))
    ledger.begin(RunRecord(now=NOW), Memory(), spool.whole(heads), {}, ())
    deliver(ledger, drain, NOW, lambda *_: None)
    assert not ledger.pending()
print(drain.taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
'''
FEW, MANY = 1_000, 10_000
HEAD_KB = 4
"""What a message may keep in memory beside its body: who, what, which subject."""


def drained(count: int, folder: Path) -> tuple[int, int]:
    """Return how many messages left a process of their own, and its peak in KB."""
    folder.mkdir()
    paths = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    ran = subprocess.run(
        [sys.executable, "-c", QUEUE_AND_DRAIN, str(count), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(paths), "PATH": ""},
    )
    assert ran.returncode == 0, ran.stderr
    taken, peak = ran.stdout.split()
    return int(taken), int(peak)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Thousands of messages of 20 KB more cost their heads, a fraction of their bodies."""
    taken, peak = drained(FEW, tmp_path / "few")
    assert taken == FEW
    taken, higher = drained(MANY, tmp_path / "many")
    assert taken == MANY
    assert higher - peak < (MANY - FEW) * HEAD_KB
