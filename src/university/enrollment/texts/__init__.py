"""How violations and remedies are said in Polish and English; codes and parameters stay the same in both."""

from collections.abc import Mapping
from typing import Any

from university.enrollment.rules.case import Remedy, Violation
from university.platform.language import Words

_VIOLATIONS = {
    "student-not-active": Words(
        "Only active students register; this student's status is {status}.",
        "Rejestrują się tylko aktywni studenci; status tego studenta: {status}.",
    ),
    "hold": Words("There is a hold.", "Jest blokada."),
    "hold.known": Words(
        "There is a hold: {reason}. Contact: {contact}.", "Jest blokada: {reason}. Kontakt: {contact}."
    ),
    "window-not-open": Words(
        "Registration is not open for you yet.", "Rejestracja nie jest jeszcze dla Ciebie otwarta."
    ),
    "window-not-open.known": Words(
        "Registration opens for you at {opens_at}.", "Twoja rejestracja otwiera się {opens_at}."
    ),
    "window-closed": Words("Registration closed at {closed_at}.", "Rejestracja zakończyła się {closed_at}."),
    "deadline-passed.add": Words(
        "The deadline to add {course} was {until}.", "Termin zapisu na {course} minął {until}."
    ),
    "deadline-passed.drop": Words(
        "The deadline to drop {course} was {until}.", "Termin rezygnacji z {course} minął {until}."
    ),
    "deadline-passed.withdraw": Words(
        "The deadline to withdraw from {course} was {until}.", "Termin wycofania się z {course} minął {until}."
    ),
    "drop-possible": Words(
        "{course} can be dropped without a mark until {until}.", "Z {course} można zrezygnować bez śladu do {until}."
    ),
    "requisites-unmet": Words(
        "The requisites of {course} are not met: {text}.", "Wymagania przedmiotu {course} nie są spełnione: {text}."
    ),
    "requisites-unmet.consent": Words(
        "The requisites of {course} rest on consent: {text}.",
        "Wymagania przedmiotu {course} opierają się na zgodzie: {text}.",
    ),
    "requisites-unknown": Words(
        "It is not known whether the requisites of {course} are met: {text}.",
        "Nie wiadomo, czy wymagania przedmiotu {course} są spełnione: {text}.",
    ),
    "corequisite-missing": Words(
        "{course} must be taken together with {missing}.", "{course} trzeba realizować razem z {missing}."
    ),
    "restricted": Words(
        "{course}, section {section}, is not open to you.", "{course}, grupa {section}, nie jest dla Ciebie dostępna."
    ),
    "restricted.consent": Words(
        "{course}, section {section}, needs consent.", "{course}, grupa {section}, wymaga zgody."
    ),
    "already-enrolled": Words("You are already registered for {course}.", "Masz już zapis na {course}."),
    "already-enrolled.asked-twice": Words(
        "{course} is asked for twice in this request.", "{course} występuje w tym zgłoszeniu dwa razy."
    ),
    "not-enrolled": Words("You are not registered for {course} any more.", "Nie masz już zapisu na {course}."),
    "repeat-not-allowed.passed": Words("{course} was already passed.", "Przedmiot {course} został już zaliczony."),
    "repeat-not-allowed.attempts": Words(
        "{course} was already attempted the allowed number of times: {max_attempts}.",
        "Wykorzystano dozwoloną liczbę podejść do {course}: {max_attempts}.",
    ),
    "time-conflict": Words(
        "{course}, section {section}, clashes with {with_course}, section {with_section}, first on {first}.",
        "{course}, grupa {section}, koliduje z {with_course}, grupa {with_section}, pierwszy raz {first}.",
    ),
    "credit-limit": Words(
        "The request would bring the term to {after} ECTS; the limit is {limit}.",
        "Po tym zapisie semestr liczyłby {after} ECTS; limit to {limit}.",
    ),
    "credit-limit.waitlist": Words(
        "You would wait for {after} ECTS; the limit is {limit}.", "Czekanie objęłoby {after} ECTS; limit to {limit}."
    ),
    "bundle-incomplete": Words(
        "{course} also needs a section of the kind {component}.", "{course} wymaga też grupy typu {component}."
    ),
    "bundle-incomplete.parent": Words(
        "{course}, section {section}, belongs to another section that must be taken too.",
        "{course}, grupa {section}, należy do innej grupy, którą też trzeba wybrać.",
    ),
    "bundle-invalid.several-offerings": Words(
        "These sections belong to several courses: {courses}.", "Te grupy należą do kilku przedmiotów: {courses}."
    ),
    "bundle-invalid.too-many": Words(
        "{course}: too many sections of the kind {component}.", "{course}: za dużo grup typu {component}."
    ),
    "bundle-invalid.not-required": Words(
        "{course} does not ask for a section of the kind {component}.", "{course} nie wymaga grupy typu {component}."
    ),
    "section-full": Words("{course}, section {section}, is full.", "{course}, grupa {section}, jest pełna."),
    "section-full.reserved": Words(
        "{course}, section {section}, has no seat for you; free but reserved seats: {free}.",
        "{course}, grupa {section}, nie ma miejsca dla Ciebie; wolne, lecz zarezerwowane miejsca: {free}.",
    ),
    "section-closed": Words(
        "{course}, section {section}, is closed for registration.",
        "{course}, grupa {section}, jest zamknięta dla zapisów.",
    ),
    "section-canceled": Words(
        "{course}, section {section}, was canceled.", "{course}, grupa {section}, została odwołana."
    ),
}
_REMEDIES = {
    "become-active": Words("Ask the registrar to restore your status.", "Poproś dziekanat o przywrócenie statusu."),
    "lift-hold": Words("Settle the hold with {contact}.", "Wyjaśnij blokadę: {contact}."),
    "wait-until": Words("Come back at {at}.", "Wróć {at}."),
    "ask-permission": Words("Ask the registrar for a permission.", "Poproś dziekanat o zezwolenie."),
    "ask-consent": Words("Ask for consent: {from_whom}.", "Poproś o zgodę: {from_whom}."),
    "drop-enrollment": Words("Drop {course}.", "Zrezygnuj z {course}."),
    "add-course": Words("Add {course} to the request.", "Dodaj {course} do zapisu."),
    "drop-instead": Words("Drop {course} instead.", "Zamiast tego zrezygnuj z {course}."),
    "join-waitlist": Words(
        "Wait in the queue for {course}, section {section}; others waiting: {waiting}.",
        "Stań w kolejce na {course}, grupa {section}; czeka osób: {waiting}.",
    ),
    "add-section": Words("Add section {section}.", "Dodaj grupę {section}."),
    "choose-section": Words("Take section {section} instead.", "Wybierz zamiast tego grupę {section}."),
    "remove-item": Words("Take {course} out of this request.", "Usuń {course} z tego zgłoszenia."),
    "remove-section": Words("Leave out {course}, section {section}.", "Pomiń {course}, grupę {section}."),
    "satisfy-requisites": Words("Complete first: {demands}.", "Najpierw spełnij: {demands}."),
}
_NAMES = {
    "component": {
        "lecture": Words("lecture", "wykład"),
        "exercise": Words("exercise", "ćwiczenia"),
        "laboratory": Words("laboratory", "laboratorium"),
        "seminar": Words("seminar", "seminarium"),
        "discussion": Words("discussion", "konwersatorium"),
        "tutorial": Words("tutorial", "tutorial"),
        "project": Words("project", "projekt"),
        "practicum": Words("practicum", "praktyka"),
        "studio": Words("studio", "pracownia"),
        "fieldwork": Words("fieldwork", "zajęcia terenowe"),
        "independent": Words("independent study", "praca własna"),
    },
    "status": {
        "on-leave": Words("on leave", "na urlopie"),
        "suspended": Words("suspended", "zawieszony"),
        "graduated": Words("graduated", "absolwent"),
        "withdrawn": Words("withdrawn", "skreślony"),
    },
    "from": {
        "instructor": Words("the instructor", "prowadzący"),
        "department": Words("the department", "jednostka prowadząca"),
        "registrar": Words("the registrar", "dziekanat"),
    },
}
"""What words that stand in parameters are called in a sentence; other words are said as they are."""


def tell(violation: Violation) -> dict[str, Any]:
    """Return a violation as the API tells it, in the request's language."""
    told = {
        "code": violation.code,
        "severity": violation.severity,
        "message": _VIOLATIONS[_variant(violation)].say(**_spoken(violation.params)),
        "params": dict(violation.params),
        "remedies": [_tell_remedy(remedy) for remedy in violation.remedies],
    }
    named = {"section_id": violation.section_id, "permission_id": violation.permission_id}
    return told | {name: key for name, key in named.items() if key is not None}


def _tell_remedy(remedy: Remedy) -> dict[str, Any]:
    message = _REMEDIES[remedy.action].say(**_spoken(remedy.params))
    return {"action": remedy.action, "message": message, "params": dict(remedy.params)}


def _variant(violation: Violation) -> str:
    """Return which wording of a rule fits what happened."""
    code, params = violation.code, violation.params
    if code == "window-not-open" and params["opens_at"]:
        return "window-not-open.known"
    if code == "hold" and params:
        return "hold.known"
    if code == "restricted" and "consent" in params:
        return "restricted.consent"
    if code == "bundle-incomplete" and "parent_id" in params:
        return "bundle-incomplete.parent"
    if code == "section-full" and params["reserved"]:
        return "section-full.reserved"
    if code == "credit-limit" and params["limited_by"] == "waitlist":
        return "credit-limit.waitlist"
    detail = params.get("because") or params.get("deadline")
    return f"{code}.{detail}" if detail else code


def _spoken(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters fit for a sentence: words named, lists joined, numbers without a needless fraction."""
    spoken = {name: _named(name, value) or _word(value) for name, value in params.items()}
    if dates := params.get("dates"):
        spoken["first"] = dates[0]
    if "from" in params:
        spoken["from_whom"] = spoken["from"]
    if isinstance(reserved := params.get("reserved"), list):
        spoken["free"] = sum(pool["free"] for pool in reserved)
    spoken.setdefault("section", params.get("section_id", ""))
    return spoken


def _named(name: str, value: Any) -> str | None:
    known = _NAMES.get(name, {}).get(value) if isinstance(value, str) else None
    return known.say() if known else None


def _word(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return ", ".join(str(item.get("text", item) if isinstance(item, dict) else item) for item in value)
    return "" if value is None else value
