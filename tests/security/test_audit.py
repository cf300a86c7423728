"""What staff did, saw and overrode is written down beside it, and the database lets nobody change that."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, Reply
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform import append_only, auditing, database, retention
from university.platform.security import Principal
from university.student.wiring import StudentWiring

ADMIN = Principal("the-admin", frozenset({"admin"}))
OLD = timedelta(days=366 * append_only.YEARS + 1)


@pytest.fixture
def campus(house: Any) -> Campus:
    made = Campus(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    made.window()
    return made


def deeds(campus: Campus, module: str, query: str = "", who: Principal = REGISTRAR) -> list[dict[str, Any]]:
    reply = campus.house.call(module, "GET", f"/audit/{module}{query}", who=who)
    assert reply.status == 200, reply.body
    told: list[dict[str, Any]] = reply.json["items"]
    return told


def told(deed: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(deed[name] for name in names)


def look(campus: Campus, module: str, path: str, who: Principal = REGISTRAR) -> Reply:
    reply = campus.house.call(module, "GET", path, who=who)
    assert reply.status == 200, reply.body
    return reply


def connection(campus: Campus, module: str) -> Connection:
    return campus.house.modules[module].primary.engine.connect()


def test_a_change_is_written_down_with_who_whom_and_why(campus: Campus) -> None:
    ann = campus.student()
    hold = {"reason": "Tuition is unpaid.", "contact": "bursar@example.edu", "effects": ["block-add"]}
    campus.made("student", f"/students/{ann}/holds", hold)

    (deed,) = deeds(campus, "student", "?operation=place_hold")
    assert told(deed, "actor", "roles", "kind", "students") == ("registrar", ["registrar"], "change", [ann])
    assert told(deed, "target", "reason", "terms") == ({"key": ann}, hold["reason"], {"effects": ["block-add"]})
    assert deed["at"].endswith("Z")


def test_what_overrides_a_rule_tells_which_and_why(campus: Campus) -> None:
    ann = campus.student()
    wanted = {"student_id": ann, "term_id": "2027L", "rules": ["credit-limit"], "reason": "Last term."}
    campus.made("enrollment", "/permissions", wanted)

    (deed,) = deeds(campus, "enrollment", "?operation=create_permission")
    assert told(deed, "students", "reason", "terms") == ([ann], "Last term.", {"rules": ["credit-limit"]})


def test_a_change_without_an_answer_of_its_own_tells_whom_it_concerned(campus: Campus) -> None:
    ann = campus.student(number="123456")
    hold = campus.made("student", "/students/123456/holds", {"reason": "-", "contact": "-", "effects": ["block-add"]})
    assert campus.house.call("student", "DELETE", f"/students/123456/holds/{hold['id']}").status == 204

    (deed,) = deeds(campus, "student", "?operation=lift_hold")
    assert told(deed, "students", "target") == ([ann], {"key": ann, "hold_id": hold["id"]})


def test_what_was_refused_was_not_done(campus: Campus) -> None:
    campus.student(number="123456")
    twin = {"number": "123456", "given_name": "A", "family_name": "B", "email": "a@example.edu"}
    assert campus.house.call("student", "POST", "/students", twin).status == 409

    assert len(deeds(campus, "student", "?operation=create_student")) == 1


def test_what_a_key_repeats_was_done_once(campus: Campus) -> None:
    one = {"number": "123456", "given_name": "A", "family_name": "B", "email": "a@example.edu"}
    for _ in range(3):
        campus.made("student", "/students", one, headers={"Idempotency-Key": "once"})

    assert len(deeds(campus, "student", "?operation=create_student")) == 1


def test_a_deed_of_several_transactions_is_one_whichever_of_them_fails(campus: Campus) -> None:
    """The registrar drops a place; who waits first has a hold and is passed over, the next one gets the seat."""
    section = campus.section("A-1", capacity=1)
    ann, held, ben = (campus.student() for _ in range(3))
    enrolled = campus.enroll(ann, section)
    for one in (held, ben):
        wish = {"student_id": one, "section_ids": [section], "waitlist": True}
        campus.made("enrollment", "/enrollments", wish, who=a_student(one))
    campus.made("student", f"/students/{held}/holds", {"reason": "-", "contact": "-", "effects": ["block-add"]})
    assert campus.drop(enrolled.json["id"]).json["status"] == "dropped"

    (deed,) = deeds(campus, "enrollment", "?operation=drop_enrollment")
    assert ann in deed["students"]
    seated = look(campus, "enrollment", f"/enrollments?section_id={section}&status=enrolled").json["items"]
    assert [one["student_id"] for one in seated] == [ben]


def test_a_look_at_somebody_is_written_down(campus: Campus) -> None:
    ann = campus.student(number="123456")
    look(campus, "student", "/students/123456")
    look(campus, "student", f"/students/{ann}/transcript")
    look(campus, "enrollment", f"/enrollments?student_id={ann}")

    (seen,) = deeds(campus, "student", f"?operation=get_student&student_id={ann}")
    assert told(seen, "kind", "actor", "target", "students") == ("read", "registrar", {"key": ann}, [ann])
    assert len(deeds(campus, "student", "?operation=get_transcript")) == 1


def test_a_list_tells_all_whom_it_showed(campus: Campus) -> None:
    section = campus.section("A-1")
    students = [campus.student() for _ in range(3)]
    for one in students:
        assert campus.enroll(one, section).status == 201

    look(campus, "student", "/students")
    look(campus, "enrollment", f"/sections/{section}/roster")
    look(campus, "enrollment", f"/sections/{section}/roster.csv")
    look(campus, "enrollment", "/enrollments?limit=2")

    seen = [*reads(campus, "student"), *reads(campus, "enrollment")]
    shown = {deed["operation"]: deed["students"] for deed in seen}
    assert shown["list_students"] == shown["get_roster"] == shown["export_roster"] == sorted(students)
    assert len(shown["list_enrollments"]) == 2


def test_a_search_is_a_look_at_whom_it_found_and_does_not_keep_what_was_looked_for(campus: Campus) -> None:
    ann = campus.student(family_name="Żółć")
    campus.student(family_name="Inna")
    reply = campus.house.call("student", "POST", "/students/search", {"q": "zolc"})
    assert [one["id"] for one in reply.json["items"]] == [ann]
    campus.house.call("student", "POST", "/students/search", {"q": "nobody"})

    (deed,) = reads(campus, "student")
    assert told(deed, "operation", "students", "target") == ("search_students", [ann], {})
    assert "zolc" not in str(deed)


def reads(campus: Campus, module: str) -> list[dict[str, Any]]:
    return deeds(campus, module, "?kind=read")


def test_a_whole_table_is_a_look_though_it_names_nobody(campus: Campus) -> None:
    look(campus, "student", "/students/exports/users")

    (deed,) = reads(campus, "student")
    assert told(deed, "operation", "target", "students") == ("export_students", {"table": "users"}, [])


def test_the_catalog_is_no_secret_and_a_student_s_own_business_has_its_own_history(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    enrolled = campus.enroll(ann, section)
    look(campus, "student", "/students/me", who=a_student(ann))
    look(campus, "enrollment", f"/enrollments/{enrolled.json['id']}", who=a_student(ann))
    look(campus, "course", f"/sections/{section}")

    assert reads(campus, "course") == reads(campus, "student") == reads(campus, "enrollment") == []
    assert {deed["operation"] for deed in deeds(campus, "enrollment")} == {"create_registration_window"}


def test_asking_a_neighbor_is_the_same_deed_and_told_once(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1")
    assert campus.enroll(ann, section, who=REGISTRAR).status == 201

    (deed,) = deeds(campus, "enrollment", "?operation=create_enrollment")
    assert deed["students"] == [ann]
    assert {one["operation"] for one in deeds(campus, "student")} == {"create_student"}


def test_what_cannot_be_written_down_is_neither_shown_nor_done(campus: Campus) -> None:
    ann = campus.student()
    hold = {"reason": "-", "contact": "-", "effects": ["block-add"]}
    rename(campus, "audit", "elsewhere")
    try:
        assert campus.house.call("student", "GET", f"/students/{ann}").status >= 500
        assert campus.house.call("student", "POST", f"/students/{ann}/holds", hold).status >= 500
    finally:
        rename(campus, "elsewhere", "audit")

    assert look(campus, "student", "/students/me/holds", who=a_student(ann)).json["items"] == []


def rename(campus: Campus, table: str, name: str) -> None:
    with connection(campus, "student") as open_one:
        open_one.execute(text(f"ALTER TABLE student.{table} RENAME TO {name}"))
        open_one.commit()


@pytest.mark.parametrize("table", ["audit", "audit_student"])
@pytest.mark.parametrize("change", ["UPDATE course.{table} SET at = at", "DELETE FROM course.{table}"])
def test_the_database_lets_nobody_change_it(campus: Campus, table: str, change: str) -> None:
    write_deed(campus, timedelta())
    with connection(campus, "course") as open_one, pytest.raises(DBAPIError, match=append_only.REFUSED):
        open_one.execute(text(change.format(table=table)))


def test_only_what_is_years_old_is_forgotten(campus: Campus) -> None:
    primary = campus.house.modules["course"].primary
    retention.forget(primary)
    before = len(deeds(campus, "course"))
    write_deed(campus, OLD)
    write_deed(campus, OLD - timedelta(days=3))
    assert len(deeds(campus, "course")) == before + 2

    assert retention.forget(primary) == 1

    assert len(deeds(campus, "course")) == before + 1
    with primary.read() as session:
        assert session.execute(text("SELECT count(*) FROM course.audit_student")).scalar_one() == 1


def write_deed(campus: Campus, age: timedelta) -> None:
    """Write down a deed as it would have been some time ago."""
    table, students = auditing.audit_of("course")
    with campus.house.modules["course"].primary.begin() as session:
        moment = database.now(session) - age
        deed_id = database.first_id(moment)
        row = {"actor": "somebody", "roles": "registrar", "operation": "get_term", "kind": "read"}
        session.execute(insert(table).values(id=deed_id, at=moment, target="{}", terms="{}", **row))
        session.execute(insert(students).values(student_id="somebody", audit_id=deed_id, at=moment))


def test_deeds_are_found_by_who_when_and_whom(campus: Campus) -> None:
    ann, ben = campus.student(), campus.student()
    look(campus, "student", f"/students/{ann}")
    look(campus, "student", f"/students/{ben}", who=Principal("another", frozenset({"registrar"})))
    newest, before = deeds(campus, "student", "?kind=read")

    assert told(newest, "actor", "students") == ("another", [ben])
    assert deeds(campus, "student", "?kind=read&actor=registrar") == [before]
    assert deeds(campus, "student", f"?kind=read&student_id={ben}") == [newest]
    assert deeds(campus, "student", f"?kind=read&since={newest['at']}")[0] == newest
    assert deeds(campus, "student", f"?until={before['at']}&kind=read") == []
    page = look(campus, "student", "/audit/student?kind=read&limit=1").json
    assert page["items"] == [newest]
    assert deeds(campus, "student", f"?kind=read&cursor={page['next']}") == [before]


@pytest.mark.parametrize("module", ["course", "student", "enrollment"])
def test_only_registrars_and_administrators_read_it(campus: Campus, module: str) -> None:
    teacher = Principal("teacher", frozenset({"instructor"}), instructor_id=database.new_id())
    assert deeds(campus, module, who=ADMIN) == deeds(campus, module, who=REGISTRAR)
    for who, status in ((a_student(campus.student()), 403), (teacher, 403), (None, 401)):
        assert campus.house.call(module, "GET", f"/audit/{module}", who=who).status == status
