"""Browser sessions: a cookie that only its browser holds, and changes that only our own pages can send."""

from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.gateway.conftest import ADMIN, Knock, another_process, gateway_house, knocking
from tests.gateway.neighbors import STUDENTS
from tests.house import House, Reply
from university.gateway import rules
from university.gateway.clients import People
from university.gateway.models import AccessToken
from university.gateway.service.demo import Demo
from university.gateway.service.guarding import Guard
from university.gateway.service.signing_in import InvalidSession, SigningIn
from university.platform import database
from university.platform.settings import Settings

SESSION = "/api/v1/auth/session"
OURS = {"X-CSRF": "1", "Host": "uni.example:8000", "Origin": "http://uni.example:8000", "Sec-Fetch-Site": "same-origin"}
NEVER_GIVEN = "university-session_" + "a" * 43
NOON = datetime.fromisoformat("2026-10-01T12:00:00Z")


def begin(knock: Knock, username: str = "registrar", **headers: str) -> str:
    """Sign in as a browser; return the `Cookie` header it sends from now on."""
    reply = knock("POST", SESSION, {"username": username, "password": "demo"}, headers=OURS | headers)
    assert (reply.status, reply.body) == (204, b""), reply.body
    return cookie_of(reply)


def cookie_of(reply: Reply) -> str:
    """Return what a browser sends after this answer."""
    (morsel,) = SimpleCookie(reply.headers["Set-Cookie"]).values()
    return f"{morsel.key}={morsel.value}"


def flags_of(reply: Reply) -> set[str]:
    """Return what a browser is told of a cookie."""
    return set(reply.headers["Set-Cookie"].split("; ")[1:])


@pytest.fixture
def cookie(knock: Knock) -> str:
    """A registrar's session."""
    return begin(knock)


def test_a_browser_signs_in_and_is_known_by_its_cookie(knock: Knock) -> None:
    cookie = begin(knock, "100002")

    me = knock("GET", "/api/v1/auth/me", headers={"Cookie": cookie})
    mine = knock("GET", "/api/v1/students/me", headers={"Cookie": f"theme=dark; {cookie}; other=1"})

    assert (me.status, me.json["username"], me.json["roles"]) == (200, "100002", ["student"])
    assert mine.json["caller"]["student_id"] == STUDENTS[1]["id"]


def test_the_cookie_is_hidden_from_scripts_and_other_sites(knock: Knock) -> None:
    reply = knock("POST", SESSION, {"username": "registrar", "password": "demo"}, headers=OURS)

    assert reply.headers["Set-Cookie"].startswith("session=university-session_")
    assert flags_of(reply) == {"Path=/", "HttpOnly", "SameSite=Lax"}
    assert reply.headers["Cache-Control"] == "no-store"


def test_in_production_the_cookie_is_sent_by_https_alone_and_nobody_else_can_set_it(settings: Settings) -> None:
    house = gateway_house(settings.model_copy(update={"mode": "production"}))
    wish = {"username": "office", "password": "a long sentence", "name": "Jan Kowalski", "roles": ["registrar"]}
    house.call("gateway", "POST", "/accounts", wish, who=ADMIN)
    knock = knocking(house)

    reply = knock("POST", SESSION, {"username": "office", "password": "a long sentence"}, headers=OURS)

    assert reply.headers["Set-Cookie"].startswith("__Host-session=")
    assert flags_of(reply) == {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
    cookie = cookie_of(reply)
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": cookie}).status == 200
    plain = cookie.removeprefix("__Host-")
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": plain}).status == 401
    house.close()


def test_a_wrong_password_begins_no_session(knock: Knock, house: House) -> None:
    reply = knock("POST", SESSION, {"username": "registrar", "password": "wrong"}, headers=OURS)

    assert (reply.status, reply.json["code"]) == (401, "invalid-credentials")
    assert "Set-Cookie" not in reply.headers
    assert _kept(house) == 0


def test_the_store_keeps_no_session_that_could_be_shown(knock: Knock, house: House) -> None:
    text = begin(knock).partition("=")[2]

    with house.modules["gateway"].primary.read() as session:
        kept = session.scalars(select(AccessToken)).one()
    assert text not in repr(vars(kept))
    assert (len(kept.digest), kept.ends_at) == (32, kept.issued_at + timedelta(hours=12))
    assert kept.expires_at == kept.issued_at + timedelta(hours=2)


def test_a_session_is_no_token_and_a_token_no_session(knock: Knock, cookie: str, token: str) -> None:
    session = cookie.partition("=")[2]

    assert knock("GET", "/api/v1/auth/me", token=session).json["code"] == "invalid-token"
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": f"session={token}"}).json["code"] == "invalid-session"


def test_two_windows_of_one_browser_share_a_session_and_two_browsers_do_not(knock: Knock) -> None:
    first, second = begin(knock), begin(knock)

    knock("DELETE", SESSION, headers=OURS | {"Cookie": first})

    assert [knock("GET", "/api/v1/auth/me", headers={"Cookie": one}).status for one in (first, first)] == [401, 401]
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": second}).status == 200


def test_signing_out_ends_the_session_on_the_server_at_once(knock: Knock, house: House, cookie: str) -> None:
    assert knock("GET", "/api/v1/terms", headers={"Cookie": cookie}).status == 200

    reply = knock("DELETE", SESSION, headers=OURS | {"Cookie": cookie})

    assert (reply.status, reply.headers["Set-Cookie"]) == (
        204, "session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    )  # fmt: skip
    assert knock("GET", "/api/v1/terms", headers={"Cookie": cookie}).status == 401
    assert _kept(house) == 0


def test_another_process_notices_the_end_of_a_session(house: House, cookie: str, knock: Knock) -> None:
    elsewhere = another_process(house)
    session = cookie.partition("=")[2]
    assert elsewhere.visitor(session).subject == "registrar"

    knock("DELETE", SESSION, headers=OURS | {"Cookie": cookie})

    with pytest.raises(InvalidSession):
        elsewhere.visitor(session)


@pytest.mark.parametrize("cookie", [None, f"session={NEVER_GIVEN}", "session=x"])
def test_who_is_signed_out_already_stays_so(knock: Knock, cookie: str | None) -> None:
    reply = knock("DELETE", SESSION, headers=OURS | ({"Cookie": cookie} if cookie else {}))

    assert reply.status == 204


@pytest.mark.parametrize("forged", [NEVER_GIVEN, "x", "university-session_" + "ą" * 43, "a" * 5000])
def test_a_forged_session_opens_nothing_and_is_taken_back(knock: Knock, forged: str) -> None:
    reply = knock("GET", "/api/v1/terms", headers={"Cookie": f"session={forged}"})

    assert (reply.status, reply.json["code"]) == (401, "invalid-session")
    assert reply.headers["Set-Cookie"].startswith("session=; Max-Age=0;")


def test_changing_an_account_ends_its_sessions(knock: Knock, house: House) -> None:
    wish = {"username": "office", "password": "a long sentence", "name": "Jan Kowalski", "roles": ["registrar"]}
    house.call("gateway", "POST", "/accounts", wish, who=ADMIN)
    reply = knock("POST", SESSION, {"username": "office", "password": "a long sentence"}, headers=OURS)
    headers = {"Cookie": cookie_of(reply)}
    assert knock("GET", "/api/v1/terms", headers=headers).status == 200

    house.call("gateway", "PATCH", "/accounts/office", {"disabled": True}, who=ADMIN, headers={"If-Match": "*"})

    assert knock("GET", "/api/v1/terms", headers=headers).status == 401


def test_a_cookie_offered_before_signing_in_is_not_adopted(knock: Knock) -> None:
    planted = f"session={NEVER_GIVEN}"

    cookie = begin(knock, Cookie=planted)

    assert cookie != planted
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": planted}).status == 401


def test_signing_in_again_ends_the_session_before(knock: Knock, cookie: str) -> None:
    later = begin(knock, "100001", Cookie=cookie)

    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": later}).json["username"] == "100001"
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": cookie}).status == 401


def test_a_token_goes_before_a_cookie(knock: Knock, cookie: str) -> None:
    student = knock("POST", "/api/v1/auth/token", {"username": "100001", "password": "demo"}).json["access_token"]

    me = knock("GET", "/api/v1/auth/me", token=student, headers={"Cookie": cookie})
    change = knock("POST", "/api/v1/enrollments", {}, token=student, headers={"Cookie": cookie})

    assert me.json["username"] == "100001"
    assert change.json["caller"]["student_id"] == STUDENTS[0]["id"]


def test_a_module_never_sees_a_cookie(knock: Knock, cookie: str) -> None:
    seen = knock("POST", "/api/v1/enrollments", {}, headers=OURS | {"Cookie": cookie}).json

    assert seen["caller"]["roles"] == ["registrar"]
    assert not {"COOKIE", "X_CSRF", "ORIGIN", "SEC_FETCH_SITE"} & set(seen["headers"])
    assert cookie.partition("=")[2] not in str(seen)


FOREIGN: dict[str, dict[str, str | None]] = {
    "no header": {"X-CSRF": None},
    "another value": {"X-CSRF": "0"},
    "another host": {"Origin": "http://evil.example"},
    "another port": {"Origin": "http://uni.example:8001"},
    "a host below": {"Origin": "http://www.uni.example:8000"},
    "no origin to tell": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "an origin that is none": {"Origin": "http://uni.example:x"},
    "the host as a user": {"Origin": "http://uni.example:8000@evil.example"},
    "no host to tell": {"Origin": "null", "Host": ""},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sibling": {"Sec-Fetch-Site": "same-site"},
    "a form": {
        "X-CSRF": None, "Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example",
    },
}  # fmt: skip


@pytest.mark.parametrize("offense", FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/enrollments"),
        ("PATCH", "/api/v1/courses/1"),
        ("PUT", "/api/v1/plans/1"),
        ("DELETE", "/api/v1/plans/1"),
        ("DELETE", SESSION),
        ("POST", SESSION),
        ("POST", "/api/v1/auth/token"),
    ],
)
def test_a_change_by_cookie_that_another_page_may_have_sent_is_not_passed_on(
    knock: Knock, cookie: str, offense: str, method: str, path: str
) -> None:
    told: dict[str, str | None] = {**OURS, **FOREIGN[offense], "Cookie": cookie}
    sent = {name: value for name, value in told.items() if value is not None}

    reply = knock(method, path, {"username": "registrar", "password": "demo"}, headers=sent)

    assert (reply.status, reply.json["code"]) == (403, "csrf-failed")
    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": cookie}).status == 200


def test_nobody_is_signed_in_by_another_site_even_without_a_cookie(knock: Knock) -> None:
    body = {"username": "registrar", "password": "demo"}

    for headers in ({}, {"X-CSRF": "1", "Origin": "http://evil.example"}):
        assert knock("POST", SESSION, body, headers=headers).json["code"] == "csrf-failed"


def test_a_browser_that_tells_no_origin_is_believed_the_header_alone(knock: Knock, cookie: str) -> None:
    assert knock("POST", "/api/v1/enrollments", {}, headers={"X-CSRF": "1", "Cookie": cookie}).status == 200


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://uni.example", "uni.example:80"),
        ("https://uni.example", "uni.example:443"),
        ("https://uni.example", "Uni.Example"),
        ("https://uni.example:8443", "uni.example:8443"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_an_origin_is_known_however_its_port_is_told(knock: Knock, cookie: str, origin: str, host: str) -> None:
    headers = OURS | {"Cookie": cookie, "Origin": origin, "Host": host}

    assert knock("POST", "/api/v1/enrollments", {}, headers=headers).status == 200


def test_reading_needs_no_header(knock: Knock, cookie: str) -> None:
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}

    assert [knock(method, "/api/v1/terms", headers=headers).status for method in ("GET", "HEAD")] == [200, 200]


def test_a_form_begins_no_session(knock: Knock) -> None:
    form = OURS | {"Content-Type": "application/x-www-form-urlencoded"}

    assert knock("POST", SESSION, b"username=registrar&password=demo", headers=form).status == 415


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/auth/me", 405), ("POST", "/accounts/a/b/c", 404)])
def test_what_is_wrong_with_an_address_is_told_before_what_is_wrong_with_the_sender(
    knock: Knock, cookie: str, method: str, path: str, status: int
) -> None:
    assert knock(method, f"/api/v1{path}", headers={"Cookie": cookie}).status == status


@pytest.mark.parametrize(
    ("unheard", "signed_in", "status"),
    [
        (timedelta(hours=1, minutes=59), timedelta(hours=3), 200),
        (timedelta(hours=2, seconds=1), timedelta(hours=3), 401),
        (timedelta(minutes=1), timedelta(hours=11, minutes=59), 200),
        (timedelta(minutes=1), timedelta(hours=12, seconds=1), 401),
    ],
)
def test_a_session_ends_two_hours_after_it_was_used_and_after_twelve_hours_at_all(
    house: House, knock: Knock, cookie: str, unheard: timedelta, signed_in: timedelta, status: int
) -> None:
    _age(house, unheard, signed_in)

    assert knock("GET", "/api/v1/auth/me", headers={"Cookie": cookie}).status == status


def test_a_session_in_use_lasts_on_and_costs_one_write_a_minute(house: House, cookie: str) -> None:
    signing_in = another_process(house)
    session = cookie.partition("=")[2]
    _age(house, timedelta(seconds=50), timedelta(hours=1))
    before = _expiry(house)

    signing_in.visitor(session)
    assert _expiry(house) == before

    _age(house, timedelta(seconds=70), timedelta(hours=1))
    before = _expiry(house)
    signing_in.visitor(session)
    assert timedelta(seconds=65) < _expiry(house) - before < timedelta(seconds=100)


def test_a_session_is_prolonged_by_no_more_than_its_idle_time_and_never_past_its_end() -> None:
    end = NOON + timedelta(hours=6)

    assert rules.prolonged(NOON, NOON + timedelta(hours=1), end) == NOON + rules.IDLE
    assert rules.prolonged(end - timedelta(minutes=5), end - timedelta(minutes=90), end) == end
    assert rules.prolonged(end - timedelta(minutes=4), end, end) is None
    assert rules.prolonged(NOON + timedelta(seconds=59), NOON + rules.IDLE, end) is None


def test_a_session_ended_while_it_was_looked_up_is_not_remembered(house: House, cookie: str) -> None:
    """The process that ends a session must not recognize it a moment later by what it read a moment before."""
    gateway, session = house.modules["gateway"], cookie.partition("=")[2]
    demo, guard = Demo(gateway.injector.get(People)), gateway.injector.get(Guard)

    class Overtaken(SigningIn):
        def _look_up(self, digest: bytes, refusal: Any) -> Any:
            found = super()._look_up(digest, refusal)
            self.end_session(session)
            return found

    signing_in = Overtaken(gateway.primary, demo, guard)
    signing_in.visitor(session)

    with pytest.raises(InvalidSession):
        signing_in.visitor(session)


def _kept(house: House) -> int:
    with house.modules["gateway"].primary.read() as session:
        return session.scalars(select(func.count()).select_from(AccessToken)).one()


def _expiry(house: House) -> datetime:
    with house.modules["gateway"].primary.read() as session:
        return session.scalars(select(AccessToken.expires_at)).one()


def _age(house: House, unheard: timedelta, signed_in: timedelta) -> None:
    """Let it be so long ago that the session's browser was heard of, and that its person signed in."""
    with house.modules["gateway"].primary.begin() as session:
        now = database.now(session)
        begun = now - signed_in
        ends = begun + rules.LONGEST
        expires = min(now - unheard + rules.IDLE, ends)
        session.execute(update(AccessToken).values(issued_at=begun, expires_at=expires, ends_at=ends))
