"""A requests adapter that takes calls of Google's address to the test server."""

from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

GOOGLE = "https://sheets.googleapis.com"


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
