"""The API pages work without the internet, under a policy that allows nothing from elsewhere."""

import os
import re
import shutil
import subprocess

import pytest

from tests.system.client import System

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def test_everything_that_the_page_loads_is_served_here(system: System) -> None:
    page = system.ask("GET", "/api/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(loaded) == 4
    assert {address: system.ask("GET", address).status for address in loaded} == dict.fromkeys(loaded, 200)


def test_the_styles_load_nothing_from_elsewhere(system: System) -> None:
    styles = system.ask("GET", "/api/docs/swagger-ui.css").body.decode()

    assert re.findall(r"(?:@import|url\()\s*['\"]?(?!data:|#)[\w/]", styles) == []


def test_the_page_allows_nothing_but_this_server(system: System) -> None:
    policy = system.ask("GET", "/api/docs").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)


def test_a_page_is_not_sent_again_to_who_has_it(system: System) -> None:
    tag = system.ask("GET", "/api/docs/swagger-ui-bundle.js").headers["ETag"]

    reply = system.ask("GET", "/api/docs/swagger-ui-bundle.js", headers={"If-None-Match": tag})

    assert (reply.status, reply.body) == (304, b"")


@pytest.mark.parametrize("name", ["docs.html", "../docs.html", "%2e%2e/merging.py", "LICENSE", "swagger-ui.js"])
def test_nothing_but_the_page_is_served(system: System, name: str) -> None:
    assert system.ask("GET", f"/api/docs/{name}").status == 404


@pytest.mark.chromium
@pytest.mark.slow
def test_a_browser_draws_the_operations(system: System) -> None:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI must have it")
        pytest.skip("no Chromium")
    drawn = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=10000",
            "--enable-logging=stderr",
            "--dump-dom",
            f"{system.url}/api/docs",
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )

    assert 'id="operations-tag-terms"' in drawn.stdout
    assert "CONSOLE" not in drawn.stderr
