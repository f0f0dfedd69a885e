"""When Google refuses, is slow, or is not there: nobody is told wrong, nothing is told twice."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import FORTY, at, plan
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google_office import Office, Offices, tabs
from sheets_server import WORKER

from automator import sources, worker
from automator.core.message import State
from automator.errors import AutomatorError, ConfigError, WorkbookUnreadable
from automator.ledger.ledger import Ledger
from automator.workbook import google_api
from automator.workbook.google_faults import transient
from automator.workbook.retry import Patience

pytest_plugins = ("google_fixtures",)

EIGHT, FIVE = FORTY[:8], [plan(f"TH-{n:02}", "24/02/2021") for n in range(1, 6)]
"""Eight schools, and the plans that five of them have sent: three are chased."""


def read(office: Office) -> None:
    workbook = sources.open_workbook(office.config, {}, sleep=office.naps.append)
    workbook.read(at("2021-02-26"))


def refused(office: Office, words: str, hint: str = "") -> AutomatorError:
    with pytest.raises(AutomatorError, match=words) as caught:
        read(office)
    assert hint in caught.value.hint
    return caught.value


def chased(office: Office) -> list[tuple[str, str]]:
    """Return (unit, instance) of every chase that the ledger holds as sent."""
    with Ledger.open(office.config.ledger, "main", readonly=True) as ledger:
        rows = ledger.message_rows(states=[State.SENT])
    return sorted((r.unit, k.instance) for r in rows for k in r.steps if k.step == "chase-1")


# -- what may pass by itself


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 429}, id="quota"),
        pytest.param({"status": 500}, id="500"),
        pytest.param({"status": 503}, id="503"),
        pytest.param({"status": 504}, id="504"),
        pytest.param({"cut": True}, id="cut"),
    ],
)
@pytest.mark.parametrize("nth", [1, 2], ids=["tabs", "cells"])
def test_a_read_is_tried_again(offices: Offices, nth: int, fault: dict[str, Any]) -> None:
    """One hiccup costs a second or two of waiting and nothing else."""
    office = offices.open(tabs())
    office.server.fail(nth, **fault)
    read(office)
    assert office.asked == (3, 0)
    assert [1 <= nap <= 2 for nap in office.naps] == [True]


def test_retry_after_is_honoured(offices: Offices) -> None:
    """The server's own wish counts where it is longer than our back-off."""
    office = offices.open(tabs())
    office.server.fail(1, status=429, retry_after=37)
    read(office)
    assert office.naps == [37.0]


def test_a_busy_token_endpoint_is_tried_again(offices: Offices) -> None:
    """By us, with our waiting: google-auth would sleep by itself."""
    office = offices.open(tabs())
    office.server.fail(1, status=503, what="token")
    read(office)
    assert (len(office.naps), office.server.calls.tokens) == (1, 2)


def test_waiting_doubles_and_ends(offices: Offices) -> None:
    """Three minutes in all, then the run gives up; the next one begins anew."""
    office = offices.open(tabs())
    office.server.fail(1, status=503, times=None)
    error = refused(office, "Google is down", "next run")
    assert error.exit_code == 3
    assert [int(n) for n in office.naps[:5]] == [1, 2, 4, 8, 16] or office.naps[4] >= 16
    assert sum(office.naps) <= 180


def test_a_wish_beyond_all_patience(offices: Offices) -> None:
    """Retry-After: an hour ends the run at once instead of holding the lock."""
    office = offices.open(tabs())
    office.server.fail(1, status=429, retry_after=3600)
    refused(office, "quota", "quota")
    assert office.naps == []


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_is_not_tried_again(offices: Offices, status: int) -> None:
    """A refusal is final: no waiting."""
    office = offices.open(tabs())
    office.server.fail(1, status=status, times=None)
    refused(office, "cannot read https://docs.google.com/spreadsheets/d/")
    assert office.naps == []


def test_a_server_that_says_nothing(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request has a timeout."""
    monkeypatch.setattr(google_api, "TIMEOUT", (5.0, 0.2))
    office = offices.open(tabs())
    office.server.fail(1, delay=30)
    workbook = _impatient(office)
    workbook.read(at("2021-02-26"))
    assert len(office.naps) == 1


def _impatient(office: Office) -> Any:
    workbook: Any = sources.open_workbook(office.config, {}, sleep=office.naps.append)
    workbook.api._client.set_timeout(google_api.TIMEOUT)
    return workbook


def test_the_budget_is_one_for_all_calls() -> None:
    """What reading has used up, writing has no more."""
    naps: list[float] = []
    patience = Patience(naps.append, budget=10)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            patience.call(_fails(ConnectionError), lambda _: 4.0)
    assert naps == [4.0, 4.0]


def _fails(kind: type[Exception]) -> Callable[[], None]:
    def action() -> None:
        raise kind

    return action


def test_a_bug_is_no_fault_of_the_network() -> None:
    """What is no refusal of Google's is not tried again."""
    assert transient(ValueError()) is None


# -- what the operator must mend, and how it is said


def test_not_shared(offices: Offices) -> None:
    """The address to share it with is in the hint."""
    office = offices.open(tabs(), shared_with=[])
    error = refused(office, "not shared with the service account", f"share it with {WORKER}")
    assert error.exit_code == 3


def test_wrong_id(offices: Offices) -> None:
    """Where the id stands is said."""
    office = offices.open(tabs())
    office.server.remove(office.book)
    refused(office, "there is no such spreadsheet", "/d/ID/edit")


def test_api_not_enabled(offices: Offices) -> None:
    """With the address at which it is enabled."""
    office = offices.open(tabs())
    office.server.disable_api("123")
    refused(office, "Sheets API is not enabled", "123")


@pytest.mark.parametrize("hours", [2, -2], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong(offices: Offices, hours: int) -> None:
    """Google takes no token that is signed two hours from now."""
    office = offices.open(tabs())
    office.server.clock(timedelta(hours=hours))
    refused(office, "this machine's clock is wrong", "NTP")


def test_a_key_that_was_replaced(offices: Offices) -> None:
    """The signature is another's: exit 3, for it was good yesterday."""
    office = offices.open(tabs())
    office.server.key_file(office.folder, genuine=False)
    assert refused(office, "does not know the key", "new key").exit_code == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "no such file", id="missing"),
        pytest.param("{", "is no JSON", id="no-json"),
        pytest.param("[]", "no key file of Google's", id="a-list"),
        pytest.param('{"type": "authorized_user"}', 'type "authorized_user"', id="a-person"),
        pytest.param('{"installed": {}}', "no key file of Google's", id="oauth-client"),
        pytest.param('{"type": "service_account"}', "has no client_email", id="half"),
        pytest.param("[" * 100_000, "is no JSON", id="endless"),
    ],
)
def test_a_bad_key_file(offices: Offices, content: str | None, words: str) -> None:
    """Exit 2 before anything is read, and the guide to make a good one."""
    office = offices.open(tabs())
    key = office.config.workbook.credentials
    assert key is not None
    key.unlink()
    if content is not None:
        key.write_text(content, "utf-8")
    assert refused(office, words).exit_code == 2
    assert (office.server.requests, office.mails()) == ([], [])


def test_a_broken_private_key_is_not_shown(offices: Offices) -> None:
    """No byte of a key comes into a message."""
    office = offices.open(tabs())
    key = office.config.workbook.credentials
    assert key is not None
    info = {**json.loads(key.read_text("utf-8")), "private_key": "-----BEGIN SECRET"}
    key.write_text(json.dumps(info), "utf-8")
    error = refused(office, "no private key that can be read")
    assert "SECRET" not in f"{error.message}{error.hint}"


def _key(office: Office, **changed: str) -> None:
    """Write the key file anew, some of it changed, as Notepad saves a file."""
    path = office.config.workbook.credentials
    assert path is not None
    text = json.dumps({**json.loads(path.read_text("utf-8")), **changed}, indent=2)
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))


def test_a_key_file_that_notepad_has_saved(offices: Offices) -> None:
    """A mark of the byte order and other line ends do no harm."""
    office = offices.open(tabs())
    _key(office)
    read(office)


def test_a_key_of_another_kind(offices: Offices) -> None:
    """What cannot sign as Google wants is named before anything is asked."""
    office = offices.open(tabs())
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    _key(office, private_key=pem.decode())
    assert refused(office, "no private key that can be read").exit_code == 2


@pytest.mark.parametrize("uri", ["", "nowhere", "ftp://x/y", "http://tokens.example/token"])
def test_a_token_is_asked_for_in_private(offices: Offices, uri: str) -> None:
    """At an https address, or on this machine; nothing is tried for minutes."""
    office = offices.open(tabs())
    _key(office, token_uri=uri)
    assert refused(office, "token_uri").exit_code == 2
    assert (office.server.requests, office.naps) == ([], [])


def test_no_credentials_at_all(offices: Offices) -> None:
    """Neither the config nor the environment names a key."""
    office = offices.open(tabs())
    bare = replace(office.config, workbook=replace(office.config.workbook, credentials=None))
    with pytest.raises(ConfigError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        sources.open_workbook(bare, {})


def test_credentials_of_the_environment(offices: Offices) -> None:
    """GOOGLE_APPLICATION_CREDENTIALS is taken where config names none."""
    office = offices.open(tabs())
    key = str(office.config.workbook.credentials)
    bare = replace(office.config, workbook=replace(office.config.workbook, credentials=None))
    workbook = sources.open_workbook(bare, {"GOOGLE_APPLICATION_CREDENTIALS": key})
    assert workbook.read(at("2021-02-26")).sheets


# -- whole runs


def test_a_failed_read_tells_the_operator_once(offices: Offices) -> None:
    """Nothing is judged, nobody else hears; the condition ends with the next good read."""
    office = offices.open(tabs(EIGHT, plans=FIVE))
    office.run("2021-02-10")
    before = len(office.mails())
    office.server.unshare(office.book, WORKER)
    for hour in ("07:00", "07:10", "08:00"):
        with pytest.raises(WorkbookUnreadable):
            office.run(f"2021-02-26T{hour}", watch=hour == "07:10")
    told = office.mails()[before:]
    assert len(told) == 1
    assert "Không đọc được sổ" in told[0]
    assert chased(office) == []
    office.server.share(office.book, WORKER)
    office.run("2021-02-26T09:00")
    assert len(chased(office)) == 3
    office.server.unshare(office.book, WORKER)
    with pytest.raises(WorkbookUnreadable):
        office.run("2021-02-26T10:00")
    assert sum("Không đọc được sổ" in mail for mail in office.mails()) == 2


def test_an_alert_that_could_not_leave_is_tried_again(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger knows that it was not sent: once, but surely."""
    office = offices.open(tabs(), shared_with=[])
    deliver = worker.deliver
    monkeypatch.setattr(worker, "deliver", lambda *_: "")
    with pytest.raises(WorkbookUnreadable):
        office.run("2021-02-26")
    monkeypatch.setattr(worker, "deliver", deliver)
    assert office.mails() == []
    for minute in ("10", "20"):
        with pytest.raises(WorkbookUnreadable):
            office.run(f"2021-02-26T07:{minute}")
    assert len(office.mails()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503, "times": None}, id="down"),
        pytest.param({"status": 403, "times": None}, id="refused"),
        pytest.param({"cut": True, "times": None}, id="cut"),
        pytest.param({"cut": True, "applied": True, "times": None}, id="answer-lost"),
    ],
)
def test_a_failed_write_still_delivers(offices: Offices, fault: dict[str, Any]) -> None:
    """Exit 1; every school hears once; the next run writes what this one could not."""
    office = offices.open(tabs(EIGHT, plans=FIVE))
    office.server.fail(1, what="write", **fault)
    report = office.run("2021-02-26")
    assert (report.exit_code, len(report.warnings)) == (1, 1)
    assert len(chased(office)) == 3
    mails = len(office.mails())
    office.server.heal()
    again = office.run("2021-02-26T07:10")
    assert (again.warnings, len(office.mails()), len(chased(office))) == ((), mails, 3)
    assert office.shown()[0] == ["Số liệu tính đến 07:10 ngày 26/02/2021"]


@pytest.mark.parametrize("fault", [{"cut": True}, {"status": 503}], ids=["cut", "503"])
def test_a_lost_answer_of_the_first_write(offices: Offices, fault: dict[str, Any]) -> None:
    """The tabs were made: the second try is refused, a look says what is left to do."""
    office = offices.open(tabs(EIGHT, plans=FIVE))
    office.server.fail(1, what="write", applied=True, **fault)
    report = office.run("2021-02-26")
    assert (report.warnings, office.asked) == ((), (4, 2))
    assert office.shown()[0] == ["Số liệu tính đến 07:00 ngày 26/02/2021"]
    assert office.run("2021-02-26").warnings == ()
    assert office.asked == (2, 0)


FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 20},
    "502": {"status": 502},
    "503": {"status": 503},
    "cut": {"cut": True},
    "answer-lost": {"cut": True, "applied": True},
    "slow": {"delay": 60},
}
CALLS = {"tabs": 1, "cells": 2, "write": 3}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that waits a second for an answer instead of a minute."""
    defaults = google_api.SheetsApi.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "timeout", (5.0, 1.0))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("nth", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_mail_twice_and_no_row_lost(offices: Offices, fault: dict[str, Any], nth: int) -> None:
    """A hiccup at any call of a run: the same mails, the same tab, the schools' rows untouched."""
    office = offices.open(tabs(EIGHT, plans=FIVE))
    rows = office.server.values(office.book, "Kế hoạch")
    office.server.fail(nth, **fault)
    report = office.run("2021-02-26")
    assert (report.warnings, len(office.naps) >= 1) == ((), True)
    assert [unit for unit, _ in chased(office)] == ["TH-06", "TH-07", "TH-08"]
    mails = office.mails()
    office.run("2021-02-26T07:10")
    assert (office.mails(), len(chased(office))) == (mails, 3)
    assert office.server.values(office.book, "Kế hoạch") == rows
    assert sum(r[5] == "Đã nhận" for r in office.shown()[2:]) == 5


@pytest.mark.parametrize("nth", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("fault", ["429", "503", "cut"])
def test_a_fault_that_lasts(offices: Offices, fault: str, nth: int) -> None:
    """Without cells nobody but the operator hears; without a write all do; it heals by itself."""
    office = offices.open(tabs(EIGHT, plans=FIVE))
    office.server.fail(nth, **FAULTS[fault], times=None)
    if nth < 3:
        with pytest.raises(WorkbookUnreadable):
            office.run("2021-02-26")
        assert ["Không đọc được sổ" in mail for mail in office.mails()] == [True]
    else:
        assert office.run("2021-02-26").exit_code == 1
    assert len(chased(office)) == (0 if nth < 3 else 3)
    office.server.heal()
    assert office.run("2021-02-26T07:10").warnings == ()
    assert [unit for unit, _ in chased(office)] == ["TH-06", "TH-07", "TH-08"]
    assert sum(r[5] == "Đã nhận" for r in office.shown()[2:]) == 5


def test_an_expired_token_is_renewed(offices: Offices) -> None:
    """A session that lives longer than its token asks for another."""
    office = offices.open(tabs(FORTY[:2]))
    workbook = sources.open_workbook(office.config, {})
    workbook.read(at("2021-02-26"))
    office.server.expire_tokens()
    assert workbook.read(at("2021-02-26")).sheets
    assert office.server.calls.tokens == 2


def test_only_spreadsheets_are_asked_for(offices: Offices, tmp_path: Path) -> None:
    """The token is good for sheets that are shared with the account and for nothing else."""
    office = offices.open(tabs(FORTY[:2]))
    read(office)
    token = next(r for r in office.server.requests if r.path.endswith("/token"))
    claim = token.body["assertion"][0].split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(claim + "=" * (-len(claim) % 4)))
    assert said["scope"] == "https://www.googleapis.com/auth/spreadsheets"
