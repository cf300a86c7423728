"""The project's documents as a test reads them: code, tables, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One document."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _FENCED.sub("", self.text)

    def blocks(self, *languages: str) -> list[tuple[str, str]]:
        """Return the blocks of code in these languages, in order: (language, code)."""
        return [(kind, code) for kind, code in _FENCED.findall(self.text) if kind in languages]

    def inline(self) -> list[str]:
        """Return the code inside sentences and tables."""
        return _INLINE.findall(self.prose)

    def commands(self) -> Iterator[str]:
        """Yield every line of code that a shell may be given."""
        for _, code in self.blocks("sh", "console"):
            yield from (line.removeprefix("$ ") for line in code.splitlines())
        yield from self.inline()

    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    def anchors(self) -> set[str]:
        """Return the names of the headings as links spell them."""
        spelled = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(self.prose))
        return {heading.strip().replace(" ", "-") for heading in spelled}

    def table(self, *header: str) -> list[list[str]]:
        """Return the rows of the one table with this header."""
        lines = self.text.splitlines()
        start = lines.index(f"| {' | '.join(header)} |")
        rows = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
        return rows


def page(name: str) -> Page:
    """Return a document by its path."""
    return Page(ROOT / name)


def pages() -> list[Page]:
    """Return all documents."""
    return [Page(path) for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])]


def words(cell: str) -> list[str]:
    """Return the code in a cell of a table."""
    return _INLINE.findall(cell)
