"""One process and the split system are the same university: one registration day, told twice, reads the same."""

import importlib
import inspect
import os
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import msgspec
import pytest

from tests import process, split
from tests.docs.pages import page, words
from tests.system import stories
from tests.system.conftest import DEMO, URL
from tests.system.office import API, Office
from tests.system.recording import Exchange, Recorder

PAGE = page("docs/api.md")
REASONS = [code for row in PAGE.table("violation", "the request is refused because") for code in words(row[0])]
REMEDIES = words(next(line for line in PAGE.prose.splitlines() if line.startswith("A remedy's")).partition(";")[0])[1:]
METHODS = {"get", "put", "post", "patch", "delete"}
WITHOUT_A_STORY = ("get_oidc_callback", "get_oidc_login")
"""What no story can do: it takes a provider, and these universities have none (`tests/gateway` has one)."""

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.rabbitmq,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(URL in os.environ, reason=f"{URL} names one university: there is no other to compare it with"),
]


def every_story() -> Iterator[tuple[str, ModuleType]]:
    """Yield (name, module) of each story, file by file, in the order in which they are written."""
    for found in pkgutil.iter_modules(stories.__path__, f"{stories.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if name.startswith("test_") and function.__module__ == found.name:
                assert list(inspect.signature(function).parameters) == ["office"], name
                yield name, module


def recorded(recorder: Recorder) -> list[Exchange]:
    """Let a university without data live through every story; return what it answered."""
    for number, (name, module) in enumerate(every_story()):
        recorder.begin(name)
        getattr(module, name)(Office(recorder, f"R{number}"))
    return recorder.exchanges


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Exchange], list[Exchange]]:
    """What one process and the split system answered, side by side."""
    with (
        process.university(tmp_path_factory.mktemp("alone")) as alone,
        split.university(tmp_path_factory.mktemp("split")) as running,
        ThreadPoolExecutor(2) as pool,
    ):
        both = [
            Recorder(f"http://127.0.0.1:{alone.port}", f"http://127.0.0.1:{alone.port + 1}", DEMO),
            Recorder(running.url, running.management_url, DEMO),
        ]
        together, apart = pool.map(recorded, both)
        return together, apart


def test_one_process_and_the_split_system_give_the_same_answers(
    recordings: tuple[list[Exchange], list[Exchange]], capsys: pytest.CaptureFixture[str]
) -> None:
    together, apart = recordings

    differing = [(one, other) for one, other in zip(together, apart, strict=False) if one != other]
    told = Counter(one.status for one in together if one.status)
    with capsys.disabled():
        by_status = ", ".join(f"{count} x {status}" for status, count in sorted(told.items()))
        sys.stdout.write(f"\n{told.total()} exchanges compared ({by_status}): {len(differing)} differ\n")
    assert differing == [], differing[0]
    assert len(together) == len(apart)
    assert told.total() > 1000


def test_the_stories_do_everything_that_the_document_offers(recordings: tuple[list[Exchange], ...]) -> None:
    for exchanges in recordings:
        (document,) = [msgspec.json.decode(one.body) for one in exchanges if one.question == f"GET {API}/openapi.json"]
        offered = {
            operation["operationId"]: (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path.count("{"))
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }
        done = {_operation(one.question, offered) for one in exchanges if one.status and one.status < 400}

        assert sorted(set(offered) - done) == sorted(WITHOUT_A_STORY)


def test_the_stories_hear_every_reason_and_every_remedy(recordings: tuple[list[Exchange], ...]) -> None:
    for exchanges in recordings:
        told = [one.body for one in exchanges if one.status in {200, 409, 422} and '"violations":' in one.body]
        violations = [violation for body in told for violation in _violations(msgspec.json.decode(body))]
        remedies = [remedy for violation in violations for remedy in violation["remedies"]]

        assert sorted({violation["code"] for violation in violations}) == sorted(REASONS)
        assert sorted({remedy["action"] for remedy in remedies}) == sorted(REMEDIES)


def _violations(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the violations of a refusal, or of every item of a request."""
    return [violation for one in (told, *told.get("items", ())) for violation in one.get("violations", ())]


def _operation(question: str, offered: dict[str, Any]) -> str | None:
    """Return the operation that answers a question: of several that fit, the one with the fewest blanks."""
    method, _, target = question.partition(" ")
    path = target.partition("?")[0]
    fitting = [
        (blanks, name)
        for name, (its_method, address, blanks) in offered.items()
        if its_method == method.lower() and address.fullmatch(path)
    ]
    return min(fitting)[1] if fitting else None
