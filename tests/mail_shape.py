"""What every mail of this program is made of, whatever the cells say: headers, elements, links."""

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from automator.core.contacts import valid_email

HEADERS = frozenset(
    {
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References", "List-Id"),
        *("List-Unsubscribe", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("MIME-Version", "Content-Type", "In-Reply-To"),
    }
)
Element = tuple[str, str, str]
"""A tag, one of its attributes ("" for none), the value of that."""
NOT_FOR_MAILS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


class Elements(HTMLParser):
    """Collects elements with their attributes, links, and what hides from readers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[Element] = set()
        self.links: set[str] = set()
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, "", ""))
        for name, value in attrs:
            if name == "href":
                self.links.add(value or "")
            else:
                self.found.add((tag, name, value or ""))

    def handle_comment(self, data: str) -> None:
        self.hidden.append(data)

    def unknown_decl(self, data: str) -> None:
        self.hidden.append(data)


def elements(html: str) -> Elements:
    """Return what an html part is made of."""
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser


def part(mail: EmailMessage, kind: str) -> str:
    """Return the decoded text of one part."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def check(content: bytes, recipients: Iterable[str], known: set[Element], link: str) -> None:
    """Assert that a mail has our headers and elements only, goes to nobody else, hides nothing.

    `known` are the elements that the templates make of harmless words; `link` begins each link.
    """
    head, _, _ = content.partition(b"\r\n\r\n")
    assert re.fullmatch(rb"(?:[\x20-\x7e]+(?:\r\n|$))+", head), head
    names = re.findall(rb"^([!-9;-~]+):", head, flags=re.MULTILINE)
    assert len(names) == len(set(names))
    assert {name.decode() for name in names} <= HEADERS
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    to = [address.addr_spec for address in mail["To"].addresses]
    assert to == list(recipients)
    assert all(map(valid_email, to))
    assert str(mail["Subject"]).isprintable()
    html, text = part(mail, "html"), part(mail, "plain")
    made = elements(html)
    assert made.found <= known, made.found - known
    assert all(found.startswith(link) for found in made.links) if link else not made.links
    assert made.hidden == []
    assert NOT_FOR_MAILS.search(html.replace("\r\n", "\n")) is None
    assert NOT_FOR_MAILS.search(text.replace("\r\n", "\n")) is None
