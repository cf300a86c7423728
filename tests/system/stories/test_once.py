"""A request that is sent twice is done once; many at once never take more seats than there are."""

from collections import Counter

from tests.system.office import API, Office, refusal


def test_a_repeated_wish_gives_the_first_answer_and_one_place(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")

    first, second = (office.enroll(ann, section, Idempotency_Key="tab-1") for _ in range(2))

    assert (first.status, first.body, first.headers["Location"]) == (
        second.status,
        second.body,
        second.headers["Location"],
    )
    assert office.get(f"/enrollments?student_id={ann.id}&total=true")["total"] == 1
    other = office.enroll(ann, office.section("A-2"), Idempotency_Key="tab-1")
    assert refusal(other) == (422, "idempotency-key-reused")


def test_the_first_answer_stays_after_the_place_was_given_back(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    first = office.enroll(ann, section, Idempotency_Key="k")
    dropped = office.drop(first.json["id"], Idempotency_Key="d")

    assert office.enroll(ann, section, Idempotency_Key="k").body == first.body
    assert office.drop(first.json["id"], Idempotency_Key="d").body == dropped.body
    assert office.get(f"/enrollments/{first.json['id']}")["status"] == "dropped"


def test_a_refusal_is_judged_anew_under_the_same_key(office: Office) -> None:
    section, ann = office.section("A-1", capacity=0), office.student()
    assert office.enroll(ann, section, Idempotency_Key="again").status == 409

    office.change(f"/sections/{section}", capacity=1)

    assert office.enroll(ann, section, Idempotency_Key="again").status == 201


def test_keys_belong_to_who_sends_them(office: Office) -> None:
    section, ann, bob = office.section("A-1"), office.student(), office.student()

    answers = [office.enroll(one, section, Idempotency_Key="the-same") for one in (ann, bob)]

    assert [answer.json["student_id"] for answer in answers] == [ann.id, bob.id]


def test_a_repeated_creation_makes_one_course(office: Office) -> None:
    told = {"code": office.named("A-1"), "title": "Twice", "ects": 5}

    first, second = (office.ask("POST", "/courses", told, Idempotency_Key=office.mark) for _ in range(2))

    assert (first.status, first.body) == (second.status, second.body)
    assert refusal(office.ask("POST", "/courses", told)) == (409, "course-code-taken")


def test_a_key_that_is_none_is_refused(office: Office) -> None:
    for key in ("a b", "x" * 201):
        reply = office.enroll(office.student(), office.section("A-1", key[:3]), Idempotency_Key=key)
        assert refusal(reply) == (422, "invalid-request")


def test_two_students_race_for_the_last_seat_and_one_gets_it(office: Office) -> None:
    section = office.section("A-1", capacity=1)
    runners = [office.student() for _ in range(2)]

    replies = office.system.race(
        "POST",
        f"{API}/enrollments",
        [({"student_id": one.id, "section_ids": [section]}, {"token": office.token(one.number)}) for one in runners],
    )

    assert sorted(reply.status for reply in replies) == [201, 409]
    assert refusal(office.enroll(office.student(), section)) == (409, "section-full")
    office.seats(section, taken=1, open=0)


def test_ten_tabs_of_one_student_get_one_place(office: Office) -> None:
    section, ann = office.section("A-1"), office.student()
    wish = {"student_id": ann.id, "section_ids": [section]}

    replies = office.system.race("POST", f"{API}/enrollments", [(wish, {"token": office.token(ann.number)})] * 10)

    assert Counter(reply.status for reply in replies) == {201: 1, 422: 9}
    assert {reply.json["violations"][0]["code"] for reply in replies if reply.status == 422} == {"already-enrolled"}


def test_one_key_sent_ten_times_at_once_gives_one_answer(office: Office) -> None:
    section, ann = office.section("A-1"), office.student()
    wish, key = {"student_id": ann.id, "section_ids": [section]}, {"Idempotency-Key": "stampede"}
    tab = (wish, {"token": office.token(ann.number), "headers": key})

    replies = office.system.race("POST", f"{API}/enrollments", [tab] * 10)

    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1


def test_one_drop_of_ten_gives_the_place_back(office: Office) -> None:
    section = office.section("A-1")
    enrollment = office.enrolled(office.student(), section)

    drop = (None, {"token": office.token("registrar")})
    replies = office.system.race("POST", f"{API}/enrollments/{enrollment}/drop", [drop] * 10)

    assert Counter(reply.status for reply in replies) == {200: 1, 409: 9}
    office.seats(section, taken=0, open=30)
