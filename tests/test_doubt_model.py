"""Any series of runs, answers and deaths over the real ledger: never lost, never three times."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import HANOI, NOW, begin, key, message

from automator.core.message import State
from automator.ledger import Ledger

NAMES = ("m-1", "m-2", "m-3")
KEYS = {name: key(school=f"TH-{name}") for name in NAMES}
ANSWERS = ("taken", "put off", "cut, arrived", "cut, lost", "died, arrived", "died, lost", "back")


@dataclass
class Model:
    """What a server has, and which messages anybody has ever doubted."""

    ledger: Ledger
    arrived: Counter[str] = field(default_factory=Counter)
    doubted: set[str] = field(default_factory=set)
    runs: int = 0

    def run(self, answers: list[str]) -> None:
        """Do one run; the server gives `answers` in order, then takes everything."""
        self.runs += 1
        now = NOW + timedelta(days=self.runs)
        self.doubted.update(self.ledger.recover(now))
        memory = self.ledger.memory(HANOI)
        open_ = [d for d in memory.drafts if d.state == "in_doubt" and not d.repeated]
        todo = [n for n in NAMES if KEYS[n] not in memory.told]
        plan = [message(n, KEYS[n], unit=f"TH-{n}") for n in todo]
        begin(self.ledger, *plan, now=now, again=[d.id for d in open_])
        waiting = list(answers)
        for name in self.ledger.pending():
            if not self.ledger.claim(name):
                continue
            answer = waiting.pop(0) if waiting else "taken"
            self.arrived[name] += answer in ("taken", "cut, arrived", "died, arrived")
            if answer.startswith("died"):
                return
            if answer == "back":
                self.ledger.put_back(name, "ended")
                continue
            if answer.startswith("cut"):
                self.doubted.add(name)
            state = {"taken": State.SENT, "put off": State.DEFERRED}.get(answer, State.IN_DOUBT)
            self.ledger.settle(name, state, now)


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(ANSWERS), max_size=4), max_size=4))
def test_nothing_is_lost_and_only_doubt_repeats(histories: list[list[str]]) -> None:
    """Two more good runs end every history; what is then in doubt was handed over twice."""
    with TemporaryDirectory() as folder, Ledger.open(str(Path(folder) / "l"), "main") as ledger:
        model = Model(ledger)
        for answers in [*histories, [], []]:
            model.run(answers)
        ended = {row.id: row.state for row in ledger.message_rows()}
    assert set(ended) == set(NAMES)
    for name, state in ended.items():
        assert state is State.SENT or (state is State.IN_DOUBT and name in model.doubted)
        assert model.arrived[name] >= (state is State.SENT)
        assert model.arrived[name] <= (2 if name in model.doubted else 1)
