"""What docs/caching.md advises does what it says: its settings are those there are, its example keeps the rules."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.frontend import serving
from tests.frontend.behind import PRIVATE, SHARED, Answer, Behind
from tests.frontend.serving import Frontend
from tests.frontend.test_cache_rules import PAGE
from tests.process import free_ports

CATALOG = "/api/v1/offerings"


def settings_told() -> dict[str, str]:
    """Return the frontend's settings and their defaults as the page has them."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_has_its_row_and_its_default() -> None:
    script = (serving.SOURCE / "start").read_text(encoding="utf-8")

    assert settings_told() == dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", script))


def test_what_the_page_says_of_the_frontend_is_configured() -> None:
    configured = "".join(file.read_text(encoding="utf-8") for file in serving.SOURCE.rglob("*.conf"))
    told = PAGE.read_text(encoding="utf-8")

    for words, line in {
        "2,048 requests at most": "limit_conn held 2048;",
        "first answer after 5 s": "keepalive_time 5s;",
        "kept 75 s": "keepalive_timeout 75s;",
        "64 MiB, unbuffered": "client_max_body_size 64m;",
        "each header 8 KiB": "large_client_header_buffers 4 8k;",
        "the frontend after 12 s": "proxy_read_timeout 12s;",
        "at most 32 MiB of shared answers": "max_size=32m",
    }.items():
        assert words in told
        assert line in configured


@dataclass(frozen=True)
class Edge:
    """The example of the page, which listens for TLS."""

    port: int

    def ask(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask for something over TLS."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=trusting)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@pytest.fixture
def edge(standing: Behind) -> Iterator[Edge]:
    """The example before two frontends."""
    with serving.running(standing.address) as one, serving.running(standing.address) as two, example(one, two) as edge:
        yield edge


@contextmanager
def example(*frontends: Frontend) -> Iterator[Edge]:
    """Run the page's example, with other addresses, ports and folders."""
    folder = Path(tempfile.mkdtemp(prefix="university-edge-"))
    port = free_ports()
    (folder / "nginx.conf").write_text(_adapted(folder, port, frontends), encoding="utf-8")
    _certify(folder)
    command = [shutil.which("nginx", path=serving.PATH) or "nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log, start_new_session=True)
    try:
        _await(port, process, folder / "log")
        yield Edge(port)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder)


def _adapted(folder: Path, port: int, frontends: tuple[Frontend, ...]) -> str:
    block = PAGE.read_text(encoding="utf-8").partition("```nginx\n")[2].partition("```")[0]
    for number, frontend in enumerate(frontends):
        block = block.replace(f"10.0.0.1{number + 1}:8080", frontend.url.removeprefix("http://"))
    for told, here in {
        "/var/cache/nginx": str(folder),
        "/etc/nginx/tls": str(folder),
        "listen 80;": f"listen 127.0.0.1:{port + 1};",
        "listen 443": f"listen 127.0.0.1:{port}",
    }.items():
        assert told in block
        block = block.replace(told, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    who = "user root;" if os.geteuid() == 0 else ""
    return f"{who} daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary} {block} }}"


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    ).sign(key, hashes.SHA256())
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "tls.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("the example did not start: " + log.read_text())


@pytest.mark.nginx
def test_the_example_answers_the_catalog_itself_and_asks_for_what_is_somebody_s_own(
    edge: Edge, gateway: Behind
) -> None:
    gateway.answers[CATALOG] = Answer(SHARED)
    gateway.answers["/api/v1/auth/me"] = Answer(PRIVATE)

    for _ in range(3):
        edge.ask(CATALOG)
        edge.ask("/api/v1/auth/me")
        time.sleep(1)
    edge.ask(CATALOG, Authorization="Bearer me")
    edge.ask(CATALOG, **{"X-Read-After": "course=0/1.0"})

    assert len(gateway.came(CATALOG)) == 1 + 2
    assert len(gateway.came("/api/v1/auth/me")) == 3


@pytest.mark.nginx
def test_the_example_keeps_languages_apart_and_availability_for_a_second(edge: Edge, gateway: Behind) -> None:
    gateway.answers[CATALOG] = Answer({**SHARED, "Cache-Control": "public, max-age=0, s-maxage=1"})

    for language in ("pl", "en", "pl", "en"):
        edge.ask(CATALOG, **{"Accept-Language": language})
    time.sleep(2.1)
    edge.ask(CATALOG, **{"Accept-Language": "pl"})

    languages = [visit.headers["Accept-Language"] for visit in gateway.came(CATALOG)]
    assert sorted(set(languages)) == ["en", "pl"]
    assert languages[-1] == "pl"
    assert 3 <= len(languages) <= 5


@pytest.mark.nginx
def test_the_example_tells_once_that_there_is_nothing_but_tls(edge: Edge, gateway: Behind) -> None:
    gateway.answers[CATALOG] = Answer(PRIVATE)

    for path in ("/", CATALOG, "/nothing.js"):
        response, _ = edge.ask(path)
        assert response.headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    plain = http.client.HTTPConnection("127.0.0.1", edge.port + 1, timeout=5)
    plain.request("GET", "/x?y=1", headers={"Host": "register.example.edu"})
    moved = plain.getresponse()
    plain.close()

    assert (moved.status, moved.headers["Location"]) == (301, "https://register.example.edu/x?y=1")


@pytest.mark.nginx
def test_the_example_goes_on_when_a_frontend_has_died(standing: Behind, gateway: Behind) -> None:
    gateway.answers[CATALOG] = Answer(PRIVATE)

    with serving.running(standing.address) as one, serving.running(standing.address) as two, example(one, two) as edge:
        assert one.process
        os.killpg(one.process.pid, signal.SIGKILL)
        statuses = {edge.ask(CATALOG)[0].status for _ in range(6)}

    assert statuses == {200}
