"""`kill -9` in the middle of an import: what was accepted is finished by itself, once, and nothing is half there."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3
from urllib3.filepost import encode_multipart_formdata

from tests.oneroster.files import Files
from tests.process import Running, filled, university
from university.platform.settings import Settings

DOOMED = "tests.faults.doomed"
BEGIN = "UPDATE course.import_job SET state=?, attempts"
END = "UPDATE course.import_job SET state=?, content"
POINTS = {
    "before the file is accepted": ("after INSERT INTO course.import_job", False),
    "after the file is accepted, before the answer": ("committed INSERT INTO course.import_job", True),
    "when the job begins": (f"after {BEGIN}", True),
    "in the middle of writing": ("after INSERT INTO course.section (", True),
    "when all is written but not committed": (f"after {END}", True),
    "after the commit, before the event is marked": (f"committed {END}", True),
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared university without anything in it."""
    folder = tmp_path_factory.mktemp("empty")
    with filled(Settings(data_dir=folder)):
        pass
    return folder


def upload(running: Running, content: bytes) -> Any:
    body, kind = encode_multipart_formdata({"file": ("file.zip", content)})
    url = f"http://127.0.0.1:{running.port}/api/v1/courses/imports"
    headers = {"Authorization": f"Bearer {running.token}", "Content-Type": kind, "Idempotency-Key": "the-only-file"}
    return urllib3.request("POST", url, body=body, headers=headers, retries=False, timeout=30)


def ended(running: Running, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        job: dict[str, Any] = running.ask("GET", f"/courses/imports/{job_id}").json()
        if job["finished_at"]:
            return job
        time.sleep(0.05)
    pytest.fail("the import did not end")


def codes(running: Running) -> list[str]:
    return [course["code"] for course in running.ask("GET", "/courses").json()["items"]]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_import_is_finished_once_when_it_was_accepted(
    point: str, empty: Path, tmp_path: Path, files: Files
) -> None:
    data = Path(shutil.copytree(empty, tmp_path / "data"))
    statement, accepted = POINTS[point]
    with university(data, DOOMED, UNIVERSITY_TEST_DOOM=statement) as doomed:
        doomed.sign_in("registrar")
        try:
            upload(doomed, files.zip())
        except urllib3.exceptions.HTTPError:
            assert not point.startswith("when")
        assert doomed.died()

    with university(data) as revived:
        revived.sign_in("registrar")
        if not accepted:
            assert codes(revived) == []
        again = upload(revived, files.zip())
        job = ended(revived, again.json()["id"])

        assert (job["state"], job["created"], job["updated"]) == ("done", 14, 0)
        assert codes(revived) == ["INF-1", "MAT-1", "MAT-2", "MAT-3"]
