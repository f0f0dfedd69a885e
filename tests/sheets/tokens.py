"""The OAuth token endpoint: service accounts by a signed JWT, people by a refresh token."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .faults import Json

AUDIENCE = "https://oauth2.googleapis.com/token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/"
WRITING = frozenset({f"{SCOPE}spreadsheets", f"{SCOPE}drive", f"{SCOPE}drive.file"})
READING = WRITING | {f"{SCOPE}spreadsheets.readonly", f"{SCOPE}drive.readonly"}
HOUR = timedelta(hours=1)
UNREASONABLE = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


GRANT, WRONG_SCOPE, UNSUPPORTED = "invalid_grant", "invalid_scope", "unsupported_grant_type"


class Refused(Exception):
    """An error answer of the token endpoint."""

    def __init__(self, error: str, description: str) -> None:
        self.body = {"error": error, "error_description": description}
        super().__init__(description)


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was handed out."""

    email: str
    scopes: frozenset[str]
    until: datetime


@dataclass
class Tokens:
    """Accounts that are known, and tokens in use. `ahead`: how far Google's clock is ahead."""

    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    granted: dict[str, Grant] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return Google's time."""
        return datetime.now(UTC) + self.ahead

    def grant(self, form: Mapping[str, Sequence[str]]) -> Json:
        """Return a token for a form that asks for one. Raises Refused."""
        kind = form.get("grant_type", [""])[0]
        if kind == JWT_BEARER:
            email, scopes = self._assertion(form.get("assertion", [""])[0])
        elif kind == "refresh_token":
            email, scopes = self._person(form.get("refresh_token", [""])[0]), WRITING
        else:
            raise Refused(UNSUPPORTED, f"Invalid grant_type: {kind}")
        token = f"ya29.c.{secrets.token_urlsafe(48)}"
        self.granted[token] = Grant(email, scopes, self.now() + HOUR)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def _person(self, refresh_token: str) -> str:
        if refresh_token not in self.people:
            raise Refused(GRANT, "Token has been expired or revoked.")
        return self.people[refresh_token]

    def _assertion(self, assertion: str) -> tuple[str, frozenset[str]]:
        header, claims, signed, signature = _parts(assertion)
        email = str(claims.get("iss"))
        key = self.keys.get(email)
        if key is None:
            raise Refused(GRANT, "Invalid grant: account not found")
        try:
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise Refused(GRANT, "Invalid JWT Signature.") from None
        if header.get("alg") != "RS256":
            raise Refused(GRANT, "Invalid JWT: RS256 is the only algorithm.")
        self._claims(claims)
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes or not all(scope.startswith(SCOPE) for scope in scopes):
            raise Refused(WRONG_SCOPE, "Invalid OAuth scope or ID token audience provided.")
        return email, scopes

    def _claims(self, claims: Mapping[str, Any]) -> None:
        if claims.get("aud") != AUDIENCE:
            text = f"Invalid JWT: Failed audience check. The right audience is {AUDIENCE}"
            raise Refused(GRANT, text)
        issued, until = (datetime.fromtimestamp(int(claims[k]), UTC) for k in ("iat", "exp"))
        now, slack = self.now(), timedelta(minutes=5)
        if not (issued - slack <= now < until and until - issued <= HOUR):
            raise Refused(GRANT, UNREASONABLE)

    def caller(self, authorization: str | None) -> Grant | None:
        """Return the grant of an Authorization header; None if it is of no use any more."""
        grant = self.granted.get((authorization or "").removeprefix("Bearer "))
        return grant if grant and self.now() < grant.until else None


def _parts(assertion: str) -> tuple[Json, Json, bytes, bytes]:
    try:
        head, body, signature = assertion.split(".")
        header, claims = (json.loads(_decoded(part)) for part in (head, body))
        return header, claims, f"{head}.{body}".encode(), _decoded(signature)
    except (ValueError, binascii.Error):
        raise Refused(GRANT, "Invalid JWT: malformed.") from None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@cache
def private_key(number: int = 0) -> rsa.RSAPrivateKey:
    """Return a key, made once a process: short, as it guards nothing and is loaded often."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def key_json(email: str, key: rsa.RSAPrivateKey, token_uri: str) -> Json:
    """Return the JSON key file of a service account."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": email.partition("@")[2].partition(".")[0],
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": email,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "universe_domain": "googleapis.com",
    }
