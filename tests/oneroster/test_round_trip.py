"""What goes out comes in again: exported and imported into an empty installation, every named fact is equal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entrypoints import calling, exchange
from tests.campus import Campus, meeting
from tests.house import House
from tests.oneroster.conftest import Registry
from tests.oneroster.files import Files
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

OF_THIS_DATABASE = {"id", "version", "external_key", "updated_at", "equivalence_id"}
REFERENCES = {"course_id", "parent_id", "student_id", "offering_id", "term_id", "section_ids", "created_at"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Registry]:
    """An empty installation beside the first one."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    house = House(Settings(data_dir=folder))
    yield Registry(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
    house.close()


def exported(registry: Registry) -> bytes:
    return exchange.take_out(calling.inside(registry.house), lambda _step, _done, _total: None)


def facts(told: Any) -> Any:
    """Leave out what only one database knows: ids, versions and references by id."""
    if isinstance(told, dict):
        return {name: facts(one) for name, one in told.items() if name not in OF_THIS_DATABASE | REFERENCES}
    return [facts(one) for one in told] if isinstance(told, list) else told


def known(registry: Registry) -> dict[str, Any]:
    """Return what the public API tells of everything, in an order of its own."""

    def items(part: str, path: str) -> list[Any]:
        found = registry.get(part, f"{path}{'&' if '?' in path else '?'}limit=200")["items"]
        return sorted(map(facts, found), key=str)

    students = registry.get("students", "/students?limit=200")["items"]
    courses = registry.get("courses", "/courses?limit=200")["items"]
    return {
        "terms": items("courses", "/terms"),
        "courses": items("courses", "/courses"),
        "offerings": items("courses", "/offerings"),
        "instructors": items("courses", "/instructors"),
        "equivalences": items("courses", "/equivalences"),
        "requisites": [facts(registry.get("courses", f"/courses/{one['code']}/requisites")) for one in courses],
        "students": items("students", "/students"),
        "enrollments": items("enrollments", "/enrollments"),
        "seats": _seats(registry),
        **{
            f"{one['number']} {kind}": items("students", f"/students/{one['number']}/{kind}")
            for one in students
            for kind in ("holds", "credits-recognized", "test-scores", "enrollments")
        },
    }


def _seats(registry: Registry) -> list[Any]:
    """Return the ledger of each section by its name."""
    offerings = registry.get("courses", "/offerings?limit=200")["items"]
    named = {one["id"]: (each["course"]["code"], one["number"]) for each in offerings for one in each["sections"]}
    return sorted(
        (named[one["id"]], one["taken"], one["waiting"])
        for term in registry.get("courses", "/terms")["items"]
        for one in registry.get("courses", f"/availability?term={term['code']}&after=0")["sections"]
    )


def test_an_imported_university_is_equal_elsewhere(registry: Registry, elsewhere: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    elsewhere.take_in(exported(registry))

    assert known(elsewhere) == known(registry)
    assert elsewhere.exported() == registry.exported()


def test_what_people_entered_is_equal_elsewhere_too(registry: Registry, elsewhere: Registry) -> None:
    _live(Campus(registry.house))
    registry.house.drain()

    elsewhere.take_in(exported(registry))

    assert known(elsewhere) == known(registry)
    assert elsewhere.exported() == registry.exported()


def test_an_export_imported_where_it_came_from_changes_nothing(registry: Registry) -> None:
    _live(Campus(registry.house))
    registry.house.drain()
    told, news = known(registry), registry.announced()

    counts = registry.take_in(exported(registry))

    # The department that only a course named has a name of its own now.
    assert counts == {"courses": (1, 0, 0), "students": (0, 0, 0), "enrollments": (0, 0, 0)}
    assert (known(registry), registry.announced()) == (told, news)


def test_an_empty_university_goes_out_and_comes_in(registry: Registry, elsewhere: Registry) -> None:
    assert elsewhere.take_in(exported(registry)) == dict.fromkeys(exchange.PARTS, (0, 0, 0))


def test_the_tables_are_read_page_by_page(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    seen: list[str] = []
    page = registry.get("courses", "/courses/exports/classes?limit=1&total=true")
    assert page["total"] == 4
    while page["next"]:
        seen += [item["cells"]["sourcedId"] for item in page["items"]]
        page = registry.get("courses", f"/courses/exports/classes?limit=1&cursor={page['next']}")
    seen += [item["cells"]["sourcedId"] for item in page["items"]]

    assert sorted(seen) == ["k-free", "k-lab", "k-lec", "k-old"]


def _live(campus: Campus) -> None:
    """Make one of everything by hand."""
    pools = [{"seats": 2, "program": ["INF"], "until": "2027-10-10T00:00:00+02:00"}]
    admitted = [{"program": ["INF", "MAT"], "stage": [1, 2], "consent": "instructor"}]
    made = campus.made
    campus.term(add_until="2027-10-20", max_ects=30, calendar=[{"date": "2027-11-11", "off": True}])
    campus.course("A-1", title_en="One", department="INF", max_attempts=2, repeatable=True, description="x\ny")
    campus.course("A-2", requisites="A-1 >= 3.5 OR CONSENT INSTRUCTOR", ects=2.5)
    made("course", "/equivalences", {"courses": ["A-1", campus.course("A-3")["id"]]})
    teacher = made("course", "/instructors", {"number": "P9", "given_name": "Ewa", "family_name": "Łoś"})
    offered = {"required_components": ["lecture", "lab"], "ects": 4, "grading_scale": "us", "drop_until": "2027-12-01"}
    lecture = campus.section(
        "A-1", "W1", offering=offered, meetings=[meeting("mon", "10:00", "11:30")], instructors=[teacher["id"]]
    )
    lab = campus.section("A-1", "L1", component="lab", parent_id=lecture, capacity=5, reserved=pools)
    campus.section("A-2", "1", capacity=None, restrictions=admitted, waitlist_capacity=0, status="closed")
    gone = campus.section("A-2", "2", meetings=[{"component": "lecture", "dates": ["2027-10-12"], "room": "X"}])
    campus.window()
    anna = campus.student(program="INF", stage=1, level="bachelor", groups=["mish"], max_ects=33.5)
    ben = campus.student(status="on-leave")
    made("student", f"/students/{anna}/holds", {"reason": "R", "contact": "C", "effects": ["block-transcript"]})
    made("student", f"/students/{ben}/credits-recognized", {"course": "Z-1", "ects": 3, "institution": "Elsewhere"})
    made("student", f"/students/{ben}/test-scores", {"name": "TOEFL", "score": 101.5, "taken_on": "2026-05-20"})
    campus.completed(anna, "OLD-1", "4.5")
    campus.completed(anna, "OLD-2", "2.0")
    place = campus.enroll(anna, lecture, lab)
    assert place.status == 201, place.body
    assert campus.drop(place.json["id"]).status == 200
    assert campus.enroll(anna, lecture, lab).status == 201
    assert campus.house.call("course", "POST", f"/sections/{gone}/cancel").status == 200
