"""Who hears what: the one table of subscriptions, the same for RabbitMQ and for a single process.

A name is the queue and the actor; a pattern matches the event type without `university.` (`#` any words, `*` one word).
"""

import re
from functools import cache

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "course.availability": ("enrollment.#",),
    "student.study-record": ("enrollment.#",),
    "enrollment.section-facts": ("course.#",),
    "enrollment.student-facts": ("student.#",),
    "student.course-facts": ("course.#",),
    "student.notifications": ("enrollment.notice.#",),
    "course.imports": ("import.course.#",),
    "student.imports": ("import.student.#",),
    "enrollment.imports": ("import.enrollment.#",),
}
SERVICES = ("course", "student", "enrollment")
"""The modules that tell and hear."""


def subscriptions_of(module: str) -> list[str]:
    """Return the names of a module's subscriptions."""
    return [name for name in SUBSCRIPTIONS if name.startswith(f"{module}.")]


@cache
def hearers(event_type: str) -> tuple[str, ...]:
    """Return the subscriptions whose patterns match an event type such as `enrollment.created.v1`."""
    return tuple(
        name
        for name, patterns in SUBSCRIPTIONS.items()
        if any(_pattern(pattern).fullmatch(event_type) for pattern in patterns)
    )


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    words = {"#": r"\w+(?:[.-]\w+)*", "*": r"[\w-]+"}
    return re.compile(r"\.".join(words.get(word, re.escape(word)) for word in pattern.split(".")))
