"""Who the worker is to Google: a service account's key, and a session that signs with it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.auth.credentials import Credentials as Signer
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from automator.errors import ConfigError

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
"""Sheets that are shared with the account, and nothing else: no Drive, no mail."""
HOST = "https://sheets.googleapis.com"
VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
_MAKE_ONE = "make a key of a service account (JSON): docs/google-sheet.md"
_TOKEN_URI = re.compile(r"https://\w|http://(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)")
_NEEDED = ("client_email", "private_key", "token_uri")


class TokenUnavailable(TransportError):
    """The token endpoint is busy or down (429, 5xx). `retry_after` as the server wrote it."""

    def __init__(self, status: int, retry_after: str) -> None:
        super().__init__(f"the token endpoint answered {status}")  # type: ignore[no-untyped-call]
        self.status = status
        self.retry_after = retry_after


def key_path(named: Path | None, environ: Mapping[str, str], table: str) -> Path:
    """Return the key file of [`table`]: `named`, else that of the environment.

    Raises ConfigError if there is neither.
    """
    if named is not None:
        return named
    if environ.get(VARIABLE):
        return Path(environ[VARIABLE]).expanduser()
    msg = f'{table}.source = "google" without credentials: {VARIABLE} is not set either'
    raise ConfigError(msg, hint=_MAKE_ONE)


def credentials(path: Path) -> Credentials:
    """Return the service account's credentials. Raises ConfigError; a key is never shown."""
    info = _info(path)
    try:
        made = Credentials.from_service_account_info(info, scopes=list(SCOPES))  # type: ignore[no-untyped-call]
        made.sign_bytes(b"")  # a key of another kind cannot
    except (ValueError, TypeError, GoogleAuthError):
        msg = f"the key file {path} holds no private key that can be read"
        raise ConfigError(msg, hint="copy the file again, or make a new key") from None
    assert isinstance(made, Credentials)
    return made


def _info(path: Path) -> dict[str, Any]:
    try:
        info = json.loads(path.read_text("utf-8-sig"))  # Notepad marks the beginning
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        msg = f"cannot read the key file {path}: {reason}"
        raise ConfigError(msg, hint=_MAKE_ONE) from None
    except (ValueError, RecursionError):  # no UTF-8 is one too
        msg = f"the key file {path} is no JSON"
        raise ConfigError(msg, hint=_MAKE_ONE) from None
    kind = info.get("type") if isinstance(info, dict) else None
    if kind != "service_account":
        said = f'of type "{kind}"' if isinstance(kind, str) else "no key file of Google's"
        msg = f"{path} is {said}; a service account's is needed"
        raise ConfigError(msg, hint=_MAKE_ONE)
    missing = [name for name in _NEEDED if not isinstance(info.get(name), str)]
    if missing:
        msg = f"the key file {path} has no {', '.join(missing)}"
        raise ConfigError(msg, hint="copy the file again, or make a new key")
    if not _TOKEN_URI.match(info["token_uri"]):
        msg = f"the key file {path} has a token_uri that is no https address"
        raise ConfigError(msg, hint="copy the file again, or make a new key")
    found: dict[str, Any] = info
    return found


def session(account: Signer, endpoint: str) -> AuthorizedSession:
    """Return a session that signs its requests. `endpoint` stands in for Google's ("": none)."""
    tokens = Session()
    tokens.trust_env = not endpoint  # a proxy cannot reach this machine
    made = AuthorizedSession(account, auth_request=_TokenRequest(tokens))  # type: ignore[no-untyped-call]
    if endpoint:
        made.mount(HOST, _Redirected(endpoint))
    return made


class _TokenRequest(Request):
    """Asks for a token once: google-auth would ask thrice by itself, with sleeps of its own."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        answer = super().__call__(*args, **options)  # type: ignore[no-untyped-call]
        if answer.status == 429 or answer.status >= 500:
            raise TokenUnavailable(answer.status, answer.headers.get("Retry-After", ""))
        return answer


class _Redirected(HTTPAdapter):
    """Sends what is meant for Google to an address on this machine."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        request.url = self.endpoint + (request.url or "").removeprefix(HOST)
        options["proxies"] = {}
        return super().send(request, *args, **options)
