"""The university's semesters around a day: dates, deadlines, holidays, and days that run as others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)

# A day off, or a day that runs as another weekday, as the catalog writes it.
Entry = dict[str, str | bool]


@dataclass(frozen=True)
class Term:
    """One semester; `index` counts semesters, so that the next one is one more."""

    index: int
    starts_on: date
    ends_on: date
    calendar: tuple[Entry, ...]

    @property
    def year(self) -> int:
        """The calendar year in which its academic year begins."""
        return self.index // 2

    @property
    def season(self) -> str:
        """Z for winter, L for summer."""
        return "ZL"[self.index % 2]

    @property
    def code(self) -> str:
        """2026Z is the winter semester of 2026/2027."""
        return f"{self.year}{self.season}"

    @property
    def title(self) -> str:
        """Its name in Polish."""
        return f"Semestr {'zimowy' if self.season == 'Z' else 'letni'} {self.school_year}"

    @property
    def school_year(self) -> str:
        """2026/2027."""
        return f"{self.year}/{self.year + 1}"

    @property
    def add_until(self) -> date:
        """Two weeks to look around."""
        return self.starts_on + 2 * WEEK

    @property
    def drop_until(self) -> date:
        """Four weeks to think again."""
        return self.starts_on + 4 * WEEK

    @property
    def withdraw_until(self) -> date:
        """Ten weeks to give up."""
        return self.starts_on + 10 * WEEK


@dataclass(frozen=True)
class Terms:
    """The semesters of the data: those that are over, the one that runs, the one that students register for."""

    past: tuple[Term, ...]
    running: Term | None
    target: Term

    def __iter__(self) -> Iterator[Term]:
        """All of them, the oldest first."""
        yield from self.past
        if self.running:
            yield self.running
        yield self.target


def around(today: date) -> Terms:
    """The semester whose registration can be open on that day, and all that its oldest students have lived through."""
    target = next(
        term
        for term in map(semester, range(2 * (today.year - 1), 2 * (today.year + 2)))
        if today + 2 * DAY <= term.add_until
    )
    before = semester(target.index - 1)
    running = before if before.starts_on <= today <= before.ends_on else None
    oldest = target.index - (4 if target.season == "Z" else 5)
    past = tuple(semester(index) for index in range(oldest, target.index - (1 if running else 0)))
    return Terms(past, running, target)


def semester(index: int) -> Term:
    """The semester of that index: October to February, or February to June."""
    year = index // 2
    if index % 2 == 0:
        return _term(index, _first_weekday(date(year, 10, 1)), _nth(year + 1, 2, 4, 1), _winter(year))
    return _term(index, _nth(year + 1, 2, 0, 3), _nth(year + 1, 6, 4, 4), _summer(year + 1))


def _term(index: int, starts_on: date, ends_on: date, calendar: Iterable[Entry]) -> Term:
    """The semester with those entries of the calendar that fall into it."""
    within = (entry for entry in calendar if starts_on <= date.fromisoformat(str(entry["date"])) <= ends_on)
    return Term(index, starts_on, ends_on, tuple(within))


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian rule."""
    century, rest = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _winter(year: int) -> Iterator[Entry]:
    """All Saints, Independence Day, Christmas and Epiphany; lost Wednesdays and Mondays are made up for in January."""
    yield from _off(date(year, 11, 1), date(year, 11, 1))
    yield from _off(date(year, 11, 11), date(year, 11, 11))
    yield from _off(date(year, 12, 23), date(year + 1, 1, 2))
    yield from _off(date(year + 1, 1, 6), date(year + 1, 1, 6))
    yield {"date": (_nth(year + 1, 2, 1, 1) - WEEK).isoformat(), "runs_as": "wed", "parity": "odd"}
    yield {"date": (_nth(year + 1, 2, 3, 1) - WEEK).isoformat(), "runs_as": "mon"}


def _summer(year: int) -> Iterator[Entry]:
    """Easter, the May days and Corpus Christi; lost Mondays and Thursdays are made up for in June."""
    sunday = easter(year)
    yield from _off(sunday - 3 * DAY, sunday + 2 * DAY)
    yield from _off(date(year, 5, 1), date(year, 5, 3))
    yield from _off(sunday + 60 * DAY, sunday + 61 * DAY)
    yield {"date": _nth(year, 6, 2, 2).isoformat(), "runs_as": "mon"}
    yield {"date": _nth(year, 6, 1, 3).isoformat(), "runs_as": "thu", "from": "15:00"}


def _off(first: date, last: date) -> Iterator[Entry]:
    """One entry for each working day; nothing runs at weekends anyway."""
    for day in range((last - first).days + 1):
        when = first + day * DAY
        if when.weekday() < 5:
            yield {"date": when.isoformat(), "off": True}


def _first_weekday(day: date) -> date:
    return day if day.weekday() < 5 else day + (7 - day.weekday()) * DAY


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, ... Monday (0), Tuesday (1), ... of a month."""
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7) * DAY + (number - 1) * WEEK
