"""What the course module answers to its neighbors."""

from typing import Any

import pytest

from tests.course.catalog import STUDENT, Catalog
from tests.house import REGISTRAR, ids
from university.platform.database import new_id
from university.platform.security import Principal

SERVICE = Principal("tests", frozenset({"service"}))
NOBODY_HAS = "01920000-0000-7000-8000-0000000000ff"


@pytest.fixture
def math(catalog: Catalog) -> tuple[Catalog, str, str]:
    """A section of MATH-201, which requires MATH-101 and, together with it, LAB-1; and a section of LAB-1."""
    catalog.term(code="2025Z", starts_on="2025-10-01", ends_on="2026-02-14")
    catalog.term()
    catalog.course("MATH-101")
    catalog.course("LAB-1")
    catalog.course("MATH-201", requisites="MATH-101 AND LAB-1 WITH")
    math, lab = (
        catalog.section(offering_id=catalog.offering(course_id=code, term_id="2026Z")["id"])["id"]
        for code in ("MATH-201", "LAB-1")
    )
    return catalog, math, lab


def check(catalog: Catalog, section_ids: list[str], **record: Any) -> Any:
    reply = catalog.house.ask("course", "/requisite-checks", {"section_ids": section_ids, "record": record})
    assert reply.status == 200, reply.body
    return reply.json


def test_a_check_tells_facts_unknown_sections_and_a_verdict_for_each_course(math: tuple[Catalog, str, str]) -> None:
    catalog, section, lab = math

    told = check(catalog, [section, NOBODY_HAS, "nonsense", lab], completed=[{"course": "MATH-101", "grade": "3.0"}])

    assert ids(told["sections"]) == [section, lab]
    assert told["sections"][0] == catalog.facts(section)
    assert told["unknown"] == [NOBODY_HAS, "nonsense"]
    assert [(one["course"], one["result"]) for one in told["requisites"]] == [("MATH-201", "MET"), ("LAB-1", "MET")]
    assert told["requisites"][1]["tree"] is None


def test_what_is_missing_is_told_with_remedies(math: tuple[Catalog, str, str]) -> None:
    catalog, section, _lab = math

    (verdict,) = check(catalog, [section])["requisites"]

    leaf = {"kind": "course", "grade": None, "within_terms": None}
    assert verdict["result"] == verdict["tree"]["result"] == "UNMET"
    assert verdict["text"] == "MATH-101 AND LAB-1 WITH"
    assert verdict["missing_corequisites"] == ["LAB-1"]
    assert verdict["apart_from_corequisites"] == "UNMET"
    assert verdict["remedies"] == [
        [
            {**leaf, "course": "MATH-101", "timing": None, "text": "MATH-101"},
            {**leaf, "course": "LAB-1", "timing": "with", "text": "LAB-1 WITH"},
        ]
    ]


def test_a_running_course_of_the_same_term_does_not_come_before(math: tuple[Catalog, str, str]) -> None:
    catalog, section, lab = math

    before = check(catalog, [section, lab], in_progress=[{"course": "MATH-101", "term": "2025Z"}])
    beside = check(catalog, [section, lab], in_progress=[{"course": "MATH-101", "term": "2026Z"}])
    untold = check(catalog, [section, lab], in_progress=[{"course": "MATH-101"}])

    assert [told["requisites"][0]["result"] for told in (before, beside, untold)] == [
        "CONDITIONAL",
        "UNMET",
        "CONDITIONAL",
    ]


def test_a_check_sees_every_change_at_once(math: tuple[Catalog, str, str]) -> None:
    catalog, section, lab = math
    record = {"completed": [{"course": "OTHER", "grade": "5.0", "ects": 5}]}
    before = check(catalog, [section, lab], **record)

    catalog.course("OTHER")
    catalog.post("/equivalences", {"courses": ["OTHER", "MATH-101"]})
    equivalent = check(catalog, [section, lab], **record)
    catalog.patch("/courses/MATH-201", {"code": "MATH-299", "requisites": "GPA >= 4 AND CREDITS >= 6"})
    renamed = check(catalog, [section], **record)
    catalog.patch(f"/sections/{section}", {"capacity": 7})
    resized = check(catalog, [section], **record)

    assert [told["requisites"][0]["result"] for told in (before, equivalent, renamed)] == ["UNMET", "MET", "UNMET"]
    assert renamed["requisites"][0]["course"] == renamed["sections"][0]["course"]["code"] == "MATH-299"
    assert [leaf["result"] for leaf in renamed["requisites"][0]["tree"]["items"]] == ["MET", "UNMET"]
    assert resized["sections"][0]["capacity"] == 7


def test_a_term_that_is_new_or_moved_takes_its_place_in_the_order_of_time(math: tuple[Catalog, str, str]) -> None:
    catalog, section, _lab = math
    check(catalog, [section])
    catalog.term(code="2026L", starts_on="2027-02-15", ends_on="2027-06-30")
    next_term = catalog.offering(course_id="MATH-201", term_id="2026L")["id"]
    later = catalog.section(offering_id=next_term)["id"]

    def beside(term: str) -> str:
        record = {"in_progress": [{"course": "MATH-101", "term": term}, {"course": "LAB-1"}]}
        result: str = check(catalog, [later], **record)["requisites"][0]["result"]
        return result

    assert (beside("2026L"), beside("2026Z")) == ("UNMET", "CONDITIONAL")
    catalog.patch("/terms/2026Z", {"starts_on": "2027-09-01", "ends_on": "2027-12-01"})
    assert beside("2026Z") == "UNMET"


def test_all_that_is_known_of_a_student_counts(math: tuple[Catalog, str, str]) -> None:
    catalog, section, _lab = math
    text = "PROGRAM IN (INF) AND STAGE >= 2 AND GROUP IN (a) AND TEST t >= 5 AND CONSENT INSTRUCTOR AND X CONCURRENT"
    catalog.put("/courses/MATH-201/requisites", {"text": text})
    record = {
        "program": "INF",
        "stage": 2,
        "groups": ["a", "b"],
        "tests": [{"name": "t", "score": 5}],
        "consents": ["instructor"],
        "requested": ["X"],
    }

    assert check(catalog, [section], **record)["requisites"][0]["result"] == "MET"
    for missing in record:
        less = {name: value for name, value in record.items() if name != missing}
        assert check(catalog, [section], **less)["requisites"][0]["result"] in {"UNMET", "UNKNOWN"}


def test_a_consent_counts_where_it_was_given_and_is_told_where_it_decides(math: tuple[Catalog, str, str]) -> None:
    catalog, section, lab = math
    catalog.put("/courses/MATH-201/requisites", {"text": "STAGE >= 2 OR CONSENT INSTRUCTOR"})
    offering = catalog.get(f"/sections/{section}")["offering_id"]
    term = catalog.get("/terms/2026Z")["id"]

    def judged(within: str, giver: str = "instructor", **record: Any) -> tuple[str, bool]:
        given = [{"giver": giver, "within": within}]
        told = check(catalog, [section], consents_given=given, **record)["requisites"][0]
        return told["result"], told["rests_on_consent"]

    assert [judged(within, stage=1) for within in (section, offering, term)] == [("MET", True)] * 3
    assert judged(lab, stage=1) == judged(section, "department", stage=1) == ("UNMET", False)
    assert judged(section, stage=2) == ("MET", False)


def test_an_offering_is_looked_up_by_id(math: tuple[Catalog, str, str]) -> None:
    catalog, section, _lab = math
    offering = catalog.get(f"/offerings/{catalog.get(f'/sections/{section}')['offering_id']}")

    told = catalog.house.call("course", "GET", f"/internal/offerings/{offering['id']}", who=SERVICE).json

    assert {name: told[name] for name in ("id", "course_id", "term_id")} == {
        name: offering[name] for name in ("id", "course_id", "term_id")
    }
    assert catalog.house.call("course", "GET", "/internal/offerings/nope", who=SERVICE).status == 404


def test_sections_are_looked_up_in_bulk(math: tuple[Catalog, str, str]) -> None:
    catalog, section, lab = math

    told = catalog.house.ask("course", "/sections", {"ids": [lab, NOBODY_HAS, section]}).json
    by_key = catalog.house.ask("course", "/sections", {"external_keys": ["sourced"]}).json

    assert ids(told["sections"]) == [lab, section]
    assert told["unknown"] == [NOBODY_HAS]
    assert by_key == {"sections": [], "hosts": [], "unknown": ["sourced"]}


def test_courses_are_looked_up_in_bulk(math: tuple[Catalog, str, str]) -> None:
    catalog, _section, _lab = math
    course = catalog.get("/courses/LAB-1")

    told = catalog.house.ask("course", "/courses", {"codes": ["LAB-1", "nope"]}).json
    by_id = catalog.house.ask("course", "/courses", {"ids": [course["id"], "nope"]}).json

    brief = {"id": course["id"], "code": "LAB-1", "title": "Kurs", "title_en": None, "ects": 5, "external_key": None}
    assert told == by_id == {"courses": [brief], "unknown": ["nope"]}


def test_a_term_is_looked_up_by_id_or_code(math: tuple[Catalog, str, str]) -> None:
    catalog, _section, _lab = math
    term = catalog.get("/terms/2026Z")

    for key in ("2026Z", term["id"]):
        told = catalog.house.call("course", "GET", f"/internal/terms/{key}", who=SERVICE)
        assert {name: told.json[name] for name in ("id", "version", "code", "add_until", "max_ects")} == {
            name: term[name] for name in ("id", "version", "code", "add_until", "max_ects")
        }
    assert catalog.house.call("course", "GET", "/internal/terms/nope", who=SERVICE).status == 404


def test_a_faulty_question_is_refused(catalog: Catalog) -> None:
    questions: list[tuple[str, Any]] = [
        ("/sections", {}),
        ("/sections", {"ids": [], "external_keys": []}),
        ("/sections", {"ids": [1]}),
        ("/sections", {"ids": [NOBODY_HAS] * 501}),
        ("/courses", {"codes": "A"}),
        ("/requisite-checks", {}),
        ("/requisite-checks", {"section_ids": [], "record": {"consents": ["dean"]}}),
        ("/requisite-checks", {"section_ids": [], "record": {"consents_given": [{"giver": "dean", "within": "x"}]}}),
    ]

    assert {catalog.house.ask("course", path, body).status for path, body in questions} == {422}


def test_only_services_may_ask(catalog: Catalog) -> None:
    for who, status in ((None, 401), (STUDENT, 403), (REGISTRAR, 403)):
        for path in ("/internal/sections", "/internal/courses", "/internal/requisite-checks"):
            assert catalog.house.call("course", "POST", path, {"ids": [new_id()]}, who=who).status == status
        assert catalog.house.call("course", "GET", "/internal/terms/x", who=who).status == status
