"""Students are entered, found, listed and changed, each under one number."""

import threading
from typing import Any

from sqlalchemy import select

from tests.house import House, Reply
from tests.student.people import NOWHERE, PIOTR, ZOFIA, enter, themself
from university.student.models import Student


def numbers(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.json
    return [student["number"] for student in reply.json["items"]]


def search(house: House, **wanted: Any) -> Reply:
    return house.call("student", "POST", "/students/search", wanted)


def listed(house: House, **wanted: Any) -> Reply:
    query = "&".join(f"{name}={'true' if value is True else value}" for name, value in wanted.items())
    return house.call("student", "GET", f"/students?{query}")


def change(house: House, key: str, if_match: str | None, **changes: Any) -> Reply:
    headers = {} if if_match is None else {"If-Match": if_match}
    return house.call("student", "PATCH", f"/students/{key}", changes, headers=headers)


def test_a_new_student_has_what_a_registrar_would_expect(university: House) -> None:
    reply = university.call("student", "POST", "/students", ZOFIA)

    assert reply.status == 201
    assert reply.headers["Location"] == f"/api/v1/students/{reply.json['id']}"
    assert reply.headers["ETag"] == '"v1"'
    assert {name: reply.json[name] for name in ("status", "program", "stage", "level", "groups", "max_ects")} == {
        "status": "active",
        "program": None,
        "stage": None,
        "level": None,
        "groups": [],
        "max_ects": None,
    }


def test_a_student_keeps_everything_that_was_entered(university: House) -> None:
    facts = {"program": "INF/2", "stage": 2, "level": "bachelor", "groups": ["erasmus", "A 1"], "max_ects": 32.5}
    entered = enter(university, ZOFIA, **facts, status="on-leave")

    assert entered | ZOFIA | facts | {"status": "on-leave"} == entered
    assert university.call("student", "GET", f"/students/{entered['id']}").json == entered


def test_a_student_is_found_by_id_and_by_number(university: House) -> None:
    entered = enter(university, ZOFIA)

    for key in (entered["id"], entered["id"].upper(), entered["number"]):
        assert university.call("student", "GET", f"/students/{key}").json == entered


def test_nobody_is_found_under_an_unknown_key(university: House) -> None:
    for key in (NOWHERE, "999", "%FF%FE", "%C5%BC", "'", "me"):
        reply = university.call("student", "GET", f"/students/{key}")

        assert (key, reply.status, reply.json["code"]) == (key, 404, "student-not-found")


def test_a_number_is_given_once(university: House) -> None:
    enter(university, ZOFIA)

    reply = university.call("student", "POST", "/students", {**PIOTR, "number": ZOFIA["number"]})

    assert (reply.status, reply.json["code"]) == (409, "student-number-taken")
    assert numbers(university.call("student", "GET", "/students")) == [ZOFIA["number"]]
    assert len(university.announced("student")) == 1


def test_a_number_cannot_be_changed_to_somebody_elses(university: House) -> None:
    enter(university, ZOFIA)
    enter(university, PIOTR)

    reply = change(university, PIOTR["number"], "*", number=ZOFIA["number"])

    assert (reply.status, reply.json["code"]) == (409, "student-number-taken")


def test_of_many_who_enter_one_number_at_once_one_succeeds(university: House) -> None:
    statuses: list[int] = []

    def try_it() -> None:
        statuses.append(university.call("student", "POST", "/students", ZOFIA).status)

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201, 409, 409, 409, 409, 409]
    assert len(university.announced("student")) == 1


def test_a_key_enters_a_student_once(university: House) -> None:
    headers = {"Idempotency-Key": "registrar-1"}
    first, again = (university.call("student", "POST", "/students", ZOFIA, headers=headers) for _ in range(2))

    assert (again.status, again.body, again.headers["ETag"]) == (first.status, first.body, first.headers["ETag"])
    assert len(university.announced("student")) == 1


def test_a_change_names_the_version_it_rests_on(university: House) -> None:
    enter(university, ZOFIA)

    assert change(university, ZOFIA["number"], None, stage=2).status == 428
    assert change(university, ZOFIA["number"], '"v7"', stage=2).status == 412
    changed = change(university, ZOFIA["number"], '"v1"', stage=2, program="INF")

    assert (changed.status, changed.headers["ETag"], changed.json["stage"]) == (200, '"v2"', 2)
    assert change(university, ZOFIA["number"], '"v1"', stage=3).status == 412
    assert university.call("student", "GET", "/students/100001").json == changed.json


def test_a_change_touches_only_what_it_names(university: House) -> None:
    entered = enter(university, ZOFIA, program="INF", groups=["a"], max_ects=30)

    changed = change(university, entered["id"], "*", program=None, groups=["b", "c"])

    assert changed.json == {**entered, "version": 2, "program": None, "groups": ["b", "c"]}


def test_a_change_that_changes_nothing_is_no_news(university: House) -> None:
    entered = enter(university, ZOFIA, groups=["a"])

    assert change(university, entered["id"], "*", given_name="Zofia", groups=["a"]).json == entered
    assert change(university, entered["id"], "*").json == entered
    assert len(university.announced("student")) == 1


def test_an_unknown_student_cannot_be_changed(university: House) -> None:
    reply = change(university, "999", "*", stage=2)

    assert (reply.status, reply.json["code"]) == (404, "student-not-found")


def test_students_are_found_by_the_beginnings_of_their_names_and_numbers(university: House) -> None:
    enter(university, ZOFIA)
    enter(university, PIOTR)
    wanted = {
        "zolc": ["100001"],
        "ŻÓŁ": ["100001"],
        "żol zof": ["100001"],
        "kowal": ["100002"],
        "kowal piotr now": ["100002"],
        "1000": ["100001", "100002"],
        "olc": [],
        "piotr zofia": [],
        "%": [],
        "_": [],
        "***": [],
    }

    assert {q: numbers(search(university, q=q)) for q in wanted} == wanted


def test_a_renamed_student_is_found_by_the_new_name_only(university: House) -> None:
    enter(university, ZOFIA)

    change(university, "100001", "*", family_name="Wójcik", number="200001")

    assert {q: numbers(search(university, q=q)) for q in ("wojcik", "zolc", "1000")} == {
        "wojcik": ["200001"],
        "zolc": [],
        "1000": [],
    }


def test_filters_narrow_the_list(university: House) -> None:
    enter(university, {**ZOFIA, "number": "1"}, program="INF", stage=1, groups=["erasmus", "x"])
    enter(university, {**PIOTR, "number": "2"}, program="INF", stage=2, groups=["x"])
    enter(university, {**PIOTR, "number": "3"}, program="MAT", stage=2, status="suspended", groups=["erasmus"])
    wanted = {
        "program=INF": ["1", "2"],
        "program=INF&stage=2": ["2"],
        "status=suspended": ["3"],
        "group=erasmus": ["1", "3"],
        "group=eras": [],
        "group=%22": [],
        "group=erasmus&program=INF": ["1"],
        "program=inf": [],
    }

    assert {query: numbers(university.call("student", "GET", f"/students?{query}")) for query in wanted} == wanted
    assert numbers(search(university, q="zo", group="erasmus", program="INF", stage=1, status="active")) == ["1"]
    assert numbers(search(university, q="zo", stage=2)) == []


def test_students_are_found_by_their_ids(university: House) -> None:
    first, second, _ = (enter(university, {**ZOFIA, "number": str(number)}) for number in (1, 2, 3))

    assert numbers(search(university, ids=[second["id"], first["id"].upper(), NOWHERE, "no-id"])) == ["1", "2"]
    assert numbers(search(university, ids=[first["id"]], q="piotr")) == []


def test_nobody_is_looked_for_in_an_address(university: House) -> None:
    enter(university, ZOFIA)

    for query in ("q=zofia", "ids=1"):
        assert university.call("student", "GET", f"/students?{query}").status == 422


def test_pages_continue_where_the_last_one_ended(university: House) -> None:
    for number in range(5):
        enter(university, {**ZOFIA, "number": f"n{number}"})

    asked = {"limit": 2, "total": True}
    for ask in (listed, search):
        seen, page = [], ask(university, **asked)
        seen += numbers(page)
        while page.json["next"]:
            page = ask(university, **asked, cursor=page.json["next"])
            assert page.json["total"] == 5
            seen += numbers(page)

        assert seen == ["n0", "n1", "n2", "n3", "n4"]


def test_every_change_of_a_student_is_told_whole_and_without_names(university: House) -> None:
    entered = enter(university, ZOFIA, program="INF", stage=1)
    change(university, entered["id"], "*", status="suspended", groups=["x"])
    change(university, entered["id"], "*", family_name="Nowak")

    events = university.announced("student", "student.")

    assert [(event["type"], event["aggregateversion"]) for event in events] == [
        ("university.student.created.v1", 1),
        ("university.student.updated.v1", 2),
        ("university.student.updated.v1", 3),
    ]
    assert events[1]["subject"] == entered["id"]
    assert events[1]["data"] == {
        "id": entered["id"],
        "version": 2,
        "external_key": None,
        "status": "suspended",
        "program": "INF",
        "stage": 1,
        "level": None,
        "groups": ["x"],
        "max_ects": None,
        "holds": [],
    }
    assert not any(secret in str(events) for secret in ("Zofia", "Żółć", "Nowak", "zofia@example.edu", "100001"))


def test_other_modules_learn_names_by_id_number_or_external_key(university: House) -> None:
    zofia, piotr = enter(university, ZOFIA, program="INF", stage=2), enter(university, PIOTR)

    by_id = university.ask("student", "/students", {"ids": [piotr["id"], NOWHERE, zofia["id"].upper(), "no id"]})
    by_number = university.ask("student", "/students", {"numbers": ["100001", "x", "x", "\0"]})
    by_external_key = university.ask("student", "/students", {"external_keys": ["u1"]})

    assert [student["number"] for student in by_id.json["students"]] == ["100001", "100002"]
    assert by_id.json["unknown"] == [NOWHERE, "no id"]
    assert by_number.json == {
        "students": [{"id": zofia["id"], **ZOFIA, "external_key": None, "program": "INF", "stage": 2}],
        "unknown": ["x", "\0"],
    }
    assert by_external_key.json == {"students": [], "unknown": ["u1"]}


def test_another_module_asks_by_keys_of_exactly_one_kind(university: House) -> None:
    faulty: list[Any] = [{}, {"ids": [], "numbers": []}, {"ids": None}, {"ids": [1]}, {"ids": "x"}, []]

    for body in (*faulty, {"ids": [NOWHERE] * 501}):
        assert university.ask("student", "/students", body).status == 422


def test_a_student_sees_what_the_registrar_sees(university: House) -> None:
    entered = enter(university, ZOFIA)

    for key in ("me", entered["id"], entered["number"]):
        assert university.call("student", "GET", f"/students/{key}", who=themself(entered)).json == entered


def test_an_office_does_not_wait_while_everybody_is_told(university: House) -> None:
    """What is told to somebody holds on to their row by a foreign key until it is all written."""
    zofia = enter(university, ZOFIA)
    primary = university.modules["student"].primary
    with primary.read() as other:
        # A reader of SQLite holds up nobody anyway.
        query = select(Student.id).where(Student.id == zofia["id"])
        assert other.scalars(query.with_for_update(read=True, key_share=True)).one() == zofia["id"]
        changed = university.call(
            "student", "PATCH", f"/students/{zofia['id']}", {"stage": 5}, headers={"If-Match": "*"}
        )
    assert changed.status == 200
