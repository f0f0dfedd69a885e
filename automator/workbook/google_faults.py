"""What Google's refusals mean for the operator, and which of them may pass by themselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from requests.exceptions import ChunkedEncodingError, RequestException, SSLError, Timeout
from requests.exceptions import ConnectionError as Unreachable

from automator.workbook.google_auth import TokenUnavailable

PASSING = frozenset({429, 500, 502, 503, 504})
FAULTS = (APIError, GoogleAuthError, RequestException)
"""Everything that a call through gspread may raise where the program is right."""
_NETWORK = "check this machine's network, name server and proxy"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in English, and what the operator can do."""

    reason: str
    hint: str


def transient(fault: BaseException) -> float | None:
    """Return the seconds to wait at least before asking again, None if that is of no use."""
    if isinstance(fault, APIError):
        if fault.response.status_code not in PASSING:
            return None
        return _seconds(fault.response.headers.get("Retry-After", ""))
    if isinstance(fault, TokenUnavailable):
        return _seconds(fault.retry_after)
    if isinstance(fault, TransportError):  # a token request that came to nothing
        return None if isinstance(fault.__cause__, SSLError) else 0.0
    passing = isinstance(fault, Unreachable | Timeout | ChunkedEncodingError)
    return 0.0 if passing and not isinstance(fault, SSLError) else None


def _seconds(header: str) -> float:
    """Return what Retry-After asks for: seconds, or a moment; 0 if it says nothing."""
    if re.fullmatch(r"[0-9]+", header.strip()):
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else 0.0


def explain(fault: BaseException, account: str, *, writing: bool = False) -> Why:
    """Return why a call failed. `account` is the service account's address."""
    if isinstance(fault, APIError):
        return _of_api(fault, account, writing=writing)
    if isinstance(fault, RefreshError):
        return _of_token(fault, account)
    if isinstance(fault, TokenUnavailable):
        return Why(f"Google gives no token just now ({fault})", "it is tried again at the next run")
    if isinstance(fault, Timeout):
        return Why("Google did not answer in time", _NETWORK)
    if isinstance(fault, SSLError) or isinstance(fault.__cause__, SSLError):
        return Why(
            "the certificate is not Google's", "check the clock, the proxy, a captive portal"
        )
    if isinstance(fault, Unreachable | ChunkedEncodingError | TransportError):
        return Why("Google cannot be reached, or the connection was cut", _NETWORK)
    kind = type(fault).__name__
    return Why(f"what came back is no answer of the Sheets API ({kind})", _NETWORK)


def _of_api(fault: APIError, account: str, *, writing: bool) -> Why:
    code, said = fault.response.status_code, _message(fault.error)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code >= 500:
        return Why(f"Google is down ({code})", "it is tried again at the next run")
    if code == 403 or (writing and code == 400 and "protected" in said):
        return _forbidden(fault.error, account, writing=writing)
    if "not supported for this document" in said:
        hint = "open it in Google Sheets, choose File > Save as Google Sheets, use the new id"
        return Why("it is an Office file in Drive, no Google Sheet", hint)
    return Why(f"Google refused the call ({code}: {said[:200]})", "see docs/google-sheet.md")


_BY_CODE = {
    401: Why("Google does not accept the token", "make a new key of the service account"),
    404: Why("there is no such spreadsheet", "take spreadsheet_id from its link: /d/ID/edit"),
    429: Why("its quota is used up", "run less often, or raise the quota of the project"),
}


def _forbidden(error: Mapping[str, Any], account: str, *, writing: bool) -> Why:
    said, reasons = _message(error), {str(d.get("reason")) for d in _details(error)}
    if "SERVICE_DISABLED" in reasons or "has not been used in project" in said:
        return Why("the Google Sheets API is not enabled", _enable(error))
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return Why("the token may not read spreadsheets", "use a key file of a service account")
    if not writing:
        hint = f"share it with {account} (Editor): docs/google-sheet.md"
        return Why("it is not shared with the service account", hint)
    if "protected" in said:
        hint = f"let {account} edit the protected tabs Tình trạng and Lỗi nhập liệu"
        return Why("a worker tab is protected from the service account", hint)
    return Why("the service account may read it only", f"share it with {account} as Editor")


def _of_token(fault: RefreshError, account: str) -> Why:
    said = " ".join(str(a) for a in fault.args)
    if "iat" in said or "short-lived" in said or "reasonable timeframe" in said:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Why("this machine's clock is wrong", f"set it (NTP): here it is {now}")
    if "account not found" in said:
        return Why(f"there is no service account {account} any more", "make one, and a new key")
    if "invalid_grant" in said or "Signature" in said:
        return Why("Google does not know the key: it was deleted or replaced", "make a new key")
    return Why(f"Google gives no token ({said[:200]})", "make a new key of the service account")


def refused(fault: BaseException) -> bool:
    """Tell whether Google says that the request itself is wrong."""
    return isinstance(fault, APIError) and fault.response.status_code == 400


def unparsable_range(fault: BaseException) -> bool:
    """Tell whether a tab was renamed or deleted between the two reads of one run."""
    return (
        isinstance(fault, APIError)
        and fault.response.status_code == 400
        and "Unable to parse range" in _message(fault.error)
    )


def _message(error: Mapping[str, Any]) -> str:
    return str(error.get("message", ""))


def _details(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details = error.get("details")
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _enable(error: Mapping[str, Any]) -> str:
    metadata = (d.get("metadata") for d in _details(error))
    links = [m["activationUrl"] for m in metadata if isinstance(m, dict) and "activationUrl" in m]
    links += re.findall(r"https://\S+", _message(error))
    where = links[0] if links else "the Google Cloud console > APIs & Services"
    return f"enable it at {where}, and wait a few minutes"
