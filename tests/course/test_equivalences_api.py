"""Equivalences: classes of courses that count for one another, told to everybody concerned."""

from tests.course.catalog import STUDENT, Catalog, faulty, refusal
from tests.house import ids


def test_courses_count_for_one_another_and_their_sections_say_so(catalog: Catalog) -> None:
    first, second = catalog.course("A"), catalog.course("B")
    section = catalog.section(offering_id=catalog.offering(course_id=first["id"])["id"])

    created = catalog.post("/equivalences", {"courses": ["B", first["id"]]})

    assert created.status == 201
    assert ids(created.json["courses"]) == [first["id"], second["id"]]
    assert catalog.get(f"/equivalences/{created.json['id']}") == created.json
    assert catalog.facts(section["id"])["course"]["equivalents"] == [second["id"]]
    assert catalog.facts(section["id"])["version"] == 2
    assert catalog.news("course.updated") == [("course.updated.v1", 2)] * 2


def test_a_class_changes_and_goes(catalog: Catalog) -> None:
    for code in ("A", "B", "C"):
        catalog.course(code)
    section = catalog.section(offering_id=catalog.offering(course_id="A")["id"])
    made = catalog.post("/equivalences", {"courses": ["A", "B"]}).json
    path = f"/equivalences/{made['id']}"

    changed = catalog.patch(path, {"courses": ["A", "C"]}, '"v1"')
    same = catalog.patch(path, {"courses": ["C", "A"]}, '"v2"')
    equivalents = catalog.facts(section["id"])["course"]["equivalents"]
    gone = catalog.ask("DELETE", path)

    assert [course["code"] for course in changed.json["courses"]] == ["A", "C"]
    assert (changed.json["version"], same.json["version"]) == (2, 2)
    assert equivalents == [catalog.get("/courses/C")["id"]]
    assert gone.status == 204
    assert refusal(catalog.ask("GET", path)) == (404, "equivalence-not-found")
    assert catalog.facts(section["id"])["course"]["equivalents"] == []


def test_a_course_is_in_one_class_at_most(catalog: Catalog) -> None:
    for code in ("A", "B", "C"):
        catalog.course(code)
    catalog.post("/equivalences", {"courses": ["A", "B"]})

    refused = catalog.post("/equivalences", {"courses": ["B", "C"]})

    assert refusal(refused) == (409, "course-already-equivalent")
    assert refused.json["courses"] == ["B"]
    assert len(catalog.get("/equivalences")["items"]) == 1


def test_unknown_and_repeated_courses_are_all_named(catalog: Catalog) -> None:
    first = catalog.course("A")

    refused = catalog.post("/equivalences", {"courses": ["A", "nope", first["id"]]})

    assert faulty(refused) == ["courses[1]", "courses[2]"]
    assert faulty(catalog.post("/equivalences", {"courses": ["A"]})) == ["courses"]
    assert catalog.get("/equivalences")["items"] == []


def test_the_class_of_a_course_is_found(catalog: Catalog) -> None:
    for code in ("A", "B", "C", "D", "E"):
        catalog.course(code)
    catalog.post("/equivalences", {"courses": ["A", "B"]})
    second = catalog.post("/equivalences", {"courses": ["C", "D"]}).json

    assert catalog.get("/equivalences?course=D")["items"] == [second]
    assert catalog.get("/equivalences?course=E")["items"] == []
    assert refusal(catalog.ask("GET", "/equivalences?course=F")) == (404, "course-not-found")


def test_a_course_that_goes_leaves_its_class(catalog: Catalog) -> None:
    for code in ("A", "B"):
        catalog.course(code)
    section = catalog.section(offering_id=catalog.offering(course_id="A")["id"])
    catalog.post("/equivalences", {"courses": ["A", "B"]})

    catalog.ask("DELETE", "/courses/B")

    assert catalog.facts(section["id"])["course"]["equivalents"] == []


def test_only_the_registrar_writes_equivalences(catalog: Catalog) -> None:
    catalog.course("A")
    catalog.course("B")

    assert catalog.ask("POST", "/equivalences", {"courses": ["A", "B"]}, who=STUDENT).status == 403
    assert catalog.ask("GET", "/equivalences", who=None).status == 200
