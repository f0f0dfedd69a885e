"""A requests adapter that takes calls of Google's address to the test server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

GOOGLE = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)


class Redirect(HTTPAdapter):
    """Mounted on `GOOGLE`, sends to `url` what was meant for there."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request to the test server."""
        assert request.url is not None
        request.url = request.url.replace(GOOGLE, self.url, 1)
        return super().send(request, *args, **options)


def session(url: str, key_file: Path, scopes: Sequence[str] = SCOPES) -> AuthorizedSession:
    """Return a session of a service account, its calls taken to the test server at `url`."""
    credentials = Credentials.from_service_account_file(str(key_file), scopes=scopes)
    made = AuthorizedSession(credentials)
    made.mount(GOOGLE, Redirect(url))
    return made
