"""Enrollments at the repository on SQLite: what threads of one process get through when all of them write.

Each transaction is that of an enrollment without its rules: the student's term is locked, a seat claimed, the
enrollment written with its sections and a line of history, and its event put into the outbox. SQLite has one writer;
every commit is on the disk before the next begins (synchronous FULL), so this is about the disk, too.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench import results
from bench.results import Record, Table
from tests.enrollment import books
from university.enrollment.events import EnrollmentCreated
from university.enrollment.models import Enrollment, EnrollmentSection, Section
from university.enrollment.repository import claims, enrollments, ledger
from university.enrollment.rules.facts import SectionFacts
from university.platform import database, migrations
from university.platform.database import Primary, new_id
from university.platform.messaging.outbox import announce

SECTIONS, CAPACITY = 50, 100_000


@dataclass
class Round:
    """What all threads did in one round; seconds of each transaction."""

    took: list[float] = field(default_factory=list)
    busy: int = 0
    seconds: float = 0.0


def main() -> None:
    """Let the threads write, and print what they got through."""
    parser = results.options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--each", type=int, default=1_500, help="transactions of each thread in each round")
    options = results.begun(parser)
    if options.quick:
        options.rounds, options.each = 1, 50
    with tempfile.TemporaryDirectory(prefix="university-sqlite-") as folder:
        url = f"sqlite:///{Path(folder) / 'enrollment.db'}"
        primary, _ = database.open_database("enrollment", url, threads=options.threads)
        migrations.upgrade(primary)
        sections = [books.told(capacity=CAPACITY) for _ in range(SECTIONS)]
        books.remember(primary, *sections)
        rounds = [_round(primary, sections, options.threads, options.each) for _ in range(options.rounds + 1)][1:]
        wrong = _wrong(primary, (options.rounds + 1) * options.threads * options.each)
        primary.close()
    results.leave(_record(rounds, wrong), options)


def _round(primary: Primary, sections: Sequence[SectionFacts], threads: int, each: int) -> Round:
    done, begun = Round(), threading.Barrier(threads + 1)
    students = [[new_id() for _ in range(each)] for _ in range(threads)]

    def work(mine: Sequence[str]) -> None:
        begun.wait()
        for number, student in enumerate(mine):
            since = time.perf_counter()
            try:
                with primary.begin() as session:
                    _enroll(session, student, sections[number % len(sections)])
            except OperationalError:
                done.busy += 1
            done.took.append(time.perf_counter() - since)

    working = [threading.Thread(target=work, args=(mine,)) for mine in students]
    for one in working:
        one.start()
    begun.wait()
    since = time.perf_counter()
    for one in working:
        one.join()
    done.seconds = time.perf_counter() - since
    return done


def _enroll(session: Session, student: str, section: SectionFacts) -> None:
    enrollments.lock_student(session, student, section.term.id)
    now = database.now(session)
    seats = ledger.seats_of(session, [section.id])[section.id]
    taken, _pool = claims.claim(session, section.id, seats, books.BOB)
    if not taken:
        raise SystemExit("a section with room refused a seat")
    enrollment = Enrollment(
        id=new_id(),
        version=1,
        status="enrolled",
        student_id=student,
        offering_id=section.offering.id,
        term_id=section.term.id,
        course_id=section.course.id,
        course_code=section.course.code,
        course_title=section.course.title,
        term_code=section.term.code,
        term_ends_on=date(2028, 2, 10),
        ects=section.offering.ects,
        conditional=False,
        created_at=now,
        updated_at=now,
    )
    enrollment.sections = [EnrollmentSection(section_id=section.id)]
    enrollments.begin(session, enrollment)
    enrollments.record(session, enrollment, at=now, by="bench", reason="enrolled")
    announce(session, EnrollmentCreated.of(enrollment, 1), at=now)


def _wrong(primary: Primary, asked: int) -> dict[str, int]:
    with primary.read() as session:
        places = session.scalar(select(func.count()).select_from(Enrollment)) or 0
        taken = session.scalar(select(func.sum(Section.taken))) or 0
        oversold = session.scalar(select(func.count()).where(Section.taken > Section.capacity)) or 0
    return {"lost": asked - places, "miscounted": abs(taken - places), "oversold": oversold}


def _record(rounds: Sequence[Round], wrong: dict[str, int]) -> Record:
    rates = [len(one.took) / one.seconds for one in rounds]
    slowest, busy = max(max(one.took) for one in rounds), sum(one.busy for one in rounds)
    rows = [
        [number, round(rate), *(round(value * 1e3, 1) for value in _spread(one.took)), one.busy]
        for number, (rate, one) in enumerate(zip(rates, rounds, strict=True), 1)
    ]
    table = Table("Transactions", ["round", "per second", "p50 ms", "p99 ms", "slowest ms", "busy"], rows)
    measured = {"13 rate": round(statistics.median(rates)), "13 busy": busy, "13 slowest": round(slowest, 3)}
    return Record("sqlite", __doc__, {"per_second": rates}, measured, wrong, [table])


def _spread(took: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1]


if __name__ == "__main__":
    main()
