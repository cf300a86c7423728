"""Courses: written, found, renamed, and kept while they are offered."""

from tests.course.catalog import STUDENT, Catalog, faulty, refusal

ANALYSIS = {
    "code": "MATH-101",
    "title": "Analiza matematyczna",
    "title_en": "Calculus",
    "description": "Granice,\nciągi i szeregi.",
    "description_en": "Limits.",
    "ects": 5.5,
    "department": "MATH",
    "level": "bachelor",
    "requisites": None,
    "max_attempts": 3,
    "repeatable": False,
}

FOUND = {
    "q=zolc": ["BIO-1"],
    "q=%C5%BB%C3%93%C5%81%C4%86": ["BIO-1"],
    "q=bio1": ["BIO-1"],
    "q=math%20101": ["MATH-101"],
    "q=stra%C3%9Fe": ["DE 1"],
    "q=strasse%20kobenhavn": ["DE 1"],
    "q=calc%20anal": ["MATH-101"],
    "q=alculus": [],
    "q=%20": ["BIO-1", "DE 1", "MATH-101"],
    "q=%25": [],
    "department=MATH": ["MATH-101"],
    "level=master": [],
}


def test_a_course_is_read_as_it_was_written(catalog: Catalog) -> None:
    created = catalog.post("/courses", ANALYSIS)
    course = created.json

    assert course == {**ANALYSIS, "id": course["id"], "version": 1}
    assert created.headers["Location"] == f"/api/v1/courses/{course['id']}"
    assert catalog.get("/courses/MATH-101") == course
    assert catalog.get(f"/courses/{course['id'].upper()}") == course
    assert catalog.news() == [("course.created.v1", 1)]


def test_codes_are_kept_tidy(catalog: Catalog) -> None:
    assert catalog.course("CSE  8A")["code"] == "CSE 8A"
    assert catalog.get("/courses/CSE%208A")["code"] == "CSE 8A"
    assert faulty(catalog.post("/courses", {**ANALYSIS, "code": 'A"B'})) == ["code"]
    assert faulty(catalog.post("/courses", {**ANALYSIS, "code": " A"})) == ["code"]


def test_a_code_belongs_to_one_course(catalog: Catalog) -> None:
    catalog.course("MATH-101")
    catalog.course("MATH-102")

    assert refusal(catalog.post("/courses", ANALYSIS)) == (409, "course-code-taken")
    assert refusal(catalog.patch("/courses/MATH-102", {"code": "MATH-101"})) == (409, "course-code-taken")
    assert catalog.patch("/courses/MATH-102", {"code": "MATH-102"}).status == 200


def test_fields_can_be_emptied_but_not_the_required_ones(catalog: Catalog) -> None:
    catalog.post("/courses", ANALYSIS)

    emptied = catalog.patch("/courses/MATH-101", {"title_en": None, "description": None, "max_attempts": None})

    assert (emptied.json["title_en"], emptied.json["description"], emptied.json["max_attempts"]) == (None, None, None)
    assert faulty(catalog.patch("/courses/MATH-101", {"title": None, "ects": None})) == ["title", "ects"]


def test_courses_are_found_by_the_beginnings_of_words(catalog: Catalog) -> None:
    catalog.post("/courses", ANALYSIS)
    catalog.course("BIO-1", title="Żółć i wątroba")
    catalog.course("DE 1", title="Die Straße", title_en="København")

    listed = {query: catalog.get(f"/courses?{query}")["items"] for query in FOUND}

    assert {query: [course["code"] for course in items] for query, items in listed.items()} == FOUND


def test_pages_of_courses_stay_stable_while_courses_come(catalog: Catalog) -> None:
    for code in ("B", "D", "F"):
        catalog.course(code)
    first = catalog.get("/courses?limit=2")

    catalog.course("A")
    catalog.course("E")
    second = catalog.get(f"/courses?limit=2&cursor={first['next']}")

    assert [course["code"] for course in first["items"]] == ["B", "D"]
    assert [course["code"] for course in second["items"]] == ["E", "F"]
    assert faulty(catalog.ask("GET", "/courses?cursor=abc")) == ["cursor"]
    assert faulty(catalog.ask("GET", "/courses?limit=201")) == ["limit"]


def test_a_course_goes_unless_it_is_offered(catalog: Catalog) -> None:
    catalog.course("MATH-101")
    offered = catalog.course("MATH-102")
    catalog.offering(course_id=offered["id"])

    assert catalog.ask("DELETE", "/courses/MATH-101").status == 204
    assert refusal(catalog.ask("DELETE", "/courses/MATH-101")) == (404, "course-not-found")
    assert refusal(catalog.ask("DELETE", "/courses/MATH-102")) == (409, "course-in-use")
    assert ("course.deleted.v1", 2) in catalog.news()


def test_a_renamed_course_is_listed_and_found_by_its_new_name(catalog: Catalog) -> None:
    catalog.offering(course_id=catalog.course("A-1", title="Stary")["id"])
    catalog.offering(course_id=catalog.course("B-1")["id"])

    catalog.patch("/courses/A-1", {"code": "C-1", "title": "Nowy"})

    assert catalog.found("") == ["B-1", "C-1"]
    assert catalog.found("q=nowy") == ["C-1"]
    assert catalog.found("q=stary") == []
    assert catalog.found("q=a1") == []


def test_only_the_registrar_writes_courses(catalog: Catalog) -> None:
    catalog.course("MATH-101")

    for who, status in ((None, 401), (STUDENT, 403)):
        assert catalog.ask("POST", "/courses", ANALYSIS, who=who).status == status
        assert catalog.ask("PATCH", "/courses/MATH-101", {"ects": 1}, who=who).status == status
        assert catalog.ask("PUT", "/courses/MATH-101/requisites", {"text": ""}, who=who).status == status
        assert catalog.ask("DELETE", "/courses/MATH-101", who=who).status == status
    assert catalog.ask("GET", "/courses/MATH-101", who=STUDENT).status == 200


def test_reading_again_with_the_etag_costs_no_body(catalog: Catalog) -> None:
    catalog.course("MATH-101")
    tag = catalog.ask("GET", "/courses/MATH-101", who=None).headers["ETag"]

    again = catalog.ask("GET", "/courses/MATH-101", who=None, headers={"If-None-Match": tag})

    assert (again.status, again.body) == (304, b"")
