"""The source keeps the rules, and there is something for each rule to look at."""

import pytest

from tests.security.rules import RULES, Rule, reading, sources_of
from tests.security.rules.owning import PEOPLE

MODULES = ("course", "student", "enrollment", "gateway", "platform", "demo")
NAMED = 40
"""Views by which students or instructors name a thing; there are about that many."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("module", MODULES)
def test_the_source_keeps_the_rule(module: str, rule: Rule) -> None:
    assert list(rule(sources_of(module))) == []


def test_the_rules_see_the_views_and_their_roles() -> None:
    views = [view for module in MODULES for _, view in reading.views(sources_of(module))]

    assert len([view for view in views if PEOPLE & view.roles and "<" in view.rule]) >= NAMED
    assert len([view for view in views if view.function.name.startswith("list_")]) >= NAMED / 2
