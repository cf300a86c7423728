"""A student gets everything that is kept of them in one file; whoever left is forgotten when the registrar says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect, text

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, House, Reply
from tests.security import kept
from tests.security.kept import ALL
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway.wiring import GatewayWiring
from university.platform import migrations
from university.platform.personal import Records
from university.platform.security import Keyring, Principal
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

ADMIN = Principal("the-admin", frozenset({"admin"}))
GIVEN, FAMILY, EMAIL, NUMBER = "Jadwiga", "Brzęczyszczykiewicz", "j.brzeczyszczykiewicz@example.edu", "987654"
PASSWORD = "a long sentence"
SAID = "My grandmother Hildegarda is ill."
NOTED = "Has a letter of the dean."
ERASED = {"reason": "Request of 1 October."}


@pytest.fixture
def campus(settings: Settings) -> Iterator[Campus]:
    issuers = ("course", "student", "enrollment", "tests", *GatewayWiring.issuers)
    house = House(settings, keyring=Keyring.ephemeral(*issuers))
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring(), GatewayWiring())
    made = Campus(house)
    made.window()
    yield made
    house.close()


@pytest.fixture
def jadwiga(campus: Campus) -> str:
    """A student of whom every module keeps something."""
    student = campus.student(given_name=GIVEN, family_name=FAMILY, email=EMAIL, number=NUMBER)
    mine, section, full = a_student(student), campus.section("A-1"), campus.section("B-2", capacity=0)
    assert campus.enroll(student, section).status == 201
    campus.made("student", f"/students/{student}/holds", {"reason": NOTED, "contact": "-", "effects": ["block-drop"]})
    permission = {"student_id": student, "term_id": "2027L", "rules": ["credit-limit"], "reason": NOTED}
    campus.made("enrollment", "/permissions", permission)
    consent = {"student_id": "me", "section_id": full, "rules": ["section-full"], "message": SAID}
    campus.made("enrollment", "/consent-requests", consent, who=mine)
    plan = {"student_id": "me", "term_id": "2027L", "name": SAID, "items": []}
    campus.made("enrollment", "/plans", plan, who=mine, headers={"Idempotency-Key": "plan"})
    account = {"username": NUMBER, "password": PASSWORD, "name": f"{GIVEN} {FAMILY}", "roles": ["student"]}
    campus.made("gateway", "/accounts", {**account, "student_id": student}, who=ADMIN)
    assert sign_in(campus).status == 200
    campus.house.drain()
    return student


def sign_in(campus: Campus) -> Reply:
    credentials = {"username": NUMBER, "password": PASSWORD}
    return campus.house.call("gateway", "POST", "/auth/token", credentials, who=None)


def export(campus: Campus, key: str, who: Principal = REGISTRAR) -> Reply:
    return campus.house.call("gateway", "GET", f"/students/{key}/export", who=who)


def erase(campus: Campus, key: str, who: Principal = REGISTRAR, headers: Any = None) -> Reply:
    return campus.house.call("gateway", "POST", f"/students/{key}/erasure", ERASED, who=who, headers=headers)


def _silent(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


def leave(campus: Campus, student: str) -> None:
    campus.change("student", f"/students/{student}", {"status": "withdrawn"})


def everything(campus: Campus) -> str:
    """Return all that all databases hold, as text."""
    told = []
    for name, module in campus.house.modules.items():
        with module.primary.read() as session:
            tables = inspect(session.connection()).get_table_names(schema=name)
            told += [str(row) for table in tables for row in session.execute(text(f'SELECT * FROM {name}."{table}"'))]  # noqa: S608
    return "\n".join(told)


@pytest.mark.parametrize("records", ALL, ids=lambda records: records.schema)
def test_of_every_table_it_is_told_what_it_keeps_and_how_long(campus: Campus, records: Records) -> None:
    with campus.house.modules[records.schema].primary.read() as session:
        tables = set(inspect(session.connection()).get_table_names(schema=records.schema))

    assert tables - {migrations.VERSION_TABLE} == set(records.keepings)


@pytest.mark.parametrize("records", ALL, ids=lambda records: records.schema)
def test_what_names_a_student_is_told_as_being_about_one(campus: Campus, records: Records) -> None:
    with campus.house.modules[records.schema].primary.read() as session:
        found = inspect(session.connection())
        named = {
            table
            for table in found.get_table_names(schema=records.schema)
            if {"student_id", "enrollment_id"} & {column["name"] for column in found.get_columns(table, records.schema)}
        }

    assert named <= {one.table for one in records.keepings.values() if one.student or one.table == "counted_enrollment"}


def test_the_file_has_all_that_is_kept(campus: Campus, jadwiga: str) -> None:
    reply = export(campus, jadwiga)

    told = reply.json["modules"]
    assert reply.headers["Content-Disposition"] == f'attachment; filename="student-{jadwiga}.json"'
    assert reply.json["student_id"] == jadwiga
    assert {*told["student"]} >= {"student", "student_word", "hold", "recorded_enrollment", "audit"}
    assert {*told["enrollment"]} >= {
        "enrollment",
        "enrollment_change",
        "permission",
        "consent_request",
        "plan",
        "audit",
    }
    assert {*told["gateway"]} >= {"account", "access_token", "audit"}
    assert told["student"]["student"][0]["family_name"] == FAMILY
    assert told["gateway"]["account"][0]["username"] == NUMBER
    assert all(row["student_id"] == jadwiga for row in told["enrollment"]["enrollment"])


def test_the_file_tells_who_looked(campus: Campus, jadwiga: str) -> None:
    assert campus.house.call("student", "GET", f"/students/{jadwiga}/transcript").status == 200

    told = export(campus, jadwiga, a_student(jadwiga)).json["modules"]
    assert ("registrar", "get_transcript") in {(one["actor"], one["operation"]) for one in told["student"]["audit"]}


def test_no_secret_is_in_the_file(campus: Campus, jadwiga: str) -> None:
    body = export(campus, jadwiga).body
    assert b"argon2" not in body
    assert b"digest" not in body


def test_a_student_gets_the_own_file_and_nobody_else_s(campus: Campus, jadwiga: str) -> None:
    ann = campus.student()
    assert export(campus, "me", a_student(jadwiga)).json["student_id"] == jadwiga
    assert export(campus, NUMBER).json["student_id"] == jadwiga
    for who, status in ((a_student(ann), 403), (ADMIN, 403)):
        assert export(campus, jadwiga, who).status == status
    assert export(campus, "424242").json["code"] == "student-not-found"
    assert jadwiga.encode() not in export(campus, "me", a_student(ann)).body


def test_afterwards_no_database_knows_who_it_was(campus: Campus, jadwiga: str) -> None:
    leave(campus, jadwiga)
    before = everything(campus)
    assert all(word in before for word in (GIVEN, FAMILY, EMAIL, NUMBER, SAID))

    reply = erase(campus, NUMBER)
    campus.house.drain()

    assert (reply.status, reply.json["student_id"]) == (200, jadwiga)
    after = everything(campus)
    words = (GIVEN, FAMILY, FAMILY.casefold(), EMAIL, NUMBER, SAID, "hildegarda")
    assert [word for word in words if word in after] == []
    assert sign_in(campus).status == 401


def test_what_was_on_its_way_tells_an_erased_student_nothing(campus: Campus, jadwiga: str) -> None:
    leave(campus, jadwiga)
    assert erase(campus, jadwiga).status == 200
    campus.house.drain()

    (place,) = export(campus, jadwiga).json["modules"]["enrollment"]["enrollment"]
    assert place["status"] == "review"
    assert "notification" not in export(campus, jadwiga).json["modules"]["student"]


def test_what_counts_stays_under_the_id(campus: Campus, jadwiga: str) -> None:
    leave(campus, jadwiga)
    assert erase(campus, jadwiga).status == 200

    told = export(campus, jadwiga).json["modules"]
    assert told["student"]["student"][0]["given_name"] == "N."
    assert len(told["enrollment"]["enrollment"]) >= 1
    assert "recorded_enrollment" in told["student"]
    (deed,) = [one for one in told["gateway"]["audit"] if one["operation"] == "erase_student"]
    assert (deed["actor"], deed["reason"]) == ("registrar", ERASED["reason"])


def test_who_studies_is_not_erased(campus: Campus, jadwiga: str) -> None:
    before = everything(campus)
    reply = erase(campus, jadwiga)

    assert (reply.status, reply.json["code"]) == (409, "student-still-here")
    assert FAMILY in everything(campus)
    assert before.count(SAID) == everything(campus).count(SAID)
    gateway = Principal("gateway-service", frozenset({"service"}))
    headers = {"Authorization": f"Bearer {campus.house.keyring.sign(gateway.subject, 'student', gateway)}"}
    asked = campus.house.call("student", "POST", "/internal/erasures", {"student_id": jadwiga}, headers=headers)
    assert (asked.status, asked.json["code"]) == (409, "student-still-here")


def test_an_account_of_the_staff_is_not_swept_away(campus: Campus, jadwiga: str) -> None:
    roles = {"roles": ["student", "registrar"]}
    changed = campus.house.call("gateway", "PATCH", f"/accounts/{NUMBER}", roles, who=ADMIN, headers={"If-Match": "*"})
    assert changed.status == 200
    leave(campus, jadwiga)

    assert erase(campus, jadwiga).json["code"] == "staff-account"
    assert FAMILY in everything(campus)


def test_what_broke_off_is_finished_by_asking_again(campus: Campus, jadwiga: str) -> None:
    leave(campus, jadwiga)
    campus.house.neighborhood.welcome("enrollment", _silent)
    assert erase(campus, NUMBER).status == 503
    campus.house.neighborhood.welcome("enrollment", campus.house.modules["enrollment"].app)

    again = erase(campus, NUMBER, headers={"Idempotency-Key": "erase"})
    assert again.status == 200
    assert erase(campus, NUMBER, headers={"Idempotency-Key": "erase"}).body == again.body
    assert erase(campus, jadwiga).status == 200
    assert FAMILY not in everything(campus)


def test_only_the_registrar_erases(campus: Campus, jadwiga: str) -> None:
    leave(campus, jadwiga)
    teacher = Principal("teacher", frozenset({"instructor"}), instructor_id=jadwiga)
    for who in (a_student(jadwiga), teacher, ADMIN):
        assert erase(campus, jadwiga, who).status == 403
    assert campus.house.call("gateway", "POST", f"/students/{jadwiga}/erasure", {}).status == 422


def test_the_page_tells_what_the_code_declares() -> None:
    assert kept.PAGE.read_text() == kept.text()
