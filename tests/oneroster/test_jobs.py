"""An import as a job: who may ask, what is answered, and what becomes of one that cannot be finished."""

import pytest
from sqlalchemy import text

from tests.house import NOBODY, REGISTRAR, House, Reply, multipart
from tests.oneroster.conftest import Registry
from tests.oneroster.files import Files
from university.course.imports import CourseImports
from university.platform import imports
from university.platform.security import Principal

STUDENT = Principal("student:1", frozenset({"student"}), student_id="1")
UNKNOWN = "01920000-0000-7000-8000-00000000dead"


def upload(
    house: House,
    content: bytes,
    path: str = "/courses/imports",
    *,
    who: Principal | None = REGISTRAR,
    headers: dict[str, str] | None = None,
) -> Reply:
    body, told = multipart(content)
    return house.call("course", "POST", path, body, who=who, headers={**told, **(headers or {})})


def test_only_a_registrar_imports(registry: Registry, files: Files) -> None:
    replies = [upload(registry.house, files.zip(), who=who) for who in (NOBODY, STUDENT, REGISTRAR)]

    assert [reply.status for reply in replies] == [401, 403, 202]
    assert replies[-1].headers["Location"] == f"/api/v1/courses/imports/{replies[-1].json['id']}"


def test_only_a_registrar_looks(registry: Registry) -> None:
    for path in (f"/courses/imports/{UNKNOWN}", "/courses/exports/classes"):
        assert [registry.house.call("course", "GET", path, who=who).status for who in (NOBODY, STUDENT)] == [401, 403]


def test_an_unknown_import_is_not_found(registry: Registry) -> None:
    for key in (UNKNOWN, "x", UNKNOWN.upper()):
        reply = registry.house.call("course", "GET", f"/courses/imports/{key}")
        assert (reply.status, reply.json["code"]) == (404, "import-not-found")


def test_an_unknown_table_is_not_found(registry: Registry) -> None:
    assert registry.house.call("course", "GET", "/courses/exports/secrets").json["code"] == "export-not-found"


def test_a_request_without_a_file_or_with_another_part_is_refused(registry: Registry) -> None:
    body, headers = multipart(b"x", name="sheet")

    assert upload(registry.house, b"").status == 422
    assert registry.house.call("course", "POST", "/courses/imports", body, headers=headers).status == 422
    assert registry.house.call("course", "POST", "/courses/imports", {"file": "x"}).status == 415
    assert upload(registry.house, b"x", path="/courses/imports?dry_run=maybe").status == 422


def test_a_job_waits_until_its_event_is_heard(registry: Registry, files: Files) -> None:
    job_id = upload(registry.house, files.zip()).json["id"]
    waiting = registry.get("courses", f"/courses/imports/{job_id}")
    registry.house.drain()
    ended = registry.get("courses", f"/courses/imports/{job_id}")

    assert (waiting["state"], waiting["finished_at"]) == ("queued", None)
    assert (ended["state"], ended["done"]) == ("done", ended["total"])
    assert ended["done"] == sum(map(len, files.tables.values()))


def test_the_same_key_gives_the_same_job_and_another_file_is_refused(registry: Registry, files: Files) -> None:
    key = {"Idempotency-Key": "once"}
    first, again = (upload(registry.house, files.zip(), headers=key) for _ in range(2))
    other = upload(registry.house, files.remove("classes", "k-free").zip(), headers=key)

    assert first.json == again.json
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")


def test_faults_are_told_in_the_language_of_whoever_asks(registry: Registry, files: Files) -> None:
    job = registry.job("courses", files.without("courses", "title").zip())
    polish = registry.house.call(
        "course", "GET", f"/courses/imports/{job['id']}", headers={"Accept-Language": "pl"}
    ).json

    assert job["errors"] == [{"file": "courses.csv", "line": 1, "column": "title", "message": "The column is missing."}]
    assert polish["errors"][0]["message"] == "Brakuje kolumny."


def test_a_finished_job_keeps_no_file_and_does_not_run_again(registry: Registry, files: Files) -> None:
    job = registry.job("courses", files.zip())
    primary = registry.house.modules["course"].primary
    told = registry.announced()

    CourseImports(primary).hear([{"data": {"id": job["id"]}}])

    with primary.read() as session:
        assert session.execute(text("SELECT content FROM course.import_job")).scalar_one() is None
    assert registry.announced() == told


def test_a_job_that_fails_surprisingly_writes_nothing_and_is_given_up_in_the_end(
    registry: Registry, files: Files
) -> None:
    primary = registry.house.modules["course"].primary
    job_id = upload(registry.house, files.zip()).json["id"]
    job = CourseImports(primary)
    with primary.begin() as session:
        session.execute(text("ALTER TABLE course.teaching RENAME TO lost"))
    try:
        for _ in range(imports.ATTEMPTS):
            with pytest.raises(Exception, match="teaching"):
                job.hear([{"data": {"id": job_id}}])
        assert registry.get("courses", f"/courses/imports/{job_id}")["state"] == "running"
        job.hear([{"data": {"id": job_id}}])
    finally:
        with primary.begin() as session:
            session.execute(text("ALTER TABLE course.lost RENAME TO teaching"))

    ended = registry.get("courses", f"/courses/imports/{job_id}")
    assert (ended["state"], ended["error_count"]) == ("failed", 1)
    assert registry.exported()["courses"] == []


def test_a_thousand_faults_are_listed_and_all_are_counted(registry: Registry, files: Files) -> None:
    free = files.row("classes", "k-free")
    files.tables["classes"] += [
        {**free, "sourcedId": f"k{number}", "classCode": str(number), "metadata.capacity": "x"}
        for number in range(1_200)
    ]

    job = registry.job("courses", files.zip())

    assert (job["error_count"], len(job["errors"])) == (1_201, 1_000)
