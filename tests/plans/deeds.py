"""What people and workers do on registration day, each often enough that the server settles on a plan for it."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.campus import a_student, adding, dropping, meeting
from tests.house import NOBODY, Reply
from tests.plans.term import Term

TIMES = 12
"""A statement is prepared when it comes for the sixth time, and may get one plan for all values five times later."""
Deed = Callable[[], Reply]


def enroll(term: Term) -> Iterator[Deed]:
    """Get a seat."""
    section = term.campus.section("SEAT-1", capacity=TIMES, meetings=[meeting("tue", "10:00", "11:30")])
    for student in _students(term):
        key = {"Idempotency-Key": f"seat-{student}"}
        yield partial(term.campus.enroll, student, section, headers=key)


def ask_again(term: Term) -> Iterator[Deed]:
    """Send the same request again, with the same key."""
    section, student = term.campus.section("AGAIN-1"), term.campus.student()
    for _ in range(TIMES):
        yield partial(term.campus.enroll, student, section, headers={"Idempotency-Key": "again"})


def enroll_with_a_past(term: Term) -> Iterator[Deed]:
    """Get a seat, with three places already and three of earlier terms."""
    section = term.campus.section("PAST-1", capacity=TIMES)
    for number in range(TIMES):
        yield partial(term.campus.enroll, term.somebody(9_000 + number), section)


def be_refused(term: Term) -> Iterator[Deed]:
    """Be told that a section is full."""
    section = term.campus.section("FULL-1", capacity=0)
    for student in _students(term):
        yield partial(term.campus.enroll, student, section)


def be_refused_with_remedies(term: Term) -> Iterator[Deed]:
    """Be told that two things clash, and which other section would do."""
    lecture = [meeting("wed", "10:00", "11:30")]
    first = term.campus.section("CLASH-1", meetings=lecture)
    second = term.campus.section("CLASH-2", meetings=lecture)
    term.campus.section("CLASH-2", "2", meetings=[meeting("wed", "12:00", "13:30")])
    for student in _students(term):
        assert term.campus.enroll(student, first).status == 201
        yield partial(term.campus.enroll, student, second)


def wait(term: Term) -> Iterator[Deed]:
    """Join the end of a queue."""
    section = term.campus.section("QUEUE-1", capacity=0)
    for student in _students(term):
        yield partial(term.wait, student, section)


def give_back(term: Term) -> Iterator[Deed]:
    """Give a seat back that nobody waits for."""
    section = term.campus.section("BACK-1", capacity=TIMES)
    for student in _students(term):
        place = term.campus.enroll(student, section).json["id"]
        yield partial(term.campus.drop, place, a_student(student))


def give_to_the_next(term: Term) -> Iterator[Deed]:
    """Give a seat back that goes to who waits first, in the same call."""
    section = term.campus.section("NEXT-1", capacity=TIMES)
    places = [(term.campus.enroll(student, section).json["id"], student) for student in _students(term)]
    for student in _students(term):
        assert term.wait(student, section).json["status"] == "waitlisted"
    for place, student in places:
        yield partial(term.campus.drop, place, a_student(student))


def change_several(term: Term) -> Iterator[Deed]:
    """Ask for two courses instead of one, in one request."""
    first, second, third = (term.campus.section(f"SEVERAL-{number}") for number in range(3))
    for student in _students(term):
        place = term.campus.enroll(student, first).json["id"]
        items = dropping(place), adding(second), adding(third)
        yield partial(term.campus.request, student, *items)


def look_at_ones_own(term: Term) -> Iterator[Deed]:
    """See one's places, timetable, plans, messages, record, and the windows."""
    paths = {
        "enrollment": ["/enrollments?student_id={0}&term=2027L", "/plans", "/registration-windows", "/permissions"],
        "student": [
            f"/students/me/{one}"
            for one in ("enrollments?term=2027L", "timetable?term=2027L", "notifications", "holds")
        ],
    }
    for number in range(TIMES):
        student = term.somebody(9_100 + number)
        for module, several in paths.items():
            for path in several:
                yield term.reading(module, path.format(student), a_student(student))


def browse(term: Term) -> Iterator[Deed]:
    """Page through the catalog of a term, from the start and from its middle."""
    page: str | None = ""
    for _ in range(TIMES):
        yield term.reading("course", f"/offerings?term=2027L&limit=50{page}", NOBODY)
        found = term.campus.house.call("course", "GET", f"/offerings?term=2027L&limit=50{page}", who=NOBODY)
        page = f"&cursor={found.json['next']}"
    for at in range(TIMES):
        yield term.reading("course", f"/courses?limit=50&q=crowd-{at}", NOBODY)
        yield term.reading("course", f"/sections/{term.pattern.section}", NOBODY)
        yield term.reading("course", f"/offerings/{term.pattern.offering}", NOBODY)


def search(term: Term) -> Iterator[Deed]:
    """Look for a course by words, by department, by day and by free seats."""
    wishes = ["q=w{0}", "q=k{0}%20no", "q=k{0}&day=mon", "q=k{0}&open=true", "q=k{0}&from=10:00&to=12:00"]
    for at in range(TIMES):
        for wish in wishes:
            yield term.reading("course", f"/offerings?term=2027L&limit=50&{wish.format(at)}", NOBODY)


def follow_the_seats(term: Term) -> Iterator[Deed]:
    """Ask what changed since the last version, after somebody has enrolled."""
    section = term.campus.section(term.new("FEED"), capacity=TIMES)
    term.newer_seats()
    for student in _students(term):
        yield partial(term.campus.enroll, student, section)
        yield term.later(term.campus.house.drain)
        yield term.newer_seats


def let_workers_work(term: Term) -> Iterator[Deed]:
    """Do all chores, and look into outboxes that hold nothing new."""
    chores = ("go-through-queues", "expire-offers", "settle-canceled-sections", "recheck-requisites", "send-mails")
    for _ in range(TIMES):
        yield term.later(lambda: term.campus.house.chores(*chores))
        yield term.later(term.campus.house.drain)


def _students(term: Term) -> list[str]:
    return [term.campus.student() for _ in range(TIMES)]


ALL: dict[str, Callable[[Term], Iterator[Deed]]] = {
    one.__name__: one
    for one in (
        enroll,
        ask_again,
        enroll_with_a_past,
        be_refused,
        be_refused_with_remedies,
        wait,
        give_back,
        give_to_the_next,
        change_several,
        look_at_ones_own,
        browse,
        search,
        follow_the_seats,
        let_workers_work,
    )
}
