"""What a student has behind them, as requisites and repeats see it, whatever the catalog is called by now."""

from tests.campus import Campus, codes


def test_a_course_counts_under_its_new_code_and_in_its_renamed_term(campus: Campus) -> None:
    campus.course("MAT-101", requisites="MAT-100 WITHIN 1 TERMS")
    section, ann = campus.section("MAT-101"), campus.student()
    campus.completed(ann, "MAT-100")
    campus.change("course", "/courses/MAT-100", {"code": "MAT-100A"})
    campus.change("course", "/terms/2026Z", {"code": "2026W"})
    campus.change("course", "/courses/MAT-101", {"requisites": "MAT-100A WITHIN 1 TERMS"})
    assert campus.enroll(ann, section).status == 201


def test_a_course_is_passed_once_in_a_term(campus: Campus) -> None:
    ann, told = campus.student(), {"course": "MAT-100", "term": "2026Z", "grade": "4.5"}
    campus.completed(ann, "MAT-100", "2.0")
    campus.completed(ann, "MAT-100", "3.0")
    again = campus.house.call("enrollment", "POST", f"/students/{ann}/completed-courses", told)
    assert (again.status, again.json["code"]) == (409, "course-already-recorded")
    first = campus.house.call("enrollment", "GET", f"/enrollments/{again.json['enrollment_id']}").json
    assert (first["grade"], first["status"]) == ("3.0", "completed")
    campus.completed(ann, "MAT-100", "5.0", term="2025Z")


def test_a_course_running_in_a_renamed_term_does_not_come_before_another_of_it(campus: Campus) -> None:
    campus.course("MAT-101", requisites="MAT-100")
    first, second, ann = campus.section("MAT-100"), campus.section("MAT-101"), campus.student()
    assert campus.enroll(ann, first).status == 201
    campus.change("course", "/terms/2027L", {"code": "2027S"})
    assert codes(campus.enroll(ann, second)) == ["requisites-unmet"]


def test_a_new_course_under_an_old_code_was_never_passed(campus: Campus) -> None:
    ann = campus.student()
    campus.completed(ann, "MAT-100")
    campus.change("course", "/courses/MAT-100", {"code": "MAT-100A"})
    assert campus.enroll(ann, campus.section("MAT-100")).status == 201


def test_what_was_recognized_for_an_equivalent_course_is_not_taken_again(campus: Campus) -> None:
    campus.course("MAT-101E")
    section, ann = campus.section("MAT-101"), campus.student()
    campus.made("student", f"/students/{ann}/credits-recognized", {"course": "MAT-101E", "grade": "4.0", "ects": 5})
    campus.made("course", "/equivalences", {"courses": ["MAT-101", "MAT-101E"]})
    refused = campus.enroll(ann, section)
    assert codes(refused) == ["repeat-not-allowed"]
    assert refused.json["violations"][0]["params"]["passed"] == "MAT-101E"


def test_an_equivalence_added_later_counts_at_once_for_requisites_and_repeats(campus: Campus) -> None:
    campus.course("FIZ-101", requisites="MAT-101")
    mathematics, physics, ann = campus.section("MAT-101"), campus.section("FIZ-101"), campus.student()
    campus.completed(ann, "STA-101")
    assert codes(campus.enroll(ann, physics)) == ["requisites-unmet"]
    campus.made("course", "/equivalences", {"courses": ["MAT-101", "STA-101"]})
    assert campus.enroll(ann, physics).status == 201
    assert codes(campus.enroll(ann, mathematics)) == ["repeat-not-allowed"]


def test_a_failed_course_lowers_the_average_that_a_requisite_asks_for(campus: Campus) -> None:
    campus.course("MAT-101", requisites="GPA >= 3.5")
    section, ann, bob = campus.section("MAT-101"), campus.student(), campus.student()
    for student in (ann, bob):
        campus.completed(student, "MAT-100", "4.0")
    campus.completed(ann, "FIZ-100", "2.0")
    assert codes(campus.enroll(ann, section)) == ["requisites-unmet"]
    assert campus.enroll(bob, section).status == 201


def test_credits_still_to_be_earned_in_an_earlier_term_let_in_on_condition(campus: Campus) -> None:
    campus.course("MAT-301", requisites="CREDITS >= 10")
    earlier, ann = {"term": "2027W"}, campus.student()
    summer = campus.term("2027W", starts_on="2027-02-15", ends_on="2027-06-30")
    campus.window(term_id=summer["id"])
    section = campus.section("MAT-301")
    campus.completed(ann, "MAT-100")
    assert codes(campus.enroll(ann, section)) == ["requisites-unmet"]
    assert campus.enroll(ann, campus.section("MAT-200", offering=earlier)).status == 201
    assert campus.enroll(ann, section).status == 201
