"""A story in which everything that can be told is told, and what the hearers make of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from entrypoints.all_in_one import WIRINGS
from tests.campus import Campus
from tests.house import House
from tests.oneroster.conftest import Registry
from tests.oneroster.files import Files
from university.platform.messaging.inbox import CloudEvent

READS: dict[str, Mapping[str, Any]] = {name: reads for wiring in WIRINGS for name, reads in wiring.reads.items()}
"""What each subscription takes from the news, by type."""
PREFIX = "university."


@dataclass
class Sparing(House):
    """A house whose hearers are told nothing but what they declare to read."""

    reads: dict[str, Mapping[str, Any]] = field(default_factory=lambda: READS)

    def hearers(self) -> dict[str, Any]:
        return {name: _sparing(self.reads[name], hear) for name, hear in super().hearers().items()}


def _sparing(reads: Mapping[str, Any], hear: Callable[..., None]) -> Callable[[list[CloudEvent]], None]:
    def spared(event: CloudEvent) -> CloudEvent:
        kind = reads.get(event["type"].removeprefix(PREFIX))
        view = msgspec.to_builtins(msgspec.convert(event["data"], kind)) if kind else {}
        return {**event, "data": view}

    return lambda events: hear([spared(event) for event in events])


def live(house: House) -> dict[str, Any]:
    """Let everything happen that is ever told: by import and by hand; return what the views show, without ids."""
    registry, campus, files = Registry(house), Campus(house), Files()
    registry.take_in(files.zip())
    _change_everything(house, campus)
    _remove_everything(registry, files)
    return _seen(house)


def _change_everything(house: House, campus: Campus) -> None:
    offering, *_ = house.call("course", "GET", "/offerings?q=INF-1").json["items"]
    teacher, *_ = house.call("course", "GET", "/instructors").json["items"]
    campus.change("course", "/terms/2027Z", {"title": "Zima", "calendar": [{"date": "2027-11-11", "off": True}]})
    campus.change("course", "/courses/INF-1", {"title": "Programowanie I"})
    campus.change("course", f"/offerings/{offering['id']}", {"restrictions": [{"stage": [1, 2]}]})
    campus.change("course", f"/sections/{offering['sections'][0]['id']}", {"capacity": 25})
    campus.change("course", f"/instructors/{teacher['id']}", {"given_name": "Łucja Maria"})
    campus.course("OLD-1")
    assert house.call("course", "DELETE", "/courses/OLD-1").status == 204
    campus.change("student", "/students/100001", {"stage": 3})
    some = {"program": ["INF"], "stage": [3], "group": ["erasmus"], "min_ects": 5}
    campus.window(term_id=house.call("course", "GET", "/terms/2027Z").json["id"], **some)
    house.chores("tell-of-open-windows")
    free, *_ = house.call("enrollment", "GET", "/enrollments?student_id=100002").json["items"]
    house.drain()
    assert campus.drop(free["id"]).status == 200
    campus.change("student", "/students/100001", {"status": "suspended"})
    house.drain()


def _remove_everything(registry: Registry, files: Files) -> None:
    files.tables["classes"].append({**files.row("classes", "k-free"), "sourcedId": "k-two", "classCode": "2"})
    files.tables["users"].append({**files.row("users", "u-liam"), "sourcedId": "u-new", "identifier": "100003"})
    files.tables["roles"].append({**files.row("roles", "r-u-liam"), "sourcedId": "r-new", "userSourcedId": "u-new"})
    files.tables["enrollments"] = [row for row in files.tables["enrollments"] if row["role"] == "teacher"]
    registry.take_in(files.zip())
    registry.take_in(files.remove("classes", "k-two").remove("users", "u-new").zip())


def _seen(house: House) -> dict[str, Any]:
    """Return what availability, study record and registrar's desk show."""
    timetable = house.call("student", "GET", "/students/100001/timetable?term=2027Z").json["occurrences"]
    record = house.call("student", "GET", "/students/100001/enrollments").json["items"]
    return {
        "availability": [
            {name: one[name] for name in ("capacity", "taken", "waiting", "open")}
            for one in house.call("course", "GET", "/availability?term=2027Z").json["sections"]
        ],
        "timetable": [(one["date"], one["start"], one["course"]["title"]) for one in timetable],
        "record": [(one["course"]["code"], one["status"], one["grade"]) for one in record],
        "review": [
            one["status"] for one in house.call("enrollment", "GET", "/enrollments?student_id=100001").json["items"]
        ],
    }
