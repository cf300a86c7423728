"""One university for all tests that put it back as it was."""

from collections.abc import Iterator

import pytest

from tests.security.world import World, opened


@pytest.fixture(scope="session")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The university, opened once."""
    with opened(tmp_path_factory.mktemp("world")) as university:
        yield university


@pytest.fixture
def world(whole_world: World) -> World:
    """The university as it was in the beginning."""
    whole_world.renewed()
    return whole_world
