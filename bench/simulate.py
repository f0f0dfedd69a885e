"""How fast a year of forty schools simulates, and what it would tell whom.

    python -m bench.simulate                  the year of the shipped directive
    python -m bench.simulate --days 28        its first weeks

Every run of the year, and every pass of the watch that may find something, goes through the
real turn. The reference, in the same process, judges the same workbook at the same instants
with nothing remembered: no recognising against a memory that grew, no breaker, no plan. Printed
are days per second, mails by kind and month, and two laws as figures: how many mails but the
weekly one went to principals who send everything before the first reminder, and the most mails
that a reader got on one day, urgent reports apart. A law that is broken makes the exit code 1;
a missed speed is said, and changes nothing of it.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import process_time

if __package__ in (None, ""):  # run as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from automator import resources
from automator.collector import collector_paused
from automator.config import Config, load
from automator.core.assess import assess
from automator.core.claims import claims
from automator.core.locate import locate
from automator.core.memory import Memory
from automator.core.notice import MailKind
from automator.core.snapshot import Snapshot
from automator.simulating import Mail, Simulation, run_through
from automator.worker import rules_of
from bench.year import FIRST, LAST, character, code, year

RATIO_LIMIT = 4.0  # times judging alone
DAYS_A_SECOND = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a simulation came to: seconds of processor time, and what it tells."""

    simulation: Simulation
    seconds: float
    reference: float
    punctual: frozenset[str]

    @property
    def days_a_second(self) -> float:
        """Simulated days by second."""
        return ((self.simulation.last - self.simulation.first).days + 1) / self.seconds

    @property
    def needless(self) -> tuple[Mail, ...]:
        """The mails to punctual principals that are no plain weekly digest, urgent ones apart."""
        return tuple(
            m
            for m in self.simulation.mails
            if m.role == "principal"
            and m.unit in self.punctual
            and not m.about_urgent
            and (m.keys or len(m.weeks) != 1)
            and not any("/urgent-report/" in k.instance for k in m.keys)
        )


def measure(days: int | None = None, schools: int = 40, seed: int = 2021) -> Figures:
    """Return the figures of the first `days` of the year (None: all of it)."""
    config = load(resources.config_file())
    last = LAST if days is None else FIRST + timedelta(days=days - 1)
    snapshot = year(config.calendar, schools, seed)
    start = process_time()
    simulation = run_through(config, snapshot, Memory(), FIRST, last)
    seconds = process_time() - start
    return Figures(
        simulation=simulation,
        seconds=seconds,
        reference=_reference(config, snapshot, simulation),
        punctual=frozenset(code(n) for n in range(schools) if character(n) == "punctual"),
    )


def _reference(config: Config, snapshot: Snapshot, simulation: Simulation) -> float:
    end = simulation.passes[-1].at
    rows, rules = claims(snapshot, config.directive, config.zone, end), rules_of(config)
    start = process_time()
    with collector_paused():
        for one in simulation.passes:
            assess(Memory(), locate(rows.at(one.at)), rules, one.at)
    return process_time() - start


def table(simulation: Simulation) -> list[str]:
    """Return the mails by month and kind, one line a month."""
    counted = Counter((f"{m.at:%Y-%m}", m.kind) for m in simulation.mails)
    months = sorted({month for month, _ in counted})
    head = "month    " + "".join(f"{kind.value:>10}" for kind in MailKind)
    return [
        head,
        *(f"{m}  " + "".join(f"{counted[m, kind]:>10}" for kind in MailKind) for m in months),
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--days", type=int, default=None)
    parser.add_argument("--seed", type=int, default=2021)
    arguments = parser.parse_args(argv)
    found = measure(arguments.days, seed=arguments.seed)
    passes = found.simulation.passes
    print(f"{len(passes)} passes, {sum(p.watch for p in passes)} of the watch")
    print(f"{found.seconds:.1f} s, judging alone {found.reference:.1f} s")
    print("\n".join(table(found.simulation)))
    for mail in found.needless[:10]:
        print(f"needless: {mail.at:%Y-%m-%d} {mail.unit} {mail.kind} {[k.step for k in mail.keys]}")
    most = found.simulation.most_a_day
    ratio = found.seconds / found.reference
    for name, figure, how, target, ok in (
        ("days_per_second", found.days_a_second, ">=", DAYS_A_SECOND, None),
        ("ratio_to_judging", ratio, "<=", RATIO_LIMIT, None),
        ("needless_mails_to_punctual", len(found.needless), "<=", 0, not found.needless),
        ("most_mails_a_day", most, "<=", 1, most <= 1),
    ):
        met = ok if ok is not None else (figure >= target if how == ">=" else figure <= target)
        print(f"TARGET {name} {figure:.2f} {how} {target:g} {'ok' if met else 'MISSED'}")
    return 1 if found.needless or most > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
