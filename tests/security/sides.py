"""Two sides of one university with the same things on each: a student, who teaches them, and all that is theirs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.campus import Campus, a_student, meeting
from tests.house import multipart
from tests.oneroster.files import Files
from university.platform.security import Principal

ADMIN = Principal("an-admin", frozenset({"admin"}))
PASSWORD = "a long sentence"
EARLIER = "2027W"
PARTS = {"courses": "course", "students": "student", "enrollments": "enrollment"}
EVERY_SCOPE = [f"{module}:{reach}" for module in ("course", "student", "enrollment") for reach in ("read", "write")]
Facts = dict[str, str]
"""What the things of a side are called, by the names that the table's rows use after a `$`."""


def shared(campus: Campus) -> Facts:
    """Make what both sides have in common."""
    term = campus.term()
    earlier = campus.term(EARLIER, starts_on="2027-02-15", ends_on="2027-06-30")
    window = campus.window()
    campus.window(term_id=earlier["id"])
    spare = campus.term("2029Z", starts_on="2029-10-01", ends_on="2030-02-14")
    facts = {"term": term["id"], "spare_term": spare["id"], "window": window["id"]}
    facts |= _system(campus, "boards", ["course:read"]) | _system(campus, "mirror", EVERY_SCOPE)
    facts |= _system(campus, "auditor", ["audit:read"])
    facts |= {"registrar": _account(campus, "r.one", ["registrar"]), "admin": _account(campus, "a.one", ["admin"])}
    for part, module in PARTS.items():
        body, headers = multipart(Files().zip())
        started = campus.house.call(module, "POST", f"/{part}/imports?dry_run=true", body, headers=headers)
        facts[f"{part}_job"] = started.json["id"]
    return facts


def side(campus: Campus, name: str, common: Facts) -> Facts:
    """Make one side's things."""
    teacher = campus.made(
        "course", "/instructors", {"number": f"P-{name}", "given_name": "Ewa", "family_name": f"Lis {name}"}
    )["id"]
    number = {"a": "100001", "b": "100002"}[name]
    student = campus.student(number=number, program="INF", stage=2)
    left = campus.student(status="graduated")
    facts = {
        **common,
        "graduate": left,
        "side": name,
        "teacher": teacher,
        "teacher_number": f"P-{name}",
        "student": student,
    }
    facts |= {"number": number, **_accounts(campus, name, student, teacher)}
    facts |= _catalog(campus, name, teacher)
    facts |= _places(campus, name, student, teacher)
    facts |= _wishes(campus, name, student, facts)
    facts |= _formalities(campus, student)
    return facts


def _account(campus: Campus, username: str, roles: list[str], **bindings: str) -> str:
    told = {"username": username, "password": PASSWORD, "name": username, "roles": roles, **bindings}
    made: str = campus.made("gateway", "/accounts", told, who=ADMIN)["username"]
    return made


def _system(campus: Campus, name: str, scopes: list[str]) -> Facts:
    """Let a system in; return its id and its secret."""
    key = campus.made("gateway", "/integrations", {"name": name, "scopes": scopes}, who=ADMIN)["id"]
    secret = campus.made("gateway", f"/integrations/{key}/secrets", {"name": "first"}, who=ADMIN)
    return {name: key, f"{name}_secret": secret["client_secret"], f"{name}_secret_id": secret["id"]}


def _accounts(campus: Campus, name: str, student: str, teacher: str) -> Facts:
    victim = campus.made(
        "gateway",
        "/accounts",
        {"username": f"v.{name}", "password": PASSWORD, "name": "Victim", "roles": ["registrar"]},
        who=ADMIN,
    )
    return {
        "student_account": _account(campus, f"s.{name}", ["student"], student_id=student),
        "teacher_account": _account(campus, f"t.{name}", ["instructor"], instructor_id=teacher),
        "account": victim["id"],
        "activated": victim["username"],
        "code": campus.made("gateway", f"/accounts/{victim['id']}/activation", {}, who=ADMIN)["code"],
    }


def _catalog(campus: Campus, name: str, teacher: str) -> Facts:
    """Make courses and sections that nobody has taken yet."""
    up = name.upper()
    spare = campus.course(f"SPARE-{up}")
    campus.course(f"LIKE-{up}")
    same = campus.made("course", "/equivalences", {"courses": [spare["code"], f"LIKE-{up}"]})
    free = campus.section(f"FREE-{up}", instructors=[teacher], meetings=[meeting("tue", "10:00", "11:30")])
    return {
        "spare_course": spare["id"],
        "spare_code": spare["code"],
        "lone_course": campus.course(f"LONE-{up}")["id"],
        "equivalence": same["id"],
        "like": f"LIKE-{up}",
        "lone_code": f"LONE-{up}",
        "free_code": f"FREE-{up}",
        "free_section": free,
        "free_offering": campus.offering(f"FREE-{up}")["id"],
        "spare_section": campus.section(f"EMPTY-{up}"),
    }


def _places(campus: Campus, name: str, student: str, teacher: str) -> Facts:
    """Give the student a place of every kind, and the side a full queue."""
    up = name.upper()
    section = campus.section(f"MAIN-{up}", instructors=[teacher], meetings=[meeting("wed", "08:00", "09:30")])
    found = {"section": section, "offering": campus.offering(f"MAIN-{up}")["id"]}
    found["enrollment"] = _id(campus.enroll(student, section))
    late = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    past = campus.section(f"PAST-{up}", instructors=[teacher], offering={"drop_until": late})
    found["late_enrollment"] = _id(campus.enroll(student, past))
    found["offered_enrollment"] = _offered(campus, f"OFFER-{up}", student, teacher)
    found["review_enrollment"] = _on_review(campus, section)
    found["broken_enrollment"] = _broken(campus, up, student, teacher)
    return found


def _id(reply: Any) -> str:
    assert reply.status == 201, reply.body
    made: str = reply.json["id"]
    return made


def _offered(campus: Campus, code: str, student: str, teacher: str) -> str:
    section = campus.section(code, capacity=1, instructors=[teacher], offering={"waitlist_policy": "offer"})
    holder = _id(campus.enroll(campus.student(), section))
    body = {"student_id": student, "section_ids": [section], "waitlist": True}
    waiting = campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(student))
    campus.drop(holder)
    assert campus.seen(waiting)["status"] == "offered"
    return _id(waiting)


def _on_review(campus: Campus, section: str) -> str:
    other = campus.student()
    enrollment = campus.enroll(other, section)
    campus.change("student", f"/students/{other}", {"status": "suspended"})
    campus.house.drain()
    assert campus.seen(enrollment)["status"] == "review"
    return _id(enrollment)


def _broken(campus: Campus, up: str, student: str, teacher: str) -> str:
    """Return a place that rested on a course that was failed."""
    campus.course(f"NEXT-{up}", requisites=f"FIRST-{up}")
    first = campus.section(f"FIRST-{up}", instructors=[teacher], offering={"term": EARLIER})
    before, after = campus.enroll(student, first), campus.enroll(student, campus.section(f"NEXT-{up}"))
    failed, headers = {"grade": "2.0"}, {"If-Match": "*"}
    graded = campus.house.call("enrollment", "PUT", f"/enrollments/{_id(before)}/grade", failed, headers=headers)
    assert graded.status == 200, graded.body
    return _id(after)


def _wishes(campus: Campus, name: str, student: str, facts: Facts) -> Facts:
    """Make what the student plans and asks for, and may."""
    who = a_student(student)
    asked = {"student_id": student, "section_id": facts["section"], "rules": ["restricted"]}
    consent = {"consent": "instructor"}
    strict = campus.section(f"STRICT-{name.upper()}", instructors=[facts["teacher"]], restrictions=[consent])
    request = campus.made("enrollment", "/consent-requests", {**asked, "section_id": strict}, who=who)
    plan = {"student_id": student, "term_id": "2027L", "name": "First", "items": [{"section_ids": [facts["section"]]}]}
    permission = {"student_id": student, "term_id": "2027L", "rules": ["credit-limit"], "reason": "As agreed."}
    return {
        "strict_section": strict,
        "request": request["id"],
        "plan": campus.made("enrollment", "/plans", plan, who=who)["id"],
        "permission": campus.made("enrollment", "/permissions", permission)["id"],
    }


def _formalities(campus: Campus, student: str) -> Facts:
    """Write what the student module keeps of the student, and let all the news arrive."""
    path = f"/students/{student}"
    hold = {"reason": "A book", "contact": "library@example.edu", "effects": ["block-drop"], "starts_on": "2099-01-01"}
    credit = {"course": "PHYS-1", "grade": "4.0", "ects": 5, "term": "2025Z"}

    def made(kind: str, body: dict[str, Any]) -> str:
        key: str = campus.made("student", f"{path}/{kind}", body)["id"]
        return key

    feed = campus.made("student", f"{path}/timetable-feeds", {"name": "Phone"}, who=a_student(student))
    campus.completed(student, "OLD-1")
    campus.house.drain()
    told = campus.house.call("student", "GET", f"{path}/notifications", who=a_student(student)).json["items"]
    return {
        "hold": made("holds", hold),
        "credit": made("credits-recognized", credit),
        "score": made("test-scores", {"name": "B2", "score": 80}),
        "feed": feed["id"],
        "feed_token": feed["address"].partition("token=")[2],
        "notification": told[0]["id"],
    }
