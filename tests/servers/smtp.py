"""A mail server of a test's own: keeps what it takes, and refuses, stalls or hangs up where a test wants it to."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG_UP = "hang up"
"""As an answer: none, and the connection ends."""


@dataclass(frozen=True)
class Caught:
    """A mail that the server took: from whom and to whom it was handed over, and what is in it."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    raw: bytes

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass
class Catcher:
    """Takes mails, or answers as it is told: the answer to a recipient, and to the end of a mail, by its address."""

    taken: list[Caught] = field(default_factory=list)
    to_recipient: Callable[[str], str] = lambda _: "250 2.1.5 OK"
    to_mail: Callable[[str], str] = lambda _: "250 2.0.0 taken"
    pause: float = 0.0
    """Seconds to be silent before the answer to a mail."""
    connections: int = 0
    greeted: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count a connection."""
        session.host_name = hostname
        self.connections += 1
        self.greeted.append(hostname)
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        answer = self.to_recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self._said(server, answer)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail, and say so or not."""
        content = envelope.content
        assert isinstance(content, bytes)
        answer = self.to_mail(envelope.rcpt_tos[0])
        if answer == HANG_UP or answer.startswith("2"):
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(Caught(str(envelope.mail_from), envelope.rcpt_tos, message, content))
        await asyncio.sleep(self.pause)
        return self._said(server, answer)

    def _said(self, server: SMTP, answer: str) -> str:
        if answer == HANG_UP:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]  # every transport of asyncio has it
        return answer


@contextmanager
def catching(
    *, secure: ssl.SSLContext | None = None, at_once: bool = False, password: str | None = None, utf8: bool = True
) -> Iterator[Catcher]:
    """Run a mail server; with `secure` it speaks TLS, `at_once` or when asked, with `password` only to who knows it."""
    catcher, loop = Catcher(), asyncio.new_event_loop()

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: LoginPassword) -> AuthResult:
        known = (said.login, said.password) == (b"university", (password or "").encode())
        return AuthResult(success=known, handled=False)

    told: dict[str, Any] = {"hostname": "mail.example.edu", "enable_SMTPUTF8": utf8, "loop": loop}
    if password is not None:
        told |= {"auth_required": not at_once, "authenticator": knows, "auth_require_tls": not at_once}
    if secure is not None and not at_once:
        told |= {"tls_context": secure, "require_starttls": True}
    listening = loop.create_server(
        lambda: SMTP(catcher, **told), host="127.0.0.1", port=0, ssl=secure if at_once else None
    )
    server = loop.run_until_complete(listening)
    catcher.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="smtp-catcher", daemon=True)
    thread.start()
    try:
        yield catcher
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_ended(server))
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
