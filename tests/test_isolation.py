"""One poisoned school: the others get their right mails, and the operator one list."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from builders import FORTY, Story, finding, steps
from command_line import automator
from small_office import office, workbook

from automator.core import items, judge
from automator.core.case import Case
from automator.core.turn import Outcome

POISONED = "TH-13"
KEY = f"{POISONED}/plan"


def poison(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, schools: set[str]) -> None:
    """Let a function of our own break for some schools, as a bug would."""
    right = getattr(module, name)

    def wrong(first: Any, *rest: Any) -> Any:
        instance = first.instance if isinstance(first, Case) else first.finding.instance
        if instance.school in schools:
            return {}["no such key"]
        return right(first, *rest)

    monkeypatch.setattr(module, name, wrong)


def chased(outcome: Outcome) -> set[str]:
    """Return the schools that are told about their plan."""
    return {unit for unit, role, _ in steps(outcome) if role == "principal"}


def alerts(outcome: Outcome, code: str) -> list[str]:
    """Return what the operator reads under one code."""
    found = [a for n in outcome.plan.notices for a in n.alerts if a.code == code]
    return [line for a in found for line in a.lines]


def test_a_school_that_cannot_be_judged_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """39 schools are chased; what broke is unknown, and its place in the code is said."""
    story = Story()
    story.read("2021-02-24", schools=FORTY)
    story.memory = _released(story)
    poison(monkeypatch, judge, "_status", {POISONED})
    outcome = story.read("2021-02-26", schools=FORTY)
    assert chased(outcome) == {str(s["code"]) for s in FORTY} - {POISONED}
    assert finding(outcome, KEY).status.value == "unknown"
    (line, *_) = alerts(outcome, "broken")
    assert "KeyError in test_isolation.py" in line


def test_a_step_that_cannot_be_put_into_words_is_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its notice has no words and counts as broken; 39 right ones stand beside it."""
    story = Story()
    story.read("2021-02-24", schools=FORTY)
    story.memory = _released(story)
    poison(monkeypatch, items, "_range", {POISONED})
    outcome = story.read("2021-02-26", schools=FORTY)
    (bare,) = [n for n in outcome.plan.notices if n.id in outcome.plan.broken]
    assert (bare.unit, bare.role, [k.step for k in bare.keys]) == (
        POISONED,
        "principal",
        ["chase-1"],
    )
    right = [n for n in outcome.plan.notices if n.role == "principal" and n.items]
    assert len(right) == 39
    assert len(alerts(outcome, "broken")) == 1


def _released(story: Story) -> Any:
    return replace(story.memory, released=frozenset({"doubtful/plans"}))


def test_a_template_that_breaks_for_one_school_fails_one_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """39 right mails, one failed, one list to the operator in the same run, exit code 1."""
    office(tmp_path)
    monkeypatch.chdir(tmp_path)
    forty = [(s["code"], s["name"], s["level"], s["commune"], s["email"]) for s in FORTY]
    sent = [("TH-01", "22/02/2021", "01/KH", "20/02/2021", "Công an xã")]
    workbook(tmp_path / "so.xlsx", schools=forty, plans=sent)
    path = tmp_path / "templates" / "ladder.html.j2"
    broken = "{% if notice.unit == '" + POISONED + "' %}{{ 1 / 0 }}{% endif %}"
    path.write_text(path.read_text("utf-8") + broken, "utf-8")
    path.write_text(
        path.read_text("utf-8").replace("{% block body %}", "{% block body %}" + broken), "utf-8"
    )
    called = automator("run", "--json", "--now", "2021-02-26T07:00")
    mails = called.document["messages"]
    states = {(m["unit"], m["state"]) for m in mails if m["kind"] == "chase"}
    assert called.code == 1
    assert states == {(str(s["code"]), "sent") for s in FORTY[1:] if s["code"] != POISONED} | {
        (POISONED, "failed")
    }
    (alert,) = [m for m in mails if m["kind"] == "alert"]
    assert alert["state"] == "sent"
    (file,) = [f for f in (tmp_path / "outbox").glob("*.eml") if "operator" in f.name]
    mail = message_from_bytes(file.read_bytes(), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Trường Tiểu học Số 13" in body.get_content()
