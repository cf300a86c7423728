"""The study record shows what was heard of enrollments, under the names heard from the catalog, in any order."""

from random import Random
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.house import House, Reply
from tests.student.news import (
    HIST,
    LABORATORY,
    LECTURE,
    MATH,
    SPRING,
    TERM,
    catalog,
    enrollment,
    event,
    tell,
)
from tests.student.people import HOLD, NOWHERE, PIOTR, ZOFIA, enter, place_hold, themself
from university.platform.database import new_id
from university.platform.messaging.inbox import CloudEvent


def read(house: House, path: str, number: str = "100001") -> Any:
    reply = house.call("student", "GET", f"/students/{number}/{path}")
    assert reply.status == 200, reply.json
    return reply.json


def items(house: House, query: str = "", number: str = "100001") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(house, f"enrollments{query}", number)["items"]
    return found


def test_an_enrollment_shows_with_its_names(university: House) -> None:
    student = enter(university, ZOFIA)
    facts = enrollment(student["id"])
    tell(university, *catalog(), event("enrollment.created", 1, facts))

    names = ("id", "code", "title", "starts_on", "ends_on")
    sections = [
        {"id": LECTURE["id"], "number": "1", "component": "lecture", "status": "open"},
        {"id": LABORATORY["id"], "number": "L1", "component": "laboratory", "status": "open"},
    ]
    told = {name: facts[name] for name in facts if name not in {"term_id", "course_id"}}
    term = {name: TERM[name] for name in names}
    assert items(university) == [{**told, "term": term, "course": MATH, "sections": sections}]


def test_a_record_is_nobody_elses(university: House) -> None:
    zofia = enter(university, ZOFIA)
    enter(university, PIOTR)
    tell(university, *catalog(), event("enrollment.created", 1, enrollment(zofia["id"])))

    assert len(items(university)) == 1
    assert items(university, number="100002") == []
    assert read(university, "timetable", "100002") == {"sections": [], "occurrences": []}
    assert read(university, "transcript", "100002")["terms"] == []


def test_a_term_is_named_by_id_or_code(university: House) -> None:
    student = enter(university, ZOFIA)
    autumn, spring = enrollment(student["id"]), enrollment(student["id"], HIST, SPRING)
    tell(university, *catalog(), *(event("enrollment.created", 1, one) for one in (autumn, spring)))
    wanted = {
        TERM["id"]: [autumn["id"]],
        "2026Z": [autumn["id"]],
        "2027L": [spring["id"]],
        SPRING["id"].upper(): [spring["id"]],
        "2030Z": [],
        NOWHERE: [],
    }

    assert {term: [one["id"] for one in items(university, f"?term={term}")] for term in wanted} == wanted
    assert read(university, "timetable?term=2026Z")["occurrences"] != []
    assert read(university, "timetable?term=2027L") == {"sections": [], "occurrences": []}


def test_pages_of_a_record_continue_where_the_last_one_ended(university: House) -> None:
    student = enter(university, ZOFIA)
    made = [enrollment(student["id"], created_at=f"2026-09-2{9 - day}T08:00:00.5Z") for day in range(5)]
    tell(university, *(event("enrollment.created", 1, one) for one in made))

    seen, cursor = [], ""
    while cursor is not None:
        page = read(university, f"enrollments?limit=2{cursor and '&cursor=' + cursor}")
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]

    assert seen == [one["id"] for one in reversed(made)]


def test_an_enrollment_shows_fully_once_the_catalog_is_heard(university: House) -> None:
    student = enter(university, ZOFIA)
    tell(university, event("enrollment.created", 1, enrollment(student["id"])))

    (before,) = items(university)
    assert (before["course"]["id"], before["course"]["code"], before["sections"]) == (MATH["id"], None, [])
    assert (before["term"]["id"], before["term"]["code"]) == (TERM["id"], None)
    assert read(university, "timetable") == {"sections": [], "occurrences": []}
    assert read(university, "transcript")["terms"][0]["courses"][0]["course"]["code"] is None
    tell(university, *catalog())

    (after,) = items(university)
    assert (after["course"], after["term"]["code"], len(after["sections"])) == (MATH, "2026Z", 2)
    assert len(read(university, "timetable")["occurrences"]) == 3


def test_a_section_alone_names_its_course_and_term(university: House) -> None:
    student = enter(university, ZOFIA)
    tell(university, event("enrollment.created", 1, enrollment(student["id"])))
    tell(university, event("course.section.created", 1, LECTURE))

    (one,) = items(university, "?term=2026Z")

    assert (one["course"], one["term"]["title"]) == (MATH, "Zima 2026/27")


def test_what_a_section_mentions_never_replaces_what_the_course_told(university: House) -> None:
    student = enter(university, ZOFIA)
    stale = {**LECTURE, "course": {**MATH, "title": "Stary"}, "term": {**TERM, "title": "Stara"}}
    tell(university, *catalog(), event("enrollment.created", 1, enrollment(student["id"])))
    tell(university, event("course.section.updated", 9, stale))

    (one,) = items(university)

    assert (one["course"]["title"], one["term"]["title"]) == ("Analiza", "Zima 2026/27")


def test_a_late_or_repeated_event_changes_nothing(university: House) -> None:
    student = enter(university, ZOFIA)
    facts = enrollment(student["id"])
    created, dropped = event("enrollment.created", 1, facts), event("enrollment.dropped", 2, facts, status="dropped")
    renamed = event("course.updated", 3, MATH, title="Analiza I")
    tell(university, *catalog(), dropped, renamed)
    before = items(university)

    tell(university, created)
    tell(university, dropped)
    tell(university, {**dropped, "id": new_id()})
    tell(university, event("course.updated", 2, MATH, title="Dawna"), renamed)

    assert items(university) == before
    assert (before[0]["status"], before[0]["course"]["title"]) == ("dropped", "Analiza I")


def test_news_for_others_is_let_pass(university: House) -> None:
    student = enter(university, ZOFIA)
    strange = {"id": NOWHERE, "anything": [1]}
    tell(
        university,
        *(event(f"enrollment.{kind}.created", 1, strange) for kind in ("window", "permission")),
        *(event(f"course.{kind}.updated", 1, strange) for kind in ("offering", "instructor")),
        event("enrollment.created", 1, enrollment(student["id"]), surprise="ignored"),
    )

    assert len(items(university)) == 1


def test_a_timetable_has_concrete_dates_and_the_rules_behind_them(university: House) -> None:
    student = enter(university, ZOFIA)
    facts = enrollment(student["id"])
    tell(university, *catalog(), event("enrollment.created", 1, facts))

    told = read(university, "timetable?term=2026Z")

    shown = ("date", "start", "end", "room", "component", "section_number")
    assert [tuple(one[name] for name in shown) for one in told["occurrences"]] == [
        ("2026-10-05", "10:15", "11:45", "B2", "lecture", "1"),
        ("2026-10-12", "08:00", "09:30", None, "laboratory", "L1"),
        ("2026-10-12", "10:15", "11:45", "A1", "lecture", "1"),
    ]
    assert {one["enrollment_id"] for one in told["occurrences"]} == {facts["id"]}
    assert all(one["course"] == MATH for one in told["occurrences"] + told["sections"])
    assert [(one["id"], one["number"], one["meetings"]) for one in told["sections"]] == [
        (LECTURE["id"], "1", LECTURE["meetings"]),
        (LABORATORY["id"], "L1", LABORATORY["meetings"]),
    ]


def test_a_timetable_has_only_the_places_a_student_holds(university: House) -> None:
    student = enter(university, ZOFIA)
    facts = enrollment(student["id"], section_ids=[LABORATORY["id"]])
    tell(university, *catalog())
    statuses = [
        "enrolled",
        "waitlisted",
        "offered",
        "review",
        "dropped",
        "withdrawn",
        "completed",
        "failed",
        "canceled",
    ]

    seen = []
    for version, status in enumerate(statuses, start=1):
        tell(university, event("enrollment.updated", version, facts, status=status))
        assert items(university)[0]["status"] == status
        seen += [status] * len(read(university, "timetable")["occurrences"])

    assert seen == ["enrolled", "review", "completed", "failed"]


def test_a_canceled_or_deleted_section_does_not_meet(university: House) -> None:
    student = enter(university, ZOFIA)
    tell(university, *catalog(), event("enrollment.created", 1, enrollment(student["id"])))
    tell(university, event("course.section.updated", 2, LECTURE, status="canceled"))
    tell(university, event("course.section.deleted", 2, LABORATORY))

    assert read(university, "timetable") == {"sections": [], "occurrences": []}
    assert [section["status"] for section in items(university)[0]["sections"]] == ["canceled", "open"]


def test_a_recorded_course_without_sections_is_on_the_transcript(university: House) -> None:
    student = enter(university, ZOFIA, program="INF")
    university.call("student", "POST", "/students/100001/credits-recognized", {"course": "PHYS-1", "ects": 4})
    passed: dict[str, Any] = {"status": "completed", "grade": "4.5", "offering_id": None}
    failed: dict[str, Any] = {"status": "failed", "grade": "2.0", "ects": 2}
    tell(
        university,
        *catalog(),
        event("enrollment.created", 1, enrollment(student["id"], HIST, **passed)),
        event("enrollment.created", 1, enrollment(student["id"], MATH, **failed)),
        event("enrollment.created", 1, enrollment(student["id"], HIST, SPRING)),
        event("enrollment.created", 1, enrollment(student["id"], MATH, SPRING, status="waitlisted")),
    )

    told = read(university, "transcript")

    assert told["student"]["number"] == "100001"
    assert [(term["term"]["code"], term["ects_earned"], term["gpa"]) for term in told["terms"]] == [
        ("2026Z", 6, 3.88),
        ("2027L", 0, None),
    ]
    assert [(one["course"]["code"], one["status"], one["grade"]) for one in told["terms"][0]["courses"]] == [
        ("HIST-1", "completed", "4.5"),
        ("MATH-101", "failed", "2.0"),
    ]
    assert [one["course"]["code"] for one in told["terms"][1]["courses"]] == ["HIST-1"]
    assert (told["ects_earned"], told["ects_recognized"], told["gpa"]) == (6, 4, 3.88)
    assert told["recognized"] == [{"course": "PHYS-1", "grade": None, "ects": 4, "term": None}]


def transcript(house: House, student: dict[str, Any]) -> Reply:
    return house.call("student", "GET", "/students/me/transcript", who=themself(student))


def test_a_hold_keeps_the_student_but_not_the_registrar_from_the_transcript(university: House) -> None:
    student = enter(university, ZOFIA)
    place_hold(university, "100001", effects=["block-add", "block-drop"])
    place_hold(university, "100001", effects=["block-transcript"], starts_on="2150-01-01")
    place_hold(university, "100001", effects=["block-transcript"], starts_on="2020-01-01", ends_on="2020-02-01")
    assert transcript(university, student).status == 200

    blocking = place_hold(university, "100001", effects=["block-transcript"])

    refused = transcript(university, student)
    assert (refused.status, refused.json["code"]) == (403, "transcript-blocked")
    assert refused.json["holds"] == [{"reason": HOLD["reason"], "contact": HOLD["contact"]}]
    assert university.call("student", "GET", "/students/100001/transcript").status == 200
    university.call("student", "DELETE", f"/students/100001/holds/{blocking['id']}")
    assert transcript(university, student).status == 200


def history(student_id: str) -> list[CloudEvent]:
    """Return everything that ever happened in a catalog of its own; the last versions are the truth."""
    one, two = enrollment(student_id), enrollment(student_id, HIST, SPRING)
    happened = [
        *catalog(),
        event("course.updated", 2, MATH, title="Analiza I"),
        event("course.deleted", 3, MATH, title="Analiza 1"),
        event("course.term.updated", 2, TERM, title="Zima"),
        event("course.section.updated", 2, LECTURE, occurrences=[["2026-10-06", "12:00", "13:30"]]),
        event("course.section.deleted", 2, LABORATORY),
        event("enrollment.created", 1, one, status="waitlisted"),
        event("enrollment.updated", 2, one, status="enrolled"),
        event("enrollment.updated", 3, one, status="completed", grade="5.0"),
        event("enrollment.created", 1, two),
        event("enrollment.dropped", 2, two, status="dropped"),
    ]
    text = msgspec.json.encode(happened).decode()
    for known in (TERM, SPRING, MATH, HIST, LECTURE, LABORATORY):
        text = text.replace(str(known["id"]), new_id())
    events: list[CloudEvent] = msgspec.json.decode(text)
    return events


@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_news_in_any_order_and_twice_and_in_any_batches_gives_the_same_record(university: House, dice: Random) -> None:
    number = new_id()[:30]
    events = history(enter(university, {**ZOFIA, "number": number})["id"])
    told = [*events, *dice.sample(events, 6)]
    dice.shuffle(told)

    while told:
        size = dice.randint(1, 6)
        tell(university, *told[:size])
        del told[:size]

    shown = [
        (one["status"], one["grade"], one["course"]["code"], one["term"]["title"])
        for one in items(university, "", number)
    ]
    meetings = read(university, "timetable", number)["occurrences"]
    assert sorted(shown, key=str) == [
        ("completed", "5.0", "MATH-101", "Zima"),
        ("dropped", None, "HIST-1", "Lato 2026/27"),
    ]
    assert [(one["date"], one["start"], one["course"]["title"]) for one in meetings] == [
        ("2026-10-06", "12:00", "Analiza 1")
    ]
