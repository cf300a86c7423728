"""With a protection taken off, the gate that stands for it turns red."""

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import schemathesis
from joserfc import jwt
from schemathesis import GenerationMode

from tests.contract.test_fuzzing import ask_all, served_to_who_may_ask, strict
from tests.security import matrix, showing
from tests.security.world import World, opened
from university.course.service.courses import Courses
from university.enrollment.service import access as enrolling
from university.platform import security
from university.platform.errors import Unauthenticated
from university.platform.security import Claims, Keyring, Principal
from university.student.repository import students
from university.student.service import access as studying

Taking = Callable[[pytest.MonkeyPatch, World], None]
"""Takes a protection off."""
REGISTRAR = Principal("nobody in particular", frozenset({"registrar"}))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A university that believes afterwards what it should not."""
    with opened(tmp_path_factory.mktemp("canaries")) as university:
        yield university


def no_roles(patch: pytest.MonkeyPatch, _: World) -> None:
    def authorize(*_roles: str, **_scope: Any) -> Principal:
        if (who := security.caller()) is None:
            raise Unauthenticated
        return who

    patch.setattr(security, "authorize", authorize)


def no_sign_in(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(security, "authorize", lambda *_roles, **_scope: security.caller() or REGISTRAR)


def nobody_is_asked_whose_it_is(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(enrolling, "act_for", lambda *_: None)


def everybody_teaches(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(enrolling, "teaches", lambda *_: True)


def every_student_is_visible(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(studying, "themself", lambda session, key, _who: students.find(session, key))


def refused_too_late(patch: pytest.MonkeyPatch, world: World) -> None:
    """Do something, and only then ask whose it is."""
    asked, file = enrolling.act_for, next(file for file in world.kept if file.stem == "enrollment")

    def act_for(who: Principal, student_id: str) -> None:
        with closing(sqlite3.connect(file, timeout=10)) as database, database:
            database.execute("UPDATE plans SET name = name || '!'")
        asked(who, student_id)

    patch.setattr(enrolling, "act_for", act_for)


def any_audience(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(Keyring, "verify", lambda keyring, _audience, token: keyring._claims(token).principal)  # noqa: SLF001


def any_time(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(Claims, "holds_at", lambda _claims, _now: True)


def any_voucher(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(security, "_may_vouch", lambda *_: True)


def any_length(patch: pytest.MonkeyPatch, _: World) -> None:
    patch.setattr(security, "LONGEST", 1_000_000)


def any_header(patch: pytest.MonkeyPatch, _: World) -> None:
    class Anything:
        def __ne__(self, _: object) -> bool:
            return False

        __eq__ = object.__eq__
        __hash__ = object.__hash__

    patch.setattr(security, "_HEADER", Anything())


def any_signature(patch: pytest.MonkeyPatch, _: World) -> None:
    def decode(token: str, key: Callable[[Any], Any], algorithms: list[str]) -> Any:  # noqa: ARG001 - as the library's
        head, body, *_rest = (json.loads(base64.urlsafe_b64decode(one + "==")) for one in token.split(".")[:2])
        return SimpleNamespace(header=head, claims=body)

    patch.setattr(security, "jwt", SimpleNamespace(decode=decode, encode=jwt.encode))


@pytest.mark.parametrize(
    ("take", "names"),
    [
        (no_roles, ["list_students", "delete_course", "list_accounts", "look_up_courses"]),
        (no_sign_in, ["list_students", "get_plan"]),
        (nobody_is_asked_whose_it_is, ["get_plan", "drop_enrollment", "create_enrollment"]),
        (everybody_teaches, ["get_roster", "replace_grade"]),
        (every_student_is_visible, ["get_student", "get_transcript"]),
        (refused_too_late, ["get_plan", "delete_plan"]),
        (any_audience, ["list_students"]),
        (any_time, ["list_students"]),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_matrix_turns_red_without(
    world: World, monkeypatch: pytest.MonkeyPatch, take: Taking, names: list[str]
) -> None:
    take(monkeypatch, world)

    for name in names:
        world.renewed()
        assert matrix.faults(world, (case for case in matrix.cases(world) if case.name == name))[0], name


@pytest.mark.parametrize(
    ("take", "attacks"),
    [
        (any_audience, ["for another"]),
        (any_time, ["expired", "not yet", "signed in the future", "living too long", "living for ever"]),
        (any_voucher, ["a person as a service", "a service for a person", "a service for another"]),
        (any_length, ["huge"]),
        (any_header, ["a good key with an address", "a good key with another brought along"]),
        (any_signature, ["alg none, nothing signed", "a stranger's key", "a null signature", "RS256"]),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_attacks_with_tokens_succeed_without(
    world: World, monkeypatch: pytest.MonkeyPatch, take: Taking, attacks: list[str]
) -> None:
    take(monkeypatch, world)

    for attack in attacks:
        assert showing.believed(world, attack), attack


def broken(patch: pytest.MonkeyPatch, _: World) -> None:
    """Let a service fall over."""
    patch.setattr(Courses, "get", lambda *_: 1 / 0)


@pytest.mark.parametrize(
    ("take", "name", "complaint"),
    [(no_sign_in, "list_students", "was served"), (broken, "get_course", "(?i)server error")],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_fuzzing_finds(world: World, monkeypatch: pytest.MonkeyPatch, take: Taking, name: str, complaint: str) -> None:
    whole = schemathesis.openapi.from_dict(strict(msgspec.json.decode(world.university.document())))
    whole.app = world.door
    schema = whole.include(operation_id=name)
    judge = served_to_who_may_ask("nobody")
    assert ask_all(schema, GenerationMode.POSITIVE, {}, judge=judge) == 1
    take(monkeypatch, world)

    with pytest.raises(AssertionError, match=complaint):
        ask_all(schema, GenerationMode.POSITIVE, {}, judge=judge)
