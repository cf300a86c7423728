"""Which fields others than the registrar and the administrator may send, and which personal ones they are told."""

PERSONAL = {"email", "given_name", "family_name", "student_id", "contact", "username", "issued_by", "revoked_by"}
"""Names of fields that tell of somebody; the document names them wherever one is told."""

SENT = {
    "check_requisites": {
        *("completed", "completed.course", "completed.ects", "completed.grade", "completed.term"),
        *("in_progress", "in_progress.course", "in_progress.ects", "in_progress.term", "requested", "term"),
        *("standing", "standing.consents", "standing.ects", "standing.gpa", "standing.groups", "standing.program"),
        *("standing.stage", "standing.tests", "standing.tests.name", "standing.tests.score"),
    },
    "verify_student": {"term_id"},
    "make_timetable_feed": {"language", "name"},
    "replace_notification_settings": {"email", "language"},
    "create_enrollment": {"drop_enrollment_id", "section_ids", "student_id", "waitlist"},
    "create_registration_request": {
        *("dry_run", "mode", "student_id", "term_id", "items", "items.action", "items.drop_enrollment_id"),
        *("items.enrollment_id", "items.section_ids", "items.waitlist"),
    },
    "create_plan": {"items", "items.section_ids", "name", "student_id", "term_id"},
    "replace_plan": {"items", "items.section_ids", "name"},
    "replace_grade": {"attempt", "grade", "reason"},
    "post_section_grades": {
        *("grades", "grades.attempt", "grades.enrollment_id", "grades.grade", "grades.reason", "grades.student"),
        "grades.version",
    },
    "create_consent_request": {"asked_of", "message", "rules", "section_id", "student_id"},
    "grant_consent_request": {"expires_at", "reason", "uses"},
    "deny_consent_request": {"reason"},
    "create_token": {"password", "username"},
    "create_client_token": {"client_id", "client_secret"},
    "create_session": {"password", "username"},
    "replace_password": {"current", "new"},
    "activate_account": {"code", "password", "username"},
}
"""The whole body of every operation that lets in students, instructors or everybody; nothing here decides for others.

What only the registrar decides is in none of them: a status, who issued something, roles, another's standing.
"""

_PERSON = {"student.given_name", "student.family_name", "student_id"}
_ISSUED = {"issued_by", "revoked_by"}
_TEACHER = {"instructors.given_name", "instructors.family_name"}
TOLD = {
    "get_instructor": {"email", "family_name", "given_name"},
    "list_offerings": {f"items.sections.{one}" for one in _TEACHER},
    "get_offering": {f"sections.{one}" for one in _TEACHER},
    "list_sections": {f"items.{one}" for one in _TEACHER},
    "get_section": _TEACHER,
    "get_student": {"email", "family_name", "given_name"},
    "export_personal_data": {"student_id"},
    "list_holds": {"items.contact"},
    "verify_student": {"holds.contact", "student_id"},
    "list_recorded_enrollments": {"items.student_id"},
    "get_transcript": {"student.family_name", "student.given_name"},
    "list_notifications": {"items.student_id"},
    "read_notification": {"student_id"},
    "get_notification_settings": {"email"},
    "replace_notification_settings": {"email"},
    **dict.fromkeys(
        (
            *("create_enrollment", "drop_enrollment", "withdraw_enrollment", "accept_enrollment"),
            *("decline_enrollment", "get_enrollment", "create_plan", "get_plan", "replace_plan", "replace_grade"),
        ),
        frozenset({"student_id"}),
    ),
    **dict.fromkeys(
        (
            *("list_enrollments", "list_completed_courses", "list_plans"),
            *("post_section_grades", "import_section_grades"),
        ),
        frozenset({"items.student_id"}),
    ),
    **dict.fromkeys(("create_registration_request", "validate_plan"), frozenset({"items.enrollment.student_id"})),
    "get_roster": {"items.email", "items.family_name", "items.given_name", "items.student_id"},
    "list_waitlist": {"items.family_name", "items.given_name", "items.student_id"},
    "list_permissions": {f"items.{one}" for one in (*_PERSON, *_ISSUED)},
    "get_permission": {*_PERSON, *_ISSUED},
    "list_consent_requests": {f"items.{one}" for one in _PERSON},
    **dict.fromkeys(
        (
            *("create_consent_request", "get_consent_request", "withdraw_consent_request"),
            *("grant_consent_request", "deny_consent_request"),
        ),
        _PERSON,
    ),
    "get_me": {"student_id", "username"},
}
"""The personal fields of every operation that lets in others than the registrar and the administrator.

Everybody is told of those who teach, by name; an e-mail address is for oneself, and for who teaches one.
"""
