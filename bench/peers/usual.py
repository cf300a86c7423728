"""One service as usually written: FastAPI, pydantic models, asyncpg, one statement after another in a transaction."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel


class Wish(BaseModel):
    student_id: str
    section_id: str


class Enrollment(BaseModel):
    id: UUID
    student_id: str
    section_id: str
    status: str


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PEER_DATABASE_URL"], min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=opened)


@app.post("/enrollments", status_code=201)
async def enroll(wish: Wish, request: Request) -> Enrollment:
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        student = await connection.fetchrow("SELECT status FROM student WHERE id = $1", wish.student_id)
        if student is None or student["status"] != "active":
            raise HTTPException(422, "not an active student")
        section = await connection.fetchrow("SELECT status FROM section WHERE id = $1", wish.section_id)
        if section is None or section["status"] != "open":
            raise HTTPException(422, "not an open section")
        taken = await connection.fetchval(
            "UPDATE section SET taken = taken + 1 WHERE id = $1 AND taken < capacity RETURNING taken", wish.section_id
        )
        if taken is None:
            raise HTTPException(409, "full")
        made = await connection.fetchval(
            "INSERT INTO enrollment (student_id, section_id) VALUES ($1, $2) RETURNING id",
            wish.student_id,
            wish.section_id,
        )
        enrollment = Enrollment(id=made, student_id=wish.student_id, section_id=wish.section_id, status="enrolled")
        await connection.execute(
            "INSERT INTO outbox (type, data) VALUES ($1, $2)",
            "enrollment.created",
            json.dumps(enrollment.model_dump(mode="json")),
        )
    return enrollment
