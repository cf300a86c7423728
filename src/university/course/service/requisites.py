"""Requisites of a course: read from text, kept with their tree, drawn as a graph."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from university.course.models import Course
from university.course.repository import catalog, requisites
from university.course.repository.requisites import Snapshot, Snapshots
from university.course.rules import requisite_graph, requisite_json, requisite_text
from university.course.rules.requisite_tokens import RequisiteSyntax
from university.course.rules.requisite_tree import Node, courses
from university.course.service import telling
from university.course.service.finding import course_of
from university.platform import language
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Unprocessable, invalid
from university.platform.idempotency import Once
from university.platform.language import Words


class RequisitesSyntax(Unprocessable):
    """The text is no requisite; `position` counts characters from 0 to where reading failed."""

    title = Words("The requisites cannot be read.", "Nie można odczytać wymagań.")


class RequisitesCycle(Unprocessable):
    """A course would, over `path`, require itself."""

    title = Words("A course cannot require itself, not even in a circle.", "Przedmiot nie może wymagać sam siebie.")


_NO_TREE = Words("This is not a tree of requisites.", "To nie jest drzewo wymagań.")


@dataclass(frozen=True, slots=True)
class Requisites:
    """What a course requires, as text and as a tree; `unknown` are the codes that no course of the catalog has."""

    text: str | None
    tree: dict[str, Any] | None
    unknown: list[str]
    version: int


@dataclass(frozen=True, slots=True)
class Graph:
    """Courses with their distance from the one in the middle, and which demands which."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


def read(text: str | None) -> Node | None:
    """Return the tree of a text, or refuse with `RequisitesSyntax`."""
    try:
        return requisite_text.parse(text or "")
    except RequisiteSyntax as error:
        raise RequisitesSyntax(error.message(language.chosen()), position=error.position) from error


def read_tree(told: Any) -> str:
    """Return the text of a tree told as JSON, or refuse."""
    try:
        return requisite_text.render(requisite_json.from_dict(told))
    except (ValueError, RecursionError) as error:
        raise invalid("tree", _NO_TREE) from error


def write(session: Session, course: Course, text: str | None) -> None:
    """Give a course the requisites of a text; refuses a faulty one and a circle. The catalog must be held."""
    tree = read(text)
    check_cycle(session, course.code, tree)
    course.requisites = text.strip() if text and tree else None
    course.requisite_tree = requisite_json.to_dict(tree) if tree else None


def check_cycle(session: Session, code: str, tree: Node | None) -> None:
    """Refuse with `RequisitesCycle` if a course of this code and tree came to require itself."""
    if tree is not None:
        _refuse_cycle(code, tree, requisites.take(session))


def _refuse_cycle(code: str, tree: Node | None, snapshot: Snapshot) -> None:
    path = requisite_graph.find_cycle(code, tree, snapshot.trees)
    if path:
        raise RequisitesCycle(" → ".join(path), path=path)


def tree_of(course: Course) -> Node | None:
    """Return the tree that a course keeps."""
    return requisite_json.from_dict(course.requisite_tree) if course.requisite_tree else None


class CourseRequisites:
    """Use cases of what courses require."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica
        self._snapshots = Snapshots()

    def get(self, key: str) -> Requisites:
        """Return what a course requires."""
        with self._replica.read() as session:
            return _told(course_of(session, key), self._snapshots.present(session))

    def replace(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Requisites:
        """Let a course require what a text says, or a tree where no text is given."""
        text = wish["text"] if "text" in wish else read_tree(wish["tree"]) if wish.get("tree") else None
        with self._primary.begin() as session:
            catalog.change(session)
            course = course_of(session, key, lock=True)
            if_match.check(course.version)
            with session.no_autoflush:
                write(session, course, text)
            if session.is_modified(course):
                telling.courses_changed(session, [course])
            return _told(course, requisites.take(session))

    def parse(self, text: str, key: str | None, once: Once) -> Requisites:
        """Return what a text would require, of the named course; refuses as `replace` does, and keeps nothing."""
        tree = read(text)
        with once.begin(self._primary) as session:
            snapshot = self._snapshots.present(session)
            course = course_of(session, key) if key else None
            if course:
                _refuse_cycle(course.code, tree, snapshot)
            told = requisite_json.to_dict(tree) if tree else None
            version = course.version if course else 0
            return once.keep(session, Requisites(text.strip() or None, told, _unknown(tree, snapshot), version))

    def graph(self, key: str) -> Graph:
        """Return everything that leads to a course and that it opens."""
        with self._replica.read() as session:
            snapshot = self._snapshots.present(session)
            course = course_of(session, key)
        drawn = requisite_graph.graph(course.code, snapshot.trees)
        return Graph([_node(step, snapshot) for step in drawn.nodes], [asdict(edge) for edge in drawn.edges])


def _told(course: Course, snapshot: Snapshot) -> Requisites:
    unknown = _unknown(tree_of(course), snapshot)
    return Requisites(course.requisites, course.requisite_tree, unknown, course.version)


def _unknown(tree: Node | None, snapshot: Snapshot) -> list[str]:
    mentioned = dict.fromkeys(mention.leaf.course for mention in courses(tree))
    return [code for code in mentioned if code not in snapshot.courses]


def _node(step: requisite_graph.Step, snapshot: Snapshot) -> dict[str, Any]:
    known = snapshot.courses.get(step.course)
    named = {"id": known.id, "title": known.title, "title_en": known.title_en} if known else {}
    return {"code": step.course, "steps": step.steps, "id": None, "title": None, "title_en": None, **named}
