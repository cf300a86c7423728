"""Who read something may ask whether it changed, and changes nothing that they have not seen; lists are whole."""

from collections.abc import Callable

from tests.house import Reply, ids
from tests.system.office import API, Office, refusal

Made = Callable[[Office], tuple[str, dict[str, object]]]


def term(office: Office) -> tuple[str, dict[str, object]]:
    return f"/terms/{office.term(opened=False)['code']}", {"title": "Changed"}


def course(office: Office) -> tuple[str, dict[str, object]]:
    return f"/courses/{office.course('A-1')['code']}", {"title": "Changed"}


def offering(office: Office) -> tuple[str, dict[str, object]]:
    return f"/offerings/{office.offering('A-1')['id']}", {"ects": 7}


def section(office: Office) -> tuple[str, dict[str, object]]:
    return f"/sections/{office.section('A-1')}", {"capacity": 7}


def student(office: Office) -> tuple[str, dict[str, object]]:
    return f"/students/{office.student().number}", {"stage": 2}


def window(office: Office) -> tuple[str, dict[str, object]]:
    return f"/registration-windows/{office.window(term_id=office.term(opened=False)['id'])['id']}", {"name": "Changed"}


KINDS: list[Made] = [term, course, offering, section, student, window]


def patched(office: Office, path: str, changes: dict[str, object], tag: str | None) -> Reply:
    headers = {"If-Match": tag} if tag else {}
    return office.system.ask("PATCH", API + path, changes, token=office.token("registrar"), headers=headers)


def test_every_kind_of_record_is_changed_by_who_has_seen_it_only(office: Office) -> None:
    for made in KINDS:
        change_what_was_seen(office, made)


def change_what_was_seen(office: Office, made: Made) -> None:
    path, changes = made(office)
    tag = office.ask("GET", path).headers["ETag"]

    assert office.ask("GET", path, If_None_Match=tag).status == 304
    assert refusal(patched(office, path, changes, None)) == (428, "if-match-missing")
    assert refusal(patched(office, path, changes, '"v99"')) == (412, "stale-version")
    changed = patched(office, path, changes, tag)
    assert changed.status == 200, changed.body
    assert changes.items() <= changed.json.items()
    assert refusal(patched(office, path, changes, tag)) == (412, "stale-version")
    seen = office.ask("GET", path, If_None_Match=tag)
    assert (seen.status, seen.json["version"]) == (200, 2)


def test_an_enrollment_and_a_list_are_not_sent_again_to_who_has_them(office: Office) -> None:
    ann = office.student()
    enrollment = office.enrolled(ann, office.section("A-1"))
    for path in (f"/enrollments/{enrollment}", f"/enrollments?student_id={ann.id}", "/courses?limit=1", "/terms"):
        tag = office.ask("GET", path).headers["ETag"]
        again = office.ask("GET", path, If_None_Match=tag)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    tag = office.ask("GET", f"/enrollments/{enrollment}").headers["ETag"]
    office.drop(enrollment)
    assert office.ask("GET", f"/enrollments/{enrollment}", If_None_Match=tag).status == 200


def test_a_list_is_read_page_by_page_without_gaps(office: Office) -> None:
    section_id = office.section("A-1")
    made = [office.enrolled(office.student(), section_id) for _ in range(5)]
    path = f"/enrollments?section_id={section_id}&limit=2&total=true"

    pages = [office.get(path)]
    while pages[-1]["next"]:
        pages.append(office.get(f"{path}&cursor={pages[-1]['next']}"))

    assert [ids(page["items"]) for page in pages] == [made[:2], made[2:4], made[4:]]
    assert {page["total"] for page in pages} == {5}


def test_a_page_stays_right_while_the_list_changes(office: Office) -> None:
    section_id = office.section("A-1")
    made = [office.enrolled(office.student(), section_id) for _ in range(4)]
    path = f"/enrollments?section_id={section_id}&status=enrolled&limit=2"
    first = office.get(path)
    office.drop(made[0])
    late = office.enrolled(office.student(), section_id)

    second = office.get(f"{path}&cursor={first['next']}")
    third = office.get(f"{path}&cursor={second['next']}")

    assert [ids(page["items"]) for page in (first, second, third)] == [made[:2], made[2:], [late]]


def test_faulty_questions_are_refused(office: Office) -> None:
    for path in ("/enrollments", "/students", "/courses", "/terms", "/registration-windows"):
        for query in ("limit=0", "limit=201", "limit=x", "cursor=x", "color=red", "limit=2&limit=3"):
            assert refusal(office.ask("GET", f"{path}?{query}")) == (422, "invalid-request")
    other = office.get("/terms?limit=1")["next"] or "e30"
    assert office.ask("GET", f"/students?cursor={other}").status == 422


def test_students_are_listed_and_found(office: Office) -> None:
    made = [office.student(family_name=f"Żółć{office.mark}", given_name=name) for name in ("Ala", "Bea", "Cyd")]

    first = office.found("/students/search", q=f"zolc{office.mark}", limit=2)
    second = office.found("/students/search", q=f"zolc{office.mark}", limit=2, cursor=first["next"])

    assert sorted(ids(first["items"] + second["items"])) == sorted(one.id for one in made)
