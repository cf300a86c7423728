"""A student of a real term is told everything, and then forgotten: by the databases, the broker and the logs."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pika
import pytest
import urllib3
from psycopg import sql

from bench import registration_day
from bench.running import Running
from tests import split
from tests.servers import rabbitmq
from tests.split import RABBITMQ, Split
from university.platform.messaging.rabbitmq import EVENTS, RETURNS

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow, pytest.mark.timeout(900)]
NAMES = {"given_name": "Zdzisława", "family_name": "Rzeźwikowska-Ñuñez"}
EMAIL = "zdzislawa.rzezwikowska@example.edu"
REASON = "Request 14 of the autumn."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Split]:
    with split.university(tmp_path_factory.mktemp("forgotten")) as opened:
        yield opened


@contextmanager
def overhearing(running: Split) -> Iterator[list[bytes]]:
    """Fill a list with everything that goes through the broker, whoever it is for."""
    vhost = unquote(urlsplit(next(iter(running.ground.brokers.values()))).path[1:])
    admin = urlsplit(cast("str", RABBITMQ))
    rabbitmq.control("set_permissions", "-p", vhost, admin.username or "guest", ".*", ".*", ".*")
    heard: list[bytes] = []
    parameters = pika.URLParameters(admin._replace(path=f"/{vhost}").geturl())
    with closing(pika.BlockingConnection(parameters)) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        for exchange in (EVENTS, RETURNS):
            channel.queue_bind(queue, exchange, "#")
        yield heard
        while (told := channel.basic_get(queue, auto_ack=True))[0] is not None:
            heard.append(told[2] or b"")


def everything(running: Split) -> str:
    """Return all rows of all databases, as text."""
    told = []
    for module in ("course", "student", "enrollment", "gateway"):
        with running.database(module) as connection:
            tables = connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [module]
            ).fetchall()
            for (table,) in tables:
                place = sql.Identifier(module, str(table))
                rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(place))
                told += [str(row[0]) for row in rows]
    return "\n".join(told)


def test_nothing_is_left_that_says_who_it_was(running: Split) -> None:
    university = Running(running.settings.port, cast("Popen[bytes]", None))
    with overhearing(running) as heard:
        registrar = university.token_of("registrar")
        registration_day.import_term(university, registration_day.term_file(registration_day.REAL_TERM), registrar)
        term = registration_day.current_term(university)
        registration_day.open_window(university, term, registrar)
        student = next(university.pages("/students", registrar))
        lived = live(university, student, term, registrar)

        told = university.ask("GET", f"/students/{student['number']}/export", token=lived)
        modules = told.json()["modules"]
        assert (told.status, told.json()["student_id"]) == (200, student["id"])
        assert modules["student"]["student"][0]["family_name"] == NAMES["family_name"]
        assert len(modules["enrollment"]["enrollment"]) >= 1
        assert modules["gateway"]["account"][0]["username"] == "z.rzezwikowska"

        path = f"/students/{student['number']}"
        change(university, path, {"status": "withdrawn"}, registrar)
        words = (*NAMES.values(), EMAIL, student["email"], student["number"])
        before = everything(running)
        assert [word for word in words if word not in before] == [student["email"]]

        erased = erase(university, path, registrar)
        assert erased.status == 200, erased.data

    after, passed = everything(running), b"\n".join(heard)
    logs = "\n".join(log.read_text(errors="replace") for log in Path(running.ground.folder).rglob("*.log"))
    assert [word for word in words if word in after] == []
    assert [word for word in words if word.encode() in passed or word.encode("unicode_escape") in passed] == []
    assert [word for word in words if word in logs] == []
    assert student["id"] in after
    assert student["id"].encode() in passed
    assert REASON in after


def erase(university: Running, path: str, registrar: str) -> urllib3.BaseHTTPResponse:
    """Have somebody forgotten; while the row is busy (everybody is being told of a window), ask again."""
    until = time.monotonic() + 60
    while True:
        answer = university.ask("POST", f"{path}/erasure", {"reason": REASON}, registrar)
        if answer.status != 503 or time.monotonic() > until:
            return answer
        time.sleep(1)


def live(university: Running, student: dict[str, Any], term: dict[str, Any], registrar: str) -> str:
    """Let a student do what students do; return the token."""
    change(university, f"/students/{student['id']}", {**NAMES, "email": EMAIL}, registrar)
    admin = university.token_of("admin")
    account = {"username": "z.rzezwikowska", "password": "a long sentence", "roles": ["student"]}
    named = {**account, "name": " ".join(NAMES.values()), "student_id": student["id"]}
    assert university.ask("POST", "/accounts", named, admin).status == 201
    own: str = university.ask("POST", "/auth/token", dict(list(account.items())[:2])).json()["access_token"]
    university.token_of(student["number"])
    statuses = []
    for offering, _ in zip(university.pages(f"/offerings?term={term['code']}"), range(40), strict=False):
        body = {"student_id": "me", "section_ids": [offering["sections"][0]["id"]]} if offering["sections"] else None
        statuses.append(university.ask("POST", "/enrollments", body, own).status if body else 0)
    assert 201 in statuses, statuses
    plan = {"student_id": "me", "term_id": term["id"], "name": f"Plan of {NAMES['given_name']}", "items": []}
    assert university.ask("POST", "/plans", plan, own).status == 201
    assert university.ask("POST", "/students/search", {"q": NAMES["given_name"]}, registrar).json()["items"] != []
    assert university.ask("GET", f"/students/{student['number']}/transcript", token=registrar).status == 200
    return own


def change(university: Running, path: str, wanted: dict[str, Any], registrar: str) -> None:
    headers = {"Authorization": f"Bearer {registrar}", "If-Match": "*"}
    answer = university.http.request("PATCH", f"{university.url}/api/v1{path}", json=wanted, headers=headers)
    assert answer.status == 200, answer.data
