"""What the enrollment module hears: sections from course, standings from student."""

from university.enrollment.imports import EnrollmentImports
from university.enrollment.service.hearing import Hearing
from university.platform.messaging.broker import Hearer


def hearers(hearing: Hearing, imports: EnrollmentImports) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {
        "enrollment.section-facts": hearing.course_news,
        "enrollment.student-facts": hearing.student_news,
        "enrollment.imports": imports.hear,
    }
