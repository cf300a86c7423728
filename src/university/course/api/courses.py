"""Courses and their equivalences over HTTP."""

from typing import Any

from flask import Response

from university.course.api.answers import CATALOG, split, tagged
from university.course.schemas.courses import (
    CourseIn,
    CourseList,
    CourseOut,
    CoursePatch,
    CourseQuery,
    EquivalenceIn,
    EquivalenceList,
    EquivalenceOut,
    EquivalenceQuery,
)
from university.course.service.courses import CourseCodeTaken, CourseInUse, Courses
from university.course.service.equivalences import CourseAlreadyEquivalent, EquivalenceNotFound, Equivalences
from university.course.service.finding import CourseNotFound
from university.course.service.requisites import RequisitesCycle, RequisitesSyntax
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.paging import Page
from university.platform.web.routes import PUBLIC, Routes

_REGISTRAR = ("registrar",)
_CLASS = EquivalenceOut()
_REFUSED = (CourseCodeTaken, RequisitesSyntax, RequisitesCycle)


def declare(routes: Routes, courses: Courses, equivalences: Equivalences) -> None:
    """Declare the operations of courses and equivalences."""
    _read_courses(routes, courses)
    _write_courses(routes, courses)
    _read_equivalences(routes, equivalences)
    _write_equivalences(routes, equivalences)


def _read_courses(routes: Routes, courses: Courses) -> None:
    @routes.get("/courses", roles=(PUBLIC,), shared_for=CATALOG, query=CourseQuery, gives=CourseList)
    def list_courses(query: dict[str, Any]) -> Page:
        """List the courses of the catalog by code."""
        return courses.page(*split(query))

    @routes.get("/courses/<key>", roles=(PUBLIC,), shared_for=CATALOG, gives=CourseOut, refuses=(CourseNotFound,))
    def get_course(key: str) -> Any:
        """Get a course by id or code."""
        return courses.get(key)


def _write_courses(routes: Routes, courses: Courses) -> None:
    post = {"takes": CourseIn, "gives": CourseOut, "status": 201, "location": "/courses/{id}"}

    @routes.post("/courses", roles=_REGISTRAR, refuses=_REFUSED, **post)
    def create_course(body: dict[str, Any], once: Once) -> Any:
        """Put a course into the catalog."""
        return courses.create(body, once)

    patch = {"takes": CoursePatch, "gives": CourseOut}

    @routes.patch("/courses/<key>", roles=_REGISTRAR, refuses=(CourseNotFound, *_REFUSED), **patch)
    def change_course(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Change a course; its offerings and sections follow."""
        return courses.change(key, body, if_match)

    @routes.delete("/courses/<key>", roles=_REGISTRAR, refuses=(CourseNotFound, CourseInUse))
    def delete_course(key: str) -> None:
        """Take a course that was never offered out of the catalog."""
        courses.remove(key)


def _read_equivalences(routes: Routes, equivalences: Equivalences) -> None:
    @routes.get(
        "/equivalences",
        roles=(PUBLIC,),
        shared_for=CATALOG,
        query=EquivalenceQuery,
        gives=EquivalenceList,
        refuses=(CourseNotFound,),
    )
    def list_equivalences(query: dict[str, Any]) -> Page:
        """List the classes of courses that count for one another."""
        filters, page = split(query)
        return equivalences.page(filters.get("course"), page)

    @routes.get(
        "/equivalences/<key>", roles=(PUBLIC,), shared_for=CATALOG, gives=EquivalenceOut, refuses=(EquivalenceNotFound,)
    )
    def get_equivalence(key: str) -> Response:
        """Get a class of equivalent courses."""
        return tagged(equivalences.get(key), _CLASS)


def _write_equivalences(routes: Routes, equivalences: Equivalences) -> None:
    post = {"takes": EquivalenceIn, "gives": EquivalenceOut, "status": 201, "location": "/equivalences/{id}"}
    refused = (CourseAlreadyEquivalent,)

    @routes.post("/equivalences", roles=_REGISTRAR, refuses=refused, **post)
    def create_equivalence(body: dict[str, Any], once: Once) -> Any:
        """Let courses count for one another."""
        return equivalences.create(body["courses"], once)

    patch = {"takes": EquivalenceIn, "gives": EquivalenceOut}

    @routes.patch("/equivalences/<key>", roles=_REGISTRAR, refuses=(EquivalenceNotFound, *refused), **patch)
    def change_equivalence(key: str, body: dict[str, Any], if_match: IfMatch) -> Any:
        """Let a class consist of other courses."""
        return equivalences.change(key, body["courses"], if_match)

    @routes.delete("/equivalences/<key>", roles=_REGISTRAR, refuses=(EquivalenceNotFound,))
    def delete_equivalence(key: str) -> None:
        """Let the courses of a class count for themselves only."""
        equivalences.remove(key)
