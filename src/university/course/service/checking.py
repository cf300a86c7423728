"""Requisites judged for a student: for neighbors a whole request at once, for people one course."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from university.course.repository.requisites import Known, Snapshot, Snapshots
from university.course.repository.told import Told, ToldSections
from university.course.rules.requisite_json import to_dict
from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_remedies import apart_from_corequisites, missing_corequisites, remedies
from university.course.rules.requisite_text import render
from university.course.rules.requisite_tree import CourseLeaf, Node
from university.course.rules.requisites import evaluate
from university.course.service.finding import course_of
from university.course.service.student_record import Giver, StudentRecord, for_rules
from university.platform.database import Primary
from university.platform.idempotency import Once


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the requisites of one course say to a student; no tree where nothing is required.

    `equivalents` are the codes of the other courses that count for this one. `rests_on_consent` tells that without the
    consents given the result would not allow it.
    """

    course_id: str
    course: str
    result: str
    text: str | None
    tree: dict[str, Any] | None
    missing_corequisites: list[str]
    apart_from_corequisites: str
    remedies: list[list[dict[str, Any]]]
    equivalents: list[str]
    rests_on_consent: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The sections' facts, the ids that nobody has, and a verdict for each course.

    `hosts` are further sections: those whose seats some of the sections share.
    """

    sections: list[msgspec.Raw]
    unknown: list[str]
    requisites: list[Verdict]
    hosts: list[msgspec.Raw]


class Checks:
    """Use cases of requisite checks; they decide, so they ask the primary."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary
        self._snapshots, self._told = Snapshots(), ToldSections()

    def check(self, section_ids: Sequence[str], student: StudentRecord) -> Checked:
        """Judge the courses of sections that a student asks for together."""
        with self._primary.read() as session:
            told, revision = self._told.of(session, section_ids)
            shared = {one.seats_of for one in told.values() if one.seats_of}
            hosts = self._told.of(session, sorted(shared))[0] if shared else {}
            snapshot = self._snapshots.present(session, revision)
        terms = {snapshot.by_id[section.course_id].code: section.term for section in told.values()}
        verdicts = [
            _judge_with_consents(
                snapshot.courses[code],
                _consents(student, told.values(), snapshot.courses[code]),
                student,
                snapshot,
                terms,
            )
            for code in terms
        ]
        unknown = [one for one in section_ids if one not in told]
        facts, shared_with = ([one.facts for one in some.values()] for some in (told, hosts))
        return Checked(facts, unknown, verdicts, shared_with)

    def check_course(self, key: str, student: StudentRecord, term: str | None, once: Once) -> Verdict:
        """Judge one course for a student as somebody describes them."""
        with once.begin(self._primary) as session:
            course = course_of(session, key)
            snapshot = self._snapshots.present(session)
            return once.keep(session, _judge(snapshot.by_id[course.id], student, snapshot, term, ()))


def _consents(student: StudentRecord, told: Iterable[Told], course: Known) -> list[Giver]:
    """Return who consented to this course in one of the sections asked for."""
    asked = frozenset[str]().union(*(section.part_of for section in told if section.course_id == course.id))
    return [given.giver for given in student.consents_given if given.within in asked]


def _judge_with_consents(
    course: Known, consents: list[Giver], student: StudentRecord, snapshot: Snapshot, terms: Mapping[str, str]
) -> Verdict:
    """Judge one of several courses asked for together, and tell whether the verdict rests on a consent."""
    others = terms.keys() - {course.code}
    if not consents or course.tree is None or student.consents is None:
        return _judge(course, student, snapshot, terms[course.code], others)
    known = replace(student, consents=[*student.consents, *consents])
    verdict = _judge(course, known, snapshot, terms[course.code], others)
    without = evaluate(course.tree, for_rules(student, snapshot, terms[course.code], others))
    rests = Result[verdict.apart_from_corequisites].allows and not apart_from_corequisites(without).allows
    return replace(verdict, rests_on_consent=rests)


def _judge(
    course: Known, student: StudentRecord, snapshot: Snapshot, term: str | None, others: Iterable[str]
) -> Verdict:
    equivalents = sorted(snapshot.equivalents.get(course.code, ()))
    if course.tree is None:
        return Verdict(course.id, course.code, Result.MET.name, None, None, [], Result.MET.name, [], equivalents)
    explained = evaluate(course.tree, for_rules(student, snapshot, term, others))
    return Verdict(
        course_id=course.id,
        course=course.code,
        result=explained.result.name,
        text=course.requisites,
        tree=explained.to_dict(),
        missing_corequisites=_codes(missing_corequisites(explained)),
        apart_from_corequisites=apart_from_corequisites(explained).name,
        remedies=[[{**to_dict(node), "text": render(node)} for node in way] for way in remedies(explained)],
        equivalents=equivalents,
    )


def _codes(nodes: Iterable[Node]) -> list[str]:
    return [node.course for node in nodes if isinstance(node, CourseLeaf)]
