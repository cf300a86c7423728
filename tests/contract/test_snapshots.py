"""What the modules promise each other and everybody else is what was agreed on: nothing breaks that was not decided."""

import copy
import tomllib
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from entrypoints.cli import main
from tests.contract import snapshots
from tests.contract.changes import Break
from tests.contract.snapshots import Contracts

OFFICIAL = Path(__file__).parent / "asyncapi-3.0.0.schema.json"
"""The AsyncAPI Initiative's own schema of AsyncAPI 3 documents."""
TERM = "TermOut.title"
LOST = Break(TERM, "is required, not known")


@pytest.fixture(scope="module")
def present() -> Contracts:
    return snapshots.contracts()


@pytest.fixture
def agreed(present: Contracts, tmp_path: Path) -> Contracts:
    """The same contracts, agreed on in a folder of the test's own."""
    (tmp_path / snapshots.DECLARED).write_text("")
    contracts = Contracts(present.present, tmp_path, "2.0.0")
    contracts.write()
    return contracts


@pytest.fixture
def broken(agreed: Contracts) -> Contracts:
    """Code that does not tell the title of a term any more."""
    changed = copy.deepcopy(dict(agreed.present))
    term = changed["public"]["components"]["schemas"]["TermOut"]
    del term["properties"]["title"]
    term["required"].remove("title")
    return Contracts(changed, agreed.folder, agreed.version)


def declare(contracts: Contracts, **told: str) -> None:
    entry = {"contract": "public", "location": TERM, "reason": "It was never read.", "since": "2.0.0", **told}
    lines = [f"{name} = {msgspec.json.encode(value).decode()}" for name, value in entry.items()]
    (contracts.folder / snapshots.DECLARED).write_text("\n".join(["[[breaking]]", *lines]))


def test_nothing_breaks_that_was_not_declared(present: Contracts) -> None:
    assert present.breaks() == {}, "find another way, or declare it in docs/contracts/breaking.toml"


def test_the_contracts_are_as_agreed_on(present: Contracts) -> None:
    assert present.changed() == [], "run `make contracts`, and look at what it changed"


def test_no_file_tells_of_a_contract_that_is_none(present: Contracts) -> None:
    assert {file.stem for file in snapshots.FOLDER.glob("*.json")} == set(present.present)


def test_what_is_agreed_on_does_not_differ(agreed: Contracts) -> None:
    assert (agreed.changed(), agreed.breaks()) == ([], {})


def test_what_breaks_is_refused_until_it_is_declared(broken: Contracts) -> None:
    assert LOST in broken.breaks()["public"]
    for one in broken.breaks()["public"]:
        assert one.location.endswith(" .title") or ".title" in one.location

    for one in broken.breaks()["public"]:
        declare(broken, location=one.location)
        assert one not in broken.breaks().get("public", [])


@pytest.mark.parametrize(
    "other", [{"since": "1.9.0"}, {"contract": "internal-course"}, {"location": "GET /x"}], ids=str
)
def test_a_declaration_lets_nothing_else_pass(broken: Contracts, other: dict[str, str]) -> None:
    declare(broken, **other)

    assert broken.breaks() == {"public": [LOST]}


@pytest.mark.parametrize("fault", [{"reason": " "}, {"contract": "private"}, {"ticket": "7"}], ids=str)
def test_a_declaration_tells_everything(broken: Contracts, fault: dict[str, str]) -> None:
    declare(broken, **fault)

    with pytest.raises(ValueError, match=r"declared break tells|no contract"):
        broken.breaks()


def test_the_program_writes_nothing_while_something_breaks(
    broken: Contracts, capsys: pytest.CaptureFixture[str]
) -> None:
    assert snapshots.agree(broken) == 1
    assert f"public: {TERM}: {LOST.what}" in capsys.readouterr().err
    assert broken.changed() == ["public"]

    declare(broken)
    assert snapshots.agree(broken) == 0
    assert capsys.readouterr().out == "public is agreed on anew\n"
    assert broken.changed() == []


def test_what_only_adds_is_agreed_on_by_writing_it(agreed: Contracts) -> None:
    more = copy.deepcopy(dict(agreed.present))
    more["public"]["paths"]["/api/v1/moons"] = {"get": {"operationId": "list_moons", "responses": {}}}
    contracts = Contracts(more, agreed.folder, agreed.version)
    assert (contracts.changed(), contracts.breaks()) == (["public"], {})

    assert contracts.write() == ["public"]
    assert contracts.changed() == []


def test_the_example_of_a_declaration_is_one(present: Contracts) -> None:
    told = (snapshots.FOLDER / snapshots.DECLARED).read_text().splitlines()
    start = told.index("# [[breaking]]")
    example = "\n".join(line.removeprefix("# ") for line in told[start : start + 5])

    (entry,) = tomllib.loads(example)["breaking"]
    assert snapshots.Declared(**entry).contract in present.present


def test_the_documents_of_operations_are_valid() -> None:
    for name, document in snapshots.told().items():
        if name != snapshots.EVENTS:
            validate(document)


def test_the_document_of_events_is_valid(present: Contracts) -> None:
    official = jsonschema_rs.Draft7Validator(msgspec.json.decode(OFFICIAL.read_bytes()))
    document = present.present[snapshots.EVENTS]
    assert [error.message for error in official.iter_errors(document)] == []

    document = copy.deepcopy(document)
    document["operations"]["hear.course.availability"]["action"] = "overhear"
    assert not official.is_valid(document)


def test_the_command_prints_the_document_of_events(present: Contracts) -> None:
    printed = CliRunner().invoke(main, ["asyncapi"])

    assert printed.exit_code == 0, printed.output
    assert msgspec.json.decode(printed.output) == present.present[snapshots.EVENTS]


def test_internal_operations_tell_what_they_do_and_answer() -> None:
    operations = [
        operation
        for name, document in snapshots.told().items()
        if name.startswith("internal-")
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    silent = [
        one["operationId"]
        for one in operations
        if one["summary"] == one["operationId"] or not one["responses"]["200"]["content"]["application/json"]["schema"]
    ]

    assert operations
    assert silent == [], "give the view a docstring; annotate it, or declare what it gives"
