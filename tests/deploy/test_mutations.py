"""Each rule sees what it is for, and nothing else sees it: manifests with one thing wrong break one rule."""

import pytest

from tests.deploy.manifests import overlay
from tests.deploy.mutations import MUTATIONS, Mutation
from tests.deploy.rules.table import RULES, broken


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_is_wrong_is_seen_by_its_rule_alone(mutation: Mutation) -> None:
    spoiled = mutation.of(overlay(mutation.overlay))

    assert list(broken(spoiled, mutation.overlay)) == [mutation.rule], broken(spoiled, mutation.overlay)


def test_every_rule_has_a_mutation() -> None:
    assert sorted(RULES.keys() - {mutation.rule for mutation in MUTATIONS}) == []
