"""What a standing is made of: holds, recognized credits and test scores, each told to the other modules."""

from datetime import date, timedelta
from typing import Any

from tests.house import House, Reply
from tests.student.people import CREDIT, HOLD, NOWHERE, PIOTR, SCORE, ZOFIA, enter, place_hold, themself
from university.platform import database
from university.student.rules.standing import StandingHold, blocking

PARTS: dict[str, dict[str, Any]] = {
    "holds": {**HOLD, "starts_on": "2026-10-01", "ends_on": None},
    "credits-recognized": {**CREDIT, "title": "Calculus", "institution": None, "grade": "4.5", "term": "2025Z"},
    "test-scores": {**SCORE, "taken_on": "2026-05-20"},
}
MISSING = {
    "holds": "hold-not-found",
    "credits-recognized": "recognized-credit-not-found",
    "test-scores": "test-score-not-found",
}


def add(house: House, key: str, kind: str, part: dict[str, Any], **headers: str) -> Reply:
    return house.call("student", "POST", f"/students/{key}/{kind}", part, headers=headers)


def listed(house: House, key: str, kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = house.call("student", "GET", f"/students/{key}/{kind}").json["items"]
    return items


def today(house: House) -> date:
    with house.modules["student"].primary.read() as session:
        return database.now(session).astimezone(house.settings.zone).date()


def test_each_part_is_added_listed_and_removed(university: House) -> None:
    enter(university, ZOFIA)
    enter(university, PIOTR)

    for kind, part in PARTS.items():
        added = add(university, "100001", kind, part)
        assert (added.status, added.json) == (201, {"id": added.json["id"], **part})
        assert listed(university, "100001", kind) == [added.json]
        assert listed(university, "100002", kind) == []

        path = f"/students/100001/{kind}/{added.json['id']}"
        assert university.call("student", "DELETE", path).status == 204
        assert listed(university, "100001", kind) == []


def test_a_part_that_is_not_there_cannot_be_removed(university: House) -> None:
    enter(university, ZOFIA)
    enter(university, PIOTR)

    for kind, part in PARTS.items():
        somebody_elses = add(university, "100002", kind, part).json["id"]
        for part_id in (NOWHERE, "no id", somebody_elses):
            reply = university.call("student", "DELETE", f"/students/100001/{kind}/{part_id}")
            assert (reply.status, reply.json["code"]) == (404, MISSING[kind])
        assert len(listed(university, "100002", kind)) == 1


def test_an_unknown_student_gets_no_part(university: House) -> None:
    for kind, part in PARTS.items():
        assert add(university, "999", kind, part).json["code"] == "student-not-found"
        assert university.call("student", "GET", f"/students/999/{kind}").json["code"] == "student-not-found"
        assert university.call("student", "DELETE", f"/students/999/{kind}/{NOWHERE}").status == 404


def test_a_key_adds_a_part_once(university: House) -> None:
    enter(university, ZOFIA)

    for kind, part in PARTS.items():
        answers = {add(university, "100001", kind, part, **{"Idempotency-Key": "one"}).body for _ in range(2)}
        assert len(answers) == 1
        assert len(listed(university, "100001", kind)) == 1


def test_every_part_is_news_of_the_student(university: House) -> None:
    entered = enter(university, ZOFIA)
    hold = place_hold(university, "100001", starts_on="2026-10-01")
    for kind in ("credits-recognized", "test-scores"):
        add(university, "100001", kind, PARTS[kind])
    university.call("student", "DELETE", f"/students/100001/holds/{hold['id']}")

    events = university.announced("student", "student.updated")

    assert [event["aggregateversion"] for event in events] == [2, 3, 4, 5]
    assert {event["subject"] for event in events} == {entered["id"]}
    told = {"id": hold["id"], "effects": ["block-add"], "starts_on": "2026-10-01", "ends_on": None}
    assert [event["data"]["holds"] for event in events] == [[told], [told], [told], []]
    assert "Library" not in str(events)
    assert university.call("student", "GET", "/students/100001").headers["ETag"].startswith('"v5-')


def test_a_hold_starts_today_unless_told_otherwise(university: House) -> None:
    enter(university, ZOFIA)

    hold = place_hold(university, "100001")

    assert hold["starts_on"] == today(university).isoformat()


def test_a_hold_may_end_on_its_first_day_but_not_before(university: House) -> None:
    enter(university, ZOFIA)

    one_day = add(university, "100001", "holds", {**HOLD, "starts_on": "2026-10-01", "ends_on": "2026-10-01"})
    backwards = add(university, "100001", "holds", {**HOLD, "starts_on": "2026-10-01", "ends_on": "2026-09-30"})

    assert one_day.status == 201
    assert (backwards.status, backwards.json["code"]) == (422, "invalid-request")
    assert [fault["field"] for fault in backwards.json["errors"]] == ["ends_on"]
    assert len(listed(university, "100001", "holds")) == 1


def test_a_course_is_recognized_once_a_student(university: House) -> None:
    enter(university, ZOFIA)
    enter(university, PIOTR)
    add(university, "100001", "credits-recognized", CREDIT)

    again = add(university, "100001", "credits-recognized", {**CREDIT, "ects": 3})

    assert (again.status, again.json["code"]) == (409, "course-already-recognized")
    assert add(university, "100002", "credits-recognized", CREDIT).status == 201


def test_the_standing_tells_everything_that_decides(university: House) -> None:
    facts = {"program": "INF", "stage": 2, "level": "bachelor", "groups": ["erasmus"], "max_ects": 30}
    entered = enter(university, ZOFIA, **facts)
    hold = place_hold(university, "100001", effects=["block-add", "block-drop"], ends_on="2150-01-01")
    add(university, "100001", "credits-recognized", PARTS["credits-recognized"])
    add(university, "100001", "test-scores", SCORE)
    wanted = {
        "student_id": entered["id"],
        "version": 4,
        "status": "active",
        **facts,
        "holds": [hold],
        "recognized": [{"course": "MATH-101", "grade": "4.5", "ects": 6, "term": "2025Z"}],
        "tests": [{"name": "TOEFL", "score": 101}],
    }

    for key in (entered["id"], "100001"):
        assert university.ask("student", "/verifications", {"student_id": key, "term_id": NOWHERE}).json == wanted
    public = university.call("student", "POST", "/students/100001/verifications", {"term_id": NOWHERE})
    own = university.call("student", "POST", "/students/me/verifications", {"term_id": "2026Z"}, who=themself(entered))

    assert (public.status, public.json) == (200, wanted)
    assert (own.status, own.json) == (200, wanted)


def test_the_standing_of_a_student_with_nothing_special_is_complete(university: House) -> None:
    entered = enter(university, ZOFIA)

    assert university.ask("student", "/verifications", {"student_id": "100001", "term_id": NOWHERE}).json == {
        "student_id": entered["id"],
        "version": 1,
        "status": "active",
        "program": None,
        "stage": None,
        "level": None,
        "groups": [],
        "holds": [],
        "max_ects": None,
        "recognized": [],
        "tests": [],
    }


def test_the_standing_has_holds_until_their_last_day_is_over(university: House) -> None:
    enter(university, ZOFIA)
    now = today(university)
    for reason, first, last in (("over", -9, -1), ("last day", -9, 0), ("to come", 5, 9), ("endless", -9, None)):
        ends_on = None if last is None else (now + timedelta(last)).isoformat()
        place_hold(university, "100001", reason=reason, starts_on=(now + timedelta(first)).isoformat(), ends_on=ends_on)

    told = university.ask("student", "/verifications", {"student_id": "100001", "term_id": NOWHERE}).json

    assert [hold["reason"] for hold in told["holds"]] == ["last day", "to come", "endless"]
    assert len(listed(university, "100001", "holds")) == 4


def test_nobody_stands_for_an_unknown_student(university: House) -> None:
    for key in ("999", NOWHERE, "", "\0"):
        reply = university.ask("student", "/verifications", {"student_id": key, "term_id": NOWHERE})
        assert (reply.status, reply.json["code"]) == (404, "student-not-found")


def test_a_hold_blocks_from_its_first_day_to_its_last() -> None:
    hold = StandingHold("1", "r", "c", ["block-drop"], date(2026, 10, 2), date(2026, 10, 4))

    blocked = [day for day in range(1, 7) if blocking([hold], "block-drop", date(2026, 10, day))]

    assert blocked == [2, 3, 4]
    assert blocking([hold], "block-add", date(2026, 10, 3)) == []
