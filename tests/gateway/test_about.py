"""What everybody may know of the university: its clock and its release."""

from datetime import UTC, datetime, timedelta

from tests.gateway.conftest import Knock, gateway_house, knocking, sign_in
from university.gateway.service import telling
from university.platform.settings import Settings


def test_the_clock_is_the_one_that_decides(knock: Knock) -> None:
    before = datetime.now(UTC)

    told = knock("GET", "/api/v1/about").json

    assert (
        before - timedelta(seconds=1) < datetime.fromisoformat(told["now"]) < datetime.now(UTC) + timedelta(seconds=1)
    )
    assert told["version"] == telling.version()


def test_the_time_zone_is_the_university_s(settings: Settings) -> None:
    house = gateway_house(settings.model_copy(update={"timezone": "America/Los_Angeles"}))

    assert knocking(house)("GET", "/api/v1/about").json["timezone"] == "America/Los_Angeles"
    house.close()


def test_whoever_is_signed_in_is_told_the_time_of_now_and_others_of_this_second(knock: Knock) -> None:
    anybody = knock("GET", "/api/v1/about")
    somebody = knock("GET", "/api/v1/about", token=sign_in(knock, "registrar"))

    assert anybody.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert somebody.headers["Cache-Control"] == "private, no-cache"
