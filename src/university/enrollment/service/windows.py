"""Registration windows: the registrar opens them, everybody may look at them."""

from typing import Any
from zoneinfo import ZoneInfo

from university.enrollment.clients import CourseClient
from university.enrollment.models import RegistrationWindow
from university.enrollment.repository import waiting, windows
from university.enrollment.service.noticing import notify_audience
from university.platform import database
from university.platform.conditions import IfMatch
from university.platform.database import Primary
from university.platform.errors import NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest

_ORDER = Words("The window must open before it closes.", "Okno musi się otworzyć, zanim się zamknie.")


class WindowNotFound(NotFound):
    """There is no such window."""

    title = Words("There is no such registration window.", "Nie ma takiego okna rejestracji.")


class Windows:
    """Keeps registration windows."""

    def __init__(self, primary: Primary, courses: CourseClient, zone: ZoneInfo) -> None:
        self._primary, self._courses, self._zone = primary, courses, zone

    def create(self, told: dict[str, Any], once: Once) -> RegistrationWindow:
        """Open a window for a term; raise `TermNotFound`, `InvalidRequest`."""
        term = self._courses.term(told["term_id"])
        window = RegistrationWindow(**{**told, "term_id": term.id}, version=1)
        _check(window)
        with once.begin(self._primary) as session:
            session.add(window)
            session.flush()
            waiting.turn_for_term(session, window.term_id)
            return once.keep(session, window)

    def get(self, window_id: str) -> RegistrationWindow:
        """Return a window; raise `WindowNotFound`."""
        with self._primary.read() as session:
            window = windows.get(session, window_id)
        if window is None:
            raise WindowNotFound
        return window

    def page(self, term: str | None, wanted: PageRequest) -> Page:
        """Return a page of windows in order of opening, of one term when asked; raise `TermNotFound`."""
        term_id = None if term is None else self._courses.term(term).id
        with self._primary.read() as session:
            return windows.page(session, term_id, wanted)

    def change(self, window_id: str, changes: dict[str, Any], if_match: IfMatch) -> RegistrationWindow:
        """Change what is named; raise `WindowNotFound`, `StaleVersion`, `InvalidRequest`."""
        with self._primary.begin() as session:
            window = windows.get(session, window_id, lock=True)
            if window is None:
                raise WindowNotFound
            if_match.check(window.version)
            for name, value in changes.items():
                setattr(window, name, value)
            window.version += 1
            _check(window)
            waiting.turn_for_term(session, window.term_id)
            return window

    def remove(self, window_id: str) -> None:
        """Remove a window; raise `WindowNotFound`."""
        with self._primary.begin() as session:
            window = windows.get(session, window_id, lock=True)
            if window is None:
                raise WindowNotFound
            session.delete(window)

    def tell_opened(self) -> int:
        """Tell everybody whom a window is for that it has opened, once, and let queues turn; return how many opened."""
        with self._primary.begin() as session:
            now = database.now(session)
            opened = windows.just_opened(session, now)
            for window in opened:
                notify_audience(session, window, self._zone, now)
                window.told_at = now
                waiting.turn_for_term(session, window.term_id)
        return len(opened)


def _check(window: RegistrationWindow) -> None:
    if window.opens_at >= window.closes_at:
        raise invalid("closes_at", _ORDER)
