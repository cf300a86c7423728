"""Nobody reaches another's things by naming them inside a request about their own, and lists hold one's own only."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.house import Reply, ids
from tests.security.rows import filled
from tests.security.world import World

Borrowing = tuple[str, str, str, Any]
"""Who asks, the method, the path and the body; `$o_name` is a thing of the other side."""

INSIDE: list[Borrowing] = [
    ("owner", "POST", "/enrollments", {"student_id": "$o_student", "section_ids": ["$free_section"]}),
    (
        "owner",
        "POST",
        "/enrollments",
        {"student_id": "me", "section_ids": ["$free_section"], "drop_enrollment_id": "$o_enrollment"},
    ),
    *[
        (
            "owner",
            "POST",
            "/registration-requests",
            {"student_id": "me", "term_id": "2027L", "mode": mode, "items": [item]},
        )
        for mode in ("all_or_nothing", "best_effort")
        for item in (
            {"action": "drop", "enrollment_id": "$o_enrollment"},
            {"action": "swap", "drop_enrollment_id": "$o_enrollment", "section_ids": ["$free_section"]},
            {"action": "change_sections", "enrollment_id": "$o_enrollment", "section_ids": ["$o_section"]},
        )
    ],
    ("owner", "POST", "/plans", {"student_id": "$o_number", "term_id": "2027L", "name": "Mine", "items": []}),
    (
        "owner",
        "POST",
        "/consent-requests",
        {"student_id": "$o_number", "section_id": "$free_section", "rules": ["restricted"]},
    ),
    ("owner", "DELETE", "/students/{student}/timetable-feeds/{o_feed}", None),
    ("owner", "GET", "/students/{student}/timetable.ics?token={o_feed_token}", None),
    ("owner", "POST", "/students/{student}/notifications/{o_notification}/read", None),
    ("owner", "POST", "/students/me/notifications/{o_notification}/read", None),
    (
        "teacher",
        "POST",
        "/sections/{section}/grades",
        {"grades": [{"enrollment_id": "$o_enrollment", "grade": "5.0"}]},
    ),
    ("teacher", "POST", "/sections/{section}/grades", {"grades": [{"student": "$o_number", "grade": "5.0"}]}),
    ("teacher", "GET", "/enrollments?section_id={section}&student_id={o_student}", None),
    ("teacher", "GET", "/consent-requests?section_id={o_strict_section}", None),
    ("teacher", "GET", "/consent-requests?student_id={o_student}", None),
    ("registrar", "DELETE", "/students/{student}/holds/{o_hold}", None),
    ("registrar", "DELETE", "/students/{student}/test-scores/{o_score}", None),
    ("registrar", "DELETE", "/students/{student}/credits-recognized/{o_credit}", None),
    (
        "registrar",
        "POST",
        "/registration-requests",
        {
            "student_id": "$student",
            "term_id": "2027L",
            "items": [{"action": "drop", "enrollment_id": "$o_enrollment"}],
        },
    ),
]


def names(world: World) -> dict[str, str]:
    """Return the names of one side's things, and those of the other side's with `o_` before."""
    return world.facts["a"] | {f"o_{name}": value for name, value in world.facts["b"].items()}


def asked(world: World, caller: str, method: str, path: str, body: Any = None) -> Reply:
    facts = names(world)
    account = world.account(caller, "a")
    assert account is not None
    target = f"/api/v1{filled(path, facts)}"
    return world.knock(method, target, filled(body, facts), token=world.tokens[account])


@pytest.mark.parametrize("borrowing", INSIDE, ids=lambda one: f"{one[0]}-{one[1]}-{one[2]}")
def test_another_s_thing_named_inside_is_out_of_reach(world: World, borrowing: Borrowing) -> None:
    reply = asked(world, *borrowing)

    assert reply.status < HTTPStatus.INTERNAL_SERVER_ERROR
    assert not world.was_changed()
    if reply.status == HTTPStatus.OK:
        assert reply.json.get("outcome") == "refused" or reply.json["items"] == []
        assert names(world)["o_student"] not in reply.body.decode()


@pytest.mark.parametrize("caller", ["owner", "teacher", "registrar"])
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/enrollments", "enrollment"),
        ("/plans", "plan"),
        ("/permissions", "permission"),
        ("/consent-requests", "request"),
    ],
)
def test_a_list_without_a_filter_holds_one_s_own_only(world: World, path: str, named: str, caller: str) -> None:
    facts, reply = names(world), asked(world, caller, "GET", f"{path}?limit=200")
    if caller == "teacher" and path != "/consent-requests":
        assert reply.status == HTTPStatus.FORBIDDEN
        return

    found = ids(reply.json["items"])

    assert facts[named] in found
    assert (facts[f"o_{named}"] in found) == (caller == "registrar")
    if caller == "owner":
        assert {item["student_id"] for item in reply.json["items"]} == {facts["student"]}
