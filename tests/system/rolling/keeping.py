"""What must be true after a storm: nothing acknowledged is lost, and the views have followed."""

from collections import defaultdict
from collections.abc import Sequence

from tests.system.office import Office
from tests.system.rolling.load import Client


def assert_kept(office: Office, client: Client) -> None:
    """Everything acknowledged is there, as acknowledged, and nothing else; the study record follows."""
    assert client.held
    truth = office.get(f"/enrollments?student_id={client.student.id}&limit=200")["items"]
    assert {one["id"]: one["status"] for one in truth} == client.held
    office.eventually(
        f"/students/{client.student.id}/enrollments?limit=200",
        lambda record: {one["id"]: one["status"] for one in record["items"]} == client.held,
    )


def assert_views_follow(office: Office, sections: Sequence[str]) -> None:
    """The catalog's counts of seats are those of the enrollments."""
    taken: dict[str, int] = defaultdict(int)
    for section in sections:
        listed = office.get(f"/enrollments?section_id={section}&status=enrolled&total=true&limit=1")
        taken[section] = listed["total"]
    for section in sections:
        office.seats(section, taken=taken[section])
