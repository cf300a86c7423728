"""The operator's table tells every chore that comes round by itself, whose it is and how often."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.docs.pages import page, words
from tests.house import House
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway.wiring import GatewayWiring
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "day": "days"}


@pytest.fixture
def all_modules(tmp_path: Path) -> House:
    house = House(Settings(data_dir=tmp_path, smtp_url="smtp://127.0.0.1:25", mail_from="registrar@example.edu"))
    return house.open(CourseWiring(), StudentWiring(), EnrollmentWiring(), GatewayWiring())


def test_every_chore_is_in_the_table_and_nothing_else(all_modules: House) -> None:
    told = {
        (words(name)[0], module, timedelta(**{UNITS[unit]: 1 if count == "a" else int(count)}))
        for name, module, (count, unit) in (
            (name, module, every.split())
            for name, module, every, _ in page("docs/operations.md").table("chore", "module", "every", "what it does")
        )
    }
    done = {
        (chore.name, "each" if chore.name == "forget" else name, chore.every)
        for name, module in all_modules.modules.items()
        for chore in module.chores()
    }

    assert told == done
