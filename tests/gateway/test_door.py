"""The door from outside: who gets in, what is passed on, what comes back."""

from typing import Any

import pytest

from tests.gateway.conftest import Knock, gateway_house, knocking, sign_in
from tests.gateway.neighbors import STUDENTS, slow
from tests.house import REGISTRAR, House
from university.platform.settings import Settings

PROBLEM = "application/problem+json"


def test_a_request_reaches_its_module_with_a_signed_identity(knock: Knock, token: str) -> None:
    reply = knock("POST", "/api/v1/enrollments?dry=1", {"a": 1}, token=token)

    assert reply.status == 200
    assert reply.json["module"] == "enrollment"
    assert reply.json["caller"] == {"subject": "registrar", "roles": ["registrar"], "student_id": None, "scopes": None}
    assert (reply.json["path"], reply.json["query"], reply.json["bytes"]) == ("/api/v1/enrollments", "dry=1", 7)
    assert reply.json["type"] == "application/json"


def test_a_student_brings_the_students_own_id(knock: Knock) -> None:
    reply = knock("GET", "/api/v1/students/me", token=sign_in(knock, "100002"))

    assert reply.json["caller"]["student_id"] == STUDENTS[1]["id"]


def test_who_brings_no_token_comes_without_identity(knock: Knock) -> None:
    assert knock("GET", "/api/v1/terms").json["caller"] is None


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer wrong", "Basic cmVnaXN0cmFyOmRlbW8=", "Bearer a b", ""])
def test_a_wrong_token_is_worse_than_none(knock: Knock, authorization: str) -> None:
    reply = knock("GET", "/api/v1/terms", headers={"Authorization": authorization})

    assert reply.status == 401
    assert reply.json["code"] == "invalid-token"
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_identity_token_of_a_module_opens_nothing_from_outside(house: House, knock: Knock) -> None:
    forged = house.keyring.sign("gateway", "enrollment", REGISTRAR)

    assert knock("GET", "/api/v1/enrollments", token=forged).status == 401


def test_headers_from_outside_never_speak_for_the_gateway(knock: Knock, token: str) -> None:
    smuggled = {
        "X-Request-Deadline": "1",
        "X-User": "admin",
        "X-Forwarded-For": "10.0.0.1",
        "Cookie": "session=1",
        "Forwarded": "for=10.0.0.1",
        "Proxy-Authorization": "Basic x",
        "Connection": "keep-alive, Idempotency-Key",
    }

    reply = knock("GET", "/api/v1/enrollments", token=token, headers=smuggled)

    seen = reply.json["headers"]
    assert int(seen["X_REQUEST_DEADLINE"]) > 1_000_000
    assert set(seen) == {"AUTHORIZATION", "TRACEPARENT", "X_REQUEST_DEADLINE"}
    assert token not in seen["AUTHORIZATION"]


def test_the_headers_that_modules_read_are_passed_on(knock: Knock) -> None:
    brought = {
        "Accept-Language": "pl",
        "If-Match": '"v1"',
        "If-None-Match": '"v2"',
        "Idempotency-Key": "k",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }

    seen = knock("GET", "/api/v1/terms", headers=brought).json["headers"]

    assert seen["ACCEPT_LANGUAGE"] == "pl"
    assert (seen["IF_MATCH"], seen["IF_NONE_MATCH"], seen["IDEMPOTENCY_KEY"]) == ('"v1"', '"v2"', "k")
    assert seen["TRACEPARENT"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"


def test_the_answer_keeps_what_clients_need_and_loses_its_hops(knock: Knock) -> None:
    headers = knock("GET", "/api/v1/terms").headers

    assert (headers["ETag"], headers["Location"]) == ('"v7"', "/api/v1/somewhere")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Connection", "Server"} & set(headers)


def test_head_brings_the_headers_alone(knock: Knock) -> None:
    reply = knock("HEAD", "/api/v1/terms")

    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/internal/students",
        "/api/v1/../../internal/students",
        "/api/v1/%2e%2e/%2e%2e/internal/students",
        "/api/v1/terms/..%2f..%2f..%2finternal%2fstudents",
        "//internal/students",
        "/api/v1//internal/students",
        "/api/v1/terms/%00",
        "/api/v1/terms/%ff",
        "/openapi.json",
        "/health/live",
        "/metrics",
        "/",
        "/api/v1/nothing",
    ],
)
def test_what_is_not_public_does_not_exist(knock: Knock, token: str, path: str) -> None:
    reply = knock("POST", path, {"numbers": ["100001"]}, token=token)

    assert reply.status == 404
    assert reply.headers["Content-Type"] == PROBLEM
    assert reply.json["code"] == "not-found"
    assert reply.json["trace_id"]


def test_an_unknown_method_is_refused_at_the_door(knock: Knock) -> None:
    reply = knock("BREW", "/api/v1/terms")

    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]


def test_a_body_past_the_limit_is_refused(house: House, knock: Knock, token: str) -> None:
    limit = house.settings.body_limit

    assert knock("POST", "/api/v1/enrollments", b"x" * limit, token=token).json["bytes"] == limit
    reply = knock("POST", "/api/v1/enrollments", b"x" * (limit + 1), token=token)

    assert (reply.status, reply.json["code"]) == (413, "too-large")


def test_only_who_is_signed_in_may_upload_more_than_a_body(house: House, knock: Knock, token: str) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    body = b"x" * (house.settings.body_limit + 1)

    assert knock("POST", "/api/v1/courses/imports", body, token=token, headers=form).json["bytes"] == len(body)
    assert knock("POST", "/api/v1/courses/imports", body, headers=form).status == 413


def test_problems_speak_polish_to_who_asks_for_it(knock: Knock) -> None:
    reply = knock("GET", "/api/v1/nothing", headers={"Accept-Language": "pl,en;q=0.5"})

    assert reply.json["title"] == "Nie ma tu niczego."


def test_a_module_that_is_away_is_a_503_and_says_when_to_come_back(settings: Settings) -> None:
    house = gateway_house(settings, away="enrollment")
    knock = knocking(house)

    reply = knock("POST", "/api/v1/enrollments", {})

    assert (reply.status, reply.json["code"]) == (503, "service-unavailable")
    assert reply.headers["Retry-After"] == "1"
    assert reply.json["detail"] == "Nothing was done; ask again."
    assert "detail" not in knock("GET", "/api/v1/enrollments").json
    house.close()


def test_a_module_that_takes_too_long_is_a_504(settings: Settings) -> None:
    house = gateway_house(settings.model_copy(update={"request_timeout": 0.000001}))
    house.neighborhood.welcome("enrollment", slow)

    reply = knocking(house)("GET", "/api/v1/enrollments")

    assert (reply.status, reply.json["code"]) == (504, "gateway-timeout")
    house.close()


def test_a_surprise_is_a_problem_that_tells_nothing(house: House, knock: Knock) -> None:
    def broken(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise ZeroDivisionError("a secret")

    house.neighborhood.welcome("enrollment", broken)

    reply = knock("GET", "/api/v1/enrollments")

    assert (reply.status, reply.headers["Content-Type"]) == (500, PROBLEM)
    assert b"secret" not in reply.body
