"""Requisites that rested on a grade are judged anew when it comes, and the registrar decides on those that broke."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.campus import Campus, a_student
from tests.enrollment.test_grading import enrolled, grade, grade_many, state
from tests.house import House, Reply
from university.enrollment.models import Enrollment, RequisiteCheck, Section

EARLIER = {"term": "2027W"}


@pytest.fixture
def summer(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> Campus:
    """A campus with an earlier term that is open for registration too, and a course that rests on another."""
    monkeypatch.setattr("university.enrollment.service.rechecking.PATIENCE", 60)
    term = campus.term("2027W", starts_on="2027-02-15", ends_on="2027-06-30")
    campus.window(term_id=term["id"])
    campus.course("MAT-102", requisites="MAT-101")
    return campus


def resting(campus: Campus, code: str = "MAT-102", **facts: Any) -> tuple[str, str, str, str]:
    """Return a student's place in the first course, and the place that rests on it, and its section."""
    first, second, ann = campus.section("MAT-101", offering=EARLIER), campus.section(code, **facts), campus.student()
    (before,) = enrolled(campus, first, ann)
    (after,) = enrolled(campus, second, ann)
    return ann, before, after, second


def broken(campus: Campus, query: str = "") -> list[dict[str, Any]]:
    reply = campus.house.call("enrollment", "GET", f"/broken-requisites{query}")
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.json["items"]
    return items


def settle(campus: Campus, enrollment: str, decision: str, **options: Any) -> Reply:
    path, body = f"/broken-requisites/{enrollment}/settle", {"decision": decision, "reason": "As agreed."}
    return campus.house.call("enrollment", "POST", path, body, **options)


def kept(campus: Campus, enrollment: str) -> tuple[bool, int]:
    """Return whether a place is conditional, and on how many courses it rests."""
    with campus.house.modules["enrollment"].primary.read() as session:
        found = session.get(Enrollment, enrollment)
        assert found is not None
        return found.conditional, len(found.rests_on or ())


def reasons(campus: Campus, enrollment: str) -> list[str]:
    items = campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}/history").json["items"]
    return [one["reason"] for one in items]


def recheck(campus: Campus) -> None:
    assert campus.house.chores("recheck-requisites") == ["recheck-requisites"]


def due(campus: Campus) -> int:
    with campus.house.modules["enrollment"].primary.read() as session:
        return len(session.scalars(select(RequisiteCheck)).all())


def test_a_condition_is_met_by_a_passing_grade(summer: Campus) -> None:
    _, before, after, _ = resting(summer)
    assert kept(summer, after) == (True, 1)

    grade(summer, before, "3.0")

    assert (kept(summer, after), broken(summer), due(summer)) == ((False, 1), [], 0)
    assert reasons(summer, after) == ["enrolled", "requisites-met"]


def test_a_failing_grade_tells_the_registrar_who_stands_on_what(summer: Campus) -> None:
    ann, before, after, _ = resting(summer)

    grade(summer, before, "2.0")

    (one,) = broken(summer, "?term=2027L")
    assert (one["enrollment_id"], one["student_id"], one["family_name"], one["course"]["code"]) == (
        after,
        ann,
        "Żak",
        "MAT-102",
    )
    assert (one["status"], one["result"], one["text"], one["tree"]["because"]) == (
        "enrolled",
        "UNMET",
        "MAT-101",
        "failed",
    )
    assert broken(summer, "?term=2027W") == broken(summer, "?settled=true") == []
    assert (state(summer, after), reasons(summer, after)[-1]) == (("enrolled", None), "requisites-broken")


def test_a_second_attempt_or_a_correction_that_passes_takes_it_off_the_list_and_back(summer: Campus) -> None:
    _, before, after, _ = resting(summer)

    grade(summer, before, "2.0")
    grade(summer, before, "3.5")
    assert broken(summer) == []
    grade(summer, before, "2.0", reason="Somebody else's grade.")
    assert [one["enrollment_id"] for one in broken(summer)] == [after]
    grade(summer, before, "4.0", reason="It was right after all.")

    assert broken(summer) == []
    assert reasons(summer, after)[1:] == ["requisites-broken", "requisites-met"] * 2


def test_what_rests_on_two_courses_stays_conditional_until_both_are_passed(summer: Campus) -> None:
    summer.course("FIZ-201", requisites="MAT-101 AND FIZ-101")
    ann, physics = summer.student(), summer.section("FIZ-101", offering=EARLIER)
    mathematics, both = summer.section("MAT-101", offering=EARLIER), summer.section("FIZ-201")
    first, second, after = (enrolled(summer, one, ann)[0] for one in (mathematics, physics, both))

    grade(summer, first, "5.0")
    assert (kept(summer, after), broken(summer)) == ((True, 2), [])
    grade(summer, second, "3.0")
    assert kept(summer, after) == (False, 2)


def test_a_correction_of_what_was_passed_before_is_felt_too(summer: Campus) -> None:
    first, second, ann = summer.section("MAT-101", offering=EARLIER), summer.section("MAT-102"), summer.student()
    (before,) = enrolled(summer, first, ann)
    grade(summer, before, "3.0")
    (after,) = enrolled(summer, second, ann)
    assert kept(summer, after) == (False, 1)

    grade(summer, before, "2.0", reason="Copied.")

    assert [one["enrollment_id"] for one in broken(summer)] == [after]


def test_a_place_is_kept_or_canceled_once_and_a_canceled_one_gives_its_seat_back(summer: Campus) -> None:
    _, before, stays, _ = resting(summer)
    grade(summer, before, "2.0")
    _, other, goes, section = resting_again(summer)
    grade(summer, other, "2.0")

    kept_, canceled = settle(summer, stays, "keep"), settle(summer, goes, "cancel")

    assert [(one.status, one.json["decision"], one.json["status"]) for one in (kept_, canceled)] == [
        (200, "keep", "enrolled"),
        (200, "cancel", "canceled"),
    ]
    assert broken(summer) == []
    assert {one["enrollment_id"] for one in broken(summer, "?settled=true")} == {stays, goes}
    with summer.house.modules["enrollment"].primary.read() as session:
        assert session.scalars(select(Section.taken).where(Section.id == section)).one() == 1
    again = settle(summer, stays, "cancel")
    assert (again.status, again.json["code"]) == (409, "requisite-settled")
    assert settle(summer, before, "keep").json["code"] == "requisite-not-broken"
    assert (reasons(summer, stays)[-1], reasons(summer, goes)[-1]) == ("requisites-kept", "requisites-canceled")


def resting_again(campus: Campus) -> tuple[str, str, str, str]:
    """Return another student's places in the sections that are there."""
    with campus.house.modules["enrollment"].primary.read() as session:
        places = session.scalars(select(Enrollment).order_by(Enrollment.id)).all()
        first, second = (one.section_ids[0] for one in places[:2])
    bob = campus.student()
    (before,), (after,) = enrolled(campus, first, bob), enrolled(campus, second, bob)
    return bob, before, after, second


def test_only_the_registrar_sees_and_settles(summer: Campus) -> None:
    ann, before, after, _ = resting(summer)
    grade(summer, before, "2.0")

    for refused in (
        summer.house.call("enrollment", "GET", "/broken-requisites", who=a_student(ann)),
        settle(summer, after, "keep", who=a_student(ann)),
    ):
        assert (refused.status, refused.json["code"]) == (403, "role-missing")
    assert settle(summer, after, "perhaps").status == 422


def test_a_dropped_place_is_not_for_the_registrar_to_decide(summer: Campus) -> None:
    _, before, after, _ = resting(summer)
    grade(summer, before, "2.0")
    summer.drop(after)

    assert broken(summer) == []
    refused = settle(summer, after, "cancel")
    assert (refused.status, refused.json["code"]) == (409, "not-enrolled")


def silent(_environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b""]


def test_a_silent_neighbor_delays_the_judgement_but_not_the_grade(summer: Campus, house: House) -> None:
    _, before, after, _ = resting(summer)
    course = house.modules["course"].app
    house.neighborhood.welcome("course", silent)

    assert grade(summer, before, "2.0").status == 200
    recheck(summer)
    assert (kept(summer, after), due(summer)) == ((True, 1), 1)

    house.neighborhood.welcome("course", course)
    recheck(summer)
    assert (kept(summer, after), due(summer)) == ((False, 1), 0)
    assert [one["enrollment_id"] for one in broken(summer)] == [after]


def test_many_grades_at_once_are_followed_by_many_judgements(summer: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("university.enrollment.service.rechecking.AT_ONCE", 2)
    first, second = summer.section("MAT-101", offering=EARLIER), summer.section("MAT-102")
    students = [summer.student() for _ in range(4)]
    for student in students:
        enrolled(summer, first, student)
        enrolled(summer, second, student)

    assert grade_many(summer, first, *({"student": one, "grade": "2.0"} for one in students)).status == 200

    assert (len(broken(summer)), due(summer)) == (2, 2)
    recheck(summer)
    assert (len(broken(summer)), due(summer)) == (4, 0)


def test_a_recorded_course_counts_as_a_grade(summer: Campus) -> None:
    ann, before, after, _ = resting(summer)
    grade(summer, before, "2.0")
    assert len(broken(summer)) == 1
    summer.completed(ann, "MAT-101")
    recheck(summer)

    assert broken(summer) == []
    assert kept(summer, after)[0] is False
