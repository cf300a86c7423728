"""What copies are renewed from, and views compared with, is documented: the questions, and states told as events."""

from dataclasses import replace

import jsonschema_rs
import pytest
from sqlalchemy import delete

from tests.contract import snapshots
from tests.contract.exchanges import SERVICE, Exchange, closed
from tests.contract.test_clients import ASKED, NOBODY
from tests.contract.town import Town
from tests.reconciliation.views import nobody, reconcile, table
from university.gateway.clients import SERVICE_NAME
from university.platform.messaging import copies
from university.platform.neighbors import Neighbor
from university.platform.personal import Erased, PersonalData, StudentNamed

MODULES = ("course", "student", "enrollment")


def renewed(town: Town, module: str) -> list[Exchange]:
    """Renew all copies of a module, and return what was asked and answered."""
    assembled = town.house.modules[module]
    town.heard.exchanges.clear()
    assert list(copies.resynchronize(assembled.primary, assembled.kept().copies, nobody))
    return list(town.heard.exchanges)


def compared(town: Town) -> list[Exchange]:
    """Compare all views, one of which lost its rows, and return what was asked and answered."""
    with town.house.modules["course"].primary.begin() as session:
        session.execute(delete(table("course", "counted_enrollment")))
    town.heard.exchanges.clear()
    assert reconcile(town.house)["course.availability"].wrong
    return list(town.heard.exchanges)


@pytest.mark.parametrize("module", MODULES)
def test_the_questions_of_a_renewal_are_documented(town: Town, module: str) -> None:
    exchanges = renewed(town, module)

    assert exchanges
    assert town.faults(exchanges) == []


def test_the_questions_of_a_comparison_are_documented(town: Town) -> None:
    exchanges = compared(town)

    assert {exchange.target for exchange in exchanges} == {"/internal/states", "/internal/announcements"}
    assert town.faults(exchanges) == []


@pytest.mark.parametrize("module", MODULES)
def test_states_are_told_as_the_events_of_the_document(town: Town, module: str) -> None:
    asyncapi = snapshots.events()
    for copy in town.house.modules[module].kept().copies:
        whole = replace(copy, reads=None)
        states = [state for page in copies.pages(whole, 200) for state in page.states]
        assert states
        for state in states:
            payload = asyncapi["components"]["messages"][state.type]["payload"]
            schema = closed({**payload["properties"]["data"], "components": asyncapi["components"]})
            judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            assert [error.message for error in judge.iter_errors(state.data)] == []


def gathered(town: Town) -> list[Exchange]:
    """Return what is exchanged when the gateway gathers what is kept about somebody, and has somebody else erased."""
    town.heard.exchanges.clear()
    for module in MODULES:
        asked = Neighbor(module, SERVICE_NAME, town.heard, town.house.keyring)
        assert (
            asked.learn(PersonalData, "POST", "/internal/personal-data", StudentNamed(town.student)).tables is not None
        )
        assert asked.learn(Erased, "POST", "/internal/erasures", StudentNamed(NOBODY)).rows == 0
    return list(town.heard.exchanges)


def test_every_internal_operation_is_asked_by_somebody(town: Town) -> None:
    exchanges = [one for module in MODULES for one in renewed(town, module)] + compared(town)
    exchanges += [one for ask in ASKED.values() for one in town.exchanged(ask)] + gathered(town)
    asked = {town.documented(one) for one in exchanges if one.target.startswith("/internal/")}

    documents = {
        module: town.house.call(module, "GET", "/internal/openapi.json", who=SERVICE).json for module in MODULES
    }
    assert asked == {
        f"{module} {operation['operationId']}"
        for module, document in documents.items()
        for operations in document["paths"].values()
        for operation in operations.values()
    }
