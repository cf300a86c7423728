"""What may be sent and what is told, field by field; a new field asks to be decided on."""

from dataclasses import replace
from http import HTTPStatus

from tests.security import matrix, speaking
from tests.security.table.fields import PERSONAL, SENT, TOLD
from tests.security.world import World

GRABBED = {
    "status": "enrolled",
    "roles": ["registrar"],
    "role": "registrar",
    "grade": "5.0",
    "issued_by": "registrar",
    "answered_by": "registrar",
    "priority": 1,
    "created_at": "2020-01-01T00:00:00Z",
    "version": 1,
    "id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21",
    "permission_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21",
    "who": "registrar",
    "instructor_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21",
}
"""What somebody might try to say beside what is asked."""


def test_the_bodies_that_others_than_the_registrar_send_hold_what_the_table_allows(world: World) -> None:
    found = {
        name: fields
        for name, operation, document in speaking.operations(world)
        if speaking.open_to_others(name) and (fields := speaking.sent(operation, document))
    }

    assert found == SENT, "decide in table/fields.py whether this is theirs to say"


def test_the_personal_fields_that_others_than_the_registrar_read_are_those_of_the_table(world: World) -> None:
    found = {
        name: fields
        for name, operation, document in speaking.operations(world)
        if speaking.open_to_others(name)
        and (fields := {one for one in speaking.told(operation, document) if one.rpartition(".")[2] in PERSONAL})
    }

    assert found == TOLD, "decide in table/fields.py whether they may know"


def test_a_field_that_is_not_asked_for_is_refused_and_nothing_is_done(world: World) -> None:
    asked, wrong = 0, []
    for case in matrix.cases(world):
        name = case.name.partition(" ")[0]
        if name not in SENT or case.caller not in {"owner", "teacher"} or not isinstance(case.row.body, dict):
            continue
        if case.expected >= HTTPStatus.BAD_REQUEST or case.side != "a":
            continue
        for field, value in GRABBED.items():
            if field not in SENT[name]:
                body = {**case.row.body, field: value}
                reply = matrix.ask(world, replace(case, row=replace(case.row, body=body)))
                asked += 1
                if reply.status != HTTPStatus.UNPROCESSABLE_ENTITY or world.was_changed():
                    wrong.append(f"{case.name} with {field} by {case.caller}: {reply.status}")
                    world.put_back()
    assert wrong == []
    assert asked > 100
