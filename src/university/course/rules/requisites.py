"""A requisite judged on a student's record: four-valued, with the result and the reason of every node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from university.course.rules.requisite_json import Json, own_fields
from university.course.rules.requisite_leaves import Result, judge
from university.course.rules.requisite_record import Record
from university.course.rules.requisite_text import render
from university.course.rules.requisite_tree import And, Branch, Node, NOf, Not, Or

_OPPOSITE = {Result.MET: Result.UNMET, Result.UNMET: Result.MET}


@dataclass(frozen=True, slots=True)
class Explained:
    """A node of the tree with its result; a leaf says because of what (a code) and about what (facts)."""

    node: Node
    result: Result
    items: "tuple[Explained, ...]" = ()
    because: str | None = None
    about: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self) -> Json:
        """The node as JSON: what `to_dict` of the tree tells, with `text`, `result` and, of a leaf, the reason."""
        told: Json = {**own_fields(self.node), "text": render(self.node), "result": self.result.name}
        if isinstance(self.node, Branch):
            return {**told, "items": [item.to_dict() for item in self.items]}
        return {**told, "because": self.because, "about": dict(self.about)}


def evaluate(tree: Node, record: Record) -> Explained:
    """The tree's result with every node explained."""
    if isinstance(tree, Branch):
        items = tuple(evaluate(item, record) for item in tree.items)
        return Explained(tree, combine(tree, [item.result for item in items]), items)
    finding = judge(tree, record)
    return Explained(tree, finding.result, (), finding.because, finding.about)


def combine(branch: Branch, results: list[Result]) -> Result:
    """What a branch says when its items say this: AND the worst, OR the best, N OF the n-th best."""
    match branch:
        case And():
            return min(results)
        case Or():
            return max(results)
        case NOf(n, _):
            return sorted(results, reverse=True)[n - 1]
        case Not():
            return _OPPOSITE.get(results[0], results[0])
        case _:
            assert_never(branch)


def unmet_leaves(explained: Explained) -> Iterator[Explained]:
    """The demands that stand in the way, in the order of the text; a NOT that stands in the way is one of them."""
    if explained.result.allows:
        return
    if isinstance(explained.node, And | Or | NOf):
        for item in explained.items:
            yield from unmet_leaves(item)
    else:
        yield explained
