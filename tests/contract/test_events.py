"""Every event that is told is as the AsyncAPI document says, and every hearer can live with whatever it says."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import jsonschema_rs
import pytest

from entrypoints.all_in_one import WIRINGS
from tests.contract import snapshots
from tests.contract.exchanges import closed, excess
from tests.contract.telling import PREFIX, READS, Sparing, live
from tests.contract.town import Town
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.messaging import topology
from university.platform.messaging.document import ConflictingShapes, document
from university.platform.messaging.inbox import CloudEvent
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

ANNOUNCED = {kind: shape for wiring in WIRINGS for kind, shape in wiring.announces.items()}


@dataclass(frozen=True)
class Lived:
    """What was told while the story happened, and what the views showed at its end."""

    told: list[CloudEvent]
    seen: dict[str, Any]


def lived(house: House) -> Iterator[Lived]:
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    seen = live(house)
    yield Lived([event for module in house.modules for event in house.announced(module)], seen)
    house.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    yield from lived(House(Settings(data_dir=tmp_path_factory.mktemp("whole"))))


@pytest.fixture(scope="module")
def spared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The same story where hearers get only what they declare to read."""
    yield from lived(Sparing(Settings(data_dir=tmp_path_factory.mktemp("spared"))))


@pytest.fixture(scope="module")
def asyncapi() -> Any:
    return snapshots.events()


def faults(asyncapi: Any, event: CloudEvent) -> list[str]:
    """Return what the document does not allow of an event; a field that it does not have is a fault too."""
    message = asyncapi["components"]["messages"][event["type"].removeprefix(PREFIX)]
    schema = closed({**message["payload"], "components": asyncapi["components"]})
    judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in judge.iter_errors(event)]


def test_the_story_tells_everything_there_is_to_tell(story: Lived) -> None:
    assert {event["type"].removeprefix(PREFIX) for event in story.told} == set(ANNOUNCED)


def test_every_event_is_as_the_document_says(story: Lived, asyncapi: Any) -> None:
    assert {event["type"]: found for event in story.told if (found := faults(asyncapi, event))} == {}


def test_the_stories_tell_every_field_that_there_is(story: Lived, town: Town, asyncapi: Any) -> None:
    events = [*story.told, *(event for module in town.house.modules for event in town.house.announced(module))]
    assert {event["type"]: found for event in events if (found := faults(asyncapi, event))} == {}

    shapes = asyncapi["components"]["schemas"]
    told = {field for event in events for field in filled(shapes, data_of(asyncapi, event["type"]), event["data"])}
    assert {(name, field) for name, shape in shapes.items() for field in shape["properties"]} == told


def data_of(asyncapi: Any, kind: str) -> Any:
    """Return the schema of the data of a type."""
    return asyncapi["components"]["messages"][kind.removeprefix(PREFIX)]["payload"]["properties"]["data"]


def filled(shapes: Any, schema: Any, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields, by shape, to which a value gives something."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        for field, content in value.items():
            if content not in (None, [], {}):
                yield name, field
                yield from filled(shapes, shapes[name]["properties"][field], content)
    for item in value if schema.get("type") == "array" else ():
        yield from filled(shapes, schema.get("items", {}), item)


OTHERWISE: dict[str, Callable[[CloudEvent], object]] = {
    "a fact is missing": lambda event: event["data"].pop("code"),
    "a fact is of another type": lambda event: event["data"].update(code=7),
    "a date is none": lambda event: event["data"].update(starts_on="tomorrow"),
    "there is a fact that nobody declared": lambda event: event["data"].update(color="red"),
    "a fact inside is another": lambda event: event["data"]["calendar"].append({"off": True}),
    "it has no version": lambda event: event.pop("aggregateversion"),
    "somebody else tells it": lambda event: event.update(source="/university/student"),
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE)
def test_an_event_that_is_otherwise_is_found(
    story: Lived, asyncapi: Any, change: Callable[[CloudEvent], object]
) -> None:
    event = copy.deepcopy(next(one for one in story.told if one["type"] == "university.course.term.created.v1"))
    change(event)

    assert faults(asyncapi, event)


def test_the_operations_are_the_subscriptions_and_the_types(asyncapi: Any) -> None:
    said = {
        name: (operation["action"], [message["$ref"].rpartition("/")[2] for message in operation["messages"]])
        for name, operation in asyncapi["operations"].items()
    }
    heard = {name: sorted(kind for kind in ANNOUNCED if name in topology.hearers(kind)) for name in READS}

    assert set(topology.SUBSCRIPTIONS) == set(READS)
    assert said == {
        **{f"announce.{kind}": ("send", [kind]) for kind in ANNOUNCED},
        **{f"hear.{name}": ("receive", kinds) for name, kinds in heard.items()},
    }


def test_every_subscription_has_a_hearer_in_its_module(tmp_path: Path) -> None:
    house = House(Settings(data_dir=tmp_path)).open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    house.close()

    assert set(house.hearers()) == set(topology.SUBSCRIPTIONS)
    for name, module in house.modules.items():
        assert {subscription.partition(".")[0] for subscription in module.hearers()} == {name}


@pytest.mark.parametrize("subscription", sorted(READS))
def test_whatever_is_told_is_understood_by_who_reads_it(asyncapi: Any, subscription: str) -> None:
    for kind, view in READS[subscription].items():
        assert subscription in topology.hearers(kind)
        assert excess(asyncapi, data_of(asyncapi, kind), view) == []


def test_hearers_need_nothing_but_what_they_declare_to_read(story: Lived, spared: Lived) -> None:
    assert all(story.seen.values())
    assert spared.seen == story.seen


def test_a_hearer_that_reads_more_than_it_declares_is_found(story: Lived, tmp_path: Path) -> None:
    silent = {**READS, "course.availability": dict.fromkeys(READS["course.availability"], Named)}
    (less,) = lived(Sparing(Settings(data_dir=tmp_path), reads=silent))

    assert {name for name in story.seen if less.seen[name] != story.seen[name]} == {"availability"}


class Named(TypedDict):
    """A view that knows which one it is, and nothing of it."""

    id: str


def test_two_shapes_of_one_name_are_found() -> None:
    @dataclass
    class TermFacts:
        """Not what course means by it."""

        id: str

    with pytest.raises(ConflictingShapes, match="TermFacts"):
        document({"course": CourseWiring.announces, "student": {"student.term.v1": TermFacts}}, "1")
