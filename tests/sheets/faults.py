"""Error answers in Google's shapes, and faults that a test asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

Json = dict[str, Any]
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
STATUSES = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: (
        "UNAUTHENTICATED",
        (
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
            "cookie or other valid authentication credential. See "
            "https://developers.google.com/identity/sign-in/web/devconsole-project."
        ),
    ),
    403: ("PERMISSION_DENIED", "The caller does not have permission"),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: (
        "RESOURCE_EXHAUSTED",
        (
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per "
            "minute per user' of service 'sheets.googleapis.com' for consumer "
            "'project_number:271828182845'."
        ),
    ),
    500: ("INTERNAL", "Internal error encountered."),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
    504: ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
HTML = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
    "<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and "
    "could not complete your request.<p>Please try again in 30 seconds.\n</html>\n"
)
"""Google's front end answers some faults so, not in JSON."""
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


class ApiError(Exception):
    """An error answer; `body` is its JSON."""

    def __init__(self, code: int, message: str = "", details: Sequence[Mapping[str, Any]] = ()):
        status, words = STATUSES[code]
        self.code = code
        self.message = message or words
        self.details = list(details)
        self.body: Json = {"error": {"code": code, "message": self.message, "status": status}}
        if details:
            self.body["error"]["details"] = self.details
        super().__init__(self.message)


def refuse(message: str) -> NoReturn:
    """Refuse what a request asks for: ApiError 400."""
    raise ApiError(400, message)


def violation(where: str, message: str) -> ApiError:
    """Return a refusal of a field, as Google words it: once in the message, once in details."""
    details = [{"@type": BAD_REQUEST, "fieldViolations": [_violated(where, message)]}]
    return ApiError(400, message, details)


def _violated(where: str, message: str) -> Json:
    return {"field": where, "description": message} if where else {"description": message}


def not_enabled(project: str) -> ApiError:
    """Return the answer to a project in which nobody has enabled the API."""
    url = (
        "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview"
        f"?project={project}"
    )
    return ApiError(
        403,
        f"Google Sheets API has not been used in project {project} before or it is disabled. "
        f"Enable it by visiting {url} then retry. If you enabled this API recently, wait a few "
        "minutes for the action to propagate to our systems and retry.",
        [
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [{"description": "Google developers console API activation", "url": url}],
            },
            {
                "@type": ERROR_INFO,
                "reason": "SERVICE_DISABLED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": f"projects/{project}",
                    "service": "sheets.googleapis.com",
                },
            },
        ],
    )


def too_narrow() -> ApiError:
    """Return the answer to a token whose scopes do not reach."""
    info = {
        "@type": ERROR_INFO,
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    return ApiError(403, "Request had insufficient authentication scopes.", [info])


def anonymous() -> ApiError:
    """Return the answer to a call without a token."""
    return ApiError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


@dataclass
class Fault:
    """What to do instead of, or before, a plain answer. `nth` counts down calls of `what`.

    `what`: "call" (reads and writes), "read", "write" or "token". `times` faults follow each
    other (None: for ever). `applied`: the call is done, only its answer is lost. `delay` is in
    seconds. `deed` is done before the call, as if a clerk were quicker. `body` is answered in place
    of Google's (status 200 if there is none): a proxy's.
    """

    nth: int = 1
    status: int | None = None
    retry_after: int | str | None = None
    cut: bool = False
    delay: float = 0.0
    applied: bool = False
    what: str = "call"
    times: int | None = 1
    deed: Callable[[], object] | None = None
    body: str | None = None

    def concerns(self, kind: str) -> bool:
        """Whether a call of `kind` counts."""
        return self.what == kind or (self.what == "call" and kind != "token")

    def strikes(self) -> bool:
        """Count one call; say whether it is struck."""
        self.nth -= 1
        if self.nth > 0 or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Counts:
    """How many calls came in, refused and broken ones too."""

    reads: int = 0
    writes: int = 0
    tokens: int = 0

    def reset(self) -> None:
        """Count from 0 again."""
        self.reads = self.writes = self.tokens = 0

    def add(self, kind: str) -> None:
        """Count a call of `kind`: "read", "write" or "token"."""
        setattr(self, f"{kind}s", getattr(self, f"{kind}s") + 1)


@dataclass
class Faults:
    """The faults that were asked for and are not over yet."""

    asked: list[Fault] = field(default_factory=list)

    def struck(self, kind: str) -> Fault | None:
        """Count a call of `kind`; return what strikes it, if anything."""
        hits = [f for f in self.asked if f.concerns(kind) and f.strikes()]
        self.asked = [f for f in self.asked if f.times != 0]
        return hits[0] if hits else None
