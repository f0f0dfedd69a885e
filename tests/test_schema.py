"""The JSON Schema in the package holds the documents of `run` and `status`, and our enums."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import automator
from jsonschema import Draft202012Validator

from automator import resources
from automator.core.finding import Reason, Status
from automator.core.message import State
from automator.core.notice import MailKind
from automator.core.problem import Severity
from automator.core.withheld import Withheld

SCHEMA: Any = json.loads(resources.schema_file().read_text("utf-8"))
DEFS: Any = SCHEMA["$defs"]


def _enum(*path: str) -> list[str]:
    found: Any = DEFS
    for step in path:
        found = found[step]
    return list(found["enum"])


def test_schema_is_a_schema() -> None:
    """It is valid JSON Schema of the draft that it names."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        pytest.param(_enum("status"), Status, id="status"),
        pytest.param(
            _enum("finding", "properties", "reasons", "items"), Reason, id="finding-reasons"
        ),
        pytest.param(_enum("message", "properties", "kind"), MailKind, id="kind"),
        pytest.param(_enum("message", "properties", "state"), State, id="state"),
        pytest.param(_enum("problem", "properties", "severity"), Severity, id="severity"),
        pytest.param(_enum("withheld", "properties", "reason"), Withheld, id="withheld"),
    ],
)
def test_schema_knows_every_word(listed: list[str], known: Any) -> None:
    """What the program may say and what the schema allows are the same words."""
    assert sorted(listed) == sorted(word.value for word in known)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(("run",), id="run"),
        pytest.param(("run", "--dry-run"), id="dry-run"),
        pytest.param(("run", "--watch"), id="watch"),
        pytest.param(("status",), id="status"),
    ],
)
def test_documents_are_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    """What the commands print on the sample is what scripts were promised."""
    monkeypatch.chdir(tmp_path)
    called = automator(*call, "--json", "--now", "2021-03-05T07:00:00+07:00")
    faults = Draft202012Validator(SCHEMA).iter_errors(called.document)
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []
    assert (called.code, called.err) == (0, "")


def test_findings_are_in_the_promised_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings come by school, obligation and period; each instance once."""
    monkeypatch.chdir(tmp_path)
    called = automator("status", "--json", "--now", "2021-05-05T07:00:00+07:00")
    keys = [(f["school"], f["instance"]) for f in called.document["findings"]]
    schools = [school for school, _ in keys]
    assert len(set(keys)) == len(keys)
    assert len(set(schools)) == sum(
        1 for i, school in enumerate(schools) if i == 0 or schools[i - 1] != school
    )
    periods = [i for s, i in keys if s == "TH-MY-LAC" and i.startswith("periodic-report/")]
    assert periods == sorted(periods)
    counts = called.document["counts"]["findings"]
    assert sum(counts.values()) == len(keys)
