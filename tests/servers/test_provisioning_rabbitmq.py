"""A provisioned RabbitMQ: by its management API, with as little as each module needs, and the same when done again."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pika
import pytest
from click.testing import CliRunner, Result
from pika.exceptions import ChannelClosedByBroker, ProbableAuthenticationError

from entrypoints.cli import main
from tests.process import free_ports
from tests.servers import rabbitmq as servers
from tests.servers.rabbitmq import Node
from university.platform.messaging import rabbitmq

pytestmark = [pytest.mark.rabbitmq, pytest.mark.slow]
Command = Callable[..., Result]


@pytest.fixture(scope="module")
def management(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, str]]:
    """A node of this file's own, and the address of its management API."""
    if not servers.URL:
        pytest.skip("no RabbitMQ: set UNIVERSITY_TEST_RABBITMQ")
    node = Node(tmp_path_factory.mktemp("node"))
    url = node.managed()
    node.start()
    yield node, url
    node.stop()


@pytest.fixture
def node(management: tuple[Node, str]) -> Node:
    return management[0]


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A file of passwords."""
    file = tmp_path / "broker.json"
    file.write_text(json.dumps({name: f"{name} 1 #:/@%" for name in ("course", "student", "enrollment")}))
    return file


@pytest.fixture
def command(management: tuple[Node, str], words: Path, request: pytest.FixtureRequest) -> Command:
    """Run the command for a virtual host of a test's own, at an address, with these passwords."""
    name = request.node.originalname.removeprefix("test_")[:20]

    def run(url: str = "", *options: str, patience: float = 0) -> Result:
        asked = ["provision", "rabbitmq", url or management[1], "--passwords", str(words), "--patience", str(patience)]
        return CliRunner().invoke(main, [*asked, "--vhost", name, "--prefix", f"{name}-", *options])

    return run


def connected(node: Node, module: str, password: str, request: pytest.FixtureRequest) -> Any:
    name = request.node.originalname.removeprefix("test_")[:20]
    parameters = rabbitmq.parameters(f"amqp://127.0.0.1:{node.port}/{name}")[0]
    parameters.credentials = pika.PlainCredentials(f"{name}-{module}", password)
    return closing(pika.BlockingConnection(parameters))


def test_everything_is_made_once_and_the_second_time_nothing(
    command: Command, node: Node, request: pytest.FixtureRequest
) -> None:
    first, second = command(), command()

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "3 users, 3 permissions, 6 topic permissions, 2 exchanges, 27 queues, 27 bindings" in first.output
    assert second.output.endswith(": everything is there.\n")
    with connected(node, "course", "course 1 #:/@%", request) as connection:
        connection.channel().queue_declare("course.availability", passive=True)
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            connection.channel().queue_declare("mine")


def test_what_was_loosened_is_set_right(command: Command, node: Node) -> None:
    command()
    node.control(["set_permissions", "-p", "what_was_loosened_is", "what_was_loosened_is-course", ".*", ".*", ".*"])
    node.control(["set_user_tags", "what_was_loosened_is-student", "administrator"])

    assert command().output == "what_was_loosened_is: 1 users, 1 permissions made or set right.\n"
    assert command().output.endswith(": everything is there.\n")


def test_another_password_replaces_the_first(
    command: Command, node: Node, words: Path, request: pytest.FixtureRequest
) -> None:
    command()
    told = json.loads(words.read_text())
    words.write_text(json.dumps({**told, "course": "another"}))

    assert command().output.endswith(": 1 users made or set right.\n")
    connected(node, "course", "another", request).__enter__().close()
    with pytest.raises(ProbableAuthenticationError):
        connected(node, "course", told["course"], request)


def test_a_queue_with_other_properties_is_refused_by_name(command: Command, node: Node) -> None:
    name = "a_queue_with_other_p"
    queue = {"vhost": name, "name": "course.availability", "durable": True, "auto_delete": False, "arguments": {}}
    told = json.dumps({"vhosts": [{"name": name}], "queues": [queue]}).encode()
    assert node.control(["import_definitions"], told).returncode == 0

    refused = command()

    assert refused.exit_code == 1
    assert refused.output == (
        "Error: course.availability of queues is there with other properties; it must be removed first.\n"
    )


def test_what_is_wrong_is_one_sentence_without_the_password(command: Command, node: Node, tmp_path: Path) -> None:
    node.control(["add_user", "watcher", "sesame"])
    node.control(["set_user_tags", "watcher", "monitoring"])
    address = f"127.0.0.1:{node.port}"
    told = tmp_path / "address"
    told.write_text(f"http://guest:sesame@{address}\n")
    wrong = {
        f"@{told}": "does not answer as RabbitMQ's management API",
        f"@{tmp_path / 'nothing'}": "the file cannot be read",
        "http://guest:sesame@127.0.0.1:1": "does not answer as RabbitMQ's management API",
        "amqp://guest:sesame@127.0.0.1": "is like http://admin:password@host:15672",
        "http://guest:sesame@127.0.0.1:port": "cannot be read",
    }
    for url, sentence in wrong.items():
        refused = command(url)
        assert refused.exit_code != 0
        assert sentence in refused.output
        assert "sesame" not in refused.output
        assert "Traceback" not in refused.output


def test_who_may_not_is_told_so(command: Command, management: tuple[Node, str]) -> None:
    node, url = management
    node.control(["add_user", "looker", "sesame"])
    node.control(["set_user_tags", "looker", "monitoring"])

    for account in ("guest:wrong", "looker:sesame", "looker:wrong"):
        refused = command(url.replace("guest:guest", account))
        assert refused.exit_code == 1
        assert "wrong password, or no administrator" in refused.output
        assert account.partition(":")[2] + "@" not in refused.output


def test_a_file_that_is_no_passwords_is_not_quoted(command: Command, words: Path) -> None:
    words.write_text('{"course": ["sesame"]}')

    refused = command()

    assert refused.exit_code == 1
    assert "no JSON object of passwords" in refused.output
    assert "sesame" not in refused.output


class Later(BaseHTTPRequestHandler):
    """Answers as RabbitMQ 4 does, but not the first time."""

    asked: list[tuple[str, str, Any]]

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path, None))
        if len(self.asked) == 1:
            self._answer(503, {"reason": "not yet"})
        elif self.path == "/api/overview":
            self._answer(200, {"rabbitmq_version": "4.1.2"})
        else:
            self._answer(200, {"vhosts": [], "users": []})

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(("POST", self.path, told))
        self._answer(204, None)

    def _answer(self, status: int, told: Any) -> None:
        body = b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(port: int) -> Iterator[list[tuple[str, str, Any]]]:
    """Let somebody answer at a port, a second from now."""
    asked: list[tuple[str, str, Any]] = []
    served: list[HTTPServer] = []

    def serve() -> None:
        served.append(HTTPServer(("127.0.0.1", port), type("Now", (Later,), {"asked": asked})))
        served[0].serve_forever()

    timer = threading.Timer(1.0, serve)
    timer.start()
    try:
        yield asked
    finally:
        served[0].shutdown()
        timer.join()
        served[0].server_close()


def test_a_server_is_waited_for_and_the_fourth_rabbitmq_is_told_more(command: Command) -> None:
    port = free_ports(1)

    with answering(port) as asked:
        done = command(f"http://guest:guest@127.0.0.1:{port}", patience=20)

    assert done.exit_code == 0, done.output
    (told,) = (told for method, _, told in asked if method == "POST")
    (policy,) = told["policies"]
    assert (policy["pattern"], policy["definition"]) == (r"\.(DQ|XQ)$", {"delivery-limit": -1})
