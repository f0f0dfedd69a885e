"""The outbox as a folder: one .eml a mail, and a gallery to look at them."""

import os
import re
import stat
import tempfile
from collections.abc import Callable
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from unicodedata import normalize

from automator.core.message import Message, Refusal
from automator.errors import OutboxUnwritable
from automator.mail.base import MailSettings
from automator.mail.gallery import write_gallery
from automator.mail.mime import build

ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class FolderTransport:
    """Writes each mail into `folder`, atomically; the same id overwrites itself."""

    def __init__(self, folder: Path, settings: MailSettings) -> None:
        self.folder = folder
        self._settings = settings
        self._known: dict[str, Path] | None = None
        self._changed = False

    def check(self) -> None:
        """Make the folder and try to write into it. Raises OutboxUnwritable."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.folder.stat().st_mode & ANY_WRITE:
                # root may write all the same, but somebody has said that nothing shall be here
                raise PermissionError("the folder is read-only")  # noqa: EM101
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".check-"):
                pass
        except OSError as fault:
            raise self._unwritable(fault) from fault

    def connect(self) -> None:
        """A folder is always there; `check` has seen to it."""

    def send(
        self,
        message: Message,
        handing_over: Callable[[], None] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Refusal | None:
        """Write `message` as one .eml, atomically: a second try overwrites the first.

        Raises OutboxUnwritable; the disk may be full.
        """
        del handing_over  # a file is there or not, nothing is ever in doubt
        if meanwhile is not None:
            meanwhile()
        content = build(message, self._settings)
        if isinstance(content, Refusal):
            return content
        path = self.folder / file_name(message)
        try:
            if self._known is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._known = {file.stem[-8:]: file for file in self.folder.glob("*.eml")}
            _write(path, content)
            self._replace_older(message, path)
        except OSError as fault:
            raise self._unwritable(fault) from fault
        self._changed = True
        return None

    def close(self) -> None:
        """Bring the gallery up to date if anything was written."""
        if not self._changed:
            return
        try:
            write_gallery(self.folder)
        except OSError as fault:
            raise self._unwritable(fault) from fault
        self._changed = False

    def _replace_older(self, message: Message, path: Path) -> None:
        """Remove what the same message left here under an earlier time."""
        known = self._known if self._known is not None else {}
        older = known.get(path.stem[-8:])
        if older and older != path and older.is_file() and _message_id(older) == message.message_id:
            older.unlink()
        known[path.stem[-8:]] = path

    def _unwritable(self, fault: OSError) -> OutboxUnwritable:
        return OutboxUnwritable(
            f"the outbox {self.folder} cannot be written: {fault.strerror or fault}",
            hint="name another folder with --outbox, or mend its permissions or disk",
        )


def file_name(message: Message) -> str:
    """Return "20210226-0700-chase-principal-TH-MY-LAC-1a2b3c4d.eml": sorts by time."""
    parts = (message.kind, message.role, message.unit, message.id[:8])
    return "-".join([f"{message.at:%Y%m%d-%H%M}", *map(_safe, parts)]) + ".eml"


def _safe(text: str) -> str:
    """Return `text` with nothing in it that a file system could mind."""
    plain = normalize("NFKD", text.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain.decode()).strip("-")[:60] or "x"


def _write(path: Path, content: bytes) -> None:
    """Write `path` so that nobody ever sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".eml-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o600)  # mails name schools and addresses
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _message_id(path: Path) -> str:
    with path.open("rb") as file:
        return str(BytesHeaderParser(policy=default).parse(file).get("Message-ID", ""))
