"""What would satisfy a requisite that is not: the smallest sets of demands, and the corequisites among them."""

from collections.abc import Callable, Iterable
from itertools import combinations, islice

from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_tree import And, Branch, CourseLeaf, Node, NOf, Not, Or, Timing
from university.course.rules.requisites import Explained, combine

MAX_REMEDIES = 5
_CONSIDERED = 10  # Alternatives kept at each node: a bound on the work, far above what a person would read.

Way = tuple[Node, ...]  # Demands which, all satisfied, satisfy a node; empty when nothing is missing.


def remedies(explained: Explained) -> list[Way]:
    """The sets of demands which, satisfied, would let the student in: smallest first, at most five.

    Empty when nothing is missing, and also when nothing that a student can still do would help.
    """
    ways = _ways(explained, lambda leaf: [(leaf.node,)])
    return [way for way in ways if way and _would_allow(explained, frozenset(way))][:MAX_REMEDIES]


def missing_corequisites(explained: Explained) -> Way:
    """The smallest set of `WITH` demands to blame: without them nothing else helps, or they alone would help."""
    needed = _ways(explained, lambda leaf: [(leaf.node,)] if is_corequisite(leaf.node) else [()])
    if needed and needed[0]:
        return needed[0]
    alone = _ways(explained, lambda leaf: [(leaf.node,)] if is_corequisite(leaf.node) else [])
    return alone[0] if alone else ()


def apart_from_corequisites(explained: Explained) -> Result:
    """The result if every missing `WITH` demand were satisfied: what is then still wrong has another cause."""
    if isinstance(explained.node, And | Or | NOf):
        return combine(explained.node, [apart_from_corequisites(item) for item in explained.items])
    return Result.MET if is_corequisite(explained.node) else explained.result


def is_corequisite(node: Node) -> bool:
    """Whether the node demands a course in the same request."""
    return isinstance(node, CourseLeaf) and node.timing is Timing.WITH


def _ways(explained: Explained, leaf_ways: Callable[[Explained], list[Way]]) -> list[Way]:
    """The ways to satisfy a node, smallest first; none when it cannot be satisfied."""
    if explained.result.allows:
        return [()]
    if isinstance(explained.node, Not):
        return []  # What was taken cannot be untaken.
    each = [_ways(item, leaf_ways) for item in explained.items]
    match explained.node:
        case And():
            return _smallest(_together(each))
        case Or():
            return _smallest(way for ways in each for way in ways)
        case NOf(n, _):
            return _some_of(n, each)
        case _:
            return leaf_ways(explained)


def _some_of(n: int, each: list[list[Way]]) -> list[Way]:
    """The ways that satisfy n of several nodes, tried from the cheapest on."""
    cheapest = sorted(filter(None, each), key=lambda ways: len(ways[0]))
    tried = islice(combinations(cheapest, n), _CONSIDERED)
    return _smallest(way for some in tried for way in _together(some))


def _together(each: Iterable[list[Way]]) -> list[Way]:
    """The ways that satisfy all of several nodes."""
    joined: list[Way] = [()]
    for ways in each:
        joined = _smallest(_union(one, other) for one in joined for other in ways)
    return joined


def _union(one: Way, other: Way) -> Way:
    return tuple(dict.fromkeys((*one, *other)))


def _smallest(ways: Iterable[Way]) -> list[Way]:
    """Shortest first, each set once, and no set that holds a smaller one."""
    kept: dict[frozenset[Node], Way] = {}
    for way in sorted(ways, key=len):
        nodes = frozenset(way)
        if not any(smaller <= nodes for smaller in kept):
            kept[nodes] = way
        if len(kept) == _CONSIDERED:
            break
    return list(kept.values())


def _would_allow(explained: Explained, satisfied: frozenset[Node]) -> bool:
    """Whether the tree would let the student in: a way can also break a NOT elsewhere."""
    return _with_satisfied(explained, satisfied).allows


def _with_satisfied(explained: Explained, satisfied: frozenset[Node]) -> Result:
    if isinstance(explained.node, Branch):
        return combine(explained.node, [_with_satisfied(item, satisfied) for item in explained.items])
    return Result.MET if explained.node in satisfied else explained.result
