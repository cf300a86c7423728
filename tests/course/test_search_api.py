"""The search of what is taught: every filter, words without diacritics, stable pages."""

import pytest

from tests.course.catalog import TUESDAYS, Catalog, faulty, refusal

THURSDAYS = {**TUESDAYS, "days": ["thu"], "start": "08:00", "end": "09:30"}

FOUND = {
    "": ["BIO 8A", "MATH-101", "PE-1"],
    "q=zolc": ["BIO 8A"],
    "q=%C5%BB%C3%93%C5%81%C4%87": ["BIO 8A"],
    "q=math101": ["MATH-101"],
    "q=MATH-101": ["MATH-101"],
    "q=bio8a": ["BIO 8A"],
    "q=8a%20watr": ["BIO 8A"],
    "q=zolkiewska%20analiza": ["MATH-101"],
    "q=lucja": ["MATH-101"],
    "q=jorgen%20thors": ["BIO 8A"],
    "q=olkiewska": [],
    "q=zolc%20analiza": [],
    "q=%20": ["BIO 8A", "MATH-101", "PE-1"],
    "q=%25%5F": [],
    "department=BIO": ["BIO 8A"],
    "component=laboratory": ["MATH-101"],
    "language=pl": ["MATH-101"],
    "component=laboratory&language=pl": [],
    "day=tue": ["BIO 8A", "MATH-101"],
    "day=thu": ["MATH-101"],
    "day=fri": [],
    "day=tue&from=14:00&to=15:30": ["BIO 8A", "MATH-101"],
    "day=tue&from=14:01": [],
    "day=tue&to=15:29": [],
    "day=tue&from=08:00&to=10:00": [],
    "from=08:00&to=10:00": ["MATH-101"],
    "open=true": ["BIO 8A", "MATH-101"],
    "open=true&component=laboratory": [],
    "open=false": ["MATH-101", "PE-1"],
    "ects=6": ["MATH-101"],
    "ects=2.5": ["PE-1"],
    "course=PE-1": ["PE-1"],
}
FAULTY = {
    "day=tuesday": ["day"],
    "from=8:00&to=24:00": ["from", "to"],
    "open=yes": ["open"],
    "ects=-1": ["ects"],
    "ects=1e400": ["ects"],
    "limit=0&x=1": ["limit", "x"],
    "cursor=%00": ["cursor"],
    "q=a&q=b": ["q"],
    "q=%00": ["q"],
}


@pytest.fixture
def winter(catalog: Catalog) -> Catalog:
    """A winter term with three offerings, and one offering of a summer term."""
    catalog.term()
    catalog.term(code="2027L", starts_on="2027-02-22", ends_on="2027-06-30")
    lucja = catalog.instructor(given_name="Łucja", family_name="Żółkiewska")["id"]
    jorgen = catalog.instructor(given_name="Jørgen", family_name="Þórsson")["id"]
    for code, title, department, ects in (
        ("MATH-101", "Analiza matematyczna", "MATH", 6),
        ("BIO 8A", "Żółć i wątroba", "BIO", 4),
        ("PE-1", "Pływanie", None, 2.5),
    ):
        catalog.course(code, title=title, department=department, ects=ects)
    math, bio, sport = (
        catalog.offering(course_id=code, term_id="2026Z")["id"] for code in ("MATH-101", "BIO 8A", "PE-1")
    )
    catalog.section(offering_id=math, meetings=[TUESDAYS, THURSDAYS], instructors=[lucja], language="pl")
    catalog.section(offering_id=math, component="laboratory", capacity=0, meetings=[THURSDAYS], language="en")
    catalog.section(offering_id=bio, meetings=[TUESDAYS], instructors=[jorgen], capacity=None)
    catalog.section(offering_id=sport, component="fieldwork", capacity=0)
    summer = catalog.offering(course_id="MATH-101", term_id="2027L")["id"]
    catalog.section(offering_id=summer)
    return catalog


def test_offerings_of_a_term_are_found(winter: Catalog) -> None:
    assert {query: winter.found(f"term=2026Z&{query}".rstrip("&")) for query in FOUND} == FOUND


def test_every_term_is_searched_where_none_is_named(winter: Catalog) -> None:
    assert winter.found("q=analiza") == ["MATH-101", "MATH-101"]
    assert winter.found("q=zolkiewska") == ["MATH-101"]


def test_own_credits_of_an_offering_are_searched(winter: Catalog) -> None:
    offering = winter.get("/offerings?term=2026Z&course=PE-1")["items"][0]

    winter.patch(f"/offerings/{offering['id']}", {"ects": 6})

    assert winter.found("term=2026Z&ects=6") == ["MATH-101", "PE-1"]
    assert winter.found("term=2026Z&ects=2.5") == []


def test_canceled_sections_are_not_found(winter: Catalog) -> None:
    (lab,) = winter.get("/sections?term=2026Z&component=laboratory")["items"]

    winter.post(f"/sections/{lab['id']}/cancel", None)

    assert winter.found("term=2026Z&component=laboratory") == []
    assert len(winter.get("/offerings?term=2026Z&q=math")["items"][0]["sections"]) == 2


def test_pages_are_stable_while_offerings_come(winter: Catalog) -> None:
    first = winter.get("/offerings?term=2026Z&limit=2&total=true")

    for code in ("AAA-1", "NEW-1"):
        winter.offering(course_id=winter.course(code)["id"], term_id="2026Z")
    second = winter.get(f"/offerings?term=2026Z&limit=2&cursor={first['next']}")

    assert first["total"] == 3
    assert [item["course"]["code"] for item in first["items"]] == ["BIO 8A", "MATH-101"]
    assert [item["course"]["code"] for item in second["items"]] == ["NEW-1", "PE-1"]
    assert (second["next"], "total" in second) == (None, False)


def test_what_is_found_equals_what_is_got(winter: Catalog) -> None:
    for item in winter.get("/offerings")["items"]:
        assert winter.get(f"/offerings/{item['id']}") == item


def test_a_faulty_search_is_refused(catalog: Catalog) -> None:
    refused = {query: catalog.ask("GET", f"/offerings?{query}") for query in FAULTY}

    assert {query: sorted(faulty(reply)) for query, reply in refused.items()} == FAULTY


def test_an_unknown_term_or_course_is_no_silent_pass(winter: Catalog) -> None:
    assert refusal(winter.ask("GET", "/offerings?term=nope")) == (404, "term-not-found")
    assert refusal(winter.ask("GET", "/offerings?course=nope")) == (404, "course-not-found")
