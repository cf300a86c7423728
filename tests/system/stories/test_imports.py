"""A registrar moves a university in from OneRoster files, and takes it out again."""

from tests.house import multipart
from tests.system.office import API, Office, refusal

PARTS = ("courses", "students", "enrollments")


def counts(job: dict[str, int]) -> tuple[int, int, int]:
    """Return how many things an import created, updated and removed."""
    return job["created"], job["updated"], job["removed"]


def test_a_university_moves_in_once(office: Office) -> None:
    content = office.files().zip()

    trial = [counts(office.imported(part, content, dry_run=True)) for part in PARTS[:2]]
    first = {part: office.imported(part, content) for part in PARTS}
    again = {part: office.imported(part, content) for part in PARTS}

    assert [job["errors"] for job in (*first.values(), *again.values())] == [[]] * 6
    assert [counts(job) for job in first.values()][:2] == trial
    assert counts(first["enrollments"]) == (3, 0, 0)
    assert [counts(job) for job in again.values()] == [(0, 0, 0)] * 3
    assert {job["state"] for job in first.values()} == {"done"}
    assert first["courses"]["done"] == first["courses"]["total"] > 0


def test_what_moved_in_is_there_and_counts(office: Office) -> None:
    content = office.files().zip()
    for part in PARTS:
        office.imported(part, content)
    anna, term = f"100001-{office.mark}", office.named("2027Z")

    held = office.get(f"/enrollments?student_id={anna}")["items"]
    (hold,) = office.get(f"/students/{anna}/holds")["items"]
    found = office.eventually(
        f"/offerings?term={term}&q={office.named('INF-1')}",
        lambda told: [one["availability"]["taken"] for one in told["items"][0]["sections"]] == [1, 1],
        who=None,
    )

    assert sorted(one["status"] for one in held) == ["completed", "enrolled"]
    assert hold["reason"] == "Books"
    teachers = [one["family_name"] for section in found["items"][0]["sections"] for one in section["instructors"]]
    assert teachers == ["Nguyễn", "Müller"]
    office.eventually(f"/students/{anna}/enrollments", lambda told: len(told["items"]) == 2)


def test_a_faulty_cell_keeps_the_whole_part_out_and_is_told_in_both_languages(office: Office) -> None:
    files = office.files()
    files.row("classes", f"k-free-{office.mark}")["metadata.capacity"] = "x"
    files.row("courses", f"c-mat-{office.mark}")["title"] = ""

    job = office.imported("courses", files.zip())
    polish = office.ask("GET", f"/courses/imports/{job['id']}", Accept_Language="pl").json

    assert (job["state"], job["error_count"]) == ("failed", 2)
    assert {(fault["file"], fault["column"]) for fault in job["errors"]} == {
        ("classes.csv", "metadata.capacity"),
        ("courses.csv", "title"),
    }
    assert [fault["line"] for fault in job["errors"]] == [fault["line"] for fault in polish["errors"]]
    assert not {fault["message"] for fault in job["errors"]} & {fault["message"] for fault in polish["errors"]}
    assert office.ask("GET", f"/terms/{office.named('2027Z')}", who=None).status == 404


def test_enrollments_wait_for_courses_and_students(office: Office) -> None:
    job = office.imported("enrollments", office.files().zip())

    assert job["state"] == "failed"
    assert {fault["column"] for fault in job["errors"]} == {"classSourcedId", "userSourcedId"}


def test_what_is_no_zip_is_refused_or_fails(office: Office) -> None:
    job = office.imported("courses", b"PK but no zip")
    body, kind = multipart(b"x", name="sheet")
    token = office.token("registrar")

    assert (job["state"], bool(job["errors"])) == ("failed", True)
    path = f"{API}/courses/imports"
    assert refusal(office.system.ask("POST", path, body, token=token, headers=kind)) == (422, "invalid-request")
    assert office.system.ask("POST", path, {"file": "x"}, token=token).status == 415
    assert refusal(office.ask("GET", "/courses/imports/nothing")) == (404, "import-not-found")


def test_imports_and_exports_belong_to_the_registrar(office: Office) -> None:
    body, kind = multipart(office.files().zip())
    token = office.token(office.student().number)

    for part in PARTS:
        reply = office.system.ask("POST", f"{API}/{part}/imports", body, token=token, headers=kind)
        assert refusal(reply) == (403, "role-missing")
    for path in ("/courses/exports/classes", "/students/exports/users", "/enrollments/exports/enrollments"):
        assert refusal(office.ask("GET", path, who=None)) == (401, "unauthenticated")
    assert refusal(office.ask("GET", "/courses/exports/secrets")) == (404, "export-not-found")


def test_what_moved_in_is_taken_out_again(office: Office) -> None:
    files = office.files()
    for part in PARTS:
        office.imported(part, files.zip())

    def exported(part: str, table: str) -> dict[str, dict[str, str]]:
        cells, cursor = [], ""
        while cursor is not None:
            page = office.get(f"/{part}/exports/{table}?limit=200{cursor}")
            cells += [row["cells"] for row in page["items"]]
            cursor = page["next"] and f"&cursor={page['next']}"
        return {row["sourcedId"]: row for row in cells if office.mark in "".join(row.values())}

    classes = exported("courses", "classes")
    assert set(classes) >= {row["sourcedId"] for row in files.tables["classes"]}
    assert classes[f"k-lab-{office.mark}"]["metadata.capacity"] == "15"
    assert exported("students", "users")[f"u-ania-{office.mark}"]["familyName"] == "Żak"
    places = exported("enrollments", "enrollments").values()
    taken = {place["classSourcedId"] for place in places if place["role"] == "student"}
    assert taken == {f"k-{name}-{office.mark}" for name in ("old", "lec", "lab", "free")}
