"""With [mail.dkim] each mail that leaves by SMTP carries a seal that receivers can verify."""

import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from mail_office import mail_office
from mail_samples import SAMPLES, SETTINGS, renderer

from automator.errors import ConfigError
from automator.mail.base import DkimKey
from automator.mail.mime import build
from automator.mail.signing import SIGNED, load_key

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PrivateFormat.TraditionalOpenSSL
MESSAGES = {name: renderer().render(sample) for name, sample in SAMPLES.items()}
DKIM = "[mail.dkim]\ndomain = 'phong.example'\nselector = 'nv'\nkey_file = 'dkim.pem'\n"


def pem(key: rsa.RSAPrivateKey, form: PrivateFormat = PEM) -> bytes:
    """Return a private key as openssl writes it."""
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def dns(name: bytes, timeout: int = 5) -> bytes:
    """Answer as the DNS of the domain would."""
    assert name.startswith(b"nv._domainkey.")
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


@pytest.fixture
def key(tmp_path: Path) -> DkimKey:
    """Return the key of the sender of the samples."""
    path = tmp_path / "key.pem"
    path.write_bytes(pem(KEY))
    return load_key("thuthua.example", "nv", path)


def sealed(name: str, key: DkimKey) -> bytes:
    """Return the signed bytes of a sample."""
    content = build(MESSAGES[name], replace(SETTINGS, dkim=key))
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mail_verifies(name: str, key: DkimKey) -> None:
    """dkimpy, as a receiver, finds the seal whole; no line is too long for SMTP."""
    content = sealed(name, key)
    assert dkim.verify(content, dnsfunc=dns)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert message_from_bytes(content, policy=default)["Subject"] == MESSAGES[name].subject


def test_the_same_mail_has_the_same_seal(key: DkimKey) -> None:
    """t= is the Date of the mail, not the moment of signing: a second copy is the first."""
    assert sealed("chase", key) == sealed("chase", key)
    seal = message_from_bytes(sealed("chase", key))["DKIM-Signature"]
    assert f"t={int(MESSAGES['chase'].at.timestamp())};" in seal


@pytest.mark.parametrize(
    "header", ["Subject", "Reply-To", "List-Unsubscribe", "Message-ID", "Date"]
)
def test_a_header_that_was_changed_or_added_breaks_the_seal(header: str, key: DkimKey) -> None:
    """A second one on top, which many readers would show, is as bad as another first one."""
    content = sealed("chase", key)
    assert header.lower() in SIGNED
    name = header.encode()
    assert not dkim.verify(name + b": another\r\n" + content, dnsfunc=dns)
    assert not dkim.verify(
        content.replace(b"\r\n" + name + b": ", b"\r\n" + name + b": x"), dnsfunc=dns
    )


def test_a_body_that_was_changed_breaks_the_seal(key: DkimKey) -> None:
    """Nobody adds a line below."""
    with pytest.raises(dkim.ValidationError):
        dkim.DKIM(sealed("chase", key) + b"another line\r\n").verify(dnsfunc=dns)


def test_the_seal_arrives_through_a_real_server(tmp_path: Path) -> None:
    """From config.toml to the mail that the server has taken."""
    with mail_office(tmp_path) as office:
        (tmp_path / "dkim.pem").write_bytes(pem(KEY, PrivateFormat.PKCS8))
        text = office.config.read_text("utf-8")
        office.config.write_text(text.replace("[[unit]]", DKIM + "\n[[unit]]", 1), "utf-8")
        assert office.run("2021-02-26T07:00", "--first-run").code == 0
        assert len(office.contents()) == 2
        assert all(dkim.verify(content, dnsfunc=dns) for content in office.contents())


SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)
CURVE = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "No such file", id="missing"),
        pytest.param(b"", "no RSA key", id="empty"),
        pytest.param(b"\x00\xff", "no RSA key", id="binary"),
        pytest.param(
            CURVE.private_bytes(Encoding.PEM, PEM, NoEncryption()), "no RSA key", id="no-rsa"
        ),
        pytest.param(
            KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
            "no RSA key",
            id="passphrase",
        ),
        pytest.param(
            KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "no RSA key",
            id="public",
        ),
    ],
)
def test_a_key_that_cannot_sign_ends_the_run_at_its_start(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    """Exit 2; nobody has logged in and nothing is on record."""
    with mail_office(tmp_path) as office:
        if content is not None:
            (tmp_path / "dkim.pem").write_bytes(content)
        text = office.config.read_text("utf-8")
        office.config.write_text(text.replace("[[unit]]", DKIM + "\n[[unit]]", 1), "utf-8")
        called = office.run("2021-02-26T07:00", "--first-run")
        assert (called.code, office.server.box.logins) == (2, 0)
        assert says in called.err


def test_a_key_that_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers would not look at its seal."""
    monkeypatch.setattr("automator.mail.signing.SMALLEST", 2048)
    path = tmp_path / "small.pem"
    path.write_bytes(pem(SMALL))
    with pytest.raises(ConfigError, match="the key has 1024 bits"):
        load_key("phong.example", "nv", path)


def test_a_key_file_of_windows_is_read(tmp_path: Path) -> None:
    """CR LF at the line ends is no fault; dkimpy alone would find no key."""
    path = tmp_path / "key.pem"
    path.write_bytes(pem(KEY).replace(b"\n", b"\r\n"))
    assert load_key("phong.example", "nv", path).selector == "nv"


def test_the_key_is_nowhere_shown(key: DkimKey) -> None:
    """Printed settings hold no number of it."""
    assert str(key.numbers["privateExponent"]) not in repr(replace(SETTINGS, dkim=key))


def test_without_the_extra_there_is_a_sentence(tmp_path: Path) -> None:
    """dkimpy is loaded only by who signs."""
    code = (
        "import sys; sys.modules['dkim'] = None\n"
        "import automator.mail.mime\n"
        "from pathlib import Path\n"
        "from automator.errors import ConfigError\n"
        "from automator.mail.signing import load_key\n"
        "try: load_key('a.example', 's', Path('x'))\n"
        "except ConfigError as fault: sys.exit('automator[dkim]' not in fault.hint)\n"
        "sys.exit(2)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_seal_of_another_domain_is_no_good(tmp_path: Path) -> None:
    """It would say nothing about the sender."""
    with mail_office(tmp_path) as office:
        text = office.config.read_text("utf-8")
        other = DKIM.replace("phong.example", "truong.example")
        office.config.write_text(text.replace("[[unit]]", other + "\n[[unit]]", 1), "utf-8")
        called = office.run("2021-02-26T07:00")
        assert called.code == 2
        assert "the domain of `from`" in called.err
