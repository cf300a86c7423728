"""A system's roles reach no further than the scopes it was given; a person has none and needs none."""

import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from joserfc import jwt

from tests.house import NOBODY, REGISTRAR, House
from tests.platform.asking import SOLARIS, ask, buy, problem_of, raw
from university.platform import security
from university.platform.security import InvalidIdentity, Keyring, Principal, ScopeMissing

LIBRARIAN = frozenset({"registrar"})
READS = Principal("catalog", LIBRARIAN, scopes=frozenset({"library:read"}))
WRITES = Principal("purchases", LIBRARIAN, scopes=frozenset({"library:write"}))
NOTHING = Principal("nothing", LIBRARIAN, scopes=frozenset())
ELSEWHERE = Principal("elsewhere", LIBRARIAN, scopes=frozenset({"course:read", "course:write", "library"}))
CHANGES = [
    ("POST", "/books", SOLARIS),
    ("PATCH", "/books/LEM-1", {"title": "Solaris"}),
    ("DELETE", "/books/LEM-1", None),
    ("POST", "/books/LEM-1/loans", None),
    ("POST", "/scans", None),
]


@pytest.fixture
def document(desk: House) -> dict[str, Any]:
    """The operations of the library's document by name."""
    paths = msgspec.json.decode(raw(desk, "GET", "/openapi.json", {}).body)["paths"]
    return {one["operationId"]: one for path in paths.values() for one in path.values() if "operationId" in one}


@pytest.mark.parametrize("who", [READS, NOTHING, ELSEWHERE], ids=lambda who: who.subject)
@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_system_without_the_scope_changes_nothing(
    desk: House, who: Principal, method: str, path: str, body: Any
) -> None:
    reply = ask(desk, method, path, body, who=who)

    assert problem_of(reply) == (403, "scope-missing")
    assert reply.json["scope"] == "library:write"


def test_a_system_with_the_scope_does_what_its_roles_may(desk: House) -> None:
    assert ask(desk, "POST", "/books", SOLARIS, who=WRITES).status == 201
    assert problem_of(ask(desk, "GET", "/readers/me", who=WRITES)) == (403, "scope-missing")
    assert ask(desk, "GET", "/readers/me", who=READS).json["reader"] == "catalog"


def test_a_scope_gives_no_role(desk: House) -> None:
    who = Principal("reader", frozenset({"student"}), scopes=frozenset({"library:write"}))

    assert problem_of(ask(desk, "POST", "/books", SOLARIS, who=who)) == (403, "role-missing")


def test_what_keeps_nothing_reads_whatever_its_method(desk: House) -> None:
    assert ask(desk, "POST", "/weighings", SOLARIS, who=READS).status == 204
    refused = ask(desk, "POST", "/weighings", SOLARIS, who=WRITES)
    assert (refused.status, refused.json["scope"]) == (403, "library:read")


@pytest.mark.parametrize(
    "who", [READS, WRITES, NOTHING, ELSEWHERE, NOBODY], ids=lambda who: who.subject if who else "nobody"
)
def test_what_is_public_stays_so(desk: House, who: Principal | None) -> None:
    buy(desk, "LEM-1")

    assert ask(desk, "GET", "/books/LEM-1", who=who).status == 200


def test_a_person_needs_no_scope(desk: House) -> None:
    assert ask(desk, "POST", "/books", SOLARIS, who=REGISTRAR).status == 201


@pytest.mark.parametrize("who", [NOTHING, ELSEWHERE], ids=lambda who: who.subject)
def test_internal_operations_are_no_system_s_from_outside(desk: House, who: Principal) -> None:
    headers = {"Authorization": f"Bearer {desk.keyring.sign('gateway', 'library', who)}"}

    assert raw(desk, "GET", "/internal/books/LEM-1", headers).status == 403


def test_a_token_carries_the_scopes_there_and_back() -> None:
    keyring = Keyring.ephemeral("gateway")

    for who in (READS, NOTHING, REGISTRAR):
        assert keyring.verify("library", keyring.sign("gateway", "library", who)) == who
    assert REGISTRAR.scopes is None
    assert NOTHING.scopes == frozenset()


def told() -> dict[str, Any]:
    """Return the claims of a good token without scopes."""
    now = int(time.time())
    return {"iss": "gateway", "aud": "library", "sub": "x", "roles": ["registrar"], "iat": now, "exp": now + 100}


@pytest.mark.parametrize("scopes", ["library:read", {"library:read": True}, [["library:read"]], 5, None], ids=str)
def test_scopes_that_are_no_list_of_words_are_not_believed(scopes: Any) -> None:
    keyring = Keyring.ephemeral("gateway")
    claims = {**told(), "scopes": scopes}
    header = {"alg": "ES256", "typ": "limited-identity+jwt", "kid": "gateway"}

    with pytest.raises(InvalidIdentity):
        keyring.verify("library", jwt.encode(header, claims, keyring.private["gateway"]))


def test_a_token_s_type_tells_whether_scopes_limit_it() -> None:
    """So a part of the university that knows nothing of scopes yet refuses such a token instead of overlooking them."""
    keyring = Keyring.ephemeral("gateway")
    limits = {"scopes": ["library:read"]}

    def shown(kind: str, claims: dict[str, Any]) -> Principal:
        header = {"alg": "ES256", "typ": kind, "kid": "gateway"}
        return keyring.verify("library", jwt.encode(header, claims, keyring.private["gateway"]))

    assert shown("identity+jwt", told()).scopes is None
    assert shown("limited-identity+jwt", {**told(), **limits}).scopes == frozenset({"library:read"})
    for kind, more in (("identity+jwt", limits), ("limited-identity+jwt", {})):
        with pytest.raises(InvalidIdentity):
            shown(kind, {**told(), **more})


def test_the_scope_is_asked_for_beside_the_role() -> None:
    with security.calling(READS):
        assert security.authorize("registrar", scope="library:read") == READS
        with pytest.raises(ScopeMissing):
            security.authorize("registrar", scope="library:write")


def test_the_document_tells_the_scope_of_each_operation(document: dict[str, Any]) -> None:
    told = {name: operation.get("x-scope") for name, operation in document.items()}

    assert told["create_book"] == told["delete_book"] == "library:write"
    assert told["get_reader"] == told["weigh_book"] == "library:read"
    assert told["list_books"] is None
    refusals = document["create_book"]["responses"]["403"]["content"]["application/problem+json"]["examples"]
    assert {"role-missing", "scope-missing"} <= set(refusals)


@pytest.fixture(autouse=True)
def nobody_is_remembered() -> Iterator[None]:
    """Whoever called is forgotten once the request is over."""
    yield
    assert security.caller() is None
