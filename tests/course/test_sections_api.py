"""Sections: seats, meetings, parents, instructors and reserved pools, told whole to everybody."""

from typing import Any

from tests.course.catalog import STUDENT, TUESDAYS, Catalog, faulty, refusal
from tests.house import ids

POOL = {"seats": 10, "program": ["INF"], "stage": [1], "group": ["erasmus"], "until": "2026-10-05T00:00:00Z"}

FAULTY: list[tuple[dict[str, Any], list[str]]] = [
    ({"meetings": [{**TUESDAYS, "end": "13:00"}]}, ["meetings[0].end"]),
    ({"meetings": [{**TUESDAYS, "end": "14:00"}]}, ["meetings[0].end"]),
    ({"meetings": [{**TUESDAYS, "end": None}]}, ["meetings[0].end"]),
    ({"meetings": [TUESDAYS, {**TUESDAYS, "weeks": "1-99"}]}, ["meetings[1].weeks"]),
    ({"meetings": [{**TUESDAYS, "weeks": "3-1"}]}, ["meetings[0].weeks"]),
    ({"meetings": [{**TUESDAYS, "dates": ["2026-10-06"]}]}, ["meetings[0].dates"]),
    ({"meetings": [{"dates": ["2025-10-06"], "start": "08:00", "end": "09:00"}]}, ["meetings[0].dates"]),
    ({"meetings": [{**TUESDAYS, "days": ["tue", "tue"]}]}, ["meetings[0].days[1]"]),
    ({"meetings": [{**TUESDAYS, "days": ["tuesday"], "start": "25:00"}]}, ["meetings[0].days[0]", "meetings[0].start"]),
    ({"reserved": [POOL, {**POOL, "seats": 21}]}, ["reserved"]),
    ({"reserved": [POOL], "capacity": None}, ["reserved"]),
    ({"reserved": [{**POOL, "seats": 0}]}, ["reserved[0].seats"]),
    ({"reserved": [{**POOL, "until": "2026-10-05"}]}, ["reserved[0].until"]),
    ({"instructors": ["nobody", "nobody"], "parent_id": "x"}, ["instructors[0]", "instructors[1]", "parent_id"]),
    ({"capacity": -1, "waitlist_capacity": 1.5}, ["capacity", "waitlist_capacity"]),
    ({"capacity": 10**20}, ["capacity"]),
    ({"status": "canceled"}, ["status"]),
    ({"offering_id": "nope"}, ["offering_id"]),
]


def test_a_section_is_read_as_it_was_written(catalog: Catalog) -> None:
    person = catalog.instructor(number="P-9", given_name="Łucja", family_name="Żak")
    offering = catalog.offering()
    meeting = {**TUESDAYS, "component": "seminar"}
    wish = {
        "offering_id": offering["id"],
        "number": "W1",
        "component": "lecture",
        "capacity": 30,
        "waitlist_capacity": 5,
        "meetings": [meeting, {"dates": ["2026-11-03"], "start": "08:00", "end": "09:00"}],
        "instructors": ["P-9"],
        "language": "pl",
        "reserved": [POOL],
        "restrictions": [{"stage": [1]}],
    }

    section = catalog.post("/sections", wish).json

    assert section == {
        **wish,
        "id": section["id"],
        "version": 1,
        "parent_id": None,
        "shares_seats_with": None,
        "status": "open",
        "meetings": [
            meeting,
            {"component": "lecture", "dates": ["2026-11-03"], "start": "08:00", "end": "09:00", "room": ""},
        ],
        "instructors": [{"id": person["id"], "number": "P-9", "given_name": "Łucja", "family_name": "Żak"}],
        "restrictions": [{"program": [], "stage": [1], "group": [], "level": [], "consent": None}],
        "availability": {"capacity": 30, "taken": 0, "held": 0, "waiting": 0, "open": 30},
    }
    assert catalog.get(f"/sections/{section['id']}") == section
    assert catalog.get(f"/offerings/{offering['id']}")["sections"] == [section]
    assert catalog.get(f"/sections?offering_id={offering['id']}")["items"] == [section]


def test_the_news_of_a_section_is_whole(catalog: Catalog) -> None:
    course = catalog.course("MATH-101", title_en="Calculus", department="MATH", level="bachelor")
    term = catalog.term(max_ects=30)
    offering = catalog.offering(course_id=course["id"], term_id=term["id"])
    person = catalog.instructor()
    section = catalog.section(
        offering_id=offering["id"],
        number="W1",
        instructors=[person["id"]],
        meetings=[{**TUESDAYS, "weeks": "1-3"}],
        reserved=[POOL],
    )

    (event,) = catalog.house.announced("course", "course.section")

    assert (event["subject"], event["aggregateversion"]) == (section["id"], 1)
    assert event["data"] == {
        "id": section["id"],
        "version": 1,
        "external_key": None,
        "term": {
            "id": term["id"],
            "code": "2026Z",
            "title": "Zima",
            "starts_on": "2026-10-01",
            "ends_on": "2027-02-14",
            "max_ects": 30,
        },
        "course": {
            "id": course["id"],
            "code": "MATH-101",
            "title": "Kurs",
            "title_en": "Calculus",
            "department": "MATH",
            "level": "bachelor",
            "equivalents": [],
            "max_attempts": None,
            "repeatable": False,
        },
        "offering": {
            "id": offering["id"],
            "queue_id": offering["id"],
            "ects": 5,
            "grading_scale": "pl",
            "required_components": [],
            "waitlist_policy": "auto",
        },
        "number": "W1",
        "component": "lecture",
        "parent_id": None,
        "seats_of": None,
        "status": "open",
        "move_students": False,
        "capacity": 30,
        "waitlist_capacity": None,
        "language": None,
        "deadlines": {"add_until": "2027-02-14", "drop_until": "2027-02-14", "withdraw_until": "2027-02-14"},
        "restrictions": [],
        "reserved": [POOL],
        "instructor_ids": [person["id"]],
        "meetings": section["meetings"],
        "occurrences": [["2026-10-06", "14:00", "15:30"], ["2026-10-13", "14:00", "15:30"]],
    }


def test_a_faulty_section_is_refused_with_every_fault(catalog: Catalog) -> None:
    section = {"offering_id": catalog.offering()["id"], "number": "1", "component": "lecture", "capacity": 30}

    for fields, faults in FAULTY:
        assert sorted(faulty(catalog.post("/sections", {**section, **fields}))) == faults
    assert catalog.get("/sections")["items"] == []


def test_a_number_belongs_to_one_section_of_an_offering(catalog: Catalog) -> None:
    first = catalog.section(number="W1")
    second = catalog.section(number="W2", offering_id=first["offering_id"])
    twin = {"offering_id": first["offering_id"], "number": "W1", "component": "lecture"}

    assert refusal(catalog.post("/sections", twin)) == (409, "section-number-taken")
    assert refusal(catalog.patch(f"/sections/{second['id']}", {"number": "W1"})) == (409, "section-number-taken")
    assert catalog.section(number="W1")["number"] == "W1"


def test_a_parent_is_a_section_of_the_same_offering(catalog: Catalog) -> None:
    lecture = catalog.section()
    stranger = catalog.section()
    lab = catalog.section(offering_id=lecture["offering_id"], component="laboratory", parent_id=lecture["id"])

    assert lab["parent_id"] == lecture["id"]
    assert faulty(catalog.patch(f"/sections/{lab['id']}", {"parent_id": stranger["id"]})) == ["parent_id"]
    assert faulty(catalog.patch(f"/sections/{lab['id']}", {"parent_id": lab["id"]})) == ["parent_id"]
    assert faulty(catalog.patch(f"/sections/{lecture['id']}", {"parent_id": lab["id"]})) == ["parent_id"]
    assert catalog.patch(f"/sections/{lab['id']}", {"parent_id": None}).json["parent_id"] is None


def test_a_change_is_checked_against_what_stays(catalog: Catalog) -> None:
    section = catalog.section(capacity=30, reserved=[POOL], meetings=[TUESDAYS])
    path = f"/sections/{section['id']}"

    assert faulty(catalog.patch(path, {"capacity": 9})) == ["reserved"]
    assert faulty(catalog.patch(path, {"capacity": None})) == ["reserved"]
    changed = catalog.patch(path, {"capacity": 10, "number": "X"}, '"v1"')
    assert (changed.json["capacity"], changed.json["version"]) == (10, 2)
    assert changed.json["meetings"] == section["meetings"]


def test_new_meetings_have_new_dates(catalog: Catalog) -> None:
    section = catalog.section(meetings=[TUESDAYS])

    catalog.patch(f"/sections/{section['id']}", {"meetings": [{**TUESDAYS, "days": ["wed"], "weeks": "2"}]})

    assert catalog.facts(section["id"])["occurrences"] == [["2026-10-07", "14:00", "15:30"]]
    assert catalog.found("day=tue") == []
    assert len(catalog.found("day=wed")) == 1


def test_a_section_without_hours_never_occurs(catalog: Catalog) -> None:
    section = catalog.section(meetings=[{"days": ["mon"]}, {}], capacity=None)

    assert catalog.facts(section["id"])["occurrences"] == []
    assert section["availability"]["open"] is None


def test_instructors_come_in_the_order_given(catalog: Catalog) -> None:
    first, second = catalog.instructor(), catalog.instructor()
    section = catalog.section(instructors=[second["number"], first["id"]])
    path = f"/sections/{section['id']}"

    same = catalog.patch(path, {"instructors": [second["id"], first["id"]]})
    turned = catalog.patch(path, {"instructors": [first["id"], second["id"]]})

    assert (ids(same.json["instructors"]), same.json["version"]) == ([second["id"], first["id"]], 1)
    assert (ids(turned.json["instructors"]), turned.json["version"]) == ([first["id"], second["id"]], 2)
    assert catalog.facts(section["id"])["instructor_ids"] == [first["id"], second["id"]]
    assert faulty(catalog.patch(path, {"instructors": [first["id"], first["number"]]})) == ["instructors[1]"]


def test_canceling_is_final(catalog: Catalog) -> None:
    section = catalog.section()
    path = f"/sections/{section['id']}"

    canceled = catalog.post(f"{path}/cancel", None)

    assert (canceled.status, canceled.json["status"], canceled.json["version"]) == (200, "canceled", 2)
    assert canceled.json["availability"]["open"] == 0
    assert catalog.facts(section["id"])["status"] == "canceled"
    assert refusal(catalog.post(f"{path}/cancel", None)) == (409, "section-already-canceled")
    assert refusal(catalog.patch(path, {"status": "open"})) == (409, "section-already-canceled")


def test_a_canceling_with_the_same_key_is_answered_again(catalog: Catalog) -> None:
    path = f"/sections/{catalog.section()['id']}/cancel"

    first, second = (catalog.post(path, None, **{"Idempotency-Key": "k"}) for _ in range(2))

    assert (second.status, second.body) == (200, first.body)


def test_a_change_names_the_version_it_rests_on(catalog: Catalog) -> None:
    path = f"/sections/{catalog.section()['id']}"
    tag = catalog.ask("GET", path).headers["ETag"]

    assert refusal(catalog.ask("PATCH", path, {"capacity": 1})) == (428, "if-match-missing")
    assert catalog.patch(path, {"capacity": 1}, tag).status == 200
    assert refusal(catalog.patch(path, {"capacity": 2}, tag)) == (412, "stale-version")


def test_sections_are_listed_by_term_instructor_and_component(catalog: Catalog) -> None:
    person = catalog.instructor()
    lecture = catalog.section(instructors=[person["id"]])
    lab = catalog.section(offering_id=lecture["offering_id"], component="laboratory")
    other = catalog.section()
    term = catalog.get(f"/offerings/{lecture['offering_id']}")["term"]["code"]

    assert ids(catalog.get(f"/sections?term={term}")["items"]) == [lecture["id"], lab["id"]]
    assert ids(catalog.get(f"/sections?instructor={person['number']}")["items"]) == [lecture["id"]]
    assert ids(catalog.get("/sections?component=laboratory")["items"]) == [lab["id"]]
    assert len(catalog.get("/sections?total=true&limit=1")["items"]) == 1
    assert other["id"] in ids(catalog.get("/sections")["items"])
    assert refusal(catalog.ask("GET", "/sections?offering_id=x")) == (404, "offering-not-found")


def test_only_the_registrar_writes_sections(catalog: Catalog) -> None:
    path = f"/sections/{catalog.section()['id']}"

    for who, status in ((None, 401), (STUDENT, 403)):
        assert catalog.ask("POST", "/sections", {}, who=who).status == status
        assert catalog.ask("PATCH", path, {}, who=who).status == status
        assert catalog.ask("POST", f"{path}/cancel", who=who).status == status
    assert refusal(catalog.ask("GET", "/sections/nope", who=None)) == (404, "section-not-found")
