"""Every rule that can refuse a registration does so with its code, its parameters, a way out, in both languages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.house import Reply
from tests.system.office import Office, Student, actions, codes, meeting, refusal

MONDAYS = [meeting("mon", "10:00", "12:00")]


def only(reply: Reply) -> dict[str, Any]:
    """Return the only violation of a refusal."""
    assert refusal(reply) == (422, "registration-refused"), reply.body
    (violation,) = reply.json["violations"]
    assert violation["severity"] == "fatal"
    assert violation["remedies"], "a refusal without a way out"
    told: dict[str, Any] = violation
    return told


def in_both_languages(office: Office, student: Student, *sections: str) -> tuple[str, str]:
    """Return the first violation's message in English and in Polish; everything else is the same in both."""
    english, polish = (
        office.enroll(student, *sections, Accept_Language=spoken).json["violations"] for spoken in ("en", "pl")
    )
    assert [_unspoken(one) for one in english] == [_unspoken(one) for one in polish]
    said, powiedziane = (
        [one["message"], *(remedy["message"] for remedy in one["remedies"])] for one in (english[0], polish[0])
    )
    assert not set(said) & set(powiedziane)
    return said[0], powiedziane[0]


def _unspoken(violation: dict[str, Any]) -> dict[str, Any]:
    remedies = [{**remedy, "message": ""} for remedy in violation["remedies"]]
    return {**violation, "message": "", "remedies": remedies}


def test_only_active_students_register(office: Office) -> None:
    section = office.section("A-1")
    for status in ("on-leave", "suspended", "graduated", "withdrawn"):
        violation = only(office.enroll(office.student(status=status), section))
        assert (violation["code"], violation["params"]) == ("student-not-active", {"status": status})
        assert actions(violation) == ["become-active"]
    assert in_both_languages(office, office.student(status="suspended"), section) == (
        "Only active students register; this student's status is suspended.",
        "Rejestrują się tylko aktywni studenci; status tego studenta: zawieszony.",
    )


def test_a_hold_blocks_until_it_is_lifted(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    enrollment = office.enrolled(ann, office.section("A-2"))
    told = {"reason": "Unpaid fee", "contact": "fees@example.edu", "effects": ["block-add", "block-drop"]}
    hold = office.made(f"/students/{ann.id}/holds", told)

    violation = only(office.enroll(ann, section))
    assert (violation["code"], violation["params"]["contact"]) == ("hold", "fees@example.edu")
    assert actions(violation) == ["lift-hold"]
    assert codes(office.drop(enrollment, who=ann.number)) == ["hold"]
    assert in_both_languages(office, ann, section)[1] == "Jest blokada: Unpaid fee. Kontakt: fees@example.edu."
    assert office.ask("DELETE", f"/students/{ann.id}/holds/{hold['id']}").status == 204
    assert office.enroll(ann, section).status == 201
    assert office.drop(enrollment, who=ann.number).status == 200


def test_a_window_that_is_not_open_yet_says_when_it_opens(office: Office) -> None:
    term = office.term(opened=False)
    section, inf = office.section("A-1"), office.student(program="INF")
    assert only(office.enroll(inf, section))["code"] == "window-not-open"
    soon = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    office.window(term_id=term["id"], program=["INF"], opens_at=soon.isoformat())

    violation = only(office.enroll(inf, section))

    assert violation["params"]["opens_at"] == soon.isoformat().replace("+00:00", "Z")
    assert actions(violation) == ["wait-until"]
    assert in_both_languages(office, inf, section)[1].startswith("Twoja rejestracja otwiera się ")


def test_a_window_of_others_and_one_that_is_over_admit_nobody(office: Office) -> None:
    term = office.term(opened=False)
    section, mat = office.section("A-1"), office.student(program="MAT")
    office.window(term_id=term["id"], program=["INF"])
    assert codes(office.enroll(mat, section)) == ["window-not-open"]
    over = {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-01-02T00:00:00Z"}
    office.window(term_id=term["id"], program=["MAT"], **over)

    violation = only(office.enroll(mat, section))

    assert (violation["code"], violation["params"]["closed_at"]) == ("window-closed", "2026-01-02T00:00:00Z")
    assert in_both_languages(office, mat, section)[1].startswith("Rejestracja zakończyła się ")
    assert office.enroll(office.student(program="INF"), section).status == 201


def test_deadlines_to_add_and_to_drop_are_kept(office: Office) -> None:
    today = datetime.now(UTC).date()
    begun, past, ahead = (str(today + timedelta(days=days)) for days in (-20, -2, 60))
    office.term("2026T", starts_on=begun, ends_on=ahead, add_until=past)
    ann, section = office.student(), office.section("A-1", offering={"term": "2026T"})

    violation = only(office.enroll(ann, section))
    assert (violation["code"], violation["params"]["until"]) == ("deadline-passed", past)
    assert in_both_languages(office, ann, section)[1].startswith("Termin zapisu na ")
    office.change(f"/terms/{office.named('2026T')}", add_until=ahead, drop_until=past)
    enrollment = office.enrolled(ann, section)
    assert codes(office.drop(enrollment, who=ann.number)) == ["deadline-passed"]


def test_requisites_are_judged_on_what_was_completed_here_or_recognized(office: Office) -> None:
    office.course("MAT-100")
    office.course("MAT-101", requisites=f'"{office.named("MAT-100")}" >= 3.5')
    section = office.section("MAT-101")
    ann, bob, eve = office.student(), office.student(), office.student()

    violation = only(office.enroll(ann, section))
    assert (violation["code"], violation["params"]["tree"]["result"]) == ("requisites-unmet", "UNMET")
    assert "satisfy-requisites" in actions(violation)
    assert " nie są spełnione: " in in_both_languages(office, ann, section)[1]
    office.completed(ann, "MAT-100", "3.0")
    assert codes(office.enroll(ann, section)) == ["requisites-unmet"]
    office.completed(bob, "MAT-100", "4.0")
    assert office.enroll(bob, section).status == 201
    recognized = {"course": office.named("MAT-100"), "grade": "5.0", "ects": 5}
    office.made(f"/students/{eve.id}/credits-recognized", recognized)
    assert office.enroll(eve, section).status == 201


def test_what_is_not_known_is_never_a_silent_yes(office: Office) -> None:
    office.course("A-1", requisites="PROGRAM IN (INF)")
    section, ann = office.section("A-1"), office.student()

    violation = only(office.enroll(ann, section))

    assert violation["code"] == "requisites-unknown"
    assert in_both_languages(office, ann, section)[1].startswith("Nie wiadomo, czy ")
    office.change(f"/students/{ann.id}", program="INF")
    assert office.enroll(ann, section).status == 201


def test_courses_that_count_for_one_another_do_so_here(office: Office) -> None:
    office.course("OLD-1")
    office.course("NEW-1")
    office.course("A-1", requisites=f'"{office.named("NEW-1")}"')
    ann, section = office.student(), office.section("A-1")
    office.completed(ann, "OLD-1")
    assert codes(office.enroll(ann, section)) == ["requisites-unmet"]

    office.made("/equivalences", {"courses": [office.named("OLD-1"), office.named("NEW-1")]})

    assert office.enroll(ann, section).status == 201
    assert codes(office.enroll(ann, office.section("NEW-1"))) == ["repeat-not-allowed"]


def test_a_corequisite_must_be_running(office: Office) -> None:
    office.course("FIZ-1", requisites=f'"{office.named("FIZ-2")}" WITH')
    lecture, laboratory, ann = office.section("FIZ-1"), office.section("FIZ-2"), office.student()

    violation = only(office.enroll(ann, lecture))

    assert (violation["code"], actions(violation)) == ("corequisite-missing", ["add-course"])
    assert " trzeba realizować razem z " in in_both_languages(office, ann, lecture)[1]
    assert office.enroll(ann, laboratory).status == 201
    assert office.enroll(ann, lecture).status == 201


def test_restrictions_tell_whom_they_admit_and_consent_is_asked_of_people(office: Office) -> None:
    section = office.section("A-1", restrictions=[{"program": ["MAT"]}])
    asked, inf = office.section("A-2", restrictions=[{"consent": "instructor"}]), office.student(program="INF")

    violation, consent = only(office.enroll(inf, section)), only(office.enroll(inf, asked))

    assert (violation["code"], violation["params"]["program"]) == ("restricted", ["MAT"])
    assert (consent["code"], actions(consent)) == ("restricted", ["ask-consent"])
    assert in_both_languages(office, inf, asked)[1].endswith("wymaga zgody.")
    assert office.enroll(office.student(program="MAT"), section).status == 201


def test_a_course_that_was_passed_is_not_repeated(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    office.completed(ann, "A-1")

    violation = only(office.enroll(ann, section))

    assert (violation["code"], violation["params"]["because"]) == ("repeat-not-allowed", "passed")
    assert in_both_languages(office, ann, section)[1].endswith("został już zaliczony.")


def test_two_meetings_at_once_are_told_with_their_dates(office: Office) -> None:
    days = [{"date": "2027-10-14", "runs_as": "mon"}, {"date": "2027-11-01", "off": True}]
    office.term(calendar=days)
    ann, monday = office.student(), office.section("A-1", meetings=MONDAYS)
    thursday = office.section("A-2", meetings=[{"start": "11:00", "end": "13:00", "dates": ["2027-10-14"]}])
    later = office.section("A-3", meetings=[meeting("mon", "12:00", "13:00")])
    enrollment = office.enrolled(ann, monday)

    violation = only(office.enroll(ann, thursday))

    assert (violation["code"], violation["params"]["dates"]) == ("time-conflict", ["2027-10-14"])
    assert {"action": "drop-enrollment"}.items() <= violation["remedies"][0].items()
    assert violation["remedies"][0]["params"]["enrollment_id"] == enrollment
    assert in_both_languages(office, ann, thursday)[1].endswith("pierwszy raz 2027-10-14.")
    assert office.enroll(ann, later).status == 201


def test_the_smallest_limit_of_credits_counts(office: Office) -> None:
    office.term(max_ects=10)
    ann, few = office.student(), office.student(max_ects=4)
    first, second, third = (office.section(f"A-{number}") for number in range(3))
    assert [office.enroll(ann, one).status for one in (first, second)] == [201, 201]

    violation = only(office.enroll(ann, third))

    assert violation["code"] == "credit-limit"
    assert (violation["params"]["after"], violation["params"]["limit"]) == (15, 10)
    assert set(actions(violation)) >= {"drop-enrollment"}
    assert in_both_languages(office, ann, third)[1] == "Po tym zapisie semestr liczyłby 15 ECTS; limit to 10."
    assert only(office.enroll(few, first))["params"]["limit"] == 4


def test_sections_that_do_not_belong_together_are_refused(office: Office) -> None:
    ann, one, other = office.student(), office.section("A-1"), office.section("A-2")
    twin = office.section("A-1", "2")

    assert codes(office.enroll(ann, one, other)) == ["bundle-invalid"]
    assert only(office.enroll(ann, one, twin))["params"]["because"] == "too-many"
    assert in_both_languages(office, ann, one, twin)[1].endswith("za dużo grup typu wykład.")


def test_a_closed_and_a_canceled_section_take_nobody(office: Office) -> None:
    ann, closed, canceled = office.student(), office.section("A-1"), office.section("A-2")
    office.change(f"/sections/{closed}", status="closed")
    assert office.ask("POST", f"/sections/{canceled}/cancel").status == 200
    assert refusal(office.ask("POST", f"/sections/{canceled}/cancel")) == (409, "section-already-canceled")

    assert only(office.enroll(ann, closed))["code"] == "section-closed"
    assert only(office.enroll(ann, canceled))["code"] == "section-canceled"
    assert in_both_languages(office, ann, canceled)[1].endswith("została odwołana.")


def test_reserved_seats_wait_for_their_audience(office: Office) -> None:
    section = office.section("A-1", capacity=2, reserved=[{"seats": 1, "group": ["erasmus"]}])
    ann, erasmus = office.student(), office.student(groups=["erasmus"])
    office.enrolled(office.student(), section)

    refused = office.enroll(ann, section)

    assert refusal(refused) == (409, "section-full")
    assert refused.json["violations"][0]["params"]["reserved"][0]["free"] == 1
    assert in_both_languages(office, ann, section)[1].endswith("wolne, lecz zarezerwowane miejsca: 1.")
    assert office.enroll(erasmus, section).status == 201
    assert codes(office.enroll(office.student(groups=["erasmus"]), section)) == ["section-full"]


def test_all_reasons_are_told_at_once(office: Office) -> None:
    office.term(opened=False, max_ects=4)
    office.course("A-1", requisites='"NOPE-1"')
    section = office.section("A-1", capacity=0, restrictions=[{"program": ["MAT"]}])

    told = codes(office.enroll(office.student(status="suspended", program="INF"), section))

    assert set(told) >= {"student-not-active", "window-not-open", "restricted", "credit-limit", "section-full"}
    assert len(told) == 6
