"""A week that people could live: nobody and no room twice at once, groups that fit their lecture."""

import json
from collections import Counter, defaultdict
from datetime import date
from itertools import chain

from tests.demo.archive import Archive, meetings, occurrences


def test_classes_meet_between_eight_and_twenty(archive: Archive) -> None:
    for section in archive.tables["classes.csv"]:
        for meeting in meetings(section):
            assert "08:00" <= meeting["start"] < meeting["end"] <= "20:00"


def test_no_instructor_is_in_two_places_at_once(archive: Archive) -> None:
    for term in archive.timed_terms:
        hours: Counter[tuple[str, tuple[str, int, int]]] = Counter()
        for section in archive.taught_in(term):
            for row in archive.teaching[section["sourcedId"]]:
                hours.update((row["userSourcedId"], hour) for hour in occurrences(section))
        assert hours
        assert max(hours.values()) == 1


def test_no_room_is_used_twice_at_once(archive: Archive) -> None:
    for term in archive.timed_terms:
        hours = Counter(
            (section["location"], hour)
            for section in archive.taught_in(term)
            if section["location"]
            for hour in occurrences(section)
        )
        assert hours
        assert max(hours.values()) == 1


def test_every_section_has_an_instructor_of_its_department(archive: Archive) -> None:
    departments: defaultdict[str, set[str]] = defaultdict(set)
    for section in archive.tables["classes.csv"]:
        rows = archive.teaching[section["sourcedId"]]
        assert len(rows) == 1
        departments[rows[0]["userSourcedId"]].add(archive.course_of(section)[:3])
    assert all(len(codes) == 1 for codes in departments.values())


def test_the_first_instructor_teaches_several_sections(archive: Archive) -> None:
    instructor = archive.users["P0001"]["sourcedId"]
    taught = [row for section in archive.target for row in archive.teaching[section["sourcedId"]]]
    assert sum(row["userSourcedId"] == instructor for row in taught) >= 3


def test_a_group_belongs_to_a_lecture_of_its_course_and_never_clashes_with_it(archive: Archive) -> None:
    children = [section for section in archive.target if section["metadata.parent"]]
    assert children
    for section in children:
        parent = archive.by_id[section["metadata.parent"]]
        assert parent["metadata.component"] == "lecture"
        assert parent["courseSourcedId"] == section["courseSourcedId"]
        assert occurrences(parent).isdisjoint(occurrences(section))


def test_a_lecture_has_a_seat_for_everybody_in_its_groups(archive: Archive) -> None:
    seats: Counter[tuple[str, str]] = Counter()
    for section in archive.tables["classes.csv"]:
        if section["metadata.parent"]:
            seats[section["metadata.parent"], section["metadata.component"]] += int(section["metadata.capacity"])
    assert seats
    for (lecture, _), count in seats.items():
        assert int(archive.by_id[lecture]["metadata.capacity"]) >= count


def test_nobody_sits_in_two_classes_at_once_and_no_group_is_overfull(archive: Archive) -> None:
    taken: Counter[str] = Counter()
    for rows in archive.taken.values():
        running = [section for _, _, status, section in rows if status == "enrolled"]
        taken.update(section["sourcedId"] for section in running)
        hours = Counter(chain.from_iterable(occurrences(section) for section in running))
        assert max(hours.values(), default=1) == 1
    for sourced_id, count in taken.items():
        capacity = archive.by_id[sourced_id]["metadata.capacity"]
        assert not capacity or count <= int(capacity)


def test_who_attends_takes_one_section_of_each_component(archive: Archive) -> None:
    offered: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for section in archive.tables["classes.csv"]:
        offered[archive.term_of(section), archive.course_of(section)].add(section["metadata.component"])
    for rows in archive.taken.values():
        bundles: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for term, course, _, section in rows:
            bundles[term, course].append(section["metadata.component"])
        for key, components in bundles.items():
            assert sorted(components) == sorted(offered[key])


def test_the_term_to_register_for_has_every_kind_of_section(archive: Archive) -> None:
    found = [meeting for section in archive.target for meeting in meetings(section)]
    weeks = {meeting.get("weeks", "dates") for meeting in found}
    assert {"all", "odd", "even"} < weeks
    assert any(text[0].isdigit() for text in weeks)
    assert any(not meetings(section) and not section["metadata.capacity"] for section in archive.target)
    assert any(section["metadata.language"] == "en" for section in archive.target)
    assert {"lecture", "exercise", "laboratory", "seminar", "project"} <= {
        section["metadata.component"] for section in archive.target
    }


def test_some_seats_wait_for_exchange_students(archive: Archive) -> None:
    pools = [(row, json.loads(row["metadata.reserved"])) for row in archive.target if row["metadata.reserved"]]
    assert pools
    for section, reserved in pools:
        assert reserved[0]["group"] == ["erasmus"]
        assert 0 < sum(pool["seats"] for pool in reserved) < int(section["metadata.capacity"])


def test_calendars_have_days_off_and_days_that_run_as_others(archive: Archive) -> None:
    for row in archive.tables["academicSessions.csv"]:
        if row["type"] == "schoolYear":
            continue
        calendar = json.loads(row["metadata.calendar"])
        days = [date.fromisoformat(entry["date"]) for entry in calendar]
        assert len(set(days)) == len(days)
        assert all(row["startDate"] <= entry["date"] <= row["endDate"] for entry in calendar)
        assert any(entry.get("off") for entry in calendar)
        assert any(entry.get("runs_as") == "mon" for entry in calendar)


def test_in_winter_a_thursday_runs_as_a_monday_and_independence_day_is_off(archive: Archive) -> None:
    winters = [row for row in archive.tables["academicSessions.csv"] if row["metadata.code"].endswith("Z")]
    assert winters
    for row in winters:
        calendar = json.loads(row["metadata.calendar"])
        swapped = [date.fromisoformat(entry["date"]) for entry in calendar if entry.get("runs_as") == "mon"]
        assert [day.weekday() for day in swapped] == [3]
        eleventh = date(int(row["metadata.code"][:4]), 11, 11)
        off = {entry["date"] for entry in calendar if entry.get("off")}
        assert (eleventh.isoformat() in off) == (eleventh.weekday() < 5)
