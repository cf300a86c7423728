"""Four services as usually written: a gateway passes on, enrollment asks student and course; FastAPI and httpx.

`PEER_PART` tells which of them a process is.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI, HTTPException, Request, Response

from bench.peers.usual import Enrollment, Wish

PART = os.environ["PEER_PART"]


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(limits=limits, timeout=10) as client:
        app.state.client = client
        if PART == "gateway":
            yield
            return
        async with asyncpg.create_pool(os.environ["PEER_DATABASE_URL"], min_size=4, max_size=4) as pool:
            app.state.pool = pool
            yield


app = FastAPI(lifespan=opened)


if PART == "gateway":

    @app.post("/enrollments")
    async def pass_on(request: Request) -> Response:
        told = await app.state.client.post(
            os.environ["PEER_ENROLLMENT_URL"] + "/enrollments",
            content=await request.body(),
            headers={"Content-Type": "application/json"},
        )
        return Response(told.content, told.status_code, media_type=told.headers["Content-Type"])


if PART in {"student", "course"}:
    FIND = {
        "student": "SELECT id, status FROM student WHERE id = $1",
        "course": "SELECT id, status FROM section WHERE id = $1",
    }[PART]

    @app.get("/things/{key}")
    async def get(key: str) -> dict[str, Any]:
        found = await app.state.pool.fetchrow(FIND, key)
        if found is None:
            raise HTTPException(404, "not found")
        return dict(found)


if PART == "enrollment":

    async def status_of(service: str, key: str) -> str:
        told = await app.state.client.get(f"{os.environ[f'PEER_{service}_URL']}/things/{key}")
        if told.status_code != httpx.codes.OK:
            raise HTTPException(422, "not found")
        status: str = told.json()["status"]
        return status

    @app.post("/enrollments", status_code=201)
    async def enroll(wish: Wish) -> Enrollment:
        if await status_of("STUDENT", wish.student_id) != "active":
            raise HTTPException(422, "not an active student")
        if await status_of("COURSE", wish.section_id) != "open":
            raise HTTPException(422, "not an open section")
        async with app.state.pool.acquire() as connection, connection.transaction():
            taken = await connection.fetchval(
                "UPDATE section SET taken = taken + 1 WHERE id = $1 AND taken < capacity RETURNING taken",
                wish.section_id,
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
