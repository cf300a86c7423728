"""A catalog is built, read by everybody, searched, changed and refused where it makes no sense."""

from tests.system.office import ANYHOW, NOBODY_HAS, Office, faulty, meeting, refusal

LECTURE = meeting("tue", "14:00", "15:20", room="A-150")


def test_a_term_is_made_with_its_calendar_and_read_by_code_or_id(office: Office) -> None:
    calendar = [{"date": "2027-10-14", "runs_as": "mon", "from": "14:00"}, {"date": "2027-11-11", "off": True}]
    term = office.term("2027L", opened=False, calendar=calendar, max_ects=30)

    assert term["calendar"] == calendar
    assert (term["starts_on"], term["add_until"], term["max_ects"]) == ("2027-10-04", "2028-01-30", 30)
    assert office.get(f"/terms/{term['code']}", who=None) == term
    assert office.get(f"/terms/{term['id']}", who=None) == term
    again = {"code": term["code"], "title": "Again", "starts_on": "2027-10-04", "ends_on": "2028-01-30"}
    assert refusal(office.ask("POST", "/terms", again)) == (409, "term-code-taken")


def test_a_faulty_term_names_its_fields(office: Office) -> None:
    told = {"code": "a/b", "title": 5, "starts_on": "2027-13-01", "ends": "2028-01-31"}

    assert sorted(faulty(office.ask("POST", "/terms", told))) == ["code", "ends", "ends_on", "starts_on", "title"]
    backwards = {"code": "X", "title": "X", "starts_on": "2028-01-01", "ends_on": "2027-01-01"}
    assert faulty(office.ask("POST", "/terms", backwards)) == ["ends_on"]


def test_a_course_is_found_without_diacritics(office: Office) -> None:
    course = office.course("ŻÓŁ 1", title="Żółta analiza", title_en="Yellow calculus", department="MAT", ects=6.5)

    for words in (f"zol 1-{office.mark}", office.mark.lower()):
        assert office.get(f"/courses?q={words.replace(' ', '%20')}", who=None)["items"] == [course]
    assert office.get(f"/courses/{course['id']}", who=None) == course
    code = "%C5%BB%C3%93%C5%81%201-" + office.mark
    assert office.get(f"/courses/{code}", who=None)["ects"] == 6.5


def test_requisites_are_told_as_text_tree_and_graph(office: Office) -> None:
    first, second = office.named("A-1"), office.named("B-1")
    office.course("A-1")
    office.course("B-1", requisites=f'"{first}" >= 3.5 OR STAGE >= 3')

    told = office.get(f"/courses/{second}/requisites", who=None)
    graph = office.get(f"/courses/{second}/requisite-graph", who=None)
    asked = {"completed": [{"course": first, "grade": "4.0", "ects": 5}], "standing": {"stage": 1}}
    judged = office.ask("POST", f"/courses/{second}/requisite-checks", asked)
    parsed = office.ask("POST", "/requisite-parses", {"text": told["text"], "course": second})

    assert (parsed.status, parsed.json["tree"]) == (200, told["tree"])
    assert (told["tree"]["kind"], told["unknown"]) == ("any", [])
    assert [node["code"] for node in graph["nodes"]] == [first, second]
    assert (judged.status, judged.json["result"]) == (200, "MET")


def test_faulty_and_circular_requisites_are_refused(office: Office) -> None:
    first, second = office.named("A-1"), office.named("B-1")
    office.course("A-1", requisites=f'"{second}"')
    office.course("B-1")
    path = f"/courses/{second}/requisites"

    def replaced(text: str) -> tuple[int, str]:
        reply = office.system.ask("PUT", f"/api/v1{path}", {"text": text}, role="registrar", headers=ANYHOW)
        return (reply.status, reply.json.get("code") or reply.json["text"])

    assert refusal(office.ask("POST", "/requisite-parses", {"text": "A AND"})) == (422, "requisites-syntax")
    assert replaced("A AND") == (422, "requisites-syntax")
    assert replaced(f'"{first}"') == (422, "requisites-cycle")
    assert replaced(f'"{first}" WITH') == (200, f'"{first}" WITH')


def test_equivalences_are_made_changed_and_ended(office: Office) -> None:
    a, b, c = (office.course(code)["code"] for code in ("A-1", "B-1", "C-1"))
    made = office.made("/equivalences", {"courses": [a, b]})
    path = f"/equivalences/{made['id']}"

    assert [course["code"] for course in office.get(path, who=None)["courses"]] == [a, b]
    assert refusal(office.ask("POST", "/equivalences", {"courses": [b, c]})) == (409, "course-already-equivalent")
    assert [course["code"] for course in office.change(path, courses=[a, c])["courses"]] == [a, c]
    assert office.ask("DELETE", path).status == 204
    assert refusal(office.ask("GET", path)) == (404, "equivalence-not-found")


def test_a_section_has_meetings_pools_a_parent_and_instructors(office: Office) -> None:
    number = f"P{office.mark}"
    person = {"number": number, "given_name": "Łucja", "family_name": "Nguyễn", "email": "l@example.edu"}
    teacher = office.made("/instructors", person)
    lecture = office.section("A-1", "W1", meetings=[LECTURE], instructors=[number], language="en")
    pool = {"seats": 10, "program": ["INF"], "stage": [1], "until": "2027-10-05T00:00:00Z"}
    seats = {"reserved": [pool], "capacity": 15, "waitlist_capacity": 3}
    laboratory = office.section("A-1", "L1", offering=None, component="laboratory", parent_id=lecture, **seats)

    read, other = (office.get(f"/sections/{one}", who=None) for one in (lecture, laboratory))

    assert (read["meetings"], read["language"], read["capacity"]) == ([LECTURE], "en", 30)
    assert [one["family_name"] for one in read["instructors"]] == ["Nguyễn"]
    assert (other["parent_id"], other["reserved"]) == (lecture, [{**pool, "group": []}])
    assert refusal(office.ask("POST", "/instructors", person)) == (409, "instructor-number-taken")
    listed = office.found("/instructors/search", q=number)["items"]
    assert [one["id"] for one in listed] == [teacher["id"]]


def test_an_offering_shows_its_course_term_and_sections(office: Office) -> None:
    section = office.section("A-1", meetings=[LECTURE], offering={"required_components": ["lecture"], "add_weeks": 2})
    offering = office.offering("A-1")

    told = office.get(f"/offerings/{offering['id']}", who=None)

    assert (told["course"]["code"], told["term"]["code"]) == (office.named("A-1"), office.named("2027L"))
    assert office.get(f"/sections?offering_id={offering['id']}", who=None)["items"] == told["sections"]
    assert ([one["id"] for one in told["sections"]], told["add_weeks"]) == ([section], 2)
    again = {"course_id": office.named("A-1"), "term_id": office.named("2027L")}
    assert refusal(office.ask("POST", "/offerings", again)) == (409, "offering-exists")


def test_what_is_taught_is_searched_by_day_hour_component_and_words(office: Office) -> None:
    office.course("A-1", title="Algebra liniowa", department="MAT")
    office.section("A-1", meetings=[LECTURE])
    office.section("B-1", component="seminar", meetings=[meeting("fri", "08:00", "09:00")])
    term = office.named("2027L")

    def found(query: str) -> list[str]:
        items = office.get(f"/offerings?term={term}&{query}", who=None)["items"]
        return [one["course"]["code"].removesuffix(f"-{office.mark}") for one in items]

    assert found("q=liniow") == ["A-1"]
    assert found("department=MAT") == ["A-1"]
    assert found("day=tue&from=13:00&to=16:00") == ["A-1"]
    assert found("component=seminar") == ["B-1"]
    assert found("ects=5&open=true") == ["A-1", "B-1"]
    assert found("language=xx") == []
    assert refusal(office.ask("GET", "/offerings?day=someday", who=None)) == (422, "invalid-request")


def test_a_number_belongs_to_one_section_of_an_offering(office: Office) -> None:
    office.section("A-1", "W1")
    again = {"offering_id": office.offering("A-1")["id"], "number": "W1", "component": "lecture"}

    assert refusal(office.ask("POST", "/sections", again)) == (409, "section-number-taken")


def test_a_section_that_makes_no_sense_names_its_fields(office: Office) -> None:
    told = {
        "offering_id": office.offering("A-1")["id"],
        "number": "1",
        "component": "lecture",
        "capacity": -1,
        "meetings": [{"days": ["someday"], "start": "25:00"}],
        "reserved": [{"seats": 0}],
    }

    fields = faulty(office.ask("POST", "/sections", told))

    assert {"capacity", "meetings[0].days[0]", "meetings[0].start", "reserved[0].seats"} <= set(fields)


def test_a_course_that_is_taught_is_not_deleted_and_another_is(office: Office) -> None:
    office.section("A-1")
    office.course("B-1")

    assert refusal(office.ask("DELETE", f"/courses/{office.named('A-1')}")) == (409, "course-in-use")
    assert office.ask("DELETE", f"/courses/{office.named('B-1')}").status == 204
    assert refusal(office.ask("GET", f"/courses/{office.named('B-1')}", who=None)) == (404, "course-not-found")


def test_what_nobody_made_is_not_found_under_a_code_of_its_own(office: Office) -> None:
    kinds = {
        "/terms/": "term-not-found",
        "/courses/": "course-not-found",
        "/offerings/": "offering-not-found",
        "/sections/": "section-not-found",
        "/instructors/": "instructor-not-found",
        "/students/": "student-not-found",
        "/enrollments/": "enrollment-not-found",
        "/registration-windows/": "window-not-found",
    }

    for path, code in kinds.items():
        assert refusal(office.ask("GET", path + NOBODY_HAS)) == (404, code)
