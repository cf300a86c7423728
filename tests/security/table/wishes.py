"""What students plan and ask for, what they are allowed, and when and how all may register."""

from typing import Any

from tests.security.rows import ANYHOW, Row
from tests.security.table.catalog import CHANGING, CREATING, REMOVING, SIGNED_IN
from tests.security.table.enrollments import SEEING, TEACHING
from tests.security.table.students import OWN

#                    nobody owner other teacher other registrar admin service
ASKING = "401 201 403 403 403 201 403 403"
LISTED = "401 200 200 403 403 200 403 403"
ADDING = {
    "student_id": "$student",
    "term_id": "2027L",
    "items": [{"action": "add", "section_ids": ["$free_section"]}],
}
DROPPING = {
    "student_id": "$student",
    "term_id": "2027L",
    "items": [{"action": "drop", "enrollment_id": "$enrollment"}],
}
PLAN = {"name": "Second", "items": [{"section_ids": ["$free_section"]}]}
PLANNED, REQUESTED, ALLOWED = {"plan_id": "$plan"}, {"request_id": "$request"}, {"permission_id": "$permission"}
ALLOWING = {"student_id": "$student", "term_id": "2027L", "rules": ["hold"], "reason": "As agreed."}
OPENING = {"name": "More", "opens_at": "2027-01-01T00:00:00Z", "closes_at": "2027-02-01T00:00:00Z", "term_id": "$term"}
WINDOW = {"window_id": "$window"}
POLICY: dict[str, Any] = {"severities": {}, "max_waiting_ects": None, "offer_hours": 24}

ROWS = {
    "create_registration_request": Row(OWN, body=ADDING),
    "create_registration_request to drop": Row(OWN, body=DROPPING),
    "list_plans": Row(LISTED),
    "list_plans of a student": Row(OWN, query={"student_id": "$student"}),
    "create_plan": Row(ASKING, body={**PLAN, "student_id": "$student", "term_id": "2027L"}),
    "get_plan": Row(OWN, PLANNED),
    "replace_plan": Row(OWN, PLANNED, body=PLAN, headers=ANYHOW),
    "delete_plan": Row("401 204 403 403 403 204 403 403", PLANNED),
    "validate_plan": Row(OWN, PLANNED),
    "list_permissions": Row(LISTED),
    "list_permissions of a student": Row(OWN, query={"student_id": "$student"}),
    "create_permission": Row(CREATING, body=ALLOWING),
    "get_permission": Row(OWN, ALLOWED),
    "revoke_permission": Row(REMOVING, ALLOWED),
    "create_consent_request": Row(
        ASKING, body={"student_id": "$student", "section_id": "$free_section", "rules": ["restricted"]}
    ),
    "list_consent_requests": Row("401 200 200 200 200 200 403 403"),
    "list_consent_requests of a student": Row("401 200 403 200 200 200 403 403", query={"student_id": "$student"}),
    "list_consent_requests of a section": Row(
        "401 200 200 200 403 200 403 403", query={"section_id": "$strict_section"}
    ),
    "get_consent_request": Row(SEEING, REQUESTED),
    "grant_consent_request": Row(TEACHING, REQUESTED, body={"reason": "Welcome."}),
    "deny_consent_request": Row(TEACHING, REQUESTED, body={"reason": "No."}),
    "withdraw_consent_request": Row(OWN, REQUESTED),
    "list_registration_windows": Row(SIGNED_IN),
    "create_registration_window": Row(CREATING, body=OPENING),
    "get_registration_window": Row(SIGNED_IN, WINDOW),
    "change_registration_window": Row(CHANGING, WINDOW, body={"name": "All"}, headers=ANYHOW),
    "delete_registration_window": Row(REMOVING, WINDOW),
    "get_registration_policy": Row(SIGNED_IN, {"term": "2027L"}),
    "replace_registration_policy": Row(CHANGING, {"term": "2027L"}, body=POLICY, headers=ANYHOW),
}
