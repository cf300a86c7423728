"""Which other sections could take in a student whose sections the university canceled."""

from collections.abc import Collection, Iterator, Sequence
from itertools import product

from university.enrollment.rules.facts import SectionFacts

MOST = 50
"""Bundles that are looked at for one student."""


def bundles(own: Sequence[SectionFacts], offered: Collection[SectionFacts]) -> Iterator[tuple[SectionFacts, ...]]:
    """Yield the bundles that keep what is not canceled and have another section for what is, in order of numbers.

    Each replacement has the component of what it replaces, and every section goes with the parent that it stands below.
    """
    open_ones = sorted((one for one in offered if one.status == "open"), key=lambda one: (one.number, one.id))
    choices = [
        [one]
        if one.status != "canceled"
        else [other for other in open_ones if other.offering.id == one.offering.id and other.component == one.component]
        for one in own
    ]
    found = 0
    for bundle in product(*choices):
        ids = {section.id for section in bundle}
        if len(ids) == len(bundle) and all(section.parent_id is None or section.parent_id in ids for section in bundle):
            yield bundle
            found += 1
        if found == MOST:
            return
