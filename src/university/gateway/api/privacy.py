"""What the law gives students: a copy of everything about them, and being forgotten."""

from typing import Any

import msgspec
from flask import Response

from university.gateway.schemas import ErasureIn, ErasureOut, PersonalDataOut
from university.gateway.service.privacy import (
    Erasure,
    NotYourOwnData,
    Privacy,
    StaffAccount,
    StudentNotFound,
    StudentStillHere,
)
from university.platform.idempotency import Once
from university.platform.security import Principal
from university.platform.web.routes import Routes


def declare(routes: Routes, privacy: Privacy) -> None:
    """Declare them."""

    @routes.get(
        "/students/<key>/export",
        roles=("student", "registrar"),
        gives=PersonalDataOut,
        refuses=(StudentNotFound, NotYourOwnData),
    )
    def export_personal_data(key: str, who: Principal) -> Response:
        """Get everything that is kept about a student, from all modules, as one file.

        It tells as well who of the staff changed or saw it; passwords and tokens are not in it.
        """
        told = privacy.export(key, who)
        name = f'attachment; filename="student-{told.student_id}.json"'
        content = msgspec.json.format(msgspec.json.encode(told))
        return Response(content, content_type="application/json", headers={"Content-Disposition": name})

    @routes.post(
        "/students/<key>/erasure",
        roles=("registrar",),
        takes=ErasureIn,
        gives=ErasureOut,
        refuses=(StudentNotFound, StudentStillHere, StaffAccount),
    )
    def erase_student(key: str, body: dict[str, Any], who: Principal, once: Once) -> Erasure:  # noqa: ARG001 - the reason is audited
        """Take away what says who a former student is: name, number, address, accounts, messages.

        Enrollments and grades stay, under an id that leads to nobody. It cannot be undone.
        """
        return privacy.erase(key, who, once)
