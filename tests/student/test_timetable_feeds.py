"""A calendar follows the timetable by an address with a token, until it is revoked."""

from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from tests.house import NOBODY, House, Reply
from tests.student.news import HIST, LABORATORY, LECTURE, MATH, catalog, enrollment, event, tell
from tests.student.people import ADMIN, INSTRUCTOR, NOWHERE, PIOTR, ZOFIA, enter, themself
from university.student.models import TimetableFeed

PHONE = {"name": "Phone"}


def make(university: House, student: dict[str, Any], spoken: str = "en", **more: Any) -> dict[str, Any]:
    """Make a feed as the student; return the answer."""
    path, headers = f"/students/{student['id']}/timetable-feeds", {"Accept-Language": spoken}
    reply = university.call("student", "POST", path, {**PHONE, **more}, who=themself(student), headers=headers)
    assert reply.status == 201, reply.json
    told: dict[str, Any] = reply.json
    return told


def follow(university: House, feed: dict[str, Any], **headers: str) -> Reply:
    """Ask for the address of a feed, as a calendar does."""
    path = feed["address"].removeprefix("/api/v1")
    return university.call(
        "student", "GET", path, who=NOBODY, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def events(reply: Reply) -> list[Any]:
    """Return the events of a calendar."""
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(reply.body).events)


def enrolled(university: House, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return Zofia, and the facts of her enrollment in calculus."""
    zofia = enter(university, ZOFIA)
    facts = enrollment(zofia["id"], **more)
    tell(university, *catalog(), event("enrollment.created", 1, facts))
    return zofia, facts


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_a_calendar_shows_every_meeting_of_the_timetable(university: House) -> None:
    zofia, _ = enrolled(university)
    timetable = university.call("student", "GET", "/students/me/timetable", who=themself(zofia)).json

    shown = events(follow(university, make(university, zofia)))

    assert shown
    assert [(f"{one.start:%Y-%m-%d %H:%M}", f"{one.end:%H:%M}", one.get("LOCATION")) for one in shown] == [
        (f"{one['date']} {one['start']}", one["end"], one["room"]) for one in timetable["occurrences"]
    ]
    assert {str(one.start.tzinfo) for one in shown} == {"Europe/Warsaw"}
    assert len({one["UID"] for one in shown}) == len(shown)


def test_who_is_signed_in_needs_no_token(university: House) -> None:
    zofia, _ = enrolled(university)
    piotr = enter(university, PIOTR)
    path = f"/students/{zofia['number']}/timetable.ics"

    assert len(events(university.call("student", "GET", path, who=themself(zofia)))) > 0
    assert len(events(university.call("student", "GET", path))) > 0
    told = [refusal(university.call("student", "GET", path, who=who)) for who in (NOBODY, INSTRUCTOR, themself(piotr))]
    assert told == [(401, "unauthenticated"), (403, "role-missing"), (403, "not-your-own-data")]


def test_the_words_are_in_the_language_of_the_feed(university: House) -> None:
    zofia, _ = enrolled(university)
    polish, english = make(university, zofia, "pl"), make(university, zofia, "pl", language="en")

    assert (polish["language"], english["language"]) == ("pl", "en")
    summaries = [{str(one["SUMMARY"]) for one in events(follow(university, feed))} for feed in (polish, english)]
    assert any("wykład" in one and MATH["title"] in one for one in summaries[0])
    assert any("lecture" in one and MATH["title_en"] in one for one in summaries[1])
    assert all("\n" in str(one["DESCRIPTION"]) for one in events(follow(university, polish)))


def test_what_was_dropped_or_canceled_is_gone_and_what_moved_is_the_same_event(university: House) -> None:
    zofia, facts = enrolled(university)
    feed = make(university, zofia)
    before = {one["UID"]: one for one in events(follow(university, feed))}

    moved = {**LECTURE, "occurrences": [[day, "18:00", "19:30"] for day, _, _ in LECTURE["occurrences"]]}
    tell(university, event("course.section.updated", 2, moved))
    tell(university, event("course.section.updated", 2, {**LABORATORY, "status": "canceled"}))
    after = {one["UID"]: one for one in events(follow(university, feed))}
    tell(university, event("enrollment.updated", 2, {**facts, "status": "dropped"}))

    assert set(after) == {uid for uid in before if uid.startswith(LECTURE["id"])}
    assert {f"{one.start:%H:%M}" for one in after.values()} == {"18:00"}
    assert events(follow(university, feed)) == []


def test_who_has_the_calendar_already_is_told_so(university: House) -> None:
    zofia, facts = enrolled(university)
    feed = make(university, zofia)
    first = follow(university, feed)

    again = follow(university, feed, If_None_Match=first.headers["ETag"])
    tell(university, event("enrollment.updated", 2, {**facts, "status": "dropped"}))
    changed = follow(university, feed, If_None_Match=first.headers["ETag"])

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status, again.body, changed.status) == (304, b"", 200)


def test_a_token_is_shown_once_and_kept_as_a_digest(university: House) -> None:
    zofia, _ = enrolled(university)
    feed = make(university, zofia)

    listed = university.call("student", "GET", "/students/me/timetable-feeds", who=themself(zofia))
    with university.modules["student"].primary.read() as session:
        (kept,) = session.scalars(select(TimetableFeed))

    assert feed["token"].encode() not in listed.body
    assert listed.json["items"] == [
        {name: feed[name] for name in ("id", "name", "language", "created_at", "last_used_on")}
    ]
    assert len(feed["token"]) >= 43
    assert feed["token"].encode() != kept.token_digest
    assert len(kept.token_digest) == 32


def test_the_day_of_the_last_use_is_noted(university: House) -> None:
    zofia, _ = enrolled(university)
    feed = make(university, zofia)
    follow(university, feed)
    follow(university, feed)

    (listed,) = university.call("student", "GET", f"/students/{zofia['id']}/timetable-feeds").json["items"]

    assert feed["last_used_on"] is None
    assert listed["last_used_on"] is not None


def test_a_revoked_feed_is_as_one_that_never_was(university: House) -> None:
    zofia, _ = enrolled(university)
    feed, other = make(university, zofia), make(university, zofia)
    path = f"/students/me/timetable-feeds/{feed['id']}"

    assert university.call("student", "DELETE", path, who=themself(zofia)).status == 204

    assert refusal(follow(university, feed)) == (404, "timetable-feed-not-found")
    assert refusal(university.call("student", "DELETE", path, who=themself(zofia)))[0] == 404
    assert follow(university, other).status == 200


def test_a_token_opens_the_timetable_of_its_student_alone(university: House) -> None:
    zofia, _ = enrolled(university)
    piotr = enter(university, PIOTR)
    token = make(university, zofia)["token"]

    for key, given in (
        (piotr["id"], token),
        (NOWHERE, token),
        ("me", token),
        (zofia["id"], token[:-1]),
        (zofia["id"], "x"),
    ):
        reply = university.call("student", "GET", f"/students/{key}/timetable.ics?token={given}", who=NOBODY)
        assert refusal(reply) == (404, "timetable-feed-not-found")
    number = university.call("student", "GET", f"/students/{zofia['number']}/timetable.ics?token={token}", who=NOBODY)
    assert number.status == 200


def test_a_student_has_five_feeds_at_most(university: House) -> None:
    zofia, _ = enrolled(university)
    feeds = [make(university, zofia, name=f"Device {number}") for number in range(5)]
    path = "/students/me/timetable-feeds"

    sixth = university.call("student", "POST", path, PHONE, who=themself(zofia))
    university.call("student", "DELETE", f"{path}/{feeds[0]['id']}", who=themself(zofia))

    assert refusal(sixth) == (409, "too-many-timetable-feeds")
    assert make(university, zofia)["name"] == "Phone"


def test_feeds_are_made_by_their_student_and_seen_by_the_registrar(university: House) -> None:
    zofia, _ = enrolled(university)
    piotr, feed = enter(university, PIOTR), make(university, zofia)
    path = f"/students/{zofia['id']}/timetable-feeds"

    assert university.call("student", "POST", path, PHONE).status == 403
    assert university.call("student", "POST", path, PHONE, who=themself(piotr)).status == 403
    assert university.call("student", "GET", path, who=themself(piotr)).status == 403
    assert university.call("student", "GET", path, who=ADMIN).status == 403
    assert university.call("student", "DELETE", f"{path}/{feed['id']}", who=themself(piotr)).status == 403
    assert university.call("student", "DELETE", f"{path}/{feed['id']}").status == 204


def test_a_course_whose_name_is_not_known_yet_has_an_event_all_the_same(university: House) -> None:
    zofia = enter(university, ZOFIA)
    facts = enrollment(zofia["id"], HIST, section_ids=[LECTURE["id"]])
    tell(university, event("enrollment.created", 1, facts), event("course.section.created", 1, LECTURE))

    assert all(str(one["SUMMARY"]).startswith("? (") for one in events(follow(university, make(university, zofia))))
