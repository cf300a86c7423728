"""What the pages say of the API is what the API is: addresses, codes, reasons, remedies."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from entrypoints import all_in_one
from tests.docs.pages import Page, page, pages, words
from tests.system import command
from university.enrollment import texts
from university.platform.errors import Refusal
from university.platform.web import problems

API = page("docs/api.md")
_ADDRESS = re.compile(r"(GET|POST|PATCH|PUT|DELETE) (?:/api/v1)?(/[^?\s]+).*")
_SAID: dict[str, dict[str, Any]] = {name: vars(texts)[f"_{name}"] for name in ("VIOLATIONS", "REMEDIES")}


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every operation of the document, such as `GET /terms/{}`."""
    printed = command.university("openapi", UNIVERSITY_DATA_DIR=str(tmp_path_factory.mktemp("nothing")))
    paths = msgspec.json.decode(printed.stdout)["paths"]
    return {
        f"{method.upper()} {nameless(path.removeprefix('/api/v1'))}"
        for path, methods in paths.items()
        for method in methods
    }


def nameless(path: str) -> str:
    """Return an address without the names of its variable parts; `me` stands for one."""
    return re.sub(r"\{\w+\}|\bme\b(?=/)", "{}", path)


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every refusal that the code knows."""
    for named in kind.__subclasses__():
        yield named
        yield from refusals(named)


@pytest.mark.parametrize("document", pages(), ids=lambda one: one.path.name)
def test_every_operation_that_is_named_exists(document: Page, operations: set[str]) -> None:
    named = [found.groups() for code in document.inline() if (found := _ADDRESS.fullmatch(code))]

    assert {f"{method} {nameless(path)}" for method, path in named} <= operations


def test_every_code_of_an_error_exists() -> None:
    assert all_in_one.MODULES  # Everything that refuses is loaded.
    named = [(status, code) for status, codes, _ in API.table("status", "code", "what to do") for code in words(codes)]

    known = {(str(kind.status), kind.__new__(kind).code) for kind in refusals()}
    known |= {(str(status), problems.of_status(status)["code"]) for status in (400, 413, 415)}
    assert [pair for pair in named if not any((one, pair[1]) in known for one in pair[0].split(", "))] == []


def test_every_reason_of_a_refused_registration_is_explained() -> None:
    explained = [code for row in API.table("violation", "the request is refused because") for code in words(row[0])]

    assert sorted(explained) == sorted({name.partition(".")[0] for name in _SAID["VIOLATIONS"]})


def test_every_remedy_is_listed() -> None:
    (listed,) = [line for line in API.prose.splitlines() if line.startswith("A remedy's `action` is one of")]

    assert words(listed.partition(";")[0])[1:] == sorted(_SAID["REMEDIES"])
