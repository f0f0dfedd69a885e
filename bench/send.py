"""How fast mails leave, against smtplib on one kept connection and against yagmail's own send.

    python bench/send.py                     some 20 KB a mail, 600 mails a way and round
    python bench/send.py --mails 2000 --rounds 3

Every way talks STARTTLS + AUTH on loopback to the same server in another process, which takes
each mail and forgets it. A way is measured in rounds that take turns with the others, and its
best round counts: the machine's other work disturbs a round, it never speeds one up. Mails are
built beforehand, or on the way (`+ build`). The ledger is a file in the system's temporary
folder, at synchronous=FULL: what `fsync` costs there is printed too, for one commit a mail is
what it pays. Nothing else is cut: the mails are claimed, sent, and on record as `sent`. A
missed target is said; it changes nothing of the exit code.
"""

import argparse
import smtplib
import socket
import sqlite3
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

if __package__ in (None, ""):  # run as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import trustme
import yagmail

from automator.core.memory import Memory, TellKey
from automator.core.message import Message
from automator.delivery import deliver
from automator.ledger import Ledger, RunRecord
from automator.mail.base import MailSettings
from automator.mail.mime import build, built
from automator.mail.smtp import SmtpTransport
from bench import sink

NOW = datetime(2021, 2, 26, 7, tzinfo=UTC)
SENDER = "nhac-viec@phong.example"
LINE = "Kính đề nghị nhà trường xây dựng kế hoạch và gửi về Phòng trước hạn. "
FEW = 20
"""Mails of a way that takes tens of milliseconds for each."""
PLAIN, NAGLE, OURS = "smtplib, TCP_NODELAY", "smtplib", "automator, no ledger"
RECORDED, STOCK = "automator, ledger", "yagmail.send()"
Send = Callable[[Sequence[Message]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How mails leave: `send` is timed; `queue` comes before the clock runs."""

    send: Send
    queue: Send = lambda _messages: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the mails go, and what is needed to be let in."""

    settings: MailSettings
    context: ssl.SSLContext


def mails(count: int, first: int = 0) -> list[Message]:
    """Return so many messages of some 20 KB, each to a school of its own."""
    return [_mail(n) for n in range(first, first + count)]


def _mail(n: int) -> Message:
    unit, name = f"TH-{n:06}", f"{n:032x}"
    key = TellKey(unit=unit, role="principal", instance=f"{unit}/plan", episode=1, step="chase-1")
    text = f"Kính gửi: Hiệu trưởng {unit}\n\n" + (LINE + "\n") * 60
    return Message(
        id=name,
        unit=unit,
        role="principal",
        kind="chase",
        recipients=(f"{unit.lower()}@truong.example",),
        subject=f"Đề nghị gửi kế hoạch: {unit}",
        text=text,
        html="<p>" + text + "</p>",
        message_id=f"<{name}@phong.example>",
        at=NOW,
        keys=(key,),
    )


def plain(server: Server, *, nodelay: bool, ready: bool) -> Iterator[Way]:
    """One kept smtplib connection; without TCP_NODELAY as it comes."""
    own = server.settings
    with smtplib.SMTP(own.host, own.port, timeout=own.timeout) as line:
        if nodelay:
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        line.starttls(context=server.context)
        line.login(own.user, own.password)

        def send(messages: Sequence[Message]) -> None:
            for message in messages:
                content = message.mime if ready else build(message, own)
                assert isinstance(content, bytes)
                line.sendmail(own.sender, list(message.recipients), content)

        yield Way(send=send)


def ours(server: Server) -> Iterator[Way]:
    """The transport of the program: one kept yagmail connection, no ledger."""
    transport = SmtpTransport(server.settings)
    transport.connect()

    def send(messages: Sequence[Message]) -> None:
        for message in messages:
            assert transport.send(message) is None

    yield Way(send=send)
    transport.close()


def recorded(server: Server, folder: Path) -> Iterator[Way]:
    """The same with a ledger: claimed and settled, one commit a mail."""
    transport = SmtpTransport(server.settings)
    transport.connect()
    with Ledger.open(str(folder / "ledger.sqlite"), "main") as ledger:

        def queue(messages: Sequence[Message]) -> None:
            assert not ledger.pending()  # the round before has left nothing
            ledger.begin(RunRecord(now=NOW), Memory(), messages, {}, ())

        def send(_messages: Sequence[Message]) -> None:
            assert deliver(ledger, transport, NOW, lambda *_: None) == ""

        yield Way(send=send, queue=queue)
    transport.close()


def stock(server: Server) -> Iterator[Way]:
    """yagmail as it is meant to be called: it builds, connects and logs in for each mail."""
    own = server.settings
    client = yagmail.SMTP(
        user={own.user: own.sender_name},
        password=own.password,
        host=own.host,
        port=own.port,
        smtp_ssl=False,
        smtp_starttls={"context": server.context},
        soft_email_validation=False,
        timeout=own.timeout,
    )

    def send(messages: Sequence[Message]) -> None:
        for message in messages:
            to = list(message.recipients)
            client.send(to, message.subject, [message.html], prettify_html=False)

    yield Way(send=send)
    client.close()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run the server; give the way to it."""
    authority = trustme.CA()
    chain, trusted = folder / "chain.pem", folder / "ca.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(chain)
    authority.cert_pem.write_to_path(trusted)
    with sink.running(chain) as port:
        settings = MailSettings(
            sender=SENDER,
            sender_name="Phòng Giáo dục và Đào tạo",
            reply_to=SENDER,
            operator=SENDER,
            host="127.0.0.1",
            port=port,
            user=sink.USER,
            password=sink.PASSWORD,
            ca_file=trusted,
        )
        yield Server(settings=settings, context=ssl.create_default_context(cafile=trusted))


def measure(count: int, rounds: int) -> dict[str, float]:
    """Return the mails per second of each way, the best of its rounds."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as server:
        folder = Path(place)
        ways: dict[str, tuple[Iterator[Way], bool, int]] = {
            NAGLE: (plain(server, nodelay=False, ready=True), True, FEW),
            PLAIN: (plain(server, nodelay=True, ready=True), True, count),
            OURS: (ours(server), True, count),
            RECORDED: (recorded(server, folder), True, count),
            PLAIN + " + build": (plain(server, nodelay=True, ready=False), False, count),
            OURS + " + build": (ours(server), False, count),
            STOCK: (stock(server), False, FEW),
        }
        open_ways = {name: next(way) for name, (way, _, _) in ways.items()}
        best = dict.fromkeys(ways, 0.0)
        for number in range(rounds):
            for name, (_, ready, many) in ways.items():
                batch = mails(min(many, count), first=number * count)
                if ready:
                    batch = [built(message, server.settings) for message in batch]
                best[name] = max(best[name], _rate(open_ways[name], batch))
        for way, _, _ in ways.values():
            next(way, None)
        return best | {"fsync": _fsyncs(folder)}


def _rate(way: Way, batch: Sequence[Message]) -> float:
    """Return how many of the batch left in a second."""
    way.queue(batch)
    start = perf_counter()
    way.send(batch)
    return len(batch) / (perf_counter() - start)


def _fsyncs(folder: Path) -> float:
    """Return how many of the smallest durable commits SQLite does there in a second."""
    base = sqlite3.connect(folder / "fsync.sqlite", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        base.execute(f"PRAGMA {pragma}")
    base.execute("CREATE TABLE t (n)")
    start = perf_counter()
    for n in range(500):
        base.execute("INSERT INTO t VALUES (?)", (n,))
    took = perf_counter() - start
    base.close()
    return 500 / took


def targets(rates: dict[str, float]) -> list[str]:
    """Return one line a target: name, figure, limit, ok or MISSED."""
    fastest = max(rates[PLAIN], rates[NAGLE])
    figures = (
        ("send/transport", rates[OURS] / fastest, 0.9),
        ("send/ledger", rates[RECORDED] / fastest, 0.7),
        ("send/yagmail", rates[RECORDED] / rates[STOCK], 5.0),
        ("send/building", rates[OURS + " + build"] / rates[PLAIN + " + build"], 0.9),
    )
    return [
        f"TARGET {name} {figure:.2f} >= {limit:g} {'ok' if figure >= limit else 'MISSED'}"
        for name, figure, limit in figures
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=600, help="mails of a way in a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the best counts")
    given = parser.parse_args(argv)
    rates = measure(given.mails, given.rounds)
    size = len(built(_mail(0), _anybody()).mime)
    print(f"{size / 1024:.0f} KB a mail; {rates.pop('fsync'):.0f} durable commits a second here")
    for name, rate in rates.items():
        print(f"{name:32} {rate:8.0f} mails/s")
    print(*targets(rates), sep="\n")
    return 0


def _anybody() -> MailSettings:
    return MailSettings(sender=SENDER, sender_name="Phòng", reply_to=SENDER, operator=SENDER)


if __name__ == "__main__":
    sys.exit(main())
