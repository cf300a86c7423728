"""Requisites judged for a student: for neighbors a whole request at once, for people one course."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from university.course.repository.requisites import Known, Snapshot, Snapshots
from university.course.repository.told import ToldSections
from university.course.rules.requisite_json import to_dict
from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_remedies import apart_from_corequisites, missing_corequisites, remedies
from university.course.rules.requisite_text import render
from university.course.rules.requisite_tree import CourseLeaf, Node
from university.course.rules.requisites import evaluate
from university.course.service.finding import course_of
from university.course.service.student_record import StudentRecord, for_rules
from university.platform.database import Primary
from university.platform.idempotency import Once


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the requisites of one course say to a student; no tree where nothing is required.

    `equivalents` are the codes of the other courses that count for this one.
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


@dataclass(frozen=True, slots=True)
class Checked:
    """The sections' facts, the ids that nobody has, and a verdict for each course."""

    sections: list[msgspec.Raw]
    unknown: list[str]
    requisites: list[Verdict]


class Checks:
    """Use cases of requisite checks; they decide, so they ask the primary."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary
        self._snapshots, self._told = Snapshots(), ToldSections()

    def check(self, section_ids: Sequence[str], student: StudentRecord) -> Checked:
        """Judge the courses of sections that a student asks for together."""
        with self._primary.read() as session:
            told = self._told.of(session, section_ids)
            snapshot = self._snapshots.present(session)
        terms = {snapshot.by_id[section.course_id].code: section.term for section in told.values()}
        verdicts = [
            _judge(snapshot.courses[code], student, snapshot, term, terms.keys() - {code})
            for code, term in terms.items()
        ]
        unknown = [one for one in section_ids if one not in told]
        return Checked([section.facts for section in told.values()], unknown, verdicts)

    def check_course(self, key: str, student: StudentRecord, term: str | None, once: Once) -> Verdict:
        """Judge one course for a student as somebody describes them."""
        with once.begin(self._primary) as session:
            course = course_of(session, key)
            snapshot = self._snapshots.present(session)
            return once.keep(session, _judge(snapshot.by_id[course.id], student, snapshot, term, ()))


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
