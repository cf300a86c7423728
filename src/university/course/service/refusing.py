"""How the database's word and the rules' word become refusals."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from university.course.repository import keys
from university.course.rules.faults import Faulty
from university.platform import language
from university.platform.errors import InvalidRequest, Refusal

_INDEX = re.compile(r"\.(\d+)")


@contextmanager
def refusing(by_constraint: Mapping[str, type[Refusal]]) -> Iterator[None]:
    """Refuse when a constraint is broken: somebody else was faster than our own look."""
    try:
        yield
    except IntegrityError as error:
        told = keys.broken_rule(error)
        for name, refusal in by_constraint.items():
            if name in told:
                raise refusal from error
        raise


@contextmanager
def telling_faults() -> Iterator[None]:
    """Refuse with every fault that the rules found in an input."""
    try:
        yield
    except Faulty as error:
        raise InvalidRequest(faults_of(error)) from error


def faults_of(error: Faulty) -> list[tuple[str, str]]:
    """Return (field, message) of every fault, in the language of the request."""
    chosen = language.chosen()
    return [(_INDEX.sub(r"[\1]", fault.field), fault.message(chosen)) for fault in error.faults]
