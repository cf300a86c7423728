"""Schemathesis asks the internal operations everything that their documents allow, and what these forbid."""

import pytest
import schemathesis
from schemathesis import GenerationMode

from tests.contract.exchanges import SERVICE
from tests.contract.test_fuzzing import ask_all, strict
from tests.contract.town import Town


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("module", ["course", "student", "enrollment"])
def test_whatever_a_service_asks_gets_a_documented_answer(town: Town, module: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(
        strict(town.house.call(module, "GET", "/internal/openapi.json", who=SERVICE).json)
    )
    schema.app = town.house.modules[module].app
    headers = {"Authorization": f"Bearer {town.house.keyring.sign('tests', module, SERVICE)}"}

    assert ask_all(schema, mode, headers) > 0
