"""Who gets which answer to which operation, written by hand from the description of the roles; never from the code.

A row's name is the operationId; further rows of the same operation say after a space what is different. To add an
operation, add a row to the file of its module: eight statuses in the order of `rows.CALLERS`, and a request that is
right in every other way. Things of a side are in `sides.py`; make there what your operation needs.
"""

from tests.security.rows import Row
from tests.security.table import accounts, catalog, enrollments, internal, students, wishes

#        nobody owner other teacher other registrar admin service
AUDIT = "401 403 403 403 403 200 200 403"
ACTORS = {"ids": ["$account", "$boards"]}
PUBLIC: dict[str, dict[str, Row]] = {
    "course": {**catalog.ROWS, "list_course_audit": Row(AUDIT)},
    "student": {**students.ROWS, "list_student_audit": Row(AUDIT)},
    "enrollment": {**enrollments.ROWS, **wishes.ROWS, "list_enrollment_audit": Row(AUDIT)},
    "gateway": {**accounts.ROWS, "list_gateway_audit": Row(AUDIT), "name_actors": Row(AUDIT, body=ACTORS)},
}
INTERNAL: dict[str, dict[str, Row]] = internal.ROWS
