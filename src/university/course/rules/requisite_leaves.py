"""How one demand is judged on a student's record, and because of what.

A course without a timing must have been passed before: one that runs in an earlier term is CONDITIONAL, one of the
very term registered for does not come before. `IN PROGRESS` is content with a course that was passed or runs,
`CONCURRENT` also with one wished for in the same request, `WITH` only with one taken in the same term. Where a grade is
demanded too, a course without one yet is CONDITIONAL. A term that is not told is taken for an earlier one, except by
`WITH`, which takes it for the same, and by `WITHIN`, which then answers UNKNOWN.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import assert_never

from university.course.rules import grades
from university.course.rules.requisite_json import plain
from university.course.rules.requisite_record import Completed, Record, Running
from university.course.rules.requisite_tree import (
    ConsentLeaf,
    CourseLeaf,
    CreditsLeaf,
    GpaLeaf,
    GroupLeaf,
    Leaf,
    ProgramLeaf,
    ScoreLeaf,
    StageLeaf,
    Timing,
)


class Result(IntEnum):
    """The four answers, from worst to best; CONDITIONAL rests on a course in progress."""

    UNMET = 0
    UNKNOWN = 1
    CONDITIONAL = 2
    MET = 3

    @property
    def allows(self) -> bool:
        """Whether a student may register on this answer."""
        return self >= Result.CONDITIONAL


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, the word for what it rests on or what is missing, and the facts behind the word."""

    result: Result
    because: str
    about: Mapping[str, object] = field(default_factory=dict)


def judge(leaf: Leaf, record: Record) -> Finding:
    """The answer to one demand."""
    standing = record.standing
    match leaf:
        case CourseLeaf():
            return judge_course(leaf, record)
        case CreditsLeaf():
            return judge_credits(leaf, record)
        case GpaLeaf(minimum):
            return _reaches(standing.gpa, minimum)
        case ScoreLeaf(name, minimum):
            return _passed_test(standing.tests, name, minimum)
        case ProgramLeaf(codes):
            return _belongs(None if standing.program is None else {standing.program}, codes)
        case StageLeaf(minimum):
            return _reaches(standing.stage, minimum)
        case GroupLeaf(names):
            return _belongs(standing.groups, names)
        case ConsentLeaf(giver):
            return _belongs(record.consents, (giver,))
        case _:
            assert_never(leaf)


# Courses


def judge_course(leaf: CourseLeaf, record: Record) -> Finding:
    """The best that any completed, running or requested course says."""
    codes = record.codes(leaf.course)
    missing = Finding(Result.UNMET, "not-together" if leaf.timing is Timing.WITH else "not-taken")
    return max(_findings(leaf, record, codes), key=lambda finding: finding.result, default=missing)


def _findings(leaf: CourseLeaf, record: Record, codes: frozenset[str]) -> Iterator[Finding]:
    if leaf.timing is not Timing.WITH:
        for done in record.completed:
            if done.course in codes:
                yield _recent(leaf, record, done, _judge_grade(leaf, done))
    for running in record.in_progress:
        if running.course in codes:
            yield _recent(leaf, record, running, _judge_running(leaf, record, running))
    if leaf.timing in {Timing.WITH, Timing.CONCURRENT}:
        yield from (
            Finding(_ungraded(leaf), "requested", {"course": code}) for code in sorted(codes & record.requested)
        )


def _judge_grade(leaf: CourseLeaf, done: Completed) -> Finding:
    about = {"course": done.course, "grade": done.grade, "term": done.term}
    passed = grades.compare(done.grade, leaf.grade) if leaf.grade else grades.is_pass(done.grade)
    if passed is None:
        known = grades.find(done.grade) is not None
        return Finding(Result.UNKNOWN, "grade-not-comparable" if known else "grade-unknown", about)
    if passed:
        return Finding(Result.MET, "completed", about)
    return Finding(Result.UNMET, "grade-too-low" if leaf.grade else "failed", about)


def _judge_running(leaf: CourseLeaf, record: Record, running: Running) -> Finding:
    about = {"course": running.course, "term": running.term}
    ago = record.terms_ago(running.term)
    match leaf.timing:
        case None:
            result, in_time = Result.CONDITIONAL, ago is None or ago > 0
        case Timing.WITH:
            result, in_time = _ungraded(leaf), ago is None or ago == 0
        case _:
            result, in_time = _ungraded(leaf), ago is None or ago >= 0
    if in_time:
        return Finding(result, "running", about)
    return Finding(Result.UNMET, "not-together" if leaf.timing is Timing.WITH else "not-before", about)


def _ungraded(leaf: CourseLeaf) -> Result:
    """What taking the course is worth where that is enough: a demanded grade is still to come."""
    return Result.CONDITIONAL if leaf.grade else Result.MET


def _recent(leaf: CourseLeaf, record: Record, taken: Completed | Running, finding: Finding) -> Finding:
    """The finding, unless the course was taken longer ago than the leaf allows."""
    if leaf.within_terms is None or not finding.result:
        return finding
    ago = record.terms_ago(taken.term)
    if ago is None:
        return Finding(Result.UNKNOWN, "term-unknown", finding.about)
    if ago > leaf.within_terms:
        return Finding(Result.UNMET, "too-long-ago", {**finding.about, "terms_ago": ago})
    return finding


# Credits


def judge_credits(leaf: CreditsLeaf, record: Record) -> Finding:
    """Credits passed; those that run are conditional; those of an unknown grade, size or department are unknown."""
    sure, unsure = _earned(leaf, record)
    coming = _coming(leaf, record)
    about = {"have": plain(sure), "coming": plain(coming), "minimum": plain(leaf.minimum)}
    if sure >= leaf.minimum:
        return Finding(Result.MET, "enough", about)
    if sure + coming >= leaf.minimum:
        return Finding(Result.CONDITIONAL, "running", about)
    if sure + coming + unsure >= leaf.minimum:
        return Finding(Result.UNKNOWN, "credits-unknown", about)
    return Finding(Result.UNMET, "too-few", about)


def _earned(leaf: CreditsLeaf, record: Record) -> tuple[Decimal, Decimal]:
    """The credits that surely count, and those that might; a course counts once."""
    if leaf.department is None and record.standing.credits is not None:
        return record.standing.credits, Decimal(0)
    sure: dict[str, Decimal] = {}
    unsure: dict[str, Decimal] = {}
    for done in record.completed:
        passed, ours = grades.is_pass(done.grade), _is_of(leaf, record, done.course)
        if passed is False or ours is False:
            continue
        certain = passed and ours and done.ects is not None
        counted = sure if certain else unsure
        counted[done.course] = max(counted.get(done.course, Decimal(0)), _size(done.ects))
    return _total(sure.values()), _total(size for code, size in unsure.items() if code not in sure)


def _coming(leaf: CreditsLeaf, record: Record) -> Decimal:
    """The credits of courses that run before the term registered for, new to the student."""
    passed = {done.course for done in record.completed if grades.is_pass(done.grade)}
    sizes = {
        running.course: running.ects or Decimal(0)
        for running in record.in_progress
        if running.course not in passed and _is_of(leaf, record, running.course) and _comes_before(running, record)
    }
    return _total(sizes.values())


def _comes_before(running: Running, record: Record) -> bool:
    ago = record.terms_ago(running.term)
    return ago is None or ago > 0


def _is_of(leaf: CreditsLeaf, record: Record, course: str) -> bool | None:
    """Whether the course counts for the leaf's department; None when the course's own is unknown."""
    if leaf.department is None:
        return True
    department = record.departments.get(course)
    return None if department is None else department == leaf.department


def _size(ects: Decimal | None) -> Decimal:
    return Decimal("Infinity") if ects is None else ects


def _total(sizes: Iterable[Decimal]) -> Decimal:
    return sum(sizes, Decimal(0))


# The student's own facts


def _reaches(have: Decimal | int | None, minimum: Decimal | int) -> Finding:
    if have is None:
        return Finding(Result.UNKNOWN, "not-known", {"minimum": _told(minimum)})
    about = {"have": _told(have), "minimum": _told(minimum)}
    return Finding(Result.MET, "enough", about) if have >= minimum else Finding(Result.UNMET, "too-low", about)


def _told(number: Decimal | int) -> int | float:
    return plain(Decimal(number))


def _passed_test(scores: Mapping[str, Decimal] | None, name: str, minimum: Decimal) -> Finding:
    if scores is not None and name not in scores:
        return Finding(Result.UNMET, "test-not-taken", {"minimum": plain(minimum)})
    return _reaches(None if scores is None else scores[name], minimum)


def _belongs(mine: Iterable[str] | None, wanted: tuple[str, ...]) -> Finding:
    if mine is None:
        return Finding(Result.UNKNOWN, "not-known")
    shared = sorted(set(mine) & set(wanted))
    return Finding(Result.MET, "belongs", {"to": shared}) if shared else Finding(Result.UNMET, "not-among")
