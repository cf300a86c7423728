"""A line to a server that can fall silent, or lose what is said at the worst moment."""

import socket
import threading
from contextlib import suppress
from typing import Literal

State = Literal["good", "silent", "loses the commit", "loses the answer to the commit"]


class Line:
    """Carries bytes between clients and one server's port on this machine, as its `state` allows."""

    def __init__(self, server_port: int) -> None:
        self.state: State = "good"
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listening.getsockname()[1]
        return port

    def become(self, state: State) -> None:
        """Change; what was held back while it was silent goes on when it is good again."""
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                call = _Call(client, socket.create_connection(("127.0.0.1", self._server_port)))
                for carry in (self._carry_questions, self._carry_answers):
                    threading.Thread(target=carry, args=(call,), daemon=True).start()

    def _carry_questions(self, call: "_Call") -> None:
        with call:
            while said := call.client.recv(65_536):
                self._wait()
                if b"COMMIT\x00" in said:
                    if self.state == "loses the commit":
                        return
                    call.is_deaf = self.state == "loses the answer to the commit"
                call.server.sendall(said)

    def _carry_answers(self, call: "_Call") -> None:
        with call:
            while (said := call.server.recv(65_536)) and not call.is_deaf:
                self._wait()
                call.client.sendall(said)

    def _wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.state != "silent")


class _Call:
    """One connection through the line; when either direction ends, both do."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server, self.is_deaf = client, server, False
        self._carried = threading.Barrier(2, action=self._close)

    def __enter__(self) -> None:
        """Carry one direction."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._carried.wait()
        return kind is not None and issubclass(kind, OSError)

    def _close(self) -> None:
        self.client.close()
        self.server.close()
