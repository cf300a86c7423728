"""Bodies are strict: every faulty field is named, whatever JSON can express, and nothing makes the library fail."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings as trying, strategies as st

from tests.house import House, multipart
from tests.platform.asking import JSON, SOLARIS, ask, faults, problem_of
from tests.platform.library import Book, count

VALID: dict[str, Any] = {
    "code": "LEM-1",
    "title": "Solaris",
    "pages": 204,
    "weight": 0.3,
    "signed": True,
    "genre": "novel",
    "printed_on": "1961-06-01",
    "bought_at": "2026-10-01T10:00:00+02:00",
    "lent_from": "08:30",
    "chapters": [{"number": 1, "text": "one\n\ttwo"}],
}
NOT_A_NUMBER = "Not a valid integer."
INTEGER_BOUNDS = "Must be greater than or equal to 0 and less than or equal to 10000."
TOO_LONG = "Length must be between 1 and 200."
CONTROL = "Control characters are not allowed."


def sent(desk: House, **changed: Any) -> dict[str, str]:
    """Return the faults of an otherwise valid body."""
    return faults(ask(desk, "POST", "/books", {**VALID, **changed}))


def test_a_valid_body_is_taken(desk: House) -> None:
    told = ask(desk, "POST", "/books", VALID).json

    assert (told["code"], told["pages"], told["weight"]) == ("LEM-1", 204, 0.3)
    assert told["bought_at"] == "2026-10-01T08:00:00Z"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("pages", 2.5, NOT_A_NUMBER),
        ("pages", "5", NOT_A_NUMBER),
        ("pages", True, NOT_A_NUMBER),
        ("pages", [5], NOT_A_NUMBER),
        ("pages", None, "Field may not be null."),
        ("pages", -1, INTEGER_BOUNDS),
        ("pages", 10_001, INTEGER_BOUNDS),
        ("pages", 10**400, INTEGER_BOUNDS),
        ("pages", -(10**400), INTEGER_BOUNDS),
        ("pages", 1e300, INTEGER_BOUNDS),
        ("weight", "0.3", "Not a valid number."),
        ("weight", False, "Not a valid number."),
        ("weight", 50.01, "Must be greater than or equal to 0 and less than or equal to 50."),
        ("weight", 10**400, "Number too large."),
        ("title", 5, "Not a valid string."),
        ("title", "", TOO_LONG),
        ("title", "x" * 201, TOO_LONG),
        ("title", "a\0b", CONTROL),
        ("title", "a\x1b[2J", CONTROL),
        ("title", "a\x7fb", CONTROL),
        ("title", "a\x85b", CONTROL),
        ("title", "a\nb", CONTROL),
        ("code", " LEM", "Not a valid code."),
        ("code", "LEM ", "Not a valid code."),
        ("code", "LEM/1", "Not a valid code."),
        ("signed", "true", "Not a valid boolean."),
        ("signed", 1, "Not a valid boolean."),
        ("genre", "prose", "Must be one of: novel, verse."),
        ("genre", 5, "Not a valid string."),
        ("genre", [], "Not a valid string."),
        ("printed_on", "1961-6-1", "Not a valid date."),
        ("printed_on", "1961-02-29", "Not a valid date."),
        ("printed_on", "1961-W01-1", "Not a valid date."),
        ("printed_on", "١٩٦١-01-01", "Not a valid date."),
        ("printed_on", "9999-01-01", "Not a valid date."),
        ("printed_on", 1961, "Not a valid date."),
        ("bought_at", "2026-10-01T10:00:00", "Not a valid datetime."),
        ("bought_at", "2026-10-01", "Not a valid datetime."),
        ("bought_at", "2026-10-01T25:00:00Z", "Not a valid datetime."),
        ("bought_at", "2026-10-01T10:00:00+99:99", "Not a valid datetime."),
        ("bought_at", "0001-01-01T00:00:00+14:00", "Not a valid datetime."),
        ("bought_at", "9999-12-31T23:59:59-14:00", "Not a valid datetime."),
        ("bought_at", 0, "Not a valid datetime."),
        ("lent_from", "8:30", "Not a time, HH:MM."),
        ("lent_from", "24:00", "Not a time, HH:MM."),
        ("lent_from", "08:30:00", "Not a time, HH:MM."),
        ("lent_from", "08:30\n", "Not a time, HH:MM."),
        ("lent_from", "0٨:30", "Not a time, HH:MM."),
        ("chapters", {}, "Not a valid list."),
        ("chapters", [{"number": 1, "text": "a"}] * 4, "Longer than maximum length 3."),
        ("color", "red", "Unknown field."),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_field(
    desk: House, field: str, value: object, message: str
) -> None:
    assert sent(desk, **{field: value}) == {field: message}


@pytest.mark.parametrize("five", [b"5", b"5.0", b"5e0", b"50e-1"])
def test_an_integer_may_be_written_in_any_way_json_knows(desk: House, five: bytes) -> None:
    body = b'{"code":"LEM-1","title":"Solaris","pages":%s}' % five

    assert ask(desk, "POST", "/books", body).json["pages"] == 5


def test_text_may_be_of_any_language(desk: House) -> None:
    title = "Zażółć gęślą jaźń \u2603 \U0001f4da \u05d0"

    assert ask(desk, "POST", "/books", {**SOLARIS, "title": title}).json["title"] == title


def test_all_faults_are_told_at_once_with_their_paths(desk: House) -> None:
    told = sent(
        desk,
        title=5,
        pages="many",
        color="red",
        chapters=[{"number": 1, "text": "fine"}, {"number": 0, "text": "a\0", "page": 1}],
    )

    assert set(told) == {"title", "pages", "color", "chapters[1].number", "chapters[1].text", "chapters[1].page"}


def test_what_is_missing_is_named(desk: House) -> None:
    assert faults(ask(desk, "POST", "/books", {})) == dict.fromkeys(
        ("code", "title"), "Missing data for required field."
    )


def test_faults_are_told_in_polish_to_whoever_reads_polish(desk: House) -> None:
    wrong = {"title": 5, "pages": -1, "genre": "poem", "printed_on": "", "color": "red", "lent_from": "25:00"}

    told = faults(ask(desk, "POST", "/books", {**wrong, "chapters": [{}] * 4}, headers={"Accept-Language": "pl"}))

    assert told == {
        "code": "To pole jest wymagane.",
        "title": "Wymagany jest tekst.",
        "pages": "Dozwolone wartości: od 0 do 10000.",
        "genre": told["genre"],
        "printed_on": "Wymagana jest data w postaci RRRR-MM-DD.",
        "color": "Nie ma takiego pola.",
        "lent_from": "Wymagana jest godzina w postaci GG:MM.",
        **{field: message for field, message in told.items() if field.startswith("chapters")},
    }
    assert told["genre"].startswith("Dozwolone: ")


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"text"', b"true", b"[{}]"])
def test_what_is_no_object_is_refused(desk: House, body: bytes) -> None:
    assert set(faults(ask(desk, "POST", "/books", body)).values()) == {"Invalid input type."}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"code":}',
        b"{'code':1}",
        b'{"code":"LEM-1",}',
        b'{"code":"LEM-1"}{}',
        b'{"pages":NaN}',
        b'{"weight":Infinity}',
        b'{"pages":1e999}',
        b'{"pages":' + b"9" * 5000 + b"}",
        b'{"title":"a\x00b"}',
        b'{"title":"\xff"}',
        b'{"title":"\xed\xa0\x80"}',
        b'{"title":"\\ud800"}',
        b'{"\\udc00abcdefgh":1}',
        b"[" * 19_000,
        b'{"a":' * 4000,
        b"\xef\xbb\xbf{}",
        '{"code":"LEM-1"}'.encode("utf-16"),
        b'{"code":"LEM-1","title":"a","title":"b"}',
        b'{"chapters":[{"number":1,"number":2}]}',
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_not_json_is_malformed(desk: House, body: bytes) -> None:
    assert problem_of(ask(desk, "POST", "/books", body, headers=JSON)) == (400, "malformed-json")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "application/x-www-form-urlencoded", "x" * 500])
def test_what_is_not_announced_as_json_is_not_read(desk: House, kind: str) -> None:
    assert problem_of(ask(desk, "POST", "/books", SOLARIS, headers={"Content-Type": kind})) == (415, "not-json")


def test_json_may_be_announced_with_its_encoding(desk: House) -> None:
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert ask(desk, "POST", "/books", SOLARIS, headers=kind).status == 201


def test_a_partial_change_needs_nothing_and_sets_no_defaults(desk: House) -> None:
    ask(desk, "POST", "/books", VALID)

    changed = ask(desk, "PATCH", "/books/LEM-1", {"title": "Eden"}, headers={"If-Match": "*"}).json
    same = ask(desk, "PATCH", "/books/LEM-1", {}, headers={"If-Match": "*"}).json

    assert (changed["title"], changed["pages"], same["title"]) == ("Eden", 204, "Eden")
    assert faults(ask(desk, "PATCH", "/books/LEM-1", {"id": "x", "signed": True})) == dict.fromkeys(
        ("id", "signed"), "Unknown field."
    )


def test_a_single_fault_found_later_looks_like_the_others(desk: House) -> None:
    reply = ask(desk, "POST", "/single", SOLARIS, headers={"Accept-Language": "pl"})

    assert faults(reply) == {"code": "LEM-1 nie pasuje."}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*VALID, "x"]), inner, max_size=4),
    max_leaves=12,
)


@trying(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON_VALUES)
def test_no_json_makes_the_library_fail(desk: House, body: Any) -> None:
    assert ask(desk, "POST", "/books", body).status in {201, 400, 409, 415, 422}


def test_no_bytes_make_the_library_fail(desk: House) -> None:
    dice = random.Random(7)
    whole = bytearray(msgspec.json.encode(VALID))
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)

        assert ask(desk, "POST", "/books", bytes(damaged)).status in {201, 400, 409, 422}


def test_a_refused_body_leaves_no_trace(library: House) -> None:
    ask(library, "POST", "/books", {**VALID, "color": "red"})

    assert count(library.modules["library"].primary, Book) == 0


# Uploads.


def test_an_upload_is_exactly_one_file(desk: House) -> None:
    message = "Send exactly one part, named file."
    for name in ("files", "other"):
        body, headers = multipart(b"x", name=name)
        assert faults(ask(desk, "POST", "/scans", body, headers=headers)) == {"file": message}

    body, headers = multipart(b"x")
    twice = body.removesuffix(b"--\r\n") + body.removeprefix(b"--university-test-boundary")
    assert faults(ask(desk, "POST", "/scans", twice, headers=headers)) == {"file": message}


def test_an_empty_file_is_refused(desk: House) -> None:
    body, headers = multipart(b"")

    assert faults(ask(desk, "POST", "/scans", body, headers=headers)) == {"file": "The file is empty."}


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary="},
        {"Content-Type": "multipart/form-data; boundary=other"},
        {"Content-Type": "multipart/form-data; boundary=" + "b" * 300},
    ],
    ids=["none", "empty", "another", "long"],
)
def test_an_upload_that_cannot_be_taken_apart_is_refused(desk: House, headers: dict[str, str]) -> None:
    body, _ = multipart(b"x")

    assert ask(desk, "POST", "/scans", body, headers=headers).status in {400, 422}


def test_an_upload_keeps_every_byte(desk: House) -> None:
    content = bytes(range(256)) * 20 + b"\r\n--university\r\n"
    body, headers = multipart(content)

    assert ask(desk, "POST", "/scans", body, headers=headers).json["size"] == len(content)


def test_json_is_no_upload(desk: House) -> None:
    assert problem_of(ask(desk, "POST", "/scans", b"{}", headers=JSON)) == (415, "unsupported-media")
