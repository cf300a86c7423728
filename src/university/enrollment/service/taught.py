"""Which section an address names, for those who may look into it: its instructors and the registrar."""

from university.enrollment.clients import CourseClient
from university.enrollment.repository import ledger
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.service import access
from university.enrollment.service.access import NotYours, SectionNotFound
from university.platform.database import Primary, is_id
from university.platform.security import Principal


def section(primary: Primary, courses: CourseClient, section_id: str, who: Principal) -> SectionFacts:
    """Ask the ledger what a section is, and the course module of one that nobody has registered for yet.

    Raises `SectionNotFound`, `NotYours` for who neither teaches it nor is the registrar, `NeighborUnavailable`.
    """
    if not is_id(section_id):
        raise SectionNotFound
    key = section_id.lower()
    with primary.read() as session:
        facts = ledger.facts_of(session, [key])
    facts = facts or courses.sections_by_ids([key])
    if not facts:
        raise SectionNotFound
    if not who.has(access.STAFF) and not access.teaches(who, facts.values()):
        raise NotYours
    return facts[key]
