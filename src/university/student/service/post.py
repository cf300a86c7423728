"""A connection to the mail server, and what its answers mean; nothing of what it says is repeated, only its codes."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0
"""Seconds to wait for the server at each step."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PERMANENT = 500
"""The least code of a refusal that will be repeated."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")


class Refused(Exception):
    """The server does not take this mail; `for_good` when it never will."""

    def __init__(self, fault: str, *, for_good: bool) -> None:
        super().__init__(fault)
        self.fault, self.for_good = fault, for_good


class Unreachable(Exception):
    """There is no server, or none that lets us in: no mail can be sent now."""


class Broken(Exception):
    """The connection ended; the mail in hand may have been taken or not."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed over, and as whom."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str

    @classmethod
    def of(cls, url: str) -> "Server":
        """Return the server that a `UNIVERSITY_SMTP_URL` names."""
        parts = urlsplit(url)
        user = None if parts.username is None else unquote(parts.username)
        return cls(
            parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme], user, unquote(parts.password or "")
        )

    @contextmanager
    def open(self, sender: str) -> Iterator["Line"]:
        """Open a connection, for mails of one sender; raise `Unreachable`."""
        try:
            connection = self._connected(sender.rpartition("@")[2])
        except smtplib.SMTPResponseException as error:
            raise Unreachable(_code(error.smtp_code, error.smtp_error)) from None
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise Unreachable(type(error).__name__) from None
        try:
            yield Line(connection, sender)
        finally:
            _hang_up(connection)

    def _connected(self, name: str) -> smtplib.SMTP:
        if self.scheme == "smtps":
            secure = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, local_hostname=name, timeout=TIMEOUT, context=secure
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, local_hostname=name, timeout=TIMEOUT)
        try:
            if self.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.user is not None:
                connection.login(self.user, self.password)
            else:
                connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection


class Line:
    """An open connection to the mail server."""

    def __init__(self, connection: smtplib.SMTP, sender: str) -> None:
        self._connection, self._sender = connection, sender

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand a mail over; raise `Refused`, or `Broken` when the connection is of no more use."""
        try:
            self._connection.send_message(message, self._sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(*error.recipients[address]) from None
        except smtplib.SMTPSenderRefused as error:
            # That is about us and not about this mail: no other would fare better.
            raise Broken(_code(error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise Refused(type(error).__name__, for_good=True) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Broken(type(error).__name__) from None

    def _refusal(self, code: int, said: bytes | str) -> Exception:
        told = _code(code, said)
        if self._connection.sock is None:
            return Broken(told)
        return Refused(told, for_good=code >= PERMANENT)


def _hang_up(connection: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _code(code: int, said: bytes | str) -> str:
    """Return the codes of an answer, without its words: they may name whom the mail is for."""
    found = _ENHANCED.search(said if isinstance(said, bytes) else said.encode())
    return f"{code} {found[0].decode()}" if found else str(code)
