"""Availability: counted from the news of enrollments in any order, told in versions."""

import random
from typing import Any

from sqlalchemy import text

from tests.course.catalog import Catalog, faulty, refusal
from university.platform.database import new_id


def news(enrollment: str, version: int, status: str, *sections: str) -> dict[str, Any]:
    what = "created" if version == 1 else "dropped" if status == "dropped" else "updated"
    return {
        "id": new_id(),
        "time": f"2026-10-01T00:00:{version:02d}Z",
        "type": f"university.enrollment.{what}.v1",
        "subject": enrollment,
        "aggregateversion": version,
        "data": {"id": enrollment, "status": status, "section_ids": list(sections)},
    }


def hear(catalog: Catalog, *events: dict[str, Any]) -> None:
    catalog.house.hearers()["course.availability"](list(events))


def counts(catalog: Catalog, section: str) -> tuple[int, int, int, int | None]:
    told = catalog.get(f"/sections/{section}")["availability"]
    return told["taken"], told["held"], told["waiting"], told["open"]


def let_a_second_pass(catalog: Catalog) -> None:
    with catalog.house.modules["course"].primary.begin() as session:
        session.execute(text("UPDATE course.availability_clock SET advanced_at = '2026-01-01 00:00:00+00:00'"))


def feed(catalog: Catalog, after: int = 0, **query: str) -> tuple[int, dict[str, Any]]:
    let_a_second_pass(catalog)
    asked = "".join(f"&{name}={value}" for name, value in query.items())
    told = catalog.get(f"/availability?after={after}{asked}")
    return told["version"], {section.pop("id"): section for section in told["sections"]}


def test_each_status_is_counted_as_what_it_is(catalog: Catalog) -> None:
    section = catalog.section(capacity=30)["id"]
    statuses = [
        "enrolled",
        "review",
        "completed",
        "failed",
        "offered",
        "waitlisted",
        "dropped",
        "withdrawn",
        "canceled",
    ]

    hear(catalog, *(news(new_id(), 1, status, section) for status in statuses))

    assert counts(catalog, section) == (4, 1, 1, 25)


def test_an_enrollment_is_counted_by_the_difference(catalog: Catalog) -> None:
    lecture = catalog.section(capacity=2)
    lab = catalog.section(offering_id=lecture["offering_id"], capacity=1)
    one = new_id()

    hear(catalog, news(one, 1, "waitlisted", lecture["id"], lab["id"]))
    waiting = counts(catalog, lab["id"])
    hear(catalog, news(one, 2, "enrolled", lecture["id"], lab["id"]))
    enrolled = counts(catalog, lab["id"])
    hear(catalog, news(one, 3, "enrolled", lecture["id"]))
    moved = counts(catalog, lab["id"]), counts(catalog, lecture["id"])
    hear(catalog, news(one, 4, "dropped", lecture["id"]))

    assert waiting == (0, 0, 1, 1)
    assert enrolled == (1, 0, 0, 0)
    assert moved == ((0, 0, 0, 1), (1, 0, 0, 1))
    assert counts(catalog, lecture["id"]) == (0, 0, 0, 2)


def test_repeated_late_and_shuffled_news_change_nothing(catalog: Catalog) -> None:
    section = catalog.section(capacity=100)["id"]
    events = [
        news(enrollment, version, status, section)
        for enrollment in (new_id() for _ in range(10))
        for version, status in enumerate(("waitlisted", "offered", "enrolled", "dropped", "enrolled"), start=1)
    ] * 2
    random.Random(7).shuffle(events)

    while events:
        batch, events = events[:7], events[7:]
        hear(catalog, *batch)

    assert counts(catalog, section) == (10, 0, 0, 90)


def test_other_news_of_enrollment_are_not_counted(catalog: Catalog) -> None:
    section = catalog.section()["id"]

    hear(catalog, {**news(new_id(), 1, "enrolled", section), "type": "university.enrollment.window.opened.v1"})
    hear(catalog, news(new_id(), 1, "enrolled", new_id()))

    assert counts(catalog, section)[0] == 0


def test_more_taken_than_there_is_leaves_nothing_open(catalog: Catalog) -> None:
    section = catalog.section(capacity=2)["id"]
    hear(catalog, *(news(new_id(), 1, "enrolled", section) for _ in range(2)))

    catalog.patch(f"/sections/{section}", {"capacity": 1})

    assert counts(catalog, section) == (2, 0, 0, 0)


def test_the_feed_tells_only_what_changed_after_a_version(catalog: Catalog) -> None:
    first, second = catalog.section(capacity=5)["id"], catalog.section(capacity=None)["id"]

    version, everything = feed(catalog)
    hear(catalog, news(new_id(), 1, "enrolled", second))
    later, changed = feed(catalog, after=version)

    assert everything == {
        first: {"capacity": 5, "taken": 0, "waiting": 0, "open": 5},
        second: {"capacity": None, "taken": 0, "waiting": 0, "open": None},
    }
    assert later == version + 1
    assert changed == {second: {"capacity": None, "taken": 1, "waiting": 0, "open": None}}
    assert feed(catalog, after=later) == (later, {})
    assert feed(catalog)[1].keys() == {first, second}


def test_the_version_advances_at_most_once_a_second(catalog: Catalog) -> None:
    section = catalog.section()["id"]
    version, _ = feed(catalog)

    hear(catalog, news(new_id(), 1, "enrolled", section))
    soon = catalog.get(f"/availability?after={version}")
    later, changed = feed(catalog, after=version)

    assert soon == {"version": version, "sections": []}
    assert (later, changed[section]["taken"]) == (version + 1, 1)


def test_capacity_and_canceling_are_told_too(catalog: Catalog) -> None:
    raised, canceled = catalog.section(capacity=5), catalog.section(capacity=5)
    version, _ = feed(catalog)

    catalog.patch(f"/sections/{raised['id']}", {"capacity": 8})
    catalog.post(f"/sections/{canceled['id']}/cancel", None)

    changed = feed(catalog, after=version)[1]
    assert {section: told["open"] for section, told in changed.items()} == {raised["id"]: 8, canceled["id"]: 0}


def test_a_canceled_offering_leaves_nothing_open_either(catalog: Catalog) -> None:
    offering = catalog.offering()["id"]
    section = catalog.section(offering_id=offering, capacity=30)["id"]
    before, _ = feed(catalog)

    catalog.patch(f"/offerings/{offering}", {"status": "canceled"})

    _, told = feed(catalog, before)
    assert told[section]["open"] == counts(catalog, section)[3] == 0
    assert catalog.get(f"/offerings/{offering}")["sections"][0]["availability"]["open"] == 0


def test_the_feed_of_a_term_tells_its_sections(catalog: Catalog) -> None:
    section, _other = catalog.section(), catalog.section()
    term = catalog.get(f"/offerings/{section['offering_id']}")["term"]["code"]

    assert feed(catalog, term=term)[1].keys() == {section["id"]}
    assert refusal(catalog.ask("GET", "/availability?term=nope")) == (404, "term-not-found")


def test_a_version_that_never_was_gets_everything(catalog: Catalog) -> None:
    section = catalog.section()["id"]

    assert feed(catalog, after=1_000)[1].keys() == {section}


def test_anybody_may_keep_the_answer_for_a_second(catalog: Catalog) -> None:
    answer = catalog.ask("GET", "/availability", who=None)

    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert answer.json == {"version": 0, "sections": []}
    assert faulty(catalog.ask("GET", "/availability?after=-1")) == ["after"]
    assert faulty(catalog.ask("GET", "/availability?after=99999999999999999999")) == ["after"]
