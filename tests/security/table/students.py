"""Students and what is kept of them: for themselves to read, for the registrar to read and write."""

from tests.security.rows import ANYHOW, Row
from tests.security.table.catalog import CHANGING, CREATING, READING, REMOVING, TAKING_IN, UPLOAD, UPLOADED

#           nobody owner other teacher other registrar admin service
OWN = "401 200 403 403 403 200 403 403"
THEMSELVES = "401 200 403 403 403 403 403 403"
NEW = {"number": "900001", "given_name": "Ola", "family_name": "Nowak", "email": "ola@example.edu"}
HOLD = {"reason": "A fee", "contact": "fees@example.edu", "effects": ["block-add"]}
CREDIT = {"course": "CHEM-1", "grade": "4.0", "ects": 5, "term": "2025Z"}
STUDENT, NUMBER = {"key": "$student"}, {"key": "$number"}

ROWS = {
    "list_students": Row(READING),
    "search_students": Row(READING, body={"q": "nobody"}),
    "create_student": Row(CREATING, body=NEW),
    "export_students": Row(READING, {"table": "users"}),
    "import_students": Row(TAKING_IN, query={"dry_run": "true"}, body=UPLOAD, headers=UPLOADED),
    "get_student_import": Row(READING, {"job_id": "$students_job"}),
    "get_student": Row(OWN, STUDENT),
    "get_student by number": Row(OWN, NUMBER),
    "change_student": Row(CHANGING, STUDENT, body={"stage": 3}, headers=ANYHOW),
    "list_holds": Row(OWN, STUDENT),
    "place_hold": Row(CREATING, STUDENT, body=HOLD),
    "lift_hold": Row(REMOVING, {**STUDENT, "hold_id": "$hold"}),
    "verify_student": Row(OWN, STUDENT, body={"term_id": "$term"}),
    "list_recognized_credits": Row(OWN, STUDENT),
    "recognize_credit": Row(CREATING, STUDENT, body=CREDIT),
    "withdraw_recognized_credit": Row(REMOVING, {**STUDENT, "credit_id": "$credit"}),
    "list_test_scores": Row(OWN, STUDENT),
    "record_test_score": Row(CREATING, STUDENT, body={"name": "C1", "score": 90}),
    "strike_test_score": Row(REMOVING, {**STUDENT, "score_id": "$score"}),
    "list_recorded_enrollments": Row(OWN, STUDENT),
    "get_timetable": Row(OWN, STUDENT, {"term": "2027L"}),
    "get_transcript": Row(OWN, STUDENT),
    "get_transcript by number": Row(OWN, NUMBER),
    "export_timetable": Row(OWN, STUDENT),
    "export_timetable by a feed": Row("200 200 200 200 200 200 200 200", STUDENT, {"token": "$feed_token"}),
    "list_timetable_feeds": Row(OWN, STUDENT),
    "make_timetable_feed": Row("401 201 403 403 403 403 403 403", STUDENT, body={"name": "Tablet"}),
    "revoke_timetable_feed": Row("401 204 403 403 403 204 403 403", {**STUDENT, "feed_id": "$feed"}),
    "list_notifications": Row(OWN, STUDENT),
    "read_all_notifications": Row(THEMSELVES, STUDENT),
    "read_notification": Row(THEMSELVES, {**STUDENT, "notification_id": "$notification"}),
    "get_notification_settings": Row(OWN, STUDENT),
    "replace_notification_settings": Row(THEMSELVES, STUDENT, body={"email": False, "language": "en"}, headers=ANYHOW),
}
