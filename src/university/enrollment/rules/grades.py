"""Whether a grade passes, on each scale that an offering may use."""

_PASSING = frozenset(
    {"3.0", "3.5", "4.0", "4.5", "5.0", "zal", "p", "a+", "a", "a-", "b+", "b", "b-", "c+", "c", "c-", "d+", "d", "d-"}
)
_FAILING = frozenset({"2.0", "nzal", "np", "f"})


def passes(grade: str) -> bool | None:
    """Tell whether a grade passes; None for a grade of no known scale."""
    word = grade.strip().replace(",", ".").casefold()
    return True if word in _PASSING else False if word in _FAILING else None
