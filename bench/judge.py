"""How long the pure core takes: ten thousand schools, twenty obligations, 200,000 rows.

    python -m bench.judge                 40, 1,000 and 10,000 schools, with every target
    python -m bench.judge --schools 200   one size, quickly

The rows are in memory, as the reader of an .xlsx hands them over. Three days are played: the
first read and its mails, a read that misses some rows, and the Monday that is measured, with
rows typed late, edited and gone, and every digest due. Printed are seconds of processor time
by stage (the best of `--repeat`), the peak of memory, the ratio of judging to the plain loop
of `bench.reference` over the same rows, and how each stage grows. Every status and reason of
every instance must be what that loop says; else the exit code is 1. Missed targets are said,
and change nothing of the exit code.
"""

import argparse
import gc
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

if __package__ in (None, ""):  # run as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from automator.collector import collector_paused
from automator.core.memory import Memory
from automator.core.turn import turn
from bench import office, rows, stages
from bench.plain import plain
from bench.reference import Reference
from bench.verdict import Verdict

JUDGING_LIMIT = 3.0  # times the reference loop
GROWTH_LIMIT = 1.2  # times linear
NOTHING = 0.05  # seconds: a stage that takes less at the small size is not compared
SIZES = (40, 1_000, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one size came to. `seconds` by stage; `wrong` are instances that differ."""

    schools: int
    rows: int
    instances: int
    notices: int
    seconds: Mapping[str, float]
    reference: float
    wrong: Sequence[str]

    @property
    def ratio(self) -> float:
        """Judging against the reference loop."""
        return self.seconds["judge"] / self.reference


def measure(schools: int, repeat: int = 3, seed: int = 2021) -> Figures:
    """Return the figures of an office with so many schools."""
    law, books = office.rules(schools), rows.reads(schools, seed)
    memory = Memory()
    for snapshot, at in ((books.first, office.FIRST_READ), (books.second, office.SECOND_READ)):
        with collector_paused():
            memory = stages.delivered(turn(memory, snapshot, law, at), at)
    now = office.MEASURED_READ
    best: dict[str, float] = {}
    for _ in range(repeat):
        gc.collect()
        done = stages.run(memory, books.measured, law, now)
        best = {k: min(s, best.get(k, s)) for k, s in done.seconds.items()}
    assessment = done.assessment
    loop = Reference(plain(assessment), law, now)
    times: list[float] = []
    for _ in range(repeat):
        gc.collect()
        with collector_paused():
            start = process_time()
            expected = loop.judge()
            times.append(process_time() - start)
    gc.collect()
    with collector_paused():
        start = process_time()
        whole = turn(memory, books.measured, law, now)
        best["whole turn"] = process_time() - start
    found = {f.key: (f.status.value, tuple(r.value for r in f.reasons)) for f in whole.findings}
    staged = "" if whole.findings == assessment.findings else "the stages differ from the turn"
    return Figures(
        schools=schools,
        rows=rows.count(books.measured),
        instances=len(found),
        notices=done.notices,
        seconds=best,
        reference=min(times),
        wrong=[*differences(found, expected), *([staged] if staged else [])],
    )


def differences(found: Mapping[str, Verdict], expected: Mapping[str, Verdict]) -> list[str]:
    """Return in words each instance on which the two judges do not agree."""
    return [
        f"{key}: judged {found.get(key)}, reference {expected.get(key)}"
        for key in sorted({*found, *expected})
        if found.get(key) != expected.get(key)
    ]


def show(figures: Figures) -> None:
    """Print the figures of one size."""
    print(
        f"{figures.schools:,} schools, {figures.rows:,} rows, "
        f"{figures.instances:,} instances, {figures.notices:,} notices"
    )
    for stage, seconds in figures.seconds.items():
        print(f"  {stage:<12}{seconds:>9.3f} s")
    print(
        f"  {'reference':<12}{figures.reference:>9.3f} s   judging is {figures.ratio:.2f} times it"
    )
    print(f"  peak of memory so far {peak_mib():,.0f} MiB")
    for line in figures.wrong[:20]:
        print(f"  WRONG {line}")


def peak_mib() -> float:
    """Return the most memory that this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def targets(small: Figures | None, large: Figures) -> list[str]:
    """Return a line for each target: name, figure, comparison, target, ok or MISSED."""
    lines = [_target("judging/reference", large.ratio, JUDGING_LIMIT)]
    if small is None:
        return lines
    linear = large.schools / small.schools
    for stage, before in small.seconds.items():
        if before >= NOTHING or stage in stages.STAGES:
            growth = large.seconds[stage] / before / linear
            lines.append(_target(f"growth/{stage.replace(' ', '-')}", growth, GROWTH_LIMIT))
    return lines


def _target(name: str, figure: float, limit: float) -> str:
    return f"TARGET {name} {figure:.2f} <= {limit:g} {'ok' if figure <= limit else 'MISSED'}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if an instance is judged otherwise than by the reference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, nargs="+", default=SIZES, help="the sizes")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the best counts")
    parser.add_argument("--seed", type=int, default=2021)
    given = parser.parse_args(argv)
    done = []
    for schools in given.schools:
        done.append(measure(schools, given.repeat, given.seed))
        show(done[-1])
        sys.stdout.flush()
    small = done[-2] if len(done) > 1 else None
    if small:
        grown = done[-1].reference / small.reference * small.schools / done[-1].schools
        print(f"the reference loop, linear by construction, grew {grown:.2f} times linear")
    print(*targets(small, done[-1]), sep="\n")
    return 1 if any(f.wrong for f in done) else 0


if __name__ == "__main__":
    sys.exit(main())
