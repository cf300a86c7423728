"""Places: students take and leave their own, instructors see and grade their sections, the registrar does it all."""

from tests.security.rows import ANYHOW, Row
from tests.security.table.catalog import CHANGING, CREATING, READING, TAKING_IN, UPLOAD, UPLOADED
from tests.security.table.students import OWN

#            nobody owner other teacher other registrar admin service
SEEING = "401 200 403 200 403 200 403 403"
TEACHING = "401 403 403 200 403 200 403 403"
WISH = {"student_id": "$student", "section_ids": ["$free_section"]}
PLACE, SECTION = {"enrollment_id": "$enrollment"}, {"section_id": "$section"}
OFFERED = {"enrollment_id": "$offered_enrollment"}
GRADED = {"grades": [{"enrollment_id": "$enrollment", "grade": "4.0"}]}
CSV = {"Content-Type": "text/csv"}
COMPLETED = {"course": "$spare_code", "term": "2026Z", "grade": "4.0"}

ROWS = {
    "create_enrollment": Row("401 201 403 403 403 201 403 403", body=WISH),
    "create_enrollment by number": Row("401 201 403 403 403 201 403 403", body={**WISH, "student_id": "$number"}),
    "list_enrollments of a student": Row(OWN, query={"student_id": "$student"}),
    "list_enrollments of a number": Row(OWN, query={"student_id": "$number"}),
    "list_enrollments of a section": Row("401 200 200 200 403 200 403 403", query={"section_id": "$section"}),
    "list_enrollments": Row("401 200 200 403 403 200 403 403"),
    "export_enrollments": Row(READING, {"table": "enrollments"}),
    "import_enrollments": Row(TAKING_IN, query={"dry_run": "true"}, body=UPLOAD, headers=UPLOADED),
    "get_enrollment_import": Row(READING, {"job_id": "$enrollments_job"}),
    "get_enrollment": Row(SEEING, PLACE),
    "get_enrollment_history": Row(SEEING, PLACE),
    "drop_enrollment": Row(OWN, PLACE),
    "withdraw_enrollment": Row(OWN, {"enrollment_id": "$late_enrollment"}),
    "accept_enrollment": Row(OWN, OFFERED),
    "decline_enrollment": Row(OWN, OFFERED),
    "confirm_enrollment": Row(CHANGING, {"enrollment_id": "$review_enrollment"}),
    "replace_grade": Row(TEACHING, PLACE, body={"grade": "4.0"}, headers=ANYHOW),
    "get_grade_history": Row(SEEING, PLACE),
    "post_section_grades": Row(TEACHING, SECTION, body=GRADED),
    "import_section_grades": Row(TEACHING, SECTION, body="number,grade\n{number},4.0\n", headers=CSV),
    "get_roster": Row(TEACHING, SECTION),
    "export_roster": Row(TEACHING, SECTION),
    "list_waitlist": Row(TEACHING, {"offering_id": "$offering"}),
    "record_completed_course": Row(CREATING, {"key": "$student"}, body=COMPLETED),
    "list_completed_courses": Row(OWN, {"key": "$student"}),
    "list_completed_courses by number": Row(OWN, {"key": "$number"}),
    "list_broken_requisites": Row(READING),
    "settle_broken_requisite": Row(
        CHANGING, {"enrollment_id": "$broken_enrollment"}, body={"decision": "keep", "reason": "As agreed."}
    ),
}
