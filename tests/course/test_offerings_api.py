"""Offerings: a course taught in a term, with the rules that its sections share."""

import pytest

from tests.course.catalog import STUDENT, TUESDAYS, Catalog, faulty, refusal


def test_an_offering_is_named_by_codes_and_has_defaults(catalog: Catalog) -> None:
    course, term = catalog.course("MATH-101", ects=6), catalog.term()

    created = catalog.post("/offerings", {"course_id": "MATH-101", "term_id": "2026Z"})
    offering = created.json

    assert (offering["course_id"], offering["term_id"]) == (course["id"], term["id"])
    assert (offering["ects"], offering["grading_scale"], offering["waitlist_policy"]) == (6, "pl", "auto")
    assert (offering["required_components"], offering["restrictions"], offering["status"]) == ([], [], "open")
    assert offering["course"]["code"] == "MATH-101"
    assert created.headers["Location"] == f"/api/v1/offerings/{offering['id']}"
    assert catalog.get(f"/offerings/{offering['id']}") == offering
    assert catalog.news()[-1] == ("course.offering.created.v1", 1)


def test_a_course_is_offered_once_a_term(catalog: Catalog) -> None:
    first = catalog.offering()

    refused = catalog.post("/offerings", {"course_id": first["course_id"], "term_id": first["term_id"]})

    assert refusal(refused) == (409, "offering-exists")
    assert refused.json["offering_id"] == first["id"]


def test_an_unknown_course_and_term_are_both_named(catalog: Catalog) -> None:
    refused = catalog.post("/offerings", {"course_id": "nope", "term_id": "01920000-0000-7000-8000-000000000000"})

    assert faulty(refused) == ["course_id", "term_id"]


def test_a_changed_offering_changes_its_sections(catalog: Catalog) -> None:
    section = catalog.section(meetings=[{**TUESDAYS, "weeks": "even"}])
    path = f"/offerings/{section['offering_id']}"
    restriction = {"program": ["INF"], "consent": "instructor"}

    changed = catalog.patch(
        path,
        {
            "ects": 7.5,
            "grading_scale": "us-pass",
            "waitlist_policy": "offer",
            "required_components": ["lecture"],
            "restrictions": [restriction],
            "add_weeks": 1,
            "drop_until": "2026-12-01",
        },
        '"v1"',
    )

    facts = catalog.facts(section["id"])
    whole = {"program": ["INF"], "stage": [], "group": [], "level": [], "consent": "instructor"}
    assert changed.json["ects"] == 7.5
    assert facts["version"] == 2
    assert facts["offering"] == {
        "id": section["offering_id"],
        "ects": 7.5,
        "grading_scale": "us-pass",
        "required_components": ["lecture"],
        "waitlist_policy": "offer",
        "queue_id": section["offering_id"],
    }
    assert facts["restrictions"] == [whole]
    assert facts["deadlines"] == {
        "add_until": "2026-10-13",
        "drop_until": "2026-12-01",
        "withdraw_until": "2027-02-14",
    }


def test_weeks_count_from_the_first_meeting_or_the_first_day(catalog: Catalog) -> None:
    offering = catalog.offering(add_weeks=2)
    tuesdays = catalog.section(offering_id=offering["id"], meetings=[TUESDAYS])
    never = catalog.section(offering_id=offering["id"])

    assert catalog.facts(tuesdays["id"])["deadlines"]["add_until"] == "2026-10-20"
    assert catalog.facts(never["id"])["deadlines"]["add_until"] == "2026-10-15"


def test_a_deadline_is_a_date_or_weeks_but_not_both(catalog: Catalog) -> None:
    offering = catalog.offering(add_weeks=2)
    path = f"/offerings/{offering['id']}"

    assert faulty(catalog.patch(path, {"add_until": "2026-10-10"})) == ["add_weeks"]
    assert catalog.patch(path, {"add_until": "2026-10-10", "add_weeks": None}).json["add_until"] == "2026-10-10"


@pytest.mark.parametrize("status", ["closed", "canceled"])
def test_a_closed_or_canceled_offering_closes_or_cancels_its_sections(catalog: Catalog, status: str) -> None:
    section = catalog.section()
    called_off = catalog.section(offering_id=section["offering_id"])
    catalog.post(f"/sections/{called_off['id']}/cancel", None)

    catalog.patch(f"/offerings/{section['offering_id']}", {"status": status})

    assert catalog.facts(section["id"])["status"] == status
    assert catalog.facts(called_off["id"])["status"] == "canceled"
    assert catalog.found("open=true") == []


def test_a_course_and_term_stay_what_they_are(catalog: Catalog) -> None:
    offering = catalog.offering()

    refused = catalog.patch(f"/offerings/{offering['id']}", {"course_id": offering["course_id"], "term_id": "x"})

    assert sorted(faulty(refused)) == ["course_id", "term_id"]


def test_a_change_names_the_version_it_rests_on(catalog: Catalog) -> None:
    offering = catalog.offering()
    path = f"/offerings/{offering['id']}"
    tag = catalog.ask("GET", path).headers["ETag"]
    catalog.section(offering_id=offering["id"])

    assert refusal(catalog.ask("PATCH", path, {"ects": 1})) == (428, "if-match-missing")
    assert catalog.patch(path, {"ects": 1}, tag).json["version"] == 2
    assert refusal(catalog.patch(path, {"ects": 2}, tag)) == (412, "stale-version")


def test_the_etag_tells_what_is_inside(catalog: Catalog) -> None:
    offering = catalog.offering()
    path = f"/offerings/{offering['id']}"
    tag = catalog.ask("GET", path).headers["ETag"]

    unchanged = catalog.ask("GET", path, headers={"If-None-Match": tag})
    catalog.section(offering_id=offering["id"])
    changed = catalog.ask("GET", path, headers={"If-None-Match": tag})

    assert (unchanged.status, changed.status) == (304, 200)


def test_the_course_in_sections_follows_the_catalog(catalog: Catalog) -> None:
    course = catalog.course("MATH-101")
    section = catalog.section(offering_id=catalog.offering(course_id=course["id"])["id"])

    catalog.patch("/courses/MATH-101", {"title": "Nowy", "ects": 9, "max_attempts": 2, "repeatable": True})
    catalog.patch("/courses/MATH-101", {"description": "Nic, co dotyczy grup."})

    facts = catalog.facts(section["id"])
    assert facts["version"] == 2
    assert (facts["course"]["title"], facts["offering"]["ects"]) == ("Nowy", 9)
    assert (facts["course"]["max_attempts"], facts["course"]["repeatable"]) == (2, True)


def test_only_the_registrar_offers(catalog: Catalog) -> None:
    offering = catalog.offering()

    assert catalog.ask("POST", "/offerings", {}, who=STUDENT).status == 403
    assert catalog.ask("PATCH", f"/offerings/{offering['id']}", {}, who=None).status == 401
    assert refusal(catalog.ask("GET", "/offerings/nope", who=None)) == (404, "offering-not-found")
