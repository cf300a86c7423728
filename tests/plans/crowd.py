"""A database as full as that of a real term: rows are made through the API once, and copied by the server."""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.campus import Campus, meeting
from tests.house import House


@dataclass(frozen=True)
class Size:
    """How many there are of each; students have three places in this term, and three more of terms before."""

    offerings: int = 4_000
    students: int = 30_000
    events: int = 50_000
    places: int = 3


@dataclass(frozen=True)
class Pattern:
    """The rows that are copied, by id."""

    term: str
    past: str
    course: str
    offering: str
    section: str
    instructor: str
    student: str
    enrollment: str
    queued: str


def furnish(house: House) -> tuple[Campus, Pattern]:
    """Make one of everything through the API."""
    campus = Campus(house)
    campus.window()
    instructor = campus.made("course", "/instructors", {"number": "P-1", "given_name": "Jan", "family_name": "Nowak"})
    section = campus.section("PATTERN-0", meetings=[meeting("mon", "10:00", "11:30")], instructors=[instructor["id"]])
    full = campus.section("PATTERN-1", capacity=0)
    student = campus.student(program="INF", stage=2, groups=["erasmus"])
    campus.made("student", f"/students/{student}/test-scores", {"name": "GOETHE", "score": 75})
    facts = {"course": "OLD-1", "title": "Old", "ects": 5, "grade": "4.0"}
    campus.made("student", f"/students/{student}/credits-recognized", facts)
    effects = {"reason": "Books", "contact": "library@example.edu", "effects": ["block-transcript"]}
    campus.made("student", f"/students/{student}/holds", effects)
    campus.completed(student, "PATTERN-2")
    enrolled = campus.enroll(student, section, headers={"Idempotency-Key": "pattern"})
    assert enrolled.status == 201, enrolled.body
    body = {"student_id": student, "section_ids": [full], "waitlist": True}
    queued = campus.made("enrollment", "/enrollments", body)
    plan = {"student_id": student, "term_id": "2027L", "name": "Plan", "items": [{"section_ids": [section]}]}
    campus.made("enrollment", "/plans", plan)
    house.drain()
    found = house.call("course", "GET", f"/sections/{section}").json
    return campus, Pattern(
        campus.term()["id"],
        campus.term("2026Z")["id"],
        campus.course("PATTERN-0")["id"],
        found["offering_id"],
        section,
        instructor["id"],
        student,
        enrolled.json["id"],
        queued["id"],
    )


@dataclass
class Crowd:
    """Copies the pattern; a copy's id is made of a word and its number, so that what belongs together finds itself."""

    connection: "psycopg.Connection[Any]"
    pattern: Pattern
    size: Size

    def gather(self) -> None:
        """Fill every table that is large in a real term, and let the planner know."""
        # Rows are made to fit: looking for what they refer to would take most of the time.
        self.connection.execute("SET session_replication_role = replica")
        self._catalog()
        self._students()
        self._places()
        self._queues()
        self._allowed()
        self._told()
        self.connection.execute("SET session_replication_role = origin")
        self.connection.execute("ANALYZE")

    def _catalog(self) -> None:
        of, count = self.pattern, self.size.offerings
        code = "'CROWD-' || n"
        self.copy("course.course", count, of.course, id=made("course"), code=code, fold=f"lower({code})")
        self.copy("course.instructor", count // 2, of.instructor, id=made("instructor"), number="'P-' || n + 1")
        offering = {"id": made("offering"), "course_id": made("course"), "sort_code": code}
        self.copy("course.offering", count, of.offering, **offering)
        section = {"id": made("section"), "offering_id": "md5('offering' || (n + 1) / 2)::uuid", "number": "n"}
        self.copy("course.section", 2 * count, of.section, **section)
        of_section = {"section_id": made("section")}
        self.copy("course.slot", 2 * count, of.section, by="section_id", **of_section)
        told = {"dirty": "false", "version": "1"}
        self.copy("course.availability", 2 * count, of.section, by="section_id", **of_section, **told)
        taught = {"section_id": made("section"), "instructor_id": f"md5('instructor' || n % {count // 2} + 1)::uuid"}
        self.copy("course.teaching", 2 * count, of.section, by="section_id", **taught)
        word = "(ARRAY['crowd', 'nowak', 'jan', 'w' || n % 97, 'k' || n, 'title', 'of', 'x' || n % 11])[k]"
        self.fill("course.search_word", count, 8, term_id=quoted(of.term), word=word, offering_id=made("offering"))
        for table in ("known_course", "known_section"):
            kind = table.removeprefix("known_")
            self.copy(f"student.{table}", 2 * count, getattr(of, kind), id=made(kind))
        facts = f"convert_to(replace(convert_from(facts, 'UTF8'), id::text, ({made('section')})::text), 'UTF8')"
        del section["number"]
        self.copy("enrollment.section", 2 * count, of.section, **section, facts=facts)

    def _students(self) -> None:
        of, count = self.pattern, self.size.students
        number = "(700000 + n)::text"
        self.copy("student.student", count, of.student, id=made("student"), number=number)
        word = f"(ARRAY['s' || n % 997, 'anna', {number}])[k]"
        self.fill("student.student_word", count, 3, word=word, student_id=made("student"))
        mine = {"student_id": made("student")}
        for table in ("test_score", "recognized_credit", "hold"):
            self.copy(f"student.{table}", count // 2, of.student, by="student_id", id="gen_random_uuid()", **mine)
        self.copy("enrollment.student_standing", count, of.student, by="student_id", **mine)
        self.copy("enrollment.student_term", count, of.student, by="student_id", **mine)
        self.copy("enrollment.plan", count, of.student, by="student_id", id="gen_random_uuid()", **mine)
        self._notify(count)

    def _notify(self, count: int) -> None:
        words = """'{"pl": "x", "en": "x"}'"""
        told = {"at": "now() - k * interval '1 hour'", "read_at": "CASE WHEN n % 3 > 0 THEN now() END"}
        told |= {"kind": "'promoted'", "params": "'{}'", "title": words, "body": words}
        self.fill(
            "student.notification",
            count,
            2,
            id="md5('told' || n || '/' || k)::uuid",
            student_id=made("student"),
            **told,
        )
        self.connection.execute(
            "INSERT INTO student.mail (notification_id, made_at, try_at, attempts, sent_at) "
            "SELECT id, at, at, 1, at FROM student.notification"
        )

    def _places(self) -> None:
        of, size = self.pattern, self.size
        count, sections = size.students * size.places, 2 * size.offerings
        whose = f"md5('student' || 1 + n % {size.students})::uuid"
        where = f"(1 + (n + n / {size.students}) % {sections})"
        for word, term, status in (("place", of.term, "enrolled"), ("past", of.past, "completed")):
            facts = {"id": made(word), "student_id": whose, "term_id": quoted(term), "status": f"'{status}'"}
            facts["offering_id"] = f"md5('{word}' || 'offering' || ({where} + 1) / 2)::uuid".replace("'place' || ", "")
            self.copy("enrollment.enrollment", count, of.enrollment, **facts)
            self.copy("student.recorded_enrollment", count, of.enrollment, **facts)
            kept = {"enrollment_id": made(word)}
            taken = {**kept, "section_id": f"md5('section' || {where})::uuid"}
            self.copy("enrollment.enrollment_section", count, of.enrollment, by="enrollment_id", **taken)
            change = {**kept, "id": made(f"{word} change")}
            self.copy("enrollment.enrollment_change", count, of.enrollment, by="enrollment_id", **change)
            self.copy("course.counted_enrollment", count, of.enrollment, by="enrollment_id", **kept)

    def _queues(self) -> None:
        """Let a tenth of the students wait, a hundred in a queue."""
        of, count = self.pattern, self.size.students // 10
        queue = {"term_id": quoted(of.term), "last_sequence": "100", "try_at": "now()"}
        self.fill("enrollment.waitlist", count // 100 + 1, 1, id=made("offering"), **queue)
        facts = {
            "id": made("waiting"),
            "student_id": made("student"),
            "offering_id": "md5('offering' || 1 + n / 100)::uuid",
        }
        self.copy("enrollment.enrollment", count, of.queued, **facts)
        entry = {"enrollment_id": made("waiting"), "queue_id": facts["offering_id"], "sequence": "n % 100"}
        self.copy("enrollment.waitlist_entry", count, of.queued, by="enrollment_id", **entry)
        wanted = {"enrollment_id": made("waiting"), "section_id": "md5('section' || 1 + n / 50)::uuid"}
        self.copy("enrollment.wanted_section", count, of.queued, by="enrollment_id", **wanted)

    def _allowed(self) -> None:
        """Let some have permissions, and some sections keep seats."""
        of, count = self.pattern, self.size.offerings
        allowed = {"student_id": made("student"), "term_id": quoted(of.term), "offering_id": made("offering")}
        word = {
            "rules": "'[\"time-conflict\"]'",
            "uses": "1",
            "reason": "'x'",
            "issued_by": "'x'",
            "issued_at": "now()",
        }
        self.fill("enrollment.permission", count, 1, id=made("permission"), version="1", **allowed, **word)
        asked = {**allowed, "section_id": made("section"), "rules": word["rules"], "course_code": "'x'"}
        asked |= {"section_number": "'1'", "asked_of": "'instructor'", "message": "''", "status": "'denied'"}
        self.fill("enrollment.consent_request", count, 1, id=made("ask"), version="1", created_at="now()", **asked)
        pool = {"section_id": made("section"), "position": "0", "seats": "3", "released": "false"}
        self.fill(
            "enrollment.seat_pool", count, 1, audience="""'{"program": ["NONE"], "stage": [], "group": []}'""", **pool
        )

    def _told(self) -> None:
        """Leave what platforms leave behind: events sent and heard, keys, deeds of staff."""
        milliseconds = "lpad(to_hex(((extract(epoch FROM now()) - n) * 1000)::bigint), 12, '0')"
        event_id = f"({milliseconds} || '7000' || lpad(to_hex(n), 16, '8'))::uuid"
        sent = {"type": "'a.b.v1'", "subject": "'x' || n", "version": "1", "body": "'{}'", "status": "'sent'"}
        for module in ("course", "student", "enrollment"):
            self.fill(f"{module}.outbox", self.size.events, 1, id=event_id, created_at="now()", **sent)
            heard = {"subscription": "'subscription-' || n % 3", "event_id": event_id, "heard_at": "now()"}
            self.fill(f"{module}.inbox", self.size.events, 1, **heard)
        self.copy("enrollment.idempotency_key", self.size.events, "pattern", by="key", key="'key-' || n")

    def fill(self, table: str, count: int, times: int, **values: str) -> None:
        """Write rows whose values are expressions of `n`, up to the count, and of `k`, up to the times."""
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} "  # noqa: S608 - all of it is written in this file
            f"FROM generate_series(1, {count}) n, generate_series(1, {times}) k ON CONFLICT DO NOTHING"
        )

    def copy(self, table: str, count: int, which: str, *, by: str = "id", **changed: str) -> None:
        """Copy one row so often, with other values in some columns: expressions of `n`, its number."""
        columns = self.connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        ).fetchall()
        taken = {name: f'p."{name}"' if name != "external_key" else "NULL" for (name,) in columns} | changed
        names = ", ".join(f'"{name}"' for name in taken)
        self.connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(taken.values())} "  # noqa: S608 - the same
            f"FROM (SELECT * FROM {table} WHERE {by} = '{which}' LIMIT 1) p, generate_series(1, {count}) n "
            "ON CONFLICT DO NOTHING"
        )


def made(word: str) -> str:
    """Return the id of the copy with the number `n` of what the word names."""
    return f"md5('{word}' || n)::uuid"


def quoted(key: str) -> str:
    """Return an id as an expression."""
    return f"'{key}'::uuid"
