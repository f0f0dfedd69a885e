"""DKIM (RFC 6376): the office signs its mails, so that others can tell them from forged ones.

yagmail's own signing is not used: it signs a message that it serialises anew for sending, with
the clock of that moment; a second copy of a mail must be the first one, to the byte. So dkimpy
(the extra `dkim`) signs the bytes that leave, and `t=` is the Date of the mail.
"""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from automator.errors import ConfigError
from automator.mail.base import DkimKey

SMALLEST = 1024
"""Bits of an RSA key: verifiers take no smaller one (RFC 8301, 3.2)."""
SIGNED = (
    *("from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("list-id", "list-unsubscribe", "auto-submitted", "mime-version", "content-type"),
)
"""Each header also once more than it stands there: another one, added later, breaks the seal."""
ALGORITHM = b"rsa-sha256"
FORM = b"relaxed/relaxed"


def load_key(domain: str, selector: str, path: Path) -> DkimKey:
    """Return the key in the PEM file `path`. Raises ConfigError where it cannot sign."""
    section = "[mail.dkim]"
    try:
        from dkim.crypto import parse_pem_private_key
    except ImportError as fault:
        msg = f"{section} is set, and dkimpy is not installed"
        raise ConfigError(msg, hint="pip install 'automator[dkim]'") from fault
    try:
        pem = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as fault:
        msg = f"{section} key_file {path}: {fault.strerror or fault}"
        raise ConfigError(msg, hint="name the file that holds the private key") from fault
    try:
        numbers = parse_pem_private_key(pem)
    except Exception as fault:  # whatever dkimpy makes of a file that holds no key
        msg = f"{section} key_file {path} holds no RSA key that can be read"
        hint = "a PEM file without passphrase: openssl genrsa -out dkim.pem 2048"
        raise ConfigError(msg, hint=hint) from fault
    bits = int(numbers["modulus"]).bit_length()
    if bits < SMALLEST:
        msg = f"{section} key_file {path}: the key has {bits} bits, receivers want {SMALLEST}"
        raise ConfigError(msg, hint="openssl genrsa -out dkim.pem 2048")
    return DkimKey(domain=domain, selector=selector, numbers=numbers)


def signed(content: bytes, key: DkimKey, at: datetime) -> bytes:
    """Return `content` with a signature on top; the same bytes each time. `at` is its Date."""
    import dkim
    from dkim.canonicalization import CanonicalizationPolicy
    from dkim.crypto import HASH_ALGORITHMS

    form = CanonicalizationPolicy.from_c_value(FORM)
    signer = dkim.DKIM(content)
    signer.hasher = HASH_ALGORITHMS[ALGORITHM]
    there = [name.lower() for name, _ in signer.headers]
    names = [n.encode() for n in SIGNED for _ in range(there.count(n.encode()) + 1)]
    fields = [
        (b"v", b"1"),
        (b"a", ALGORITHM),
        (b"c", FORM),
        (b"d", key.domain.encode("ascii")),
        (b"q", b"dns/txt"),
        (b"s", key.selector.encode("ascii")),
        (b"t", str(int(at.timestamp())).encode()),
        (b"h", b" : ".join(names)),
        (b"bh", b64encode(sha256(form.canonicalize_body(signer.body)).digest())),
        (b"b", b"0" * 60),  # dkimpy puts the signature in its place
    ]
    value: bytes = signer.gen_header(fields, names, form, b"DKIM-Signature", dict(key.numbers))
    return b"DKIM-Signature: " + value + content
