"""An office for each story, on each system."""

import secrets
from itertools import count

import pytest

from tests.system.client import System
from tests.system.office import Office

RUN, STORIES = secrets.token_hex(2).upper(), count(1)


@pytest.fixture
def office(system: System) -> Office:
    """An office whose names no other story, and no other run against the same university, has."""
    return Office(system, f"{RUN}x{next(STORIES)}")
