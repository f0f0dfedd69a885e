"""Looks into the sender's own mailbox over IMAP, and never changes it.

Imported only where [mail.imap] is set: it loads imap-tools. Every folder is opened by EXAMINE
and every mail read by BODY.PEEK: whoever reads the mailbox too finds it as it was.
"""

import imaplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date

from imap_tools import AND, BaseMailBox, FolderInfo, Header, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from automator.core.bounces import Returned
from automator.errors import AutomatorError, ConfigError, MailboxUnreadable
from automator.mail import dsn
from automator.mail.base import ImapSettings
from automator.mail.clean import clean_text
from automator.mail.smtp import is_loopback

SECURITIES = ("tls", "starttls", "none")
AUTO = "auto"
SENT_NAMES = ("sent", "sent items", "sent mail", "sent messages", "inbox.sent", "inbox/sent")
"""What servers that mark no folder as \\Sent call it, in the order in which one is chosen."""
LONGEST_ID = 998
MOST_MAILS = 20_000
"""So many of the newest mails are looked at for notices."""
LONGEST_NOTICE = 1 << 18
AT_ONCE = 200
_FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, UnicodeError, ValueError, IndexError)
"""What imap-tools and imaplib raise for a bad line, a refusal, or an answer that is none."""


class ImapMailbox:
    """One mailbox. Each question opens a connection of its own and closes it.

    Raises ConfigError for a setting that can never work. Each question raises
    MailboxUnreadable: no route, a certificate not to be trusted, a refused login, no such
    folder, a server that stops answering.
    """

    def __init__(self, settings: ImapSettings) -> None:
        _check(settings)
        self._settings = settings

    def find_sent(self, message_ids: Iterable[str]) -> frozenset[str]:
        """Return those of `message_ids` (with their brackets) that lie in the Sent folder.

        What the provider filed under another Message-ID is not found.
        """
        wanted = sorted({each for each in message_ids if _searchable(each)})
        if not wanted:
            return frozenset()
        with self.opened() as box:
            self.examine(box, sent_folder(box, self._settings))
            return frozenset(each for each in wanted if _is_there(box, each))

    def returned(self, since: date) -> tuple[Returned, ...]:
        """Return what the notices in the inbox say that arrived on `since` or later.

        Of the newest `MOST_MAILS` mails; of each notice the first `LONGEST_NOTICE` octets.
        """
        with self.opened() as box:
            self.examine(box, self._settings.inbox)
            uids = box.uids(AND(date_gte=since), charset=None)[-MOST_MAILS:]
            notices = tuple(_reports(box, uids))
            return tuple(each for uid in notices for each in dsn.parse(_start(box, uid)))

    @contextmanager
    def opened(self) -> Iterator[BaseMailBox]:
        """Give a logged-in connection; every fault in the block becomes MailboxUnreadable."""
        try:
            box = _connect(self._settings)
        except Exception as fault:
            raise _unreadable(fault, self._settings) from fault
        try:
            _login(box, self._settings)
            yield box
        except AutomatorError:
            raise
        except Exception as fault:  # both libraries raise what they like for a strange answer
            raise _unreadable(fault, self._settings) from fault
        finally:
            with suppress(*_FAULTS):
                box.logout()
            with suppress(*_FAULTS):
                box.client.shutdown()

    def examine(self, box: BaseMailBox, folder: str) -> None:
        """Open a folder to read only."""
        try:
            box.folder.set(folder, readonly=True)
        except MailboxFolderSelectError as fault:
            msg = f"{server(self._settings)} has no folder {clean_text(folder, 100)!r}"
            hint = f"expected one of: {_folder_names(box)} ([mail.imap] sent, inbox)"
            raise MailboxUnreadable(msg, hint=hint) from fault


class _StartTls(MailBoxUnencrypted):
    """A plain connection, upgraded before the first command.

    imap-tools has one too, which leaves the socket open where the certificate is not trusted.
    """

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(host, port, timeout)

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = super()._get_mailbox_client()
        try:
            client.starttls(self._context)
        except BaseException:
            with suppress(OSError):  # TLS has taken the socket over
                client.shutdown()
            raise
        return client


def _connect(settings: ImapSettings) -> BaseMailBox:
    where = (settings.host, settings.port, settings.timeout)
    if settings.security == "none":
        return MailBoxUnencrypted(*where)
    context = _context(settings)
    if settings.security == "starttls":
        return _StartTls(*where, context)
    return MailBox(*where, ssl_context=context)


def _login(box: BaseMailBox, settings: ImapSettings) -> None:
    """Log in, once: LOGIN knows ASCII only, PLAIN any password."""
    login = box.login if (settings.user + settings.password).isascii() else box.login_utf8
    try:
        login(settings.user, settings.password, initial_folder=None)
    except imaplib.IMAP4.abort:  # the line broke: nothing is said about the password
        raise
    except (imaplib.IMAP4.error, MailboxLoginError) as fault:
        msg = f"{server(settings)} refused the login of {settings.user}: {_words(fault)}"
        hint = "check `user` and the password (many providers want an app password for IMAP)"
        raise MailboxUnreadable(msg, hint=hint) from fault


def sent_folder(box: BaseMailBox, settings: ImapSettings) -> str:
    """Return the folder in which the provider files what it has sent.

    Raises MailboxUnreadable if none is marked \\Sent and none has one of the usual names.
    """
    if settings.sent != AUTO:
        return settings.sent
    folders: list[FolderInfo] = box.folder.list()
    marked = [f.name for f in folders if "\\sent" in (flag.lower() for flag in f.flags)]
    by_name = {f.name.casefold(): f.name for f in folders}
    usual = [by_name[name] for name in SENT_NAMES if name in by_name]
    if found := [*marked, *usual]:
        return found[0]
    msg = f"{server(settings)} marks no folder as that of sent mail"
    raise MailboxUnreadable(msg, hint=f"name it in [mail.imap] sent: {_folder_names(box)}")


def _folder_names(box: BaseMailBox) -> str:
    with suppress(*_FAULTS):
        return clean_text(", ".join(sorted(f.name for f in box.folder.list())), 300)
    return "(the server names none)"


def _searchable(message_id: str) -> bool:
    """Tell whether an id may stand in a command: it is none of ours otherwise."""
    plain = message_id.isascii() and message_id.isprintable() and " " not in message_id
    return plain and 2 < len(message_id) <= LONGEST_ID


def _is_there(box: BaseMailBox, message_id: str) -> bool:
    """Tell whether the open folder has a mail of that very id: a search also finds parts."""
    criteria = AND(header=Header("Message-ID", message_id))
    uids = box.uids(criteria, charset=None)  # some servers refuse any CHARSET
    return bool(uids) and any(message_id in ids for ids in _ids(box, uids))


def _ids(box: BaseMailBox, uids: Sequence[str]) -> Iterator[set[str]]:
    for mail in box.fetch(uid_list=uids, mark_seen=False, headers_only=True):
        yield {str(each).strip() for each in mail.obj.get_all("Message-ID", ())}


def _reports(box: BaseMailBox, uids: Sequence[str]) -> Iterator[str]:
    """Give the mails that are notices by their header, oldest first."""
    for start in range(0, len(uids), AT_ONCE):
        chunk = uids[start : start + AT_ONCE]
        for mail in box.fetch(uid_list=chunk, mark_seen=False, headers_only=True, bulk=True):
            if mail.uid and dsn.is_report(str(mail.obj.get("Content-Type", ""))):
                yield mail.uid


def _start(box: BaseMailBox, uid: str) -> bytes:
    """Return a mail, or its start: the notice stands before the mail that it brings back."""
    _, found = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST_NOTICE}>)")
    return next((bytes(part[1]) for part in found if isinstance(part, tuple)), b"")


def _check(settings: ImapSettings) -> None:
    """Refuse what no server could mend. Raises ConfigError."""
    if settings.security not in SECURITIES:
        msg = f"[mail.imap] security is {settings.security!r}"
        raise ConfigError(msg, hint=f"expected one of {', '.join(SECURITIES)}")
    if settings.security == "none" and not is_loopback(settings.host):
        msg = f'[mail.imap] security = "none" with host {settings.host}: unencrypted'
        raise ConfigError(msg, hint="use tls or starttls; none is for a server on loopback")
    if not settings.user or not settings.password:
        msg = f"no user or password for {server(settings)}"
        hint = "set `user` and `password_env` or `password_file` in [mail.imap] or in [mail]"
        raise ConfigError(msg, hint=hint)
    if not (settings.user + settings.password).isprintable():
        msg = f"the user or the password for {server(settings)} holds a control character"
        raise ConfigError(msg, hint="the file named in `password_file` holds one line")
    _context(settings)


def _context(settings: ImapSettings) -> ssl.SSLContext:
    """Return a context that verifies name and certificate. Raises ConfigError."""
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as fault:
        msg = f"[mail.imap] ca_file {settings.ca_file}: {fault.strerror or fault}"
        raise ConfigError(msg, hint="name a file with certificates in PEM form") from fault


def server(settings: ImapSettings) -> str:
    """Return the server as messages name it."""
    return f"{settings.host}:{settings.port}"


def _unreadable(fault: Exception, settings: ImapSettings) -> MailboxUnreadable:
    """Return the operator's error for a mailbox that cannot be read."""
    there, words = server(settings), _words(fault)
    match fault:
        case ssl.SSLCertVerificationError():
            msg = f"the certificate of {there} is not to be trusted: {fault.verify_message}"
            hint = "check `host`; for an authority of your own, name it in `ca_file`"
            return MailboxUnreadable(msg, hint=hint)
        case OSError() | imaplib.IMAP4.abort():
            hint = "check `host`, `port`, `security` in [mail.imap] and the network"
            return MailboxUnreadable(f"no answer from {there}: {words}", hint=hint)
        case _:
            hint = "check [mail.imap]; if it stays so, the server speaks IMAP in a way of its own"
            return MailboxUnreadable(f"{there} answered what is not understood: {words}", hint=hint)


def _words(fault: Exception) -> str:
    return clean_text(str(fault), 300) or type(fault).__name__
