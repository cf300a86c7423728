"""Whatever the requisite: it is written and read back equal, judged without surprise, and helped by its remedies."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations, islice

import pytest
from hypothesis import given, settings, strategies as st

from university.course.rules.requisite_json import from_dict, to_dict
from university.course.rules.requisite_leaves import Result
from university.course.rules.requisite_record import Completed, Record, Running, Standing
from university.course.rules.requisite_remedies import apart_from_corequisites, missing_corequisites, remedies
from university.course.rules.requisite_text import MAX_DEPTH, parse, render
from university.course.rules.requisite_tokens import RequisiteSyntax
from university.course.rules.requisite_tree import (
    And,
    Branch,
    Consenter,
    ConsentLeaf,
    CourseLeaf,
    CreditsLeaf,
    GpaLeaf,
    GroupLeaf,
    Node,
    NOf,
    Not,
    Or,
    ProgramLeaf,
    ScoreLeaf,
    StageLeaf,
    Timing,
)
from university.course.rules.requisites import Explained, evaluate, unmet_leaves

quick = settings(max_examples=100, deadline=None)

word = st.sampled_from(
    ["MATH-101", "CSE", "100A", "6.042", "Żółć", "in", "Of", "WITH", "TERMS", "2", "a,b", "(c)", "C++"]
)
name = st.lists(word, min_size=1, max_size=3).map(" ".join)
number = st.decimals(0, 999_999, places=3).map(Decimal.normalize)
whole = st.integers(1, 999_999)
grade = st.sampled_from(["3.0", "4.5", "zal", "B-", "P"])


def courses_called(code: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    return st.builds(
        CourseLeaf, code, st.none() | grade, st.none() | st.sampled_from(Timing), st.none() | st.integers(1, 3)
    )


leaves: st.SearchStrategy[Node] = st.one_of(
    courses_called(name),
    st.builds(CreditsLeaf, number, st.none() | name),
    st.builds(GpaLeaf, number),
    st.builds(ScoreLeaf, name, number),
    st.builds(ProgramLeaf, st.lists(name, min_size=1, max_size=3).map(tuple)),
    st.builds(StageLeaf, whole),
    st.builds(GroupLeaf, st.lists(name, min_size=1, max_size=3).map(tuple)),
    st.builds(ConsentLeaf, st.sampled_from(Consenter)),
)


def branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return joined(inner) | st.builds(Not, inner)


def joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    some = st.lists(inner, min_size=1, max_size=4).map(tuple)
    n_of = some.flatmap(lambda items: st.builds(NOf, st.integers(1, len(items)), st.just(items)))
    return st.builds(And, several) | st.builds(Or, several) | n_of


trees = st.recursive(leaves, branches, max_leaves=20)

code = st.sampled_from("ABCDE")
term = st.none() | st.sampled_from(["T1", "T2", "T3", "T4"])
ects = st.none() | st.integers(0, 6).map(Decimal)
small_leaves = st.one_of(
    courses_called(code),
    st.builds(CreditsLeaf, st.integers(0, 20).map(Decimal)),
    st.builds(StageLeaf, st.integers(1, 3)),
)
small_trees = st.recursive(small_leaves, branches, max_leaves=8)
positive_trees = st.recursive(small_leaves, joined, max_leaves=8)
records = st.builds(
    Record,
    completed=st.lists(st.builds(Completed, code, st.none() | grade | st.just("2.0"), ects, term)).map(tuple),
    in_progress=st.lists(st.builds(Running, code, ects, term), max_size=3).map(tuple),
    requested=st.frozensets(code, max_size=3),
    standing=st.builds(Standing, stage=st.none() | st.integers(1, 3)),
    term=term,
    terms=st.just(("T1", "T2", "T3", "T4")),
)


@quick
@given(trees)
def test_what_is_written_is_read_back_equal(tree: Node) -> None:
    assert parse(render(tree)) == tree


@quick
@given(trees)
def test_what_is_told_as_json_is_read_back_equal(tree: Node) -> None:
    assert from_dict(to_dict(tree)) == tree


def test_the_deepest_text_survives_writing_judging_and_json() -> None:
    tree = parse("1 OF (A OR B AND " * MAX_DEPTH + "C" + ")" * MAX_DEPTH)

    assert tree is not None
    assert parse(render(tree)) == tree
    assert from_dict(to_dict(tree)) == tree
    assert remedies(evaluate(tree, Record()))


def read(text: str) -> Node | RequisiteSyntax | None:
    try:
        return parse(text)
    except RequisiteSyntax as refused:
        return refused


words = st.lists(st.sampled_from(["A", "AND", "OR", "NOT", "2", "OF", "(", ")", ",", ">=", "4.0", "IN", "CREDITS"]))
noise = st.text(alphabet=st.sampled_from(list('AB3(),>=" .-ż&\t')) | st.characters(), max_size=60)


@quick
@given(noise | words.map(" ".join))
def test_any_text_is_a_requisite_or_is_refused_with_a_position(text: str) -> None:
    tree = read(text)

    if isinstance(tree, RequisiteSyntax):
        assert 0 <= tree.position <= len(text)
        assert tree.message("pl")
    else:
        assert tree is None or parse(render(tree)) == tree


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"kind": "course"},
        {"kind": "course", "course": ""},
        {"kind": "course", "course": 'A"B'},
        {"kind": "course", "course": "A", "grade": "Q"},
        {"kind": "course", "course": "A", "timing": "later"},
        {"kind": "all", "items": [{"kind": "course", "course": "A"}]},
        {"kind": "not", "items": []},
        {"kind": "n-of", "n": 2, "items": [{"kind": "course", "course": "A"}]},
        {"kind": "gpa", "minimum": float("nan")},
        {"kind": "gpa", "minimum": 1e-9},
        {"kind": "stage", "minimum": True},
        {"kind": "program", "codes": []},
        {"kind": "consent", "giver": "dean"},
        {"kind": "wish"},
    ],
)
def test_json_that_is_no_tree_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match=r"not a requisite|is not a valid"):
        from_dict(told)


def test_json_nested_without_end_is_refused() -> None:
    told: dict[str, object] = {"kind": "course", "course": "A"}
    for _ in range(500):
        told = {"kind": "not", "items": [told]}

    with pytest.raises(ValueError, match="too deep"):
        from_dict(told)


def every(explained: Explained) -> list[Explained]:
    return [explained, *(deeper for item in explained.items for deeper in every(item))]


@quick
@given(small_trees, records)
def test_every_branch_follows_from_its_items(tree: Node, record: Record) -> None:
    laws: dict[type, Callable[[list[Result]], Result]] = {And: min, Or: max}
    for explained in every(evaluate(tree, record)):
        results = [item.result for item in explained.items]
        if isinstance(explained.node, NOf):
            assert sum(result >= explained.result for result in results) >= explained.node.n
            assert sum(result > explained.result for result in results) < explained.node.n
        elif type(explained.node) in laws:
            assert explained.result is laws[type(explained.node)](results)
        elif not isinstance(explained.node, Branch):
            assert explained.because


@quick
@given(small_trees, records)
def test_not_not_changes_nothing(tree: Node, record: Record) -> None:
    assert evaluate(Not(Not(tree)), record).result is evaluate(tree, record).result


@quick
@given(small_trees, records)
def test_a_refusal_names_what_is_in_the_way_and_an_acceptance_nothing(tree: Node, record: Record) -> None:
    explained = evaluate(tree, record)

    assert bool(list(unmet_leaves(explained))) is not explained.result.allows
    if explained.result.allows:
        assert remedies(explained) == []
        assert missing_corequisites(explained) == ()


def granted(explained: Explained, way: tuple[Node, ...]) -> Result:
    """Judge again as if the demands were met, by Kleene's rules written out anew."""
    results = [granted(item, way) for item in explained.items]
    match explained.node:
        case And():
            return min(results)
        case Or():
            return max(results)
        case NOf(n, _):
            return sorted(results)[-n]
        case Not():
            return Result(3 - results[0]) if results[0] in {Result.MET, Result.UNMET} else results[0]
        case _:
            return Result.MET if explained.node in way else explained.result


@quick
@given(small_trees, records)
def test_a_remedy_carried_out_lets_the_student_in(tree: Node, record: Record) -> None:
    explained = evaluate(tree, record)

    for way in remedies(explained):
        assert granted(explained, way).allows


def ways_found_by_trying(explained: Explained) -> Iterator[tuple[Node, ...]]:
    missing = {leaf.node for leaf in every(explained) if not leaf.items and not leaf.result.allows}
    for size in range(1, len(missing) + 1):
        yield from (way for way in combinations(missing, size) if granted(explained, way).allows)


@quick
@given(positive_trees, records)
def test_without_not_no_set_of_demands_is_smaller_than_the_first_remedy(tree: Node, record: Record) -> None:
    explained = evaluate(tree, record)
    smallest = [] if explained.result.allows else list(islice(ways_found_by_trying(explained), 1))

    assert [len(way) for way in remedies(explained)[:1]] == [len(way) for way in smallest]


@quick
@given(small_trees, records)
def test_a_refusal_is_always_blamed_on_something(tree: Node, record: Record) -> None:
    explained = evaluate(tree, record)

    if not explained.result.allows:
        assert missing_corequisites(explained) or not apart_from_corequisites(explained).allows
