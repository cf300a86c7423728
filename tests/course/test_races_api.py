"""Two at once: one wins, the other is refused by name, and the catalog stays whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.course.catalog import Catalog, Told
from tests.course.test_availability import counts, hear, news
from tests.house import Reply
from university.course.models import Term
from university.platform.database import new_id

AT_ONCE = 4


def at_once(act: Callable[[int], Reply]) -> list[tuple[int, str]]:
    """Return the status of each answer and the code of a refusal, sorted."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        replies = list(threads.map(act, range(AT_ONCE)))
    return sorted((reply.status, reply.json["code"] if reply.status >= 400 else "") for reply in replies)


def test_one_of_many_gets_the_name(catalog: Catalog) -> None:
    offering = catalog.offering()
    term = {"code": "X", "title": "X", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}
    wishes: dict[str, tuple[Told, str]] = {
        "/terms": (term, "term-code-taken"),
        "/courses": ({"code": "X", "title": "X", "ects": 1}, "course-code-taken"),
        "/instructors": ({"number": "X", "given_name": "X", "family_name": "X"}, "instructor-number-taken"),
        "/sections": ({"offering_id": offering["id"], "number": "X", "component": "x"}, "section-number-taken"),
    }

    for path, (body, code) in wishes.items():
        answers = at_once(lambda _, path=path, body=body: catalog.post(path, body))  # type: ignore[misc]
        assert answers == [(201, ""), *[(409, code)] * (AT_ONCE - 1)]


def test_a_course_is_offered_once_however_many_try(catalog: Catalog) -> None:
    wish = {"course_id": catalog.course()["id"], "term_id": catalog.term()["id"]}

    answers = at_once(lambda _: catalog.post("/offerings", wish))

    assert answers == [(201, ""), *[(409, "offering-exists")] * (AT_ONCE - 1)]


def test_changes_harmless_alone_close_no_circle_together(catalog: Catalog) -> None:
    codes = [f"R{number}" for number in range(AT_ONCE)]
    for code in codes:
        catalog.course(code)

    answers = at_once(
        lambda at: catalog.put(f"/courses/{codes[at]}/requisites", {"text": codes[(at + 1) % AT_ONCE]}, '"v1"')
    )

    assert answers == [*[(200, "")] * (AT_ONCE - 1), (422, "requisites-cycle")]


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_who_changes_an_offering_waits_for_who_changes_its_term(catalog: Catalog) -> None:
    """Both change the same sections, so they must not meet there; SQLite has one writer anyway."""
    offering = catalog.section()["offering_id"]
    with ThreadPoolExecutor(1) as thread:
        with catalog.house.modules["course"].primary.begin() as session:
            session.scalars(select(Term).with_for_update()).all()
            changed = thread.submit(catalog.patch, f"/offerings/{offering}", {"ects": 7})
            with pytest.raises(TimeoutError):
                changed.result(timeout=0.5)
        assert changed.result().status == 200


def test_of_changes_that_rest_on_one_version_one_is_made(catalog: Catalog) -> None:
    section = catalog.section()

    answers = at_once(lambda at: catalog.patch(f"/sections/{section['id']}", {"capacity": at}, '"v1"'))

    assert answers == [(200, ""), *[(412, "stale-version")] * (AT_ONCE - 1)]
    assert [version for _type, version in catalog.news("course.section")] == [1, 2]


def test_every_change_from_above_and_below_is_told_once(catalog: Catalog) -> None:
    section = catalog.section()
    offering = catalog.get(f"/offerings/{section['offering_id']}")
    paths = [
        (f"/sections/{section['id']}", {"capacity": 7}),
        (f"/offerings/{offering['id']}", {"ects": 7}),
        (f"/courses/{offering['course_id']}", {"title": "Nowy"}),
        (f"/terms/{offering['term_id']}", {"title": "Nowy"}),
    ]

    answers = at_once(lambda at: catalog.patch(*paths[at]))

    facts = catalog.facts(section["id"])
    assert answers == [(200, "")] * AT_ONCE
    assert [version for _type, version in catalog.news("course.section")] == [1, 2, 3, 4, 5]
    assert (facts["capacity"], facts["offering"]["ects"]) == (7, 7)
    assert (facts["course"]["title"], facts["term"]["title"]) == ("Nowy", "Nowy")


def test_news_heard_by_many_at_once_are_counted_once(catalog: Catalog) -> None:
    section = catalog.section(capacity=100)["id"]
    enrollments = [new_id() for _ in range(10)]

    def deliver(at: int) -> None:
        for version, status in enumerate(("waitlisted", "offered", "enrolled"), start=1):
            turned = enrollments if at % 2 else enrollments[::-1]
            hear(catalog, *(news(one, version, status, section) for one in turned))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(deliver, range(AT_ONCE)))

    assert counts(catalog, section) == (10, 0, 0, 90)
