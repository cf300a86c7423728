"""A page of the catalog as usually written: FastAPI, pydantic models, asyncpg, three statements on the same tables."""

import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel


class Instructor(BaseModel):
    id: UUID
    number: str
    given_name: str
    family_name: str


class Availability(BaseModel):
    capacity: int | None
    taken: int
    held: int
    waiting: int
    open: int | None


class Section(BaseModel):
    id: UUID
    version: int
    offering_id: UUID
    number: str
    component: str
    parent_id: UUID | None
    shares_seats_with: UUID | None
    status: str
    capacity: int | None
    waitlist_capacity: int | None
    language: str | None
    meetings: list[dict[str, Any]]
    reserved: list[dict[str, Any]]
    restrictions: list[dict[str, Any]]
    instructors: list[Instructor]
    availability: Availability


class Course(BaseModel):
    id: UUID
    code: str
    title: str
    title_en: str | None
    ects: float
    department: str | None
    level: str | None
    requisites: str | None


class Term(BaseModel):
    id: UUID
    code: str
    title: str


class Offering(BaseModel):
    id: UUID
    version: int
    course: Course
    term: Term
    ects: float
    grading_scale: str
    waitlist_policy: str
    required_components: list[str]
    restrictions: list[dict[str, Any]]
    status: str
    cross_listed_with: UUID | None
    sections: list[Section]


class Page(BaseModel):
    items: list[Offering]
    next: str | None


OFFERINGS = """
SELECT o.*, c.code, c.title, c.title_en, c.ects, c.department, c.level, c.requisites,
       t.code AS term_code, t.title AS term_title
FROM course.offering o JOIN course.course c ON c.id = o.course_id JOIN course.term t ON t.id = o.term_id
WHERE t.code = $1 AND o.sort_code > $2 ORDER BY o.sort_code, o.id LIMIT $3
"""
SECTIONS = """
SELECT s.*, a.taken, a.held, a.waiting FROM course.section s JOIN course.availability a ON a.section_id = s.id
WHERE s.offering_id = ANY($1) ORDER BY s.offering_id, s.number
"""
TEACHERS = """
SELECT g.section_id, i.id, i.number, i.given_name, i.family_name
FROM course.teaching g JOIN course.instructor i ON i.id = g.instructor_id
WHERE g.section_id = ANY($1) ORDER BY g.section_id, g.place
"""


async def as_json(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec("json", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    pool = asyncpg.create_pool(
        os.environ["PEER_DATABASE_URL"],
        min_size=4,
        max_size=4,
        init=as_json,
        server_settings={"random_page_cost": "1.1"},
    )
    async with pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=opened)


@app.get("/offerings")
async def offerings(request: Request, term: str, after: str = "", limit: int = 50) -> Page:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(OFFERINGS, term, after, limit)
        inside = await connection.fetch(SECTIONS, [row["id"] for row in rows])
        taught = await connection.fetch(TEACHERS, [row["id"] for row in inside])
    teachers: dict[UUID, list[Instructor]] = defaultdict(list)
    for one in taught:
        teachers[one["section_id"]].append(Instructor(**one))
    sections: dict[UUID, list[Section]] = defaultdict(list)
    for one in inside:
        free = None if one["capacity"] is None else max(0, one["capacity"] - one["taken"] - one["held"])
        seats = Availability(**one, open=free)
        sections[one["offering_id"]].append(Section(**one, instructors=teachers[one["id"]], availability=seats))
    items = [offering(row, sections[row["id"]]) for row in rows]
    return Page(items=items, next=items[-1].course.code if len(items) == limit else None)


def offering(row: "asyncpg.Record", sections: list[Section]) -> Offering:
    told = dict(row)
    course = Course(**{**told, "id": told["course_id"]})
    term = Term(id=told["term_id"], code=told["term_code"], title=told["term_title"])
    return Offering(**{**told, "ects": told["own_ects"] or told["ects"]}, course=course, term=term, sections=sections)
