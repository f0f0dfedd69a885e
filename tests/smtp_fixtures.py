"""Fixtures of the tests of the SMTP transport: an authority, a server and a transport to it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from smtp_server import Manners, Running, running
from smtp_talk import Start, server_context, settings

from automator.mail.smtp import SmtpTransport


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority of this test's own."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    """Return the authority's certificate as a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(params=[False, True], ids=["one-by-one", "pipelined"])
def start(authority: trustme.CA, ca_file: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Return a function that starts a server with these manners, and a transport to it.

    Whether the server takes a whole envelope at once makes no difference to what comes of it.
    """
    with ExitStack() as stack:

        def make(
            manners: Manners | None = None, **changes: object
        ) -> tuple[Running, SmtpTransport]:
            context, manners = server_context(authority), manners or Manners()
            manners.pipelining = request.param
            server = stack.enter_context(running(manners, context))
            transport = SmtpTransport(settings(server, ca_file, **changes))
            stack.callback(transport.close)
            return server, transport

        yield make
