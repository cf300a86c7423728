"""The past of every student keeps the rules of the catalog, and the future has something to offer."""

from collections import Counter, defaultdict

from tests.demo.archive import Archive, Row, ordinal
from university.demo import curriculum
from university.demo.requisites import Facts, Passed

CATALOG = curriculum.read()
OVER = {"completed", "failed", "dropped"}


def _facts(archive: Archive, student: Row, before: str) -> Facts:
    """What is known of the student when a term begins."""
    years_ago = int(archive.university.term[:4]) - int(before[:4])
    groups = tuple(group for group in student["metadata.groups"].split(",") if group)
    facts = Facts(student["metadata.program"], groups, int(student["metadata.year"]) - years_ago, ordinal(before))
    for credit in archive.university.recognized:
        if credit["student_id"] == student["identifier"]:
            course = CATALOG.courses[str(credit["course"])]
            facts.passed[course.code] = Passed(float(str(credit["grade"])), course.ects, 0)
    for term, code, status, grade in archive.results(student):
        if ordinal(term) < ordinal(before) and status == "completed":
            mark = None if grade == "zal" else float(grade)
            facts.passed[code] = Passed(mark, CATALOG.courses[code].ects, ordinal(term))
    return facts


def test_everybody_took_only_what_the_requisites_allowed(archive: Archive) -> None:
    for student in archive.students:
        by_term: defaultdict[str, set[str]] = defaultdict(set)
        for term, course, _, _ in archive.results(student):
            by_term[term].add(course)
        for term, courses in by_term.items():
            facts = _facts(archive, student, term)
            facts.taking = courses
            for code in courses:
                assert CATALOG.courses[code].requisite.met(facts), (student["identifier"], term, code)


def test_every_active_student_finds_a_course_to_take_next(archive: Archive) -> None:
    offered = {archive.course_of(section) for section in archive.target}
    for student in archive.students:
        facts = _facts(archive, student, archive.university.term)
        taking = {course for _, course, status, _ in archive.results(student) if status == "enrolled"}
        assert any(
            CATALOG.courses[code].requisite.met(facts) for code in sorted(offered - taking - facts.passed.keys())
        ), student["identifier"]


def test_nobody_repeats_a_course_that_was_passed(archive: Archive) -> None:
    for student in archive.students:
        passed: set[str] = set()
        for _, course, status, _ in archive.results(student):
            assert course not in passed or status == "enrolled"
            passed |= {course} if status == "completed" else set()
        running = Counter(course for _, course, status, _ in archive.results(student) if status == "enrolled")
        assert passed.isdisjoint(running)


def test_some_fail_and_repeat_but_most_pass(archive: Archive) -> None:
    results = [result for student in archive.students for result in archive.results(student)]
    statuses = Counter(status for _, _, status, _ in results if status in OVER)
    assert statuses["completed"] > 8 * statuses["failed"] > 0
    assert statuses["dropped"] > 0
    tries = Counter(
        (student["sourcedId"], course, term)
        for student in archive.students
        for term, course, status, _ in archive.results(student)
        if status in OVER
    )
    assert max(tries.values()) == 1
    courses = Counter((student, course) for student, course, _ in tries)
    assert max(courses.values()) > 1


def test_grades_are_those_of_the_polish_scale_and_fit_the_status(archive: Archive) -> None:
    for row in archive.tables["enrollments.csv"]:
        allowed = {
            "completed": {"3.0", "3.5", "4.0", "4.5", "5.0", "zal"},
            "failed": {"2.0", "nzal"},
        }.get(row["metadata.status"], {""})
        assert row["metadata.grade"] in allowed


def test_nobody_has_a_past_longer_than_the_studies(archive: Archive) -> None:
    for student in archive.students:
        terms = {term for term, _, status, _ in archive.results(student) if status in OVER}
        assert len(terms) < 2 * int(student["metadata.year"])


def test_terms_that_are_over_have_results_and_the_next_has_none(archive: Archive) -> None:
    statuses: defaultdict[str, set[str]] = defaultdict(set)
    for rows in archive.taken.values():
        for term, _, status, _ in rows:
            statuses[term].add(status)
    assert archive.university.term not in statuses
    for row in archive.tables["academicSessions.csv"]:
        if row["type"] == "term" and row["metadata.code"] != archive.university.term:
            running = row["endDate"] >= archive.today.isoformat()
            assert statuses[row["metadata.code"]] == ({"enrolled"} if running else OVER)


def test_the_first_student_has_something_open_and_something_closed(archive: Archive) -> None:
    student = archive.users["100001"]
    assert student["metadata.program"] == "INF"
    assert student["metadata.year"] == "2"
    assert student["metadata.status"] == "active"
    facts = _facts(archive, student, archive.university.term)
    asked = [
        code
        for code in {archive.course_of(section) for section in archive.target}
        if CATALOG.courses[code].requisite.text
    ]
    answers = Counter(CATALOG.courses[code].requisite.met(facts) for code in asked if code.startswith(("INF", "MAT")))
    assert answers[True] >= 2
    assert answers[False] >= 2
    assert "failed" in {status for _, _, status, _ in archive.results(student)}


def test_most_wishes_for_the_running_semester_came_true(archive: Archive) -> None:
    """A timetable on which a year's own courses collided would show here."""
    running = [
        sum(
            CATALOG.courses[course].ects for course in {course for _, course, status, _ in rows if status == "enrolled"}
        )
        for rows in archive.taken.values()
        if any(status == "enrolled" for _, _, status, _ in rows)
    ]
    if running:
        assert sum(running) / len(running) > 20


def test_some_are_not_active_and_some_are_guests(archive: Archive) -> None:
    statuses = Counter(row["metadata.status"] for row in archive.students)
    assert statuses["active"] > 0.9 * len(archive.students)
    assert len(statuses) > 2
    guests = [row for row in archive.students if "erasmus" in row["metadata.groups"].split(",")]
    assert guests
    assert {credit["student_id"] for credit in archive.university.recognized} == {row["identifier"] for row in guests}
    assert all(not archive.taken.get(row["sourcedId"]) for row in guests)
