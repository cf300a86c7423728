"""Requisites of courses: kept as text and tree, refused when faulty or circular, drawn, judged."""

from typing import Any

from tests.course.catalog import STUDENT, Catalog, faulty, refusal

COMPLETED = {"course": "A", "grade": "4.0", "ects": 5, "term": "2025Z"}

ASKED: list[tuple[dict[str, Any], str]] = [
    ({}, "UNMET"),
    ({"completed": [COMPLETED]}, "UNKNOWN"),
    ({"completed": [COMPLETED], "standing": {"program": "INF"}}, "MET"),
    ({"in_progress": [{"course": "A"}], "standing": {"program": "INF"}}, "CONDITIONAL"),
    ({"completed": [{**COMPLETED, "grade": "2.0"}], "standing": {"program": "INF"}}, "UNMET"),
    ({"completed": [COMPLETED], "standing": {"program": "HIST", "tests": []}}, "UNMET"),
    ({"completed": [COMPLETED], "standing": {"program": "HIST", "tests": [{"name": "math", "score": 80}]}}, "MET"),
    ({"completed": [{**COMPLETED, "course": "A2"}], "standing": {"program": "INF"}}, "MET"),
]


def test_requisites_are_told_as_text_and_tree(catalog: Catalog) -> None:
    catalog.course("A")
    catalog.course("B", requisites=" A >= 3.0 AND NOPE ")

    told = catalog.get("/courses/B/requisites")

    leaf = {"kind": "course", "grade": "3.0", "timing": None, "within_terms": None}
    assert told["text"] == "A >= 3.0 AND NOPE"
    assert told["tree"] == {
        "kind": "all",
        "items": [{**leaf, "course": "A"}, {**leaf, "course": "NOPE", "grade": None}],
    }
    assert told["unknown"] == ["NOPE"]
    assert catalog.get("/courses/B")["requisites"] == "A >= 3.0 AND NOPE"


def test_requisites_are_replaced_by_text_or_tree_and_emptied(catalog: Catalog) -> None:
    catalog.course("A")
    tag = catalog.ask("GET", "/courses/A/requisites").headers["ETag"]

    written = catalog.put("/courses/A/requisites", {"text": "STAGE >= 2"}, tag)
    tree = catalog.put("/courses/A/requisites", {"tree": {"kind": "stage", "minimum": 3}}, written.headers["ETag"])
    both = catalog.put("/courses/A/requisites", {**tree.json, "unknown": []}, tree.headers["ETag"])
    emptied = catalog.put("/courses/A/requisites", {"text": " "}, tree.headers["ETag"])

    assert written.json["tree"] == {"kind": "stage", "minimum": 2}
    assert tree.json["text"] == "STAGE >= 3"
    assert faulty(both) == ["unknown"]
    assert emptied.json == {"text": None, "tree": None, "unknown": []}
    assert catalog.news() == [("course.created.v1", 1), *(("course.updated.v1", version) for version in (2, 3, 4))]


def test_replacing_requisites_names_the_version_it_rests_on(catalog: Catalog) -> None:
    catalog.course("A")
    stale = catalog.ask("GET", "/courses/A/requisites").headers["ETag"]
    catalog.patch("/courses/A", {"title": "Inny"})

    assert refusal(catalog.ask("PUT", "/courses/A/requisites", {"text": ""})) == (428, "if-match-missing")
    assert refusal(catalog.put("/courses/A/requisites", {"text": "B"}, stale)) == (412, "stale-version")
    assert catalog.put("/courses/A/requisites", {"text": "B"}, '"v2"').status == 200


def test_a_faulty_text_is_refused_with_its_position(catalog: Catalog) -> None:
    catalog.course("A")

    for text, position in (("A AND", 5), ("A & B", 2), ("(A", 2), ('"A', 0), ("3 OF (A)", 0)):
        for reply in (
            catalog.put("/courses/A/requisites", {"text": text}),
            catalog.patch("/courses/A", {"requisites": text}),
            catalog.post("/courses", {"code": "B", "title": "B", "ects": 1, "requisites": text}),
        ):
            assert refusal(reply) == (422, "requisites-syntax")
            assert reply.json["position"] == position
    assert catalog.get("/courses/A")["version"] == 1


def test_what_is_no_tree_is_refused(catalog: Catalog) -> None:
    catalog.course("A")

    bodies: list[Any] = [{}, {"tree": {"kind": "stage"}}, {"tree": {"kind": "all", "items": []}}, {"tree": []}]
    for body in bodies:
        assert catalog.put("/courses/A/requisites", body).status == 422


def test_a_circle_is_refused_with_its_path(catalog: Catalog) -> None:
    catalog.course("A", requisites="B")
    catalog.course("B", requisites="C OR D")
    catalog.course("C")

    refused = catalog.put("/courses/C/requisites", {"text": "A"})

    assert refusal(refused) == (422, "requisites-cycle")
    assert refused.json["path"] == ["C", "A", "B", "C"]
    assert refusal(catalog.patch("/courses/C", {"requisites": "C"})) == (422, "requisites-cycle")
    assert catalog.put("/courses/C/requisites", {"text": "A WITH"}).status == 200


def test_a_new_code_closes_no_circle(catalog: Catalog) -> None:
    catalog.course("A", requisites="B")
    catalog.course("X", requisites="A")

    assert refusal(catalog.patch("/courses/X", {"code": "B"})) == (422, "requisites-cycle")
    assert catalog.patch("/courses/X", {"code": "B", "requisites": None}).status == 200


def test_the_graph_shows_what_leads_to_a_course_and_what_it_opens(catalog: Catalog) -> None:
    first = catalog.course("A", title="Pierwszy", title_en="First")
    catalog.course("B", requisites="A AND GHOST")
    catalog.course("C", requisites="B CONCURRENT")
    catalog.course("OTHER", requisites="A")

    drawn = catalog.get("/courses/B/requisite-graph")

    assert [(node["code"], node["steps"]) for node in drawn["nodes"]] == [("A", -1), ("GHOST", -1), ("B", 0), ("C", 1)]
    assert drawn["nodes"][0] == {"code": "A", "id": first["id"], "title": "Pierwszy", "title_en": "First", "steps": -1}
    assert drawn["nodes"][1]["id"] is None
    assert [(edge["course"], edge["requires"], edge["timing"]) for edge in drawn["edges"]] == [
        ("B", "A", None),
        ("B", "GHOST", None),
        ("C", "B", "concurrent"),
    ]


def test_anybody_signed_in_may_ask_what_requisites_say(catalog: Catalog) -> None:
    catalog.course("A")
    catalog.course("A2")
    catalog.post("/equivalences", {"courses": ["A", "A2"]})
    catalog.course("B", requisites="A AND (PROGRAM IN (INF) OR TEST math >= 60)")

    for asked, result in ASKED:
        judged = catalog.ask("POST", "/courses/B/requisite-checks", asked, who=STUDENT)
        assert (judged.json["result"], judged.json["tree"]["result"]) == (result, result), asked


def test_a_course_without_requisites_lets_everybody_in(catalog: Catalog) -> None:
    catalog.course("A")

    judged = catalog.post("/courses/A/requisite-checks", {}, **{"Idempotency-Key": "same"}).json

    assert judged == {"result": "MET", "tree": None, "text": None, "missing_corequisites": [], "remedies": []}
    assert catalog.ask("POST", "/courses/A/requisite-checks", {}, who=None).status == 401


def test_a_faulty_question_is_refused_with_every_fault(catalog: Catalog) -> None:
    catalog.course("A")
    asked = {"completed": [{"grade": 4, "course": "A", "x": 1}], "standing": {"stage": "2", "age": 3}, "term": ""}

    refused = catalog.post("/courses/A/requisite-checks", asked)

    assert sorted(faulty(refused)) == ["completed[0].grade", "completed[0].x", "standing.age", "standing.stage", "term"]


def test_a_text_is_read_without_being_kept(catalog: Catalog) -> None:
    catalog.course("A")
    course = catalog.course("B", requisites="A")
    news = catalog.news()

    told = catalog.post("/requisite-parses", {"text": " A AND NOPE ", "course": "B"})
    empty = catalog.post("/requisite-parses", {"text": "  "})

    assert told.json["text"] == "A AND NOPE"
    assert [item["course"] for item in told.json["tree"]["items"]] == ["A", "NOPE"]
    assert told.json["unknown"] == ["NOPE"]
    assert empty.json == {"text": None, "tree": None, "unknown": []}
    assert (catalog.get("/courses/B"), catalog.news()) == (course, news)


def test_a_text_that_a_course_could_not_be_given_is_refused_beforehand(catalog: Catalog) -> None:
    catalog.course("A", requisites="B")
    catalog.course("B")

    faulty_text = catalog.post("/requisite-parses", {"text": "A AND"})
    circular = catalog.post("/requisite-parses", {"text": "A", "course": "B"})

    assert (refusal(faulty_text), faulty_text.json["position"]) == ((422, "requisites-syntax"), 5)
    assert (refusal(circular), circular.json["path"]) == ((422, "requisites-cycle"), ["B", "A", "B"])
    assert catalog.post("/requisite-parses", {"text": "A"}).status == 200
    assert refusal(catalog.post("/requisite-parses", {"text": "A", "course": "X"})) == (404, "course-not-found")
    assert catalog.ask("POST", "/requisite-parses", {"text": "A"}, who=STUDENT).status == 403
