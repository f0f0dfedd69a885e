"""The outbox folder: one readable file a mail, and a page to look at them."""

import os
import stat
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from mail_samples import SAMPLES, SETTINGS, later, rendered, renderer

from automator.core.message import Message, Refusal
from automator.errors import OutboxUnwritable
from automator.mail.folder import FolderTransport, file_name
from automator.mail.gallery import write_gallery

MESSAGES = rendered()
CHASE = MESSAGES["chase"]


def mails(folder: Path) -> list[str]:
    """Return the names of the mails in `folder`."""
    return sorted(path.name for path in folder.glob("*.eml"))


def send(folder: Path, *messages: Message) -> list[Refusal | None]:
    """Send `messages` into `folder` and return what came of each."""
    transport = FolderTransport(folder, SETTINGS)
    transport.check()
    answers = [transport.send(message) for message in messages]
    transport.close()
    return answers


def test_every_sample_becomes_one_file(tmp_path: Path) -> None:
    """One mail, one .eml that parses; beside them only the page."""
    assert send(tmp_path / "out", *MESSAGES.values()) == [None] * len(MESSAGES)
    assert len(mails(tmp_path / "out")) == len(MESSAGES)
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".eml", ".html"}
    for path in (tmp_path / "out").glob("*.eml"):
        assert not message_from_bytes(path.read_bytes(), policy=default).defects


def test_file_name_sorts_and_reads() -> None:
    """When, what, to whom: without opening the file."""
    assert file_name(CHASE) == "20210226-0700-chase-principal-TH-MY-LAC-1d3f6e12.eml"


@pytest.mark.parametrize(
    ("unit", "part"),
    [
        ("TH&THCS/MỸ THẠNH", "-TH-THCS-MY-THANH-"),
        ("../../etc/passwd", "-etc-passwd-"),
        ("Đức Hòa", "-Duc-Hoa-"),
        ("…", "-x-"),
        ("A" * 300, "-" + "A" * 60 + "-"),
    ],
)
def test_file_name_is_safe(unit: str, part: str) -> None:
    """A code from a cell cannot lead out of the folder, nor be too long for it."""
    name = file_name(replace(CHASE, unit=unit))
    assert part in name
    assert name.isascii()
    assert "/" not in name
    assert len(name) < 200


def test_same_message_overwrites_itself(tmp_path: Path) -> None:
    """Sent once more, in this run or a later one, there is still one file."""
    again = renderer().render(later(SAMPLES["chase"], timedelta(minutes=5)))
    send(tmp_path, CHASE, CHASE)
    send(tmp_path, again)
    assert mails(tmp_path) == [file_name(again)]


def test_like_code_of_another_message_keeps_both(tmp_path: Path) -> None:
    """Eight digits may meet by chance: only the same Message-ID replaces."""
    other = replace(CHASE, message_id="<other@automator.example>", unit="TH-KHAC")
    send(tmp_path, CHASE, other)
    assert len(mails(tmp_path)) == 2


def test_mails_are_for_the_owner_only(tmp_path: Path) -> None:
    """Mails name schools and addresses."""
    send(tmp_path, CHASE)
    (path,) = tmp_path.glob("*.eml")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_malformed_recipient_costs_only_its_own_mail(tmp_path: Path) -> None:
    """A mail that cannot be built is refused; the next one goes."""
    answers = send(tmp_path, replace(CHASE, recipients=("nobody",)), MESSAGES["remind"])
    assert [answer is not None and answer.permanent for answer in answers] == [True, False]
    assert len(mails(tmp_path)) == 1


def test_folder_is_made(tmp_path: Path) -> None:
    """The first run need not prepare anything."""
    FolderTransport(tmp_path / "a" / "b", SETTINGS).check()
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_path_that_is_a_file(tmp_path: Path) -> None:
    """A file in the folder's place is a clear error of exit 2."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutboxUnwritable, match="cannot be written") as caught:
        FolderTransport(tmp_path / "out", SETTINGS).check()
    assert caught.value.exit_code == 2
    assert "--outbox" in caught.value.hint


def test_parent_that_is_a_file(tmp_path: Path) -> None:
    """So is a folder that cannot be made; also without `check`."""
    (tmp_path / "file").write_text("x")
    transport = FolderTransport(tmp_path / "file" / "out", SETTINGS)
    with pytest.raises(OutboxUnwritable):
        transport.check()
    with pytest.raises(OutboxUnwritable):
        transport.send(CHASE)


def test_read_only_folder_is_refused_even_for_root(tmp_path: Path) -> None:
    """A folder without a write bit is meant to stay as it is, whoever runs."""
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        with pytest.raises(OutboxUnwritable, match="read-only"):
            FolderTransport(folder, SETTINGS).check()
    finally:
        folder.chmod(0o755)


def test_full_disk_leaves_no_half_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails stops the run and leaves nothing behind."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    transport = FolderTransport(tmp_path, SETTINGS)
    with pytest.raises(OutboxUnwritable, match="No space left"):
        transport.send(CHASE)
    assert list(tmp_path.iterdir()) == []


def test_closing_twice_and_without_mail_is_harmless(tmp_path: Path) -> None:
    """Nothing sent, nothing written."""
    transport = FolderTransport(tmp_path, SETTINGS)
    transport.close()
    transport.close()
    assert list(tmp_path.iterdir()) == []


class Page(HTMLParser):
    """Collects tags, frames and words of the gallery."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.frames: list[dict[str, Any]] = []
        self.text = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag == "iframe":
            self.frames.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_gallery_shows_every_mail_as_it_is(tmp_path: Path) -> None:
    """The html part of each mail comes out of its frame unchanged, and runs nothing."""
    send(tmp_path, *MESSAGES.values())
    page = Page(tmp_path / "index.html")
    assert len(page.frames) == len(MESSAGES)
    assert {frame["sandbox"] for frame in page.frames} == {""}
    shown = {frame["srcdoc"].rstrip("\n") for frame in page.frames}
    assert shown == {message.html.rstrip("\n") for message in MESSAGES.values()}
    for message in MESSAGES.values():
        assert message.subject in page.text


def test_gallery_loads_nothing_from_outside(tmp_path: Path) -> None:
    """The page works from a memory stick: no address but the mails' own links."""
    send(tmp_path, CHASE)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    outside = page.replace(CHASE.html.split("<body")[1], "")
    assert "http" not in outside.split("srcdoc=")[0].replace("http-equiv", "")


def test_gallery_escapes_what_a_file_holds(tmp_path: Path) -> None:
    """A file that somebody put there cannot run a script in the page."""
    (tmp_path / "20210226-0700-x-y-z-<b>.eml").write_bytes(
        b'Subject: <script>alert(1)</script>\r\nTo: "><img src=x>\r\n\r\n<script>alert(2)</script>'
    )
    (tmp_path / "junk.eml").write_bytes(b"\xff\xfe\x00junk")
    page = Page(write_gallery(tmp_path))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert "<script>alert(1)</script>" in page.text
    assert "junk.eml" in page.text


def test_gallery_of_an_empty_folder(tmp_path: Path) -> None:
    """No mail is said in words."""
    assert "Chưa có thư nào." in Page(write_gallery(tmp_path)).text


def test_old_mails_are_listed_without_their_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years of mails do not make a page that no browser opens."""
    monkeypatch.setattr("automator.mail.gallery.SHOWN_WHOLE", 3)
    send(tmp_path, *MESSAGES.values())
    page = Page(tmp_path / "index.html")
    assert len(page.frames) == 3
    assert page.tags.count("details") == len(MESSAGES)
