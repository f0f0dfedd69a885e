"""A real IMAP server on loopback for the tests: pymap, its mailboxes in memory."""

import asyncio
import ssl
import threading
from argparse import Namespace
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.imap import IMAPServer
from pymap.listtree import ListEntry, ListTree
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Seen
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

USER = "nhac-viec"
PASSWORD = "mat-khau-thu"
SENT = "Sent"
ARRIVED = datetime(2021, 2, 18, tzinfo=UTC)


class _Marked(ListEntry):
    """A folder that the server marks as that of sent mail (RFC 6154)."""

    @property
    def attributes(self) -> Sequence[bytes]:
        return [*super().attributes, b"Sent"]


class _Tree(ListTree):
    """The folders, one of them marked."""

    marked_sent = ""

    def list(self) -> Iterator[ListEntry]:
        for each in super().list():
            special = each.name == self.marked_sent
            yield _Marked(**vars(each)) if special else each


class _Boxes(MailboxSet):
    """The mailboxes of one user, one of them marked."""

    marked_sent = ""

    async def list_mailboxes(self) -> ListTree:
        tree = _Tree(self.delimiter)
        tree.marked_sent = self.marked_sent
        return tree.update("INBOX", *self._set)


@dataclass
class ImapServer:
    """A running server; its methods may be called from any thread."""

    host: str = "127.0.0.1"
    port: int = 0
    boxes: Any = None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def append(self, folder: str, mail: bytes) -> None:
        """File a mail, as delivery does."""
        self.run(self._append(folder, mail))

    def mails(self, folder: str) -> list[bytes]:
        """Return the mails of a folder as they lie there."""
        found: list[bytes] = self.run(self._mails(folder))
        return found

    def empty(self, folder: str) -> None:
        """Take every mail out of a folder."""
        self.run(self._empty(folder))

    def seen(self, folder: str) -> int:
        """Return how many mails of a folder are marked as read."""
        found: int = self.run(self._seen(folder))
        return found

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Do something on the server's own loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    async def _append(self, folder: str, mail: bytes) -> None:
        box: MailboxData = await self.boxes.get_mailbox(folder)
        await box.append(AppendMessage(mail, ARRIVED, frozenset()))

    async def _mails(self, folder: str) -> list[bytes]:
        box: MailboxData = await self.boxes.get_mailbox(folder)
        return [bytes(m._content) async for m in box.messages() if m._content]

    async def _empty(self, folder: str) -> None:
        box: MailboxData = await self.boxes.get_mailbox(folder)
        await box.delete([m.uid async for m in box.messages()])

    async def _seen(self, folder: str) -> int:
        box: MailboxData = await self.boxes.get_mailbox(folder)
        return len([m async for m in box.messages() if Seen in m.permanent_flags])


@contextmanager
def running(
    context: ssl.SSLContext | None = None,
    *,
    security: str = "none",
    folders: Sequence[str] = (SENT,),
    marked: str = SENT,
    password: str = PASSWORD,
) -> Iterator[ImapServer]:
    """Run a server for the time of a test. `marked`: the folder with the flag \\Sent."""
    server = ImapServer()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        config = _config(context if security == "starttls" else None, password)
        config.apply_context()
        login = Login(config)
        hashed = await Passwords(config).hash_password(password)
        login.users_dict[USER] = UserMetadata(config, USER, password=hashed)
        server.boxes = _Boxes()
        server.boxes.marked_sent = marked
        config.set_cache[USER] = (server.boxes, FilterSet())
        for folder in folders:
            await server.boxes.add_mailbox(folder)
        talk = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
        tls = context if security == "tls" else None
        async with await asyncio.start_server(talk, server.host, 0, ssl=tls) as listening:
            server.port = listening.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=server.loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield server
    finally:
        server.loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        server.loop.close()


def _config(context: ssl.SSLContext | None, password: str) -> Config:
    args = Namespace(passlib_cfg=None, proxy_protocol=None)
    return Config(
        args,
        host="127.0.0.1",
        port=0,
        demo_data=False,
        demo_user=USER,
        demo_password=password,
        ssl_context=context or ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        hash_context=BuiltinHash(rounds=1),  # its usual 500,000 take 170 ms a login
        tls_enabled=context is not None,
        invalid_user_sleep=0.0,
    )
