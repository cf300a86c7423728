"""The ways the university says no; each module names its own refusals under these."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from university.platform.language import Words

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class Refusal(Exception):
    """A request understood and turned down; an answer, so never logged as a surprise.

    The class name is the API code: `SectionFull` answers `section-full`. `facts` become members of the problem.
    """

    status: ClassVar[int] = 500
    title: ClassVar[Words] = Words("The request was refused.", "Żądanie odrzucono.")

    def __init__(self, detail: Words | str | None = None, /, **facts: Any) -> None:
        super().__init__(detail if isinstance(detail, str) else (detail or self.title).en)
        self.detail = detail
        self.facts: dict[str, Any] = facts
        self.headers: dict[str, str] = {}

    @property
    def code(self) -> str:
        """The stable name that clients match on."""
        return _CAPITAL.sub("-", type(self).__name__).lower()


class Malformed(Refusal):
    """The request cannot be read at all."""

    status = 400
    title = Words("The request cannot be read.", "Nie można odczytać żądania.")


class Unauthenticated(Refusal):
    """Nobody, or nobody we can verify, is asking."""

    status = 401
    title = Words("Sign in first.", "Najpierw się zaloguj.")

    def __init__(self, detail: Words | str | None = None, /, **facts: Any) -> None:
        super().__init__(detail, **facts)
        self.headers["WWW-Authenticate"] = "Bearer"


class Denied(Refusal):
    """The caller may not do this."""

    status = 403
    title = Words("You may not do this.", "Nie masz do tego prawa.")


class NotFound(Refusal):
    """The thing asked about does not exist."""

    status = 404
    title = Words("There is nothing here.", "Nie ma tu niczego.")


class Conflict(Refusal):
    """The thing exists, but its present state forbids the request."""

    status = 409
    title = Words("The present state forbids this.", "Obecny stan na to nie pozwala.")


class PreconditionFailed(Refusal):
    """The caller's `If-Match` names a version that is no longer current."""

    status = 412
    title = Words("Somebody changed it since you read it.", "Ktoś zmienił to po Twoim odczycie.")


class TooLarge(Refusal):
    """The body is larger than this operation takes."""

    status = 413
    title = Words("The request is too large.", "Żądanie jest za duże.")


class UnsupportedMedia(Refusal):
    """The body is of a kind this operation does not take."""

    status = 415
    title = Words("This kind of body is not accepted.", "Ten rodzaj treści nie jest przyjmowany.")


class Unprocessable(Refusal):
    """The request can be read, but what it says is wrong."""

    status = 422
    title = Words("The request is not valid.", "Żądanie jest niepoprawne.")


class PreconditionRequired(Refusal):
    """A change must name the version it rests on."""

    status = 428
    title = Words("Name the version you change in If-Match.", "Podaj w If-Match wersję, którą zmieniasz.")


class Unavailable(Refusal):
    """A collaborator did not answer in time; trying again later may work."""

    status = 503
    title = Words("Please try again in a moment.", "Spróbuj ponownie za chwilę.")

    def __init__(self, detail: Words | str | None = None, /, retry_after: int = 1, **facts: Any) -> None:
        super().__init__(detail, **facts)
        self.headers["Retry-After"] = str(retry_after)


class InvalidRequest(Unprocessable):
    """Fields of the request are wrong; `faults` lists every one of them as (field, message)."""

    title = Words("Some fields are not valid.", "Niektóre pola są niepoprawne.")

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(errors=[{"field": field, "message": message} for field, message in faults])


def invalid(field: str, message: Words | str, **params: object) -> InvalidRequest:
    """Return the refusal of a single field."""
    return InvalidRequest([(field, message.say(**params) if isinstance(message, Words) else message)])


def problem(refusal: Refusal) -> Mapping[str, Any]:
    """Return the members of the RFC 9457 document that depend on the refusal alone, in the request's language."""
    detail = refusal.detail.say() if isinstance(refusal.detail, Words) else refusal.detail
    said = {"detail": detail} if detail else {}
    return {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title.say(),
        "status": refusal.status,
        "code": refusal.code,
        **said,
        **refusal.facts,
    }
