"""Who may come in, and what goes wrong on the way: errors as Google words them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth.exceptions import RefreshError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from sheets.redirect import SCOPES, session
from sheets_desk import Desk
from sheets_server import WORKER, SheetsServer

pytest_plugins = ("sheets_fixtures",)
READ = "'Trường'!A1"
ADD = {"addSheet": {"properties": {"title": "Mới"}}}


def refusal(desk: Desk) -> dict[str, Any]:
    """Return the error of a read that is refused."""
    with pytest.raises(APIError) as refused:
        desk.values(READ)
    return dict(refused.value.error)


def test_a_service_account_signs_in_once(desk: Desk) -> None:
    """One token serves many calls; when it is of no use any more, google-auth gets another."""
    desk.values(READ)
    desk.values(READ)
    assert desk.google.calls.tokens == 1
    desk.google.expire_tokens()
    desk.values(READ)
    assert (desk.google.calls.tokens, desk.google.calls.reads) == (2, 4)


def test_not_shared_is_403_and_unknown_404(desk: Desk) -> None:
    """The two are told apart, as Google tells them."""
    desk.google.unshare(desk.book, WORKER)
    assert refusal(desk) == {
        "code": 403,
        "message": "The caller does not have permission",
        "status": "PERMISSION_DENIED",
    }
    desk.google.remove(desk.book)
    assert refusal(desk)["status"] == "NOT_FOUND"


def test_a_reader_may_not_write(desk: Desk) -> None:
    """Shared to look at only: reads go, writes are 403."""
    desk.google.share(desk.book, WORKER, "reader")
    desk.values(READ)
    with pytest.raises(APIError, match="does not have permission"):
        desk.batch(ADD)


def test_a_disabled_api_says_where_to_enable_it(desk: Desk) -> None:
    """403 with the reason SERVICE_DISABLED and a link."""
    desk.google.disable_api("314159")
    error = refusal(desk)
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert error["details"][1]["reason"] == "SERVICE_DISABLED"
    assert "apis/api/sheets.googleapis.com/overview?project=314159" in error["message"]


def test_a_call_without_a_token_is_refused(desk: Desk) -> None:
    """No token is 403, a wrong one 401."""
    url = f"{desk.google.url}/v4/spreadsheets/{desk.book}"
    assert requests.get(url, timeout=30).json()["error"]["status"] == "PERMISSION_DENIED"
    wrong = requests.get(url, headers={"Authorization": "Bearer x"}, timeout=30)
    assert (wrong.status_code, wrong.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(timedelta(hours=2), "reasonable timeframe"), (-timedelta(minutes=9), "reasonable timeframe")],
    ids=["behind", "ahead"],
)
def test_a_clock_that_is_wrong_gets_no_token(desk: Desk, ahead: timedelta, words: str) -> None:
    """Google's clock is two hours ahead, or nine minutes behind: the real error body."""
    desk.google.clock(ahead)
    with pytest.raises(RefreshError, match=words) as refused:
        desk.values(READ)
    assert refused.value.args[1]["error"] == "invalid_grant"


def test_a_little_skew_is_borne(desk: Desk) -> None:
    """A minute in either direction is no matter."""
    desk.google.clock(timedelta(minutes=-1))
    assert desk.values(READ)[0]["values"] == [["Mã"]]


def test_a_forged_key_is_refused(google: SheetsServer, tmp_path: Path) -> None:
    """The signature is verified."""
    key = google.key_file(tmp_path, genuine=False)
    client = HTTPClient(None, session(google.url, key))
    with pytest.raises(RefreshError, match=r"invalid_grant: Invalid JWT Signature\."):
        client.fetch_sheet_metadata("1x")


def test_an_unknown_account_is_refused(desk: Desk) -> None:
    """Its key was deleted: invalid_grant."""
    desk.google.api.tokens.keys.clear()
    with pytest.raises(RefreshError, match="account not found"):
        desk.values(READ)


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("spreadsheets", 200, 200),
        ("spreadsheets.readonly", 200, 403),
        ("drive.metadata.readonly", 403, 403),
    ],
)
def test_scopes_are_looked_at(
    desk: Desk, tmp_path: Path, scope: str, reads: int, writes: int
) -> None:
    """A token reaches no further than it was asked for."""
    scopes = [f"https://www.googleapis.com/auth/{scope}"]
    desk.worker.session = session(desk.google.url, desk.google.key_file(tmp_path), scopes)
    assert desk.raw("GET", f"/{desk.book}").status_code == reads
    answer = desk.raw("POST", f"/{desk.book}:batchUpdate", json={"requests": [ADD]})
    assert answer.status_code == writes


def test_a_scope_that_is_none_gets_no_token(google: SheetsServer, tmp_path: Path) -> None:
    """invalid_scope."""
    client = HTTPClient(None, session(google.url, google.key_file(tmp_path), ["spreadsheets"]))
    with pytest.raises(RefreshError, match="invalid_scope"):
        client.fetch_sheet_metadata("1x")
    assert SCOPES == ("https://www.googleapis.com/auth/spreadsheets",)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
    ],
)
def test_the_nth_call_fails_as_asked(desk: Desk, status: int, name: str) -> None:
    """The second call from now on; those around it are as always."""
    desk.google.fail(2, status)
    desk.values(READ)
    error = refusal(desk)
    assert (error["code"], error["status"]) == (status, name)
    desk.values(READ)
    assert desk.google.calls.reads == 3


def test_a_fault_can_last_and_be_mended(desk: Desk) -> None:
    """times=None lasts until it is healed; Retry-After is sent along; writes are let alone."""
    desk.google.fail(status=429, retry_after=7, what="read", times=None)
    for _ in range(3):
        answer = desk.raw("GET", f"/{desk.book}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    desk.batch(ADD)
    desk.google.heal()
    desk.values(READ)


def test_a_bad_gateway_answers_html(desk: Desk) -> None:
    """502 comes from Google's front end and holds no JSON."""
    desk.google.fail(status=502)
    answer = desk.raw("GET", f"/{desk.book}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=UTF-8")


def test_a_cut_connection_is_a_connection_error(desk: Desk) -> None:
    """Nothing was done, and the next call goes through."""
    desk.google.fail(cut=True, what="write")
    with pytest.raises(requests.ConnectionError):
        desk.batch(ADD)
    assert len(desk.google.spreadsheet(desk.book)["sheets"]) == 2
    desk.batch(ADD)


@pytest.mark.parametrize("how", [{"cut": True}, {"status": 503}], ids=["cut", "503"])
def test_an_answer_can_be_lost_after_the_deed(desk: Desk, how: dict[str, Any]) -> None:
    """The write is done; only the worker does not hear of it."""
    desk.google.fail(applied=True, **how)
    with pytest.raises((requests.RequestException, APIError)):
        desk.batch(ADD)
    assert len(desk.google.spreadsheet(desk.book)["sheets"]) == 3


def test_a_slow_answer_runs_into_the_timeout(desk: Desk) -> None:
    """A minute is more than the caller waits for; stopping the server does not wait for it."""
    desk.values(READ)
    desk.google.fail(delay=60)
    desk.worker.set_timeout(0.2)
    with pytest.raises(requests.Timeout):
        desk.values(READ)


def test_the_token_endpoint_fails_too(desk: Desk) -> None:
    """It is counted apart from the calls."""
    desk.google.fail(cut=True, what="token", times=None)
    with pytest.raises(Exception, match="Connection"):
        desk.values(READ)
    assert desk.google.calls.reads == 0


def test_a_request_that_is_not_built_fails_the_test(tmp_path: Path) -> None:
    """Google would do it: the server says so at its end, and does not refuse it in silence."""

    def chart() -> None:
        with SheetsServer() as google:
            desk = Desk(google, HTTPClient(None, session(google.url, google.key_file(tmp_path))))
            desk.raw("POST", f"/{desk.book}:batchUpdate", json={"requests": [{"addChart": {}}]})

    with pytest.raises(AssertionError, match="does not know addChart"):
        chart()
