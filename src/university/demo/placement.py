"""Students in the groups of a semester: how many want what, and who sits where without a clash."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from university.demo.people import Student
from university.demo.sections import BLOCK_SIZE, Block, Section, Stream


def blocks(students: Iterable[Student]) -> dict[str, Block]:
    """The block of every student by number: those of one program and year, in the order of their numbers."""
    counts: Counter[tuple[str, int]] = Counter()
    found: dict[str, Block] = {}
    for student in students:
        cohort = (student.program, student.stage)
        found[student.number] = (*cohort, counts[cohort] // BLOCK_SIZE)
        counts[cohort] += 1
    return found


def demand(choices: Iterable[tuple[Block, Iterable[str]]]) -> dict[str, Counter[Block]]:
    """How many of each block want each course."""
    wishes: defaultdict[str, Counter[Block]] = defaultdict(Counter)
    for block, courses in choices:
        for course in courses:
            wishes[course][block] += 1
    return wishes


def seat(wanted: Sequence[str], block: Block, streams: dict[str, list[Stream]]) -> list[Section]:
    """The sections where a student of the block finds a place; a course without a free, fitting group is left out."""
    first = sorted(wanted, key=lambda code: (_leans(streams[code]), _choices(streams[code])))
    found = _seat(first, block, streams)
    for missed in (code for code in first if code not in found):
        other = _seat([missed, *(code for code in first if code != missed)], block, streams)
        if len(other) > len(found):
            found = other
    sections = [section for bundle in found.values() for section in bundle]
    for section in sections:
        section.taken += 1
    return sections


def _seat(order: Sequence[str], block: Block, streams: dict[str, list[Stream]]) -> dict[str, list[Section]]:
    """The sections by course, when the courses are tried in this order."""
    busy = 0
    found: dict[str, list[Section]] = {}
    for code in order:
        alongside = streams[code][0].course.requisite.alongside
        if found.keys() >= alongside.intersection(order) and (bundle := _bundle(streams[code], block, busy)):
            found[code] = bundle
            for section in bundle:
                busy |= section.mask
    return found


def _choices(streams: list[Stream]) -> int:
    """How many groups there are to choose from."""
    return sum(len(part) for stream in streams for part in stream.parts)


def _leans(streams: list[Stream]) -> bool:
    """Whether the course may need another one of the same semester, and so comes later."""
    return bool(streams[0].course.requisite.alongside)


def _bundle(streams: list[Stream], block: Block, busy: int) -> list[Section]:
    """One section of each component, in the stream of the block if it can be."""
    for stream in sorted(streams, key=lambda stream: block not in stream.blocks):
        found = _fitting(stream.parts, busy)
        if found:
            return found
    return []


def _fitting(parts: Sequence[Sequence[Section]], busy: int) -> list[Section]:
    """One section of each part, none touching another, the emptiest first; empty when there is no such choice."""
    first, *rest = parts
    for section in sorted(first, key=lambda section: section.taken):
        if section.admits(busy):
            others = _fitting(rest, busy | section.mask) if rest else []
            if others or not rest:
                return [section, *others]
    return []
