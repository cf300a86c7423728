"""The internal operations by which every module tells, and forgets, what it keeps about a student."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from university.platform import security
from university.platform.database import Primary
from university.platform.errors import Refusal
from university.platform.personal import Erased, PersonalData, Records, StudentNamed
from university.platform.security import RoleMissing
from university.platform.web.internal import InternalRoutes

ASKER = f"{security.GATEWAY}-service"
"""The one service that asks: the gateway in its own name."""


def declare(
    internal: InternalRoutes,
    primary: Primary,
    records: Records,
    *,
    finish: Callable[[Session, str], None] = lambda _session, _student_id: None,
    refuses: Sequence[type[Refusal]] = (),
) -> None:
    """Declare them; `finish` does the rest where writing over columns is not all, and may refuse."""

    @internal.post("/personal-data", takes=StudentNamed, refuses=(RoleMissing,))
    def tell_personal_data(body: StudentNamed) -> PersonalData:
        """Tell everything that is kept about a student, and who of the staff changed or saw it."""
        _only_the_gateway()
        with primary.read() as session:
            return records.of(session, body.student_id)

    @internal.post("/erasures", takes=StudentNamed, refuses=(RoleMissing, *refuses))
    def erase_personal_data(body: StudentNamed) -> Erased:
        """Take away what says who a student is; asked again, it finds nothing left to do."""
        _only_the_gateway()
        with primary.begin() as session:
            rows = records.erase(session, body.student_id)
            finish(session, body.student_id)
            return Erased(rows)


def _only_the_gateway() -> None:
    """Raise `RoleMissing` for any other service: none of them has a reason to read, or to erase, everything."""
    if security.authorize(security.SERVICE).subject != ASKER:
        raise RoleMissing
