"""Signing in is for everybody, accounts and other systems are the administrator's."""

from tests.security.rows import ANYHOW, Row
from tests.security.table.catalog import CHANGING, EVERYBODY
from tests.security.table.students import NUMBER, OWN, STUDENT

#             nobody owner other teacher other registrar admin service
READING = "401 403 403 403 403 403 200 403"
MAKING = "401 403 403 403 403 403 201 403"
ENDING = "401 403 403 403 403 403 204 403"
LEAVING = "204 204 204 204 204 204 204 204"
NOWHERE = "404 404 404 404 404 404 404 404"
ACCOUNT = {"key": "$account"}
KNOWN = {"username": "$student_account", "password": "a long sentence"}
NEW = {"username": "n.new", "password": "a long sentence", "name": "New", "roles": ["registrar"]}
SYSTEM = {"key": "$boards"}
SECRET = {"client_id": "$boards", "client_secret": "$boards_secret"}
BROWSER = {"X-CSRF": "1"}

ROWS = {
    "get_about": Row(EVERYBODY),
    "get_me": Row("401 200 200 200 200 200 200 401"),
    "create_token": Row(EVERYBODY, body=KNOWN),
    # What is refreshed is the token's, whoever sends it; nobody has this one.
    "create_refreshed_token": Row("401 401 401 401 401 401 401 401", body={"refresh_token": "x"}),
    "replace_password": Row(
        "401 200 200 200 200 200 200 409", body={"current": "a long sentence", "new": "another long sentence"}
    ),
    "activate_account": Row(
        LEAVING, body={"username": "$activated", "code": "$code", "password": "another long sentence"}
    ),
    "list_sign_ins": Row("401 200 200 200 200 200 200 200"),
    # Nobody has the sign-in that is named; the caller's own are told and ended by the subject of the token.
    "delete_sign_in": Row("401 404 404 404 404 404 404 404", {"sign_in_id": "01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10"}),
    "delete_other_sign_ins": Row("401 204 204 204 204 204 204 204"),
    "provision_accounts": Row(READING, body={"whom": "students"}),
    "create_account_activation": Row(MAKING, ACCOUNT),
    "delete_token": Row("401 204 204 204 204 204 204 204"),
    "create_session": Row(LEAVING, body=KNOWN, headers=BROWSER),
    "delete_session": Row(LEAVING, headers=BROWSER),
    # No provider is named: at its addresses nothing is, for anybody.
    "get_oidc_login": Row(NOWHERE),
    "get_oidc_callback": Row(NOWHERE),
    "list_accounts": Row(READING),
    "search_accounts": Row(READING, body={"q": "victim"}),
    "create_account": Row(MAKING, body=NEW),
    "get_account": Row(READING, ACCOUNT),
    "get_account that is one's own": Row(READING, {"key": "$student_account"}),
    "change_account": Row(READING, ACCOUNT, body={"name": "Another"}, headers=ANYHOW),
    "delete_account": Row(ENDING, ACCOUNT),
    "create_account_token": Row(MAKING, ACCOUNT),
    "delete_account_tokens": Row(ENDING, ACCOUNT),
    "export_personal_data": Row(OWN, STUDENT),
    "export_personal_data by number": Row(OWN, NUMBER),
    "export_personal_data that is one's own": Row("401 200 200 403 403 404 403 403", {"key": "me"}),
    "erase_student": Row(CHANGING, {"key": "$graduate"}, body={"reason": "As asked."}),
    "create_client_token": Row(EVERYBODY, body=SECRET),
    "list_integrations": Row(READING),
    "create_integration": Row(MAKING, body={"name": "Library", "scopes": ["student:read"]}),
    "get_integration": Row(READING, SYSTEM),
    "change_integration": Row(READING, SYSTEM, body={"disabled": True}, headers=ANYHOW),
    "delete_integration": Row(ENDING, SYSTEM),
    "list_integration_secrets": Row(READING, SYSTEM),
    "create_integration_secret": Row(MAKING, SYSTEM, body={"name": "second"}),
    "delete_integration_secret": Row(ENDING, {**SYSTEM, "secret_id": "$boards_secret_id"}),
}
