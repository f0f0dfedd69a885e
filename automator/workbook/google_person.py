"""A person's own sign-in, with which a new spreadsheet is made: a service account can make none."""

import json
from pathlib import Path
from typing import Any

from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from gspread.urls import SPREADSHEETS_API_V4_BASE_URL

from automator.errors import ConfigError, PublishFailed
from automator.workbook import google_auth, google_faults
from automator.workbook.google_client import Client, mapping
from automator.workbook.retry import Patience

TIMEOUT = (10.0, 60.0)
_NEEDED = ("refresh_token", "client_id", "client_secret")
_GOOGLES = "https://oauth2.googleapis.com/token"


def credentials(path: Path) -> Credentials:
    """Return the sign-in that gspread's `oauth()` or gcloud has kept. Raises ConfigError."""
    try:
        info = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        msg = f"cannot read a person's credentials from {path}: {type(error).__name__}"
        raise ConfigError(msg, hint="docs/google-sheet.md says how to sign in") from None
    if not isinstance(info, dict) or any(not isinstance(info.get(k), str) for k in _NEEDED):
        msg = f"{path} holds no person's credentials ({', '.join(_NEEDED)})"
        raise ConfigError(msg, hint="a service account's key is for all else, not for `create`")
    return Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=info["refresh_token"],
        token_uri=info.get("token_uri") or _GOOGLES,
        client_id=info["client_id"],
        client_secret=info["client_secret"],
        scopes=list(google_auth.SCOPES),
    )


def create(who: Credentials, properties: dict[str, str], endpoint: str) -> str:
    """Make a spreadsheet with `properties` that belongs to the person; return its id.

    It is asked for once: a lost answer asked for again would make two. Raises PublishFailed.
    """
    session: AuthorizedSession = google_auth.session(who, endpoint)
    client = Client(who, session, TIMEOUT)
    body: dict[str, Any] = {"properties": properties}
    try:
        answer = Patience(budget=0).call(
            lambda: mapping(
                client.request("post", SPREADSHEETS_API_V4_BASE_URL, json=body).json(),
                "spreadsheetId",
            ),
            google_faults.transient,
        )
    except google_faults.FAULTS as fault:
        why = google_faults.explain(fault, "the person who signed in", writing=True)
        msg = f"cannot make a spreadsheet: {why.reason}"
        raise PublishFailed(msg, hint=why.hint) from None
    finally:
        session.close()  # type: ignore[no-untyped-call]
    return str(answer["spreadsheetId"])
