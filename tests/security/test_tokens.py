"""Whatever somebody shows instead of a token, at every service: 401 as a problem, and nothing is done."""

from typing import Any

import pytest

from tests.security import minting, showing
from tests.security.minting import ATTACKS, Base
from tests.security.rows import filled
from tests.security.world import World
from university.platform.security import LIFETIME, SKEW


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_no_good_token_is_not_believed_by_anybody_for_anything(world: World, name: str) -> None:
    assert showing.believed(world, name) == []
    assert not world.was_changed()


@pytest.mark.parametrize("module", showing.PERSONS)
def test_the_same_requests_with_a_good_token_are_served(world: World, module: str) -> None:
    statuses = [
        showing.shown(world, module, target, base.token()).status
        for base, targets in showing.bases(world, module)
        for target in targets
    ]

    assert set(statuses) <= {200, 201}, statuses


@pytest.mark.parametrize(("module", "path"), showing.EVERYBODY.items())
def test_a_wrong_token_is_refused_also_where_none_is_needed(world: World, module: str, path: str) -> None:
    for name, attack in ATTACKS.items():
        reply = showing.shown(world, module, ("GET", path, None), attack(Base(world.university.keyring, module)))
        assert showing.is_refused(reply), name


@pytest.mark.parametrize("name", ATTACKS)
def test_the_door_believes_no_token_of_the_inside(world: World, name: str) -> None:
    for module, targets in showing.PERSONS.items():
        base = Base(world.university.keyring, module)
        for token in (ATTACKS[name](base), base.token(), minting.of_neighbor(base).token()):
            for method, path, body in targets:
                reply = world.knock(method, path, filled(body, world.facts["a"]), token=token)
                assert reply.status == 401, (path, reply.body)
    assert not world.was_changed()


def test_a_clock_may_be_ahead_by_half_a_minute_and_no_token_lives_longer_than_five(world: World) -> None:
    base = Base(world.university.keyring, "course")

    def status(**changed: Any) -> int:
        return showing.shown(world, "course", showing.PERSONS["course"][0], base.token(**changed)).status

    ahead, now = minting.later(SKEW - 5), minting.later(0)
    assert status(iat=ahead, nbf=ahead, exp=ahead + LIFETIME) == 200
    assert status(iat=now, exp=now + LIFETIME) == 200
    assert status(iat=now, exp=now + LIFETIME + 1) == 401
