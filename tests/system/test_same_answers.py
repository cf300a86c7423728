"""One process and the split system are the same university: one registration day, told twice, reads the same."""

import importlib
import inspect
import os
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from tests import process, split
from tests.system import stories
from tests.system.conftest import DEMO, URL
from tests.system.office import Office
from tests.system.recording import Canon, Exchange, Recorder


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


@pytest.mark.postgres
@pytest.mark.rabbitmq
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(URL in os.environ, reason=f"{URL} names one university: there is no other to compare it with")
def test_one_process_and_the_split_system_give_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        process.university(tmp_path_factory.mktemp("alone")) as alone,
        split.university(tmp_path_factory.mktemp("split")) as running,
        ThreadPoolExecutor(2) as pool,
    ):
        together, apart = pool.map(
            recorded,
            [
                Recorder(f"http://127.0.0.1:{alone.port}", f"http://127.0.0.1:{alone.port + 1}", DEMO),
                Recorder(running.url, running.management_url, DEMO),
            ],
        )

    differing = [(one, other) for one, other in zip(together, apart, strict=False) if one != other]
    told = Counter(one.status for one in together if one.status)
    with capsys.disabled():
        by_status = ", ".join(f"{count} x {status}" for status, count in sorted(told.items()))
        sys.stdout.write(f"\n{told.total()} exchanges compared ({by_status}): {len(differing)} differ\n")
    assert differing == [], differing[0]
    assert len(together) == len(apart)
    assert told.total() > 1000


ONE, OTHER, THIRD = (f"018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e2{digit}" for digit in "123")


@pytest.mark.parametrize(
    ("told", "same"),
    [
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}","at":"2026-01-02T03:04:05Z"}}', True),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{OTHER}","at":"2026-01-02T03:04:05Z"}}', False),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}","at":null}}', False),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}"}}', False),
    ],
)
def test_what_is_made_canonical_still_differs_where_it_matters(told: str, same: bool) -> None:
    first = f'{{"id":"{ONE}","of":"{OTHER}","again":"{ONE}","at":"2026-11-22T18:00:00.123Z"}}'

    assert (Canon().text(first) == Canon().text(told)) is same


def test_an_entity_tag_keeps_its_version() -> None:
    tags = ('"v1-abc"', '"v1-def"', '"v2-abc"', 'W/"v1-abc"', '"abc"')

    assert [Canon().headers({"ETag": tag})["etag"] for tag in tags] == [
        '"v1..."',
        '"v1..."',
        '"v2..."',
        'W/"v1..."',
        '"..."',
    ]
