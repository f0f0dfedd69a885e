"""Two workers that are started at once send every message exactly once."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from killing import FORKS
from mail_office import FEB_26, MailOffice, mail_office, many

pytest_plugins = ("ledger_fixtures",)
TIMES = 10
QUICK = 3


@contextmanager
def both() -> Iterator[list["subprocess.Popen[str]"]]:
    """Give two processes that have loaded the program and wait for a word."""
    paths = os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FORKS],
            stdin=pipe,
            stdout=pipe,
            text=True,
            env=os.environ | {"PYTHONPATH": paths},
        )
        for _ in range(2)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.communicate(timeout=60)


def at_once(office: MailOffice, pair: list["subprocess.Popen[str]"]) -> list[int]:
    """Let both run now; return their exit codes, the lower first."""
    arguments = office.arguments(FEB_26, "--first-run")
    for number, process in enumerate(pair):
        said = str(office.folder / f"said-{number}")
        wish = {"arguments": arguments, "number": 0, "moment": "", "out": said}
        assert process.stdin is not None
        process.stdin.write(json.dumps(wish) + "\n")
    for process in pair:
        assert process.stdin is not None
        process.stdin.flush()
    statuses = []
    for process in pair:
        assert process.stdout is not None
        process.stdout.readline()
        statuses.append(int(process.stdout.readline()))
    return sorted(os.waitstatus_to_exitcode(status) for status in statuses)


def use(office: MailOffice, target: str, name: str) -> None:
    """Let the office keep its memory at `target`, its workbook under `name`."""
    text = office.config.read_text("utf-8").partition("\n[ledger]\n")[0]
    before, _, after = text.partition('path = "so.xlsx"\n')
    after = after if not after.startswith("id = ") else after.partition("\n")[2]
    text = f'{before}path = "so.xlsx"\nid = "{name}"\n{after}'
    office.config.write_text(f'{text}\n[ledger]\nurl = "{target}"\n', "utf-8")


@pytest.mark.parametrize("times", [QUICK, pytest.param(TIMES, marks=pytest.mark.long)])
def test_every_message_goes_out_once(
    tmp_path: Path, target: str, workbook: str, times: int
) -> None:
    """Some times in a row, ten in the long form: one is turned away (exit 4), or comes later."""
    with mail_office(tmp_path, schools=many(6)) as office, both() as pair:
        for time in range(times):
            use(office, target, f"{workbook}-{time}")
            office.server.box.mails.clear()
            codes = at_once(office, pair)
            assert codes in ([0, 0], [0, 4]), (office.folder / "said-1").read_text("utf-8")
            assert Counter(office.arrived()) == Counter(row[-1] for row in many(6)[1:])
