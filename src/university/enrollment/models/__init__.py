"""The enrollment module's tables: the ledger of seats, enrollments, grades, queues, windows, plans."""

from university.enrollment.models.enrollments import (
    Enrollment,
    EnrollmentChange,
    EnrollmentSection,
    StudentStanding,
    StudentTerm,
)
from university.enrollment.models.grades import BrokenRequisite, GradeChange, RequisiteCheck
from university.enrollment.models.permits import ConsentRequest, Permission, PermissionUse, RegistrationPolicy
from university.enrollment.models.precedence import Precedence
from university.enrollment.models.registration import Plan, RegistrationWindow
from university.enrollment.models.schema import CODE, SCHEMA, WORD, Base
from university.enrollment.models.seats import SeatPool, Section
from university.enrollment.models.waiting import Waitlist, WaitlistEntry, WantedSection

__all__ = [
    "CODE",
    "SCHEMA",
    "WORD",
    "Base",
    "BrokenRequisite",
    "ConsentRequest",
    "Enrollment",
    "EnrollmentChange",
    "EnrollmentSection",
    "GradeChange",
    "Permission",
    "PermissionUse",
    "Plan",
    "Precedence",
    "RegistrationPolicy",
    "RegistrationWindow",
    "RequisiteCheck",
    "SeatPool",
    "Section",
    "StudentStanding",
    "StudentTerm",
    "Waitlist",
    "WaitlistEntry",
    "WantedSection",
]
