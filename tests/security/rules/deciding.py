"""What a decision rests on does not change before it is carried out."""

from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources


def what_was_looked_at_is_locked(sources: Sources) -> Iterator[str]:
    """Whoever counts or looks whether something is there, and then adds, has locked something before."""
    for path, tree in reading.within(sources, "service"):
        for function in reading.functions(tree):
            locked = looked = False
            for call in reading.calls(function):
                name = reading.called(call)
                locked = locked or "lock" in name or any("lock" in (one.arg or "") for one in call.keywords)
                looked = looked or (not locked and _looks(name))
                if looked and name == "add" and reading.owner(call) == "session":
                    yield f"{path}:{call.lineno}: {function.name} adds on the strength of what may have changed"
                    break


def _looks(name: str) -> bool:
    return name == "count" or name.startswith(("count_", "is_pending", "exists", "has_"))
