"""No list is without an end."""

from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources


def a_list_is_a_page(sources: Sources) -> Iterator[str]:
    """A view that lists takes a query with a limit, and asks for a page."""
    asking = {"PageRequest", *_asking(sources)}
    for path, view in reading.views(sources):
        if not view.function.name.startswith("list_"):
            continue
        if "query" not in view.declared or "query" not in reading.parameters(view.function):
            yield f"{path}: {view.function.name} takes no query, and so no limit"
        elif not any(reading.called(call) in asking for call in reading.calls(view.function)):
            yield f"{path}: {view.function.name} asks for no page"


def _asking(sources: Sources) -> Iterator[str]:
    """Yield the helpers of views that take the page out of a query."""
    for _, tree in reading.within(sources, "api"):
        for function in reading.functions(tree):
            if not function.decorator_list and any(
                reading.called(call) == "PageRequest" for call in reading.calls(function)
            ):
                yield function.name
