"""Other systems call by themselves: let in by an administrator, by secrets shown once, no further than their scopes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.house import Reply
from tests.system.office import ANYHOW, API, NOBODY_HAS, Office, faulty, refusal

BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"scopes": []}, ["scopes"]),
    ({"scopes": ["accounts:read"]}, ["scopes[0]"]),
    ({"roles": ["admin"]}, ["roles[0]"]),
    ({"name": "", "student_id": "1"}, ["name", "student_id"]),
]
"""Changes to an integration that are refused, and the fields that are told."""
ENDED, NO_CLIENT = (401, "invalid-token"), (401, "invalid-client")


def test_an_integration_is_kept_by_administrators(office: Office) -> None:
    wish = {"name": office.named("Boards"), "scopes": ["student:read", "course:read", "student:read"]}
    for who, refused in (("registrar", (403, "role-missing")), (None, (401, "unauthenticated"))):
        for method, path in (("POST", ""), ("GET", ""), ("GET", f"/{NOBODY_HAS}"), ("DELETE", f"/{NOBODY_HAS}")):
            body = wish if method == "POST" else None
            assert refusal(office.ask(method, f"/integrations{path}", body, who=who)) == refused
    for changes, fields in BAD:
        assert faulty(office.ask("POST", "/integrations", {**wish, **changes}, who="admin")) == fields

    made = [office.ask("POST", "/integrations", wish, who="admin", Idempotency_Key=office.mark) for _ in range(2)]
    told = made[0].json
    path = f"/integrations/{told['id']}"

    assert [reply.status for reply in made] == [201, 201]
    assert made[1].json == told
    assert made[0].headers["Location"] == API + path
    assert (told["roles"], told["scopes"], told["disabled"], told["used_at"]) == (
        ["registrar"],
        ["course:read", "student:read"],
        False,
        None,
    )
    assert office.get(path, who="admin") == told
    assert told in office.get("/integrations?limit=200", who="admin")["items"]
    assert refusal(office.ask("POST", "/integrations", wish, who="admin")) == (409, "integration-name-taken")


def test_an_integration_is_changed_by_version_and_removed(office: Office) -> None:
    one, other = (_integration(office, name, "course:read") for name in ("One", "Other"))
    path = f"/integrations/{one['id']}"
    wish = {"scopes": ["enrollment:read"]}

    assert refusal(office.ask("PATCH", path, wish, who="admin")) == (428, "if-match-missing")
    assert refusal(office.ask("PATCH", path, wish, who="admin", If_Match='"v7"')) == (412, "stale-version")
    renamed = office.ask("PATCH", path, {"name": other["name"]}, who="admin", If_Match="*")
    assert refusal(renamed) == (409, "integration-name-taken")
    changed = office.ask("PATCH", path, wish, who="admin", **_match(office, path))

    assert (changed.status, changed.json["scopes"], changed.json["version"]) == (200, ["enrollment:read"], 2)
    assert office.ask("DELETE", path, who="admin").status == 204
    for method, place in (("GET", ""), ("DELETE", ""), ("GET", "/secrets"), ("DELETE", f"/secrets/{NOBODY_HAS}")):
        assert refusal(office.ask(method, path + place, who="admin")) == (404, "integration-not-found")
    assert refusal(office.ask("POST", f"{path}/secrets", {"name": "x"}, who="admin")) == (404, "integration-not-found")


def test_secrets_are_shown_once_and_five_live_side_by_side(office: Office) -> None:
    path = f"/integrations/{_integration(office, 'Boards', 'course:read')['id']}/secrets"
    now = datetime.now(UTC)
    for days in (-1, 800):
        body = {"name": "x", "expires_at": (now + timedelta(days=days)).isoformat()}
        assert faulty(office.ask("POST", path, body, who="admin")) == ["expires_at"]

    made = [office.ask("POST", path, {"name": f"autumn {number}"}, who="admin") for number in range(5)]
    listed = office.ask("GET", path, who="admin")

    assert {(reply.status, reply.headers["Cache-Control"]) for reply in made} == {(201, "no-store")}
    assert [one["id"] for one in listed.json["items"]] == [reply.json["id"] for reply in made]
    assert not [reply for reply in made if reply.json["client_secret"].encode() in listed.body]
    assert refusal(office.ask("POST", path, {"name": "x"}, who="admin")) == (409, "too-many-integration-secrets")
    first = f"{path}/{made[0].json['id']}"
    assert office.ask("DELETE", first, who="admin").status == 204
    assert refusal(office.ask("DELETE", first, who="admin")) == (404, "integration-secret-not-found")
    assert office.ask("POST", path, {"name": "spring"}, who="admin").status == 201


def test_a_system_gets_tokens_for_its_secret_and_for_nothing_else(office: Office) -> None:
    one, other = (_integration(office, name, "student:read") for name in ("One", "Other"))
    secret = _secret(office, one)

    given = _token(office, secret)
    assert (given.status, given.json["expires_in"], given.headers["Cache-Control"]) == (200, 3600, "no-store")
    assert "refresh_token" not in given.json
    for changes in ({"client_secret": "university-secret_x"}, {"client_id": other["id"]}, {"client_id": NOBODY_HAS}):
        assert refusal(_token(office, {**secret, **changes})) == NO_CLIENT
    for changes in ({"client_secret": ""}, {"client_id": "x" * 40}):
        assert faulty(_token(office, {**secret, **changes})) == list(changes)
    assert office.get(f"/integrations/{one['id']}", who="admin")["used_at"] is not None
    assert office.get(f"/integrations/{other['id']}", who="admin")["used_at"] is None


def test_a_system_is_held_to_its_scopes_by_every_module(office: Office) -> None:
    ann, term = office.student(), office.term()
    token = _token(office, _secret(office, _integration(office, "Boards", "student:read", "enrollment:write"))).json
    shown = {"Authorization": f"Bearer {token['access_token']}"}

    def ask(method: str, path: str, body: Any = None) -> Reply:
        return office.system.ask(method, API + path, body, headers=shown)

    assert ask("GET", f"/students/{ann.id}").json["number"] == ann.number
    assert ask("GET", f"/terms/{term['code']}").json["id"] == term["id"]
    for method, path, body, scope in (
        ("GET", f"/enrollments?student_id={ann.id}", None, "enrollment:read"),
        ("GET", "/instructors?limit=1", None, "course:read"),
        ("POST", "/courses", {"code": office.named("B-2"), "title": "B", "ects": 5}, "course:write"),
        ("PATCH", f"/students/{ann.id}", {"stage": 2}, "student:write"),
    ):
        reply = ask(method, path, body)
        assert (refusal(reply), reply.json["scope"]) == ((403, "scope-missing"), scope)
    for path in ("/accounts", "/integrations", "/audit/course", "/auth/sessions"):
        assert ask("GET", path).status == 403, path
    wish = {"student_id": ann.id, "section_ids": [office.section("B-2")]}
    assert ask("POST", "/enrollments", wish).status == 201


def test_what_is_changed_or_removed_ends_the_tokens_given_for_it(office: Office) -> None:
    ann, system = office.student(), _integration(office, "Boards", "student:read")
    path = f"/integrations/{system['id']}"
    old, new = _secret(office, system), _secret(office, system)
    tokens = [_token(office, secret).json["access_token"] for secret in (old, new)]

    assert office.ask("DELETE", f"{path}/secrets/{old['id']}", who="admin").status == 204
    assert refusal(_until_over(office, ann.id, tokens[0])) == ENDED
    assert refusal(_token(office, old)) == NO_CLIENT
    assert office.system.ask("GET", f"{API}/students/{ann.id}", token=tokens[1]).status == 200

    narrowed = {"scopes": ["course:read"]}
    assert office.system.ask("PATCH", API + path, narrowed, role="admin", headers=ANYHOW).status == 200
    assert refusal(_until_over(office, ann.id, tokens[1])) == ENDED
    token = _token(office, new).json["access_token"]
    assert refusal(office.system.ask("GET", f"{API}/students/{ann.id}", token=token)) == (403, "scope-missing")

    disabled = {"disabled": True}
    assert office.system.ask("PATCH", API + path, disabled, role="admin", headers=ANYHOW).status == 200
    assert refusal(_token(office, new)) == NO_CLIENT
    assert refusal(_until_over(office, ann.id, token)) == ENDED
    assert office.ask("DELETE", path, who="admin").status == 204
    assert refusal(_token(office, new)) == NO_CLIENT


def _integration(office: Office, name: str, *scopes: str) -> dict[str, Any]:
    return office.made("/integrations", {"name": office.named(name), "scopes": list(scopes)}, who="admin")


def _secret(office: Office, system: dict[str, Any]) -> dict[str, Any]:
    return office.made(f"/integrations/{system['id']}/secrets", {"name": "autumn"}, who="admin")


def _token(office: Office, secret: dict[str, Any]) -> Reply:
    body = {name: secret[name] for name in ("client_id", "client_secret")}
    return office.system.ask("POST", f"{API}/auth/client-token", body)


def _until_over(office: Office, student_id: str, token: str) -> Reply:
    """Return how a token is refused in the end: another gateway may know it for seconds yet."""
    return office.system.until(lambda reply: reply.status == 401, "GET", f"{API}/students/{student_id}", token=token)


def _match(office: Office, path: str) -> dict[str, str]:
    return {"If_Match": office.ask("GET", path, who="admin").headers["ETag"]}
