"""What happens to places and requests when the neighbors' facts change under them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.campus import Campus, a_student, codes, meeting
from tests.house import ids

MONDAYS = [meeting("mon", "10:00", "12:00")]


def dates(campus: Campus, student: str) -> list[str]:
    """Return the dates of a student's timetable."""
    told = campus.house.call("student", "GET", f"/students/{student}/timetable?term=2027L").json
    return [one["date"] for one in told["occurrences"]]


def seats(campus: Campus) -> dict[str, Any]:
    """Return the only section's availability."""
    (told,) = campus.house.call("course", "GET", "/availability?term=2027L").json["sections"]
    return {name: told[name] for name in ("capacity", "taken", "open")}


def test_a_calendar_that_changes_after_the_enrollment_moves_timetable_and_conflicts(campus: Campus) -> None:
    ann = campus.student()
    assert campus.enroll(ann, campus.section("A-1", meetings=MONDAYS)).status == 201
    once = {"component": "lecture", "start": "11:00", "end": "12:00"}
    thursday = campus.section("A-2", meetings=[{**once, "dates": ["2027-10-14"]}])
    holiday = campus.section("A-3", meetings=[{**once, "dates": ["2027-11-02"]}])
    calendar = [{"date": "2027-10-14", "runs_as": "mon"}, {"date": "2027-11-01", "off": True}]
    campus.change("course", "/terms/2027L", {"calendar": calendar})
    campus.house.drain()
    assert "2027-10-14" in dates(campus, ann)
    assert "2027-11-01" not in dates(campus, ann)
    assert codes(campus.enroll(ann, thursday)) == ["time-conflict"]
    assert campus.enroll(ann, holiday).status == 201


def test_a_canceled_section_frees_the_time_but_keeps_the_place_until_somebody_decides(campus: Campus) -> None:
    ann, section = campus.student(), campus.section("A-1", meetings=MONDAYS)
    enrollment = campus.enroll(ann, section)
    assert campus.house.call("course", "POST", f"/sections/{section}/cancel").status == 200
    campus.house.drain()
    assert (campus.seen(enrollment)["status"], dates(campus, ann)) == ("enrolled", [])
    assert seats(campus) == {"capacity": 30, "taken": 1, "open": 0}
    assert campus.enroll(ann, campus.section("A-2", meetings=MONDAYS)).status == 201
    assert campus.drop(enrollment.json["id"], a_student(ann)).status == 200


def test_a_canceled_offering_takes_nobody_any_more(campus: Campus) -> None:
    section, offering = campus.section("A-1"), campus.offering("A-1")
    campus.change("course", f"/offerings/{offering['id']}", {"status": "canceled"})
    assert codes(campus.enroll(campus.student(), section)) == ["section-canceled"]


def test_a_capacity_below_what_is_taken_lets_nobody_in_until_enough_have_left(campus: Campus) -> None:
    section = campus.section("A-1", capacity=3)
    made = [campus.enroll(campus.student(), section).json["id"] for _ in range(3)]
    campus.change("course", f"/sections/{section}", {"capacity": 1})
    for enrollment in made[:2]:
        campus.drop(enrollment)
        assert campus.enroll(campus.student(), section).status == 409
    campus.drop(made[2])
    assert campus.enroll(campus.student(), section).status == 201
    campus.house.drain()
    assert seats(campus) == {"capacity": 1, "taken": 1, "open": 0}


def test_a_course_taken_out_of_the_catalog_still_counts_where_it_was_passed(campus: Campus) -> None:
    ann = campus.student()
    campus.completed(ann, "OLD-1")
    campus.course("NEW-1", requisites="OLD-1")
    section = campus.section("NEW-1")
    assert campus.house.call("course", "DELETE", "/courses/OLD-1").status == 204
    campus.house.drain()
    assert campus.enroll(ann, section).status == 201
    (term,) = campus.house.call("student", "GET", f"/students/{ann}/transcript").json["terms"][:1]
    assert [one["course"]["code"] for one in term["courses"]] == ["OLD-1"]


def test_deadlines_of_term_and_offering_count_as_they_are_now(campus: Campus) -> None:
    today = datetime.now(UTC).date()
    yesterday, tomorrow, begun = (str(today + timedelta(days=days)) for days in (-2, 2, -20))
    campus.term("2026T", starts_on=begun, ends_on=str(today + timedelta(days=60)), add_until=yesterday)
    campus.window(term_id="2026T")
    ann, section = campus.student(), campus.section("A-1", offering={"term": "2026T"})
    assert codes(campus.enroll(ann, section)) == ["deadline-passed"]
    campus.change("course", "/terms/2026T", {"add_until": tomorrow, "drop_until": yesterday})
    enrollment = campus.enroll(ann, section).json["id"]
    late = campus.drop(enrollment, a_student(ann))
    assert (late.status, codes(late)) == (422, ["deadline-passed"])
    assert late.json["violations"][0]["params"]["until"] == yesterday
    campus.change("course", "/terms/2026T", {"drop_until": None})
    campus.house.drain()
    assert campus.drop(enrollment, a_student(ann)).status == 200
    relative = campus.section("A-2", offering={"term": "2026T", "add_weeks": 1})
    assert codes(campus.enroll(ann, relative)) == ["deadline-passed"]


def test_terms_do_not_share_windows_credits_or_hours(campus: Campus) -> None:
    later = {"term": "2028Z"}
    campus.term("2028Z", starts_on="2028-10-02", ends_on="2029-02-01", max_ects=5)
    campus.change("course", "/terms/2027L", {"max_ects": 5})
    ann, now = campus.student(), campus.section("A-1", meetings=MONDAYS)
    then = campus.section("A-2", meetings=MONDAYS, offering=later)
    assert campus.enroll(ann, now).status == 201
    assert codes(campus.enroll(ann, then)) == ["window-not-open"]
    campus.window(term_id="2028Z")
    assert campus.enroll(ann, then).status == 201
    assert codes(campus.enroll(ann, campus.section("A-3", offering=later))) == ["credit-limit"]
    assert "bundle-invalid" in codes(campus.enroll(campus.student(), now, then))


def test_a_student_with_forty_places_is_listed_alike_everywhere(campus: Campus) -> None:
    ann = campus.student()
    made = [campus.enroll(ann, campus.section(f"A-{n}")).json["id"] for n in range(40)]
    campus.house.drain()
    for module, path in (
        ("enrollment", f"/enrollments?student_id={ann}"),
        ("student", f"/students/{ann}/enrollments?"),
    ):
        assert ids(campus.house.call(module, "GET", f"{path}&limit=200").json["items"]) == made


def test_a_request_of_ten_sections_is_one_bundle(campus: Campus) -> None:
    kinds = [f"kind-{n}" for n in range(10)]
    needs = {"required_components": kinds}
    bundle = [campus.section("A-1", kind, component=kind, offering=needs) for kind in kinds]
    enrolled = campus.enroll(campus.student(), *bundle)
    assert (enrolled.status, enrolled.json["section_ids"]) == (201, sorted(bundle))
    assert codes(campus.enroll(campus.student(), *bundle[1:], bundle[1])) == ["bundle-incomplete"]


def test_the_longest_codes_that_the_catalog_takes_are_taken_here_too(campus: Campus) -> None:
    course, term, words = "X" * 60, "2" * 60, "Program: A/B, " + "x" * 66
    later = campus.term(term)
    campus.window(term_id=later["id"], program=[words], group=[words])
    ann = campus.student(program=words, groups=[words])
    section = campus.section(course, offering={"term": term}, restrictions=[{"program": [words]}])
    assert campus.enroll(ann, section).status == 201
    bob = campus.student()
    campus.completed(bob, course, term=term)
    recognized = {"course": course, "grade": "4.0", "ects": 5, "term": term}
    campus.made("student", f"/students/{ann}/credits-recognized", recognized)
