"""What a mail says: the words of a notification, to somebody by name, in their language, with a link."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr, quote

from university.platform.language import Words
from university.student import texts
from university.student.rules.words import Language, in_language

PAGE = "/notifications"
"""Where a student reads notifications, and says how to be told."""
_PLAIN = 60
"""Signs of a header's words that certainly fit on its line."""
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+")
# The headers that hold people's words are folded here: until Python 3.13 a policy loses spaces where it folds them.
_POLICY = SMTP.clone(refold_source="none")


class Unwritable(Exception):
    """An address or a text of which no mail can be made."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification as it goes to one person."""

    notification_id: str
    name: str
    address: str
    language: Language
    title: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all mails of a university have in common: whom they are from, and where its pages are."""

    sender: str
    public_url: str

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """What follows the @ of the sender's address."""
        return self.address.rpartition("@")[2]

    def written(self, letter: Letter, moment: datetime) -> EmailMessage:
        """Return the message; raise `Unwritable`.

        Its Message-ID is made of the notification's id alone, so that a mail sent twice is recognized as one.
        """
        try:
            return self._written(letter, moment)
        except (ValueError, IndexError) as error:
            # Without its cause, which names whom it is for.
            raise Unwritable(type(error).__name__) from None

    def _written(self, letter: Letter, moment: datetime) -> EmailMessage:
        message = EmailMessage(policy=_POLICY)
        # Quoted-printable passes servers that know seven bits only, and stays readable on the way.
        message.set_content(self._text(letter), cte="quoted-printable")
        message.set_raw("From", _mailbox("From", *parseaddr(self.sender)))
        message.set_raw("To", _mailbox("To", letter.name, letter.address))
        message.set_raw("Subject", _folded("Subject", " ".join(in_language(letter.title, letter.language).split())))
        message["Date"] = format_datetime(moment)
        message["Message-ID"] = f"<{letter.notification_id}@{self.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = letter.language.value
        return message

    def _text(self, letter: Letter) -> str:
        def say(words: Words, **params: str) -> str:
            said: str = getattr(words, letter.language.value)
            return said.format(**params)

        link = self.public_url.rstrip("/") + PAGE
        parts = (
            say(texts.GREETING, name=letter.name),
            in_language(letter.body, letter.language),
            say(texts.WHERE, address=link),
            say(texts.WHY),
        )
        return "\n\n".join(parts) + "\n"


def _mailbox(header: str, name: str, address: str) -> str:
    """Return a name with an address; raise `ValueError` for what is no address."""
    if not (_ADDRESS.fullmatch(address) and address.isprintable()):
        raise ValueError
    if _is_plain(name):
        return f'"{quote(name)}" <{address}>'
    return f"{_folded(header, name)}\n <{address}>"


def _folded(header: str, words: str) -> str:
    """Return words as a header carries them, on lines of at most 76 signs."""
    return words if _is_plain(words) else Header(words, "utf-8", maxlinelen=76, header_name=header).encode()


def _is_plain(words: str) -> bool:
    """Tell whether words may stand in a header as they are: on one line, without folding."""
    return words.isascii() and words.isprintable() and len(words) <= _PLAIN
