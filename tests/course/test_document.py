"""The document tells the truth: examples are right, and what the search gives is what it says."""

import marshmallow as ma
import pytest
from hypothesis import given, strategies as st

from tests.course.catalog import STUDENT, TUESDAYS, Catalog
from university.course.schemas import (
    availability,
    checking,
    courses,
    instructors,
    offerings,
    requisites,
    sections,
    terms,
)
from university.course.texts import LONGEST_WORD, fold, found_by, words
from university.platform.web.fields import In, Out

FOUND: list[type[ma.Schema]] = [
    schema
    for module in (availability, checking, courses, instructors, offerings, requisites, sections, terms)
    for schema in vars(module).values()
    if isinstance(schema, type) and issubclass(schema, ma.Schema) and getattr(schema, "example", None)
]


SCHEMAS = list(dict.fromkeys(FOUND))


def names(schema: type[ma.Schema]) -> str:
    return schema.__name__


@pytest.mark.parametrize("schema", [one for one in SCHEMAS if issubclass(one, In)], ids=names)
def test_an_example_of_a_request_is_accepted(schema: type[In]) -> None:
    assert schema().validate(dict(schema.example or {})) == {}


@pytest.mark.parametrize("schema", [one for one in SCHEMAS if issubclass(one, Out)], ids=names)
def test_an_example_of_an_answer_names_every_field(schema: type[Out]) -> None:
    required = {field.data_key or name for name, field in schema().fields.items() if field.required}

    assert required <= (schema.example or {}).keys()


def test_every_operation_is_documented(catalog: Catalog) -> None:
    document = catalog.house.modules["course"].document()
    operations = [
        (path, method, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method != "parameters"
    ]

    assert len(operations) >= 30
    for path, method, told in operations:
        assert told["summary"].endswith("."), (path, method)
        assert told["operationId"].islower(), (path, method)
        assert "422" in told["responses"], (path, method)
    assert len({told["operationId"] for *_, told in operations}) == len(operations)


def test_what_the_search_gives_is_what_the_document_says(catalog: Catalog) -> None:
    person = catalog.instructor()["id"]
    listed = {"dates": ["2026-11-03"], "start": "08:00", "end": "09:00"}
    pool = {"seats": 1, "program": ["INF"], "until": "2026-10-05T00:00:00Z"}
    catalog.section(meetings=[TUESDAYS, listed], reserved=[pool], restrictions=[{}], instructors=[person])
    (item,) = catalog.get("/offerings")["items"]

    assert offerings.OfferingOut().dump(item) == item


def test_nobody_reads_the_internal_operations_in_the_document(catalog: Catalog) -> None:
    document = catalog.house.modules["course"].document()

    assert not [path for path in document["paths"] if "internal" in path]
    assert catalog.ask("POST", "/requisite-checks", {}, who=STUDENT).status == 404


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żółć", "zolc"),
        ("ŁÓDŹ", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("Straße", "strasse"),
        ("Đặng", "dang"),
        ("𝐀Ħ", "ah"),
    ],
)
def test_letters_lose_their_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_an_apostrophe_joins_and_parts() -> None:
    assert words("O'Neill") == {"oneill"}
    assert found_by("L\u2019Histoire", "d'Or") == {"lhistoire", "l", "histoire", "dor", "d", "or"}


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert all(words(word) == {word} for word in words(text) if len(word) < LONGEST_WORD)
