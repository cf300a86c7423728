"""What may come in: addresses with one meaning, bodies within limits, headers that modules read."""

import io
from typing import Any

import pytest

from university.gateway.proxy import asking
from university.platform.errors import TooLarge

LIMIT = 10


class Tap:
    """A body that never ends and remembers how much was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int) -> bytes:
        self.taken += size
        return b"x" * size


class Broken:
    """A body whose sender has gone."""

    def read(self, _size: int) -> bytes:
        raise ConnectionResetError


def body_of(stream: Any, **environ: Any) -> bytes:
    body = asking.body_of({"wsgi.input": stream, **environ}, LIMIT)
    try:
        content = body.content if isinstance(body.content, bytes) else body.content.read()
    finally:
        body.close()
    assert body.length == len(content)
    return content


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//internal/students",
        "/api/v1//terms",
        "/api/v1/terms/",
        "/api/v1/../../internal/students",
        "/api/v1/terms/..",
        "/api/v1/./terms",
        "/api/v1/terms/\x00",
        "/api/v1/terms/a\nb",
        "/api/v1/terms/\x7f",
        "/api/v1/terms/\xff",
    ],
)
def test_an_address_that_could_mean_two_things_means_nothing(path: str) -> None:
    assert asking.path_of({"PATH_INFO": path}) is None


@pytest.mark.parametrize(
    "path", ["/api/v1/courses/CSE 100A", "/api/v1/terms/...", "/api/v1/courses/ŻÓŁĆ-1", "/a%2e/..b"]
)
def test_an_address_is_passed_on_as_it_was_understood(path: str) -> None:
    environ = {"PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": "q=%C5%BB"}

    understood = asking.path_of(environ)

    assert understood == path
    target, _, query = asking.target_of(path, environ).partition("?")
    assert target.isascii()
    assert " " not in target
    assert query == "q=%C5%BB"


def test_a_body_that_announces_too_much_is_not_read() -> None:
    tap = Tap()

    with pytest.raises(TooLarge):
        body_of(tap, CONTENT_LENGTH="11")

    assert tap.taken == 0


def test_a_chunked_body_is_read_just_past_the_limit() -> None:
    tap = Tap()

    with pytest.raises(TooLarge):
        body_of(tap, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True})

    assert tap.taken == LIMIT + 1


def test_a_body_at_the_limit_is_taken() -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}

    assert body_of(io.BytesIO(b"x" * LIMIT), CONTENT_LENGTH="10") == b"x" * LIMIT
    assert body_of(io.BytesIO(b"x" * LIMIT), **chunked) == b"x" * LIMIT


@pytest.mark.parametrize(
    ("stream", "length"), [(io.BytesIO(b"short"), "9"), (Broken(), "9"), (io.BytesIO(b"x"), "many")]
)
def test_a_body_that_breaks_off_is_refused(stream: Any, length: str) -> None:
    with pytest.raises(asking.BodyIncomplete):
        body_of(stream, CONTENT_LENGTH=length)


@pytest.mark.parametrize(
    ("authorization", "token"),
    [(None, None), ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("Basic abc", ""), ("", "")],
)
def test_only_a_bearer_token_is_read(authorization: str | None, token: str | None) -> None:
    environ = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}

    assert asking.bearer_of(environ) == token
