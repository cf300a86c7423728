"""The catalog: everybody reads it, the registrar writes it."""

from tests.house import multipart
from tests.oneroster.files import Files
from tests.security.rows import ANYHOW, Row

UPLOAD, UPLOADED = multipart(Files().zip())
#            nobody owner other teacher other registrar admin service
EVERYBODY = "200 200 200 200 200 200 200 200"
SIGNED_IN = "401 200 200 200 200 200 200 200"
READING = "401 403 403 403 403 200 403 403"
CREATING = "401 403 403 403 403 201 403 403"
CHANGING = "401 403 403 403 403 200 403 403"
REMOVING = "401 403 403 403 403 204 403 403"
TAKING_IN = "401 403 403 403 403 202 403 403"
COURSE, OFFERING, SECTION = {"key": "$spare_course"}, {"key": "$free_offering"}, {"key": "$spare_section"}

ROWS = {
    "list_terms": Row(EVERYBODY),
    "create_term": Row(
        CREATING,
        body={"code": "2031Z", "title": "Winter", "starts_on": "2031-10-01", "ends_on": "2032-02-14"},
    ),
    "get_term": Row(EVERYBODY, {"key": "$term"}),
    "change_term": Row(CHANGING, {"key": "$spare_term"}, body={"title": "Another"}, headers=ANYHOW),
    "list_courses": Row(EVERYBODY),
    "create_course": Row(CREATING, body={"code": "NEW-1", "title": "New", "ects": 5}),
    "export_courses": Row(READING, {"table": "courses"}),
    "import_courses": Row(TAKING_IN, query={"dry_run": "true"}, body=UPLOAD, headers=UPLOADED),
    "get_course_import": Row(READING, {"job_id": "$courses_job"}),
    "get_course": Row(EVERYBODY, COURSE),
    "change_course": Row(CHANGING, COURSE, body={"title": "Another"}, headers=ANYHOW),
    "delete_course": Row(REMOVING, {"key": "$lone_course"}),
    "get_requisites": Row(EVERYBODY, COURSE),
    "replace_requisites": Row(CHANGING, COURSE, body={"text": "STAGE >= 2"}, headers=ANYHOW),
    "get_requisite_graph": Row(EVERYBODY, COURSE),
    "check_requisites": Row(SIGNED_IN, COURSE, body={}),
    "parse_requisites": Row(CHANGING, body={"text": "STAGE >= 2"}),
    "list_equivalences": Row(EVERYBODY),
    "create_equivalence": Row(CREATING, body={"courses": ["$lone_code", "$free_code"]}),
    "get_equivalence": Row(EVERYBODY, {"key": "$equivalence"}),
    "change_equivalence": Row(
        CHANGING, {"key": "$equivalence"}, body={"courses": ["$spare_code", "$like"]}, headers=ANYHOW
    ),
    "delete_equivalence": Row(REMOVING, {"key": "$equivalence"}),
    "list_offerings": Row(EVERYBODY, query={"term": "$term"}),
    "create_offering": Row(CREATING, body={"course_id": "$lone_course", "term_id": "$term"}),
    "get_offering": Row(EVERYBODY, OFFERING),
    "change_offering": Row(CHANGING, OFFERING, body={"grading_scale": "us"}, headers=ANYHOW),
    "list_sections": Row(EVERYBODY, query={"term": "$term"}),
    "create_section": Row(
        CREATING, body={"offering_id": "$free_offering", "number": "7", "component": "lecture", "capacity": 3}
    ),
    "get_section": Row(EVERYBODY, SECTION),
    "change_section": Row(CHANGING, SECTION, body={"capacity": 31}, headers=ANYHOW),
    "change_section that one teaches": Row(CHANGING, {"key": "$section"}, body={"capacity": 31}, headers=ANYHOW),
    "cancel_section": Row(CHANGING, SECTION, body={}),
    "cancel_section that one teaches": Row(CHANGING, {"key": "$section"}, body={}),
    "list_instructors": Row(READING),
    "search_instructors": Row(READING, body={"q": "lis"}),
    "create_instructor": Row(CREATING, body={"number": "P-9", "given_name": "Jan", "family_name": "Lis"}),
    "get_instructor": Row("401 403 403 200 403 200 403 403", {"key": "$teacher"}),
    "get_instructor by number": Row("401 403 403 200 403 200 403 403", {"key": "$teacher_number"}),
    "change_instructor": Row(CHANGING, {"key": "$teacher"}, body={"given_name": "Ewelina"}, headers=ANYHOW),
    "get_availability": Row(EVERYBODY, query={"term": "2027L"}),
}
