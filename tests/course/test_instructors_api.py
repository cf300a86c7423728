"""Instructors: kept by the registrar, seen by themselves, told to others without a name."""

from tests.course.catalog import STUDENT, Catalog, faulty, refusal
from tests.house import ids
from university.platform.security import Principal


def test_an_instructor_is_read_as_written(catalog: Catalog) -> None:
    person = {"number": "P-1", "given_name": "Łucja", "family_name": "Żak", "email": "l.zak@example.edu"}

    created = catalog.post("/instructors", person).json

    assert created == {**person, "id": created["id"], "version": 1}
    assert catalog.ask("GET", "/instructors/P-1").json == created
    assert catalog.ask("GET", f"/instructors/{created['id']}").json == created


def test_names_stay_out_of_the_news(catalog: Catalog) -> None:
    made = catalog.instructor(given_name="Łucja")
    catalog.patch(f"/instructors/{made['id']}", {"family_name": "Żak-Nowak"})

    events = catalog.house.announced("course", "course.instructor")

    assert [event["data"] for event in events] == [
        {"id": made["id"], "version": 1},
        {"id": made["id"], "version": 2},
    ]


def test_instructors_see_themselves_only(catalog: Catalog) -> None:
    me, other = catalog.instructor(), catalog.instructor()
    who = Principal("i1", frozenset({"instructor"}), instructor_id=me["id"])

    assert catalog.ask("GET", f"/instructors/{me['number']}", who=who).json == me
    assert refusal(catalog.ask("GET", f"/instructors/{other['id']}", who=who)) == (403, "not-yourself")
    assert refusal(catalog.ask("GET", "/instructors/nobody", who=who)) == (403, "not-yourself")
    assert catalog.ask("GET", "/instructors", who=who).status == 403
    assert catalog.ask("GET", f"/instructors/{me['id']}", who=STUDENT).status == 403
    assert refusal(catalog.ask("GET", "/instructors/nobody")) == (404, "instructor-not-found")


def test_instructors_are_listed_by_name_and_found(catalog: Catalog) -> None:
    for given, family in (("Łucja", "Żak"), ("Adam", "Nowak"), ("Bo", "Nowak")):
        catalog.instructor(given_name=given, family_name=family)
    first = catalog.ask("GET", "/instructors?limit=1").json
    rest = catalog.ask("GET", f"/instructors?cursor={first['next']}").json

    assert [one["given_name"] for one in first["items"] + rest["items"]] == ["Adam", "Bo", "Łucja"]
    found = {q: catalog.post("/instructors/search", {"q": q}).json["items"] for q in ("zak LUC", "P-2", "")}
    assert [one["given_name"] for one in found["zak LUC"]] == ["Łucja"]
    assert [len(one) for one in found.values()] == [1, 1, 3]
    assert faulty(catalog.ask("GET", "/instructors?q=zak")) == ["q"]


def test_a_number_belongs_to_one_instructor(catalog: Catalog) -> None:
    first, second = catalog.instructor(number="P-1"), catalog.instructor(number="P-2")
    person = {"number": "P-1", "given_name": "A", "family_name": "B"}

    assert refusal(catalog.post("/instructors", person)) == (409, "instructor-number-taken")
    taken = catalog.patch(f"/instructors/{second['id']}", {"number": "P-1"})
    assert refusal(taken) == (409, "instructor-number-taken")
    assert catalog.patch(f"/instructors/{first['id']}", {"number": "P-1", "given_name": "C"}).status == 200


def test_offerings_are_found_by_the_new_name(catalog: Catalog) -> None:
    person = catalog.instructor(family_name="Panna")
    section = catalog.section(instructors=[person["number"]])

    catalog.patch(f"/instructors/{person['id']}", {"family_name": "Mężatka"})

    assert len(catalog.found("q=mezatka")) == 1
    assert catalog.found("q=panna") == []
    told = catalog.get(f"/sections/{section['id']}")["instructors"]
    assert (ids(told), told[0]["family_name"]) == ([person["id"]], "Mężatka")


def test_a_faulty_instructor_is_refused_with_every_fault(catalog: Catalog) -> None:
    refused = catalog.post("/instructors", {"given_name": 5, "email": "a\u0000b", "age": 3})

    assert sorted(faulty(refused)) == ["age", "email", "family_name", "given_name", "number"]
