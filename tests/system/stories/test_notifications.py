"""Students read what they were told, and say how they want to hear of it; the registrar may look, and nobody else."""

from tests.system.office import NOBODY_HAS, Office, Student, faulty, refusal

OWN = "/students/me/notifications"


def test_a_student_says_how_to_be_told(office: Office) -> None:
    ann = office.student()
    path, wanted = "/students/me/notification-settings", {"email": False, "language": "en"}
    first = office.ask("GET", path, who=ann.number)
    assert first.json == {"email": True, "language": "pl"}

    assert refusal(office.ask("PUT", path, wanted, who=ann.number)) == (428, "if-match-missing")
    changed = office.ask("PUT", path, wanted, who=ann.number, **{"If-Match": first.headers["ETag"]})
    assert (changed.status, changed.json) == (200, wanted)
    assert refusal(office.ask("PUT", path, wanted, who=ann.number, **{"If-Match": first.headers["ETag"]})) == (
        412,
        "stale-version",
    )
    assert faulty(office.ask("PUT", path, {"email": 1, "language": "de"}, who=ann.number)) == ["email", "language"]
    assert office.get(f"/students/{ann.number}/notification-settings") == wanted


def test_a_student_hears_that_registration_is_open_and_reads_it(office: Office) -> None:
    # All windows that opened before the first club's are told of with it, so that the second member hears of one only.
    _member(office, "bridge")
    member = _member(office, "chess")

    (news,) = office.get(OWN, who=member.number)["items"]
    assert (news["kind"], news["title"]) == ("window-opens", "Registration is open for you")
    read = office.ask("POST", f"{OWN}/{news['id']}/read", who=member.number)
    assert read.json["read_at"] is not None


def _member(office: Office, club: str) -> Student:
    """Open registration for a club of one; return the member, who has heard of it."""
    member = office.student(groups=[office.named(club)])
    office.window(term_id=office.term(opened=False)["id"], name=club, group=[office.named(club)])
    office.settle(
        OWN, lambda told: any(one["body"].startswith(f"{club} is open") for one in told["items"]), member.number
    )
    return member


def test_notifications_are_nobody_elses(office: Office) -> None:
    ann, bob = office.student(status="on-leave"), office.student()  # Who is on leave hears of no windows.
    own = f"/students/{ann.id}/notifications"

    for path in (own, f"/students/{ann.id}/notification-settings"):
        assert refusal(office.ask("GET", path, who=bob.number)) == (403, "not-your-own-data")
    assert refusal(office.ask("POST", f"{own}/read", who=bob.number)) == (403, "not-your-own-data")
    assert refusal(office.ask("POST", f"{own}/read")) == (403, "role-missing")
    assert refusal(office.ask("POST", f"{own}/{NOBODY_HAS}/read", who=ann.number)) == (404, "notification-not-found")
    assert office.ask("POST", f"{own}/read", who=ann.number).json == {"unread": 0}
    assert office.get(own, who=ann.number) == {"items": [], "next": None, "unread": 0}
    assert office.get(own) == {"items": [], "next": None, "unread": 0}
