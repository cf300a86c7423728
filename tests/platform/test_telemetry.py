"""What the university says about itself: one JSON line an event, bound to its trace, without anything private."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from university.platform import language, telemetry
from university.platform.language import Words

ROOT = Path(__file__).parents[2]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """The traces (and the token) of some requests that went wrong, and all that was logged meanwhile."""
    command = [sys.executable, "-m", "tests.platform.talking", str(tmp_path_factory.mktemp("talk"))]
    spoken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return spoken.stdout.split(), spoken.stderr


def lines(logged: str) -> list[dict[str, Any]]:
    """Return the log as its readers parse it."""
    return [json.loads(line) for line in logged.splitlines()]


def test_every_line_is_json_with_a_level_a_time_and_words(talk: tuple[list[str], str]) -> None:
    told = lines(talk[1])

    assert len(told) == 5
    for line in told:
        assert {"level", "timestamp", "event"} <= set(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])


def test_a_surprise_is_told_with_its_trace_and_its_place(talk: tuple[list[str], str]) -> None:
    (surprise,) = [line for line in lines(talk[1]) if line["event"] == "surprise"]

    assert (surprise["level"], surprise["module"], surprise["path"]) == ("error", "web", "/api/v1/surprise")
    assert surprise["trace_id"] == talk[0][0]
    assert surprise["exception"][0]["exc_type"] == "LookupError"
    assert surprise["exception"][0]["frames"][-1]["name"] == "get_surprise"


def test_a_rule_of_the_database_is_told_by_name(talk: tuple[list[str], str]) -> None:
    (refused,) = [line for line in lines(talk[1]) if line["event"] == "refused by the database"]

    assert (refused["level"], refused["trace_id"]) == ("warning", talk[0][1])
    assert "book_has_pages" in refused["fault"]


def test_refusals_are_answers_and_not_logged(talk: tuple[list[str], str]) -> None:
    assert not {line.get("trace_id") for line in lines(talk[1])} & set(talk[0][2:5])


def test_the_libraries_words_are_lines_like_ours(talk: tuple[list[str], str]) -> None:
    foreign, own = (line for line in lines(talk[1]) if "words" in line["event"])

    assert foreign["event"] == "foreign words with umlauts: ä\nand lines"
    assert (own["number"], own["module"]) == (5, "tests")
    assert foreign["trace_id"] == own["trace_id"] != talk[0][0]
    assert any("a library warns" in line["event"] for line in lines(talk[1]))


def test_nothing_private_is_logged(talk: tuple[list[str], str]) -> None:
    assert not re.search("secret|password in a local|Bearer", talk[1], re.IGNORECASE)
    assert talk[0][-1] not in talk[1]


def test_a_trace_is_continued_with_a_span_of_its_own() -> None:
    with telemetry.tracing(PARENT) as trace:
        inside = telemetry.traceparent()
        with telemetry.tracing(inside) as deeper:
            assert deeper == trace == "0af7651916cd43dd8448eb211c80319c"
            assert telemetry.traceparent() != inside
        assert telemetry.traceparent() == inside != PARENT

    assert telemetry.traceparent() is telemetry.trace_id() is None


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        PARENT[:-1],
        PARENT + "-more",
        PARENT.upper(),
        "ff" + PARENT[2:],
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
        "x\n" + PARENT,
    ],
)
def test_what_is_no_trace_is_not_continued(header: str | None) -> None:
    with telemetry.tracing(header) as trace:
        assert re.fullmatch("[0-9a-f]{32}", trace)
        assert trace not in (header or "")


# Languages.


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("pl", "pl"),
        ("PL", "pl"),
        ("pl-PL", "pl"),
        ("de", "en"),
        ("de, pl", "pl"),
        ("en;q=0.1, pl;q=0.2", "pl"),
        ("en ; q=0.1 , pl ; q=0.2", "pl"),
        ("pl, en", "pl"),
        ("en, pl", "en"),
        ("pl;q=0", "en"),
        ("pl;q=0.000", "en"),
        ("pl;q=nan", "en"),
        ("pl;q=-1", "en"),
        ("pl;q=9", "en"),
        ("plx", "en"),
        ("*", "en"),
        (";;;,,,=", "en"),
        ("a" * 10_000 + ",pl", "en"),
    ],
)
def test_the_preferred_language_is_spoken_and_english_otherwise(header: str | None, expected: str) -> None:
    with language.speaking(header):
        assert language.chosen() == expected
        assert Words("one {n}", "jeden {n}").say(n=1) == {"en": "one 1", "pl": "jeden 1"}[expected]
    assert language.chosen() == "en"
