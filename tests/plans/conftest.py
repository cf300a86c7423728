"""The whole university but its gateway, on a PostgreSQL that is as full as in a real term."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.conftest import MODULES
from tests.house import House
from tests.plans.crowd import Crowd, Size, furnish
from tests.plans.term import Term
from tests.plans.watching import Watch, tell_plans
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring


@pytest.fixture(scope="module")
def crowded_url(postgresql: dict[str, str]) -> Iterator[str]:
    """A database of its own, taken away in the end."""
    name = f"university_plans_{os.getpid()}"
    server = postgresql["course"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def term(crowded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """A term in which thousands have registered, and whose every statement is watched."""
    folder = tmp_path_factory.mktemp("crowd")
    house = House(Settings(data_dir=folder, threads=4, database_url=dict.fromkeys(MODULES, crowded_url)))
    house.open(CourseWiring(), StudentWiring(), EnrollmentWiring())
    campus, pattern = furnish(house)
    watch = Watch()
    with psycopg.connect(crowded_url, autocommit=True) as server:
        Crowd(server, pattern, Size()).gather()
        tell_plans(server)
        watch.attend(house)
        yield Term(campus, pattern, watch, server)
    house.close()
