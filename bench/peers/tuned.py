"""One service, tuned: no models, one statement that does it all, orjson, and the answer as bytes."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

ENROLL = """
WITH allowed AS (
    SELECT 1 FROM student, section
    WHERE student.id = $1 AND student.status = 'active' AND section.id = $2 AND section.status = 'open'
), seat AS (
    UPDATE section SET taken = taken + 1 WHERE id = $2 AND taken < capacity AND EXISTS (SELECT FROM allowed)
    RETURNING id
), made AS (
    INSERT INTO enrollment (student_id, section_id) SELECT $1, id FROM seat RETURNING id
), told AS (
    INSERT INTO outbox (type, data)
    SELECT 'enrollment.created', jsonb_build_object('id', id, 'student_id', $1, 'section_id', $2) FROM made
)
SELECT id FROM made
"""


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PEER_DATABASE_URL"], min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=opened)


@app.post("/enrollments")
async def enroll(request: Request) -> Response:
    wish = orjson.loads(await request.body())
    made = await app.state.pool.fetchval(ENROLL, wish["student_id"], wish["section_id"])
    if made is None:
        return Response(b'{"detail":"full, closed or not allowed"}', 409, media_type="application/json")
    told = {"id": str(made), "student_id": wish["student_id"], "section_id": wish["section_id"], "status": "enrolled"}
    return Response(orjson.dumps(told), 201, media_type="application/json")
