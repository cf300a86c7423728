"""The tables of a OneRoster archive: columns, rows and deterministic identifiers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import NAMESPACE_DNS, uuid5

from university.demo.curriculum import Course, Curriculum
from university.demo.people import Instructor, Student
from university.demo.sections import Section
from university.demo.terms import Term

UNIVERSITY_NAME = "Uniwersytet Przykładowy"
# The grading scale of courses that end with a mere pass; the others have the default.
UNGRADED_SCALE = "pl-pass"
SYSTEM_NAME = "Generated demonstration university"

# Independent of the seed: a larger university is the smaller one with more people.
NAMESPACE = uuid5(NAMESPACE_DNS, "demo.university.example.edu")
HEAD = ("sourcedId", "status", "dateLastModified")
COLUMNS: dict[str, tuple[str, ...]] = {
    "academicSessions.csv": (
        *HEAD,
        *("title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
        *("metadata.code", "metadata.calendar"),
        *("metadata.add_until", "metadata.drop_until", "metadata.withdraw_until"),
    ),
    "orgs.csv": (*HEAD, "name", "type", "identifier", "parentSourcedId"),
    "courses.csv": (
        *HEAD,
        *("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
        *("metadata.credits", "metadata.description", "metadata.requisites"),
        *("metadata.title_en", "metadata.level"),
    ),
    "classes.csv": (
        *HEAD,
        *("title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
        *("termSourcedIds", "subjects", "subjectCodes", "periods"),
        *("metadata.capacity", "metadata.meetings", "metadata.waitlist_capacity", "metadata.component"),
        *("metadata.parent", "metadata.language", "metadata.reserved", "metadata.number"),
        "metadata.offering",
    ),
    "users.csv": (
        *HEAD,
        *("enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email"),
        *("sms", "phone", "agentSourcedIds", "grades", "password"),
        *("metadata.program", "metadata.year", "metadata.groups", "metadata.status"),
    ),
    "roles.csv": (
        *HEAD,
        *("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"),
    ),
    "enrollments.csv": (
        *HEAD,
        *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
        *("metadata.status", "metadata.grade"),
    ),
    "manifest.csv": ("propertyName", "value"),
}


@dataclass(frozen=True)
class Table:
    """Rows read as dictionaries but kept as tuples: a large university has hundreds of thousands of them."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, str]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def add(self, values: dict[str, str]) -> None:
        """One more row; what is not given is empty."""
        self.rows.append(tuple(values.get(column, "") for column in self.columns))


def identify(kind: str, key: str) -> str:
    """The sourcedId of a thing, the same in every generated university."""
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


class Roster:
    """Fills the tables, one kind of row after the other."""

    def __init__(self, today: date, target: Term) -> None:
        self.tables = {name: Table(columns) for name, columns in COLUMNS.items()}
        self._head = {"status": "active", "dateLastModified": f"{today.isoformat()}T00:00:00.000Z"}
        self._target = target
        self._university = identify("org", "UNI")
        self._users: dict[str, str] = {}
        self._classes: dict[str, str] = {}

    def _add(self, table: str, sourced_id: str, /, **values: str) -> None:
        """A row whose metadata columns are given as keywords that begin with an underscore."""
        named = {f"metadata.{key[1:]}" if key[0] == "_" else key: value for key, value in values.items()}
        self.tables[table].add({"sourcedId": sourced_id, **self._head, **named})

    def add_terms(self, terms: Iterable[Term]) -> None:
        """The academic years and their semesters."""
        for year, group in groupby(terms, key=lambda term: term.year):
            members = list(group)
            self._add(
                "academicSessions.csv",
                identify("year", str(year)),
                title=members[0].school_year,
                type="schoolYear",
                startDate=f"{year}-10-01",
                endDate=f"{year + 1}-09-30",
                schoolYear=str(year + 1),
            )
            for term in members:
                self._add_term(term)

    def _add_term(self, term: Term) -> None:
        self._add(
            "academicSessions.csv",
            identify("term", term.code),
            title=term.title,
            type="term",
            startDate=term.starts_on.isoformat(),
            endDate=term.ends_on.isoformat(),
            parentSourcedId=identify("year", str(term.year)),
            schoolYear=str(term.year + 1),
            _code=term.code,
            _calendar=_json(term.calendar),
            _add_until=term.add_until.isoformat(),
            _drop_until=term.drop_until.isoformat(),
            _withdraw_until=term.withdraw_until.isoformat(),
        )

    def add_catalog(self, curriculum: Curriculum) -> None:
        """The university, its faculties and departments, and all its courses."""
        self._add("orgs.csv", self._university, name=UNIVERSITY_NAME, type="district", identifier="UNI")
        for code, name in curriculum.faculties.items():
            self._add_org(code, name, "school", self._university)
        for department in curriculum.departments.values():
            self._add_org(department.code, department.name, "department", identify("org", department.faculty))
        for course in curriculum.courses.values():
            self._add_course(course)

    def _add_org(self, code: str, name: str, kind: str, parent: str) -> None:
        self._add("orgs.csv", identify("org", code), name=name, type=kind, identifier=code, parentSourcedId=parent)

    def _add_course(self, course: Course) -> None:
        self._add(
            "courses.csv",
            identify("course", course.code),
            schoolYearSourcedId=identify("year", str(self._target.year)),
            title=course.title,
            courseCode=course.code,
            orgSourcedId=identify("org", course.department),
            _credits=str(course.ects),
            _description=course.description,
            _requisites=course.requisite.text,
            _title_en=course.title_en,
            _level=course.level,
        )

    def add_instructors(self, instructors: Iterable[Instructor], since: date) -> None:
        """Those who teach, with their role."""
        for instructor in instructors:
            self._add_person(instructor, "teacher", since)

    def add_student(self, student: Student) -> None:
        """A student, with the role since the first semester."""
        began = date(self._target.year - student.stage + 1, 10, 1)
        self._add_person(
            student,
            "student",
            began,
            _program=student.program,
            _year=str(student.stage),
            _groups=",".join(student.groups),
            _status=student.status,
        )

    def _add_person(self, person: Student | Instructor, role: str, since: date, **more: str) -> None:
        user = self._users[person.number] = identify("user", person.number)
        self._add(
            "users.csv",
            user,
            enabledUser="true",
            username=person.number.lower(),
            givenName=person.given_name,
            familyName=person.family_name,
            identifier=person.number,
            email=person.email,
            **more,
        )
        self._add(
            "roles.csv",
            identify("role", person.number),
            userSourcedId=user,
            roleType="primary",
            role=role,
            beginDate=since.isoformat(),
            orgSourcedId=self._university,
        )

    def add_section(self, section: Section) -> None:
        """A class; those who teach it are told apart, when they are known as users."""
        room = section.meetings[0]["room"] if section.meetings else ""
        sourced_id = self._classes[section.key] = identify("class", section.key)
        self._add(
            "classes.csv",
            sourced_id,
            title=f"{section.course.code} {section.number}",
            courseSourcedId=identify("course", section.course.code),
            classCode=section.number,
            classType="scheduled",
            location=str(room),
            schoolSourcedId=self._university,
            termSourcedIds=identify("term", section.term.code),
            _capacity=_number(section.capacity),
            _meetings=_json(section.meetings),
            _waitlist_capacity=_number(section.waitlist),
            _component=section.component,
            _parent=self._classes[section.parent.key] if section.parent else "",
            _language=section.course.language,
            _reserved=_json(section.reserved) if section.reserved else "",
            _number=section.number,
            _offering="" if section.course.graded else _json({"grading_scale": UNGRADED_SCALE}),
        )

    def add_teaching(self, section: Section) -> None:
        """The instructor of a section."""
        self._enroll(section, section.instructor.number, "teacher", "true")

    def add_enrollment(self, section: Section, student: Student, status: str, grade: str) -> None:
        """A student in a section, now or in the past."""
        self._enroll(section, student.number, "student", "", status, grade)

    def _enroll(
        self, section: Section, person: str, role: str, primary: str, status: str = "", grade: str = ""
    ) -> None:
        """Straight into a tuple: no other table is nearly as long."""
        self.tables["enrollments.csv"].rows.append(
            (
                identify("enrollment", f"{section.key}/{person}"),
                *self._head.values(),
                self._classes[section.key],
                self._university,
                self._users[person],
                role,
                primary,
                section.term.starts_on.isoformat(),
                section.term.ends_on.isoformat(),
                status,
                grade,
            )
        )

    def add_manifest(self) -> None:
        """What is in the archive and where it comes from."""
        files = [name.removesuffix(".csv") for name in COLUMNS if name != "manifest.csv"]
        rows = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
        rows += [(f"file.{name}", "bulk") for name in files]
        rows += [("source.systemName", SYSTEM_NAME), ("source.systemCode", self._target.code)]
        self.tables["manifest.csv"].rows.extend(rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _number(value: int | None) -> str:
    """Empty means without limit."""
    return "" if value is None else str(value)
