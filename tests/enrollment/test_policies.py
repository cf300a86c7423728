"""A term's policy: nothing is softened until the registrar says so, and nobody overwrites what they have not seen."""

from typing import Any

import pytest

from tests.campus import Campus, a_student
from tests.house import REGISTRAR, Reply
from university.platform.security import Principal

LENIENT = {"severities": {"time-conflict": "warning"}, "max_waiting_ects": 10, "offer_hours": 48}


def asked(campus: Campus, method: str, body: Any = None, who: Principal = REGISTRAR, tag: str = "") -> Reply:
    headers = {"If-Match": tag} if tag else {}
    return campus.house.call("enrollment", method, "/registration-policies/2027L", body, who=who, headers=headers)


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_a_term_of_which_nothing_was_decided_takes_all_rules_strictly(campus: Campus) -> None:
    shown = asked(campus, "GET", who=a_student(campus.student()))

    nothing: dict[str, Any] = {"severities": {}, "max_waiting_ects": None, "offer_hours": 24, "version": 0}
    assert shown.json == {"term_id": campus.term()["id"], **nothing}


def test_a_policy_is_replaced_by_who_has_seen_it(campus: Campus) -> None:
    assert refusal(asked(campus, "PUT", LENIENT)) == (428, "if-match-missing")
    first = asked(campus, "PUT", LENIENT, tag=asked(campus, "GET").headers["ETag"])

    assert (first.status, first.json) == (200, {"term_id": campus.term()["id"], **LENIENT, "version": 1})
    assert refusal(asked(campus, "PUT", LENIENT, tag='"v0"')) == (412, "stale-version")
    assert asked(campus, "GET").json == first.json
    assert asked(campus, "PUT", {**LENIENT, "severities": {}}, tag="*").json["version"] == 2
    assert refusal(asked(campus, "PUT", LENIENT, a_student(campus.student()), "*")) == (403, "role-missing")


@pytest.mark.parametrize(
    ("severities", "field"),
    [
        ({"section-full": "warning"}, "severities.section-full"),
        ({"already-enrolled": "off"}, "severities.already-enrolled"),
        ({"requisites-unknown": "off"}, "severities.requisites-unknown"),
        ({"hold": "perhaps"}, "severities.hold"),
    ],
    ids=str,
)
def test_what_must_stay_strict_is_not_softened(campus: Campus, severities: dict[str, str], field: str) -> None:
    reply = asked(campus, "PUT", {**LENIENT, "severities": severities}, tag="*")

    assert refusal(reply) == (422, "invalid-request")
    assert [fault["field"].startswith(field) for fault in reply.json["errors"]] == [True], reply.body
