"""What modules ask each other: for services only, and for nobody through the gateway."""

from tests.security.rows import Row

#            nobody owner other teacher other registrar admin service
SERVICES = "401 403 403 403 403 403 403 200"
NO_SERVICES = "401 403 403 403 403 403 403 403"
IDS = {"ids": ["$student"]}

PERSONAL = {
    # Of services only the gateway gathers and erases; the service asking here is another.
    "tell_personal_data": Row(NO_SERVICES, body={"student_id": "$student"}),
    "erase_personal_data": Row(NO_SERVICES, body={"student_id": "$graduate"}),
}

ROWS = {
    "course": {
        **PERSONAL,
        "check_requisites": Row(SERVICES, body={"section_ids": ["$section"]}),
        "look_up_sections": Row(SERVICES, body={"ids": ["$section"]}),
        "look_up_courses": Row(SERVICES, body={"ids": ["$spare_course"]}),
        "look_up_term": Row(SERVICES, {"key": "$term"}),
        "look_up_offering": Row(SERVICES, {"key": "$offering"}),
        "tell_states": Row(SERVICES, body={"kind": "course"}),
    },
    "student": {
        **PERSONAL,
        "verify": Row(SERVICES, body={"student_id": "$student"}),
        "name_students": Row(SERVICES, body=IDS),
        "tell_states": Row(SERVICES, body={"kind": "student"}),
    },
    "enrollment": {
        **PERSONAL,
        "tell_states": Row(SERVICES, body={"kind": "enrollment"}),
        "tell_announcements": Row(SERVICES, body={"ids": ["$enrollment"]}),
    },
    "gateway": {},
}
