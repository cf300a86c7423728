"""Cross-listed offerings: one class under several courses' codes, whose sections share their seats."""

from typing import Any

import pytest

from tests.course.catalog import TUESDAYS, Catalog, faulty, refusal
from tests.course.test_availability import counts, feed, hear, news
from tests.house import ids
from university.platform.database import new_id

POOL = {"seats": 10, "program": ["INF"], "stage": [], "group": [], "until": None}
Told = dict[str, Any]


@pytest.fixture
def shared(catalog: Catalog) -> tuple[Catalog, Told, Told]:
    """A lecture of 30, and the section of a cross-listed offering that has its seats."""
    term = catalog.term()
    primary = catalog.offering(term_id=term["id"])
    person = catalog.instructor()
    host = catalog.section(
        offering_id=primary["id"],
        number="W1",
        capacity=30,
        waitlist_capacity=5,
        reserved=[POOL],
        meetings=[TUESDAYS],
        instructors=[person["id"]],
    )
    other = catalog.offering(term_id=term["id"], cross_listed_with=primary["id"])
    guest = catalog.post(
        "/sections",
        {"offering_id": other["id"], "number": "W9", "component": "lecture", "shares_seats_with": host["id"]},
    )
    assert guest.status == 201, guest.body
    return catalog, host, guest.json


def test_a_section_has_the_seats_hours_and_teachers_of_the_one_that_it_shares_with(
    shared: tuple[Catalog, Told, Told],
) -> None:
    catalog, host, guest = shared

    of_host = ("capacity", "waitlist_capacity", "reserved", "meetings", "instructors", "availability")
    assert {name: guest[name] for name in of_host} == {name: host[name] for name in of_host}
    facts, known = catalog.facts(guest["id"]), catalog.facts(host["id"])
    assert (facts["seats_of"], known["seats_of"]) == (host["id"], None)
    assert facts["offering"]["queue_id"] == known["offering"]["queue_id"] == host["offering_id"]
    assert (facts["capacity"], facts["occurrences"]) == (30, known["occurrences"])
    assert catalog.found("day=tue") == sorted(catalog.found("day=tue"))
    assert len(catalog.found("day=tue")) == 2


def test_who_sits_in_one_is_seen_in_all(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    alone = catalog.section(capacity=7)["id"]
    before, _ = feed(catalog)

    hear(catalog, news(new_id(), 1, "enrolled", host["id"]), news(new_id(), 1, "offered", guest["id"]))
    hear(catalog, news(new_id(), 1, "waitlisted", guest["id"]))
    after, changed = feed(catalog, after=before)
    later, nothing = feed(catalog, after=after)

    assert counts(catalog, host["id"]) == counts(catalog, guest["id"]) == (1, 1, 1, 28)
    told = {"capacity": 30, "taken": 1, "waiting": 1, "open": 28}
    assert changed == {host["id"]: told, guest["id"]: told}
    assert (later, nothing) == (after, {})
    assert counts(catalog, alone) == (0, 0, 0, 7)


def test_the_search_for_free_seats_counts_all_who_share_them(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    catalog.patch(f"/sections/{host['id']}", {"capacity": 2, "reserved": []})
    open_before = catalog.found("open=true")

    hear(catalog, *(news(new_id(), 1, "enrolled", one["id"]) for one in (host, guest)))

    assert len(open_before) == 2
    assert catalog.found("open=true") == []
    assert len(catalog.found("open=false")) == 2


def test_a_change_of_the_host_is_told_of_all_who_share_its_seats(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    before, _ = feed(catalog)
    person = catalog.instructor()
    change = {
        "capacity": 40,
        "reserved": [],
        "meetings": [{**TUESDAYS, "days": ["wed"]}],
        "instructors": [person["id"]],
    }

    reply = catalog.patch(f"/sections/{host['id']}", change)

    now = catalog.get(f"/sections/{guest['id']}")
    assert reply.status == 200
    assert (now["version"], now["capacity"], now["reserved"]) == (2, 40, [])
    assert (now["meetings"], ids(now["instructors"])) == (reply.json["meetings"], [person["id"]])
    assert catalog.facts(guest["id"])["version"] == 2
    assert catalog.facts(guest["id"])["occurrences"] == catalog.facts(host["id"])["occurrences"]
    assert feed(catalog, after=before)[1].keys() == {host["id"], guest["id"]}
    assert len(catalog.found("day=wed")) == 2


def test_hours_of_its_own_stay_when_the_host_moves(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    own = catalog.patch(f"/sections/{guest['id']}", {"meetings": []}).json

    catalog.patch(f"/sections/{host['id']}", {"meetings": [{**TUESDAYS, "days": ["wed"]}]})

    assert catalog.get(f"/sections/{guest['id']}")["meetings"] == own["meetings"] == []


def test_seats_of_its_own_are_refused_while_it_shares(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    path = f"/sections/{guest['id']}"
    own = {"capacity": 10, "waitlist_capacity": 1, "reserved": [{**POOL, "seats": 1}]}

    assert sorted(faulty(catalog.patch(path, own))) == sorted(own)
    new = {"offering_id": guest["offering_id"], "number": "X", "component": "lecture", **own}
    assert sorted(faulty(catalog.post("/sections", {**new, "shares_seats_with": host["id"]}))) == sorted(own)
    assert catalog.patch(path, {"capacity": None, "number": "W8"}).json["capacity"] == 30
    assert catalog.get(path)["capacity"] == 30


def test_a_section_that_shares_no_more_says_how_many_seats_it_has(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    hear(catalog, news(new_id(), 1, "enrolled", host["id"]))
    path = f"/sections/{guest['id']}"

    assert faulty(catalog.patch(path, {"shares_seats_with": None})) == ["capacity"]
    apart = catalog.patch(path, {"shares_seats_with": None, "capacity": 12}).json

    assert (apart["shares_seats_with"], apart["capacity"], apart["reserved"]) == (None, 12, [])
    assert (apart["waitlist_capacity"], apart["meetings"]) == (None, guest["meetings"])
    assert counts(catalog, guest["id"]) == (0, 0, 0, 12)
    assert catalog.facts(guest["id"])["seats_of"] is None


def test_only_a_section_of_the_primary_offering_is_shared_with(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    stranger = catalog.section()
    lab = catalog.section(offering_id=host["offering_id"], component="laboratory")
    gone = catalog.section(offering_id=host["offering_id"])
    catalog.post(f"/sections/{gone['id']}/cancel", None)
    new = {"offering_id": guest["offering_id"], "number": "X", "component": "lecture"}

    for other in (stranger, guest, lab, gone, {"id": "nope"}):
        assert faulty(catalog.post("/sections", {**new, "shares_seats_with": other["id"]})) == ["shares_seats_with"]
    alone = {**new, "offering_id": stranger["offering_id"], "shares_seats_with": host["id"]}
    assert faulty(catalog.post("/sections", alone)) == ["shares_seats_with"]
    assert faulty(catalog.patch(f"/sections/{guest['id']}", {"component": "seminar"})) == ["component"]
    assert faulty(catalog.patch(f"/sections/{host['id']}", {"component": "seminar"})) == ["component"]


def test_an_offering_is_cross_listed_with_a_primary_one_of_its_term(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    term = catalog.get(f"/offerings/{host['offering_id']}")["term_id"]
    third, elsewhere = catalog.offering(term_id=term), catalog.offering()
    new = {"course_id": catalog.course()["id"], "term_id": term}

    for other in (guest["offering_id"], elsewhere["id"], "nope"):
        assert faulty(catalog.post("/offerings", {**new, "cross_listed_with": other})) == ["cross_listed_with"]
        patch = catalog.patch(f"/offerings/{third['id']}", {"cross_listed_with": other})
        assert faulty(patch) == ["cross_listed_with"]
    for one in (host["offering_id"], third["id"]):
        assert faulty(catalog.patch(f"/offerings/{host['offering_id']}", {"cross_listed_with": one})) == [
            "cross_listed_with"
        ]
    listed = catalog.patch(f"/offerings/{third['id']}", {"cross_listed_with": host["offering_id"]}).json
    assert (listed["cross_listed_with"], listed["version"]) == (host["offering_id"], 2)


def test_an_offering_is_listed_alone_again_once_no_section_shares_seats(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared
    path = f"/offerings/{guest['offering_id']}"

    assert refusal(catalog.patch(path, {"cross_listed_with": None})) == (409, "seats-are-shared")
    assert catalog.patch(path, {"cross_listed_with": host["offering_id"]}).json["version"] == 1
    catalog.patch(f"/sections/{guest['id']}", {"shares_seats_with": None, "capacity": 5})
    assert catalog.patch(path, {"cross_listed_with": None}).json["cross_listed_with"] is None
    assert catalog.facts(guest["id"])["offering"]["queue_id"] == guest["offering_id"]


def test_a_canceled_class_is_canceled_under_all_its_codes_with_what_stands_below(
    shared: tuple[Catalog, Told, Told],
) -> None:
    catalog, host, guest = shared
    lab = catalog.section(offering_id=host["offering_id"], component="laboratory", parent_id=host["id"])
    beside = catalog.section(offering_id=host["offering_id"])
    gone = catalog.section(offering_id=guest["offering_id"], component="laboratory", parent_id=guest["id"])
    catalog.post(f"/sections/{gone['id']}/cancel", None)

    reply = catalog.post(f"/sections/{host['id']}/cancel", {"move_students": True})

    assert (reply.status, reply.json["status"], reply.json["version"]) == (200, "canceled", 2)
    told = {one["id"]: catalog.facts(one["id"]) for one in (host, guest, lab, gone, beside)}
    assert [one["status"] for one in told.values()] == ["canceled"] * 4 + ["open"]
    assert [one["move_students"] for one in told.values()] == [True, True, True, False, False]
    assert [one["version"] for one in told.values()] == [2, 2, 2, 2, 1]
    assert counts(catalog, guest["id"])[3] == 0


def test_one_of_the_codes_is_canceled_alone(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared

    catalog.post(f"/sections/{guest['id']}/cancel", {})

    assert catalog.get(f"/sections/{host['id']}")["status"] == "open"
    assert catalog.facts(guest["id"])["move_students"] is False
    assert faulty(catalog.post(f"/sections/{host['id']}/cancel", {"move_students": "yes"})) == ["move_students"]


def test_neighbors_are_told_the_host_beside_who_shares_its_seats(shared: tuple[Catalog, Told, Told]) -> None:
    catalog, host, guest = shared

    checked = catalog.house.ask("course", "/requisite-checks", {"section_ids": [guest["id"]]}).json
    found = catalog.house.ask("course", "/sections", {"ids": [guest["id"]]}).json
    alone = catalog.house.ask("course", "/requisite-checks", {"section_ids": [host["id"]]}).json

    for told in (checked, found):
        assert ids(told["sections"]) == [guest["id"]]
        assert told["hosts"] == [catalog.facts(host["id"])]
    assert alone["hosts"] == []
