"""A provider that others wrote (`oidc-provider-mock`), as a process of its own, signs people in as ours does."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import urllib3

from tests.gateway.conftest import gateway_house
from tests.gateway.neighbors import STUDENTS
from tests.gateway.provider import PAGE, Browser, problem_of
from tests.gateway.test_federation import OIDC
from tests.house import House
from tests.process import free_ports
from university.platform.settings import Settings

PERSON = {"sub": "u-7", "name": "Jan Nowak", "preferred_username": "jan", "student_number": "100002"}
HTTP = urllib3.PoolManager(retries=False, timeout=10)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    port = free_ports(1)
    told = ["--port", str(port), "--require-nonce", "--user-claims", json.dumps(PERSON)]
    # What its libraries warn of is nothing to us.
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", *told]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                if HTTP.request("GET", f"{address}/.well-known/openid-configuration").status == 200:
                    break
            except urllib3.exceptions.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def house(settings: Settings, issuer: str) -> Iterator[House]:
    """A house whose people sign in there."""
    opened = gateway_house(settings.model_copy(update={**OIDC, "oidc_issuer": issuer}))
    yield opened
    opened.close()


def answered(address: str, **form: str) -> str:
    """Do what the provider's page asks for; return the query by which it sends the browser back."""
    reply = HTTP.request("POST", address, fields=form, encode_multipart=False, redirect=False)
    assert reply.status in {302, 303}, reply.data
    return urlsplit(reply.headers["Location"]).query


def test_a_student_signs_in_there(house: House) -> None:
    browser = Browser(house)

    reply = browser.return_by(answered(browser.depart("?next=/timetable"), sub="u-7"))

    assert reply.headers["Location"] == "/timetable"
    me = browser.open("/api/v1/auth/me").json
    assert (me["username"], me["name"], me["student_id"]) == ("jan", "Jan Nowak", STUDENTS[1]["id"])


def test_who_says_no_there_comes_back_to_the_sign_in_page(house: House) -> None:
    browser = Browser(house)

    assert problem_of(browser.return_by(answered(browser.depart(), action="deny"))) in {
        "sign-in-canceled",
        "sign-in-failed",
    }


def test_an_answer_is_taken_once(house: House) -> None:
    browser = Browser(house)
    query = answered(browser.depart(), sub="u-7")
    again = Browser(house, dict(browser.cookies))
    browser.return_by(query)

    assert problem_of(again.return_by(query)) == "sign-in-failed"


def test_a_code_belongs_to_the_sign_in_it_was_asked_for(house: House) -> None:
    victim, thief = Browser(house), Browser(house)
    stolen = dict(part.split("=") for part in answered(victim.depart(), sub="u-7").split("&"))["code"]
    own = dict(part.split("=") for part in answered(thief.depart(), sub="somebody").split("&"))

    reply = thief.open(f"{PAGE}/callback?code={stolen}&state={own['state']}")

    assert problem_of(reply) == "sign-in-failed"


def test_somebody_without_a_number_is_nobody_here(house: House) -> None:
    browser = Browser(house)

    assert problem_of(browser.return_by(answered(browser.depart(), sub="a stranger"))) == "nobody-here"
