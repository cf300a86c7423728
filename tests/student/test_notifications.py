"""What students are told is kept once, read by them alone, and marked when they have read it."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.house import House, Reply
from tests.student.news import enrollment, event
from tests.student.notices import hear, notice, told
from tests.student.people import INSTRUCTOR, NOWHERE, PIOTR, ZOFIA, enter, themself
from university.platform.database import new_id
from university.platform.security import Principal
from university.student.models import Mail, Notification


def listed(house: House, student: dict[str, Any], query: str = "", **headers: str) -> Any:
    path = f"/students/me/notifications{query}"
    reply = house.call("student", "GET", path, who=themself(student), headers=headers)
    assert reply.status == 200, reply.json
    return reply.json


def change(house: House, student: dict[str, Any], wanted: Any, tag: str | None = "*") -> Reply:
    headers = {} if tag is None else {"If-Match": tag}
    path = "/students/me/notification-settings"
    return house.call("student", "PUT", path, wanted, who=themself(student), headers=headers)


def count(house: House, kind: type[Notification | Mail]) -> int:
    with house.modules["student"].primary.read() as session:
        return session.execute(select(func.count()).select_from(kind)).scalar_one()


def test_a_notice_is_told_in_the_language_that_is_asked_for(university: House) -> None:
    zofia = enter(university, ZOFIA)
    facts = notice(zofia["id"])
    hear(university, told(facts))

    (english,) = listed(university, zofia)["items"]
    (polish,) = listed(university, zofia, **{"Accept-Language": "pl"})["items"]

    assert english == {**facts, "title": facts["title"]["en"], "body": facts["body"]["en"], "read_at": None}
    assert (polish["title"], polish["body"]) == (facts["title"]["pl"], facts["body"]["pl"])


def test_the_newest_comes_first_and_pages_go_on(university: House) -> None:
    zofia, piotr = enter(university, ZOFIA), enter(university, PIOTR)
    made = [notice(zofia["id"], at=f"2026-09-2{day}T08:00:00Z") for day in (3, 1, 4, 0, 2)]
    hear(university, *map(told, made), told(notice(piotr["id"])))

    seen, cursor = [], ""
    while cursor is not None:
        page = listed(university, zofia, f"?limit=2&total=true{cursor and '&cursor=' + cursor}")
        assert (page["unread"], page["total"]) == (5, 5)
        seen += [one["at"] for one in page["items"]]
        cursor = page["next"]

    assert seen == sorted((one["at"] for one in made), reverse=True)


def test_a_cursor_of_a_list_that_rises_is_none_of_one_that_falls(university: House) -> None:
    zofia = enter(university, ZOFIA)
    hear(university, *(told(notice(zofia["id"])) for _ in range(2)))
    for day in ("2026-09-20", "2026-09-21"):
        facts = enrollment(zofia["id"], created_at=f"{day}T08:00:00Z")
        university.modules["student"].hearers()["student.study-record"]([event("enrollment.created", 1, facts)])
    rising = university.call("student", "GET", "/students/100001/enrollments?limit=1").json["next"]

    refused = university.call("student", "GET", f"/students/100001/notifications?cursor={rising}")

    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "cursor")


def test_what_is_heard_again_is_told_once(university: House) -> None:
    zofia = enter(university, ZOFIA)
    news = told(notice(zofia["id"]))
    hear(university, news, news)
    hear(university, news)
    hear(university, {**news, "id": new_id()})

    assert listed(university, zofia)["unread"] == count(university, Notification) == 1


def test_what_is_heard_again_stays_read(university: House) -> None:
    zofia = enter(university, ZOFIA)
    facts = notice(zofia["id"])
    hear(university, told(facts))
    path = f"/students/me/notifications/{facts['id']}/read"
    read = university.call("student", "POST", path, who=themself(zofia)).json

    hear(university, told(facts))

    assert listed(university, zofia)["items"] == [read]


def test_notices_may_come_in_any_order(university: House) -> None:
    zofia = enter(university, ZOFIA)
    first, second = (notice(zofia["id"], at=f"2026-09-2{day}T08:00:00Z") for day in (0, 1))
    hear(university, told(second))
    hear(university, told(first))

    assert [one["id"] for one in listed(university, zofia)["items"]] == [second["id"], first["id"]]


def test_of_nobody_nothing_is_kept(university: House) -> None:
    zofia = enter(university, ZOFIA)
    hear(university, told(notice(NOWHERE)), told(notice(zofia["id"])))

    assert count(university, Notification) == 1


def test_news_that_is_no_notice_is_let_pass(university: House) -> None:
    zofia = enter(university, ZOFIA)
    hear(university, event("enrollment.created", 1, enrollment(zofia["id"])), told(notice(zofia["id"])))
    hear(university, event("enrollment.notice.archived", 1, {"id": NOWHERE, "anything": 1}))

    assert count(university, Notification) == 1


def test_a_notification_is_read_from_the_first_time_on(university: House) -> None:
    zofia = enter(university, ZOFIA)
    made = [notice(zofia["id"]) for _ in range(2)]
    hear(university, *map(told, made))
    path = f"/students/me/notifications/{made[0]['id'].upper()}/read"

    first = university.call("student", "POST", path, who=themself(zofia))
    again = university.call("student", "POST", path, who=themself(zofia))

    assert (first.status, again.status, first.json) == (200, 200, again.json)
    assert first.json["read_at"] is not None
    assert listed(university, zofia)["unread"] == 1
    assert [one["id"] for one in listed(university, zofia, "?unread=true")["items"]] == [made[1]["id"]]
    assert [one["id"] for one in listed(university, zofia, "?unread=false")["items"]] == [made[0]["id"]]


def test_all_are_read_at_once(university: House) -> None:
    zofia, piotr = enter(university, ZOFIA), enter(university, PIOTR)
    hear(university, *(told(notice(student["id"])) for student in (zofia, zofia, piotr)))
    path = "/students/me/notifications/read"

    read = university.call("student", "POST", path, who=themself(zofia), headers={"Idempotency-Key": "all"})

    assert (read.status, read.json) == (200, {"unread": 0})
    assert listed(university, zofia, "?unread=true")["items"] == []
    assert listed(university, piotr)["unread"] == 1


@pytest.mark.parametrize(
    ("who", "key", "status"),
    [("zofia", "100002", 403), ("zofia", "100001", 200), ("registrar", "100001", 200), ("instructor", "100001", 403)],
)
@pytest.mark.parametrize("what", ["notifications", "notification-settings"])
def test_notifications_are_a_students_own(university: House, who: str, key: str, status: int, what: str) -> None:
    zofia = enter(university, ZOFIA)
    enter(university, PIOTR)
    callers = {
        "zofia": themself(zofia),
        "registrar": Principal("registrar", frozenset({"registrar"})),
        "instructor": INSTRUCTOR,
    }

    assert university.call("student", "GET", f"/students/{key}/{what}", who=callers[who]).status == status


@pytest.mark.parametrize("roles", [{"registrar"}, {"registrar", "student"}])
def test_nobody_reads_in_anothers_place(university: House, roles: set[str]) -> None:
    zofia, piotr = enter(university, ZOFIA), enter(university, PIOTR)
    facts = notice(zofia["id"])
    hear(university, told(facts))
    other = Principal("somebody", frozenset(roles), student_id=piotr["id"])
    wanted = {"email": False, "language": "en"}

    replies = [
        university.call("student", "POST", "/students/100001/notifications/read", who=other),
        university.call("student", "POST", f"/students/100001/notifications/{facts['id']}/read", who=other),
        university.call("student", "PUT", "/students/100001/notification-settings", wanted, who=other),
    ]

    assert {reply.status for reply in replies} == {403}
    mine = university.call("student", "POST", f"/students/me/notifications/{facts['id']}/read", who=themself(piotr))
    assert (mine.status, mine.json["code"]) == (404, "notification-not-found")
    assert listed(university, zofia)["unread"] == 1


@pytest.mark.parametrize("key", [NOWHERE, "none", "a%20b"])
def test_what_was_never_told_is_not_found(university: House, key: str) -> None:
    zofia = enter(university, ZOFIA)
    refused = university.call("student", "POST", f"/students/me/notifications/{key}/read", who=themself(zofia))

    assert (refused.status, refused.json["code"]) == (404, "notification-not-found")


def test_who_says_nothing_is_written_to_in_polish(university: House) -> None:
    zofia = enter(university, ZOFIA)
    reply = university.call("student", "GET", "/students/me/notification-settings", who=themself(zofia))

    assert (reply.status, reply.json) == (200, {"email": True, "language": "pl"})
    assert reply.headers["ETag"].startswith('"v0-')


def test_settings_change_by_who_has_seen_them(university: House) -> None:
    zofia = enter(university, ZOFIA)
    path, wanted = "/students/me/notification-settings", {"email": False, "language": "en"}
    seen = university.call("student", "GET", path, who=themself(zofia)).headers["ETag"]

    assert change(university, zofia, wanted, None).status == 428
    changed = change(university, zofia, wanted, seen)
    assert (changed.status, changed.json, changed.headers["ETag"]) == (200, wanted, '"v1"')
    assert change(university, zofia, wanted, seen).status == 412
    assert university.call("student", "GET", path, who=themself(zofia)).json == wanted


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ({"email": "yes", "language": "pl"}, {"email"}),
        ({"email": True, "language": "de"}, {"language"}),
        ({"email": True}, {"language"}),
        ({"email": True, "language": "pl", "sms": True}, {"sms"}),
    ],
)
def test_settings_are_taken_literally(university: House, wanted: Any, fields: set[str]) -> None:
    refused = change(university, enter(university, ZOFIA), wanted)

    assert refused.status == 422
    assert {fault["field"] for fault in refused.json["errors"]} == fields


def test_without_a_mail_server_no_mail_is_made(university: House) -> None:
    zofia = enter(university, ZOFIA)
    hear(university, told(notice(zofia["id"])))

    assert count(university, Mail) == 0
