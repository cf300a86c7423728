"""The contracts as they were last agreed on, in `docs/contracts`; run as a program, it writes them anew.

It refuses while something breaks that `docs/contracts/breaking.toml` does not declare for the present version.
"""

import importlib.metadata
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from entrypoints import all_in_one
from tests.contract.changes import Break, broken_events, broken_operations, promises
from university.gateway.openapi.merging import merge
from university.gateway.routes import MODULES
from university.platform.messaging.document import document as asyncapi
from university.platform.security import SERVICE, Principal
from university.platform.settings import Settings

FOLDER = Path(__file__).parents[2] / "docs" / "contracts"
DECLARED = "breaking.toml"
EVENTS = "asyncapi"
VERSION = importlib.metadata.version("university")


@dataclass(frozen=True, slots=True)
class Declared:
    """A break that somebody decided on: in which contract, where, why, and the version that brings it."""

    contract: str
    location: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts as the code makes them, those agreed on in a folder, and the breaks declared there."""

    present: Mapping[str, Any]
    folder: Path
    version: str

    def agreed(self, name: str) -> Any:
        """Return a contract as it was last agreed on, None for a new one."""
        file = self.folder / f"{name}.json"
        return msgspec.json.decode(file.read_bytes()) if file.exists() else None

    def changed(self) -> list[str]:
        """Return the contracts that are not as agreed on."""
        return [name for name, present in self.present.items() if self.agreed(name) != present]

    def breaks(self) -> dict[str, list[Break]]:
        """Return what breaks and is not declared for this version, by contract."""
        allowed = {(one.contract, one.location) for one in self.declared() if one.since == self.version}
        found: dict[str, list[Break]] = {}
        for name, present in self.present.items():
            agreed = self.agreed(name)
            broken = [] if agreed is None else _comparison(name)(agreed, present)
            if undeclared := [one for one in broken if (name, one.location) not in allowed]:
                found[name] = undeclared
        return found

    def declared(self) -> list[Declared]:
        """Return all breaks ever declared; raise ValueError for one that does not tell everything."""
        with (self.folder / DECLARED).open("rb") as file:
            entries = tomllib.load(file).get("breaking", [])
        names = [field.name for field in fields(Declared)]
        for entry in entries:
            if sorted(entry) != sorted(names) or not all(str(value).strip() for value in entry.values()):
                raise ValueError(f"a declared break tells {', '.join(names)}: {entry}")
            if entry["contract"] not in self.present:
                raise ValueError(f"there is no contract {entry['contract']}")
        return [Declared(**entry) for entry in entries]

    def write(self) -> list[str]:
        """Agree on the present contracts; return those that were changed."""
        changed = self.changed()
        for name in changed:
            (self.folder / f"{name}.json").write_bytes(written(self.present[name]))
        return changed


def contracts(folder: Path = FOLDER) -> Contracts:
    """Return the contracts of this code."""
    documents = told()
    promised = {name: one if name == EVENTS else promises(one) for name, one in documents.items()}
    return Contracts(msgspec.json.decode(written(promised)), folder, VERSION)


def told() -> dict[str, Any]:
    """Return the public document, each module's internal one and that of the events, as the code makes them."""
    with tempfile.TemporaryDirectory() as nowhere:
        university = all_in_one.put_together(Settings(data_dir=Path(nowhere), database_url={}, replica_url={}))
        # Not as the gateway asks for them: it has little patience, and a contract does not depend on how busy it is.
        public = merge((university.modules[name].document() for name in MODULES), VERSION)
        internal = {f"internal-{name}": _internal(university, name) for name in university.modules}
        university.stop()
    return {"public": public, **internal, EVENTS: events()}


def events() -> dict[str, Any]:
    """Return the document of the events, as the code makes it."""
    return asyncapi({wiring.name: wiring.announces for wiring in all_in_one.WIRINGS}, VERSION)


def _internal(university: all_in_one.University, module: str) -> Any:
    """Return a module's internal document as its neighbors get it."""
    token = university.keyring.sign("enrollment", module, Principal("enrollment", frozenset({SERVICE})))
    headers = {"Authorization": f"Bearer {token}"}
    answer = university.neighborhood.send(module, "GET", "/internal/openapi.json", headers)
    return msgspec.json.decode(answer.body)


def written(document: Any) -> bytes:
    """Return a document as its file has it: the same for the same promises."""
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n"


def _comparison(name: str) -> Callable[[Any, Any], list[Break]]:
    return broken_events if name == EVENTS else broken_operations


def agree(present: Contracts) -> int:
    """Write what only adds and return 0; tell what breaks, write nothing and return 1."""
    if breaks := present.breaks():
        for name, broken in breaks.items():
            for one in broken:
                sys.stderr.write(f"{name}: {one.location}: {one.what}\n")
        sys.stderr.write(f"These break clients. Find another way, or declare each in docs/contracts/{DECLARED}.\n")
        return 1
    for name in present.write():
        sys.stdout.write(f"{name} is agreed on anew\n")
    return 0


if __name__ == "__main__":
    sys.exit(agree(contracts()))
