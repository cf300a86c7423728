"""A requisite as JSON: every node tells its `kind`; a branch holds its `items`."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import assert_never

from university.course.rules import grades
from university.course.rules.requisite_tree import (
    And,
    Branch,
    Consenter,
    ConsentLeaf,
    CourseLeaf,
    CreditsLeaf,
    GpaLeaf,
    GroupLeaf,
    Leaf,
    Node,
    NOf,
    Not,
    Or,
    ProgramLeaf,
    ScoreLeaf,
    StageLeaf,
    Timing,
)

DEEPEST = 160  # No text that `parse` accepts makes a deeper tree.

Json = dict[str, object]


def to_dict(tree: Node) -> Json:
    """The tree as JSON objects."""
    if isinstance(tree, Branch):
        return {**own_fields(tree), "items": [to_dict(item) for item in tree.items]}
    return own_fields(tree)


def own_fields(node: Node) -> Json:
    """What one node says about itself, without its items."""
    match node:
        case And():
            return {"kind": "all"}
        case Or():
            return {"kind": "any"}
        case Not():
            return {"kind": "not"}
        case NOf():
            return {"kind": "n-of", "n": node.n}
        case _:
            return _leaf_fields(node)


def _leaf_fields(leaf: Leaf) -> Json:
    match leaf:
        case CourseLeaf(course, grade, timing, terms):
            when = timing.value if timing else None
            return {"kind": "course", "course": course, "grade": grade, "timing": when, "within_terms": terms}
        case CreditsLeaf(minimum, department):
            return {"kind": "credits", "minimum": plain(minimum), "department": department}
        case GpaLeaf(minimum):
            return {"kind": "gpa", "minimum": plain(minimum)}
        case ScoreLeaf(name, minimum):
            return {"kind": "test", "name": name, "minimum": plain(minimum)}
        case ProgramLeaf(codes):
            return {"kind": "program", "codes": list(codes)}
        case StageLeaf(minimum):
            return {"kind": "stage", "minimum": minimum}
        case GroupLeaf(names):
            return {"kind": "group", "names": list(names)}
        case ConsentLeaf(giver):
            return {"kind": "consent", "giver": giver.value}
        case _:
            assert_never(leaf)


def plain(number: Decimal) -> int | float:
    """The number as JSON writes it: whole where it is whole."""
    return int(number) if number == number.to_integral_value() else float(number)


def from_dict(tree: object) -> Node:
    """The tree that `to_dict` told; raises ValueError for anything else."""
    try:
        return _node(tree, depth=1)
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(f"not a requisite: {error!r}") from error


def _node(told: object, depth: int) -> Node:
    if not isinstance(told, Mapping) or depth > DEEPEST:
        raise ValueError("not a requisite: an object was expected, not nested too deep")
    kind = told["kind"]
    if kind in {"all", "any", "not", "n-of"}:
        return _branch(kind, told, tuple(_node(item, depth + 1) for item in told["items"]))
    return _leaf(kind, told)


def _branch(kind: object, told: Mapping[str, object], items: tuple[Node, ...]) -> Node:
    match kind, told.get("n"), len(items):
        case "all", _, size if size > 1:
            return And(items)
        case "any", _, size if size > 1:
            return Or(items)
        case "not", _, 1:
            return Not(items[0])
        case "n-of", int(n), size if 1 <= n <= size:
            return NOf(n, items)
    raise ValueError(f"not a requisite: {kind} of {len(items)} items")


def _leaf(kind: object, told: Mapping[str, object]) -> Leaf:
    match kind:
        case "course":
            return _course(told)
        case "credits":
            department = told.get("department")
            return CreditsLeaf(_number(told["minimum"]), None if department is None else _name(department))
        case "gpa":
            return GpaLeaf(_number(told["minimum"]))
        case "test":
            return ScoreLeaf(_name(told["name"]), _number(told["minimum"]))
        case "program":
            return ProgramLeaf(_names(told["codes"]))
        case "stage":
            return StageLeaf(_whole(told["minimum"]))
        case "group":
            return GroupLeaf(_names(told["names"]))
        case "consent":
            return ConsentLeaf(Consenter(_name(told["giver"])))
        case _:
            raise ValueError(f"not a requisite: kind {kind!r}")


def _course(told: Mapping[str, object]) -> CourseLeaf:
    grade, timing, terms = told.get("grade"), told.get("timing"), told.get("within_terms")
    if grade is not None and grades.find(_name(grade)) is None:
        raise ValueError(f"not a requisite: grade {grade!r}")
    return CourseLeaf(
        _name(told["course"]),
        None if grade is None else _name(grade),
        None if timing is None else Timing(_name(timing)),
        None if terms is None else _whole(terms),
    )


def _name(told: object) -> str:
    if isinstance(told, str) and told and '"' not in told and told.isprintable() and told == " ".join(told.split()):
        return told
    raise ValueError(f"not a requisite: name {told!r}")


def _names(told: object) -> tuple[str, ...]:
    if isinstance(told, list | tuple) and told:
        return tuple(_name(name) for name in told)
    raise ValueError(f"not a requisite: names {told!r}")


def _number(told: object) -> Decimal:
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told < 10**6 and told == round(told, 3):
        return Decimal(f"{told:.3f}").normalize()
    raise ValueError(f"not a requisite: number {told!r}")


def _whole(told: object) -> int:
    if isinstance(told, int) and not isinstance(told, bool) and 0 < told < 10**6:
        return told
    raise ValueError(f"not a requisite: whole number {told!r}")
