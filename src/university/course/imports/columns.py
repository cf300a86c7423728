"""Which fact of the catalog stands in which column, and what a cell may hold."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from university.course.models import CODE, COMPONENT, NAME, TITLE
from university.platform import cells
from university.platform.cells import Cell
from university.platform.language import Words

_MOST_SEATS, _MOST_CREDITS, _DESCRIPTION = 100_000, 300, 20_000

Name = Annotated[str, Meta(min_length=1, max_length=NAME)]
Names = Annotated[list[Name], Meta(max_length=100)]
Stages = Annotated[list[Annotated[int, Meta(ge=1, le=20)]], Meta(max_length=20)]
Weeks = Annotated[int, Meta(ge=0, le=60)] | None
Component = Annotated[str, Meta(min_length=1, max_length=COMPONENT)]


class Restriction(Struct, forbid_unknown_fields=True):
    """Whom an offering or a section admits; an empty list admits everybody."""

    program: Names = []
    stage: Stages = []
    group: Names = []
    level: Names = []
    consent: Literal["instructor", "department"] | None = None


class Pool(Struct, forbid_unknown_fields=True):
    """Seats that a section keeps for an audience."""

    seats: Annotated[int, Meta(ge=1, le=_MOST_SEATS)]
    program: Names = []
    stage: Stages = []
    group: Names = []
    until: Annotated[datetime, Meta(tz=True)] | None = None

    def __post_init__(self) -> None:
        """Tell the moment in UTC, as everything does."""
        if self.until is not None:
            self.until = self.until.astimezone(UTC)


Restrictions = Annotated[list[Restriction], Meta(max_length=20)]
Pools = Annotated[list[Pool], Meta(max_length=50)]


class OfferingFacts(Struct, forbid_unknown_fields=True):
    """What an offering says for itself; the classes of one offering tell the same."""

    ects: Annotated[float, Meta(ge=0, le=_MOST_CREDITS)] | UnsetType | None = UNSET
    grading_scale: Literal["pl", "pl-pass", "us", "us-pass"] | UnsetType = UNSET
    waitlist_policy: Literal["auto", "offer"] | UnsetType = UNSET
    required_components: Annotated[list[Component], Meta(max_length=20)] | UnsetType = UNSET
    restrictions: Restrictions | UnsetType = UNSET
    add_until: date | UnsetType | None = UNSET
    drop_until: date | UnsetType | None = UNSET
    withdraw_until: date | UnsetType | None = UNSET
    add_weeks: Weeks | UnsetType = UNSET
    drop_weeks: Weeks | UnsetType = UNSET
    withdraw_weeks: Weeks | UnsetType = UNSET
    status: Literal["open", "closed", "canceled"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse two deadlines of one kind."""
        for what in ("add", "drop", "withdraw"):
            if getattr(self, f"{what}_until") and getattr(self, f"{what}_weeks") not in {None, UNSET}:
                raise ValueError(f"give either {what}_until or {what}_weeks")


def _as_it_is(value: Any, _note: Callable[[Words], None]) -> Any:
    """Return a value that is judged later, when it is known in which term it stands."""
    return value


TERM: Mapping[str, Cell] = {
    "title": cells.text("title", TITLE),
    "starts_on": cells.day("startDate", optional=False),
    "ends_on": cells.day("endDate", optional=False),
    "code": cells.text("metadata.code", CODE, optional=True),
    "calendar": cells.structure("metadata.calendar", _as_it_is),
    "own_add_until": cells.day("metadata.add_until"),
    "own_drop_until": cells.day("metadata.drop_until"),
    "own_withdraw_until": cells.day("metadata.withdraw_until"),
    "max_ects": cells.number("metadata.max_ects", 0, 1_000),
}
COURSE: Mapping[str, Cell] = {
    "code": cells.code("courseCode", CODE),
    "title": cells.text("title", TITLE),
    "title_en": cells.text("metadata.title_en", TITLE, optional=True),
    "description": cells.text("metadata.description", _DESCRIPTION, optional=True, multiline=True),
    "description_en": cells.text("metadata.description_en", _DESCRIPTION, optional=True, multiline=True),
    "ects": cells.number("metadata.credits", 0, _MOST_CREDITS, optional=False),
    "level": cells.text("metadata.level", COMPONENT, optional=True),
    "requisites": cells.text("metadata.requisites", _DESCRIPTION, optional=True, multiline=True),
    "max_attempts": cells.whole("metadata.max_attempts", 1, 100),
    "repeatable": cells.flag("metadata.repeatable"),
}
EQUIVALENTS = cells.listed("metadata.equivalents", 100, CODE)
"""The codes of the courses that count for a course."""
INSTRUCTOR: Mapping[str, Cell] = {
    "number": cells.code("identifier", CODE),
    "given_name": cells.text("givenName", NAME),
    "family_name": cells.text("familyName", NAME),
    "email": cells.text("email", TITLE, optional=True),
}
SECTION: Mapping[str, Cell] = {
    "capacity": cells.whole("metadata.capacity", 0, _MOST_SEATS),
    "waitlist_capacity": cells.whole("metadata.waitlist_capacity", 0, _MOST_SEATS),
    "meetings": cells.structure("metadata.meetings", _as_it_is),
    "component": cells.text("metadata.component", COMPONENT, optional=True),
    "language": cells.text("metadata.language", COMPONENT, optional=True),
    "reserved": cells.shaped("metadata.reserved", Pools),
    "restrictions": cells.shaped("metadata.restrictions", Restrictions),
    "status": cells.choice("metadata.status", ("open", "closed", "canceled"), "open"),
}
OFFERING = cells.shaped("metadata.offering", OfferingFacts)
"""What `offering_facts` understands."""
DEPARTMENT: Mapping[str, Cell] = {
    "code": cells.text("identifier", NAME),
    "name": cells.text("name", TITLE),
}


def offering_facts(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of its offering as the offering keeps it."""
    found = msgspec.convert(told, OfferingFacts)
    facts = {name: getattr(found, name) for name in found.__struct_fields__ if name in told}
    if "restrictions" in told:
        facts["restrictions"] = told["restrictions"]
    if "ects" in facts:
        facts["own_ects"] = facts.pop("ects")
    return facts


def offering_told(facts: Mapping[str, Any], own_ects: float | None) -> str:
    """Return the cell that tells an offering's facts."""
    return cells.spell(msgspec.to_builtins({"ects": own_ects, **facts}))
