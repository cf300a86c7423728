"""The table of public addresses: the longest one decides, and nothing else is public."""

import pytest

from university.gateway import routes


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("/api/v1/terms", "course"),
        ("/api/v1/courses/CSE 100A/requisites", "course"),
        ("/api/v1/sections/1", "course"),
        ("/api/v1/sections/1/roster", "enrollment"),
        ("/api/v1/sections/1/roster.csv", "enrollment"),
        ("/api/v1/sections/1/grades", "enrollment"),
        ("/api/v1/sections/1/grades.csv", "enrollment"),
        ("/api/v1/broken-requisites/1/settle", "enrollment"),
        ("/api/v1/sections/1/cancel", "course"),
        ("/api/v1/offerings/1/waitlist", "enrollment"),
        ("/api/v1/students/me/timetable.ics", "student"),
        ("/api/v1/students/me/completed-courses", "enrollment"),
        ("/api/v1/students/me/completed-courses/1", "enrollment"),
        ("/api/v1/enrollments/imports/1", "enrollment"),
        ("/api/v1/accounts", "gateway"),
    ],
)
def test_the_longest_address_that_fits_decides(path: str, module: str) -> None:
    found = routes.find(path)

    assert found is not None
    assert found.module == module


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1/",
        "/api/v1",
        "/internal/students",
        "/openapi.json",
        "/api/v2/terms",
        "/api/v1/termsx",
        "/API/V1/terms",
    ],
)
def test_an_address_outside_the_table_leads_nowhere(path: str) -> None:
    assert routes.find(path) is None


def test_a_route_names_its_template_and_never_an_id() -> None:
    found = routes.find("/api/v1/sections/0198/roster")

    assert found is not None
    assert found.template == "/api/v1/sections/{id}/roster"
