"""gspread's HTTP client, for which a proxy's page is no answer of Google's."""

from collections.abc import Mapping
from typing import Any

from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession
from gspread.exceptions import APIError, GSpreadException
from gspread.http_client import HTTPClient
from requests import RequestException, Response

Json = Mapping[str, Any]


class NoAnswer(RequestException):
    """It came with status 200, and the Sheets API does not answer so: a portal's, a proxy's."""


class Refusal(APIError):
    """An error answer of any shape: gspread's own reading breaks on some, such as a proxy's."""

    def __init__(self, response: Response) -> None:
        error = _error(response)
        GSpreadException.__init__(self, error)
        self.response = response
        self.error = error
        self.code = response.status_code


def _error(response: Response) -> dict[str, Any]:
    usual = {"code": response.status_code, "message": response.text[:500], "status": ""}
    try:
        said = response.json()["error"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return usual
    return {**usual, **said} if isinstance(said, dict) else usual


class Client(HTTPClient):
    """What is refused is raised as a `Refusal`; `timeout` in seconds: (connect, silence)."""

    def __init__(
        self, account: Credentials, session: AuthorizedSession, timeout: tuple[float, float]
    ) -> None:
        super().__init__(account, session=session)
        self.set_timeout(timeout)

    def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> Response:
        """Return an answer that is none of an error. Raises Refusal, RequestException."""
        names = ("params", "data", "json", "files", "headers")
        asked = {**dict(zip(names, args, strict=False)), **options}
        response = self.session.request(method, endpoint, timeout=self.timeout, **asked)
        if response.ok:
            return response
        raise Refusal(response)


def mapping(answer: object, *needed: str) -> Json:
    """Return an answer that has the members `needed`. Raises NoAnswer for anything else."""
    if isinstance(answer, Mapping) and all(name in answer for name in needed):
        return answer
    raise NoAnswer


def value_ranges(answer: object) -> list[list[list[Any]]]:
    """Return the rows of each range of a `values:batchGet`. Raises NoAnswer."""
    ranges = mapping(answer).get("valueRanges", [])
    if "error" in mapping(answer) or not isinstance(ranges, list):
        raise NoAnswer
    found = [mapping(each).get("values", []) for each in ranges]
    if not all(isinstance(rows, list) and all(isinstance(r, list) for r in rows) for rows in found):
        raise NoAnswer
    return found
