"""What students are told of, in both languages: a title and a sentence or two for each kind of news."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from university.enrollment import texts
from university.enrollment.rules.case import Violation
from university.platform.language import LANGUAGES, Words, speaking

_TITLES = {
    "promoted": Words("You have a place in {course}", "Masz miejsce na {course}"),
    "offered": Words("A place in {course} is offered to you", "Czeka na Ciebie miejsce na {course}"),
    "offer-expired": Words("The offer of a place in {course} has expired", "Oferta miejsca na {course} wygasła"),
    "passed-over": Words("You were passed over in the queue for {course}", "Pominięto Cię w kolejce na {course}"),
    "section-canceled": Words("{course}: section {section} was canceled", "{course}: grupa {section} została odwołana"),
    "moved": Words("{course}: you were moved to another section", "{course}: zmieniono Twoją grupę"),
    "consent-answered": Words("{course}: your request was answered", "{course}: odpowiedź na Twoją prośbę"),
    "permission-granted": Words("You were given a permission", "Otrzymujesz zezwolenie"),
    "grade-posted": Words("{course}: your grade was posted", "{course}: wpisano ocenę"),
    "requisite-broken": Words("{course}: a requisite is not met", "{course}: wymaganie nie jest spełnione"),
    "window-opens": Words("Registration is open for you", "Twoja rejestracja jest otwarta"),
    "put-on-review": Words("{course}: your registration is on review", "{course}: Twój zapis jest weryfikowany"),
}
_BODIES = {
    "promoted": Words(
        "A seat became free and you are registered now: {course}, sections {sections}.",
        "Zwolniło się miejsce i masz już zapis: {course}, grupy {sections}.",
    ),
    "promoted.instead_of": Words(
        "A seat became free and you are registered now: {course}, sections {sections}. As you wished, {instead_of} was "
        "given back.",
        "Zwolniło się miejsce i masz już zapis: {course}, grupy {sections}. Zgodnie z Twoim życzeniem zwolniono "
        "miejsce na {instead_of}.",
    ),
    "offered": Words(
        "A seat is held for you in {course}, sections {sections}, until {until}. Accept it in time, or it goes to the "
        "next one.",
        "Miejsce na {course}, grupy {sections}, czeka na Ciebie do {until}. Przyjmij je, inaczej przejdzie na kolejną "
        "osobę.",
    ),
    "offer-expired": Words(
        "You did not accept the seat in {course} in time, so it went to the next one and you wait no more.",
        "Miejsce na {course} nie zostało przyjęte na czas, przeszło na kolejną osobę, a Ciebie nie ma już w kolejce.",
    ),
    "passed-over": Words(
        "A seat in {course} became free, but you could not have it. You keep your place in the queue. {reasons}",
        "Zwolniło się miejsce na {course}, ale nie można było Ci go dać. Zachowujesz miejsce w kolejce. {reasons}",
    ),
    "section-canceled": Words(
        "The university canceled section {section} of {course}, and with it your place. Sections with free seats: "
        "{others}. Should you have to wait for one, you come first.",
        "Uczelnia odwołała grupę {section} przedmiotu {course}, a z nią Twoje miejsce. Grupy z wolnymi miejscami: "
        "{others}. Jeśli trzeba będzie czekać, masz pierwszeństwo.",
    ),
    "section-canceled.kept": Words(
        "The university canceled section {section} of {course}, for which you waited. You keep your place.",
        "Uczelnia odwołała grupę {section} przedmiotu {course}, na którą trwało oczekiwanie. Zachowujesz miejsce.",
    ),
    "moved": Words(
        "Section {section} of {course} was canceled. You have a place in section {to} instead.",
        "Grupa {section} przedmiotu {course} została odwołana. Masz w zamian miejsce w grupie {to}.",
    ),
    "consent-answered": Words(
        "Your request for {course}, section {section}: {answer}. {reason}",
        "Twoja prośba dotycząca {course}, grupa {section}: {answer}. {reason}",
    ),
    "permission-granted": Words("It lifts: {rules}. {reason}", "Znosi: {rules}. {reason}"),
    "grade-posted": Words("Your grade in {course} is {grade}.", "Twoja ocena z {course}: {grade}."),
    "requisite-broken": Words(
        "You registered for {course} on condition of a course that was not passed. The registrar will decide about "
        "your place.",
        "Twój zapis na {course} zależał od przedmiotu, który nie został zaliczony. O Twoim miejscu zdecyduje "
        "dziekanat.",
    ),
    "window-opens": Words("{window} is open until {closes_at}.", "{window}: rejestracja jest otwarta do {closes_at}."),
    "put-on-review": Words(
        "Your status changed after you registered for {course}. You keep your seat until the registrar decides.",
        "Po zapisie na {course} zmienił się Twój status. Zachowujesz miejsce do decyzji dziekanatu.",
    ),
}
_VARIANTS = ("instead_of", "kept")
"""Parameters with which a kind of news is told in other words."""
_RULES = {
    "hold": Words("a hold", "blokada"),
    "window-not-open": Words("registration that is not open", "rejestracja jeszcze zamknięta"),
    "window-closed": Words("registration that is over", "rejestracja zakończona"),
    "deadline-passed": Words("a deadline", "termin"),
    "requisites-unmet": Words("requisites", "wymagania"),
    "requisites-unknown": Words("requisites that are not known", "nieznane wymagania"),
    "corequisite-missing": Words("a corequisite", "przedmiot równoległy"),
    "restricted": Words("a restriction", "ograniczenie dostępu"),
    "repeat-not-allowed": Words("repeating", "powtarzanie"),
    "time-conflict": Words("a clash of times", "kolizja terminów"),
    "credit-limit": Words("the credit limit", "limit ECTS"),
    "bundle-incomplete": Words("a missing kind of section", "brak grupy wymaganego typu"),
    "section-full": Words("a full section", "brak miejsc"),
    "section-closed": Words("a closed section", "zamknięta grupa"),
    "consent": Words("missing consent", "brak zgody"),
}
_ANSWERS = {"granted": Words("granted", "zgoda"), "denied": Words("denied", "odmowa")}
_NONE = Words("none", "brak")
KINDS = tuple(_TITLES)
"""What students are told of."""


@dataclass(frozen=True, slots=True)
class Notice:
    """News for a student; moments in `params` are said in `zone`."""

    kind: str
    student_id: str = ""
    term_id: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    zone: tzinfo = UTC


def title(notice: Notice) -> dict[str, str]:
    """Return the title in every language, by language."""
    return _in_all(notice, _TITLES[notice.kind])


def body(notice: Notice) -> dict[str, str]:
    """Return the text in every language, by language."""
    variants = [f"{notice.kind}.{one}" for one in _VARIANTS if notice.params.get(one)]
    return _in_all(notice, next((_BODIES[one] for one in variants if one in _BODIES), _BODIES[notice.kind]))


def _in_all(notice: Notice, words: Words) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = words.say(**_spoken(notice)).strip()
    return said


def _spoken(notice: Notice) -> dict[str, object]:
    return {name: _word(name, value, notice.zone) for name, value in notice.params.items()}


def _word(name: str, value: Any, zone: tzinfo) -> object:
    if name == "answer":
        return _ANSWERS[value].say()
    if name == "rules":
        return ", ".join(_RULES[rule].say() for rule in value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return " ".join(map(_reason, value)) if name == "reasons" else ", ".join(map(str, value)) or _NONE.say()
    return "" if value is None else value


def _reason(violation: Violation) -> str:
    return str(texts.tell(violation)["message"])
