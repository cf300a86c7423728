"""How courses hang together: a cycle that must not be saved, and everything that leads to a course or that it opens."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from university.course.rules.requisite_tree import Mention, Node, courses

Trees = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Step:
    """A course of the graph: so many steps before (negative) or after the one in the middle."""

    course: str
    steps: int


@dataclass(frozen=True, slots=True)
class Edge:
    """`course` demands `requires`; `timing` as the requisite says it, None for completed before."""

    course: str
    requires: str
    timing: str | None

    def place(self) -> tuple[str, str, str]:
        """Where the edge stands among others: one course may demand another in several ways, one of them untimed."""
        return self.course, self.requires, self.timing or ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Courses and the demands between them, in a stable order."""

    nodes: tuple[Step, ...]
    edges: tuple[Edge, ...]


def find_cycle(course: str, tree: Node | None, trees: Trees) -> list[str] | None:
    """The shortest path from the course back to itself if it had this tree, or None.

    Each course of the path requires the next. Courses taken together (`WITH`, `CONCURRENT`) or avoided (`NOT`) make
    no cycle. An alternative does: a way around it is no reason to write a circle.
    """
    came_from: dict[str, str] = {}
    waiting = deque([course])
    while waiting:
        here = waiting.popleft()
        for required in _required(tree if here == course else trees.get(here)):
            if required == course:
                return [*_path(course, here, came_from), course]
            if required not in came_from:
                came_from[required] = here
                waiting.append(required)
    return None


def _required(tree: Node | None) -> list[str]:
    return [mention.leaf.course for mention in courses(tree) if mention.is_hard]


def _path(start: str, end: str, came_from: Mapping[str, str]) -> list[str]:
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]


def graph(course: str, trees: Trees) -> Graph:
    """Everything that leads to the course and everything that it opens, over any number of steps."""
    demands = {code: _edges(code, courses(tree)) for code, tree in trees.items()}
    opened: dict[str, list[str]] = {}
    for edge in (edge for edges in demands.values() for edge in edges):
        opened.setdefault(edge.requires, []).append(edge.course)
    before = _distances(course, lambda code: [edge.requires for edge in demands.get(code, [])])
    after = _distances(course, lambda code: opened.get(code, []))
    steps = {**after, **{code: -distance for code, distance in before.items()}}
    return Graph(_in_order(steps), tuple(sorted(_between(demands, before, after), key=Edge.place)))


def _edges(course: str, mentions: Iterable[Mention]) -> list[Edge]:
    positive = (mention.leaf for mention in mentions if not mention.negated)
    return list(dict.fromkeys(Edge(course, leaf.course, leaf.timing) for leaf in positive))


def _distances(start: str, neighbors: Callable[[str], Iterable[str]]) -> dict[str, int]:
    distances = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for code in neighbors(here):
            if code not in distances:
                distances[code] = distances[here] + 1
                waiting.append(code)
    return distances


def _between(demands: Mapping[str, list[Edge]], before: Mapping[str, int], after: Mapping[str, int]) -> set[Edge]:
    """The edges on the ways to the course and on the ways from it."""
    towards = {edge for code in before for edge in demands.get(code, [])}
    onwards = {edge for code in after for edge in demands.get(code, []) if edge.requires in after}
    return towards | onwards


def _in_order(steps: Mapping[str, int]) -> tuple[Step, ...]:
    return tuple(Step(code, distance) for code, distance in sorted(steps.items(), key=lambda item: (item[1], item[0])))
