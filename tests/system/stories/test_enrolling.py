"""A place is asked for, given, given back and taken again; whoever may not have it hears why."""

from tests.system.office import NOBODY_HAS, Office, codes, faulty, refusal


def test_a_student_gets_a_place_and_reads_it_everywhere(office: Office) -> None:
    ann, section = office.student(), office.section("MAT-101")

    reply = office.enroll(ann, section)
    enrollment = reply.json

    assert (reply.status, enrollment["status"], enrollment["version"]) == (201, "enrolled", 1)
    assert reply.headers["Location"] == f"/api/v1/enrollments/{enrollment['id']}"
    assert (enrollment["student_id"], enrollment["section_ids"], enrollment["ects"]) == (ann.id, [section], 5)
    assert enrollment["course"]["code"] == office.named("MAT-101")
    assert office.get(f"/enrollments/{enrollment['id']}", who=ann.number) == enrollment
    assert office.get("/enrollments", who=ann.number)["items"] == [enrollment]
    (line,) = office.get(f"/enrollments/{enrollment['id']}/history", who=ann.number)["items"]
    assert (line["status"], line["reason"]) == ("enrolled", "enrolled")


def test_me_and_the_number_are_names_of_a_student_too(office: Office) -> None:
    ann, sections = office.student(), [office.section("A-1"), office.section("A-2"), office.section("A-3")]

    for name, section in zip(("me", ann.number, ann.id), sections, strict=True):
        wish = {"student_id": name, "section_ids": [section]}
        assert office.ask("POST", "/enrollments", wish, who=ann.number).json["student_id"] == ann.id
    assert len(office.get("/enrollments?student_id=me", who=ann.number)["items"]) == 3


def test_a_place_is_given_back_once_and_may_be_taken_again(office: Office) -> None:
    ann, section = office.student(), office.section("MAT-101", capacity=1)
    enrollment = office.enrolled(ann, section)

    dropped = office.drop(enrollment, who=ann.number)
    again = office.drop(enrollment, who=ann.number)

    assert (dropped.status, dropped.json["status"], dropped.json["version"]) == (200, "dropped", 2)
    assert refusal(again) == (409, "not-enrolled")
    assert office.enroll(ann, section).status == 201
    history = office.get(f"/enrollments/{enrollment}/history")["items"]
    assert [line["status"] for line in history] == ["enrolled", "dropped"]


def test_a_second_place_in_the_same_offering_is_refused(office: Office) -> None:
    ann, section, other = office.student(), office.section("MAT-101"), office.section("MAT-101", "2")
    enrollment = office.enrolled(ann, section)

    refused = office.enroll(ann, other)

    assert refusal(refused) == (422, "registration-refused")
    (violation,) = refused.json["violations"]
    assert violation["code"] == "already-enrolled"
    assert violation["params"]["enrollment_id"] == enrollment


def test_a_full_section_is_a_conflict_that_names_the_group_with_room(office: Office) -> None:
    full, other = office.section("MAT-101", "1", capacity=1), office.section("MAT-101", "2")
    office.enrolled(office.student(), other)
    office.enrolled(office.student(), full)

    refused = office.enroll(office.student(), full)

    assert refusal(refused) == (409, "section-full")
    (violation,) = refused.json["violations"]
    assert (violation["section_id"], violation["params"]["capacity"], violation["params"]["taken"]) == (full, 1, 1)
    ways = [(remedy["action"], remedy["params"].get("section_id")) for remedy in violation["remedies"]]
    assert ways == [("join-waitlist", full), ("choose-section", other)]


def test_a_bundle_takes_all_its_seats_or_none(office: Office) -> None:
    needs = {"required_components": ["lecture", "laboratory"]}
    lecture = office.section("A-1", "L1", offering=needs)
    laboratory = office.section("A-1", "B1", component="laboratory", parent_id=lecture, capacity=1)
    ann, bob = office.student(), office.student()

    assert codes(office.enroll(ann, lecture)) == ["bundle-incomplete"]
    assert codes(office.enroll(ann, laboratory)) == ["bundle-incomplete", "bundle-incomplete"]
    assert office.enroll(ann, lecture, laboratory).status == 201
    assert office.enroll(bob, lecture, laboratory).status == 409
    office.seats(lecture, taken=1)
    office.seats(laboratory, taken=1, open=0)


def test_a_wish_for_what_nobody_knows_has_its_own_code(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    nobody = ann._replace(id=NOBODY_HAS)

    assert refusal(office.enroll(ann, NOBODY_HAS)) == (422, "section-not-found")
    assert refusal(office.enroll(ann, section, "not a section")) == (422, "section-not-found")
    assert refusal(office.enroll(nobody, section, who="registrar")) == (422, "student-not-found")
    assert refusal(office.drop(NOBODY_HAS)) == (404, "enrollment-not-found")
    assert refusal(office.drop("garbage")) == (404, "enrollment-not-found")


def test_a_faulty_wish_names_its_fields(office: Office) -> None:
    told = {"student_id": 5, "section_ids": [None], "waitlist": "yes", "grade": "5.0"}

    reply = office.ask("POST", "/enrollments", told)

    assert sorted(faulty(reply)) == ["grade", "section_ids[0]", "student_id", "waitlist"]


def test_a_registrar_enrolls_by_the_same_rules(office: Office) -> None:
    ann, section = office.student(status="suspended"), office.section("A-1")

    assert codes(office.enroll(ann, section, who="registrar")) == ["student-not-active"]
    office.change(f"/students/{ann.id}", status="active")
    assert office.enroll(ann, section, who="registrar").status == 201


def test_a_refusal_leaves_nothing_behind(office: Office) -> None:
    ann, section = office.student(status="suspended"), office.section("MAT-101", capacity=1)

    assert codes(office.enroll(ann, section)) == ["student-not-active"]

    assert office.get(f"/enrollments?section_id={section}&total=true") == {"items": [], "next": None, "total": 0}
    assert office.enroll(office.student(), section).status == 201
