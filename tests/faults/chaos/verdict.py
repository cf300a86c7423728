"""What became of it: promises against rows, events against inboxes, views against the truth, dead letters by name."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from tests.faults.chaos.faults import HEARS_ENROLLMENTS, Chaos
from tests.faults.chaos.ground import World
from tests.faults.chaos.load import Client, Promises
from university.platform.messaging.dead_letters import InQueue

_PATIENCE = 180.0
_WATCH = """
CREATE TABLE public.effect (id uuid, version int);
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN INSERT INTO public.effect VALUES (NEW.{key}, NEW.version); RETURN NEW; END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION public.note()
"""
_VIEWS = {"course": ("course.counted_enrollment", "enrollment_id"), "student": ("student.recorded_enrollment", "id")}


@dataclass(frozen=True)
class Verdict:
    """Figures; all but the first group must be 0."""

    enrolled: int
    dropped: int
    refused: int
    asked_again: int
    events: int
    sent_again: int
    held_back: int
    poison: int
    junk: int

    wrong_answers: int
    acknowledged_lost: int
    never_acknowledged: int
    oversold: int
    events_lost: int
    applied_twice: int
    dead_letters_missing: int
    dead_letters_innocent: int
    differing_views: int

    def faults(self) -> dict[str, int]:
        """Return what is not as it must be."""
        must = ("wrong_", "acknowledged_", "never_", "oversold", "events_lost", "applied_", "dead_", "differing_")
        return {name: count for name, count in asdict(self).items() if name.startswith(must) and count}


def watch(world: World) -> None:
    """Let the databases note every application of an event to a view."""
    for module, (table, key) in _VIEWS.items():
        world.sql(module, _WATCH.format(table=table, key=key))


def judge(world: World, clients: Iterable[Client], chaos: Chaos) -> Verdict:
    """Wait until everything has come to rest, look, mend the poison, replay it, and look again."""
    promises = [client.promises for client in clients]
    poison = _poison(world)
    _until(lambda: _unheard(world) <= poison and _dead(world) >= _expected(poison) and not _pending(world))
    found = _dead(world)
    lost = len(_unheard(world) - poison)
    innocent = {(place, name) for place, name in found if name not in poison and name not in chaos.tried}
    missing = (_expected(poison) - found) | {("", name) for name in chaos.junk - {name for _, name in found}}
    world.poison.unlink()
    _replay(world, poison)
    _until(lambda: not _unheard(world) and not _differing(world))
    return Verdict(
        enrolled=sum(one.enrolled for one in promises),
        dropped=sum(len(one.dropped) for one in promises),
        refused=sum(one.refused for one in promises),
        asked_again=sum(one.unclear for one in promises),
        events=len(_events(world)),
        sent_again=chaos.repeated,
        held_back=chaos.held_back,
        poison=len(poison),
        junk=len(chaos.junk),
        wrong_answers=sum(len(one.wrong) for one in promises),
        acknowledged_lost=_lost(world, promises),
        never_acknowledged=_more(world, promises),
        oversold=_oversold(world),
        events_lost=lost + len(_unheard(world)),
        applied_twice=_twice(world),
        dead_letters_missing=len(missing),
        dead_letters_innocent=len(innocent),
        differing_views=len(_differing(world)),
    )


def _until(rests: Callable[[], bool]) -> None:
    """Wait for rest; what does not come to rest shows in the figures."""
    until = time.monotonic() + _PATIENCE
    while not rests() and time.monotonic() < until:
        time.sleep(0.5)


def _events(world: World) -> dict[str, str]:
    """Return the student that each event of an enrollment is about, by event id."""
    rows = world.sql("enrollment", "SELECT id, body FROM enrollment.outbox WHERE type LIKE 'enrollment.%'")
    told = {str(row[0]): json.loads(str(row[1]))["data"] for row in rows}
    return {event: data["student_id"] for event, data in told.items() if "student_id" in data}


def _poison(world: World) -> set[str]:
    return {event for event, student in _events(world).items() if student in set(world.poisoned)}


def _expected(poison: set[str]) -> set[tuple[str, str]]:
    return {(f"{name}.XQ", event) for name in HEARS_ENROLLMENTS for event in poison}


def _pending(world: World) -> int:
    return len(world.sql("enrollment", "SELECT 1 FROM enrollment.outbox WHERE status <> 'sent'"))


def _unheard(world: World) -> set[str]:
    """Return the events that some hearer has not applied."""
    told = set(_events(world))
    heard = []
    for name in HEARS_ENROLLMENTS:
        module = name.partition(".")[0]
        rows = world.sql(module, f"SELECT event_id FROM {module}.inbox WHERE subscription = '{name}'")  # noqa: S608 - our own names
        heard.append({str(row[0]) for row in rows})
    return {event for event in told if not all(event in some for some in heard)}


def _places(world: World) -> list[InQueue]:
    return [InQueue(world.broker_url(), name) for name in HEARS_ENROLLMENTS]


def _dead(world: World) -> set[tuple[str, str]]:
    return {(letter.place, letter.id) for place in _places(world) for letter in place.letters()}


def _replay(world: World, poison: set[str]) -> None:
    for place in _places(world):
        place.replay(poison)
        place.discard({letter.id for letter in place.letters() if letter.id.startswith("junk-")})


def _standing(world: World) -> dict[str, tuple[str, str]]:
    rows = world.sql("enrollment", "SELECT id, student_id, status FROM enrollment.enrollment")
    return {str(row[0]): (str(row[1]), str(row[2])) for row in rows}


def _lost(world: World, promises: Iterable[Promises]) -> int:
    """Count the acknowledged enrollments and drops that are not there."""
    standing = _standing(world)
    count = 0
    for one in promises:
        count += sum(standing.get(each) != (student, "enrolled") for student, (each, _) in one.holds.items())
        count += sum(standing.get(each, ("", ""))[1] != "dropped" for each in one.dropped)
    return count


def _more(world: World, promises: Iterable[Promises]) -> int:
    """Count the enrollments that nobody was told of."""
    known = {each for one in promises for each in (*one.dropped, *(held for held, _ in one.holds.values()))}
    return len(set(_standing(world)) - known)


def _oversold(world: World) -> int:
    """Count the sections whose ledger is not what is held, or is more than there is."""
    return len(
        world.sql(
            "enrollment",
            """
            SELECT s.id FROM enrollment.section s
            WHERE s.taken > s.capacity OR s.taken <> (
                SELECT count(*) FROM enrollment.enrollment_section t
                JOIN enrollment.enrollment e ON e.id = t.enrollment_id
                WHERE t.section_id = s.id AND e.status = 'enrolled')
            """,
        )
    )


def _twice(world: World) -> int:
    """Count the states that a view has taken in more than once."""
    again = "SELECT id FROM public.effect GROUP BY id, version HAVING count(*) > 1"
    return sum(len(world.sql(module, again)) for module in _VIEWS)


def _differing(world: World) -> set[str]:
    """Return what the views hold otherwise than the truth, by id."""
    views = (
        ("enrollment", "SELECT id, (status, version)::text FROM enrollment.enrollment"),
        ("student", "SELECT id, (status, version)::text FROM student.recorded_enrollment"),
        ("enrollment", "SELECT id, taken FROM enrollment.section WHERE taken > 0"),
        ("course", "SELECT section_id, taken FROM course.availability WHERE taken > 0"),
    )
    truth, recorded, taken, counted = ({str(row[0]): row[1] for row in world.sql(*view)} for view in views)
    pairs = ((truth, recorded), (taken, counted))
    return {key for here, there in pairs for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
