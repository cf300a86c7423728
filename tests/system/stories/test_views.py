"""What others keep of an enrollment follows it: seats in the catalog, study record, timetable, transcript."""

from typing import Any

from tests.system.office import Office, codes, meeting, refusal

MONDAYS = [meeting("mon", "10:00", "12:00")]


def test_the_feed_of_seats_tells_only_what_changed(office: Office) -> None:
    busy, idle = office.section("A-1"), office.section("A-2")
    feed = f"/availability?term={office.named('2027L')}"
    before = office.eventually(feed, lambda told: len(told["sections"]) == 2, who=None)
    first = office.enrolled(office.student(), busy)
    office.enrolled(office.student(), busy)

    after = f"{feed}&after={before['version']}"
    told = office.eventually(after, lambda now: [one["taken"] for one in now["sections"]] == [2], who=None)

    assert told["version"] > before["version"]
    assert told["sections"] == [{"id": busy, "capacity": 30, "taken": 2, "waiting": 0, "open": 28}]
    office.drop(first)
    office.seats(busy, taken=1, open=29)
    office.seats(idle, taken=0, open=30)


def test_seats_are_told_where_courses_are_searched(office: Office) -> None:
    section = office.section("A-1", capacity=1)
    office.enrolled(office.student(), section)
    office.seats(section, taken=1)

    term = office.named("2027L")
    (found,) = office.get(f"/offerings?term={term}&q={office.named('A-1')}", who=None)["items"]

    assert found["sections"][0]["availability"]["open"] == 0
    assert office.get(f"/offerings?term={term}&open=true", who=None)["items"] == []
    assert office.get(f"/sections/{section}", who=None)["availability"]["taken"] == 1


def test_a_calendar_follows_the_timetable_by_an_address_of_its_own_until_it_is_revoked(office: Office) -> None:
    ann, section = office.student(), office.section("A-1", meetings=MONDAYS)
    enrollment = office.enrolled(ann, section)
    office.eventually("/students/me/timetable", lambda told: bool(told["occurrences"]), ann.number)
    feeds = "/students/me/timetable-feeds"

    feed = office.made(feeds, {"name": "Phone", "language": "pl"}, who=ann.number)
    address = feed["address"].removeprefix("/api/v1")
    shown = office.ask("GET", address, who=None)
    office.drop(enrollment)
    office.eventually("/students/me/timetable", lambda told: not told["occurrences"], ann.number)
    emptied = office.ask("GET", address, who=None)
    revoked = office.ask("DELETE", f"{feeds}/{feed['id']}", who=ann.number)

    assert (shown.status, shown.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"DTSTART;TZID=Europe/Warsaw:" in shown.body
    assert (emptied.body.count(b"BEGIN:VEVENT"), revoked.status) == (0, 204)
    assert refusal(office.ask("GET", address, who=None)) == (404, "timetable-feed-not-found")
    assert refusal(office.ask("GET", f"/students/{ann.id}/timetable.ics", who=None)) == (401, "unauthenticated")
    assert office.get(feeds, who=ann.number)["items"] == []


def test_the_study_record_follows(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    enrollment = office.enrolled(ann, section)

    def record(*statuses: str) -> Any:
        path = f"/students/me/enrollments?term={office.named('2027L')}"
        return office.eventually(
            path, lambda told: [one["status"] for one in told["items"] if one["sections"]] == list(statuses), ann.number
        )

    (recorded,) = record("enrolled")["items"]
    assert (recorded["id"], recorded["section_ids"]) == (enrollment, [section])
    assert (recorded["course"]["code"], recorded["sections"][0]["number"]) == (office.named("A-1"), "1")
    office.drop(enrollment)
    record("dropped")


def test_the_timetable_has_the_dates_of_the_calendar(office: Office) -> None:
    office.term(calendar=[{"date": "2027-10-14", "runs_as": "mon"}, {"date": "2027-11-01", "off": True}])
    ann, section = office.student(), office.section("A-1", meetings=MONDAYS)
    office.enrolled(ann, section)

    told = office.eventually(
        f"/students/me/timetable?term={office.named('2027L')}", lambda told: told["occurrences"] != [], ann.number
    )

    dates = [one["date"] for one in told["occurrences"]]
    assert dates[:2] == ["2027-10-04", "2027-10-11"]
    assert "2027-10-14" in dates
    assert "2027-11-01" not in dates
    assert {one["section_id"] for one in told["occurrences"]} == {section}
    assert told["sections"][0]["meetings"][0]["days"] == ["mon"]


def test_the_transcript_has_what_was_completed_and_recognized(office: Office) -> None:
    ann = office.student()
    office.completed(ann, "MAT-100", "4.0")
    office.completed(ann, "MAT-200", "5.0")
    recognized = {"course": office.named("FIZ-1"), "grade": "5.0", "ects": 3, "institution": "Elsewhere"}
    office.made(f"/students/{ann.id}/credits-recognized", recognized)

    def courses(told: Any) -> list[str]:
        return [course["course"]["code"] for term in told["terms"] for course in term["courses"]]

    expected = [office.named("MAT-100"), office.named("MAT-200")]
    told = office.eventually("/students/me/transcript", lambda now: courses(now) == expected, ann.number)

    assert (told["gpa"], [term["gpa"] for term in told["terms"]]) == (4.5, [4.5])
    assert [one["course"] for one in told["recognized"]] == [office.named("FIZ-1")]


def test_a_hold_keeps_the_transcript_from_the_student(office: Office) -> None:
    ann = office.student()
    office.made(f"/students/{ann.id}/holds", {"reason": "Fee", "contact": "fees", "effects": ["block-transcript"]})

    assert refusal(office.ask("GET", "/students/me/transcript", who=ann.number)) == (403, "transcript-blocked")


def test_a_suspension_puts_places_on_review_until_the_registrar_decides(office: Office) -> None:
    ann, section = office.student(), office.section("A-1", capacity=1)
    enrollment = office.enrolled(ann, section)
    office.change(f"/students/{ann.id}", status="suspended")

    seen = office.eventually(f"/enrollments/{enrollment}", lambda told: told["status"] == "review")

    assert seen["version"] == 2
    assert office.enroll(office.student(), section).status == 409
    assert refusal(office.ask("POST", f"/enrollments/{enrollment}/confirm", who=ann.number)) == (403, "role-missing")
    confirmed = office.ask("POST", f"/enrollments/{enrollment}/confirm")
    assert (confirmed.status, confirmed.json["status"]) == (200, "enrolled")
    assert refusal(office.ask("POST", f"/enrollments/{enrollment}/confirm")) == (409, "not-on-review")
    history = office.get(f"/enrollments/{enrollment}/history")["items"]
    assert [line["status"] for line in history] == ["enrolled", "review", "enrolled"]


def test_a_canceled_section_frees_the_time_and_ends_the_place(office: Office) -> None:
    ann, section = office.student(), office.section("A-1", meetings=MONDAYS)
    other = office.section("A-2", meetings=MONDAYS)
    enrollment = office.enrolled(ann, section)
    office.seats(section, taken=1)
    timetable = f"/students/me/timetable?term={office.named('2027L')}"
    office.eventually(timetable, lambda told: told["occurrences"] != [], ann.number)

    assert office.ask("POST", f"/sections/{section}/cancel").status == 200

    office.eventually(timetable, lambda told: told["occurrences"] == [], ann.number)
    office.eventually(f"/enrollments/{enrollment}", lambda told: told["status"] == "canceled")
    office.seats(section, taken=0, open=0)
    assert office.enroll(ann, other).status == 201


def test_a_changed_calendar_moves_timetable_and_conflicts(office: Office) -> None:
    ann, section = office.student(), office.section("A-1", meetings=MONDAYS)
    thursday = office.section("A-2", meetings=[{"start": "11:00", "end": "12:00", "dates": ["2027-10-14"]}])
    office.enrolled(ann, section)

    office.change(f"/terms/{office.named('2027L')}", calendar=[{"date": "2027-10-14", "runs_as": "mon"}])

    office.eventually(
        f"/students/me/timetable?term={office.named('2027L')}",
        lambda told: "2027-10-14" in [one["date"] for one in told["occurrences"]],
        ann.number,
    )
    assert codes(office.enroll(ann, thursday)) == ["time-conflict"]


def test_a_lowered_capacity_evicts_nobody_and_lets_nobody_in(office: Office) -> None:
    section = office.section("A-1", capacity=3)
    made = [office.enrolled(office.student(), section) for _ in range(3)]
    office.change(f"/sections/{section}", capacity=1)

    assert office.drop(made[0]).status == 200
    assert office.enroll(office.student(), section).status == 409
    for enrollment in made[1:]:
        office.drop(enrollment)
    assert office.enroll(office.student(), section).status == 201
    office.seats(section, capacity=1, taken=1, open=0)


def test_a_raised_capacity_is_open_at_once(office: Office) -> None:
    section, ann = office.section("A-1", capacity=0), office.student()
    assert office.enroll(ann, section).status == 409

    office.change(f"/sections/{section}", capacity=1)

    assert office.enroll(ann, section).status == 201
    office.seats(section, capacity=1, taken=1, open=0)
