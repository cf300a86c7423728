"""Whatever a document names exists: pages, headings, files, `make` targets, commands and their options."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from entrypoints.cli import main
from tests.docs.pages import ROOT, Page, pages

_FILE = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*(?:/|\.(?:py|md|toml|in|txt|css|html))|\.importlinter")
_ROOTS = (ROOT, ROOT / "src/university", ROOT / "docs", *(ROOT / "src/university").iterdir())
"""Where a file may be that a document names without its whole path: at the top, or in the code."""
_MADE = ("var/", "term.csv")
"""What only a running installation has."""


@pytest.fixture(params=pages(), ids=lambda page: str(page.path.relative_to(ROOT)))
def document(request: pytest.FixtureRequest) -> Page:
    found: Page = request.param
    return found


def test_every_link_leads_somewhere(document: Page) -> None:
    assert [link for link in document.links() if not leads_somewhere(document.path, link)] == []


def test_every_file_that_is_named_exists(document: Page) -> None:
    named = [code for code in document.inline() if _FILE.fullmatch(code) and code not in _MADE]

    assert [code for code in named if not any(list(root.glob(code.rstrip("/"))) for root in _ROOTS)] == []


def test_every_make_target_exists(document: Page) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {
        found for line in document.commands() for found in re.findall(r"(?:^|&& )make(?: \w+=\S+)* ([a-z-]+)", line)
    }

    assert named.difference(targets) == set()


def test_every_command_exists_with_its_options(document: Page) -> None:
    named = [
        line
        for line in document.commands()
        if re.match(r"(\.venv/bin/)?university(?! =)( |$)", without_variables(line))
    ]

    assert [line for line in named if not is_command(without_variables(line).split()[1:])] == []


def leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"https?://", link):
        return True
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in Page(target).anchors())


def without_variables(line: str) -> str:
    """Return a command without the variables that are set for it."""
    return re.sub(r"^(?:[A-Z_]+=\S+ )+", "", line)


def is_command(given: list[str]) -> bool:
    """Tell whether the command line knows these words: commands first, then options and arguments."""
    command: click.Command = main
    context = click.Context(main)
    while given and isinstance(command, click.Group) and not given[0].startswith("-"):
        found = command.get_command(context, given.pop(0))
        if found is None:
            return False
        command = found
    parameters = command.get_params(context)
    options = {name for one in parameters for name in (*one.opts, *one.secondary_opts)}
    return not isinstance(command, click.Group) and set(spelled(given)) <= options


def spelled(given: list[str]) -> Iterator[str]:
    """Yield the options among words."""
    yield from (word.partition("=")[0] for word in given if word.startswith("-"))
