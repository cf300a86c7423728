"""What may be allowed beyond the rules, and what never: plain values."""

from dataclasses import dataclass
from datetime import datetime

FATAL, WARNING, OFF, PERMITTED = "fatal", "warning", "off", "permitted"
CONSENT = "consent"
"""Named like a rule: what `CONSENT INSTRUCTOR` and `CONSENT DEPARTMENT` among requisites ask for."""
STRUCTURAL = ("already-enrolled", "not-enrolled", "bundle-invalid", "section-canceled", "student-not-active")
"""What nothing overrides: the record would contradict itself, or the place would go on review the next moment."""
SEATED_BY = frozenset({"section-full", "section-closed"})
"""What only a permission overrides: taken less strictly for a whole term, no section would have a last seat."""
SOFTENED = (
    "hold",
    "window-not-open",
    "window-closed",
    "deadline-passed",
    "requisites-unmet",
    "requisites-unknown",
    "corequisite-missing",
    "restricted",
    "repeat-not-allowed",
    "time-conflict",
    "credit-limit",
    "bundle-incomplete",
)
"""What a term may take less strictly than `fatal`."""
NEVER_OFF = ("requisites-unknown",)
"""What is never passed over in silence."""
OVERRIDABLE = (*SOFTENED, *SEATED_BY)
"""What a permission may name."""
ANSWERED_BY_INSTRUCTORS = (
    CONSENT,
    "requisites-unmet",
    "requisites-unknown",
    "corequisite-missing",
    "restricted",
    "section-full",
    "section-closed",
    "bundle-incomplete",
)
"""What is about the section alone, so that its instructors may decide."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What one student was allowed: which rules, where, how often and until when.

    It holds in a section, an offering, or where neither is named in the whole term. `covers` are the enrollments that
    it was used for: it goes on for them without another use.
    """

    id: str
    student_id: str
    term_id: str
    rules: tuple[str, ...]
    section_id: str | None = None
    offering_id: str | None = None
    uses: int = 1
    used: int = 0
    expires_at: datetime | None = None
    revoked: bool = False
    consent: str | None = None
    covers: frozenset[str] = frozenset()

    @property
    def breadth(self) -> int:
        """How much the permission reaches: a section, an offering, a term."""
        return 0 if self.section_id else 1 if self.offering_id else 2

    @property
    def within(self) -> str:
        """The id of what it holds in."""
        return self.section_id or self.offering_id or self.term_id

    @property
    def givers(self) -> tuple[str, ...]:
        """Whose consent it is, as requisites ask for it."""
        if self.consent is not None:
            return (self.consent,)
        return ("department", "instructor") if CONSENT in self.rules else ()

    def stands(self, now: datetime) -> bool:
        """Tell whether it is in force: neither revoked nor expired."""
        return not self.revoked and (self.expires_at is None or now < self.expires_at)
