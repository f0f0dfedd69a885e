"""Notices as mail servers write them, about a mail and an address of the test's choice."""

from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "dsn"
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("*.eml")))


def notice(name: str, message_id: str, to: str) -> bytes:
    """Return a notice of a kind ("postfix", "exim" …) about the mail `message_id` to `to`."""
    text = (FOLDER / f"{name}.eml").read_text("utf-8")
    filled = text.replace("@ID@", message_id).replace("@TO@", to)
    return filled.replace("\n", "\r\n").encode()
